//! Calendars on the local clock: breaks, nights, days that differ, and clocks that change.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::DurationMs;
use crate::shift::Shift;
use crate::tenant::TimeZoneName;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn line() -> LineCode {
    "saw".parse().unwrap()
}

fn plan(zone: &str, calendar: Calendar) -> Plan {
    calendar.check().unwrap();
    Plan { time_zone: TimeZoneName::parse(zone).unwrap(), calendar: Arc::new(calendar) }
}

fn calendar(json: &str) -> Calendar {
    serde_json::from_str(json).unwrap()
}

/// Two shifts on working days with breaks, a night from Monday to Thursday, a holiday, a short day, a revision.
fn works() -> Calendar {
    calendar(
        r#"{"shifts":[
            {"name":"early","days":["mon","tue","wed","thu","fri"],"from":"05:30","to":"13:30",
             "planned_stops":[{"name":"break","from":"09:00","to":"09:20"}]},
            {"name":"late","days":["mon","tue","wed","thu","fri"],"from":"13:30","to":"21:30"},
            {"name":"night","days":["mon","tue","wed","thu"],"from":"21:30","to":"05:30",
             "planned_stops":[{"name":"meal","from":"00:30","to":"01:00"}]}],
        "exceptions":[{"date":"2026-12-25","name":"Noël","shifts":[]},
            {"date":"2026-12-24","shifts":[{"name":"short","from":"05:30","to":"12:00"}]}],
        "planned_stops":[{"name":"revision","line":"saw","from":"2026-11-24T10:00:00Z","to":"2026-11-24T13:30:00Z"}]}"#,
    )
}

fn shown(shift: &Shift) -> String {
    let stops: Vec<_> = shift
        .planned_stops
        .iter()
        .map(|stop| {
            format!(" {} {}–{}", stop.name, &stop.from.to_string()[11..16], &stop.to.to_string()[11..16])
        })
        .collect();
    let name = if shift.off { "off" } else { &shift.name };
    format!("{name} {}–{}{}", &shift.from.to_string()[..16], &shift.to.to_string()[11..16], stops.concat())
}

#[test]
fn shifts_have_their_breaks_and_the_planned_stops_of_a_date() {
    let plan = plan("Europe/Paris", works());
    let of = |line: &str| {
        let shifts =
            plan.shifts(&line.parse().unwrap(), at("2026-11-24T05:00:00Z"), at("2026-11-24T22:00:00Z"));
        shifts.iter().map(shown).collect::<Vec<_>>()
    };
    assert_eq!(
        of("saw"),
        [
            "early 2026-11-24T04:30–12:30 break 08:00–08:20 revision 10:00–12:30",
            "late 2026-11-24T12:30–20:30 revision 12:30–13:30",
            "night 2026-11-24T20:30–04:30 meal 23:30–00:00",
        ]
    );
    assert_eq!(of("mill")[0], "early 2026-11-24T04:30–12:30 break 08:00–08:20");
}

#[test]
fn a_day_that_differs_replaces_the_shifts_that_begin_on_it() {
    let plan = plan("Europe/Paris", works());
    let on = |time: &str| shown(&plan.shift_at(&line(), at(time)));
    assert_eq!(on("2026-12-24T04:00:00Z"), "night 2026-12-23T20:30–04:30 meal 23:30–00:00");
    assert_eq!(on("2026-12-24T08:00:00Z"), "short 2026-12-24T04:30–11:00");
    assert_eq!(on("2026-12-24T12:00:00Z"), "off 2026-12-24T11:00–23:00");
    assert_eq!(on("2026-12-25T12:00:00Z"), "off 2026-12-24T23:00–23:00");
    // Friday's late shift is the last of the week; Monday's early one the first.
    assert_eq!(on("2026-11-28T02:00:00Z"), "off 2026-11-27T23:00–23:00");
    assert_eq!(on("2026-11-30T00:00:00Z"), "off 2026-11-29T23:00–04:30");
}

#[test]
fn the_default_follows_the_local_clock_also_when_it_changes() {
    let plan = plan("Europe/Paris", Calendar::default());
    let on = |time: &str| shown(&plan.shift_at(&line(), at(time)));
    assert_eq!(on("2026-11-22T05:00:00Z"), "early 2026-11-22T05:00–13:00");
    assert_eq!(on("2026-11-22T04:59:59Z"), "night 2026-11-21T21:00–05:00");
    assert_eq!(on("2026-11-22T23:30:00Z"), "night 2026-11-22T21:00–05:00");
    // Seven hours in March, nine in October.
    assert_eq!(on("2026-03-29T00:30:00Z"), "night 2026-03-28T21:00–04:00");
    assert_eq!(on("2026-10-25T00:30:00Z"), "night 2026-10-24T20:00–05:00");
}

#[test]
fn a_day_without_midnight_has_its_shifts_by_the_clock() {
    // On 2026-04-24 the clock of Cairo goes from 00:00 to 01:00.
    let plan = plan("Africa/Cairo", Calendar::default());
    let on = |time: &str| shown(&plan.shift_at(&line(), at(time)));
    assert_eq!(on("2026-04-24T03:30:00Z"), "early 2026-04-24T03:00–11:00");
    assert_eq!(on("2026-04-23T21:30:00Z"), "night 2026-04-23T20:00–03:00");
}

