//! Mapping files: strictness, and what the mapper makes of single observations.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use super::{at, shown};
use crate::feeds::Mapping;
use crate::feeds::csv::CsvReader;
use crate::feeds::mapper::{Mapper, MappingReport};
use crate::feeds::mapping::CsvLayout;
use crate::feeds::observation::{ConditionDetail, Observation};

const SMALL: &str = r#"
address = "t/s/l/m"
group_window = "1s"
[[state]]
item = "exec"
values.ACTIVE = { state = "running" }
values.HOLD = { state = "down", reason = "feed-hold" }
values.STOPPED = { state = "down", after = ["running", "down"], otherwise = "idle" }
[[state]]
item = "kw"
load = { running_from = 20.0, idle_below = 10.0 }
[[count]]
item = "parts"
field = "good"
[[count]]
item = "waste"
field = "total_scrap"
[[measure]]
item = "feed"
name = "feed_mm_s"
[[measure]]
item = "speed"
name = "speed_rpm"
scale = 60.0
[[measure]]
item = "slow"
name = "slow"
min_interval = "10s"
[[measure]]
item = "where"
name = "y_mm"
part = 1
[[alarm]]
item = "cond"
code = "coolant"
fault_severity = "high"
"#;

fn error_of(text: &str) -> String {
    Mapping::parse(text, Path::new("some.toml")).unwrap_err().to_string()
}

#[test]
fn an_error_names_the_file_and_the_key() {
    let unknown = error_of(&SMALL.replace("min_interval", "min_intervall"));
    assert!(unknown.contains("some.toml") && unknown.contains("min_intervall"), "{unknown}");
    let nested = error_of(&SMALL.replace("reason =", "raeson ="));
    assert!(nested.contains("raeson"), "{nested}");
    assert!(error_of(&SMALL.replace("feed_mm_s", "Feed mm/s")).contains("Feed mm/s"));
    assert!(error_of(&SMALL.replace("\"y_mm\"", "\"slow\"")).contains("`slow` is used twice"));
    assert!(error_of(&SMALL.replace("\"t/s/l/m\"", "\"t/s/l/M\"")).contains("not a slug"));
    assert!(error_of(&SMALL.replace("\"t/s/l/m\"", "\"t/s/l\"")).contains("four parts"));
    assert!(error_of(&SMALL.replace("\"10s\"", "\"10 parsecs\"")).contains("min_interval"));
    assert!(error_of(&SMALL.replace(", otherwise = \"idle\"", "")).contains("both `after` and `otherwise`"));
    assert!(error_of(&SMALL.replace("\"total_scrap\"", "\"good\"")).contains("feeds a field"));
    assert!(error_of(&SMALL.replace("\"running\" }", "\"walking\" }")).contains("walking"));
    assert!(error_of(&SMALL.replace("= 10.0", "= 30.0")).contains("idle_below up to running_from"));
    assert!(error_of(&SMALL.replace("= 10.0", "= nan")).contains("idle_below up to running_from"));
    assert!(error_of("address = \"t/s/l/m\"").contains("no item is mapped"));
}

/// Feeds `seconds item value` lines, one file line each, and shows what comes out.
fn mapped(lines: &[(&str, &str, &str)]) -> (Vec<String>, MappingReport) {
    let mut mapper = Mapper::new(Arc::new(Mapping::parse(SMALL, Path::new("small")).unwrap()));
    let mut out = VecDeque::new();
    for (number, (second, item, value)) in lines.iter().enumerate() {
        let condition =
            (*item == "cond").then(|| ConditionDetail { text: "low level".to_owned(), ..Default::default() });
        let at = at(&format!("2020-01-01T00:00:{second}Z"));
        let (item, value) = ((*item).to_owned(), (*value).to_owned());
        mapper.observe(&Observation { line: number as u64, at, item, value, condition }, &mut out);
    }
    mapper.finish(&mut out);
    let report = mapper.report().clone();
    (out.iter().map(|message| shown(message).replace("2020-01-01T00:00:", "")).collect(), report)
}

#[test]
fn a_state_is_sent_when_it_changes() {
    let (messages, report) = mapped(&[
        ("00", "exec", "STOPPED"),
        ("01", "exec", "ACTIVE"),
        ("02", "exec", "ACTIVE"),
        ("03", "exec", "HOLD"),
        ("04", "exec", "STOPPED"),
        ("05", "exec", "ACTIVE"),
        ("06", "exec", "STOPPED"),
        ("07", "exec", "NONSENSE"),
    ]);
    assert_eq!(
        messages,
        [
            r#"state {"at":"00.000Z","state":"idle"}"#,
            r#"state {"at":"01.000Z","state":"running"}"#,
            r#"state {"at":"03.000Z","state":"down","reason":"feed-hold"}"#,
            r#"state {"at":"05.000Z","state":"running"}"#,
            r#"state {"at":"06.000Z","state":"down"}"#,
        ],
    );
    assert_eq!(report.unmapped_values, 1);
}

