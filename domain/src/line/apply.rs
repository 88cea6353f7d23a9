//! How each event changes a line. Never fails, never reads a clock.

use super::{ConditionKey, LineEvent, LineState, Machine, Measured, OrderProgress};
use crate::alert::Alert;
use crate::history::{HourDelta, StateChange};
use crate::ids::{MachineCode, ReasonCode};
use crate::kpi::run_time;
use crate::order::RunningOrder;
use crate::shift::Shift;
use crate::stop::{Heard, Stop};
use crate::timeline::Correction;
use crate::vocabulary::MachineState;
use crate::{Quantity, Receipt, Timestamp};
use uuid::Uuid;

impl LineState {
    /// Takes one event in; its seq is the next.
    pub fn apply(&mut self, event: &LineEvent) {
        let _past = self.take(event);
    }

    /// Takes one event in, and tells what it corrects of the past of the machine it is about.
    fn take(&mut self, event: &LineEvent) -> Vec<Correction> {
        self.seq = self.seq.plus(1);
        let mut corrections = Vec::new();
        match event {
            LineEvent::StateReported { machine, state, reason, late, receipt } => {
                self.state_reported_at = self.seq;
                let is_classified = self.stands_classified(machine, *state);
                let is_new = self.is_told_new(machine, *state, reason.as_ref());
                let shift = self.shift.take();
                let machine = self.heard_from(machine, receipt);
                if let (true, Some(newest_at)) = (*late, machine.state_at) {
                    corrections = machine.timeline.record_late(receipt.at, *state, newest_at, shift.as_ref());
                } else {
                    corrections = machine.timeline.record(receipt.at, *state, shift.as_ref());
                    if machine.state == *state && is_new {
                        corrections.extend(machine.timeline.repeat(receipt.at, shift.as_ref()));
                    }
                    // A state that is only said again keeps the reason it was given; a person's reason stays
                    // until the stop says otherwise.
                    if machine.state != *state || (reason.is_some() && !is_classified) {
                        machine.reason.clone_from(reason);
                    }
                    machine.change_to(*state, receipt.at);
                }
                self.shift = shift;
            }
            LineEvent::Counted { machine, good, scrap, totals, output, order, receipt, ideal_cycle_s } => {
                let machine = self.heard_from(machine, receipt);
                machine.totals = totals.or(machine.totals);
                machine.good = machine.good.saturating_add(*good);
                machine.scrap = machine.scrap.saturating_add(*scrap);
                let output = if *output { *good } else { Quantity::ZERO };
                if self.shift.as_ref().is_some_and(|shift| receipt.at >= shift.from) {
                    self.shift_output = self.shift_output.saturating_add(output);
                    self.shift_scrap = self.shift_scrap.saturating_add(*scrap);
                    if let Some(cycle_s) = ideal_cycle_s {
                        let planned_run = self.shift_planned_run_ms.get_or_insert_default();
                        *planned_run = *planned_run + run_time(*cycle_s, output.saturating_add(*scrap));
                    }
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
                self.state_reported_at = self.seq;
                let shift = self.shift.take();
                let machine = self.machine(machine);
                corrections = machine.timeline.record(*at, MachineState::Offline, shift.as_ref());
                machine.change_to(MachineState::Offline, *at);
                machine.reason = None;
                self.shift = shift;
            }
            LineEvent::StopStarted { stop } => {
                self.start_stop(stop);
                self.note(stop.id);
            }
            LineEvent::StopEnded { id, to } => {
                self.note(*id);
                self.end_stop(*id, *to);
            }
            LineEvent::StopReasonGiven { id, reason } => {
                if let Some(stop) = self.stops.get_mut(id) {
                    stop.give_reason(reason);
                }
                self.note(*id);
                self.show_reason(*id);
            }
            LineEvent::StopClassified { stop } | LineEvent::StopCommented { stop, .. } => {
                self.replace_stop(stop);
            }
            LineEvent::StopSplit { stop, split_off, .. } => self.split_stop(stop, split_off),
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
            LineEvent::PlanSet { plan } => self.plan = plan.clone(),
            LineEvent::ShiftChanged { shift } => self.enter_shift(shift),
            LineEvent::ShiftStarted { shift } => self.start_shift(shift),
            LineEvent::RunningOrderSet { order, site_seq, .. } => {
                self.site_cursor = *site_seq;
                self.set_order(order.clone());
            }
        }
        corrections
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
        self.machines.entry(code.clone()).or_insert_with(Machine::unheard_of)
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
            self.show_reason(stop.id);
        } else {
            self.keep_ended(stop.id);
        }
    }

    /// Whether a report of a state says more than is known: the first one always does, and one with a reason of
    /// the machine's own that a person has overruled does not.
    pub(super) fn is_told_new(
        &self,
        machine: &MachineCode,
        state: MachineState,
        reason: Option<&ReasonCode>,
    ) -> bool {
        let Some(known) = self.machines.get(machine) else { return true };
        if known.since.is_none() || known.state != state {
            return true;
        }
        let stop = known.open_stop.and_then(|id| self.stops.get(&id));
        let is_again = stop.is_some_and(|stop| stop.heard(reason) == Heard::Again);
        reason.is_some() && known.reason.as_ref() != reason && !is_again
    }

