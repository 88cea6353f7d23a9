//! Counts: baselines, resets, late totals, the line's output and the order it belongs to.

use super::*;
use crate::Code;
use crate::message::CountMessage;

#[test]
fn totals_become_increments() {
    for (case, totals, good, scrap) in [
        ("the first is a baseline", vec![(0, total(100, 7))], 0, 0),
        ("differences count", vec![(0, total(100, 7)), (5, total(112, 9))], 12, 2),
        ("a total that falls is a reset", vec![(0, total(100, 7)), (5, total(3, 8))], 3, 1),
        ("a reset to zero adds nothing", vec![(0, total(100, 0)), (5, total(0, 0)), (9, total(4, 0))], 4, 0),
        (
            "a late total says nothing new",
            vec![(0, total(100, 0)), (9, total(120, 0)), (5, total(110, 9))],
            20,
            0,
        ),
        (
            "each counter has its own baseline",
            vec![(0, total(100, None)), (5, total(None, 7)), (9, total(101, 8))],
            1,
            1,
        ),
        ("increments and totals add up", vec![(0, total(100, 0)), (5, made(2, 1)), (9, total(103, 0))], 5, 1),
    ] {
        let mut plant = Plant::new();
        for (second, content) in totals {
            plant.say(after(second), content);
        }
        assert_eq!((plant.m1().good, plant.m1().scrap), (units(good), units(scrap)), "{case}");
    }
}

#[test]
fn the_output_machine_drives_the_order_and_scrap_is_everybodys() {
    let mut plant = Plant::new();
    plant.tick(start());
    plant.set_order(Some(running_order("A1", start())));
    for machine in MACHINES {
        plant.send(machine, Envelope::default(), made(10, 2)).unwrap();
    }
    let progress = plant.state.order.as_ref().unwrap();
    assert_eq!((progress.good, progress.scrap), (units(10), units(4)));
    assert_eq!((plant.state.shift_output, plant.state.shift_scrap), (units(10), units(4)));
    assert_eq!(plant.state.machines["m2"].good, units(10));
}

#[test]
fn the_only_machine_is_the_output_and_two_without_a_mark_have_none() {
    let mut spec = spec();
    spec.machines.values_mut().for_each(|machine| machine.output = false);
    assert_eq!(spec.output_machine(), None);
    spec.machines.remove("m1");
    assert_eq!(spec.output_machine(), Some(&code("m2")));
}

#[test]
fn a_count_keeps_the_planned_time_per_item_of_the_article_that_was_made() {
    let mut plant = Plant::new();
    plant.spec.machines.get_mut("m1").unwrap().ideal_cycles.insert("plate".parse().unwrap(), 7.5);
    let planned = |plant: &mut Plant, machine| match &plant
        .send(machine, Envelope::default(), made(1, 1))
        .unwrap()
        .events()[0]
    {
        LineEvent::Counted { ideal_cycle_s, .. } => *ideal_cycle_s,
        event => panic!("{event:?}"),
    };
    assert_eq!(planned(&mut plant, "m1"), Some(5.0), "nothing is ordered: the machine's own");
    plant.set_order(Some(running_order("A1", start())));
    assert_eq!(planned(&mut plant, "m1"), Some(7.5));
    assert_eq!(planned(&mut plant, "m2"), Some(7.5), "scrap elsewhere costs the output machine's time");
    plant.spec.machines.get_mut("m1").unwrap().output = false;
    assert_eq!(planned(&mut plant, "m2"), None, "nobody knows without an output machine");
}

#[test]
fn what_was_made_before_the_order_started_is_not_the_orders() {
    for (second, counts) in [(-11, false), (-10, true), (0, true), (30, true)] {
        let mut plant = Plant::new();
        plant.set_order(Some(running_order("A1", after(100))));
        plant.now = after(200);
        plant.say(after(100 + second), made(5, 1));
        let good = plant.state.order.as_ref().unwrap().good;
        assert_eq!(good, units(if counts { 5 } else { 0 }), "{second}");
        assert_eq!(plant.m1().good, units(5));
    }
}

#[test]
fn an_order_goes_on_where_it_was_and_old_news_changes_nothing() {
    let mut plant = Plant::new();
    plant.set_order(Some(running_order("A1", start())));
    plant.say(start(), made(5, 0));
    plant.set_order(None);
    plant.say(after(1), made(50, 0));
    plant.set_order(Some(running_order("A1", start())));
    plant.say(after(2), made(3, 1));
    let progress = plant.state.order.clone().unwrap();
    assert_eq!((progress.good, progress.scrap), (units(8), units(1)));
    assert_eq!(decide_running_order(&plant.state, None, Seq(plant.site_seq), plant.now), Vec::new());
    assert_eq!(plant.set_order(Some(running_order("A1", start()))), Vec::new());
}

#[test]
fn counts_belong_to_the_shift_of_their_time() {
    let mut plant = Plant::new();
    plant.tick(start());
    plant.say(start(), made(5, 1));
    let shift_end = after(600);
    assert_eq!(next_deadline(&plant.state, &plant.spec), Some(shift_end));
    assert_eq!(plant.tick(shift_end - DurationMs(1)), Vec::new());
    plant.tick(shift_end);
    assert_eq!((plant.state.shift_scrap, plant.state.shift_output), (Quantity::ZERO, Quantity::ZERO));
    plant.say(shift_end - DurationMs(1), made(7, 0));
    plant.say(shift_end, made(2, 0));
    assert_eq!((plant.state.shift_output, plant.m1().good), (units(2), units(14)));
}

#[test]
fn refusals_change_nothing_and_use_no_id_up() {
    let mut plant = Plant::new();
    let envelope = Envelope { id: Some("1".parse().unwrap()), ..Envelope::default() };
    let most = Content::Count(CountMessage::Increment { good: units(1_000_000_000_000), scrap: units(0) });
    plant.send("m1", Envelope::default(), most.clone()).unwrap();
    assert_eq!(plant.send("m1", envelope.clone(), most).unwrap_err().code, Code::OutOfRange);
    assert_eq!(plant.send("m3", envelope.clone(), made(1, 0)).unwrap_err().code, Code::UnknownMachine);
    let old = Envelope {
        at: Some(start() - DurationMs::from_secs(401 * 86_400)),
        buffered: true,
        ..envelope.clone()
    };
    assert_eq!(plant.send("m1", old, made(1, 0)).unwrap_err().code, Code::TooOld);
    assert_eq!(plant.log.len(), 1);
    assert!(!plant.send("m1", envelope, made(0, 1)).unwrap().is_duplicate());
}
