//! MTConnect SHDR (`timestamp|item|value[|item|value…]`), read as adapters and repositories left it:
//! nothing in a file stops the reader, and everything it had to step over is counted.

use std::collections::{HashSet, VecDeque, hash_map::DefaultHasher};
use std::hash::{Hash, Hasher};
use std::io::{self, BufRead};

use jiff::{SignedDuration, Timestamp};

use super::line::{Found, Lines};
use super::observation::{ConditionDetail, Observation};

/// Longest line that is read; a longer one is skipped and counted.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// How many data lines back a repeated line is recognised.
pub const DUPLICATE_WINDOW_LINES: usize = 16 * 1024;

/// A step back of more than this at a file's head means that the lines before it were dated ahead.
const DATED_AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Everything a reader met that is not a plain observation. All are counts of lines unless the name
/// says otherwise; none of them ends the reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShdrDefects {
    /// All lines of the file.
    pub lines: u64,
    /// Lines with a timestamp.
    pub data_lines: u64,
    /// Left by an unresolved git merge: `<<<<<<<`, `|||||||`, `=======`, `>>>>>>>`.
    pub merge_markers: u64,
    /// Second lines of values with an embedded newline; they were joined to their value.
    pub continuation_lines: u64,
    /// Commands to the agent (`* …`).
    pub agent_commands: u64,
    /// Asset lines (`@ASSET@`, `@REMOVE_ASSET@`, …); the hub has no use for assets.
    pub asset_lines: u64,
    /// `--multiline--…` blocks that were skipped.
    pub multiline_blocks: u64,
    /// Lines inside those blocks, their end included.
    pub multiline_block_lines: u64,
    /// Blocks that the next data line or the end of the file cut short.
    pub unterminated_blocks: u64,
    /// Values (not lines) without any text.
    pub empty_values: u64,
    /// Fields (not lines) in the place of an item's name that are empty.
    pub unnamed_items: u64,
    /// Items at a line's end without a value field.
    pub dangling_items: u64,
    /// Data lines equal to one of the [`DUPLICATE_WINDOW_LINES`] before; they are passed on.
    pub duplicate_lines: u64,
    /// Data lines older than the one before; they are passed on.
    pub steps_back: u64,
    /// Data lines at the head dated more than a day ahead of what follows; they are passed on.
    pub dated_ahead_lines: u64,
    /// Timestamps with more than six digits of a second.
    pub long_fractions: u64,
    /// Lines with fields whose first is not a time.
    pub bad_timestamps: u64,
    /// Lines that are none of the above.
    pub stray_lines: u64,
    /// Lines without any character.
    pub blank_lines: u64,
    /// Lines that are not UTF-8.
    pub invalid_utf8: u64,
    /// Lines above [`MAX_LINE_BYTES`].
    pub too_long_lines: u64,
}

/// A streaming reader: memory is bounded by the longest line and the duplicate window.
pub struct ShdrReader<R> {
    lines: Lines<R>,
    conditions: HashSet<String>,
    block_end: Option<String>,
    ready: VecDeque<Observation>,
    /// Whether the last observation in `ready` has an empty value, which the next line may continue.
    open_value: bool,
    previous_at: Option<Timestamp>,
    recent: RecentLines,
    defects: ShdrDefects,
    ended: bool,
}

impl<R: BufRead> ShdrReader<R> {
    /// Reads items only; see [`Self::with_conditions`].
    pub fn new(reader: R) -> Self {
        Self::with_conditions(reader, std::iter::empty::<String>())
    }

