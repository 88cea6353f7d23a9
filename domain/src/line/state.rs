//! The state of a line: what replaying its stream gives.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{LineSpec, Machine};
use crate::alert::Alert;
use crate::calendar::Plan;
use crate::ids::{LineAddress, MachineCode, RuleCode, Seq};
use crate::kpi::{Aim, KpiInputs};
use crate::order::RunningOrder;
use crate::shift::Shift;
use crate::stop::Stop;
use crate::timeline::{StateTimes, Timeline};
use crate::{DurationMs, Quantity, Rejection, Timestamp};

/// The name space of ids that are made from a place in a line's stream.
pub(super) const EVENT_IDS: Uuid = Uuid::from_u128(0x8a1f_52c4_77b0_4f0e_9d57_3c1b_60aa_41d2);

/// What the line made of an order since it first ran here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderProgress {
    /// The order.
    pub order: RunningOrder,
    /// Good parts of the order, all in all.
    pub good: Quantity,
    /// Scrap of the order, all in all.
    pub scrap: Quantity,
}

/// A rule at a machine. Text form: `rule|machine`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConditionKey {
    /// The rule.
    pub rule: RuleCode,
    /// The machine.
    pub machine: MachineCode,
}

impl fmt::Display for ConditionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}", self.rule, self.machine)
    }
}

impl FromStr for ConditionKey {
    type Err = Rejection;
    fn from_str(text: &str) -> Result<Self, Rejection> {
        let (rule, machine) =
            text.split_once('|').ok_or_else(|| Rejection::invalid("condition", "must be RULE|MACHINE"))?;
        Ok(Self { rule: rule.parse()?, machine: machine.parse()? })
    }
}

impl TryFrom<String> for ConditionKey {
    type Error = Rejection;
    fn try_from(text: String) -> Result<Self, Rejection> {
        text.parse()
    }
}

impl From<ConditionKey> for String {
    fn from(key: ConditionKey) -> Self {
        key.to_string()
    }
}

/// The state of a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineState {
    /// Where it is.
    pub address: LineAddress,
    /// The seq of the last event in it.
    pub seq: Seq,
    /// When the site works.
    pub plan: Plan,
    /// The shift its counters are for, or the time off; none before the first tick.
    pub shift: Option<Shift>,
    /// Where the hours of the shift begin and end.
    pub(super) hours: Vec<Timestamp>,
    /// What is known of its machines. One that has left the directory stays, unseen.
    pub machines: BTreeMap<MachineCode, Machine>,
    /// The order that runs, and its progress.
    pub order: Option<OrderProgress>,
    /// The orders that ran before it, newest last: one that is resumed goes on from here.
    pub earlier_orders: VecDeque<OrderProgress>,
    /// The line's output of the shift.
    pub shift_output: Quantity,
    /// The scrap of all machines of the shift.
    pub shift_scrap: Quantity,
    /// What both should have taken, as far as it was known when they were counted.
    pub shift_planned_run_ms: Option<DurationMs>,
    /// The stops that last, and the newest that ended in this shift.
    pub stops: BTreeMap<Uuid, Stop>,
    /// The ended ones among them, oldest first.
    pub ended_stops: VecDeque<Uuid>,
    /// The newest event with which a stop left this state, or that changed one that had left it: what was read
    /// of such a stop before may be old.
    #[serde(default)]
    pub stops_left_at: Seq,
    /// The newest event that reports a machine's state: the cause of what happens to stops next.
    #[serde(default)]
    pub state_reported_at: Seq,
    /// Conditions of rules that hold, since when.
    pub conditions: BTreeMap<ConditionKey, Timestamp>,
    /// Alerts that are not closed.
    pub alerts: BTreeMap<Uuid, Alert>,
    /// The newest event of the site that was taken in.
    pub site_cursor: Seq,
}

impl LineState {
    /// The version of this shape: snapshots of another version are not read.
    pub const VERSION: u32 = 2;
    /// How many ended stops are kept for the live view; all of them are in the projection.
    pub const MAX_ENDED_STOPS: usize = 20;

    /// How many orders that ran before are remembered.
    pub const MAX_EARLIER_ORDERS: usize = 32;

    /// A line without history.
    pub fn new(address: LineAddress) -> Self {
        Self {
            address,
            seq: Seq(0),
            plan: Plan::default(),
            shift: None,
            hours: Vec::new(),
            machines: BTreeMap::new(),
            order: None,
            earlier_orders: VecDeque::new(),
            shift_output: Quantity::ZERO,
            shift_scrap: Quantity::ZERO,
            shift_planned_run_ms: None,
            stops: BTreeMap::new(),
            ended_stops: VecDeque::new(),
            stops_left_at: Seq(0),
            state_reported_at: Seq(0),
            conditions: BTreeMap::new(),
            alerts: BTreeMap::new(),
            site_cursor: Seq(0),
        }
    }

    /// An id that follows from the place of the event `offset` further on: the same on every replay.
    pub fn id_at(&self, offset: usize) -> Uuid {
        Uuid::new_v5(&EVENT_IDS, format!("{}#{}", self.address, self.seq.plus(offset + 1)).as_bytes())
    }

    /// What the line's indicators of the shift are made of: its output machine's times, or without one the sums
    /// over its machines. Nothing while no shift is on.
    pub fn kpi_inputs(&self, spec: &LineSpec, now: Timestamp) -> Option<KpiInputs> {
        let shift = self.shift.as_ref().filter(|shift| !shift.off)?;
        // The time of a machine that was never heard of is unknown time.
        let unheard = Timeline::unheard_of();
        let timeline = |code: &MachineCode| self.machines.get(code).map_or(&unheard, |known| &known.timeline);
        let times = |code: &MachineCode| timeline(code).times(shift, now);
        let times = match spec.output_machine() {
            Some(code) => times(code),
            None => spec.machines.keys().map(times).fold(StateTimes::default(), StateTimes::plus),
        };
        let planned_run_ms = self.shift_planned_run_ms;
        Some(KpiInputs { times, good: self.shift_output, scrap: self.shift_scrap, planned_run_ms })
    }

    /// What is aimed at now, with the order that runs.
    pub fn aim(&self, spec: &LineSpec) -> Aim {
        let article = self.order.as_ref().map(|progress| &progress.order.article);
        let ideal_cycle_s = spec.output_machine().and_then(|machine| spec.ideal_cycle_s(machine, article));
        Aim { ideal_cycle_s, oee_target: spec.oee_target }
    }

    /// The open alert of a rule (or device alarm) at a machine.
    pub fn alert_of(&self, rule: &str, machine: &MachineCode) -> Option<&Alert> {
        self.alerts.values().find(|alert| alert.rule == rule && alert.machine.as_ref() == Some(machine))
    }
}
