//! The states of one machine over the last days, and how long each lasted in a shift; late facts change the past.

use serde::{Deserialize, Serialize};

use crate::shift::Shift;
use crate::vocabulary::MachineState;
use crate::{DurationMs, Timestamp};

/// How long a machine was in each state, of the time planned for work; and how long it ran beside that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateTimes {
    /// Producing.
    pub running_ms: DurationMs,
    /// Able to produce and not producing.
    pub idle_ms: DurationMs,
    /// Being prepared.
    pub setup_ms: DurationMs,
    /// Broken.
    pub down_ms: DurationMs,
    /// Being maintained.
    pub maintenance_ms: DurationMs,
    /// Nobody knows.
    pub unknown_ms: DurationMs,
    /// Producing, outside the time planned for work.
    pub overtime_ms: DurationMs,
}

impl StateTimes {
    /// Adds `lasted` in a state, of which `planned` was planned for work.
    pub fn add(&mut self, state: MachineState, planned: DurationMs, lasted: DurationMs) {
        if state == MachineState::Running {
            self.overtime_ms = self.overtime_ms + lasted - planned;
        }
        let slot = match state {
            MachineState::Running => &mut self.running_ms,
            MachineState::Idle => &mut self.idle_ms,
            MachineState::Setup => &mut self.setup_ms,
            MachineState::Down => &mut self.down_ms,
            MachineState::Maintenance => &mut self.maintenance_ms,
            MachineState::Offline => &mut self.unknown_ms,
        };
        *slot = *slot + planned;
    }

    /// The sum of two.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            running_ms: self.running_ms + other.running_ms,
            idle_ms: self.idle_ms + other.idle_ms,
            setup_ms: self.setup_ms + other.setup_ms,
            down_ms: self.down_ms + other.down_ms,
            maintenance_ms: self.maintenance_ms + other.maintenance_ms,
            unknown_ms: self.unknown_ms + other.unknown_ms,
            overtime_ms: self.overtime_ms + other.overtime_ms,
        }
    }

    /// The planned time in which the state was known.
    pub fn known_ms(&self) -> DurationMs {
        self.running_ms + self.idle_ms + self.setup_ms + self.down_ms + self.maintenance_ms
    }
}

/// A machine is in `state` from `at` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Change {
    at: Timestamp,
    state: MachineState,
}

/// An interval that is over and whose state has become known, or has become known better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Its start.
    pub from: Timestamp,
    /// Its end (exclusive).
    pub to: Timestamp,
    /// What it was taken for before; nothing if it has only now ended.
    pub was: Option<MachineState>,
    /// What it is.
    pub is: MachineState,
}

/// The changes of state of the last days, in order of time, after the one that brought the machine into the state it
/// began them in. Bounded: of the oldest only what they add to the shift is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    changes: Vec<Change>,
    /// How long the states of the shift lasted before the first of `changes`.
    settled: StateTimes,
}

impl Timeline {
    const MAX_CHANGES: usize = 1024;
    /// How far back the past is open to correction from the start of a shift.
    const REACH: DurationMs = DurationMs::from_secs(8 * 86_400);

    /// The timeline of a machine that was never heard of.
    pub fn unheard_of() -> Self {
        let never = Change { at: Timestamp::from_millis(i64::MIN), state: MachineState::Offline };
        Self { changes: vec![never], settled: StateTimes::default() }
    }

    /// A new shift: what lies too far before it is forgotten.
    pub fn start_shift(&mut self, from: Timestamp) {
        if let Some(index) = self.index_at(from - Self::REACH) {
            self.changes.drain(..index);
        }
        self.settled = StateTimes::default();
    }

    /// Records that the machine was in `state` from `at` until the next change already known, and tells what that
    /// corrects. What lies before the part still open to correction is left as it is.
    pub fn record(&mut self, at: Timestamp, state: MachineState, shift: Option<&Shift>) -> Vec<Correction> {
        let Some(index) = self.index_at(at) else { return Vec::new() };
        let before = self.changes[index];
        if before.state == state {
            return Vec::new();
        }
        let next = self.changes.get(index + 1).copied();
        let correction = match next {
            Some(next) => Some(Correction { from: at, to: next.at, was: Some(before.state), is: state }),
            None if before.at == at => None,
            None => Some(Correction { from: before.at, to: at, was: None, is: before.state }),
        };
        if before.at == at {
            self.changes[index].state = state;
        } else {
            self.insert(index + 1, Change { at, state }, shift);
        }
        correction.into_iter().collect()
    }

