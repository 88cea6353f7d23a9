//! The closed vocabularies: states, kinds, actions, severities, each with one spelling everywhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Rejection;

/// An enum whose values have one snake_case spelling in JSON, SQL and errors.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident, $field:literal { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The value as text.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = Rejection;
            fn from_str(text: &str) -> Result<Self, Rejection> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(Rejection::invalid($field, concat!("must be one of", $(" ", $text),+))),
                }
            }
        }
    };
}

vocabulary!(
    /// What a machine does. `offline`: nobody knows, and it never counts as running.
    MachineState, "state" {
    /// It produces.
    Running = "running",
    /// It could produce and does not.
    Idle = "idle",
    /// It is being prepared for another order.
    Setup = "setup",
    /// It is broken.
    Down = "down",
    /// It is being maintained.
    Maintenance = "maintenance",
    /// No contact.
    Offline = "offline",
});

impl MachineState {
    /// Whether a machine in this state is stopped: known not to run.
    pub fn is_stop(self) -> bool {
        !matches!(self, Self::Running | Self::Offline)
    }
}

vocabulary!(
    /// How urgent an alert is (ISA-18.2 priority).
    Severity, "severity" {
    /// Act at once.
    Critical = "critical",
    /// Act soon.
    High = "high",
    /// Act today.
    Medium = "medium",
    /// Know about it.
    Low = "low",
});

vocabulary!(
    /// What kind of change of stock a movement is.
    MovementKind, "kind" {
    /// Goods come in.
    Receive = "receive",
    /// Goods go out.
    Issue = "issue",
    /// A line made it.
    Produce = "produce",
    /// A line used it.
    Consume = "consume",
    /// It was thrown away.
    Scrap = "scrap",
    /// A signed correction.
    Adjust = "adjust",
    /// The level is set to what was counted.
    Stocktake = "stocktake",
    /// From one location to another.
    Transfer = "transfer",
});

vocabulary!(
    /// Where an order stands.
    OrderState, "state" {
    /// Planned; nobody may start it yet.
    Created = "created",
    /// May be started.
    Released = "released",
    /// Runs on its line.
    Running = "running",
    /// Was started and waits.
    Paused = "paused",
    /// Finished.
    Completed = "completed",
    /// Will not be made.
    Cancelled = "cancelled",
});

vocabulary!(
    /// What is done to an order.
    OrderAction, "action" {
    /// created → released.
    Release = "release",
    /// released → running.
    Start = "start",
    /// running → paused.
    Pause = "pause",
    /// paused → running.
    Resume = "resume",
    /// running or paused → completed.
    Complete = "complete",
    /// any open state → cancelled.
    Cancel = "cancel",
});

vocabulary!(
    /// The life of an alert (ISA-18.2): raised → acknowledged → cleared, or cleared before it is acknowledged.
    AlertState, "state" {
    /// Active, nobody has acknowledged it.
    Raised = "raised",
    /// Active and acknowledged.
    Acknowledged = "acknowledged",
    /// No longer active; it waits for an acknowledgement, or is closed if it has one.
    Cleared = "cleared",
});

vocabulary!(
    /// What an Andon light shows.
    AndonColor, "color" {
    /// Running.
    Green = "green",
    /// Stopped in an ordinary way, or in need of attention.
    Amber = "amber",
    /// Broken, or a critical alert.
    Red = "red",
    /// Nobody knows.
    Grey = "grey",
});

vocabulary!(
    /// How long the pieces are that figures are summed over.
    KpiBucket, "bucket" {
    /// A local hour.
    Hour = "hour",
    /// A shift; it belongs to the day it begins on.
    Shift = "shift",
    /// A local calendar day.
    Day = "day",
});
