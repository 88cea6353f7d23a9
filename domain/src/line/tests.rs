//! Properties of a line under any sequence of messages.

mod alerts;
mod classified;
mod counts;
mod history;
mod plant;
mod stops;

use std::collections::BTreeMap;

use proptest::prelude::*;

use self::plant::*;
use super::*;
use crate::ids::{MachineCode, OrderCode, Seq};
use crate::message::Content;
use crate::receipt::Envelope;
use crate::stop::Stop;
use crate::vocabulary::MachineState;
use crate::{Decision, DurationMs, Quantity, Receipt, Timestamp};

fn receipt(event: &LineEvent) -> Option<&Receipt> {
    match event {
        LineEvent::StateReported { receipt, .. }
        | LineEvent::Counted { receipt, .. }
        | LineEvent::Measured { receipt, .. }
        | LineEvent::AlarmReported { receipt, .. } => Some(receipt),
        _ => None,
    }
}

#[derive(Clone, Debug)]
enum Step {
    Send { machine: usize, id: Option<u8>, offset_s: Option<i64>, buffered: bool, content: Content },
    Wait { seconds: i64 },
    Tick,
    LoseContact { machine: usize },
    AckAll,
    SetOrder { order: Option<usize> },
    ReadStop { which: prop::sample::Index },
    ChangeStop { which: Option<prop::sample::Index>, change: StopChange, split_ratio: Option<f64> },
}

fn contents() -> impl Strategy<Value = Content> {
    let states =
        (prop::sample::select(MachineState::ALL), prop::option::of(prop::sample::select(&["jam", "blade"])));
    prop_oneof![
        4 => states.prop_map(|(is, reason)| state(is, reason)),
        3 => (0_i64..20, 0_i64..5).prop_map(|(good, scrap)| made(good, scrap)),
        2 => (prop::option::of(0_i64..200), prop::option::of(0_i64..50)).prop_map(|(good, scrap)| total(good, scrap)),
        3 => (0.0..100.0_f64).prop_map(temp),
        2 => (prop::sample::select(&["E1", "E2"]), any::<bool>()).prop_map(|(code, active)| alarm(code, active)),
    ]
}

fn stop_changes() -> impl Strategy<Value = Step> {
    let reason = prop::option::of(prop::option::of(prop::sample::select(&["jam", "no-material"])));
    let comment = prop::option::of(prop::option::of(prop::sample::select(&["Blade worn", "See log"])));
    let which = prop::option::weighted(0.8, any::<prop::sample::Index>());
    (which, reason, comment, prop::option::of(-0.1..1.1_f64)).prop_map(
        |(which, reason, comment, split_ratio)| {
            let reason = reason.map(|reason| reason.map(|reason| reason.parse().unwrap()));
            let comment = comment.map(|comment| comment.map(str::to_owned));
            Step::ChangeStop { which, change: StopChange { reason, comment, split_at: None }, split_ratio }
        },
    )
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let offsets = prop_oneof![
        3 => Just(None),
        3 => (-300_i64..12).prop_map(Some),
        1 => (-40_000_i64..600).prop_map(Some),
    ];
    let send = (0_usize..2, prop::option::of(0_u8..60), offsets, any::<bool>(), contents()).prop_map(
        |(machine, id, offset_s, buffered, content)| Step::Send { machine, id, offset_s, buffered, content },
    );
    let step = prop_oneof![
        12 => send,
        4 => (0_i64..90).prop_map(|seconds| Step::Wait { seconds }),
        1 => (0_i64..20_000).prop_map(|seconds| Step::Wait { seconds }),
        3 => Just(Step::Tick),
        1 => (0_usize..2).prop_map(|machine| Step::LoseContact { machine }),
        1 => Just(Step::AckAll),
        1 => prop::option::of(0_usize..3).prop_map(|order| Step::SetOrder { order }),
        1 => any::<prop::sample::Index>().prop_map(|which| Step::ReadStop { which }),
        4 => stop_changes(),
    ];
    prop::collection::vec(step, 1..80)
}

fn envelope(now: Timestamp, id: Option<u8>, offset_s: Option<i64>, buffered: bool) -> Envelope {
    Envelope {
        id: id.map(|id| format!("id-{id}").parse().unwrap()),
        at: offset_s.map(|seconds| now + DurationMs::from_secs(seconds)),
        buffered,
    }
}