    /// Records a state that was reported out of order: the newest report, known as such by the machine
    /// alone where it changed nothing, ends it. A report that changes nothing ends what is yet to come from before it.
    pub fn record_late(
        &mut self,
        at: Timestamp,
        state: MachineState,
        newest_at: Timestamp,
        shift: Option<&Shift>,
    ) -> Vec<Correction> {
        let mut corrections: Vec<_> = self.repeat(newest_at, shift).into_iter().collect();
        if self.state_at(at) == state {
            corrections.extend(self.repeat(at, shift));
        } else {
            corrections.extend(self.record(at, state, shift));
        }
        corrections
    }

    /// Notes that the state at an instant was said again: what lasted until then has ended.
    pub fn repeat(&mut self, at: Timestamp, shift: Option<&Shift>) -> Option<Correction> {
        let index = self.index_at(at)?;
        let before = self.changes[index];
        if before.at == at {
            return None;
        }
        let is_newest = index + 1 == self.changes.len();
        self.insert(index + 1, Change { at, state: before.state }, shift);
        is_newest.then_some(Correction { from: before.at, to: at, was: None, is: before.state })
    }

    /// The state at an instant; unknown before the first change.
    pub fn state_at(&self, at: Timestamp) -> MachineState {
        self.index_at(at).map_or(MachineState::Offline, |index| self.changes[index].state)
    }

    /// Whether the state at an instant is still known here.
    pub fn reaches(&self, at: Timestamp) -> bool {
        self.index_at(at).is_some()
    }

    /// Whether a change is known at exactly this instant.
    pub fn changes_at(&self, at: Timestamp) -> bool {
        self.index_at(at).is_some_and(|index| self.changes[index].at == at)
    }

    /// The first change after an instant, unless that lies before everything that is still known.
    pub fn next_change_after(&self, at: Timestamp) -> Option<Timestamp> {
        self.changes.get(self.index_at(at)? + 1).map(|change| change.at)
    }

    /// The change that brought the machine into its state at an instant.
    fn index_at(&self, at: Timestamp) -> Option<usize> {
        self.changes.partition_point(|change| change.at <= at).checked_sub(1)
    }

    fn insert(&mut self, index: usize, change: Change, shift: Option<&Shift>) {
        self.changes.insert(index, change);
        if self.changes.len() > Self::MAX_CHANGES {
            self.settle_oldest_half(shift);
        }
    }

    /// How long each state lasted from the start of a shift until `now`, as far as the shift goes.
    pub fn times(&self, shift: &Shift, now: Timestamp) -> StateTimes {
        let mut times = self.settled;
        let now = now.min(shift.to);
        let first = self.index_at(shift.from).unwrap_or(0);
        for (index, change) in self.changes.iter().enumerate().skip(first) {
            let from = change.at.max(shift.from);
            let to = self.changes.get(index + 1).map_or(now, |next| next.at.min(now));
            if from < to {
                times.add(change.state, shift.planned_between(from, to), to - from);
            }
        }
        times
    }

