//! Figures of hours, shifts and days: the slices that are stored, the state that still lasts, and what was planned.

use crate::calendar::{Plan, Slice};
use crate::history::{HourDelta, HourFigures, StateChange};
use crate::ids::{LineCode, MachineCode};
use crate::vocabulary::KpiBucket;
use crate::{DurationMs, Quantity, Timestamp};

use super::{Aim, Kpi, ratio};

const HOUR_MS: i64 = 3_600_000;

/// Of which line, and whose times count.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// What is planned at its site.
    pub plan: &'a Plan,
    /// The line.
    pub line: &'a LineCode,
    /// The machine whose times are the line's; without one, the sums over its machines are.
    pub output: Option<&'a MachineCode>,
    /// How many machines it has.
    pub machines: usize,
    /// What is aimed at now.
    pub aim: Aim,
}

/// A piece of time with everything that its figures are made of, up to now.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends (exclusive), which may be later than now.
    pub to: Timestamp,
    /// The shift that all of it lies in.
    pub shift: Option<String>,
    /// What the indicators are made of.
    pub inputs: Inputs,
}

/// What the indicators are made of, with a calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Inputs {
    /// Time within a shift and outside planned stops.
    pub planned_ms: DurationMs,
    /// Time within a shift and in a planned stop.
    pub planned_stop_ms: DurationMs,
    /// Planned time in which no state was known.
    pub unknown_ms: DurationMs,
    /// The sums; `running_ms` is within planned time.
    pub sums: HourFigures,
    /// What is aimed at now.
    pub aim: Aim,
}

impl Inputs {
    /// Actual production time (APT): running, planned or not.
    pub fn running_ms(&self) -> DurationMs {
        self.sums.running_ms + self.sums.overtime_ms
    }

    /// Planned busy time (PBT): planned time in which the state was known, and overtime.
    pub fn planned_busy_ms(&self) -> DurationMs {
        DurationMs(self.planned_ms.0 - self.unknown_ms.0) + self.sums.overtime_ms
    }

    /// Produced quantity (PQ).
    pub fn produced(&self) -> Quantity {
        self.sums.good.saturating_add(self.sums.scrap)
    }

    /// Planned run time per item, in seconds: what the produced items were given, else what is configured.
    pub fn planned_run_per_item_s(&self) -> Option<f64> {
        let of_items = self.sums.planned_run_ms.as_secs_f64() / self.produced().as_f64();
        Some(of_items).filter(|seconds| seconds.is_finite() && *seconds > 0.0).or(self.aim.ideal_cycle_s)
    }

    /// What should have been made in the planned busy time, in whole items.
    pub fn target(&self) -> Option<Quantity> {
        let aim = Aim { ideal_cycle_s: self.planned_run_per_item_s(), ..self.aim };
        aim.items(self.planned_busy_ms())
    }

    /// The indicators. Items whose planned run time is not known leave effectiveness unknown.
    pub fn kpi(&self) -> Kpi {
        let running_s = self.running_ms().as_secs_f64();
        let has_time = self.sums.planned_run_ms.0 > 0;
        let made_nothing = self.produced().is_zero() && self.aim.ideal_cycle_s.is_some();
        let availability = ratio(running_s, self.planned_busy_ms().as_secs_f64());
        let effectiveness = (has_time || made_nothing)
            .then(|| ratio(self.sums.planned_run_ms.as_secs_f64(), running_s))
            .flatten();
        let quality = ratio(self.sums.good.as_f64(), self.produced().as_f64());
        let oee = match (availability, effectiveness, quality) {
            (Some(a), Some(e), Some(q)) => Some(a * e * q),
            _ => None,
        };
        Kpi { availability, effectiveness, quality, oee }
    }

    /// Those of two pieces of the same line.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            planned_ms: self.planned_ms + other.planned_ms,
            planned_stop_ms: self.planned_stop_ms + other.planned_stop_ms,
            unknown_ms: self.unknown_ms + other.unknown_ms,
            sums: self.sums.plus(other.sums),
            aim: other.aim,
        }
    }

    fn known_ms(&self) -> DurationMs {
        let sums = &self.sums;
        sums.running_ms + sums.idle_ms + sums.setup_ms + sums.down_ms + sums.maintenance_ms
    }
}

