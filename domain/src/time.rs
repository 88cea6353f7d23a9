//! Instants and durations in whole milliseconds: the precision of every protocol of the hub.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Rejection;

const TIME_RULE: &str = "must be an RFC 3339 time with zone, or integer milliseconds since 1970";
/// 9999-12-31T23:59:59.999Z: what RFC 3339 can still write.
const MAX_MS: i64 = 253_402_300_799_999;
/// 0000-01-01T00:00:00Z.
const MIN_MS: i64 = -62_167_219_200_000;

/// An instant, in milliseconds since 1970-01-01 UTC. Text form: RFC 3339, UTC, three decimals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// A span of time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DurationMs(pub i64);

impl DurationMs {
    /// A span of whole seconds.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs * 1000)
    }

    /// The span in seconds.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl Timestamp {
    /// The instant this many milliseconds after 1970 (clamped to what RFC 3339 can write).
    pub fn from_millis(ms: i64) -> Self {
        Self(ms.clamp(MIN_MS, MAX_MS))
    }

    /// The instant this many milliseconds after 1970, if RFC 3339 can write it.
    pub fn checked_from_millis(ms: i64) -> Option<Self> {
        (MIN_MS..=MAX_MS).contains(&ms).then_some(Self(ms))
    }

    /// Milliseconds since 1970.
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// Parses RFC 3339 with a zone; fractions beyond milliseconds are cut.
    pub fn parse(text: &str) -> Result<Self, Rejection> {
        let parsed: jiff::Timestamp = text.parse().map_err(|_| Rejection::invalid("at", TIME_RULE))?;
        Self::checked_from_millis(parsed.as_millisecond()).ok_or_else(|| Rejection::invalid("at", TIME_RULE))
    }

    /// The same instant for calendar arithmetic.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl Add<DurationMs> for Timestamp {
    type Output = Self;
    fn add(self, span: DurationMs) -> Self {
        Self::from_millis(self.0.saturating_add(span.0))
    }
}

impl Sub<DurationMs> for Timestamp {
    type Output = Self;
    fn sub(self, span: DurationMs) -> Self {
        Self::from_millis(self.0.saturating_sub(span.0))
    }
}

impl Sub for Timestamp {
    type Output = DurationMs;
    fn sub(self, earlier: Self) -> DurationMs {
        DurationMs(self.0 - earlier.0)
    }
}

impl Add for DurationMs {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for DurationMs {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.to_jiff())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = Rejection;
    fn from_str(text: &str) -> Result<Self, Rejection> {
        Self::parse(text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Timestamp;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 time with zone, or integer milliseconds since 1970")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                Timestamp::parse(text).map_err(|_| E::custom(TIME_RULE))
            }
            fn visit_i64<E: de::Error>(self, ms: i64) -> Result<Timestamp, E> {
                Timestamp::checked_from_millis(ms).ok_or_else(|| E::custom(TIME_RULE))
            }
            fn visit_u64<E: de::Error>(self, ms: u64) -> Result<Timestamp, E> {
                i64::try_from(ms)
                    .ok()
                    .and_then(Timestamp::checked_from_millis)
                    .ok_or_else(|| E::custom(TIME_RULE))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_utc_with_milliseconds() {
        let at = Timestamp::parse("2026-11-22T14:00:00.1239+01:00").unwrap();
        assert_eq!(at.to_string(), "2026-11-22T13:00:00.123Z");
        assert_eq!(serde_json::to_string(&at).unwrap(), "\"2026-11-22T13:00:00.123Z\"");
    }

    #[test]
    fn reads_epoch_milliseconds() {
        let at: Timestamp = serde_json::from_str("1700000000123").unwrap();
        assert_eq!(at.as_millis(), 1_700_000_000_123);
        assert!(serde_json::from_str::<Timestamp>("9e99").is_err());
        assert!(serde_json::from_str::<Timestamp>("9223372036854775807").is_err());
        assert!(serde_json::from_str::<Timestamp>("\"2026-11-22T14:00:00\"").is_err());
    }
}
