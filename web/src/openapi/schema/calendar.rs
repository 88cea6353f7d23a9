//! When a site works: its calendar in local time, and what that means in instants.

use utoipa::ToSchema;

use super::words::{Instant, InstantInput, LocalDate, LocalTime, Slug, Weekday};

/// When a site works, in local time.
#[derive(ToSchema)]
pub(crate) struct Calendar {
    /// The shifts of every week.
    shifts: Vec<ShiftPattern>,
    /// Days with other shifts than their weekday has.
    #[serde(default)]
    exceptions: Vec<ExceptionDay>,
    #[serde(default)]
    planned_stops: Vec<PlannedStop>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCalendar {
    shifts: Vec<ShiftPattern>,
    #[serde(default)]
    exceptions: Vec<ExceptionDay>,
    #[serde(default)]
    planned_stops: Vec<NewPlannedStop>,
}

/// One that does not end after it begins goes over midnight; it belongs to the day it begins on.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
struct ShiftPattern {
    #[schema(example = "early")]
    name: String,
    /// The days it begins on; none in an exception.
    #[serde(default)]
    days: Vec<Weekday>,
    from: LocalTime,
    to: LocalTime,
    /// Breaks.
    #[serde(default)]
    planned_stops: Vec<DailyStop>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
struct DailyStop {
    name: String,
    from: LocalTime,
    to: LocalTime,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
struct ExceptionDay {
    date: LocalDate,
    /// Such as the name of a holiday.
    name: Option<String>,
    #[serde(default)]
    shifts: Vec<ShiftPattern>,
}

#[derive(ToSchema)]
struct PlannedStop {
    name: String,
    /// Absent: every line of the site.
    line: Option<Slug>,
    from: Instant,
    to: Instant,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPlannedStop {
    name: String,
    /// Every line of the site without it.
    line: Option<Slug>,
    from: InstantInput,
    to: InstantInput,
}

/// A shift in instants.
#[derive(ToSchema)]
pub(crate) struct Shift {
    name: String,
    /// The local day it belongs to.
    date: LocalDate,
    from: Instant,
    to: Instant,
    planned_stops: Vec<PlannedSpan>,
}

/// A planned stop in instants.
#[derive(ToSchema)]
pub(crate) struct PlannedSpan {
    name: String,
    from: Instant,
    to: Instant,
}
