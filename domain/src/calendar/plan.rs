//! A calendar in a time zone, in instants: which shift is on, and how time is cut for the figures of an hour.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{Calendar, LocalTime, ShiftPattern, Weekday};
use crate::history::{ShiftKey, SliceKey};
use crate::ids::LineCode;
use crate::shift::{PlannedInterval, Shift};
use crate::tenant::TimeZoneName;
use crate::{DurationMs, Timestamp};

const HOUR_MS: i64 = 3_600_000;
const DAY: DurationMs = DurationMs::from_secs(86_400);

/// What is planned at a site: its calendar on its local clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The clock.
    pub time_zone: TimeZoneName,
    /// The calendar.
    pub calendar: Arc<Calendar>,
}

/// A part of time that figures are kept for: a local hour, cut at the bounds of shifts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The whole slice.
    pub key: SliceKey,
    /// The part that was asked for.
    pub from: Timestamp,
    /// Its end (exclusive).
    pub to: Timestamp,
    /// How much of that part is planned for work: within a shift and outside planned stops.
    pub planned_ms: DurationMs,
}

impl Default for Plan {
    /// What holds until anything else is known: the default calendar in UTC.
    fn default() -> Self {
        Self { time_zone: TimeZoneName::utc(), calendar: Arc::default() }
    }
}

impl Plan {
    /// The shift that is on at an instant, or the time off around it. Time off ends at midnight at the latest,
    /// so that a changed calendar is noticed.
    pub fn shift_at(&self, line: &LineCode, at: Timestamp) -> Shift {
        let zone = self.time_zone.zone();
        let around = self.resolve(&zone, Some(line), at - DAY, at + DAY);
        if let Some(shift) = around.iter().find(|shift| shift.contains(at)) {
            return shift.clone();
        }
        let today = date_of(&zone, at);
        let midnight = midnight_of(&zone, today).unwrap_or(at);
        let tomorrow = today.tomorrow().ok().and_then(|day| midnight_of(&zone, day)).unwrap_or(at + DAY);
        let before = around.iter().map(|shift| shift.to).filter(|to| *to <= at).max();
        let after = around.iter().map(|shift| shift.from).filter(|from| *from > at).min();
        let from = before.map_or(midnight, |before| before.max(midnight));
        Shift::off(from, after.map_or(tomorrow, |after| after.min(tomorrow)))
    }

    /// The shifts of a line that overlap a span, in order.
    pub fn shifts(&self, line: &LineCode, from: Timestamp, to: Timestamp) -> Vec<Shift> {
        self.overlapping(Some(line), from, to)
    }

    /// The shifts of the site that overlap a span, in order, without the planned stops of single lines.
    pub fn site_shifts(&self, from: Timestamp, to: Timestamp) -> Vec<Shift> {
        self.overlapping(None, from, to)
    }

    fn overlapping(&self, line: Option<&LineCode>, from: Timestamp, to: Timestamp) -> Vec<Shift> {
        let mut shifts = self.resolve(&self.time_zone.zone(), line, from, to);
        shifts.retain(|shift| shift.from < to && from < shift.to);
        shifts
    }

    /// A span cut at local hours and at the bounds of shifts.
    pub fn slices(&self, line: &LineCode, from: Timestamp, to: Timestamp) -> Vec<Slice> {
        let zone = self.time_zone.zone();
        let shifts = self.resolve(&zone, Some(line), from, to);
        let mut slices = Vec::new();
        let mut at = from;
        while at < to {
            let next = shifts.partition_point(|shift| shift.from <= at);
            let on = next.checked_sub(1).map(|index| &shifts[index]).filter(|shift| shift.contains(at));
            let ended = shifts[..next].last().filter(|_| on.is_none()).map(|shift| shift.to);
            let begins = on.map(|shift| shift.from).or(ended);
            let ends = on.map(|shift| shift.to).or_else(|| shifts.get(next).map(|shift| shift.from));
            let (hour, hour_end) = hour_around(&zone, at);
            let key = SliceKey {
                from: begins.map_or(hour, |begins| begins.max(hour)),
                to: ends.map_or(hour_end, |ends| ends.min(hour_end)),
                day: date_of(&zone, at),
                shift: on.map(|shift| ShiftKey { name: shift.name.clone(), from: shift.from }),
            };
            let end = key.to.min(to);
            let planned_ms = on.map_or(DurationMs(0), |shift| shift.planned_between(at, end));
            slices.push(Slice { key, from: at, to: end, planned_ms });
            at = end;
        }
        slices
    }

    /// The bounds of the slices of a shift or of time off, its own two included.
    pub fn hours_of(&self, shift: &Shift) -> Vec<Timestamp> {
        let zone = self.time_zone.zone();
        let mut bounds = vec![shift.from];
        let mut at = shift.from;
        while at < shift.to {
            at = hour_around(&zone, at).1.min(shift.to);
            bounds.push(at);
        }
        bounds
    }

    /// The local date of an instant.
    pub fn date_of(&self, at: Timestamp) -> Date {
        date_of(&self.time_zone.zone(), at)
    }

