//! The SHDR reader over small files with one defect each, and over anything at all.

use std::io::BufReader;

use proptest::prelude::*;

use super::at;
use crate::feeds::observation::Observation;
use crate::feeds::shdr::{MAX_LINE_BYTES, ShdrDefects, ShdrReader};

fn read(input: &[u8]) -> (Vec<Observation>, ShdrDefects) {
    let mut reader = ShdrReader::with_conditions(BufReader::with_capacity(7, input), ["cond"]);
    let observations = reader.by_ref().map(Result::unwrap).collect();
    (observations, reader.defects().clone())
}

fn pairs(input: &str) -> Vec<(String, String)> {
    read(input.as_bytes()).0.into_iter().map(|seen| (seen.item, seen.value)).collect()
}

fn pair(item: &str, value: &str) -> (String, String) {
    (item.to_owned(), value.to_owned())
}

const T1: &str = "2017-02-01T10:12:23.1718750Z";
const T2: &str = "2017-02-01T10:12:24Z";

#[test]
fn a_line_has_any_number_of_items() {
    let (seen, defects) = read(format!("{T1}|a|1|b|two words|c|\n").as_bytes());
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|seen| seen.at == at(T1) && seen.line == 1));
    assert_eq!((seen[1].item.as_str(), seen[1].value.as_str()), ("b", "two words"));
    let expected =
        ShdrDefects { lines: 1, data_lines: 1, empty_values: 1, long_fractions: 1, ..ShdrDefects::default() };
    assert_eq!(defects, expected);
}

#[test]
fn a_value_with_an_embedded_newline_is_joined() {
    let text = format!("{T1}|a|\n2017\n{T2}|b|3\nrubbish\n{T2}|c|\n\n2018\n");
    assert_eq!(pairs(&text), [pair("a", "\n2017"), pair("b", "3"), pair("c", "")]);
    let defects = read(text.as_bytes()).1;
    assert_eq!((defects.continuation_lines, defects.stray_lines, defects.blank_lines), (1, 2, 1));
    assert_eq!(defects.empty_values, 1, "a joined value is not empty");
}

#[test]
fn only_an_empty_value_at_the_end_of_a_line_is_continued() {
    let condition = format!("{T1}|a||cond|NORMAL||||\nrubbish\n");
    assert_eq!(pairs(&condition), [pair("a", ""), pair("cond", "NORMAL")]);
    assert_eq!(read(condition.as_bytes()).1.stray_lines, 1);
    let marker = format!("{T1}|a|\n=======\n{T1}|b|1");
    assert_eq!(pairs(&marker), [pair("a", ""), pair("b", "1")]);
    assert_eq!(read(marker.as_bytes()).1.merge_markers, 1);
}

#[test]
fn merge_markers_commands_blocks_and_garbage_are_counted() {
    let text = format!(
        "<<<<<<< HEAD\n{T1}|a|1\n||||||| base\n=======\n{T1}|a|2\n>>>>>>> 0fc28b8\n* shdrVersion: 2.0\n\
         {T1}|@ASSET@|1|Tool|--multiline--XY\n<Tool>\n|not|data|\n--multiline--XY\n{T1}|@REMOVE_ASSET@|1\n\
         x{T1}|a|3\n======= not a marker? yes\n========\n"
    );
    assert_eq!(pairs(&text), [pair("a", "1"), pair("a", "2")]);
    let defects = read(text.as_bytes()).1;
    assert_eq!(defects.merge_markers, 5);
    assert_eq!(defects.agent_commands, 1);
    assert_eq!(
        (
            defects.asset_lines,
            defects.multiline_blocks,
            defects.multiline_block_lines,
            defects.unterminated_blocks
        ),
        (2, 1, 3, 0)
    );
    assert_eq!((defects.bad_timestamps, defects.stray_lines), (1, 1));
}

#[test]
fn a_block_without_an_end_does_not_swallow_the_feed() {
    let text = format!(
        "{T1}|@ASSET@|1|Tool|--multiline--XY\n<Tool>\n{T2}|a|1\n{T2}|@ASSET@|1|Tool|--multiline--Z\n<T>"
    );
    assert_eq!(pairs(&text), [pair("a", "1")]);
    assert_eq!(read(text.as_bytes()).1.unterminated_blocks, 2);
}

