//! What happened on a line: the events of its stream, as they are stored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::alert::Alert;
use crate::calendar::Plan;
use crate::ids::{AlarmCode, MachineCode, MetricName, OrderCode, ReasonCode, RuleCode, Seq};
use crate::message::MeasureValue;
use crate::order::RunningOrder;
use crate::shift::Shift;
use crate::stop::Stop;
use crate::vocabulary::{MachineState, Severity};
use crate::{Quantity, Receipt, Timestamp};

/// An event of a line's stream. The stored form is the JSON of this type: fields are only added, with defaults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LineEvent {
    /// A machine said what it does.
    StateReported {
        /// The machine.
        machine: MachineCode,
        /// Its state from `receipt.at` on.
        state: MachineState,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<ReasonCode>,
        /// Older than the newest state: recorded, and the newer state is kept.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        late: bool,
        /// Its id and time.
        receipt: Receipt,
    },
    /// A machine counted parts.
    Counted {
        /// The machine.
        machine: MachineCode,
        /// So many more good parts.
        good: Quantity,
        /// So much more scrap.
        scrap: Quantity,
        /// Where the machine's counters stand, if it sends running totals and they are not out of order.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        totals: Option<super::Totals>,
        /// The good parts are the line's output.
        output: bool,
        /// The order that was running, whose progress this is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderCode>,
        /// The planned run time per item of the line's output machine then, for the article of that order, in
        /// seconds: what was counted keeps its weight when the configuration changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ideal_cycle_s: Option<f64>,
        /// Its id and time.
        receipt: Receipt,
    },
    /// A machine measured values.
    Measured {
        /// The machine.
        machine: MachineCode,
        /// The values by name.
        values: BTreeMap<MetricName, MeasureValue>,
        /// Its id and time.
        receipt: Receipt,
    },
    /// A machine's own alarm started or ended.
    AlarmReported {
        /// The machine.
        machine: MachineCode,
        /// The machine's code of it.
        code: AlarmCode,
        /// Whether it is active now.
        active: bool,
        /// How urgent it is.
        severity: Severity,
        /// For people.
        text: String,
        /// Its id and time.
        receipt: Receipt,
    },
    /// A device's session was lost and did not come back in time: nobody knows what the machine does.
    ContactLost {
        /// The machine.
        machine: MachineCode,
        /// From when on.
        at: Timestamp,
    },
    /// A stop began; with `to`, it was told late and is over already.
    StopStarted {
        /// The stop.
        stop: Stop,
    },
    /// A stop ended.
    StopEnded {
        /// The stop.
        id: Uuid,
        /// When.
        to: Timestamp,
    },
    /// The machine gave the reason of a stop after it began.
    StopReasonGiven {
        /// The stop.
        id: Uuid,
        /// Why the machine stands.
        reason: ReasonCode,
    },
    /// A person said why a machine stood, or that nobody knows. These three carry the stops whole, as they are
    /// then: they may have left the state.
    StopClassified {
        /// The stop; it says who and when.
        stop: Stop,
    },
    /// A person commented a stop, or took the comment away.
    StopCommented {
        /// The stop.
        stop: Stop,
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// A person cut a stop in two.
    StopSplit {
        /// The earlier part: it keeps the id.
        stop: Stop,
        /// The later part.
        split_off: Stop,
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The condition of a rule began to hold.
    ConditionStarted {
        /// The rule.
        rule: RuleCode,
        /// The machine.
        machine: MachineCode,
        /// Since when.
        since: Timestamp,
    },
    /// The condition of a rule no longer holds.
    ConditionEnded {
        /// The rule.
        rule: RuleCode,
        /// The machine.
        machine: MachineCode,
    },
    /// An alert was raised, or raised again before anybody acknowledged the time before.
    AlertRaised {
        /// The alert.
        alert: Alert,
    },
    /// A person took note of an alert.
    AlertAcked {
        /// The alert.
        id: Uuid,
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The condition of an alert ended.
    AlertCleared {
        /// The alert.
        id: Uuid,
        /// When.
        at: Timestamp,
    },
    /// The site's calendar or time zone is this from now on; what is over keeps the plan it had.
    PlanSet {
        /// The plan.
        plan: Plan,
    },
    /// The shift that is on, or the time off, ends or stands otherwise than it was planned.
    ShiftChanged {
        /// The shift as it is planned now; it began when it did.
        shift: Shift,
    },
    /// A new shift began: its counters start from nothing.
    ShiftStarted {
        /// The shift.
        shift: Shift,
    },
    /// The site says which order runs on the line now.
    RunningOrderSet {
        /// The order, or none.
        order: Option<RunningOrder>,
        /// The site's event that says so: applied once.
        site_seq: Seq,
        /// When.
        at: Timestamp,
    },
}

impl LineEvent {
    /// The kind, as stored beside the event.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::StateReported { .. } => "state_reported",
            Self::Counted { .. } => "counted",
            Self::Measured { .. } => "measured",
            Self::AlarmReported { .. } => "alarm_reported",
            Self::ContactLost { .. } => "contact_lost",
            Self::StopStarted { .. } => "stop_started",
            Self::StopEnded { .. } => "stop_ended",
            Self::StopReasonGiven { .. } => "stop_reason_given",
            Self::StopClassified { .. } => "stop_classified",
            Self::StopCommented { .. } => "stop_commented",
            Self::StopSplit { .. } => "stop_split",
            Self::ConditionStarted { .. } => "condition_started",
            Self::ConditionEnded { .. } => "condition_ended",
            Self::AlertRaised { .. } => "alert_raised",
            Self::AlertAcked { .. } => "alert_acked",
            Self::AlertCleared { .. } => "alert_cleared",
            Self::PlanSet { .. } => "plan_set",
            Self::ShiftChanged { .. } => "shift_changed",
            Self::ShiftStarted { .. } => "shift_started",
            Self::RunningOrderSet { .. } => "running_order_set",
        }
    }

    /// What the line's site must know of this event: the progress of an order.
    pub fn fact(&self, seq: Seq) -> Option<LineFact> {
        match self {
            Self::Counted { good, scrap, output, order: Some(order), receipt, .. } => {
                let good = if *output { *good } else { Quantity::ZERO };
                if good.is_zero() && scrap.is_zero() {
                    return None;
                }
                Some(LineFact::Produced {
                    seq,
                    order: Some(order.clone()),
                    good,
                    scrap: *scrap,
                    at: receipt.at,
                })
            }
            _ => None,
        }
    }
}

pub use crate::site::LineFact;
