//! Local times of day and days of the week.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Rejection;

/// A time of day on the local clock, to the minute. Text form: `HH:MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LocalTime(u16);

impl LocalTime {
    /// Minutes of a day.
    pub const DAY_MINUTES: u16 = 24 * 60;

    /// A full hour; 0 to 23.
    pub const fn hour(hour: u16) -> Self {
        Self((hour % 24) * 60)
    }

    /// Minutes after midnight.
    pub fn minute(self) -> u16 {
        self.0
    }
}

impl FromStr for LocalTime {
    type Err = Rejection;
    fn from_str(text: &str) -> Result<Self, Rejection> {
        let number = |part: &str| (part.len() == 2).then(|| part.parse::<u16>().ok()).flatten();
        let read = || {
            let (hour, minute) = text.split_once(':')?;
            let (hour, minute) = (number(hour)?, number(minute)?);
            (hour < 24 && minute < 60).then_some(Self(hour * 60 + minute))
        };
        read().ok_or_else(|| Rejection::invalid("time", "must be a local time HH:MM, 00:00 to 23:59"))
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl TryFrom<String> for LocalTime {
    type Error = Rejection;
    fn try_from(text: String) -> Result<Self, Rejection> {
        text.parse()
    }
}

impl From<LocalTime> for String {
    fn from(time: LocalTime) -> Self {
        time.to_string()
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the days say themselves")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Weekday {
    /// Every day, from Monday on.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];
}

impl From<jiff::civil::Weekday> for Weekday {
    fn from(day: jiff::civil::Weekday) -> Self {
        use jiff::civil::Weekday as Civil;
        match day {
            Civil::Monday => Self::Mon,
            Civil::Tuesday => Self::Tue,
            Civil::Wednesday => Self::Wed,
            Civil::Thursday => Self::Thu,
            Civil::Friday => Self::Fri,
            Civil::Saturday => Self::Sat,
            Civil::Sunday => Self::Sun,
        }
    }
}
