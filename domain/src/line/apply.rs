//! How each event changes a line. Never fails, never reads a clock.

use super::{ConditionKey, LineEvent, LineState, Machine, Measured, OrderProgress};
use crate::alert::Alert;
use crate::ids::MachineCode;
use crate::order::RunningOrder;
use crate::shift::Shift;
use crate::stop::Stop;
use crate::vocabulary::MachineState;
use crate::{Quantity, Receipt, Timestamp};
use uuid::Uuid;

impl LineState {
    /// Takes one event in; its seq is the next.
    pub fn apply(&mut self, event: &LineEvent) {
        self.seq = self.seq.plus(1);
        match event {
            LineEvent::StateReported { machine, state, reason, late, receipt } => {
                let machine = self.heard_from(machine, receipt);
                if let (true, Some(newest_at)) = (*late, machine.state_at) {
                    machine.timeline.record_late(receipt.at, *state, newest_at);
                } else {
                    machine.timeline.record(receipt.at, *state);
                    // A state that is only said again keeps the reason it was given.
                    if machine.state != *state || reason.is_some() {
                        machine.reason.clone_from(reason);
                    }
                    machine.change_to(*state, receipt.at);
                }
            }
            LineEvent::Counted { machine, good, scrap, totals, output, order, receipt, .. } => {
                let shift = self.shift.clone();
                let machine = self.heard_from(machine, receipt);
                machine.totals = totals.or(machine.totals);
                machine.good = machine.good.saturating_add(*good);
                machine.scrap = machine.scrap.saturating_add(*scrap);
                let in_shift = shift.is_some_and(|shift| receipt.at >= shift.from);
                if in_shift {
                    machine.shift_good = machine.shift_good.saturating_add(*good);
                    machine.shift_scrap = machine.shift_scrap.saturating_add(*scrap);
                }
                let output = if *output { *good } else { Quantity::ZERO };
                if in_shift {
                    self.shift_output = self.shift_output.saturating_add(output);
                    self.shift_scrap = self.shift_scrap.saturating_add(*scrap);
                }
                if let Some(progress) = self.order.as_mut().filter(|p| Some(&p.order.code) == order.as_ref())
                {
                    progress.good = progress.good.saturating_add(output);
                    progress.scrap = progress.scrap.saturating_add(*scrap);
                }
            }
            LineEvent::Measured { machine, values, receipt } => {
                let machine = self.heard_from(machine, receipt);
                for (name, value) in values {
                    let measured = Measured { value: value.clone(), at: receipt.at };
                    match machine.measures.get_mut(name) {
                        Some(newest) if receipt.at < newest.at => {}
                        Some(newest) => *newest = measured,
                        None => {
                            machine.measures.insert(name.clone(), measured);
                        }
                    }
                }
            }
            LineEvent::AlarmReported { machine, receipt, .. } => {
                self.heard_from(machine, receipt);
            }
            LineEvent::ContactLost { machine, at } => {
                let machine = self.machine(machine);
                machine.timeline.record(*at, MachineState::Offline);
                machine.change_to(MachineState::Offline, *at);
                machine.reason = None;
            }
            LineEvent::StopStarted { stop } => self.start_stop(stop),
            LineEvent::StopEnded { id, to } => self.end_stop(*id, *to),
            LineEvent::StopReasonGiven { id, reason } => {
                if let Some(stop) = self.stops.get_mut(id) {
                    stop.reason = Some(reason.clone());
                }
            }
            LineEvent::ConditionStarted { rule, machine, since } => {
                let key = ConditionKey { rule: rule.clone(), machine: machine.clone() };
                self.conditions.insert(key, *since);
            }
            LineEvent::ConditionEnded { rule, machine } => {
                let key = ConditionKey { rule: rule.clone(), machine: machine.clone() };
                self.conditions.remove(&key);
            }
            LineEvent::AlertRaised { alert } => {
                self.alerts.insert(alert.id, alert.clone());
            }
            LineEvent::AlertAcked { id, by, at } => self.change_alert(*id, |alert| alert.ack(by, *at)),
            LineEvent::AlertCleared { id, at } => self.change_alert(*id, |alert| alert.clear(*at)),
            LineEvent::ShiftStarted { shift } => self.start_shift(shift),
            LineEvent::RunningOrderSet { order, site_seq, .. } => {
                self.site_cursor = *site_seq;
                self.set_order(order.clone());
            }
        }
    }

    /// The line's own figures of an order that ran here before are ahead of the site's: they go on.
    fn set_order(&mut self, order: Option<RunningOrder>) {
        if let Some(before) = self.order.take() {
            self.earlier_orders.retain(|earlier| earlier.order.code != before.order.code);
            self.earlier_orders.push_back(before);
            if self.earlier_orders.len() > Self::MAX_EARLIER_ORDERS {
                self.earlier_orders.pop_front();
            }
        }
        self.order = order.map(|order| {
            let own = self.earlier_orders.iter().find(|earlier| earlier.order.code == order.code);
            let (good, scrap) = own.map_or((order.good, order.scrap), |own| (own.good, own.scrap));
            OrderProgress { good, scrap, order }
        });
    }

