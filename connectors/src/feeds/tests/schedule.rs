//! The schedule: times, gaps, late messages and passes.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::at;
use crate::feeds::schedule::{MAX_LAG, Placed, Schedule, Speed};

const START: &str = "2026-11-22T12:00:00Z";

/// Places messages of these recorded seconds with a driver that is always in time: (due, at, late), in seconds.
fn placed(speed: f64, max_gap_s: i64, seconds: &[f64]) -> Vec<(f64, f64, bool)> {
    let mut schedule = Schedule::new(Speed::times(speed).unwrap(), SignedDuration::from_secs(max_gap_s));
    let (start, mut now) = (at(START), at(START));
    let since = |time: Timestamp| time.duration_since(start).as_secs_f64();
    let recorded = |second: &f64| at("2017-02-01T05:00:00Z") + SignedDuration::from_secs_f64(*second);
    let mut place = |second| {
        let placed = schedule.place(recorded(second), now);
        now = now.max(placed.due);
        (since(placed.due), since(placed.at.unwrap()), placed.late)
    };
    seconds.iter().map(&mut place).collect()
}

#[test]
fn time_runs_at_the_speed_and_steps_back_stay_late() {
    let expected =
        [(0.0, 0.0, false), (2.0, 2.0, false), (2.0, 1.5, true), (2.0, 2.0, false), (3.0, 3.0, false)];
    assert_eq!(placed(10.0, 60, &[0.0, 20.0, 15.0, 20.0, 30.0]), expected);
}

#[test]
fn long_gaps_are_shortened_and_far_steps_back_go_on() {
    let year = 365.0 * 86_400.0;
    let expected = [(0.0, 0.0, false), (0.0, 0.0, false), (5.0, 5.0, false), (6.0, 6.0, false)];
    assert_eq!(placed(2.0, 10, &[year, 0.0, 52_551.0, 52_553.0]), expected);
}

#[test]
fn another_pass_begins_one_longest_gap_later() {
    let mut schedule = Schedule::new(Speed::Times(1.0), SignedDuration::from_secs(10));
    let start = at(START);
    schedule.begin_pass();
    let first = schedule.place(at("2017-02-01T05:00:00Z"), start);
    assert_eq!(first, Placed { due: start, at: Some(start), late: false });
    schedule.begin_pass();
    let again = schedule.place(at("2017-02-01T05:00:00Z"), start);
    assert_eq!(again.due.duration_since(start).as_secs(), 10);
}

#[test]
fn a_replay_that_was_held_up_goes_on_from_the_present() {
    let mut schedule = Schedule::new(Speed::Times(1.0), SignedDuration::from_secs(10));
    let first = at("2017-02-01T05:00:00Z");
    schedule.place(first, at(START));
    let now = at(START) + MAX_LAG;
    assert_eq!(schedule.place(first, now).due, at(START), "a short lag is caught up");
    let now = now + SignedDuration::from_secs(1);
    assert_eq!(schedule.place(first, now), Placed { due: now, at: Some(now), late: false });
}

#[test]
fn at_full_speed_nothing_waits_and_no_time_is_claimed() {
    let mut schedule = Schedule::new(Speed::Max, SignedDuration::from_secs(10));
    schedule.place(at(START), at(START));
    let placed = schedule.place(at("2026-11-22T12:00:05Z"), at(START));
    assert_eq!(placed, Placed { due: at(START), at: None, late: false });
}

#[test]
fn a_speed_is_a_positive_number_or_max() {
    assert_eq!("max".parse::<Speed>().unwrap(), Speed::Max);
    assert_eq!("2.5x".parse::<Speed>().unwrap(), Speed::Times(2.5));
    for bad in ["0", "-1", "inf", "NaN", "", "fast"] {
        assert!(bad.parse::<Speed>().is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn due_never_goes_back_and_no_message_comes_from_the_future(
        times in proptest::collection::vec((any::<bool>(), -377_705_023_201_i64..253_402_207_200, 0_i64..200), 1..60),
        speed in 0.001_f64..10_000.0,
        max_gap_s in 1_i64..100_000,
    ) {
        let mut schedule = Schedule::new(Speed::times(speed).unwrap(), SignedDuration::from_secs(max_gap_s));
        let (mut now, mut due, mut recorded) = (at(START), at(START), 0_i64);
        for (jump, far, near) in times {
            recorded = if jump { far } else { (recorded + near - 50).clamp(-377_705_023_201, 253_402_207_200) };
            let placed = schedule.place(Timestamp::from_second(recorded).unwrap(), now);
            prop_assert!(placed.due >= due);
            prop_assert!(placed.at.unwrap() <= placed.due);
            prop_assert_eq!(placed.late, placed.at.unwrap() < placed.due);
            due = placed.due;
            now = now.max(due) + SignedDuration::from_secs(near);
        }
    }
}
