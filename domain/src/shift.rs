//! Shifts: which part of the day counts together, and when it stands as planned.

use serde::{Deserialize, Serialize};

use crate::calendar::covered_ms;
use crate::{DurationMs, Timestamp};

/// One shift, or time in which none is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Its name; empty for time off.
    pub name: String,
    /// Its start.
    pub from: Timestamp,
    /// Its end (exclusive).
    pub to: Timestamp,
    /// When it stands as planned, in order of their start; they may overlap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub planned_stops: Vec<PlannedInterval>,
    /// No shift is on: nothing is planned.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
}

/// A planned stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedInterval {
    /// What it is for.
    pub name: String,
    /// Its start.
    pub from: Timestamp,
    /// Its end (exclusive).
    pub to: Timestamp,
}

impl Shift {
    /// Time in which no shift is on.
    pub fn off(from: Timestamp, to: Timestamp) -> Self {
        Self { name: String::new(), from, to, planned_stops: Vec::new(), off: true }
    }

    /// Whether the instant lies in it.
    pub fn contains(&self, at: Timestamp) -> bool {
        (self.from..self.to).contains(&at)
    }

    /// The planned stop that holds at an instant: of several the one that ends last.
    pub fn planned_stop_at(&self, at: Timestamp) -> Option<&PlannedInterval> {
        self.planned_stops.iter().filter(|stop| (stop.from..stop.to).contains(&at)).max_by_key(|stop| stop.to)
    }

    /// How much of a span is planned for work: within the shift and outside its planned stops.
    pub fn planned_between(&self, from: Timestamp, to: Timestamp) -> DurationMs {
        let (from, to) = (from.max(self.from), to.min(self.to));
        if self.off || from >= to {
            return DurationMs(0);
        }
        DurationMs((to - from).0 - covered_ms(&self.planned_stops, from, to).0)
    }

    /// Adds a planned stop as far as it lies in the shift.
    pub(crate) fn add_planned_stop(&mut self, name: &str, from: Timestamp, to: Timestamp) {
        let (from, to) = (from.max(self.from), to.min(self.to));
        if from < to {
            let at = self.planned_stops.partition_point(|stop| stop.from <= from);
            self.planned_stops.insert(at, PlannedInterval { name: name.to_owned(), from, to });
        }
    }

    /// Ends it earlier, if the instant lies in it.
    pub(crate) fn end_at(&mut self, to: Timestamp) {
        self.to = self.to.min(to);
        self.planned_stops.retain(|stop| stop.from < to);
        for stop in &mut self.planned_stops {
            stop.to = stop.to.min(to);
        }
    }
}
