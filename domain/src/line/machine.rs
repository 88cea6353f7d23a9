//! One machine of a line: what it does, what it made, what it measured.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{MetricName, ReasonCode};
use crate::message::MeasureValue;
use crate::timeline::Timeline;
use crate::vocabulary::MachineState;
use crate::{IdWindow, Quantity, Timestamp};

/// Where a machine's own counters stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Good parts since the counter's last reset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good: Option<Quantity>,
    /// Scrap since the counter's last reset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scrap: Option<Quantity>,
    /// When they stood there.
    pub at: Timestamp,
}

/// The newest value of a metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The value.
    pub value: MeasureValue,
    /// When it was measured.
    pub at: Timestamp,
}

/// What is known of a machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// What it does.
    pub state: MachineState,
    /// Why, if it said so.
    pub reason: Option<ReasonCode>,
    /// Since when it does; nothing before its first report.
    pub since: Option<Timestamp>,
    /// The time of its newest report of a state.
    pub state_at: Option<Timestamp>,
    /// When its last message was received.
    pub last_seen: Option<Timestamp>,
    /// The time of its last message was not to be trusted.
    pub clock_skew: bool,
    /// Good parts since the machine was created.
    pub good: Quantity,
    /// Scrap since the machine was created.
    pub scrap: Quantity,
    /// Its own counters, if it sends running totals.
    pub totals: Option<Totals>,
    /// Its states of the last days.
    pub timeline: Timeline,
    /// The newest value of each metric.
    pub measures: BTreeMap<MetricName, Measured>,
    /// The stop it stands in.
    pub open_stop: Option<Uuid>,
    /// Where the newest of its stops ended that have left the line's state: what was before is settled.
    #[serde(default)]
    pub stops_settled_until: Timestamp,
    /// The ids of its messages.
    pub ids: IdWindow,
}

impl Machine {
    /// How many metrics one machine may have.
    pub const MAX_METRICS: usize = 1024;

    /// A machine that nobody has heard of.
    pub fn unheard_of() -> Self {
        Self {
            state: MachineState::Offline,
            reason: None,
            since: None,
            state_at: None,
            last_seen: None,
            clock_skew: false,
            good: Quantity::ZERO,
            scrap: Quantity::ZERO,
            totals: None,
            timeline: Timeline::unheard_of(),
            measures: BTreeMap::new(),
            open_stop: None,
            stops_settled_until: Timestamp::default(),
            ids: IdWindow::default(),
        }
    }
}
