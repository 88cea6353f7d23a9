//! Stops: when they start and end, what a late state changes, and when a reason is another stop.

use super::*;
use MachineState::{Down, Idle, Running, Setup};

type Report = (i64, MachineState, Option<&'static str>);
type Interval = (MachineState, Option<&'static str>, i64, Option<i64>);

/// The stops of `m1` after reports in this order, by time.
fn stops_after(
    reports: &[(i64, MachineState, Option<&str>)],
) -> Vec<(MachineState, Option<String>, i64, Option<i64>)> {
    let mut plant = Plant::new();
    for (second, is, reason) in reports {
        plant.say(after(*second), state(*is, *reason));
        check_stops(&plant.state);
    }
    let second = |at: Timestamp| (at - start()).0 / 1000;
    let told = plant.state.stops.values();
    let mut stops: Vec<_> = told
        .map(|s| (s.state, s.reason.as_ref().map(ToString::to_string), second(s.from), s.to.map(second)))
        .collect();
    stops.sort_by_key(|stop| stop.2);
    stops
}

#[test]
fn states_make_stops() {
    let cases: Vec<(&str, Vec<Report>, Vec<Interval>)> = vec![
        ("running is none", vec![(0, Running, None)], vec![]),
        (
            "a stop ends when the machine runs",
            vec![(0, Down, None), (9, Running, None)],
            vec![(Down, None, 0, Some(9))],
        ),
        (
            "the same again changes nothing",
            vec![(0, Down, Some("jam")), (9, Down, None)],
            vec![(Down, Some("jam"), 0, None)],
        ),
        (
            "a reason given later is the stop's",
            vec![(0, Down, None), (9, Down, Some("jam"))],
            vec![(Down, Some("jam"), 0, None)],
        ),
        (
            "another reason is another stop",
            vec![(0, Down, Some("jam")), (9, Down, Some("blade"))],
            vec![(Down, Some("jam"), 0, Some(9)), (Down, Some("blade"), 9, None)],
        ),
        (
            "another state is another stop",
            vec![(0, Down, None), (9, Setup, None), (20, Running, None)],
            vec![(Down, None, 0, Some(9)), (Setup, None, 9, Some(20))],
        ),
        (
            "a late stop lies inside the time it was thought to run",
            vec![(0, Running, None), (30, Running, None), (10, Idle, Some("jam")), (40, Down, None)],
            vec![(Idle, Some("jam"), 10, Some(30)), (Down, None, 40, None)],
        ),
        (
            "a late stop ends where the next one begins",
            vec![(0, Running, None), (30, Down, None), (10, Idle, None)],
            vec![(Idle, None, 10, Some(30)), (Down, None, 30, None)],
        ),
        (
            "a late run ends the stop it lies in",
            vec![(0, Down, None), (30, Setup, None), (10, Running, None)],
            vec![(Down, None, 0, Some(10)), (Setup, None, 30, None)],
        ),
        (
            "a late state splits the stop it lies in",
            vec![(0, Down, None), (30, Running, None), (10, Setup, None)],
            vec![(Down, None, 0, Some(10)), (Setup, None, 10, Some(30))],
        ),
    ];
    for (case, reports, expected) in cases {
        let expected: Vec<_> =
            expected.into_iter().map(|(s, r, from, to)| (s, r.map(str::to_owned), from, to)).collect();
        assert_eq!(stops_after(&reports), expected, "{case}");
    }
}

#[test]
fn contact_lost_ends_the_stop_and_the_knowledge() {
    let mut plant = Plant::new();
    plant.tick(start());
    plant.say(start(), state(Down, Some("jam")));
    plant.now = after(60);
    assert_eq!(plant.lose_contact("m1").len(), 2);
    assert_eq!(plant.lose_contact("m1"), Vec::new());
    assert_eq!(plant.lose_contact("m2"), Vec::new());
    let machine = plant.m1();
    assert_eq!(
        (machine.state, &machine.reason, machine.since),
        (MachineState::Offline, &None, Some(after(60)))
    );
    let times = machine.timeline.times(plant.state.shift.as_ref().unwrap(), after(100));
    assert_eq!(times.down_ms, DurationMs::from_secs(60));
    check_stops(&plant.state);
}

#[test]
fn a_buffered_state_of_the_shift_before_counts_in_this_one() {
    let mut plant = Plant::new();
    plant.tick(start());
    plant.tick(after(600));
    plant.say(after(500), state(Running, None));
    let times = plant.m1().timeline.times(plant.state.shift.as_ref().unwrap(), after(700));
    assert_eq!((times.running_ms, times.unknown_ms), (DurationMs::from_secs(100), DurationMs(0)));
}

#[test]
fn ended_stops_leave_the_live_state_and_the_line_says_which_changed() {
    let mut plant = Plant::new();
    for n in 0..30 {
        for event in plant.say(after(2 * n), state(Down, None)) {
            assert!(matches!(event, LineEvent::StateReported { .. } | LineEvent::StopStarted { .. }));
        }
        plant.say(after(2 * n + 1), state(Running, None));
    }
    assert_eq!(plant.state.stops.len(), LineState::MAX_ENDED_STOPS);
    let mut replayed = LineState::new(plant.spec.address.clone());
    let told: Vec<_> = plant.log.iter().flat_map(|event| replayed.apply_and_tell(event).changed).collect();
    assert_eq!(replayed, plant.state);
    assert_eq!(told.len(), 60);
    assert!(matches!(told.last(), Some(Changed::Stop(stop)) if stop.to == Some(after(59))));
}
