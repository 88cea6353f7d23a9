//! When each message of a recording is due, and with which time: pure arithmetic, `now` is an argument.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, de::Error as _};

use super::FeedError;

/// A replay that has fallen further behind than this (a hub that was away, a laptop that slept) goes on from
/// the present instead of catching up in a burst of old messages.
pub const MAX_LAG: SignedDuration = SignedDuration::from_secs(30);

/// How many times faster than it was recorded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// A positive factor.
    Times(f64),
    /// As fast as the publisher takes it, without the recording's times.
    Max,
}

impl Default for Speed {
    fn default() -> Self {
        Self::Times(1.0)
    }
}

impl Speed {
    /// A positive, finite factor.
    pub fn times(factor: f64) -> Result<Self, FeedError> {
        if factor.is_finite() && factor > 0.0 {
            Ok(Self::Times(factor))
        } else {
            Err(FeedError::BadSpeed(factor.to_string()))
        }
    }
}

impl FromStr for Speed {
    type Err = FeedError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim_end_matches('x').parse::<f64>() {
            _ if text == "max" => Ok(Self::Max),
            Ok(factor) => Self::times(factor),
            Err(_) => Err(FeedError::BadSpeed(text.to_owned())),
        }
    }
}

impl<'de> Deserialize<'de> for Speed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).and_then(|factor| Self::times(factor).map_err(D::Error::custom))
    }
}

/// Where a message of the recording falls in the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Publish it then; never before the message before it.
    pub due: Timestamp,
    /// Its time in the present; none at [`Speed::Max`].
    pub at: Option<Timestamp>,
    /// Whether it is older than one before it, as in the recording.
    pub late: bool,
}

/// Maps the recording's clock onto the present: `at' = start + (at − first) / speed`. Gaps above the longest
/// allowed are shortened to it. A step back up to that length stays a step back, a late message; a longer
/// one is another recording joined on, or a clock that was set, and time simply goes on.
#[derive(Debug, Clone)]
pub struct Schedule {
    speed: Speed,
    max_gap: SignedDuration,
    start: Option<Timestamp>,
    previous_at: Option<Timestamp>,
    /// Recorded time played up to the message before, gaps shortened.
    position: SignedDuration,
    /// The highest position so far.
    furthest: SignedDuration,
}

impl Schedule {
    /// A schedule that starts with its first message.
    pub fn new(speed: Speed, max_gap: SignedDuration) -> Self {
        let zero = SignedDuration::ZERO;
        Self { speed, max_gap, start: None, previous_at: None, position: zero, furthest: zero }
    }

    /// Forgets the recording's clock: the next message begins another pass, one longest gap later.
    pub fn begin_pass(&mut self) {
        if self.previous_at.take().is_some() {
            self.furthest = self.furthest.saturating_add(self.max_gap);
            self.position = self.furthest;
        }
    }

    /// Places the next message.
    pub fn place(&mut self, at: Timestamp, now: Timestamp) -> Placed {
        let step = self.previous_at.map_or(SignedDuration::ZERO, |previous| at.duration_since(previous));
        self.previous_at = Some(at);
        if step.is_negative() && step.unsigned_abs() > self.max_gap.unsigned_abs() {
            self.position = self.furthest;
        } else {
            self.position = self.position.saturating_add(step.min(self.max_gap));
        }
        let late = self.position < self.furthest;
        self.furthest = self.furthest.max(self.position);
        let Speed::Times(factor) = self.speed else {
            return Placed { due: now, at: None, late };
        };
        let start = *self.start.get_or_insert(now);
        let due = later(start, self.furthest, factor);
        let lag = now.duration_since(due);
        let shift = if lag > MAX_LAG { lag } else { SignedDuration::ZERO };
        let start = start.checked_add(shift).unwrap_or(start);
        self.start = Some(start);
        Placed {
            due: later(start, self.furthest, factor),
            at: Some(later(start, self.position, factor)),
            late,
        }
    }
}

/// `start + recorded / factor`; at the ends of time it stays at `start`.
fn later(start: Timestamp, recorded: SignedDuration, factor: f64) -> Timestamp {
    SignedDuration::try_from_secs_f64(recorded.as_secs_f64() / factor)
        .ok()
        .and_then(|played| start.checked_add(played).ok())
        .unwrap_or(start)
}
