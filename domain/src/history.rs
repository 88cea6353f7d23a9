//! The history of a line: which state each machine was in since when, and what each slice of an hour adds up to.

use std::ops::{Add, Neg};

use crate::ids::{MachineCode, ReasonCode, Seq};
use crate::vocabulary::MachineState;
use crate::{DurationMs, Quantity, Timestamp};

/// From an instant on a machine was in a state, until the next change of the same machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// The machine.
    pub machine: MachineCode,
    /// From here on.
    pub from: Timestamp,
    /// What it did.
    pub state: MachineState,
    /// Why, as far as anybody said.
    pub reason: Option<ReasonCode>,
    /// The event of the line's stream that says so.
    pub seq: Seq,
}

/// What a machine did for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateInterval {
    /// From here.
    pub from: Timestamp,
    /// To here (exclusive); absent while it lasts.
    pub to: Option<Timestamp>,
    /// What it did.
    pub state: MachineState,
    /// Why, as far as anybody said.
    pub reason: Option<ReasonCode>,
}

/// The intervals of one machine within a span, from its changes in order of time, the first of which may lie before
/// it. `lasts`: the state after the last one has not ended, and the span has neither. What is only said again is one.
pub fn intervals<'a>(
    changes: impl Iterator<Item = &'a StateChange>,
    lasts: bool,
    from: Timestamp,
    to: Timestamp,
) -> Vec<StateInterval> {
    let mut intervals: Vec<StateInterval> = Vec::new();
    for change in changes {
        let begin = change.from.max(from);
        match intervals.last_mut() {
            Some(last) if last.state == change.state && last.reason == change.reason => continue,
            Some(last) => last.to = Some(begin),
            None => {}
        }
        let (state, reason) = (change.state, change.reason.clone());
        intervals.push(StateInterval { from: begin, to: (!lasts).then_some(to), state, reason });
    }
    intervals
}

/// A piece of time that lies in one local hour and in one shift, or in none.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SliceKey {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends (exclusive).
    pub to: Timestamp,
    /// The local calendar day it lies in.
    pub day: jiff::civil::Date,
    /// The shift it lies in.
    pub shift: Option<ShiftKey>,
}

/// Which shift: its name and when it began.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShiftKey {
    /// Its name in the calendar.
    pub name: String,
    /// When it began.
    pub from: Timestamp,
}

/// What is to be added to a machine's figures of a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourDelta {
    /// The machine.
    pub machine: MachineCode,
    /// The slice.
    pub slice: SliceKey,
    /// What is added, with its sign: a late fact takes from one figure and gives to another.
    pub figures: HourFigures,
}

/// Sums over a slice; only states that have ended are in them, and states outside planned time are not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HourFigures {
    /// Planned time in which it ran.
    pub running_ms: DurationMs,
    /// Planned time in which it could have run and did not.
    pub idle_ms: DurationMs,
    /// Planned time in which it was being prepared.
    pub setup_ms: DurationMs,
    /// Planned time in which it was broken.
    pub down_ms: DurationMs,
    /// Planned time in which it was being maintained.
    pub maintenance_ms: DurationMs,
    /// Time outside planned time in which it ran.
    pub overtime_ms: DurationMs,
    /// Good parts of the line.
    pub good: Quantity,
    /// Scrap.
    pub scrap: Quantity,
    /// What the parts should have taken: the planned run time per item times the items.
    pub planned_run_ms: DurationMs,
}

/// The largest magnitude of a sum of time, so that no sum of two ever overflows; the same as that of a quantity.
const MAX_MS: i64 = 1_000_000_000_000_000;

impl HourFigures {
    /// Both together, held at the ends of the range.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let sum = |a: DurationMs, b: DurationMs| DurationMs((a + b).0.clamp(-MAX_MS, MAX_MS));
        Self {
            running_ms: sum(self.running_ms, other.running_ms),
            idle_ms: sum(self.idle_ms, other.idle_ms),
            setup_ms: sum(self.setup_ms, other.setup_ms),
            down_ms: sum(self.down_ms, other.down_ms),
            maintenance_ms: sum(self.maintenance_ms, other.maintenance_ms),
            overtime_ms: sum(self.overtime_ms, other.overtime_ms),
            good: self.good.saturating_add(other.good),
            scrap: self.scrap.saturating_add(other.scrap),
            planned_run_ms: sum(self.planned_run_ms, other.planned_run_ms),
        }
    }

    /// The same figures, to be taken away.
    #[must_use]
    pub fn negated(self) -> Self {
        let minus = |span: DurationMs| DurationMs(span.0.saturating_neg());
        Self {
            running_ms: minus(self.running_ms),
            idle_ms: minus(self.idle_ms),
            setup_ms: minus(self.setup_ms),
            down_ms: minus(self.down_ms),
            maintenance_ms: minus(self.maintenance_ms),
            overtime_ms: minus(self.overtime_ms),
            good: self.good.negated(),
            scrap: self.scrap.negated(),
            planned_run_ms: minus(self.planned_run_ms),
        }
    }

    /// Whether adding them changes nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Add for HourFigures {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.plus(other)
    }
}

impl Neg for HourFigures {
    type Output = Self;
    fn neg(self) -> Self {
        self.negated()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_and_taken_away_leaves_nothing() {
        let figures = HourFigures {
            running_ms: DurationMs(1),
            idle_ms: DurationMs(2),
            setup_ms: DurationMs(3),
            down_ms: DurationMs(4),
            maintenance_ms: DurationMs(5),
            overtime_ms: DurationMs(6),
            good: Quantity::from_units(7),
            scrap: Quantity::from_units(8),
            planned_run_ms: DurationMs(9),
        };
        assert!((figures + -figures).is_nothing());
        assert_eq!(figures.plus(HourFigures::default()), figures);
        assert_eq!(figures.plus(figures).scrap, Quantity::from_units(16));
    }

    #[test]
    fn intervals_lie_in_their_span_and_are_as_few_as_can_be() {
        let at = Timestamp::from_millis;
        let change = |from, state| StateChange {
            machine: "m".parse().unwrap(),
            from: at(from),
            state,
            reason: None,
            seq: Seq(1),
        };
        use MachineState::{Down, Running};
        let changes = [change(5, Running), change(20, Running), change(30, Down), change(40, Running)];
        let shown = |lasts| {
            let found = intervals(changes.iter(), lasts, at(10), at(50));
            found
                .iter()
                .map(|i| (i.from.as_millis(), i.to.map(Timestamp::as_millis), i.state))
                .collect::<Vec<_>>()
        };
        let begun = [(10, Some(30), Running), (30, Some(40), Down)];
        assert_eq!(shown(true), [&begun[..], &[(40, None, Running)]].concat());
        assert_eq!(shown(false), [&begun[..], &[(40, Some(50), Running)]].concat());
    }

    #[test]
    fn sums_end_at_the_range() {
        let most = HourFigures { planned_run_ms: DurationMs(i64::MAX), ..HourFigures::default() };
        assert_eq!(most.plus(most).planned_run_ms, DurationMs(MAX_MS));
        assert_eq!(most.negated().plus(most.negated()).planned_run_ms, DurationMs(-MAX_MS));
    }
}