    /// Whether the machine stands in this state already, and a person said why.
    fn stands_classified(&self, machine: &MachineCode, state: MachineState) -> bool {
        let machine = self.machines.get(machine).filter(|machine| machine.state == state);
        let stop = machine.and_then(|machine| machine.open_stop).and_then(|id| self.stops.get(&id));
        stop.is_some_and(Stop::is_classified)
    }

    /// The reason of the stop that a machine stands in is the machine's.
    fn show_reason(&mut self, id: Uuid) {
        let Some(stop) = self.stops.get(&id) else { return };
        if let Some(machine) = self.machines.get_mut(&stop.machine)
            && machine.open_stop == Some(id)
        {
            machine.reason.clone_from(&stop.reason);
        }
    }

    /// A stop remembers this event and the report that led to it.
    fn note(&mut self, id: Uuid) {
        if let Some(stop) = self.stops.get_mut(&id) {
            stop.made_of(self.state_reported_at);
            stop.made_of(self.seq);
        }
    }

    fn replace_stop(&mut self, stop: &Stop) {
        match self.stops.get_mut(&stop.id) {
            Some(known) => known.clone_from(stop),
            None => self.stops_left_at = self.seq,
        }
        self.show_reason(stop.id);
    }

    fn split_stop(&mut self, stop: &Stop, split_off: &Stop) {
        let Some(known) = self.stops.get_mut(&stop.id) else {
            self.stops_left_at = self.seq;
            return;
        };
        known.clone_from(stop);
        self.start_stop(split_off);
        if split_off.to.is_none() {
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
            self.forget_stop(oldest);
        }
    }

    fn forget_stop(&mut self, id: Uuid) {
        let Some(stop) = self.stops.remove(&id) else { return };
        self.stops_left_at = self.seq;
        let machine = self.machine(&stop.machine);
        machine.stops_settled_until = machine.stops_settled_until.max(stop.to.unwrap_or_default());
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
            machine.timeline.start_shift(shift.from);
        }
        self.shift_output = Quantity::ZERO;
        self.shift_scrap = Quantity::ZERO;
        self.shift_planned_run_ms = None;
        for id in std::mem::take(&mut self.ended_stops) {
            self.forget_stop(id);
        }
        self.enter_shift(shift);
    }

    fn enter_shift(&mut self, shift: &Shift) {
        self.hours = self.plan.hours_of(shift);
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

/// What others keep of an event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// The stops or the alert that it changed.
    pub changed: Vec<Changed>,
    /// Changes of state.
    pub states: Vec<StateChange>,
    /// What it adds to the figures of hours.
    pub hours: Vec<HourDelta>,
}

impl LineState {
    /// Applies an event and tells what others keep of it.
    pub fn apply_and_tell(&mut self, event: &LineEvent) -> Told {
        let states = self.state_changes(event);
        let (changed, corrections) = self.apply_and_compare(event);
        let hours = match event {
            LineEvent::StateReported { machine, .. } | LineEvent::ContactLost { machine, .. } => {
                self.hours_of_states(machine, &corrections)
            }
            _ => self.hour_of_count(event).into_iter().collect(),
        };
        Told { changed, states, hours }
    }

    fn apply_and_compare(&mut self, event: &LineEvent) -> (Vec<Changed>, Vec<Correction>) {
        let alert = match event {
            LineEvent::AlertRaised { alert } => Some(alert.id),
            LineEvent::AlertAcked { id, .. } | LineEvent::AlertCleared { id, .. } => Some(*id),
            _ => None,
        };
        let alert_before = alert.and_then(|id| self.alerts.get(&id).cloned());
        let corrections = self.take(event);
        if let Some(id) = alert {
            let told = self.alerts.get(&id).cloned().or_else(|| closed(alert_before, event));
            return (told.map(Changed::Alert).into_iter().collect(), corrections);
        }
        (self.changed_stops(event), corrections)
    }

    /// The stops that an event changed, once it is applied.
    fn changed_stops(&self, event: &LineEvent) -> Vec<Changed> {
        // The newest of the ended stops stay in the state, so the one that has just changed is there.
        let known = |id: &Uuid| self.stops.get(id).cloned().map(Changed::Stop);
        match event {
            LineEvent::StopStarted { stop } => known(&stop.id).into_iter().collect(),
            LineEvent::StopEnded { id, .. } | LineEvent::StopReasonGiven { id, .. } => {
                known(id).into_iter().collect()
            }
            LineEvent::StopClassified { stop } | LineEvent::StopCommented { stop, .. } => {
                vec![Changed::Stop(stop.clone())]
            }
            LineEvent::StopSplit { stop, split_off, .. } => {
                vec![Changed::Stop(stop.clone()), Changed::Stop(split_off.clone())]
            }
            _ => Vec::new(),
        }
    }
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