    /// `conditions` are the items that carry `level|native code|native severity|qualifier|text` instead of
    /// one value; only the machine's device description tells which they are.
    pub fn with_conditions(reader: R, conditions: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            lines: Lines::new(reader, MAX_LINE_BYTES),
            conditions: conditions.into_iter().map(Into::into).collect(),
            block_end: None,
            ready: VecDeque::new(),
            open_value: false,
            previous_at: None,
            recent: RecentLines::default(),
            defects: ShdrDefects::default(),
            ended: false,
        }
    }

    /// What was met so far.
    pub fn defects(&self) -> &ShdrDefects {
        &self.defects
    }

    /// Number of the line read last, from 1.
    pub fn line_number(&self) -> u64 {
        self.lines.number()
    }

    /// Reads one line; false at the end.
    fn read_line(&mut self) -> io::Result<bool> {
        let found = self.lines.advance()?;
        if found == Found::End {
            self.close_value();
            if self.block_end.take().is_some() {
                self.defects.unterminated_blocks += 1;
            }
            return Ok(false);
        }
        self.defects.lines += 1;
        if found == Found::TooLong {
            self.defects.too_long_lines += 1;
            self.close_value();
            return Ok(true);
        }
        let Ok(line) = std::str::from_utf8(self.lines.bytes()) else {
            self.defects.invalid_utf8 += 1;
            self.close_value();
            return Ok(true);
        };
        let line = line.to_owned();
        self.classify(&line);
        Ok(true)
    }

    fn classify(&mut self, line: &str) {
        let data = split_data_line(line);
        if let Some(end) = &self.block_end {
            // Assets are XML; a line with a time can only be the feed itself going on.
            if data.is_none() {
                self.defects.multiline_block_lines += 1;
                if line.trim_end() == end {
                    self.block_end = None;
                }
                return;
            }
            self.block_end = None;
            self.defects.unterminated_blocks += 1;
        }
        if let Some((at, time, rest)) = data {
            self.close_value();
            self.data_line(line, at, time, rest);
        } else if self.open_value && is_continuation(line) {
            self.defects.continuation_lines += 1;
            self.defects.empty_values -= 1;
            self.close_value();
            if let Some(last) = self.ready.back_mut() {
                last.value.push('\n');
                last.value.push_str(line);
            }
        } else {
            self.close_value();
            *self.counter_of(line) += 1;
        }
    }

    fn counter_of(&mut self, line: &str) -> &mut u64 {
        let defects = &mut self.defects;
        if line.is_empty() {
            &mut defects.blank_lines
        } else if is_merge_marker(line) {
            &mut defects.merge_markers
        } else if line.starts_with('*') {
            &mut defects.agent_commands
        } else if line.contains('|') {
            &mut defects.bad_timestamps
        } else {
            &mut defects.stray_lines
        }
    }

    fn data_line(&mut self, line: &str, at: Timestamp, time: &str, rest: &str) {
        self.note_time(at, time);
        if self.recent.seen(line) {
            self.defects.duplicate_lines += 1;
        }
        if rest.starts_with('@') {
            self.defects.asset_lines += 1;
        } else {
            self.read_items(at, rest);
        }
        if let Some(tag) = line.rsplit('|').next().filter(|field| field.starts_with("--multiline--")) {
            self.defects.multiline_blocks += 1;
            self.block_end = Some(tag.trim_end().to_owned());
        }
    }

    fn note_time(&mut self, at: Timestamp, time: &str) {
        if let Some(previous) = self.previous_at.replace(at)
            && at < previous
        {
            self.defects.steps_back += 1;
            if self.defects.dated_ahead_lines == 0 && previous.duration_since(at) > DATED_AHEAD {
                self.defects.dated_ahead_lines = self.defects.data_lines;
            }
        }
        self.defects.data_lines += 1;
        let fraction = time.split_once('.').map_or("", |(_, fraction)| fraction);
        if fraction.bytes().take_while(u8::is_ascii_digit).count() > 6 {
            self.defects.long_fractions += 1;
        }
    }

    fn read_items(&mut self, at: Timestamp, rest: &str) {
        let line = self.lines.number();
        let mut fields = rest.split('|');
        while let Some(item) = fields.next() {
            self.close_value();
            if self.conditions.contains(item) {
                let level = fields.next().unwrap_or_default().to_owned();
                let mut next = || fields.next().unwrap_or_default().to_owned();
                let condition = Some(ConditionDetail {
                    native_code: next(),
                    native_severity: next(),
                    qualifier: next(),
                    text: next(),
                });
                self.ready.push_back(Observation {
                    line,
                    at,
                    item: item.to_owned(),
                    value: level,
                    condition,
                });
                continue;
            }
            let value = fields.next();
            if item.trim().is_empty() {
                self.defects.unnamed_items += 1;
            } else if let Some(value) = value {
                if value.trim().is_empty() {
                    self.defects.empty_values += 1;
                }
                self.open_value = value.is_empty();
                let (item, value) = (item.to_owned(), value.to_owned());
                self.ready.push_back(Observation { line, at, item, value, condition: None });
            } else {
                self.defects.dangling_items += 1;
            }
        }
    }

    /// The next line does not continue the open value.
    fn close_value(&mut self) {
        self.open_value = false;
    }
}

impl<R: BufRead> Iterator for ShdrReader<R> {
    type Item = io::Result<Observation>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let held_back = usize::from(self.open_value);
            if self.ready.len() > held_back {
                return self.ready.pop_front().map(Ok);
            }
            if self.ended {
                return None;
            }
            match self.read_line() {
                Ok(true) => {}
                Ok(false) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    self.close_value();
                    return Some(Err(error));
                }
            }
        }
    }
}

/// A fixed number of line digests, oldest out first.
#[derive(Default)]
struct RecentLines {
    order: VecDeque<u64>,
    digests: HashSet<u64>,
}

impl RecentLines {
    fn seen(&mut self, line: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        line.hash(&mut hasher);
        let digest = hasher.finish();
        if !self.digests.insert(digest) {
            return true;
        }
        self.order.push_back(digest);
        if self.order.len() > DUPLICATE_WINDOW_LINES
            && let Some(oldest) = self.order.pop_front()
        {
            self.digests.remove(&oldest);
        }
        false
    }
}

/// The time, its text and the fields after it; a duration of a time series (`@…`) is cut off.
fn split_data_line(line: &str) -> Option<(Timestamp, &str, &str)> {
    let (time, rest) = line.split_once('|')?;
    let time = time.split_once('@').map_or(time, |(instant, _)| instant);
    Some((time.parse().ok()?, time, rest))
}

fn is_continuation(line: &str) -> bool {
    !line.is_empty() && !line.contains('|') && !line.starts_with('*') && !is_merge_marker(line)
}

fn is_merge_marker(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"]
        .iter()
        .any(|marker| line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}
