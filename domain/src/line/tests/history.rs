//! What is kept of the past: hours add up to what the changes of state say, however late these came.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::plant::*;
use super::*;
use crate::calendar::{Calendar, Plan};
use crate::history::{HourFigures, SliceKey};
use crate::tenant::TimeZoneName;
use crate::vocabulary::MachineState::{Down, Idle, Running};

type Hours = BTreeMap<(MachineCode, SliceKey), HourFigures>;
type States = BTreeMap<(MachineCode, Timestamp), MachineState>;

/// Shifts that end within an hour, a break, and a planned stop of the day.
fn plan() -> Plan {
    let calendar: Calendar = serde_json::from_str(
        r#"{"shifts":[
            {"name":"early","days":["sat","sun"],"from":"06:00","to":"14:10"},
            {"name":"late","days":["sat","sun"],"from":"14:10","to":"22:00",
             "planned_stops":[{"name":"break","from":"14:20","to":"14:45"}]}],
        "planned_stops":[{"name":"test","line":"saw","from":"2026-11-22T13:40:00Z","to":"2026-11-22T14:00:00Z"}]}"#,
    )
    .unwrap();
    calendar.check().unwrap();
    Plan { time_zone: TimeZoneName::parse("Europe/Paris").unwrap(), calendar: Arc::new(calendar) }
}

fn with_plan() -> Plant {
    let mut plant = Plant::new();
    plant.spec.plan = plan();
    plant.tick(start());
    plant
}

/// What the rows say: the sums of the hours, and the changes of state.
fn kept(plant: &Plant) -> (Hours, States) {
    let (mut hours, mut states) = (Hours::new(), States::new());
    let mut state = LineState::new(plant.spec.address.clone());
    for event in &plant.log {
        let told = state.apply_and_tell(event);
        for change in told.states {
            assert_eq!(change.seq, state.seq);
            states.insert((change.machine, change.from), change.state);
        }
        for delta in told.hours {
            let sum = hours.entry((delta.machine, delta.slice)).or_default();
            *sum = sum.plus(delta.figures);
        }
    }
    assert_eq!(state, plant.state);
    hours.retain(|_, figures| !figures.is_nothing());
    (hours, states)
}

/// The same hours, made of the changes of state and the counts alone.
fn expected(plant: &Plant, states: &States) -> Hours {
    let mut hours = Hours::new();
    let line = &plant.spec.address.line;
    let mut add = |machine: &MachineCode, slice: SliceKey, figures: HourFigures| {
        let sum = hours.entry((machine.clone(), slice)).or_default();
        *sum = sum.plus(figures);
    };
    let changes: Vec<_> = states.iter().collect();
    for pair in changes.windows(2) {
        let (((machine, from), is), ((other, to), _)) = (pair[0], pair[1]);
        for slice in plan().slices(line, *from, *to).into_iter().filter(|_| machine == other) {
            let figures = HourFigures::of_state(*is, slice.planned_ms, slice.to - slice.from);
            add(machine, slice.key, figures);
        }
    }
    for event in &plant.log {
        if let LineEvent::Counted { machine, good, scrap, output, receipt, .. } = event {
            let good = if *output { *good } else { Quantity::ZERO };
            let slice = plan().slices(line, receipt.at, receipt.at + DurationMs(1)).remove(0);
            let planned_run_ms = DurationMs(good.saturating_add(*scrap).thousandths() * 5);
            add(
                machine,
                slice.key,
                HourFigures { good, scrap: *scrap, planned_run_ms, ..HourFigures::default() },
            );
        }
    }
    hours.retain(|_, figures| !figures.is_nothing());
    hours
}

#[test]
fn a_late_fact_takes_from_one_state_and_gives_to_another_in_its_hour() {
    let mut plant = with_plan();
    plant.say(after(0), state(Running, None));
    plant.say(after(7200), state(Idle, None));
    let shown = |plant: &Plant| {
        let hours = kept(plant).0;
        let row = |((_, slice), f): (&(MachineCode, SliceKey), &HourFigures)| {
            let times = [f.running_ms, f.down_ms, f.overtime_ms].map(|span| span.0 / 1000);
            (slice.from.to_string()[11..16].to_owned(), times)
        };
        hours.iter().map(row).collect::<Vec<_>>()
    };
    // From 13:50 on the local clock: the break from 14:20 to 14:45, the planned stop from 14:40 to 15:00.
    let ran = |hour: &str, running, overtime| (hour.to_owned(), [running, 0, overtime]);
    let before = [ran("12:00", 600, 0), ran("13:00", 600, 0), ran("13:10", 600, 2400), ran("14:00", 3000, 0)];
    assert_eq!(shown(&plant), before);
    // Five minutes before the break it went down, and came back five minutes into it.
    plant.say(after(1500), state(Down, None));
    plant.say(after(2100), state(Running, None));
    let corrected =
        [before[0].clone(), before[1].clone(), ("13:10".to_owned(), [300, 300, 2100]), before[3].clone()];
    assert_eq!(shown(&plant), corrected);
}

#[test]
fn another_calendar_holds_from_now_on() {
    let mut plant = Plant::new();
    plant.tick(start());
    plant.say(start(), state(Running, None));
    let shift = |plant: &Plant| plant.state.shift.clone().unwrap();
    assert_eq!(shift(&plant).name, "early");
    plant.spec.plan = plan();
    let events = plant.tick(after(60));
    let kinds: Vec<_> = events.iter().map(LineEvent::kind).collect();
    assert_eq!(
        kinds,
        ["plan_set", "shift_changed"],
        "the shift that is on is planned to end ten minutes later"
    );
    assert_eq!((shift(&plant).name.as_str(), shift(&plant).to), ("early", after(1200)));
    assert_eq!(plant.state.plan, plan());
    assert_eq!(plant.tick(after(61)), []);
}

proptest! {
    #[test]
    fn hours_are_the_sums_of_what_is_known(steps in steps()) {
        let mut plant = with_plan();
        for step in &steps {
            run(&mut plant, step);
        }
        let (hours, states) = kept(&plant);
        prop_assert_eq!(hours, expected(&plant, &states));
    }
}