    fn machine(&mut self, code: &MachineCode) -> &mut Machine {
        let shift_from = self.shift_from();
        self.machines.entry(code.clone()).or_insert_with(|| Machine::unheard_of(shift_from))
    }

    fn heard_from(&mut self, code: &MachineCode, receipt: &Receipt) -> &mut Machine {
        let machine = self.machine(code);
        if let Some(id) = &receipt.id {
            machine.ids.insert(id);
        }
        machine.last_seen = machine.last_seen.max(Some(receipt.received_at));
        machine.clock_skew = receipt.clock_skew();
        machine
    }

    fn start_stop(&mut self, stop: &Stop) {
        self.stops.insert(stop.id, stop.clone());
        if stop.to.is_none() {
            self.machine(&stop.machine).open_stop = Some(stop.id);
        } else {
            self.keep_ended(stop.id);
        }
    }

    fn end_stop(&mut self, id: Uuid, to: Timestamp) {
        let Some(stop) = self.stops.get_mut(&id) else { return };
        // A late message may end a stop earlier than it was thought to end.
        if stop.to.replace(to).is_some() {
            return;
        }
        let code = stop.machine.clone();
        let machine = self.machine(&code);
        if machine.open_stop == Some(id) {
            machine.open_stop = None;
        }
        self.keep_ended(id);
    }

    fn keep_ended(&mut self, id: Uuid) {
        self.ended_stops.push_back(id);
        if self.ended_stops.len() > Self::MAX_ENDED_STOPS
            && let Some(oldest) = self.ended_stops.pop_front()
        {
            self.stops.remove(&oldest);
        }
    }

    fn change_alert(&mut self, id: Uuid, change: impl FnOnce(&mut Alert) -> bool) {
        if let Some(alert) = self.alerts.get_mut(&id) {
            change(alert);
            if alert.is_closed() {
                self.alerts.remove(&id);
            }
        }
    }

    fn start_shift(&mut self, shift: &Shift) {
        for machine in self.machines.values_mut() {
            machine.shift_good = Quantity::ZERO;
            machine.shift_scrap = Quantity::ZERO;
            machine.timeline.start_shift(shift.from);
        }
        self.shift_output = Quantity::ZERO;
        self.shift_scrap = Quantity::ZERO;
        for id in self.ended_stops.drain(..) {
            self.stops.remove(&id);
        }
        self.shift = Some(shift.clone());
    }
}

impl Machine {
    fn change_to(&mut self, state: MachineState, at: Timestamp) {
        self.state_at = Some(at);
        if self.state != state || self.since.is_none() {
            self.state = state;
            self.since = Some(at);
        }
    }
}

/// What changed for the outside with an event: the stop or alert as it is now, if it was one.
#[derive(Clone, Debug, PartialEq)]
pub enum Changed {
    /// A stop.
    Stop(Stop),
    /// An alert; a closed one has left the state.
    Alert(Alert),
}

impl LineState {
    /// Applies an event and says which stop or alert it changed.
    pub fn apply_and_tell(&mut self, event: &LineEvent) -> Option<Changed> {
        let (stop, alert) = match event {
            LineEvent::StopStarted { stop } => (Some(stop.id), None),
            LineEvent::StopEnded { id, .. } | LineEvent::StopReasonGiven { id, .. } => (Some(*id), None),
            LineEvent::AlertRaised { alert } => (None, Some(alert.id)),
            LineEvent::AlertAcked { id, .. } | LineEvent::AlertCleared { id, .. } => (None, Some(*id)),
            _ => (None, None),
        };
        let stop_before = stop.and_then(|id| self.stops.get(&id).cloned());
        let alert_before = alert.and_then(|id| self.alerts.get(&id).cloned());
        self.apply(event);
        if let Some(id) = stop {
            let told = match event {
                LineEvent::StopStarted { stop } => Some(stop.clone()),
                _ => self.stops.get(&id).cloned().or_else(|| ended(stop_before, event)),
            };
            return told.map(Changed::Stop);
        }
        if let Some(id) = alert {
            let told = self.alerts.get(&id).cloned().or_else(|| closed(alert_before, event));
            return told.map(Changed::Alert);
        }
        None
    }
}

/// A stop that left the state with the event that ended it.
fn ended(before: Option<Stop>, event: &LineEvent) -> Option<Stop> {
    let mut stop = before?;
    if let LineEvent::StopEnded { to, .. } = event {
        stop.to = Some(*to);
    }
    Some(stop)
}

/// An alert that left the state with the event that closed it.
fn closed(before: Option<Alert>, event: &LineEvent) -> Option<Alert> {
    let mut alert = before?;
    match event {
        LineEvent::AlertAcked { by, at, .. } => alert.ack(by, *at),
        LineEvent::AlertCleared { at, .. } => alert.clear(*at),
        _ => false,
    };
    Some(alert)
}
