//! What people do with stops: classify, comment, split; and what machines say afterwards.

use uuid::Uuid;

use super::*;
use MachineState::{Down, Running, Setup};

/// Changes a stop that was read some time ago, and checks what may have come of it.
pub(super) fn change(plant: &mut Plant, found: &FoundStop, change: StopChange, split_ratio: Option<f64>) {
    let before = plant.told[&found.stop.id].clone();
    let split_at = split_ratio.map(|ratio| {
        let length = before.to.unwrap_or(plant.now) - before.from;
        before.from + DurationMs((length.0 as f64 * ratio) as i64)
    });
    let change = StopChange { split_at, ..change };
    let changed = match plant.change_read(found, &change) {
        Ok(changed) => changed,
        Err(StopRefusal::Stale) => {
            assert!(found.read_at < plant.state.stops_left_at && !plant.state.stops.contains_key(&before.id));
            assert_ne!(plant.change_stop(before.id, &StopChange::default()), Err(StopRefusal::Stale));
            return;
        }
        Err(StopRefusal::Rejected(rejection)) => {
            assert_eq!(rejection.field.as_deref(), Some("split_at"));
            return;
        }
    };
    assert_eq!(plant.told[&before.id], changed.stop);
    assert_eq!((changed.stop.from, changed.stop.state), (before.from, before.state));
    assert_eq!(changed.stop.reason, change.reason.unwrap_or(before.reason));
    assert_eq!(changed.stop.comment, change.comment.unwrap_or(before.comment));
    match (&changed.split_off, change.split_at) {
        (Some(later), Some(at)) => {
            // Cut before at this instant, or now: nothing of the time is lost.
            let end = if before.to == Some(at) { later.to } else { before.to };
            assert_eq!((changed.stop.to, later.from, later.to), (Some(at), at, end));
            assert_eq!(plant.told[&later.id], *later);
        }
        (None, None) => assert_eq!(changed.stop.to, before.to),
        other => panic!("{other:?}"),
    }
}

fn reason(code: &str) -> StopChange {
    StopChange { reason: Some(Some(code.parse().unwrap())), ..StopChange::default() }
}

fn unknown() -> StopChange {
    StopChange { reason: Some(None), ..StopChange::default() }
}

fn split(second: i64) -> StopChange {
    StopChange { split_at: Some(after(second)), ..StopChange::default() }
}

/// The stops of `m1` that have a length, by time.
fn stops(plant: &Plant) -> Vec<(MachineState, Option<String>, i64, Option<i64>)> {
    check_stops(&plant.state);
    let second = |at: Timestamp| (at - start()).0 / 1000;
    let mut stops: Vec<_> = plant.told.values().filter(|stop| !stop.is_empty()).collect();
    check_apart(stops.iter().copied());
    stops.sort_by_key(|stop| stop.from);
    let reason = |stop: &Stop| stop.reason.as_ref().map(ToString::to_string);
    stops.iter().map(|s| (s.state, reason(s), second(s.from), s.to.map(second))).collect()
}

fn open(plant: &Plant) -> Uuid {
    plant.m1().open_stop.unwrap()
}

#[test]
fn a_persons_word_stands_until_the_machine_says_something_new() {
    for (case, own, said, again, expected) in [
        ("no reason again", Some("jam"), reason("blade"), None, vec![(Some("blade"), 0, None)]),
        ("its own reason again", Some("jam"), reason("blade"), Some("jam"), vec![(Some("blade"), 0, None)]),
        ("its own reason, taken away", Some("jam"), unknown(), Some("jam"), vec![(None, 0, None)]),
        ("the person's reason", Some("jam"), reason("blade"), Some("blade"), vec![(Some("blade"), 0, None)]),
        ("the first reason", None, unknown(), Some("jam"), vec![(Some("jam"), 0, None)]),
        (
            "another reason",
            Some("jam"),
            reason("blade"),
            Some("oil"),
            vec![(Some("blade"), 0, Some(9)), (Some("oil"), 9, None)],
        ),
        (
            "a first reason that is another",
            None,
            reason("blade"),
            Some("oil"),
            vec![(Some("blade"), 0, Some(9)), (Some("oil"), 9, None)],
        ),
    ] {
        let mut plant = Plant::new();
        plant.say(after(0), state(Down, own));
        plant.now = after(5);
        plant.change_stop(open(&plant), &said).unwrap();
        plant.say(after(9), state(Down, again));
        plant.say(after(12), state(Down, again));
        let expected: Vec<_> =
            expected.into_iter().map(|(r, from, to)| (Down, r.map(str::to_owned), from, to)).collect();
        assert_eq!(stops(&plant), expected, "{case}");
    }
}

