//! A line with its log and the time, and short ways to write what is said to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::super::*;
use crate::alert::{AlertRule, Condition, MeasureLimit};
use crate::calendar::Plan;
use crate::ids::{LineAddress, MachineCode, Seq};
use crate::message::{
    AlarmMessage, Content, CountMessage, DeviceMessage, MeasureMessage, MeasureValue, StateMessage,
};
use crate::order::RunningOrder;
use crate::receipt::Envelope;
use crate::stop::Stop;
use crate::tenant::TimeZoneName;
use crate::vocabulary::{MachineState, Severity};
use crate::{Decision, DurationMs, Quantity, Rejection, Timestamp};

pub(super) const MACHINES: [&str; 2] = ["m1", "m2"];
pub(super) const ORDERS: [&str; 3] = ["A1", "A2", "A3"];

/// Ten minutes before the late shift of Paris.
pub(super) fn start() -> Timestamp {
    "2026-11-22T12:50:00Z".parse().unwrap()
}

pub(super) fn after(seconds: i64) -> Timestamp {
    start() + DurationMs::from_secs(seconds)
}

pub(super) fn code(machine: &str) -> MachineCode {
    machine.parse().unwrap()
}

pub(super) fn units(n: i64) -> Quantity {
    Quantity::from_units(n)
}

pub(super) fn rule(code: &str, condition: Condition) -> AlertRule {
    AlertRule {
        code: code.parse().unwrap(),
        condition,
        severity: Severity::High,
        site: None,
        line: None,
        machine: None,
        version: 1,
    }
}

pub(super) fn limit(limit: f64, deadband: f64, on_delay_s: u32) -> MeasureLimit {
    MeasureLimit { metric: "temp".parse().unwrap(), limit, deadband, on_delay_s }
}

pub(super) fn spec() -> LineSpec {
    let machine = |name: &str, output| MachineSpec {
        name: name.to_owned(),
        output,
        ideal_cycle_s: Some(5.0),
        ideal_cycles: Default::default(),
    };
    LineSpec {
        address: LineAddress {
            tenant: "demo".parse().unwrap(),
            site: "lyon".parse().unwrap(),
            line: "saw".parse().unwrap(),
        },
        name: "Saw line".to_owned(),
        reasons: Vec::new(),
        oee_target: None,
        plan: Plan { time_zone: TimeZoneName::parse("Europe/Paris").unwrap(), calendar: Arc::default() },
        machines: [(code("m1"), machine("Saw", true)), (code("m2"), machine("Feeder", false))].into(),
        rules: vec![
            rule("down-long", Condition::DownLongerThan { duration_s: 60 }),
            rule("hot", Condition::MeasureAbove(limit(80.0, 5.0, 30))),
            rule("cold", Condition::MeasureBelow(limit(5.0, 1.0, 0))),
        ],
    }
}

pub(super) fn state(state: MachineState, reason: Option<&str>) -> Content {
    Content::State(StateMessage { state, reason: reason.map(|reason| reason.parse().unwrap()) })
}

pub(super) fn made(good: i64, scrap: i64) -> Content {
    Content::Count(CountMessage::Increment { good: units(good), scrap: units(scrap) })
}

pub(super) fn total(good: impl Into<Option<i64>>, scrap: impl Into<Option<i64>>) -> Content {
    Content::Count(CountMessage::Total { good: good.into().map(units), scrap: scrap.into().map(units) })
}

pub(super) fn temp(value: f64) -> Content {
    let values = [("temp".parse().unwrap(), MeasureValue::Number(value))].into();
    Content::Measure(MeasureMessage { values })
}

pub(super) fn alarm(alarm: &str, active: bool) -> Content {
    Content::Alarm(AlarmMessage {
        code: alarm.parse().unwrap(),
        active,
        severity: Severity::Medium,
        text: String::new(),
    })
}

