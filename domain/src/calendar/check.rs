//! The rules that a calendar keeps; a refusal names the place in it and the rule.

use std::collections::BTreeSet;

use super::{Calendar, LocalTime, ShiftPattern, Weekday};
use crate::{DurationMs, Rejection, ids};

const MAX_SHIFTS: usize = 50;
const MAX_DAILY_STOPS: usize = 12;
const MAX_EXCEPTIONS: usize = 400;
const MAX_PLANNED_STOPS: usize = 400;
const MAX_NAME_CHARS: usize = 64;
/// The longest planned stop of a date: 31 days.
const MAX_STOP: DurationMs = DurationMs::from_secs(31 * 86_400);
const WEEK_MINUTES: u32 = 7 * LocalTime::DAY_MINUTES as u32;

impl Calendar {
    /// Whether it keeps every rule.
    pub fn check(&self) -> Result<(), Rejection> {
        at_most("shifts", self.shifts.len(), MAX_SHIFTS)?;
        at_most("exceptions", self.exceptions.len(), MAX_EXCEPTIONS)?;
        at_most("planned_stops", self.planned_stops.len(), MAX_PLANNED_STOPS)?;
        for shift in &self.shifts {
            check_shift("shifts", shift)?;
            let days: BTreeSet<_> = shift.days.iter().collect();
            if days.is_empty() || days.len() < shift.days.len() {
                return Err(invalid(
                    "shifts",
                    &format!("shift {} must name its days, each once", shift.name),
                ));
            }
        }
        self.check_week()?;
        self.check_exceptions()?;
        for stop in &self.planned_stops {
            ids::name("planned_stops", &stop.name, MAX_NAME_CHARS)?;
            if stop.to <= stop.from || stop.to - stop.from > MAX_STOP {
                let rule = format!("{} must end after it begins, within 31 days", stop.name);
                return Err(invalid("planned_stops", &rule));
            }
        }
        Ok(())
    }

    /// No two shifts of the week at once, over midnight and from Sunday to Monday too.
    fn check_week(&self) -> Result<(), Rejection> {
        let mut spans: Vec<(u32, u32, &str)> = Vec::new();
        for shift in &self.shifts {
            for day in &shift.days {
                let index = Weekday::ALL.iter().position(|other| other == day).unwrap_or_default();
                let midnight = u32::try_from(index).unwrap_or_default() * u32::from(LocalTime::DAY_MINUTES);
                let from = midnight + u32::from(shift.from.minute());
                spans.push((from, midnight + u32::from(shift.end_minute()), &shift.name));
            }
        }
        spans.sort_unstable();
        let first = spans.first().map(|(from, to, name)| (from + WEEK_MINUTES, to + WEEK_MINUTES, *name));
        let after = spans.iter().skip(1).copied().chain(first);
        for ((_, to, name), (next_from, _, next_name)) in spans.iter().zip(after) {
            if *to > next_from {
                return Err(overlap("shifts", name, next_name));
            }
        }
        Ok(())
    }

    fn check_exceptions(&self) -> Result<(), Rejection> {
        let dates: BTreeSet<_> = self.exceptions.iter().map(|day| day.date).collect();
        if dates.len() < self.exceptions.len() {
            return Err(invalid("exceptions", "a date must occur once"));
        }
        for day in &self.exceptions {
            if let Some(name) = &day.name {
                ids::name("exceptions", name, MAX_NAME_CHARS)?;
            }
            at_most("exceptions", day.shifts.len(), MAX_SHIFTS)?;
            for shift in &day.shifts {
                check_shift("exceptions", shift)?;
                if !shift.days.is_empty() {
                    let rule = format!("shift {} of {} must not name days", shift.name, day.date);
                    return Err(invalid("exceptions", &rule));
                }
            }
            let mut spans: Vec<_> = day
                .shifts
                .iter()
                .map(|shift| (shift.from.minute(), shift.end_minute(), &shift.name))
                .collect();
            spans.sort_unstable();
            if let Some(pair) = spans.windows(2).find(|pair| pair[0].1 > pair[1].0) {
                return Err(overlap("exceptions", pair[0].2, pair[1].2));
            }
        }
        Ok(())
    }
}

fn check_shift(field: &'static str, shift: &ShiftPattern) -> Result<(), Rejection> {
    ids::name(field, &shift.name, MAX_NAME_CHARS)?;
    at_most(field, shift.planned_stops.len(), MAX_DAILY_STOPS)?;
    let mut before = shift.from.minute();
    for stop in &shift.planned_stops {
        ids::name(field, &stop.name, MAX_NAME_CHARS)?;
        let from = shift.minute_after_start(stop.from, false);
        let to = shift.minute_after_start(stop.to, true);
        if from < before || to <= from || to > shift.end_minute() {
            let (shift, stop) = (&shift.name, &stop.name);
            let rule =
                "must lie within the shift, end after it begins, and come after the planned stop before it";
            return Err(invalid(field, &format!("{stop} of shift {shift} {rule}")));
        }
        before = to;
    }
    Ok(())
}

fn at_most(field: &'static str, count: usize, limit: usize) -> Result<(), Rejection> {
    if count > limit {
        return Err(invalid(field, &format!("must be at most {limit}")));
    }
    Ok(())
}

fn overlap(field: &'static str, one: &str, other: &str) -> Rejection {
    invalid(field, &format!("{one} and {other} must not overlap"))
}

fn invalid(field: &'static str, rule: &str) -> Rejection {
    Rejection::invalid(field, rule)
}
