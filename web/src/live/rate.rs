//! How many frames a client may send: a bucket that refills with time, told the time by its caller.

use std::time::Duration;

/// A steady rate and what may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Frames per second in the long run.
    pub per_second: u32,
    /// Frames at once after a pause.
    pub burst: u32,
}

/// What is left of a [`RateLimit`], in parts of a frame so that slow refills add up.
#[derive(Debug)]
pub(super) struct Bucket {
    limit: RateLimit,
    nano_frames: u64,
    filled_at: Duration,
}

const NANOS: u64 = 1_000_000_000;

impl Bucket {
    /// A full bucket at the start of a session.
    pub(super) fn new(limit: RateLimit) -> Self {
        Self { limit, nano_frames: u64::from(limit.burst) * NANOS, filled_at: Duration::ZERO }
    }

    /// Takes one frame out; false if there is none. `elapsed` is the age of the session.
    pub(super) fn take(&mut self, elapsed: Duration) -> bool {
        let passed_ns = elapsed.saturating_sub(self.filled_at).as_nanos();
        let refill =
            u64::try_from(passed_ns).unwrap_or(u64::MAX).saturating_mul(self.limit.per_second.into());
        let full = u64::from(self.limit.burst) * NANOS;
        self.nano_frames = self.nano_frames.saturating_add(refill).min(full);
        self.filled_at = self.filled_at.max(elapsed);
        match self.nano_frames.checked_sub(NANOS) {
            Some(rest) => {
                self.nano_frames = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allows_the_burst_then_the_rate() {
        let mut bucket = Bucket::new(RateLimit { per_second: 50, burst: 200 });
        let start = Duration::from_secs(5);
        assert_eq!((0..300).filter(|_| bucket.take(start)).count(), 200);
        assert!(!bucket.take(start + Duration::from_millis(19)));
        assert!(bucket.take(start + Duration::from_millis(20)));
        assert!(!bucket.take(start + Duration::from_millis(20)));
        let later = start + Duration::from_secs(3600);
        assert_eq!((0..300).filter(|_| bucket.take(later)).count(), 200);
    }

    #[test]
    fn small_steps_add_up() {
        let mut bucket = Bucket::new(RateLimit { per_second: 1, burst: 1 });
        assert!(bucket.take(Duration::ZERO));
        let taken = (1..=10_000).filter(|ms| bucket.take(Duration::from_millis(*ms))).count();
        assert_eq!(taken, 10);
    }
}