    fn settle_oldest_half(&mut self, shift: Option<&Shift>) {
        let keep_from = self.changes.len() / 2;
        let cut = self.changes[keep_from].at;
        let newer = self.changes.split_off(keep_from);
        if let Some(shift) = shift {
            self.settled = self.times(shift, cut);
        }
        self.changes = newer;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    /// A shift that is planned for work from beginning to end.
    fn shift(from: i64, to: i64) -> Shift {
        Shift { name: "early".to_owned(), from: at(from), to: at(to), planned_stops: Vec::new(), off: false }
    }

    #[test]
    fn a_late_state_changes_only_its_own_interval() {
        let mut timeline = Timeline::unheard_of();
        assert_eq!(timeline.record(at(0), MachineState::Running, None)[0].is, MachineState::Offline);
        let ended = Correction { from: at(0), to: at(1000), was: None, is: MachineState::Running };
        assert_eq!(timeline.record(at(1000), MachineState::Down, None), [ended]);
        let corrected = Correction {
            from: at(500),
            to: at(1000),
            was: Some(MachineState::Running),
            is: MachineState::Idle,
        };
        assert_eq!(timeline.record(at(500), MachineState::Idle, None), [corrected]);
        let times = timeline.times(&shift(0, 5000), at(2000));
        assert_eq!((times.running_ms.0, times.idle_ms.0, times.down_ms.0), (500, 500, 1000));
        assert_eq!(timeline.state_at(at(1500)), MachineState::Down);
    }

    #[test]
    fn a_late_state_ends_with_the_newest_report_that_changed_nothing() {
        let mut timeline = Timeline::unheard_of();
        timeline.record(at(0), MachineState::Down, None);
        assert_eq!(timeline.record(at(1000), MachineState::Down, None), []);
        timeline.record_late(at(400), MachineState::Running, at(1000), None);
        let times = timeline.times(&shift(0, 5000), at(3000));
        assert_eq!((times.running_ms.0, times.down_ms.0), (600, 2400));
    }

    #[test]
    fn a_shift_counts_from_its_start_and_what_lies_before_it_can_be_corrected() {
        let mut timeline = Timeline::unheard_of();
        timeline.record(at(500), MachineState::Running, None);
        timeline.record(at(1200), MachineState::Idle, None);
        timeline.start_shift(at(1000));
        timeline.record(at(700), MachineState::Down, None);
        timeline.record(at(300), MachineState::Setup, None);
        let times = timeline.times(&shift(1000, 5000), at(2000));
        assert_eq!((times.down_ms.0, times.idle_ms.0), (200, 800));
        assert_eq!((times.known_ms().0, times.unknown_ms.0), (1000, 0));
        assert_eq!(timeline.state_at(at(400)), MachineState::Setup);
        timeline.start_shift(at(1000) + Timeline::REACH);
        assert_eq!(timeline.state_at(at(1100)), MachineState::Down);
        assert!(!timeline.reaches(at(600)), "what lies too far back is forgotten");
    }

    #[test]
    fn time_outside_the_plan_counts_only_where_the_machine_ran() {
        let mut planned = shift(0, 10_000);
        planned.add_planned_stop("break", at(2000), at(3000));
        let mut timeline = Timeline::unheard_of();
        timeline.record(at(0), MachineState::Running, None);
        timeline.record(at(2500), MachineState::Idle, None);
        timeline.record(at(4000), MachineState::Running, None);
        let times = timeline.times(&planned, at(12_000));
        assert_eq!((times.running_ms.0, times.overtime_ms.0), (8000, 500));
        assert_eq!((times.idle_ms.0, times.unknown_ms.0), (1000, 0));
    }

    proptest! {
        #[test]
        fn the_newest_report_stands_in_any_order(
            reports in prop::collection::btree_map(-50_000_i64..100_000, 0_usize..6, 1..60)
                .prop_flat_map(|reports| Just(Vec::from_iter(reports)).prop_shuffle()),
        ) {
            let mut timeline = Timeline::unheard_of();
            let mut newest: Option<(i64, usize)> = None;
            for (ms, state) in &reports {
                match newest {
                    Some((newest, _)) if *ms < newest => {
                        timeline.record_late(at(*ms), MachineState::ALL[*state], at(newest), None);
                    }
                    _ => drop(timeline.record(at(*ms), MachineState::ALL[*state], None)),
                }
                newest = newest.max(Some((*ms, *state)));
            }
            let state = newest.map(|(_, state)| MachineState::ALL[state]);
            prop_assert_eq!(Some(timeline.state_at(at(100_000))), state);
            let times = timeline.times(&shift(0, 100_000), at(100_000));
            prop_assert_eq!(times.known_ms().0 + times.unknown_ms.0, 100_000);
        }

        #[test]
        fn every_millisecond_is_counted_once(reports in prop::collection::vec((0_i64..100_000, 0_usize..6), 0..3000)) {
            let mut timeline = Timeline::unheard_of();
            let shift = shift(0, 100_000);
            for (ms, state) in reports {
                timeline.record(at(ms), MachineState::ALL[state], Some(&shift));
            }
            let times = timeline.times(&shift, at(100_000));
            prop_assert_eq!(times.known_ms().0 + times.unknown_ms.0, 100_000);
            prop_assert!(timeline.changes.len() <= Timeline::MAX_CHANGES);
        }
    }
}
