//! The states of one machine over a shift, and how long each lasted; late facts change the past.

use serde::{Deserialize, Serialize};

use crate::vocabulary::MachineState;
use crate::{DurationMs, Timestamp};

/// How long a machine was in each state.
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
}

impl StateTimes {
    fn add(&mut self, state: MachineState, span: DurationMs) {
        let slot = match state {
            MachineState::Running => &mut self.running_ms,
            MachineState::Idle => &mut self.idle_ms,
            MachineState::Setup => &mut self.setup_ms,
            MachineState::Down => &mut self.down_ms,
            MachineState::Maintenance => &mut self.maintenance_ms,
            MachineState::Offline => &mut self.unknown_ms,
        };
        *slot = *slot + span;
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
        }
    }

    /// The time in which the state was known.
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

/// The changes of state since the start of a shift, in order of time, after the one that brought the machine
/// into the state it started the shift in. Bounded: the oldest are settled into sums.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// From here on `changes` say what the state was; before it, `settled` has the sums.
    from: Timestamp,
    changes: Vec<Change>,
    settled: StateTimes,
}

impl Timeline {
    const MAX_CHANGES: usize = 1024;

    /// The timeline of a machine that was never heard of, since the start of a shift.
    pub fn unheard_of(from: Timestamp) -> Self {
        let never = Change { at: Timestamp::from_millis(i64::MIN), state: MachineState::Offline };
        Self { from, changes: vec![never], settled: StateTimes::default() }
    }

    /// A new shift: what lies before it no longer counts.
    pub fn start_shift(&mut self, from: Timestamp) {
        match self.index_at(from) {
            Some(index) => drop(self.changes.drain(..index)),
            None => self.changes.insert(0, Change { at: from, state: MachineState::Offline }),
        }
        self.from = from;
        self.settled = StateTimes::default();
    }

    /// Records that the machine was in `state` from `at` until the next change already known. What lies
    /// before the part still open to correction is left as it is.
    pub fn record(&mut self, at: Timestamp, state: MachineState) {
        let Some(index) = self.index_at(at) else { return };
        let before = &mut self.changes[index];
        if before.at == at {
            before.state = state;
        } else if before.state != state {
            self.insert(index + 1, Change { at, state });
        }
    }

    /// Records a state that was reported out of order: the newest report, known as such by the machine
    /// alone where it changed nothing, ends it.
    pub fn record_late(&mut self, at: Timestamp, state: MachineState, newest_at: Timestamp) {
        if let Some(index) = self.index_at(newest_at)
            && self.changes[index].at < newest_at
        {
            let state = self.changes[index].state;
            self.insert(index + 1, Change { at: newest_at, state });
        }
        self.record(at, state);
    }

    /// The state at an instant; unknown before the first change.
    pub fn state_at(&self, at: Timestamp) -> MachineState {
        self.index_at(at).map_or(MachineState::Offline, |index| self.changes[index].state)
    }

    /// Whether the state at an instant is still known here.
    pub fn reaches(&self, at: Timestamp) -> bool {
        self.index_at(at).is_some()
    }

    /// The first change after an instant, unless that lies before everything that is still known.
    pub fn next_change_after(&self, at: Timestamp) -> Option<Timestamp> {
        self.changes.get(self.index_at(at)? + 1).map(|change| change.at)
    }

    /// The change that brought the machine into its state at an instant.
    fn index_at(&self, at: Timestamp) -> Option<usize> {
        self.changes.partition_point(|change| change.at <= at).checked_sub(1)
    }

    fn insert(&mut self, index: usize, change: Change) {
        self.changes.insert(index, change);
        if self.changes.len() > 1 && self.changes[1].at <= self.from {
            self.changes.remove(0);
        }
        if self.changes.len() > Self::MAX_CHANGES {
            self.settle_oldest_half();
        }
    }

