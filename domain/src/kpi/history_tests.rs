//! Figures of pieces of time: worked examples, and what holds for every history.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::calendar::Calendar;
use crate::ids::Seq;
use crate::tenant::TimeZoneName;
use crate::vocabulary::MachineState;

const MINUTE: i64 = 60_000;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn machine(code: &str) -> MachineCode {
    code.parse().unwrap()
}

fn plan(zone: &str, calendar: &str) -> Plan {
    let calendar: Calendar = serde_json::from_str(calendar).unwrap();
    Plan { time_zone: TimeZoneName::parse(zone).unwrap(), calendar: Arc::new(calendar) }
}

/// A day shift with a break, a night over midnight, nothing from 16:30 to 22:00.
const TWO_SHIFTS: &str = r#"{"shifts":[
    {"name":"day","days":["mon","tue","wed","thu","fri","sat","sun"],"from":"08:30","to":"16:30",
     "planned_stops":[{"name":"break","from":"12:00","to":"12:30"}]},
    {"name":"night","days":["mon","tue","wed","thu","fri","sat","sun"],"from":"22:00","to":"06:00"}]}"#;

struct Line {
    plan: Plan,
    line: LineCode,
    output: MachineCode,
}

impl Line {
    fn new(zone: &str) -> Self {
        Self { plan: plan(zone, TWO_SHIFTS), line: "saw".parse().unwrap(), output: machine("s1") }
    }

    fn subject(&self) -> Subject<'_> {
        Subject {
            plan: &self.plan,
            line: &self.line,
            output: Some(&self.output),
            machines: 2,
            aim: Aim { ideal_cycle_s: Some(60.0), oee_target: None },
        }
    }

    fn pieces(&self, bucket: KpiBucket, from: &str, to: &str, now: &str) -> Pieces<'_> {
        Pieces::of(self.subject(), bucket, at(from), at(to), at(now))
    }

    /// A state that has ended, as the slices it adds to.
    fn ended(&self, of: &str, state: MachineState, from: Timestamp, to: Timestamp) -> Vec<HourDelta> {
        let slices = self.plan.slices(&self.line, from, to).into_iter();
        let delta = |slice: Slice| HourDelta {
            machine: machine(of),
            figures: HourFigures::of_state(state, slice.planned_ms, slice.to - slice.from),
            slice: slice.key,
        };
        slices.map(delta).collect()
    }

    fn made(&self, at: Timestamp, good: i64, scrap: i64) -> HourDelta {
        let slice = self.plan.slices(&self.line, at, at + DurationMs(1)).remove(0);
        let figures = HourFigures {
            good: Quantity::from_units(good),
            scrap: Quantity::from_units(scrap),
            planned_run_ms: DurationMs((good + scrap) * MINUTE),
            ..HourFigures::default()
        };
        HourDelta { machine: machine("s1"), slice: slice.key, figures }
    }
}

fn since(of: &str, state: MachineState, from: Timestamp) -> StateChange {
    StateChange { machine: machine(of), from, state, reason: None, seq: Seq(1) }
}

fn minutes(span: DurationMs) -> i64 {
    span.0 / MINUTE
}

#[test]
fn pieces_are_whole_and_end_with_the_one_that_has_begun() {
    let line = Line::new("UTC");
    let shown = |bucket, from: &str, to: &str, now: &str| {
        let pieces = line.pieces(bucket, from, to, now);
        let show = |piece: &Piece| {
            let shift = piece.shift.as_deref().unwrap_or("-");
            format!("{}–{} {shift}", &piece.from.to_string()[11..16], &piece.to.to_string()[11..16])
        };
        pieces.pieces.iter().map(show).collect::<Vec<_>>()
    };
    let now = "2026-11-24T10:10:00Z";
    let hours = shown(KpiBucket::Hour, "2026-11-24T07:59:00Z", "2026-11-24T23:00:00Z", now);
    assert_eq!(hours, ["07:00–08:00 -", "08:00–09:00 -", "09:00–10:00 day", "10:00–11:00 day"]);
    let shifts = shown(KpiBucket::Shift, "2026-11-24T01:00:00Z", "2026-11-24T23:00:00Z", now);
    assert_eq!(shifts, ["22:00–06:00 night", "06:00–08:30 -", "08:30–16:30 day"]);
    let days = shown(KpiBucket::Day, "2026-11-23T23:59:00Z", "2026-11-24T00:00:01Z", now);
    assert_eq!(days, ["00:00–00:00 -", "00:00–00:00 -"]);
    assert!(shown(KpiBucket::Hour, "2026-11-24T10:10:00Z", "2026-11-24T11:00:00Z", now).is_empty());
}

