//! When the rules of a line raise and clear alerts: on-delay, deadband, machine down too long, device alarms.

use super::{ConditionKey, LineEvent, LineSpec, LineState};
use crate::alert::{Alert, AlertRule, Condition, NewAlert, alarm_rule};
use crate::ids::{MachineCode, MetricName};
use crate::message::AlarmMessage;
use crate::vocabulary::{MachineState, Severity};
use crate::{Code, Rejection, Timestamp};

/// How many alerts of a line may be open: device alarms beyond it are refused.
const MAX_OPEN_ALERTS: usize = 1000;

/// A number a machine measured.
pub(super) struct Reading<'a> {
    pub(super) machine: &'a MachineCode,
    pub(super) metric: &'a MetricName,
    pub(super) number: f64,
    pub(super) at: Timestamp,
}

/// Raises an alert, or the one again that is cleared and not yet acknowledged: flapping makes no crowd.
fn raise(
    state: &LineState,
    rule: String,
    machine: &MachineCode,
    severity: Severity,
    text: String,
    at: Timestamp,
    events: &mut Vec<LineEvent>,
) {
    let id = state.alert_of(&rule, machine).map_or_else(|| state.id_at(events.len()), |alert| alert.id);
    let new = NewAlert {
        id,
        site: state.address.site.clone(),
        line: Some(state.address.line.clone()),
        machine: Some(machine.clone()),
        rule,
        severity,
        text,
    };
    events.push(LineEvent::AlertRaised { alert: new.raise(at) });
}

fn is_active(state: &LineState, rule: &str, machine: &MachineCode) -> bool {
    state.alert_of(rule, machine).is_some_and(Alert::is_active)
}

fn clear(state: &LineState, rule: &str, machine: &MachineCode, at: Timestamp, events: &mut Vec<LineEvent>) {
    if let Some(alert) = state.alert_of(rule, machine).filter(|alert| alert.is_active()) {
        events.push(LineEvent::AlertCleared { id: alert.id, at: at.max(alert.raised_at) });
    }
}

/// Rules about a measure, when a new value comes in.
pub(super) fn measure(state: &LineState, spec: &LineSpec, seen: &Reading<'_>, events: &mut Vec<LineEvent>) {
    let watching = spec.rules_of(seen.machine).filter(|rule| rule.condition.metric() == Some(seen.metric));
    for rule in watching {
        let key = ConditionKey { rule: rule.code.clone(), machine: seen.machine.clone() };
        let since = state.conditions.get(&key);
        let crosses = rule.crosses(seen.number, since.is_some());
        match (crosses, since) {
            (true, None) => {
                events.push(LineEvent::ConditionStarted {
                    rule: rule.code.clone(),
                    machine: seen.machine.clone(),
                    since: seen.at,
                });
                if rule.condition.delay().0 == 0 {
                    raise_measure(state, rule, seen, events);
                }
            }
            (true, Some(since)) => {
                if seen.at - *since >= rule.condition.delay()
                    && !is_active(state, rule.code.as_str(), seen.machine)
                {
                    raise_measure(state, rule, seen, events);
                }
            }
            (false, Some(_)) => {
                events.push(LineEvent::ConditionEnded {
                    rule: rule.code.clone(),
                    machine: seen.machine.clone(),
                });
                clear(state, rule.code.as_str(), seen.machine, seen.at, events);
            }
            (false, None) => {}
        }
    }
}

fn raise_measure(state: &LineState, rule: &AlertRule, seen: &Reading<'_>, events: &mut Vec<LineEvent>) {
    let text = measure_text(rule, seen.machine, seen.number);
    raise(state, rule.code.to_string(), seen.machine, rule.severity, text, seen.at, events);
}

fn measure_text(rule: &AlertRule, machine: &MachineCode, number: f64) -> String {
    match &rule.condition {
        Condition::MeasureAbove(limit) => {
            format!("{machine}: {} is {number}, above {}", limit.metric, limit.limit)
        }
        Condition::MeasureBelow(limit) => {
            format!("{machine}: {} is {number}, below {}", limit.metric, limit.limit)
        }
        Condition::DownLongerThan { duration_s } => format!("{machine}: down for more than {duration_s} s"),
    }
}

