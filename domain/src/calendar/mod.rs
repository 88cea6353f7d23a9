//! When a site works: weekly shifts with their planned stops, days that are different, planned stops of a date.
//!
//! A calendar is configuration in local time; [`Plan`] joins it with the site's time zone and answers in instants.

mod check;
mod local;
mod plan;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::ids::LineCode;

pub use local::{LocalTime, Weekday};
pub(crate) use plan::covered_ms;
pub use plan::{Plan, Slice};

/// The calendar of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// The shifts of every week.
    pub shifts: Vec<ShiftPattern>,
    /// Days with other shifts than their weekday has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<ExceptionDay>,
    /// Planned stops of a date, such as a revision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub planned_stops: Vec<PlannedStop>,
}

/// A shift in local time. One that does not end after it begins goes over midnight; it belongs to the day it
/// begins on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShiftPattern {
    /// Its name.
    pub name: String,
    /// The days it begins on; none in an exception, which has its own date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Weekday>,
    /// When it begins.
    pub from: LocalTime,
    /// When it ends (exclusive).
    pub to: LocalTime,
    /// When it stands as planned, such as breaks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub planned_stops: Vec<DailyStop>,
}

/// A planned stop of a shift, in local time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DailyStop {
    /// What it is for.
    pub name: String,
    /// When it begins.
    pub from: LocalTime,
    /// When it ends (exclusive).
    pub to: LocalTime,
}

/// A day with other shifts than its weekday has, or with none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExceptionDay {
    /// The local date.
    pub date: Date,
    /// Why, such as the name of a holiday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The shifts that begin on it.
    #[serde(default)]
    pub shifts: Vec<ShiftPattern>,
}

/// A planned stop of a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedStop {
    /// What it is for.
    pub name: String,
    /// The line that stands; every line of the site if it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineCode>,
    /// When it begins.
    pub from: Timestamp,
    /// When it ends (exclusive).
    pub to: Timestamp,
}

impl Default for Calendar {
    /// What holds until a site says otherwise: 06–14, 14–22 and 22–06 every day, without planned stops.
    fn default() -> Self {
        let shift = |name: &str, from: u16, to: u16| ShiftPattern {
            name: name.to_owned(),
            days: Weekday::ALL.to_vec(),
            from: LocalTime::hour(from),
            to: LocalTime::hour(to),
            planned_stops: Vec::new(),
        };
        Self {
            shifts: vec![shift("early", 6, 14), shift("late", 14, 22), shift("night", 22, 6)],
            exceptions: Vec::new(),
            planned_stops: Vec::new(),
        }
    }
}

impl ShiftPattern {
    /// Its end in minutes after the midnight it begins after.
    fn end_minute(&self) -> u16 {
        self.minute_after_start(self.to, true)
    }

    /// A time of day as minutes after the midnight the shift begins after: what lies before its start is the
    /// next morning's. An end that equals the start is the next day's.
    fn minute_after_start(&self, time: LocalTime, is_end: bool) -> u16 {
        let (start, minute) = (self.from.minute(), time.minute());
        let next_day = minute < start || (is_end && minute == start);
        if next_day { minute + LocalTime::DAY_MINUTES } else { minute }
    }
}
