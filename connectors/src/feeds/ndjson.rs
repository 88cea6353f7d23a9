//! Recordings that already are the hub's messages: one JSON object a line, with `at` and either `topic` or
//! `machine` and `channel`. The channel's own fields are passed on as they are: the hub judges them.

use std::io::BufRead;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::line::{Found, Lines};
use super::message::{Channel, FeedMessage, Fields, MachineAddress};

/// Longest line that is read: the largest MQTT payload the hub accepts, and room for the address.
pub const MAX_LINE_BYTES: usize = 260 * 1024;

/// Counts of lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NdjsonDefects {
    /// All lines with text.
    pub lines: u64,
    /// Messages older than the one before; they are passed on.
    pub steps_back: u64,
    /// Lines that are no message; each is reported as an error.
    pub bad_lines: u64,
}

/// Why a line is no message.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {detail}")]
pub struct NdjsonError {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong.
    pub detail: String,
}

/// A streaming reader of messages.
pub struct NdjsonReader<R> {
    lines: Lines<R>,
    /// The machine of lines that name none.
    default_machine: Option<Arc<MachineAddress>>,
    previous_at: Option<Timestamp>,
    defects: NdjsonDefects,
    ended: bool,
}

impl<R: BufRead> NdjsonReader<R> {
    /// `default_machine` is the machine of lines with a `channel` only.
    pub fn new(reader: R, default_machine: Option<Arc<MachineAddress>>) -> Self {
        let lines = Lines::new(reader, MAX_LINE_BYTES);
        Self { lines, default_machine, previous_at: None, defects: NdjsonDefects::default(), ended: false }
    }

    /// What was met so far.
    pub fn defects(&self) -> &NdjsonDefects {
        &self.defects
    }

    fn message(&mut self) -> Result<FeedMessage, String> {
        let parsed: Result<Map<String, Value>, _> = serde_json::from_slice(self.lines.bytes());
        let mut fields = parsed.map_err(|error| error.to_string())?;
        let at = time(fields.remove("at").ok_or("`at` is missing")?)?;
        let (machine, channel) = self.target(&mut fields)?;
        // A replay is a new sending: it has ids of its own and is not a device's late delivery.
        fields.remove("id");
        fields.remove("buffered");
        if self.previous_at.replace(at).is_some_and(|previous| at < previous) {
            self.defects.steps_back += 1;
        }
        Ok(FeedMessage { at, machine, channel, fields: Fields::Raw(fields) })
    }

    fn target(&self, fields: &mut Map<String, Value>) -> Result<(Arc<MachineAddress>, Channel), String> {
        if let Some(topic) = text(fields, "topic")? {
            if fields.contains_key("machine") || fields.contains_key("channel") {
                return Err("either `topic`, or `machine` and `channel`".to_owned());
            }
            let (machine, channel) = MachineAddress::from_topic(&topic).map_err(|error| error.to_string())?;
            return Ok((Arc::new(machine), channel));
        }
        let channel = text(fields, "channel")?.ok_or("`topic` or `channel` is missing")?;
        let channel = channel.parse().map_err(|error: super::message::AddressError| error.to_string())?;
        let machine = match text(fields, "machine")? {
            Some(machine) => machine
                .parse()
                .map(Arc::new)
                .map_err(|error: super::message::AddressError| error.to_string())?,
            None => self.default_machine.clone().ok_or("`machine` is missing")?,
        };
        Ok((machine, channel))
    }
}

impl<R: BufRead> Iterator for NdjsonReader<R> {
    type Item = Result<FeedMessage, NdjsonError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let result = match self.lines.advance() {
                Ok(Found::End) => break,
                Ok(Found::Line) if self.lines.bytes().trim_ascii().is_empty() => continue,
                Ok(Found::Line) => self.message(),
                Ok(Found::TooLong) => Err(format!("longer than {MAX_LINE_BYTES} bytes")),
                Err(error) => {
                    self.ended = true;
                    Err(error.to_string())
                }
            };
            self.defects.lines += 1;
            let line = self.lines.number();
            return Some(result.map_err(|detail| {
                self.defects.bad_lines += 1;
                NdjsonError { line, detail }
            }));
        }
        self.ended = true;
        None
    }
}

/// RFC 3339, or milliseconds since 1970.
fn time(value: Value) -> Result<Timestamp, String> {
    let parsed = match &value {
        Value::String(text) => text.parse().ok(),
        Value::Number(millis) => millis.as_i64().and_then(|millis| Timestamp::from_millisecond(millis).ok()),
        _ => None,
    };
    parsed.ok_or_else(|| format!("`at` is not a time: {value}"))
}

fn text(fields: &mut Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match fields.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("`{name}` is not a text")),
    }
}
