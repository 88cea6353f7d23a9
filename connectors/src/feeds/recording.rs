//! A recording as a stream of the hub's messages, whatever its format.

use std::collections::VecDeque;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use super::FeedError;
use super::csv::{CsvDefects, CsvError, CsvReader};
use super::mapper::{Mapper, MappingReport};
use super::mapping::Mapping;
use super::message::FeedMessage;
use super::ndjson::{NdjsonDefects, NdjsonReader};
use super::observation::Observation;
use super::shdr::{ShdrDefects, ShdrReader};

/// How a recording is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// MTConnect adapter lines.
    Shdr,
    /// A table with a header.
    Csv,
    /// The hub's own messages, one a line.
    Ndjson,
}

impl FromStr for Format {
    type Err = FeedError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "shdr" => Ok(Self::Shdr),
            "csv" => Ok(Self::Csv),
            "ndjson" => Ok(Self::Ndjson),
            _ => Err(FeedError::UnknownFormat(text.to_owned())),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shdr => "shdr",
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        })
    }
}

/// What the file was like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Defects {
    /// Of an SHDR file.
    Shdr(ShdrDefects),
    /// Of a CSV file.
    Csv(CsvDefects),
    /// Of a file of messages.
    Ndjson(NdjsonDefects),
}

/// A reader of one pass; an iterator of messages in the file's order, which need not be the order of time.
/// After an error with [`FeedError::is_one_line`] it goes on, after any other it has ended.
pub struct Recording {
    path: PathBuf,
    source: Source,
    mapper: Option<Mapper>,
    ready: VecDeque<FeedMessage>,
    ended: bool,
}

type Input = Box<dyn BufRead + Send>;

enum Source {
    Shdr(Box<ShdrReader<Input>>),
    Csv(Box<CsvReader<Input>>),
    Ndjson(Box<NdjsonReader<Input>>),
}

/// Opens a file. SHDR and CSV need a mapping; for messages it gives the machine of lines that name none.
pub fn open(path: &Path, format: Format, map: Option<Arc<Mapping>>) -> Result<Recording, FeedError> {
    let file = File::open(path).map_err(|source| FeedError::Open { path: path.to_owned(), source })?;
    Recording::new(path, Box::new(BufReader::new(file)), format, map)
}

impl Recording {
    /// Reads from anywhere, for example from bytes inside the binary; `path` is for errors.
    pub fn new(
        path: &Path,
        input: Input,
        format: Format,
        map: Option<Arc<Mapping>>,
    ) -> Result<Self, FeedError> {
        let needed = |part| FeedError::MappingNeeded { format, part };
        let mapper = match format {
            Format::Ndjson => None,
            _ => Some(Mapper::new(map.clone().ok_or(needed(""))?)),
        };
        let source = match (format, map) {
            (Format::Shdr, map) => {
                let conditions = map.iter().flat_map(|map| map.conditions());
                Source::Shdr(Box::new(ShdrReader::with_conditions(input, conditions)))
            }
            (Format::Csv, map) => {
                let map = map.ok_or(needed(""))?;
                let layout = map.csv.clone().ok_or(needed(" with a [csv] table"))?;
                let reader = CsvReader::new(input, layout, map.items());
                Source::Csv(Box::new(reader.map_err(|error| csv_line(path, error))?))
            }
            (Format::Ndjson, map) => {
                let machine = map.map(|map| Arc::clone(&map.address));
                Source::Ndjson(Box::new(NdjsonReader::new(input, machine)))
            }
        };
        Ok(Self { path: path.to_owned(), source, mapper, ready: VecDeque::new(), ended: false })
    }

    /// What the file was like so far.
    pub fn defects(&self) -> Defects {
        match &self.source {
            Source::Shdr(reader) => Defects::Shdr(reader.defects().clone()),
            Source::Csv(reader) => Defects::Csv(reader.defects().clone()),
            Source::Ndjson(reader) => Defects::Ndjson(reader.defects().clone()),
        }
    }

    /// What became of its values so far; nothing for a file of messages.
    pub fn mapping_report(&self) -> Option<&MappingReport> {
        self.mapper.as_ref().map(Mapper::report)
    }

    /// Reads until a message may be ready; false at the end.
    fn advance(&mut self) -> Result<bool, FeedError> {
        let observation: Option<Observation> = match &mut self.source {
            Source::Ndjson(reader) => {
                let message = reader.next().transpose().map_err(|error| FeedError::Line {
                    path: self.path.clone(),
                    line: error.line,
                    detail: error.detail,
                })?;
                let more = message.is_some();
                self.ready.extend(message);
                return Ok(more);
            }
            Source::Shdr(reader) => match reader.next().transpose() {
                Ok(observation) => observation,
                Err(source) => {
                    let line = reader.line_number();
                    return Err(FeedError::Read { path: self.path.clone(), line, source });
                }
            },
            Source::Csv(reader) => reader.next().transpose().map_err(|error| csv_line(&self.path, error))?,
        };
        let Some(mapper) = &mut self.mapper else { return Ok(false) };
        match &observation {
            Some(observation) => mapper.observe(observation, &mut self.ready),
            None => mapper.finish(&mut self.ready),
        }
        Ok(observation.is_some())
    }
}

impl Iterator for Recording {
    type Item = Result<FeedMessage, FeedError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                return Some(Ok(message));
            }
            if self.ended {
                return None;
            }
            match self.advance() {
                Ok(more) => self.ended = !more,
                Err(error) => {
                    self.ended = !error.is_one_line();
                    return Some(Err(error));
                }
            }
        }
    }
}

fn csv_line(path: &Path, error: CsvError) -> FeedError {
    FeedError::Line { path: path.to_owned(), line: error.line, detail: error.detail }
}