/// A span cut into whole pieces of one length, before anything is added up.
#[derive(Debug)]
pub struct Pieces<'a> {
    subject: Subject<'a>,
    now: Timestamp,
    /// Whole slices in order, each with the index of its piece.
    slices: Vec<(usize, Slice)>,
    pieces: Vec<Piece>,
    /// Pieces that are told only if something happened in them: time between shifts.
    only_if_any: bool,
}

impl<'a> Pieces<'a> {
    /// The pieces that overlap a span and have begun by now; the first and the last are whole.
    pub fn of(
        subject: Subject<'a>,
        bucket: KpiBucket,
        from: Timestamp,
        to: Timestamp,
        now: Timestamp,
    ) -> Self {
        let only_if_any = bucket == KpiBucket::Shift;
        let mut pieces = Self { subject, now, slices: Vec::new(), pieces: Vec::new(), only_if_any };
        let to = to.min(now);
        if from >= to {
            return pieces;
        }
        let (begin, end) = (begin_of(&subject, bucket, from), end_of(&subject, bucket, to));
        let mut last_id = None;
        for slice in subject.plan.slices(subject.line, begin, end) {
            let id = piece_id(subject.plan, bucket, &slice);
            let shift = slice.key.shift.as_ref().map(|shift| shift.name.clone());
            match pieces.pieces.last_mut() {
                Some(piece) if last_id.as_ref() == Some(&id) => {
                    piece.to = slice.key.to;
                    piece.shift = piece.shift.take().filter(|name| shift.as_ref() == Some(name));
                }
                _ => pieces.pieces.push(Piece {
                    from: slice.key.from,
                    to: slice.key.to,
                    shift,
                    inputs: Inputs { aim: subject.aim, ..Inputs::default() },
                }),
            }
            last_id = Some(id);
            pieces.slices.push((pieces.pieces.len() - 1, slice));
        }
        pieces
    }

    /// How many there are at most.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// From the start of the first to the end of the last: what has to be read.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        Some((self.pieces.first()?.from, self.pieces.last()?.to))
    }

    /// Adds everything up: the stored slices of the line, and the newest change of each of its machines, whose
    /// state still lasts.
    pub fn sum(mut self, hours: &[HourDelta], newest: &[StateChange]) -> Vec<Piece> {
        let times = self.subject.machines.max(1);
        let times = if self.subject.output.is_some() { 1 } else { i64::try_from(times).unwrap_or(1) };
        let (subject, now) = (self.subject, self.now);
        self.each_part(Timestamp::from_millis(i64::MIN), now, |inputs, in_shift, planned, length| {
            inputs.planned_ms.0 += planned * times;
            if in_shift {
                inputs.planned_stop_ms.0 += (length - planned) * times;
            }
        });
        for change in newest.iter().filter(|change| counts(&subject, &change.machine)) {
            self.each_part(change.from, now, |inputs, _, planned, length| {
                inputs.sums = inputs.sums.plus(HourFigures::of_state(
                    change.state,
                    DurationMs(planned),
                    DurationMs(length),
                ));
            });
        }
        for hour in hours {
            let index = self.pieces.partition_point(|piece| piece.from <= hour.slice.from);
            let Some(piece) = index.checked_sub(1).map(|index| &mut self.pieces[index]) else { continue };
            if hour.slice.from < piece.to {
                let figures = of_line(&subject, hour);
                piece.inputs.sums = piece.inputs.sums.plus(figures);
            }
        }
        for piece in &mut self.pieces {
            let inputs = &mut piece.inputs;
            inputs.unknown_ms = DurationMs((inputs.planned_ms.0 - inputs.known_ms().0).max(0));
        }
        if self.only_if_any {
            self.pieces.retain(|piece| piece.shift.is_some() || !piece.inputs.sums.is_nothing());
        }
        self.pieces
    }

    /// Visits the parts of slices within a span: whether a shift is on, the planned and the whole time in it.
    fn each_part(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        mut visit: impl FnMut(&mut Inputs, bool, i64, i64),
    ) {
        let first = self.slices.partition_point(|(_, slice)| slice.to <= from);
        for (index, slice) in self.slices[first..].iter().take_while(|(_, slice)| slice.from < to) {
            let (begin, end) = (slice.from.max(from), slice.to.min(to));
            if begin >= end {
                continue;
            }
            let planned = if begin == slice.from && end == slice.to {
                slice.planned_ms.0
            } else {
                let parts = self.subject.plan.slices(self.subject.line, begin, end);
                parts.iter().map(|part| part.planned_ms.0).sum()
            };
            visit(&mut self.pieces[*index].inputs, slice.key.shift.is_some(), planned, (end - begin).0);
        }
    }
}

