//! The history of machines: changes of state are replaced, figures of hours are added up, both are read by span.

use actors::ports::{HourQuery, HourRow, Row, StateQuery, Store};
use domain::DurationMs;
use domain::history::{HourDelta, HourFigures, SliceKey, StateChange};
use domain::vocabulary::{MachineState, OrderState};

use crate::fixtures::*;

const HOUR: i64 = 3_600_000;

fn state(of: &str, change: StateChange) -> Row {
    Row::MachineState(line(of), Box::new(change))
}

fn hour(of: &str, delta: HourDelta) -> Row {
    Row::KpiHour(line(of), Box::new(delta))
}

async fn states(store: &dyn Store, machine: Option<&str>, from: i64, to: i64) -> Vec<StateChange> {
    let query = StateQuery { line: line("saw"), machine: machine.map(code), from: at(from), to: at(to) };
    store.machine_states(&query).await.unwrap()
}

async fn hours(store: &dyn Store, of: Option<&str>, from: i64, to: i64) -> Vec<HourRow> {
    let query = HourQuery { site: site("linz"), line: of.map(code), from: at(from), to: at(to) };
    store.kpi_hours(&query).await.unwrap()
}

pub(crate) async fn states_are_those_in_force_and_those_that_follow(store: &dyn Store) {
    assert!(states(store, None, 0, 100).await.is_empty());
    let (s1, s2, s3) = (
        [10, 20, 30].map(|from| state_change("s1", from, MachineState::Running)),
        [25].map(|from| state_change("s2", from, MachineState::Down)),
        [5, 40].map(|from| state_change("s3", from, MachineState::Idle)),
    );
    let rows = s3.iter().chain(&s1).chain(&s2).map(|change| state("saw", change.clone()));
    put(store, rows.collect()).await;
    put(store, vec![state("mill", state_change("s1", 15, MachineState::Setup))]).await;
    let of = |machines: &[&[StateChange]]| machines.concat();
    assert_eq!(states(store, None, 20, 30).await, of(&[&s1[1..2], &s2, &s3[..1]]));
    assert_eq!(states(store, None, 21, 31).await, of(&[&s1[1..], &s2, &s3[..1]]));
    assert_eq!(states(store, None, 9, 20).await, of(&[&s1[..1], &s3[..1]]));
    assert_eq!(states(store, None, 1_000, 1_001).await, of(&[&s1[2..], &s2, &s3[1..]]));
    // An empty span still tells what is in force.
    assert_eq!(states(store, None, 26, 26).await, of(&[&s1[1..2], &s2, &s3[..1]]));
    assert_eq!(states(store, Some("s3"), 0, 100).await, s3);
    assert!(states(store, Some("s4"), 0, 100).await.is_empty());
    assert!(states(store, None, 0, 5).await.is_empty());
}

pub(crate) async fn a_state_at_the_same_instant_is_replaced(store: &dyn Store) {
    let first = state_change("s1", 10, MachineState::Down);
    let second = StateChange { reason: None, ..state_change("s1", 10, MachineState::Setup) };
    let third = StateChange { seq: domain::ids::Seq(9), ..state_change("s1", 10, MachineState::Idle) };
    put(store, vec![state("saw", first), state("saw", second.clone())]).await;
    assert_eq!(states(store, None, 0, 100).await, [second]);
    put(store, vec![state("saw", third.clone())]).await;
    assert_eq!(states(store, None, 0, 100).await, [third]);
}

pub(crate) async fn hours_add_up_in_one_batch_and_over_many(store: &dyn Store) {
    let delta = |running: i64, good: i64| hour("saw", hour_delta("s1", 0, running, good));
    put(store, vec![delta(100, 1), delta(200, 2), delta(-50, 0)]).await;
    assert_eq!(hours(store, None, 0, HOUR).await[0].figures, hour_figures(250, 3));
    put(store, vec![delta(-250, -2), delta(7, 5)]).await;
    put(store, vec![delta(3, -10)]).await;
    let read = hours(store, None, 0, HOUR).await;
    assert_eq!(read.len(), 1);
    // Every figure of the nine has been added, with its sign.
    assert_eq!(read[0].figures, hour_figures(10, -4));
    let slice = hour_delta("s1", 0, 0, 0).slice;
    assert_eq!((&read[0].slice, read[0].line.as_str(), read[0].machine.as_str()), (&slice, "saw", "s1"));
}

pub(crate) async fn a_slice_stays_as_it_was_first_cut(store: &dyn Store) {
    let first = hour_delta("s1", 0, 1, 0);
    let mut other = hour_delta("s1", 0, 2, 0);
    other.slice.to = at(HOUR / 2);
    other.slice.shift = None;
    put(store, vec![hour("saw", first.clone()), hour("saw", other.clone())]).await;
    put(store, vec![hour("saw", other)]).await;
    let read = hours(store, None, 0, HOUR).await;
    assert_eq!((&read[0].slice, read[0].figures.running_ms), (&first.slice, DurationMs(5)));
}

