//! What follows from a message, a command or the passing of time on a line.

use super::{LineEvent, LineSpec, LineState, Machine, OrderProgress, Totals};
use super::{alerts, stops};
use crate::ids::{MachineCode, Seq};
use crate::message::{AlarmMessage, Content, CountMessage, DeviceMessage, MeasureMessage, StateMessage};
use crate::order::RunningOrder;
use crate::receipt::TRUST_AFTER;
use crate::stop::{Heard, Stop};
use crate::vocabulary::MachineState;
use crate::{Code, Decision, Quantity, Receipt, Rejection, Timestamp};
use uuid::Uuid;

/// A device's message. Order and stock messages are the site's and not taken here.
pub fn decide_message(
    state: &LineState,
    spec: &LineSpec,
    code: &MachineCode,
    message: &DeviceMessage,
    received_at: Timestamp,
) -> Result<Decision<LineEvent>, Rejection> {
    if !spec.machines.contains_key(code) {
        return Err(Rejection::new(
            Code::UnknownMachine,
            Some("machine"),
            format!("there is no machine {code} on line {}", spec.address),
        ));
    }
    let machine = state.machines.get(code);
    let receipt = Receipt::new(&message.envelope, received_at)?;
    if let (Some(id), Some(machine)) = (&receipt.id, machine)
        && machine.ids.contains(id)
    {
        return Ok(Decision::Duplicate);
    }
    let at = At { state, spec, code, machine, receipt };
    Ok(Decision::Accepted(match &message.content {
        Content::State(content) => at.state(content),
        Content::Count(content) => vec![at.count(content)?],
        Content::Measure(content) => at.measure(content)?,
        Content::Alarm(content) => at.alarm(content)?,
        Content::Order(_) | Content::Stock(_) => {
            return Err(Rejection::invalid("topic", "order and stock messages belong to the site"));
        }
    }))
}

/// A message at a machine.
struct At<'a> {
    state: &'a LineState,
    spec: &'a LineSpec,
    code: &'a MachineCode,
    machine: Option<&'a Machine>,
    receipt: Receipt,
}