#[test]
fn a_worked_example() {
    let line = Line::new("UTC");
    // Ran 11:00–12:40, so 70 planned minutes and the break of 30 minutes as overtime; stands since 12:40.
    let mut hours =
        line.ended("s1", MachineState::Running, at("2026-11-24T11:00:00Z"), at("2026-11-24T12:40:00Z"));
    hours.push(line.made(at("2026-11-24T11:30:00Z"), 45, 5));
    hours.extend(line.ended(
        "s2",
        MachineState::Down,
        at("2026-11-24T11:00:00Z"),
        at("2026-11-24T12:40:00Z"),
    ));
    let newest = [
        since("s1", MachineState::Down, at("2026-11-24T12:40:00Z")),
        since("s2", MachineState::Running, at("2026-11-24T12:40:00Z")),
    ];
    let now = "2026-11-24T13:15:00Z";
    let shift = line.pieces(KpiBucket::Shift, "2026-11-24T09:00:00Z", now, now).sum(&hours, &newest);
    let inputs = shift[0].inputs;
    assert_eq!((shift.len(), shift[0].shift.as_deref()), (1, Some("day")));
    // 08:30 to 13:15 is 285 minutes, of which 30 are the break; 150 before 11:00 nobody knows of.
    assert_eq!((minutes(inputs.planned_ms), minutes(inputs.planned_stop_ms)), (255, 30));
    assert_eq!((minutes(inputs.unknown_ms), minutes(inputs.sums.overtime_ms)), (150, 30));
    assert_eq!((minutes(inputs.running_ms()), minutes(inputs.sums.down_ms)), (100, 35));
    assert_eq!(minutes(inputs.planned_busy_ms()), 135);
    let kpi = inputs.kpi();
    assert_eq!(kpi.availability, Some(100.0 / 135.0));
    assert_eq!((kpi.effectiveness, kpi.quality), (Some(0.5), Some(0.9)));
    assert_eq!(inputs.target(), Some(Quantity::from_units(135)));
}

#[test]
fn without_an_output_machine_the_machines_count_together() {
    let line = Line::new("UTC");
    let subject = Subject { output: None, ..line.subject() };
    let (from, to) = (at("2026-11-24T09:00:00Z"), at("2026-11-24T10:00:00Z"));
    let mut hours = line.ended("s1", MachineState::Running, from, to);
    hours.extend(line.ended("s2", MachineState::Idle, from, at("2026-11-24T09:30:00Z")));
    let pieces = Pieces::of(subject, KpiBucket::Hour, from, to, to).sum(&hours, &[]);
    let inputs = pieces[0].inputs;
    assert_eq!((minutes(inputs.planned_ms), minutes(inputs.unknown_ms)), (120, 30));
    assert_eq!(inputs.kpi().availability, Some(60.0 / 90.0));
}

#[test]
fn no_data_is_no_data() {
    let line = Line::new("UTC");
    let now = "2026-11-24T11:00:00Z";
    let hours = line.pieces(KpiBucket::Hour, "2026-11-24T09:00:00Z", now, now).sum(&[], &[]);
    assert_eq!(hours.len(), 2);
    assert_eq!((hours[0].inputs.kpi(), minutes(hours[0].inputs.unknown_ms)), (Kpi::default(), 60));
    // Time between shifts is told only if something happened in it.
    let gap = ("2026-11-24T17:00:00Z", "2026-11-24T21:00:00Z");
    assert!(line.pieces(KpiBucket::Shift, gap.0, gap.1, gap.1).sum(&[], &[]).is_empty());
    let ran = line.ended("s1", MachineState::Running, at(gap.0), at(gap.1));
    let told = line.pieces(KpiBucket::Shift, gap.0, gap.1, gap.1).sum(&ran, &[]);
    assert_eq!(
        (minutes(told[0].inputs.sums.overtime_ms), told[0].inputs.kpi().availability),
        (240, Some(1.0))
    );
}

