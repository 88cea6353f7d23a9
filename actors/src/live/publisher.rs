//! The pace of a source: at once while there is slack, merging more as publishing costs more, 50 ms at most.

use std::time::{Duration, Instant};

/// A change is held back this long at most.
pub(crate) const MAX_HOLD: Duration = Duration::from_millis(50);
/// Publishing may take one part in so many of the time.
const SLACK: u32 = 8;

/// When to publish next.
#[derive(Debug)]
pub(crate) struct Pace {
    ended: Instant,
    cost: Duration,
    scheduled: bool,
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self { ended: Instant::now(), cost: Duration::ZERO, scheduled: false }
    }

    /// Something changed: how long to wait until publishing; `None` if that is under way already.
    pub(crate) fn changed(&mut self) -> Option<Duration> {
        if self.scheduled {
            return None;
        }
        self.scheduled = true;
        let hold = (self.cost * SLACK).min(MAX_HOLD);
        Some(hold.saturating_sub(self.ended.elapsed()))
    }

    /// Publishing is over; it began at `started`.
    pub(crate) fn published(&mut self, started: Instant) {
        self.scheduled = false;
        self.ended = Instant::now();
        self.cost = self.ended - started;
    }

    /// Publishing did not work out: the next change schedules it again.
    pub(crate) fn missed(&mut self) {
        self.scheduled = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_back_in_proportion_to_the_cost_and_never_longer_than_allowed() {
        let mut pace = Pace::new();
        assert_eq!(pace.changed(), Some(Duration::ZERO));
        assert_eq!(pace.changed(), None, "one publication is under way");
        pace.published(Instant::now() - Duration::from_secs(1));
        let hold = pace.changed().unwrap();
        assert!(hold <= MAX_HOLD && hold > MAX_HOLD / 2, "{hold:?}");
    }
}