impl At<'_> {
    fn state(self, message: &StateMessage) -> Vec<LineEvent> {
        let late = self.machine.and_then(|m| m.state_at).is_some_and(|newest| self.receipt.at < newest);
        let at = self.receipt.at;
        let mut events = vec![LineEvent::StateReported {
            machine: self.code.clone(),
            state: message.state,
            reason: message.reason.clone(),
            late,
            receipt: self.receipt.clone(),
        }];
        if late {
            events.extend(self.late_changes(message).into_iter().flatten());
            return events;
        }
        events.extend(self.stop_changes(message, at));
        if !matches!(message.state, MachineState::Down | MachineState::Offline) {
            alerts::clear_down(self.state, self.spec, self.code, at, &mut events);
        }
        events
    }

    /// What a state that is already over when the hub hears of it does to the stops: it ends the one it lies
    /// in, is one itself if the machine stood, and the interrupted one goes on if it lasts until now.
    fn late_changes(&self, message: &StateMessage) -> Option<Vec<LineEvent>> {
        let machine = self.machine?;
        let (timeline, at) = (&machine.timeline, self.receipt.at);
        let own = || self.state.stops.values().filter(|stop| stop.machine == *self.code);
        let around = own().find(|stop| stop.covers(at));
        let told_before = match around {
            Some(stop) => stop.state == message.state,
            None => timeline.state_at(at).is_stop(),
        };
        // Stops that have left the state can no longer be changed, so nothing is put in their place.
        if told_before || !timeline.reaches(at) || at < machine.stops_settled_until {
            return None;
        }
        // A newest report that said the same again is no change, and ends the late state all the same.
        let change = timeline.next_change_after(at).or(machine.state_at)?;
        // Where a person cut a stop in two the machine reported nothing: the late state lasts over it.
        let reported = own().filter(|stop| stop.split_from.is_none()).map(|stop| stop.from);
        let to = reported.filter(|from| *from > at).fold(change, Ord::min);
        let inside = |stop: &&Stop| stop.from < to && stop.ends_after(at) && !stop.is_empty();
        let mut replaced: Vec<&Stop> = own().filter(inside).collect();
        replaced.sort_by_key(|stop| stop.from);
        let end = |stop: &&Stop| LineEvent::StopEnded { id: stop.id, to: at.max(stop.from) };
        let mut events: Vec<LineEvent> = replaced.iter().map(end).collect();
        if message.state.is_stop() {
            let stop = self.new_stop(message, at, 1 + events.len());
            events.push(LineEvent::StopStarted { stop: Stop { to: Some(to), ..stop } });
        }
        for stop in replaced.into_iter().filter(|stop| stop.ends_after(to)) {
            let id = self.state.id_at(1 + events.len());
            let rest = Stop { id, from: to, split_from: None, ..stop.clone() };
            events.push(LineEvent::StopStarted { stop: rest });
        }
        Some(events)
    }

    fn stop_changes(&self, message: &StateMessage, at: Timestamp) -> Vec<LineEvent> {
        let open = self.machine.and_then(|m| m.open_stop).and_then(|id| self.state.stops.get(&id));
        let mut events = Vec::new();
        // The parts of a stop that a person cut may reach further than the machine has reported.
        let mut from = self.machine.map_or(at, |machine| at.max(machine.stops_settled_until));
        if let Some(stop) = open {
            if stop.state == message.state {
                match stop.heard(message.reason.as_ref()) {
                    Heard::Again => return events,
                    Heard::Reason(reason) => {
                        return vec![LineEvent::StopReasonGiven { id: stop.id, reason: reason.clone() }];
                    }
                    Heard::Other => {}
                }
            }
            from = from.max(stops::end_open(self.state, stop, at, &mut events));
        }
        if message.state.is_stop() {
            events.push(LineEvent::StopStarted { stop: self.new_stop(message, from, 1 + events.len()) });
        }
        events
    }

    fn new_stop(&self, message: &StateMessage, from: Timestamp, offset: usize) -> Stop {
        let id = self.state.id_at(offset);
        Stop::new(id, self.code.clone(), message.state, message.reason.clone(), from)
    }

    fn count(self, message: &CountMessage) -> Result<LineEvent, Rejection> {
        let (good, scrap, totals) = match message {
            CountMessage::Increment { good, scrap } => (*good, *scrap, None),
            CountMessage::Total { good, scrap } => self.differences(*good, *scrap),
        };
        let (now_good, now_scrap) = self.machine.map_or_else(Default::default, |m| (m.good, m.scrap));
        now_good.checked_add(good)?;
        now_scrap.checked_add(scrap)?;
        let running = self.state.order.as_ref();
        // What was made before the order started is not the order's; a device's clock may be a little behind.
        let earliest = |progress: &&OrderProgress| progress.order.started_at - TRUST_AFTER;
        let order = running.filter(|progress| self.receipt.at >= earliest(progress));
        let output = self.spec.output_machine();
        let article = order.map(|progress| &progress.order.article);
        Ok(LineEvent::Counted {
            output: output == Some(self.code),
            order: order.map(|progress| progress.order.code.clone()),
            ideal_cycle_s: output.and_then(|machine| self.spec.ideal_cycle_s(machine, article)),
            machine: self.code.clone(),
            good,
            scrap,
            totals,
            receipt: self.receipt,
        })
    }

    /// The increments behind running totals: the first is a baseline, one that falls is a reset, and totals
    /// older than the newest ones say nothing new.
    fn differences(
        &self,
        good: Option<Quantity>,
        scrap: Option<Quantity>,
    ) -> (Quantity, Quantity, Option<Totals>) {
        let at = self.receipt.at;
        let before = self.machine.and_then(|machine| machine.totals);
        if before.is_some_and(|totals| at < totals.at) {
            return (Quantity::ZERO, Quantity::ZERO, None);
        }
        let difference = |total: Option<Quantity>, before: Option<Quantity>| match (total, before) {
            (Some(total), Some(before)) if total < before => total,
            (Some(total), Some(before)) => total.checked_sub(before).unwrap_or_default(),
            _ => Quantity::ZERO,
        };
        let old_good = before.and_then(|totals| totals.good);
        let old_scrap = before.and_then(|totals| totals.scrap);
        let totals = Totals { good: good.or(old_good), scrap: scrap.or(old_scrap), at };
        (difference(good, old_good), difference(scrap, old_scrap), Some(totals))
    }

    fn measure(self, message: &MeasureMessage) -> Result<Vec<LineEvent>, Rejection> {
        if let Some(machine) = self.machine {
            let new = message.values.keys().filter(|name| !machine.measures.contains_key(*name)).count();
            if machine.measures.len() + new > Machine::MAX_METRICS {
                return Err(Rejection::new(
                    Code::TooLarge,
                    Some("values"),
                    format!("a machine has at most {} different metrics", Machine::MAX_METRICS),
                ));
            }
        }
        let mut events = vec![LineEvent::Measured {
            machine: self.code.clone(),
            values: message.values.clone(),
            receipt: self.receipt.clone(),
        }];
        for (metric, value) in &message.values {
            let newest = self.machine.and_then(|machine| machine.measures.get(metric));
            let late = newest.is_some_and(|newest| self.receipt.at < newest.at);
            if let (Some(number), false) = (value.as_number(), late) {
                let seen = alerts::Reading { machine: self.code, metric, number, at: self.receipt.at };
                alerts::measure(self.state, self.spec, &seen, &mut events);
            }
        }
        Ok(events)
    }

    fn alarm(self, message: &AlarmMessage) -> Result<Vec<LineEvent>, Rejection> {
        let mut events = vec![LineEvent::AlarmReported {
            machine: self.code.clone(),
            code: message.code.clone(),
            active: message.active,
            severity: message.severity,
            text: message.text.clone(),
            receipt: self.receipt.clone(),
        }];
        alerts::device_alarm(self.state, self.code, message, self.receipt.at, &mut events)?;
        Ok(events)
    }
}