#[test]
fn what_the_machine_said_meanwhile_is_its_own_reason_later() {
    let mut plant = Plant::new();
    plant.say(after(0), state(Down, None));
    plant.change_stop(open(&plant), &reason("blade")).unwrap();
    plant.say(after(5), state(Down, Some("blade")));
    plant.change_stop(open(&plant), &reason("no-material")).unwrap();
    plant.say(after(9), state(Down, Some("blade")));
    assert_eq!(stops(&plant), [(Down, Some("no-material".to_owned()), 0, None)]);
    assert_eq!(plant.m1().reason.as_ref().unwrap().as_str(), "no-material");
    plant.say(after(12), state(Running, None));
    assert_eq!(plant.m1().reason, None);
}

#[test]
fn a_reason_must_be_one_of_the_lines_and_a_comment_short() {
    let mut plant = Plant::new();
    plant.spec.reasons =
        vec![crate::tenant::Reason { code: "no-material".parse().unwrap(), name: "No material".to_owned() }];
    plant.say(after(0), state(Down, Some("jam")));
    let id = open(&plant);
    let comment = |text: &str| StopChange { comment: Some(Some(text.to_owned())), ..StopChange::default() };
    let long = "é".repeat(501);
    for (refused, field) in
        [(reason("jam"), "reason"), (comment(&long), "comment"), (comment("a\nb"), "comment")]
    {
        match plant.change_stop(id, &refused).unwrap_err() {
            StopRefusal::Rejected(rejection) => assert_eq!(rejection.field.as_deref(), Some(field)),
            StopRefusal::Stale => panic!("{refused:?}"),
        }
    }
    assert_eq!(plant.change_stop(id, &unknown()).unwrap().events.len(), 1);
    assert_eq!(plant.change_stop(id, &reason("no-material")).unwrap().events.len(), 1);
    let stop = plant.change_stop(id, &comment(&format!(" {} ", &long[..1000]))).unwrap().stop;
    assert_eq!(stop.comment.unwrap().chars().count(), 500);
    assert_eq!(stop.classified_by.as_deref(), Some("anna@demo.local"));
    assert_eq!(plant.change_stop(id, &comment(" ")).unwrap().stop.comment, None);
    for same in [reason("no-material"), comment("")] {
        assert_eq!(plant.change_stop(id, &same).unwrap().events, Vec::new(), "{same:?}");
    }
}

#[test]
fn a_split_lies_strictly_inside_and_is_done_once() {
    let mut plant = Plant::new();
    plant.say(after(0), state(Down, Some("jam")));
    plant.now = after(30);
    let first = open(&plant);
    for refused in [-1, 0, 30, 31] {
        assert!(plant.change_stop(first, &split(refused)).is_err(), "{refused}");
    }
    let changed = plant.change_stop(first, &StopChange { ..split(20) }).unwrap();
    let later = changed.split_off.clone().unwrap();
    assert_eq!((open(&plant), later.split_from), (later.id, Some(first)));
    let again = plant.change_stop(first, &split(20)).unwrap();
    assert_eq!((again.events, again.split_off), (Vec::new(), changed.split_off));
    plant.change_stop(later.id, &reason("blade")).unwrap();
    assert_eq!(plant.m1().reason.as_ref().unwrap().as_str(), "blade");
    plant.say(after(40), state(Running, None));
    let expected = [(Down, Some("jam".into()), 0, Some(20)), (Down, Some("blade".into()), 20, Some(40))];
    assert_eq!(stops(&plant), expected);
    for refused in [20, 40, 45] {
        assert!(plant.change_stop(later.id, &split(refused)).is_err(), "{refused}");
    }
    plant.change_stop(later.id, &split(30)).unwrap();
    assert_eq!(stops(&plant).len(), 3);
}