/// Whether a machine's times are the line's.
fn counts(subject: &Subject<'_>, machine: &MachineCode) -> bool {
    subject.output.is_none_or(|output| output == machine)
}

/// What a slice of a machine adds to its line: parts and their planned time, and times if they count.
fn of_line(subject: &Subject<'_>, hour: &HourDelta) -> HourFigures {
    if counts(subject, &hour.machine) {
        return hour.figures;
    }
    let HourFigures { good, scrap, planned_run_ms, .. } = hour.figures;
    HourFigures { good, scrap, planned_run_ms, ..HourFigures::default() }
}

/// What slices of one piece have in common: the start of the hour, of the shift or of the day.
fn piece_id(plan: &Plan, bucket: KpiBucket, slice: &Slice) -> Option<i64> {
    match bucket {
        KpiBucket::Hour => Some(hour_start(plan, slice.key.from).as_millis()),
        KpiBucket::Shift => slice.key.shift.as_ref().map(|shift| shift.from.as_millis()),
        KpiBucket::Day => Some(day_start(plan, slice.key.day).as_millis()),
    }
}

fn hour_start(plan: &Plan, at: Timestamp) -> Timestamp {
    let offset = i64::from(plan.time_zone.zone().to_offset(at.to_jiff()).seconds()) * 1000;
    Timestamp::from_millis((at.as_millis() + offset).div_euclid(HOUR_MS) * HOUR_MS - offset)
}

/// The first instant of a local day, which is midnight on most of them.
fn day_start(plan: &Plan, day: jiff::civil::Date) -> Timestamp {
    let zoned = day.to_zoned(plan.time_zone.zone());
    let ms = zoned.map_or(0, |zoned| zoned.timestamp().as_millisecond());
    Timestamp::from_millis(ms)
}

fn begin_of(subject: &Subject<'_>, bucket: KpiBucket, from: Timestamp) -> Timestamp {
    let plan = subject.plan;
    match bucket {
        KpiBucket::Hour => hour_start(plan, from),
        KpiBucket::Shift => {
            let shifts = plan.shifts(subject.line, from, from + DurationMs(1));
            shifts.first().map_or_else(|| slice_at(subject, from).key.from, |shift| shift.from)
        }
        KpiBucket::Day => day_start(plan, plan.date_of(from)),
    }
}

fn end_of(subject: &Subject<'_>, bucket: KpiBucket, to: Timestamp) -> Timestamp {
    let plan = subject.plan;
    let last = to - DurationMs(1);
    match bucket {
        KpiBucket::Hour => hour_start(plan, last) + DurationMs(HOUR_MS),
        KpiBucket::Shift => {
            let shifts = plan.shifts(subject.line, last, to);
            shifts.last().map_or_else(|| slice_at(subject, last).key.to, |shift| shift.to)
        }
        KpiBucket::Day => plan.date_of(last).tomorrow().map_or(to, |day| day_start(plan, day)),
    }
}

/// The whole slice around an instant.
fn slice_at(subject: &Subject<'_>, at: Timestamp) -> Slice {
    let mut slices = subject.plan.slices(subject.line, at, at + DurationMs(1));
    slices.remove(0)
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