#[test]
fn items_without_a_planned_time_leave_effectiveness_unknown() {
    let sums =
        HourFigures { running_ms: DurationMs(1000), good: Quantity::from_units(1), ..HourFigures::default() };
    let inputs = Inputs { planned_ms: DurationMs(1000), sums, ..Inputs::default() };
    assert_eq!((inputs.kpi().effectiveness, inputs.kpi().oee, inputs.target()), (None, None, None));
    let nothing = HourFigures { good: Quantity::ZERO, ..sums };
    let inputs =
        Inputs { aim: Aim { ideal_cycle_s: Some(1.0), oee_target: Some(0.5) }, sums: nothing, ..inputs };
    assert_eq!(inputs.kpi().effectiveness, Some(0.0));
}

fn add(sum: &mut HourFigures, piece: &Piece) {
    *sum = sum.plus(piece.inputs.sums);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn hours_shifts_and_days_tell_the_same(
        zone in prop::sample::select(vec!["UTC", "Europe/Paris", "Asia/Kolkata", "Australia/Lord_Howe"]),
        // Around the nights in which Europe's clocks change.
        day in prop::sample::select(vec!["2026-03-27", "2026-10-23", "2026-06-01"]),
        lengths in prop::collection::vec((1_i64..900, 0_usize..6), 1..30),
        parts in prop::collection::vec((0_i64..4_000, 0_i64..50, 0_i64..10), 0..20),
        silence in 0_i64..600,
    ) {
        let line = Line::new(zone);
        let start = at(&format!("{day}T00:00:00Z"));
        let mut hours = Vec::new();
        let mut from = start;
        let mut newest = since("s1", MachineState::Offline, start);
        for (index, (length, state)) in lengths.iter().enumerate() {
            let to = from + DurationMs(length * MINUTE);
            let state = MachineState::ALL[*state];
            if index + 1 < lengths.len() {
                hours.extend(line.ended("s1", state, from, to));
                from = to;
            } else {
                newest = since("s1", state, from);
            }
        }
        let now = from + DurationMs(silence * MINUTE + 1);
        let made = parts.iter().map(|(minute, good, scrap)| {
            line.made((start + DurationMs(minute * MINUTE)).min(from), *good, *scrap)
        });
        hours.extend(made);
        let of = |bucket| {
            Pieces::of(line.subject(), bucket, start - DurationMs(30 * 3_600_000), now, now)
                .sum(&hours, std::slice::from_ref(&newest))
        };
        let (mut sums, mut planned) = (Vec::new(), Vec::new());
        for bucket in KpiBucket::ALL {
            let mut sum = HourFigures::default();
            for piece in of(*bucket) {
                add(&mut sum, &piece);
                let inputs = piece.inputs;
                prop_assert!(inputs.planned_busy_ms() <= inputs.planned_ms + inputs.sums.overtime_ms);
                prop_assert!(inputs.unknown_ms.0 >= 0 && inputs.known_ms() <= inputs.planned_ms);
                prop_assert!(inputs.planned_ms + inputs.planned_stop_ms <= piece.to - piece.from);
                let kpi = inputs.kpi();
                for ratio in [kpi.availability, kpi.effectiveness, kpi.quality, kpi.oee].into_iter().flatten() {
                    prop_assert!((0.0..=1.0).contains(&ratio));
                }
            }
            sums.push(sum);
        }
        prop_assert_eq!(sums[0], sums[1]);
        prop_assert_eq!(sums[0], sums[2]);
        // Every day is its hours.
        let all_hours = of(KpiBucket::Hour);
        for piece in of(KpiBucket::Day) {
            let inside = all_hours.iter().filter(|hour| piece.from <= hour.from && hour.from < piece.to);
            let mut sum = HourFigures::default();
            let (mut of_hours, mut unknown) = (0, 0);
            for hour in inside {
                add(&mut sum, hour);
                of_hours += hour.inputs.planned_ms.0;
                unknown += hour.inputs.unknown_ms.0;
            }
            if piece.from >= start - DurationMs(24 * 3_600_000) {
                prop_assert_eq!(sum, piece.inputs.sums);
                prop_assert_eq!(of_hours, piece.inputs.planned_ms.0);
                prop_assert_eq!(unknown, piece.inputs.unknown_ms.0);
            }
            planned.push(of_hours);
        }
        prop_assert!(!planned.is_empty());
    }
}
