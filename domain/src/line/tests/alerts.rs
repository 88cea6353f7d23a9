//! Alerts: on-delay, deadband, a machine down for too long, device alarms, and who acknowledges when.

use super::*;
use crate::Code;
use crate::alert::Alert;
use crate::vocabulary::AlertState;
use uuid::Uuid;

fn only(plant: &Plant) -> &Alert {
    assert_eq!(plant.state.alerts.len(), 1, "{:?}", plant.state.alerts);
    plant.state.alerts.values().next().unwrap()
}

fn active(plant: &Plant) -> bool {
    plant.state.alerts.values().any(Alert::is_active)
}

#[test]
fn a_measure_raises_after_its_delay_and_clears_past_the_deadband() {
    let mut plant = Plant::new();
    plant.tick(start());
    for (second, value, raised) in [
        (0, 80.0, false),  // the limit itself is not beyond it
        (10, 80.5, false), // the delay of 30 s begins
        (20, 79.0, false), // inside the deadband: the condition goes on
        (39, 82.0, false),
        (40, 82.0, true),
        (50, 75.5, true), // inside the deadband
        (60, 75.0, false),
        (70, 79.0, false), // a new condition needs the limit again
    ] {
        plant.say(after(second), temp(value));
        assert_eq!(active(&plant), raised, "{second}");
    }
    assert_eq!(only(&plant).raised_at, after(40));
    assert_eq!(only(&plant).cleared_at, Some(after(60)));
    assert_eq!(only(&plant).text, "m1: temp is 82, above 80");
}

#[test]
fn a_delay_runs_out_without_a_message() {
    let mut plant = Plant::new();
    plant.tick(start());
    plant.say(after(10), temp(90.0));
    assert_eq!(next_deadline(&plant.state, &plant.spec), Some(after(40)));
    assert_eq!(plant.tick(after(40) - DurationMs(1)), Vec::new());
    plant.tick(after(40));
    assert_eq!((only(&plant).rule.as_str(), only(&plant).raised_at), ("hot", after(40)));
    assert_eq!(plant.tick(after(41)), Vec::new());
    assert_eq!(next_deadline(&plant.state, &plant.spec), Some(after(600)), "the shift's end is next");
}

#[test]
fn a_rule_without_delay_raises_at_once_and_a_late_value_says_nothing() {
    let mut plant = Plant::new();
    plant.say(after(10), temp(20.0));
    plant.say(after(5), temp(1.0));
    assert!(plant.state.alerts.is_empty());
    assert_eq!(plant.m1().measures["temp"].at, after(10));
    plant.say(after(20), temp(4.9));
    assert_eq!((only(&plant).rule.as_str(), only(&plant).raised_at), ("cold", after(20)));
}

#[test]
fn down_for_too_long_is_raised_by_time_and_cleared_by_running() {
    let mut plant = Plant::new();
    plant.tick(start());
    plant.say(after(5), state(MachineState::Down, None));
    plant.say(after(30), state(MachineState::Down, Some("jam")));
    assert_eq!(next_deadline(&plant.state, &plant.spec), Some(after(65)));
    assert_eq!(plant.tick(after(65) - DurationMs(1)), Vec::new());
    plant.tick(after(65));
    assert_eq!((only(&plant).rule.as_str(), only(&plant).state), ("down-long", AlertState::Raised));
    plant.say(after(70), state(MachineState::Offline, None));
    assert!(active(&plant), "nobody knows whether it is still down");
    plant.say(after(80), state(MachineState::Running, None));
    assert_eq!((only(&plant).state, only(&plant).cleared_at), (AlertState::Cleared, Some(after(80))));
    plant.ack_all();
    assert!(plant.state.alerts.is_empty());
}

#[test]
fn a_flapping_alarm_is_one_alert() {
    let mut plant = Plant::new();
    for n in 0..10 {
        plant.say(after(2 * n), alarm("E1", true));
        plant.say(after(2 * n), alarm("E1", true));
        plant.say(after(2 * n + 1), alarm("E1", false));
    }
    plant.say(after(30), alarm("E1", true));
    assert_eq!((only(&plant).state, only(&plant).raised_at), (AlertState::Raised, after(30)));
    assert_eq!((only(&plant).text.as_str(), only(&plant).rule.as_str()), ("E1", "alarm:E1"));
}

#[test]
fn an_alert_leaves_when_it_is_cleared_and_acknowledged_in_either_order() {
    for ack_first in [true, false] {
        let mut plant = Plant::new();
        plant.say(start(), alarm("E1", true));
        let id = only(&plant).id;
        if ack_first {
            plant.ack_all();
            assert_eq!(only(&plant).state, AlertState::Acknowledged);
            assert_eq!(decide_ack(&plant.state, id, "bo@demo.local", plant.now).unwrap(), Vec::new());
            plant.say(after(9), alarm("E1", false));
        } else {
            plant.say(after(9), alarm("E1", false));
            assert_eq!(only(&plant).state, AlertState::Cleared);
            plant.ack_all();
        }
        assert!(plant.state.alerts.is_empty());
        assert_eq!(
            decide_ack(&plant.state, id, "bo@demo.local", plant.now).unwrap_err().code,
            Code::UnknownAlert
        );
        let mut replayed = LineState::new(plant.spec.address.clone());
        let last = plant.log.iter().flat_map(|event| replayed.apply_and_tell(event).changed).last();
        assert!(matches!(last, Some(Changed::Alert(alert)) if alert.is_closed() && alert.id == id));
        plant.say(after(20), alarm("E1", true));
        assert_ne!(only(&plant).id, id, "what comes back after it was closed is another alert");
    }
}

#[test]
fn an_unknown_alert_cannot_be_acknowledged() {
    let plant = Plant::new();
    assert_eq!(decide_ack(&plant.state, Uuid::nil(), "x", start()).unwrap_err().code, Code::UnknownAlert);
}

#[test]
fn alerts_of_a_removed_rule_or_machine_are_cleared() {
    let mut plant = Plant::new();
    plant.tick(start());
    plant.say(start(), temp(1.0));
    plant.say(start(), alarm("E1", true));
    plant.spec.rules.clear();
    plant.tick(after(1));
    let standing = |plant: &Plant| plant.state.alerts.values().filter(|a| a.is_active()).count();
    assert_eq!((standing(&plant), plant.state.conditions.len()), (1, 0));
    plant.spec.machines.remove("m1");
    plant.tick(after(2));
    assert_eq!(standing(&plant), 0);
    assert_eq!(plant.tick(after(3)), Vec::new());
}