/// Reports that the hub hears of after a person cut the stop: what they end, they end in every part.
#[test]
fn a_report_from_before_a_cut_ends_every_part() {
    for (case, reports, expected) in [
        ("a run", vec![(10, Running)], vec![(Down, 0, Some(10))]),
        ("another state", vec![(10, Setup)], vec![(Down, 0, Some(10)), (Setup, 10, None)]),
        ("a run in a later part", vec![(25, Running)], vec![(Down, 0, Some(20)), (Down, 20, Some(25))]),
        ("a late run over the cut", vec![(40, Running), (10, Running)], vec![(Down, 0, Some(10))]),
        (
            "a late run that a repeated report ended",
            vec![(28, Down), (10, Running)],
            vec![(Down, 0, Some(10)), (Down, 28, Some(35)), (Down, 35, None)],
        ),
        (
            "a late run within the last part",
            vec![(50, Down), (37, Running)],
            vec![(Down, 0, Some(20)), (Down, 20, Some(35)), (Down, 35, Some(37)), (Down, 50, None)],
        ),
    ] {
        let mut plant = Plant::new();
        plant.say(after(0), state(Down, None));
        plant.now = after(40);
        for second in [20, 35] {
            plant.change_stop(open(&plant), &split(second)).unwrap();
        }
        for (second, is) in reports {
            plant.say(after(second), state(is, None));
            stops(&plant);
        }
        let expected: Vec<_> = expected.into_iter().map(|(s, from, to)| (s, None, from, to)).collect();
        assert_eq!(stops(&plant), expected, "{case}");
    }
}

#[test]
fn a_stop_that_left_the_state_is_changed_as_it_was_read_unless_it_changed_since() {
    let mut plant = Plant::new();
    for n in 0..30 {
        plant.say(after(2 * n), state(Down, None));
        plant.say(after(2 * n + 1), state(Running, None));
    }
    let oldest = plant.told.values().min_by_key(|stop| stop.from).unwrap().id;
    assert!(!plant.state.stops.contains_key(&oldest));
    let read = plant.read_stop(oldest, None);
    plant.change_read(&read, &reason("jam")).unwrap();
    let comment = StopChange { comment: Some(Some("Worn".to_owned())), ..StopChange::default() };
    assert_eq!(plant.change_read(&read, &comment), Err(StopRefusal::Stale), "the reason would be lost");
    let stop = plant.change_stop(oldest, &comment).unwrap().stop;
    assert_eq!((stop.reason.unwrap().as_str(), stop.comment.as_deref()), ("jam", Some("Worn")));
    let half = StopChange { split_at: Some(start() + DurationMs(500)), ..StopChange::default() };
    let later = plant.change_stop(oldest, &half).unwrap().split_off.unwrap();
    assert_eq!(plant.change_stop(oldest, &half).unwrap().split_off, Some(later), "sent again");
    assert_eq!(stops(&plant).len(), 31);
}

#[test]
fn a_stop_knows_the_events_it_is_made_of() {
    let mut plant = Plant::new();
    plant.say(after(0), state(Down, None));
    plant.say(after(2), state(Down, Some("jam")));
    plant.now = after(5);
    let id = open(&plant);
    plant.change_stop(id, &reason("blade")).unwrap();
    let later = plant.change_stop(id, &split(3)).unwrap().split_off.unwrap().id;
    plant.say(after(9), state(Running, None));
    let kinds = |id| -> Vec<&str> {
        plant.told[&id].seqs.iter().map(|seq| plant.log[seq.0 as usize - 1].kind()).collect()
    };
    let began = ["state_reported", "stop_started", "state_reported", "stop_reason_given"];
    let changed = ["stop_classified", "stop_split"];
    assert_eq!(kinds(id), [&began[..], &changed].concat());
    assert_eq!(kinds(later), [&began[..], &changed, &["state_reported", "stop_ended"]].concat());
    for n in 0..50 {
        plant.change_stop(id, &reason(if n % 2 == 0 { "oil" } else { "jam" })).unwrap();
        plant.change_stop(id, &StopChange { comment: Some(Some(n.to_string())), ..reason("oil") }).unwrap();
    }
    let stop = &plant.told[&id];
    assert_eq!((stop.seqs.len(), stop.seqs[0]), (Stop::MAX_SEQS + 1, Seq(1)));
    assert_eq!(stop.seqs.last(), Some(&plant.state.seq));
}
