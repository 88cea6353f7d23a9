//! The real recordings: exact counts of their defects, and golden files of what becomes of them.

use std::collections::BTreeMap;
use std::fs;
use std::io::BufReader;
use std::path::Path;

use super::{mapping_file, recording_file, shown};
use crate::feeds::csv::CsvDefects;
use crate::feeds::mapper::MappingReport;
use crate::feeds::message::{Channel, FeedMessage, Fields};
use crate::feeds::recording::{Defects, Format, Recording, open};
use crate::feeds::shdr::{ShdrDefects, ShdrReader};

const HURCO: (&str, Format, &str) =
    ("data/nist-smstestbed-hurco/mtc_adapter007.txt", Format::Shdr, "hurco.toml");
const HURCO_OFF: (&str, Format, &str) =
    ("data/nist-smstestbed-hurco/mtc_adapter010.txt", Format::Shdr, "hurco.toml");
const OKUMA: (&str, Format, &str) = ("data/mtconnect-okuma/okuma.txt", Format::Shdr, "okuma.toml");
const STEEL: (&str, Format, &str) =
    ("data/steel-industry-energy/Steel_industry_data.csv", Format::Csv, "steel-energy.toml");

fn opened((file, format, map): (&str, Format, &str)) -> Recording {
    open(&recording_file(file), format, Some(mapping_file(map))).unwrap()
}

fn read(source: (&str, Format, &str)) -> (Vec<FeedMessage>, Defects, MappingReport) {
    let mut recording = opened(source);
    let messages = recording.by_ref().map(Result::unwrap).collect();
    (messages, recording.defects(), recording.mapping_report().unwrap().clone())
}

fn per_channel(messages: &[FeedMessage]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for message in messages {
        *counts.entry(message.channel.as_str()).or_default() += 1;
    }
    counts
}

/// How often each measure was sent.
fn per_measure(messages: &[FeedMessage]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for message in messages {
        if let Fields::Measure { values } = &message.fields {
            values.keys().for_each(|name| *counts.entry(&**name).or_default() += 1);
        }
    }
    counts
}

/// Every state, count and alarm, and the first measures; set `UPDATE_GOLDEN` to write the file anew.
fn assert_golden(name: &str, messages: &[FeedMessage]) {
    let (measures, facts): (Vec<_>, Vec<_>) =
        messages.iter().partition(|message| message.channel == Channel::Measure);
    let lines: String = facts
        .into_iter()
        .take(120)
        .chain(measures.into_iter().take(20))
        .map(|message| shown(message) + "\n")
        .collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/feeds/tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &lines).unwrap();
    }
    assert_eq!(lines, fs::read_to_string(&path).unwrap(), "{}", path.display());
}

#[test]
fn hurco_has_the_defects_its_source_lists() {
    let (messages, defects, report) = read(HURCO);
    let expected = ShdrDefects {
        lines: 65_942,
        data_lines: 65_937,
        merge_markers: 3,
        continuation_lines: 2,
        empty_values: 1,
        steps_back: 1,
        dated_ahead_lines: 17,
        long_fractions: 65_919,
        ..ShdrDefects::default()
    };
    assert_eq!(defects, Defects::Shdr(expected));
    assert_eq!((report.not_numbers, report.unmapped_values), (0, 0));
    let measured = per_measure(&messages);
    // All values of the file but the one that is UNAVAILABLE.
    assert_eq!(measured["feed_mm_s"], 32_774 - 1);
    assert_eq!(measured["spindle_speed_rpm"], 910 - 1);
    assert_eq!(measured["program_runtime_s"], 9_595 - 1);
    assert_eq!(measured["rapid_override_pct"], 935 - 1);
    assert_eq!(measured["block_number"] as u64 + report.thinned, 20_474 - 1);
    assert_golden("hurco.txt", &messages);
}

#[test]
fn hurco_makes_eight_parts() {
    let (messages, ..) = read(HURCO);
    let good: u64 = messages
        .iter()
        .filter_map(|message| match &message.fields {
            Fields::Count(count) => count.good,
            _ => None,
        })
        .sum();
    assert_eq!(good, 1917 - 1909);
}

#[test]
fn a_block_number_with_an_embedded_newline_is_one_value() {
    let file = fs::File::open(recording_file(HURCO.0)).unwrap();
    let reader = ShdrReader::new(BufReader::new(file));
    let joined: Vec<_> = reader.map(Result::unwrap).filter(|seen| seen.value.contains('\n')).collect();
    let shown: Vec<_> =
        joined.iter().map(|seen| (seen.line, seen.item.as_str(), seen.value.trim())).collect();
    assert_eq!(shown, [(7_014, "Block_Number", "2017"), (64_892, "Block_Number", "20175")]);
}

#[test]
fn a_machine_that_is_off_says_so_once() {
    let (messages, defects, report) = read(HURCO_OFF);
    let expected = ShdrDefects { lines: 17, data_lines: 17, ..ShdrDefects::default() };
    assert_eq!(defects, Defects::Shdr(expected));
    assert_eq!(
        messages.iter().map(shown).collect::<Vec<_>>(),
        [r#"state {"at":"2018-10-22T05:00:00.000Z","state":"offline"}"#]
    );
    assert_eq!(report.not_numbers, 0);
}

#[test]
fn okuma_has_the_defects_its_source_lists() {
    let (messages, defects, report) = read(OKUMA);
    let expected = ShdrDefects {
        lines: 10_770,
        data_lines: 10_525,
        agent_commands: 9,
        asset_lines: 118 + 30 + 4,
        multiline_blocks: 118,
        multiline_block_lines: 236,
        empty_values: 61,
        duplicate_lines: 47,
        steps_back: 1_165,
        long_fractions: 10_525,
        ..ShdrDefects::default()
    };
    assert_eq!(defects, Defects::Shdr(expected));
    assert_eq!((report.not_numbers, report.unmapped_values, report.thinned), (0, 0, 0));
    let measured = per_measure(&messages);
    assert_eq!(measured["path_z_mm"], 3_466);
    assert_eq!(measured["z1_load_pct"], 1_546);
    assert_eq!(measured["feed_mm_min"], 2_503);
    assert_eq!(measured["feed_target_mm_min"], 48 - 20);
    assert_eq!(per_channel(&messages)["alarm"], 10, "all ten conditions are normal, which is said once");
    assert_eq!(per_channel(&messages)["count"], 8);
    assert_golden("okuma.txt", &messages);
}

#[test]
fn steel_energy_is_a_year_of_quarter_hours() {
    let (messages, defects, report) = read(STEEL);
    let expected = CsvDefects { rows: 35_040, midnight_rows: 365, ..CsvDefects::default() };
    assert_eq!(defects, Defects::Csv(expected));
    assert_eq!(report.not_numbers + report.empty + report.unavailable, 0);
    assert_eq!(per_channel(&messages)["measure"], 35_040);
    let measures: Vec<_> = messages.iter().filter(|message| message.channel == Channel::Measure).collect();
    assert!(measures.windows(2).all(|pair| pair[1].at.duration_since(pair[0].at).as_secs() == 900));
    assert_eq!(measures[0].at.to_string(), "2017-12-31T15:15:00Z");
    assert_eq!(measures[35_039].at.to_string(), "2018-12-31T15:00:00Z");
    assert_golden("steel-energy.txt", &messages);
}
