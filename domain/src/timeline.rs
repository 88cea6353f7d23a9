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

/// The changes of state since the start of a shift, in order of time. Bounded: the oldest are settled into sums.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// From here on `changes` say what the state was; before it, `settled` has the sums.
    from: Timestamp,
    changes: Vec<Change>,
    settled: StateTimes,
}

impl Timeline {
    const MAX_CHANGES: usize = 1024;

    /// A timeline that starts in a state.
    pub fn start(from: Timestamp, state: MachineState) -> Self {
        Self { from, changes: vec![Change { at: from, state }], settled: StateTimes::default() }
    }

    /// Records that the machine was in `state` from `at` until the next change already known. What lies
    /// before the part still open to correction is left as it is.
    pub fn record(&mut self, at: Timestamp, state: MachineState) {
        if at < self.from {
            return;
        }
        let next = self.changes.partition_point(|change| change.at <= at);
        match self.changes.get_mut(next.wrapping_sub(1)) {
            Some(same_instant) if same_instant.at == at => same_instant.state = state,
            Some(before) if before.state == state => {}
            Some(_) | None => self.changes.insert(next, Change { at, state }),
        }
        if self.changes.len() > Self::MAX_CHANGES {
            self.settle_oldest_half();
        }
    }

    /// The state at an instant; unknown before the first change.
    pub fn state_at(&self, at: Timestamp) -> MachineState {
        let next = self.changes.partition_point(|change| change.at <= at);
        next.checked_sub(1).map_or(MachineState::Offline, |index| self.changes[index].state)
    }

    /// The first change after an instant.
    pub fn next_change_after(&self, at: Timestamp) -> Option<Timestamp> {
        self.changes.get(self.changes.partition_point(|change| change.at <= at)).map(|change| change.at)
    }

    /// How long each state lasted until `now`.
    pub fn times(&self, now: Timestamp) -> StateTimes {
        let mut times = self.settled;
        for (index, change) in self.changes.iter().enumerate() {
            let end = self.changes.get(index + 1).map_or(now, |next| next.at.min(now));
            times.add(change.state, DurationMs((end - change.at).0.max(0)));
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
        let mut timeline = Timeline::start(at(0), MachineState::Running);
        timeline.record(at(1000), MachineState::Down);
        timeline.record(at(500), MachineState::Idle);
        let times = timeline.times(at(2000));
        assert_eq!((times.running_ms.0, times.idle_ms.0, times.down_ms.0), (500, 500, 1000));
        assert_eq!(timeline.state_at(at(1500)), MachineState::Down);
    }

    proptest! {
        #[test]
        fn every_millisecond_is_counted_once(reports in prop::collection::vec((0_i64..100_000, 0_usize..6), 0..3000)) {
            let mut timeline = Timeline::start(at(0), MachineState::Offline);
            for (ms, state) in reports {
                timeline.record(at(ms), MachineState::ALL[state]);
            }
            let times = timeline.times(at(100_000));
            prop_assert_eq!(times.known_ms().0 + times.unknown_ms.0, 100_000);
            prop_assert!(timeline.changes.len() <= Timeline::MAX_CHANGES);
        }
    }
}