#[test]
fn a_condition_keeps_its_code_and_text() {
    let (seen, _) = read(format!("{T1}|cond|FAULT|17|3|HIGH|too hot|a|1").as_bytes());
    let detail = seen[0].condition.as_ref().unwrap();
    assert_eq!(
        (seen[0].value.as_str(), detail.native_code.as_str(), detail.text.as_str()),
        ("FAULT", "17", "too hot")
    );
    assert_eq!(seen[1].item, "a");
}

#[test]
fn times_dated_ahead_repeated_and_stepping_back_are_passed_on() {
    let text = format!("2018-10-21T05:00:00Z|a|1\n2018-10-21T05:00:00Z|b|1\n{T2}|a|2\n{T1}|a|3\n{T2}|a|2\n");
    let (seen, defects) = read(text.as_bytes());
    assert_eq!(seen.len(), 5);
    assert_eq!((defects.dated_ahead_lines, defects.steps_back, defects.duplicate_lines), (2, 2, 1));
}

#[test]
fn lines_that_are_no_text_or_too_long_are_skipped() {
    let mut input = format!("{T1}|a|").into_bytes();
    input.extend(std::iter::repeat_n(b'x', MAX_LINE_BYTES));
    input.extend(format!("\n{T1}|a|\u{fffd}").as_bytes());
    input.extend(b"\xff\xfe|x\r\n");
    input.extend(format!("{T1}|a|1\r\n{T1}|dangling\n").as_bytes());
    let (seen, defects) = read(&input);
    assert_eq!(seen.iter().map(|seen| seen.value.as_str()).collect::<Vec<_>>(), ["1"]);
    assert_eq!((defects.too_long_lines, defects.invalid_utf8, defects.dangling_items), (1, 1, 1));
}

const KNOWN_PIECES: &[&str] = &[
    "2017-02-01T10:12:23.1718750Z",
    "2022-08-08T13:51:34Z",
    "9999-12-31T23:59:59Z",
    "|",
    "||",
    "a|1",
    "cond|FAULT|",
    "\n",
    "\r\n",
    "<<<<<<< HEAD\n",
    "=======\n",
    "@ASSET@|1|T|--multiline--A\n",
    "--multiline--A\n",
    "* x\n",
    "\u{1F4A5}",
    " ",
];

/// Pieces of which broken files are made.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => proptest::sample::select(KNOWN_PIECES).prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..12),
    ]
}

proptest! {
    #[test]
    fn no_input_stops_the_reader_and_every_line_is_accounted_for(pieces in proptest::collection::vec(piece(), 0..80)) {
        let input = pieces.concat();
        let (seen, defects) = read(&input);
        let lines = input.split_inclusive(|byte| *byte == b'\n').count() as u64;
        prop_assert_eq!(defects.lines, lines);
        let accounted = defects.data_lines + defects.merge_markers + defects.continuation_lines + defects.agent_commands
            + defects.multiline_block_lines + defects.bad_timestamps + defects.stray_lines + defects.blank_lines
            + defects.invalid_utf8 + defects.too_long_lines;
        prop_assert_eq!(accounted, lines);
        prop_assert!(seen.is_sorted_by_key(|seen| seen.line));
    }

    #[test]
    fn what_is_written_is_read(values in proptest::collection::vec(("[a-z]{1,8}", "[ -{}~]{0,20}", -5_000i64..5_000), 0..40)) {
        let base = at("2020-01-01T00:00:00Z");
        let when = |offset: &i64| base + jiff::SignedDuration::from_millis(*offset);
        let text: String = values.iter().map(|(item, value, offset)| format!("{}|{item}|{value}\n", when(offset))).collect();
        let seen: Vec<_> = read(text.as_bytes()).0.into_iter().filter(|seen| seen.item != "cond").map(|seen| (seen.item, seen.value, seen.at)).collect();
        let expected: Vec<_> = values.into_iter().map(|(item, value, offset)| (item, value, when(&offset))).filter(|(item, ..)| item != "cond").collect();
        prop_assert_eq!(seen, expected);
    }
}