#[test]
fn a_load_between_its_limits_changes_nothing() {
    let loads =
        [("00", "kw", "15"), ("01", "kw", "20"), ("02", "kw", "10"), ("03", "kw", "9.9"), ("04", "kw", "15")];
    let states: Vec<_> = mapped(&loads).0.iter().map(|state| state.contains("running")).collect();
    assert_eq!(states, [false, true, false]);
}

#[test]
fn increments_have_a_baseline_and_know_resets() {
    let (messages, report) = mapped(&[
        ("00", "parts", "1909"),
        ("01", "parts", "1911.000000"),
        ("02", "parts", "1911"),
        ("03", "parts", "2"),
        ("04", "parts", "2.5"),
        ("05", "parts", "-1"),
        ("06", "parts", "UNAVAILABLE"),
        ("07", "waste", "7"),
        ("08", "waste", "7"),
    ]);
    assert_eq!(
        messages,
        [
            r#"count {"at":"01.000Z","good":2}"#,
            r#"count {"at":"03.000Z","good":2}"#,
            r#"count {"at":"07.000Z","total_scrap":7}"#,
            r#"count {"at":"08.000Z","total_scrap":7}"#,
        ],
    );
    assert_eq!((report.not_numbers, report.unavailable), (2, 1));
}

#[test]
fn measures_that_come_together_are_one_message_and_none_is_lost() {
    let (messages, report) = mapped(&[
        ("00.1", "feed", "1.5"),
        ("00.2", "speed", "2"),
        ("00.3", "feed", "2.5"),
        ("00.2", "speed", "3"),
        ("00.4", "where", "0 7"),
        ("05", "slow", "1"),
        ("06", "slow", "2"),
        ("15", "slow", "3"),
        ("16", "where", "1 -2.5 3"),
        ("16", "where", "1"),
        ("16", "feed", "inf"),
        ("16", "speed", "1e308"),
        ("16", "other", "1"),
    ]);
    assert_eq!(
        messages,
        [
            r#"measure {"at":"00.200Z","values":{"feed_mm_s":1.5,"speed_rpm":120.0}}"#,
            r#"measure {"at":"00.300Z","values":{"feed_mm_s":2.5}}"#,
            r#"measure {"at":"00.200Z","values":{"speed_rpm":180.0}}"#,
            r#"measure {"at":"00.400Z","values":{"y_mm":7.0}}"#,
            r#"measure {"at":"05.000Z","values":{"slow":1.0}}"#,
            r#"measure {"at":"16.000Z","values":{"slow":3.0,"y_mm":-2.5}}"#,
        ],
    );
    let expected =
        MappingReport { thinned: 1, empty: 1, not_numbers: 2, unmapped_items: 1, ..MappingReport::default() };
    assert_eq!(report, expected);
}

#[test]
fn an_alarm_is_sent_when_it_changes() {
    let levels = [
        ("00", "cond", "NORMAL"),
        ("01", "cond", "NORMAL"),
        ("02", "cond", "FAULT"),
        ("03", "cond", "UNAVAILABLE"),
    ];
    let (messages, report) = mapped(&levels);
    assert_eq!(
        messages,
        [
            r#"alarm {"at":"00.000Z","code":"coolant","active":false,"severity":"high","text":"low level"}"#,
            r#"alarm {"at":"02.000Z","code":"coolant","active":true,"severity":"high","text":"low level"}"#,
        ],
    );
    assert_eq!(report.unavailable, 1);
}

#[test]
fn a_csv_without_a_column_or_with_a_bad_row_says_which() {
    let layout = || CsvLayout {
        time_column: "t".to_owned(),
        time_format: "%d/%m/%Y %H:%M".to_owned(),
        time_zone: "Asia/Seoul".to_owned(),
        midnight_closes_day: true,
    };
    let missing = CsvReader::new(&b"t,x\n"[..], layout(), ["y"]).err().unwrap();
    assert_eq!(missing.to_string(), "line 1: there is no column `y`");
    let rows = &b"t,x\n01/01/2018 00:15,1\n31/02/2018 00:00,2\n01/01/2018,3,4\n01/01/2018 00:00,5\n"[..];
    let mut reader = CsvReader::new(rows, layout(), ["x"]).unwrap();
    let results: Vec<_> =
        reader.by_ref().map(|result| result.map(|seen| (seen.at.to_string(), seen.value))).collect();
    let lines: Vec<_> =
        results.iter().filter_map(|result| result.as_ref().err()).map(|error| error.line).collect();
    assert_eq!(lines, [3, 4]);
    assert_eq!(
        results[3],
        Ok(("2018-01-01T15:00:00Z".to_owned(), "5".to_owned())),
        "midnight closes its day"
    );
    assert_eq!((reader.defects().rows, reader.defects().bad_rows), (4, 2));
}