fn run(plant: &mut Plant, step: &Step) {
    match step.clone() {
        Step::Send { machine, id, offset_s, buffered, content } => {
            let machine = MACHINES[machine];
            let envelope = envelope(plant.now, id, offset_s, buffered);
            let heard = plant.state.machines.get(machine);
            let known = envelope.id.as_ref().is_some_and(|id| heard.is_some_and(|m| m.ids.contains(id)));
            let before = plant.state.clone();
            let decision = plant.send(machine, envelope.clone(), content).unwrap();
            assert_eq!(decision.is_duplicate(), known);
            if known {
                assert_eq!(plant.state, before);
            } else {
                assert_eq!(decision.events().iter().filter_map(receipt).count(), 1, "{decision:?}");
            }
            if envelope.id.is_some() {
                let again = plant.send(machine, envelope, made(1, 1)).unwrap();
                assert_eq!(again, Decision::Duplicate);
            }
        }
        Step::Wait { seconds } => plant.now = plant.now + DurationMs::from_secs(seconds),
        Step::Tick => drop(plant.tick(plant.now)),
        Step::LoseContact { machine } => drop(plant.lose_contact(MACHINES[machine])),
        Step::AckAll => plant.ack_all(),
        Step::SetOrder { order } => {
            let order = order.map(|n| running_order(ORDERS[n], start()));
            plant.set_order(order);
        }
        Step::ReadStop { which } if !plant.told.is_empty() => {
            let id = *which.get(&plant.told.keys().collect::<Vec<_>>());
            plant.held = Some(plant.read_stop(*id, None));
        }
        Step::ChangeStop { which, change, split_ratio } => {
            let ids: Vec<_> = plant.told.keys().copied().collect();
            let found = match which {
                Some(which) if !ids.is_empty() => Some(plant.read_stop(*which.get(&ids), None)),
                _ => plant.held.take(),
            };
            if let Some(found) = found {
                classified::change(plant, &found, change, split_ratio);
            }
        }
        Step::ReadStop { .. } => {}
    }
}

fn played(steps: &[Step]) -> Plant {
    let mut plant = Plant::new();
    for step in steps {
        run(&mut plant, step);
    }
    plant
}

/// The stops of a machine never overlap.
fn check_apart<'a>(stops: impl Iterator<Item = &'a Stop>) {
    let mut stops: Vec<_> = stops.filter(|stop| !stop.is_empty()).collect();
    stops.sort_by_key(|stop| (stop.from, stop.to.unwrap_or(Timestamp::from_millis(i64::MAX))));
    for pair in stops.windows(2) {
        assert!(pair[0].to.is_some_and(|to| to <= pair[1].from), "stops overlap: {pair:#?}");
    }
}

fn check_stops(state: &LineState) {
    for (code, machine) in &state.machines {
        let own = || state.stops.values().filter(|stop| stop.machine == *code);
        let open: Vec<_> = own().filter(|stop| stop.to.is_none()).collect();
        assert_eq!(open.len(), usize::from(machine.state.is_stop()), "{code} {:?}", machine.state);
        assert_eq!(open.first().map(|stop| stop.id), machine.open_stop);
        assert!(open.iter().all(|stop| stop.state == machine.state && stop.reason == machine.reason));
        assert!(own().all(|stop| stop.state.is_stop() && stop.to.is_none_or(|to| stop.from <= to)));
        check_apart(own());
        let far = Timestamp::from_millis(i64::MAX);
        assert_eq!(machine.timeline.state_at(far), machine.state, "the timeline ends in the machine's state");
    }
}