/// A machine is known not to be down any more.
pub(super) fn clear_down(
    state: &LineState,
    spec: &LineSpec,
    machine: &MachineCode,
    at: Timestamp,
    events: &mut Vec<LineEvent>,
) {
    for rule in spec.rules_of(machine).filter(|rule| is_down_rule(rule)) {
        clear(state, rule.code.as_str(), machine, at, events);
    }
}

fn is_down_rule(rule: &AlertRule) -> bool {
    matches!(rule.condition, Condition::DownLongerThan { .. })
}

/// A machine's own alarm: it is its own rule.
pub(super) fn device_alarm(
    state: &LineState,
    machine: &MachineCode,
    message: &AlarmMessage,
    at: Timestamp,
    events: &mut Vec<LineEvent>,
) -> Result<(), Rejection> {
    let rule = alarm_rule(&message.code);
    if !message.active {
        clear(state, &rule, machine, at, events);
        return Ok(());
    }
    if is_active(state, &rule, machine) {
        return Ok(());
    }
    if state.alerts.len() >= MAX_OPEN_ALERTS {
        let detail = format!("the line has {MAX_OPEN_ALERTS} open alerts, acknowledge some first");
        return Err(Rejection::new(Code::TooLarge, Some("code"), detail));
    }
    let text = if message.text.is_empty() { message.code.to_string() } else { message.text.clone() };
    raise(state, rule, machine, message.severity, text, at, events);
    Ok(())
}

/// Delays that ran out, machines that are down for too long, and alerts whose rule or machine is gone.
pub(super) fn tick(state: &LineState, spec: &LineSpec, now: Timestamp, events: &mut Vec<LineEvent>) {
    for code in spec.machines.keys() {
        for rule in spec.rules_of(code) {
            let Some(since) = condition_since(state, rule, code) else { continue };
            if now - since >= rule.condition.delay() && !is_active(state, rule.code.as_str(), code) {
                let number = rule
                    .condition
                    .metric()
                    .and_then(|metric| state.machines.get(code)?.measures.get(metric)?.value.as_number());
                let text = measure_text(rule, code, number.unwrap_or_default());
                raise(state, rule.code.to_string(), code, rule.severity, text, now, events);
            }
        }
    }
    forget_what_is_gone(state, spec, now, events);
}

/// Since when the condition of a rule holds at a machine.
fn condition_since(state: &LineState, rule: &AlertRule, code: &MachineCode) -> Option<Timestamp> {
    if is_down_rule(rule) {
        let machine = state.machines.get(code)?;
        return machine.since.filter(|_| machine.state == MachineState::Down);
    }
    state.conditions.get(&ConditionKey { rule: rule.code.clone(), machine: code.clone() }).copied()
}

fn forget_what_is_gone(state: &LineState, spec: &LineSpec, now: Timestamp, events: &mut Vec<LineEvent>) {
    let watches = |rule: &str, machine: &MachineCode| {
        spec.machines.contains_key(machine) && spec.rules_of(machine).any(|r| r.code.as_str() == rule)
    };
    for key in state.conditions.keys().filter(|key| !watches(key.rule.as_str(), &key.machine)) {
        events.push(LineEvent::ConditionEnded { rule: key.rule.clone(), machine: key.machine.clone() });
    }
    for alert in state.alerts.values().filter(|alert| alert.is_active()) {
        let Some(machine) = &alert.machine else { continue };
        let own_alarm = alert.rule.starts_with("alarm:") && spec.machines.contains_key(machine);
        if !own_alarm && !watches(&alert.rule, machine) {
            events.push(LineEvent::AlertCleared { id: alert.id, at: now.max(alert.raised_at) });
        }
    }
}

/// When time alone will change something next: the end of the shift or of a delay.
pub fn next_deadline(state: &LineState, spec: &LineSpec) -> Option<Timestamp> {
    let shift_end = state.shift.as_ref().map(|shift| shift.to);
    let delays = spec.machines.keys().flat_map(|code| {
        spec.rules_of(code)
            .filter(|rule| !is_active(state, rule.code.as_str(), code))
            .filter_map(move |rule| Some(condition_since(state, rule, code)? + rule.condition.delay()))
    });
    delays.chain(shift_end).min()
}