    /// How long each state lasted until `now`.
    pub fn times(&self, now: Timestamp) -> StateTimes {
        let mut times = self.settled;
        for (index, change) in self.changes.iter().enumerate() {
            let end = self.changes.get(index + 1).map_or(now, |next| next.at.min(now));
            times.add(change.state, DurationMs((end - change.at.max(self.from)).0.max(0)));
        }
        times
    }

    fn settle_oldest_half(&mut self) {
        let keep_from = self.changes.len() / 2;
        let cut = self.changes[keep_from].at;
        let newer = self.changes.split_off(keep_from);
        self.settled = self.times(cut);
        self.changes = newer;
        self.from = cut;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    #[test]
    fn a_late_state_changes_only_its_own_interval() {
        let mut timeline = Timeline::unheard_of(at(0));
        timeline.record(at(0), MachineState::Running);
        timeline.record(at(1000), MachineState::Down);
        timeline.record(at(500), MachineState::Idle);
        let times = timeline.times(at(2000));
        assert_eq!((times.running_ms.0, times.idle_ms.0, times.down_ms.0), (500, 500, 1000));
        assert_eq!(timeline.state_at(at(1500)), MachineState::Down);
    }

    #[test]
    fn a_late_state_ends_with_the_newest_report_that_changed_nothing() {
        let mut timeline = Timeline::unheard_of(at(0));
        timeline.record(at(0), MachineState::Down);
        timeline.record(at(1000), MachineState::Down);
        timeline.record_late(at(400), MachineState::Running, at(1000));
        let times = timeline.times(at(3000));
        assert_eq!((times.running_ms.0, times.down_ms.0), (600, 2400));
    }

    #[test]
    fn a_shift_starts_in_the_newest_state_reported_before_it() {
        let mut timeline = Timeline::unheard_of(at(0));
        timeline.record(at(500), MachineState::Running);
        timeline.record(at(1200), MachineState::Idle);
        timeline.start_shift(at(1000));
        timeline.record(at(700), MachineState::Down);
        timeline.record(at(300), MachineState::Setup);
        let times = timeline.times(at(2000));
        assert_eq!((times.down_ms.0, times.idle_ms.0), (200, 800));
        assert_eq!((times.known_ms().0, times.unknown_ms.0), (1000, 0));
        assert_eq!(timeline.next_change_after(at(300)), None);
    }

    proptest! {
        #[test]
        fn the_newest_report_stands_in_any_order(
            reports in prop::collection::btree_map(-50_000_i64..100_000, 0_usize..6, 1..60)
                .prop_flat_map(|reports| Just(Vec::from_iter(reports)).prop_shuffle()),
        ) {
            let mut timeline = Timeline::unheard_of(at(0));
            let mut newest: Option<(i64, usize)> = None;
            for (ms, state) in &reports {
                match newest {
                    Some((newest, _)) if *ms < newest => {
                        timeline.record_late(at(*ms), MachineState::ALL[*state], at(newest));
                    }
                    _ => timeline.record(at(*ms), MachineState::ALL[*state]),
                }
                newest = newest.max(Some((*ms, *state)));
            }
            let state = newest.map(|(_, state)| MachineState::ALL[state]);
            prop_assert_eq!(Some(timeline.state_at(at(100_000))), state);
            let times = timeline.times(at(100_000));
            prop_assert_eq!(times.known_ms().0 + times.unknown_ms.0, 100_000);
        }

        #[test]
        fn every_millisecond_is_counted_once(reports in prop::collection::vec((0_i64..100_000, 0_usize..6), 0..3000)) {
            let mut timeline = Timeline::unheard_of(at(0));
            for (ms, state) in reports {
                timeline.record(at(ms), MachineState::ALL[state]);
            }
            let times = timeline.times(at(100_000));
            prop_assert_eq!(times.known_ms().0 + times.unknown_ms.0, 100_000);
            prop_assert!(timeline.changes.len() <= Timeline::MAX_CHANGES);
        }
    }
}