proptest! {
    #[test]
    fn replay_equals_the_live_state(steps in steps(), snapshot_at in any::<prop::sample::Index>()) {
        let plant = played(&steps);
        let mut replayed = LineState::new(plant.spec.address.clone());
        let snapshot_at = snapshot_at.index(plant.log.len() + 1);
        for (index, event) in plant.log.iter().enumerate() {
            if index == snapshot_at {
                let snapshot = serde_json::to_string(&replayed).unwrap();
                replayed = serde_json::from_str(&snapshot).unwrap();
            }
            let stored = serde_json::to_string(event).unwrap();
            let read: LineEvent = serde_json::from_str(&stored).unwrap();
            prop_assert_eq!(&read, event);
            replayed.apply(&read);
        }
        prop_assert_eq!(replayed.seq, Seq(plant.log.len() as u64));
        prop_assert_eq!(replayed, plant.state);
    }

    #[test]
    fn counters_are_the_sums_of_what_was_accepted(steps in steps()) {
        let mut plant = Plant::new();
        let mut sums: BTreeMap<MachineCode, (Quantity, Quantity)> = BTreeMap::new();
        let mut output: BTreeMap<OrderCode, (Quantity, Quantity)> = BTreeMap::new();
        for step in &steps {
            let (before, seen) = (plant.state.clone(), plant.log.len());
            run(&mut plant, step);
            for (index, event) in plant.log.iter().enumerate().skip(seen) {
                if let LineEvent::Counted { machine, good, scrap, .. } = event {
                    prop_assert!(!good.is_negative() && !scrap.is_negative());
                    let sum = sums.entry(machine.clone()).or_default();
                    *sum = (sum.0.saturating_add(*good), sum.1.saturating_add(*scrap));
                }
                if let Some(LineFact::Produced { seq, order: Some(order), good, scrap, .. }) = event.fact(Seq(index as u64 + 1)) {
                    prop_assert_eq!(seq, Seq(index as u64 + 1));
                    let sum = output.entry(order).or_default();
                    *sum = (sum.0.saturating_add(good), sum.1.saturating_add(scrap));
                }
            }
            for (code, machine) in &plant.state.machines {
                let (good, scrap) = sums.get(code).copied().unwrap_or_default();
                prop_assert_eq!((machine.good, machine.scrap), (good, scrap));
                if let Some(before) = before.machines.get(code) {
                    prop_assert!(before.good <= good && before.scrap <= scrap);
                }
            }
            let made = |machine| sums.get(&code(machine)).copied().unwrap_or_default();
            prop_assert!(plant.state.shift_output <= made("m1").0);
            prop_assert!(plant.state.shift_scrap <= made("m1").1.saturating_add(made("m2").1));
        }
        let known = plant.state.earlier_orders.iter().chain(&plant.state.order);
        let known: BTreeMap<_, _> = known.map(|p| (p.order.code.clone(), (p.good, p.scrap))).collect();
        for (order, progress) in known {
            prop_assert_eq!(output.remove(&order).unwrap_or_default(), progress);
        }
        prop_assert!(output.is_empty());
    }

    #[test]
    fn indicators_are_bounded_and_every_millisecond_counts(steps in steps()) {
        let mut plant = Plant::new();
        plant.tick(start());
        for step in &steps {
            run(&mut plant, step);
            plant.tick(plant.now);
            let shift = plant.state.shift.clone().unwrap();
            let elapsed = shift.planned_between(shift.from, plant.now);
            for machine in plant.state.machines.values() {
                let times = machine.timeline.times(&shift, plant.now);
                prop_assert_eq!(times.known_ms() + times.unknown_ms, elapsed);
                prop_assert!(times.overtime_ms.0 >= 0);
            }
            let inputs = plant.state.kpi_inputs(&plant.spec, plant.now).unwrap();
            prop_assert_eq!(inputs.times.known_ms() + inputs.times.unknown_ms, elapsed);
            let kpi = inputs.kpi();
            for value in [kpi.availability, kpi.effectiveness, kpi.quality, kpi.oee].into_iter().flatten() {
                prop_assert!((0.0..=1.0).contains(&value));
            }
        }
    }

    #[test]
    fn a_machine_stands_in_one_stop_at_most(steps in steps()) {
        let mut plant = Plant::new();
        for step in &steps {
            run(&mut plant, step);
            check_stops(&plant.state);
            for code in MACHINES {
                check_apart(plant.told.values().filter(|stop| stop.machine.as_str() == code));
            }
        }
        let mut replayed = LineState::new(plant.spec.address.clone());
        let mut told = BTreeMap::new();
        for changed in plant.log.iter().flat_map(|event| replayed.apply_and_tell(event).changed) {
            if let Changed::Stop(stop) = changed {
                told.insert(stop.id, stop);
            }
        }
        prop_assert_eq!(told, plant.told);
    }

    #[test]
    fn an_alert_is_open_once_and_has_its_reason(steps in steps()) {
        let mut plant = Plant::new();
        for step in &steps {
            run(&mut plant, step);
            plant.tick(plant.now);
            let mut seen = std::collections::BTreeSet::new();
            for (id, alert) in &plant.state.alerts {
                prop_assert_eq!(*id, alert.id);
                prop_assert!(!alert.is_closed());
                prop_assert!(seen.insert((alert.rule.clone(), alert.machine.clone())), "twice: {:?}", alert);
                let machine = &plant.state.machines[alert.machine.as_ref().unwrap()];
                if alert.rule == "down-long" && alert.is_active() {
                    prop_assert!(matches!(machine.state, MachineState::Down | MachineState::Offline));
                }
            }
            prop_assert!(next_deadline(&plant.state, &plant.spec).is_some_and(|at| at > plant.now));
        }
    }

    #[test]
    fn the_newest_state_is_kept_in_any_order(
        reports in prop::collection::btree_map(0_i64..3000, prop::sample::select(MachineState::ALL), 1..40)
            .prop_flat_map(|reports| Just(Vec::from_iter(reports)).prop_shuffle()),
    ) {
        let mut plant = Plant::new();
        plant.now = after(3000);
        for (second, is) in &reports {
            plant.say(after(*second), state(*is, None));
            check_stops(&plant.state);
        }
        let (second, newest) = reports.iter().max_by_key(|(second, _)| *second).unwrap();
        prop_assert_eq!(plant.m1().state, *newest);
        prop_assert_eq!(plant.m1().state_at, Some(after(*second)));
    }
}