    /// The bounds of local days that lie in a span, its own two included.
    pub fn days(&self, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
        let zone = self.time_zone.zone();
        let mut bounds = vec![from];
        let mut day = date_of(&zone, from);
        while let Some(next) = day.tomorrow().ok().and_then(|next| Some((next, midnight_of(&zone, next)?))) {
            if next.1 >= to {
                break;
            }
            bounds.push(next.1);
            day = next.0;
        }
        bounds.push(to);
        bounds
    }

    /// The shifts of the local days around a span. Where one runs into the next, because a day is different, it
    /// ends there.
    fn resolve(
        &self,
        zone: &TimeZone,
        line: Option<&LineCode>,
        from: Timestamp,
        to: Timestamp,
    ) -> Vec<Shift> {
        let first = date_of(zone, from);
        let mut day = first.yesterday().unwrap_or(first);
        let last = date_of(zone, to);
        let mut shifts = Vec::new();
        while day <= last {
            shifts.extend(self.patterns(day).filter_map(|pattern| resolve(zone, day, pattern)));
            match day.tomorrow() {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        shifts.sort_by_key(|shift: &Shift| shift.from);
        for index in 1..shifts.len() {
            let next = shifts[index].from;
            shifts[index - 1].end_at(next);
        }
        shifts.retain(|shift| shift.from < shift.to);
        let dated = self.calendar.planned_stops.iter();
        for stop in dated.filter(|stop| stop.line.is_none() || stop.line.as_ref() == line) {
            for shift in shifts.iter_mut().filter(|shift| stop.from < shift.to && shift.from < stop.to) {
                shift.add_planned_stop(&stop.name, stop.from, stop.to);
            }
        }
        shifts
    }

    fn patterns(&self, day: Date) -> impl Iterator<Item = &ShiftPattern> {
        let exception = self.calendar.exceptions.iter().find(|exception| exception.date == day);
        let weekday = Weekday::from(day.weekday());
        let (of_date, weekly) = match exception {
            Some(exception) => (&exception.shifts[..], &[][..]),
            None => (&[][..], &self.calendar.shifts[..]),
        };
        of_date.iter().chain(weekly.iter().filter(move |shift| shift.days.contains(&weekday)))
    }
}

fn resolve(zone: &TimeZone, day: Date, pattern: &ShiftPattern) -> Option<Shift> {
    let at = |minute: u16| instant(zone, day, minute);
    let mut shift = Shift {
        name: pattern.name.clone(),
        from: at(pattern.from.minute())?,
        to: at(pattern.end_minute())?,
        planned_stops: Vec::new(),
        off: false,
    };
    for stop in &pattern.planned_stops {
        let from = at(pattern.minute_after_start(stop.from, false))?;
        let to = at(pattern.minute_after_start(stop.to, true))?;
        shift.add_planned_stop(&stop.name, from, to);
    }
    Some(shift)
}

/// A minute of a local day on the local clock; beyond the day it is the next one's. None at the end of the calendar.
fn instant(zone: &TimeZone, day: Date, minute: u16) -> Option<Timestamp> {
    let day = if minute < LocalTime::DAY_MINUTES { day } else { day.tomorrow().ok()? };
    let minute = minute % LocalTime::DAY_MINUTES;
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    let local = day.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()?;
    Some(Timestamp::from_millis(local.timestamp().as_millisecond()))
}

fn midnight_of(zone: &TimeZone, day: Date) -> Option<Timestamp> {
    instant(zone, day, 0)
}

fn date_of(zone: &TimeZone, at: Timestamp) -> Date {
    zone.to_datetime(at.to_jiff()).date()
}

/// The local hour that an instant lies in. One that a change of the clock by half an hour falls into is cut there.
fn hour_around(zone: &TimeZone, at: Timestamp) -> (Timestamp, Timestamp) {
    let offset_ms = |at: Timestamp| i64::from(zone.to_offset(at.to_jiff()).seconds()) * 1000;
    let offset = offset_ms(at);
    let start = Timestamp::from_millis((at.as_millis() + offset).div_euclid(HOUR_MS) * HOUR_MS - offset);
    let end = start + DurationMs(HOUR_MS);
    let same_grid = |other: Timestamp| (offset_ms(other) - offset) % HOUR_MS == 0;
    let from_jiff = |at: jiff::Timestamp| Timestamp::from_millis(at.as_millisecond());
    // A change at this very instant counts as before it.
    let just_after = (at + DurationMs(1)).to_jiff();
    let changed_before = || zone.preceding(just_after).next().map(|change| from_jiff(change.timestamp()));
    let changes_after = || zone.following(at.to_jiff()).next().map(|change| from_jiff(change.timestamp()));
    let start = if same_grid(start) { start } else { changed_before().map_or(start, |at| at.max(start)) };
    let last = end - DurationMs(1);
    let end = if same_grid(last) { end } else { changes_after().map_or(end, |at| at.min(end)) };
    (start, end)
}

/// The union of intervals within a span, in milliseconds; the intervals are in order of their start.
pub(crate) fn covered_ms(intervals: &[PlannedInterval], from: Timestamp, to: Timestamp) -> DurationMs {
    let (mut covered, mut reached) = (0, from);
    for interval in intervals {
        let (begin, end) = (interval.from.max(reached), interval.to.min(to));
        if begin < end {
            covered += (end - begin).0;
            reached = end;
        }
    }
    DurationMs(covered)
}