#[test]
fn slices_are_local_hours_cut_at_shifts_and_know_what_is_planned() {
    let plan = plan("Asia/Kolkata", works());
    // 05:00 to 06:10 on the local clock, half an hour beside that of UTC.
    let slices = plan.slices(&line(), at("2026-11-26T23:30:00Z"), at("2026-11-27T00:40:00Z"));
    let shown: Vec<_> = slices
        .iter()
        .map(|slice| {
            let shift = slice.key.shift.as_ref().map_or("off", |shift| &shift.name);
            let minutes = |at: Timestamp| at.to_string()[11..16].to_owned();
            let key = format!("{}–{}", minutes(slice.key.from), minutes(slice.key.to));
            format!("{} {key} {shift} {} {}", slice.key.day, minutes(slice.to), slice.planned_ms.0 / 60_000)
        })
        .collect();
    assert_eq!(
        shown,
        [
            "2026-11-27 23:30–00:00 night 00:00 30",
            "2026-11-27 00:00–00:30 early 00:30 30",
            "2026-11-27 00:30–01:30 early 00:40 10",
        ]
    );
}

#[test]
fn refusals_name_the_place_and_the_rule() {
    let refused = |json: &str, field: &str, rule: &str| {
        let rejection = calendar(json).check().unwrap_err();
        assert_eq!(rejection.field.as_deref(), Some(field), "{json}");
        assert!(rejection.detail.contains(rule), "{json}: {}", rejection.detail);
    };
    let shift = |days: &str, from: &str, to: &str, stops: &str| {
        format!(r#"{{"name":"a","days":[{days}],"from":"{from}","to":"{to}","planned_stops":[{stops}]}}"#)
    };
    let week = |shifts: &[String]| format!(r#"{{"shifts":[{}]}}"#, shifts.join(","));
    refused(&week(&[shift("", "06:00", "14:00", "")]), "shifts", "must name its days");
    refused(&week(&[shift(r#""mon","mon""#, "06:00", "14:00", "")]), "shifts", "each once");
    let night = shift(r#""sun""#, "22:00", "06:00", "");
    refused(&week(&[night, shift(r#""mon""#, "05:00", "14:00", "")]), "shifts", "must not overlap");
    let outside = r#"{"name":"pause","from":"13:50","to":"14:10"}"#;
    refused(&week(&[shift(r#""mon""#, "06:00", "14:00", outside)]), "shifts", "must lie within the shift");
    let twice = r#"{"shifts":[],"exceptions":[{"date":"2026-05-01"},{"date":"2026-05-01"}]}"#;
    refused(twice, "exceptions", "must occur once");
    let backwards = r#"{"shifts":[],"planned_stops":[{"name":"r","from":"2026-05-01T10:00:00Z","to":"2026-05-01T10:00:00Z"}]}"#;
    refused(backwards, "planned_stops", "must end after it begins");
    assert!(serde_json::from_str::<Calendar>(r#"{"shifts":[],"breaks":[]}"#).is_err());
    assert!(serde_json::from_str::<LocalTime>(r#""24:00""#).is_err());
}

const ZONES: [&str; 6] = [
    "Europe/Paris",
    "America/St_Johns",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Havana",
    "Asia/Kathmandu",
];

proptest! {
    #[test]
    fn shifts_and_time_off_cover_time_without_gaps(
        ms in 1_500_000_000_000_i64..2_000_000_000_000, zone in 0_usize..6, default in any::<bool>(),
    ) {
        let plan = plan(ZONES[zone], if default { Calendar::default() } else { works() });
        let now = plan.shift_at(&line(), Timestamp::from_millis(ms));
        prop_assert!(now.contains(Timestamp::from_millis(ms)));
        prop_assert_eq!(plan.shift_at(&line(), now.to).from, now.to);
        prop_assert_eq!(&plan.shift_at(&line(), now.from), &now);
    }

    #[test]
    fn slices_cover_a_span_once_and_lie_within_one_hour_and_shift(
        ms in 1_500_000_000_000_i64..2_000_000_000_000, length in 1_i64..200_000_000, zone in 0_usize..6,
        cut in 0.0_f64..1.0,
    ) {
        let plan = plan(ZONES[zone], works());
        let (from, to) = (Timestamp::from_millis(ms), Timestamp::from_millis(ms + length));
        let slices = plan.slices(&line(), from, to);
        let mut reached = from;
        for slice in &slices {
            prop_assert_eq!(slice.from, reached);
            prop_assert!(slice.key.from <= slice.from && slice.from < slice.to && slice.to <= slice.key.to);
            prop_assert!((slice.key.to - slice.key.from).0 <= 3_600_000);
            prop_assert!(slice.planned_ms.0 >= 0 && slice.planned_ms.0 <= (slice.to - slice.from).0);
            reached = slice.to;
        }
        prop_assert_eq!(reached, to);
        // A slice is the same however the span was chosen.
        #[expect(clippy::cast_possible_truncation, reason = "a part of a length that fits")]
        let middle = from + DurationMs((length as f64 * cut) as i64);
        let (before, after) = (plan.slices(&line(), from, middle), plan.slices(&line(), middle, to));
        let planned = |slices: &[Slice]| slices.iter().map(|slice| slice.planned_ms.0).sum::<i64>();
        prop_assert_eq!(planned(&slices), planned(&before) + planned(&after));
        for part in before.iter().chain(&after) {
            prop_assert!(slices.iter().any(|slice| slice.key == part.key), "{:?} is not in {:?}", part.key, slices);
        }
    }

    #[test]
    fn the_hours_of_a_shift_are_its_slices(ms in 1_500_000_000_000_i64..2_000_000_000_000, zone in 0_usize..6) {
        let plan = plan(ZONES[zone], works());
        let shift = plan.shift_at(&line(), Timestamp::from_millis(ms));
        let mut bounds: Vec<_> =
            plan.slices(&line(), shift.from, shift.to).iter().map(|slice| slice.key.from).collect();
        bounds.push(shift.to);
        prop_assert_eq!(plan.hours_of(&shift), bounds);
    }
}