/// A device's session was lost for longer than the grace time.
pub fn decide_contact_lost(
    state: &LineState,
    spec: &LineSpec,
    code: &MachineCode,
    now: Timestamp,
) -> Vec<LineEvent> {
    let known = state.machines.get(code);
    if !spec.machines.contains_key(code) || known.is_none_or(|machine| machine.state == MachineState::Offline)
    {
        return Vec::new();
    }
    let at = known.and_then(|machine| machine.state_at).map_or(now, |newest| newest.max(now));
    let mut events = vec![LineEvent::ContactLost { machine: code.clone(), at }];
    if let Some(stop) = known.and_then(|m| m.open_stop).and_then(|id| state.stops.get(&id)) {
        events.push(LineEvent::StopEnded { id: stop.id, to: at.max(stop.from) });
    }
    events
}

/// Time passes: a shift ends, a delay runs out, a machine is down for too long; or the directory changed: another
/// calendar, a rule that was removed.
pub fn decide_tick(state: &LineState, spec: &LineSpec, now: Timestamp) -> Vec<LineEvent> {
    let mut events = Vec::new();
    let replanned = state.plan != spec.plan;
    if replanned {
        events.push(LineEvent::PlanSet { plan: spec.plan.clone() });
    }
    if replanned || state.shift.as_ref().is_none_or(|shift| now >= shift.to) {
        let shift = spec.plan.shift_at(&spec.address.line, now);
        match &state.shift {
            Some(current) if *current == shift => {}
            Some(current) if (current.from, current.off) == (shift.from, shift.off) => {
                events.push(LineEvent::ShiftChanged { shift });
            }
            _ => events.push(LineEvent::ShiftStarted { shift }),
        }
    }
    alerts::tick(state, spec, now, &mut events);
    events
}

/// The site says which order runs. What is older than what was taken in, or no news, changes nothing.
pub fn decide_running_order(
    state: &LineState,
    order: Option<RunningOrder>,
    site_seq: Seq,
    now: Timestamp,
) -> Vec<LineEvent> {
    if site_seq <= state.site_cursor {
        return Vec::new();
    }
    if state.order.as_ref().map(|progress| &progress.order) == order.as_ref() {
        return Vec::new();
    }
    vec![LineEvent::RunningOrderSet { order, site_seq, at: now }]
}

/// The line leaves the directory: nothing needs a person there any more.
pub fn decide_removed(state: &LineState, now: Timestamp) -> Vec<LineEvent> {
    let close = state.alerts.values().flat_map(|alert| {
        let at = now.max(alert.raised_at);
        let cleared = alert.is_active().then_some(LineEvent::AlertCleared { id: alert.id, at });
        let by = "directory".to_owned();
        let acked = alert.acked_at.is_none().then_some(LineEvent::AlertAcked { id: alert.id, by, at });
        cleared.into_iter().chain(acked)
    });
    close.collect()
}

/// A person acknowledges an alert; a second time changes nothing.
pub fn decide_ack(
    state: &LineState,
    id: Uuid,
    by: &str,
    now: Timestamp,
) -> Result<Vec<LineEvent>, Rejection> {
    let alert = state.alerts.get(&id).ok_or_else(|| {
        Rejection::new(Code::UnknownAlert, Some("id"), format!("there is no open alert {id}"))
    })?;
    if alert.acked_at.is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![LineEvent::AlertAcked { id, by: by.to_owned(), at: now }])
}
