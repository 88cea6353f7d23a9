//! Stops: intervals in which a machine that should run does not.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;
use crate::ids::{MachineCode, ReasonCode};
use crate::vocabulary::MachineState;

/// An interval in which a machine was known not to run, in one state for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Its id.
    pub id: Uuid,
    /// The machine.
    pub machine: MachineCode,
    /// The state it stood in: idle, setup, down or maintenance.
    pub state: MachineState,
    /// Why; unclassified while absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReasonCode>,
    /// Since when.
    pub from: Timestamp,
    /// Until when; absent while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}