pub(crate) async fn sums_of_hours_never_overflow(store: &dyn Store) {
    let most = HourFigures {
        planned_run_ms: DurationMs(i64::MAX),
        good: units(i64::MAX),
        running_ms: DurationMs(i64::MIN),
        ..HourFigures::default()
    };
    let delta = HourDelta { figures: most, ..hour_delta("s1", 0, 0, 0) };
    put(store, vec![hour("saw", delta.clone())]).await;
    put(store, vec![hour("saw", delta.clone()), hour("saw", delta)]).await;
    assert_eq!(hours(store, None, 0, HOUR).await[0].figures, HourFigures::default().plus(most));
}

pub(crate) async fn hours_are_those_that_overlap_by_line_and_time(store: &dyn Store) {
    assert!(hours(store, None, 0, HOUR).await.is_empty());
    let mut rows = Vec::new();
    for (of, machine) in [("saw", "s2"), ("saw", "s1"), ("mill", "m1")] {
        for n in [2, 0, 1] {
            rows.push(hour(of, hour_delta(machine, n * HOUR, n + 1, 0)));
        }
    }
    let elsewhere = domain::ids::LineAddress { site: code("graz"), ..line("saw") };
    rows.push(Row::KpiHour(elsewhere, Box::new(hour_delta("s1", 0, 1, 0))));
    // Cut at a shift: the second half of the hour.
    let mut half = hour_delta("s1", HOUR / 2, 9, 0);
    half.slice = SliceKey { from: at(HOUR / 2), to: at(HOUR), shift: None, ..half.slice };
    rows.push(hour("saw", half));
    put(store, rows).await;
    let names = async |of: Option<&str>, from: i64, to: i64| {
        let name = |row: HourRow| {
            let minute = (row.slice.from - at(0)).0 / 60_000;
            format!("{}/{}@{minute}", row.line, row.machine)
        };
        hours(store, of, from, to).await.into_iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(names(Some("mill"), 0, HOUR).await, ["mill/m1@0"]);
    assert_eq!(names(Some("mill"), HOUR - 1, HOUR + 1).await, ["mill/m1@0", "mill/m1@60"]);
    assert_eq!(names(Some("saw"), HOUR - 1, HOUR).await, ["saw/s1@0", "saw/s2@0", "saw/s1@30"]);
    assert_eq!(names(None, 2 * HOUR, 9 * HOUR).await, ["mill/m1@120", "saw/s1@120", "saw/s2@120"],);
    assert_eq!(names(None, -HOUR, 9 * HOUR).await.len(), 10);
    assert!(names(None, 3 * HOUR, 9 * HOUR).await.is_empty());
    assert!(names(Some("press"), 0, HOUR).await.is_empty());
}

pub(crate) async fn a_rebuild_makes_the_history_anew(store: &dyn Store) {
    let rows = |running: i64| {
        vec![
            state("saw", state_change("s1", running, MachineState::Running)),
            hour("saw", hour_delta("s1", 0, running, 1)),
            hour("saw", hour_delta("s1", 0, running, 1)),
        ]
    };
    put(store, rows(100)).await;
    store.replace_projections(&rows(7)).await.unwrap();
    let read = states(store, None, 0, 1_000).await;
    assert_eq!(read.iter().map(|change| change.from).collect::<Vec<_>>(), [at(7)]);
    assert_eq!(hours(store, None, 0, HOUR).await[0].figures, hour_figures(14, 2));
}

pub(crate) async fn orders_between_are_those_that_ran(store: &dyn Store) {
    let ran = |name: &str, of: &str, from: i64, completed: Option<i64>, cancelled: Option<i64>| {
        let mut order = order(name, of, OrderState::Running);
        order.started_at = Some(at(from));
        (order.completed_at, order.cancelled_at) = (completed.map(at), cancelled.map(at));
        Row::Order(site("linz"), Box::new(order))
    };
    let rows = vec![
        ran("d", "saw", 30, None, None),
        ran("a", "saw", 10, Some(20), None),
        ran("b", "saw", 20, None, Some(25)),
        ran("c", "saw", 20, Some(40), None),
        ran("m", "mill", 10, None, None),
        Row::Order(site("linz"), Box::new(order("never", "saw", OrderState::Released))),
        Row::Order(site("graz"), Box::new(order("other", "saw", OrderState::Running))),
    ];
    put(store, rows).await;
    let names = async |from: i64, to: i64| {
        let found = store.orders_between(&line("saw"), at(from), at(to)).await.unwrap();
        found.iter().map(|order| order.code.as_str()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(0, 100).await, "a b c d");
    assert_eq!(names(20, 30).await, "b c");
    assert_eq!(names(25, 31).await, "c d");
    assert_eq!(names(40, 50).await, "d");
    assert_eq!(names(0, 10).await, "");
}