pub(super) fn running_order(order: &str, started_at: Timestamp) -> RunningOrder {
    RunningOrder {
        code: order.parse().unwrap(),
        article: "plate".parse().unwrap(),
        quantity: units(100),
        started_at,
        good: Quantity::ZERO,
        scrap: Quantity::ZERO,
        due: None,
    }
}

/// A line with its log and the time.
pub(super) struct Plant {
    pub(super) spec: LineSpec,
    pub(super) state: LineState,
    pub(super) log: Vec<LineEvent>,
    pub(super) now: Timestamp,
    pub(super) site_seq: u64,
    /// Every stop there ever was, as the projection has it.
    pub(super) told: BTreeMap<Uuid, Stop>,
    /// A stop that a person read a while ago.
    pub(super) held: Option<FoundStop>,
}

impl Plant {
    pub(super) fn new() -> Self {
        let spec = spec();
        let state = LineState::new(spec.address.clone());
        Self { spec, state, log: Vec::new(), now: start(), site_seq: 0, told: BTreeMap::new(), held: None }
    }

    pub(super) fn take(&mut self, events: Vec<LineEvent>) -> Vec<LineEvent> {
        for event in &events {
            for changed in self.state.apply_and_tell(event).changed {
                if let Changed::Stop(stop) = changed {
                    self.told.insert(stop.id, stop);
                }
            }
        }
        self.log.extend(events.iter().cloned());
        events
    }

    pub(super) fn send(
        &mut self,
        machine: &str,
        envelope: Envelope,
        content: Content,
    ) -> Result<Decision<LineEvent>, Rejection> {
        let message = DeviceMessage { envelope, content };
        let decision = decide_message(&self.state, &self.spec, &code(machine), &message, self.now)?;
        self.take(decision.events().to_vec());
        Ok(decision)
    }

    /// A message of `m1` with a device time, received now or then, whichever is later.
    pub(super) fn say(&mut self, at: Timestamp, content: Content) -> Vec<LineEvent> {
        self.now = self.now.max(at);
        let envelope = Envelope { id: None, at: Some(at), buffered: true };
        self.send("m1", envelope, content).unwrap().into_events()
    }

    pub(super) fn tick(&mut self, now: Timestamp) -> Vec<LineEvent> {
        self.now = self.now.max(now);
        let events = decide_tick(&self.state, &self.spec, self.now);
        self.take(events)
    }

    pub(super) fn set_order(&mut self, order: Option<RunningOrder>) -> Vec<LineEvent> {
        self.site_seq += 1;
        let events = decide_running_order(&self.state, order, Seq(self.site_seq), self.now);
        self.take(events)
    }

    pub(super) fn lose_contact(&mut self, machine: &str) -> Vec<LineEvent> {
        let events = decide_contact_lost(&self.state, &self.spec, &code(machine), self.now);
        self.take(events)
    }

    pub(super) fn ack_all(&mut self) {
        for id in self.state.alerts.keys().copied().collect::<Vec<_>>() {
            let events = decide_ack(&self.state, id, "anna@demo.local", self.now).unwrap();
            self.take(events);
        }
    }

    /// A stop as a person reads it, to change it.
    pub(super) fn read_stop(&self, id: Uuid, split_at: Option<Timestamp>) -> FoundStop {
        let split_off = split_at.and_then(|at| self.told.get(&split_id(&self.spec.address, id, at)));
        FoundStop { stop: self.told[&id].clone(), split_off: split_off.cloned(), read_at: self.state.seq }
    }

    pub(super) fn change_read(
        &mut self,
        found: &FoundStop,
        change: &StopChange,
    ) -> Result<StopChanged, StopRefusal> {
        let changed =
            decide_stop_change(&self.state, &self.spec, found, change, "anna@demo.local", self.now)?;
        self.take(changed.events.clone());
        Ok(changed)
    }

    pub(super) fn change_stop(&mut self, id: Uuid, change: &StopChange) -> Result<StopChanged, StopRefusal> {
        self.change_read(&self.read_stop(id, change.split_at), change)
    }

    pub(super) fn m1(&self) -> &Machine {
        &self.state.machines["m1"]
    }
}
