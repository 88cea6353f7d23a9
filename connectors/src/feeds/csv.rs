//! Recordings in CSV: every row is one time, every other column an item.

use std::collections::VecDeque;
use std::io::Read;

use csv::StringRecord;
use jiff::civil::{DateTime, Time};
use jiff::{Timestamp, ToSpan, tz::TimeZone};

use super::mapping::CsvLayout;
use super::observation::Observation;

/// Counts of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CsvDefects {
    /// All rows below the header.
    pub rows: u64,
    /// Rows of 00:00 that were moved to the end of the day they carry.
    pub midnight_rows: u64,
    /// Rows older than the one before; they are passed on.
    pub steps_back: u64,
    /// Rows that could not be read; each is reported as an error.
    pub bad_rows: u64,
}

/// A row, or the header, that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {detail}")]
pub struct CsvError {
    /// The line it begins on, from 1.
    pub line: u64,
    /// What is wrong.
    pub detail: String,
}

/// A streaming reader of rows.
pub struct CsvReader<R> {
    reader: csv::Reader<R>,
    header: StringRecord,
    record: StringRecord,
    time_index: usize,
    layout: CsvLayout,
    zone: TimeZone,
    previous_at: Option<Timestamp>,
    ready: VecDeque<Observation>,
    defects: CsvDefects,
    ended: bool,
}

impl<R: Read> CsvReader<R> {
    /// Reads the header and checks that it has the time column and every one of `items`.
    pub fn new<'i>(
        reader: R,
        layout: CsvLayout,
        items: impl IntoIterator<Item = &'i str>,
    ) -> Result<Self, CsvError> {
        let in_header = |detail: String| CsvError { line: 1, detail };
        let zone = TimeZone::get(&layout.time_zone).map_err(|error| in_header(error.to_string()))?;
        let mut reader = csv::Reader::from_reader(reader);
        let header = reader.headers().map_err(|error| in_header(error.to_string()))?.clone();
        let position = |name: &str| {
            let found = header.iter().position(|column| column == name);
            found.ok_or_else(|| in_header(format!("there is no column `{name}`")))
        };
        let time_index = position(&layout.time_column)?;
        items.into_iter().try_for_each(|item| position(item).map(drop))?;
        Ok(Self {
            reader,
            header,
            record: StringRecord::new(),
            time_index,
            layout,
            zone,
            previous_at: None,
            ready: VecDeque::new(),
            defects: CsvDefects::default(),
            ended: false,
        })
    }

    /// What was met so far.
    pub fn defects(&self) -> &CsvDefects {
        &self.defects
    }

    fn read_row(&mut self) -> Result<(), CsvError> {
        let mut line = self.reader.position().line();
        match self.reader.read_record(&mut self.record) {
            Ok(false) => {
                self.ended = true;
                return Ok(());
            }
            Ok(true) => self.defects.rows += 1,
            Err(error) => {
                self.ended = error.is_io_error();
                self.defects.rows += 1;
                self.defects.bad_rows += 1;
                return Err(CsvError { line, detail: error.to_string() });
            }
        }
        line = self.record.position().map_or(line, csv::Position::line);
        let at = self.time(line).inspect_err(|_| self.defects.bad_rows += 1)?;
        if self.previous_at.replace(at).is_some_and(|previous| at < previous) {
            self.defects.steps_back += 1;
        }
        for (index, (item, value)) in self.header.iter().zip(&self.record).enumerate() {
            if index != self.time_index {
                let (item, value) = (item.to_owned(), value.to_owned());
                self.ready.push_back(Observation { line, at, item, value, condition: None });
            }
        }
        Ok(())
    }

    fn time(&mut self, line: u64) -> Result<Timestamp, CsvError> {
        let text = self.record.get(self.time_index).unwrap_or_default();
        let bad = |error: jiff::Error| CsvError { line, detail: format!("time `{text}`: {error}") };
        let mut local = DateTime::strptime(&self.layout.time_format, text).map_err(bad)?;
        if self.layout.midnight_closes_day && local.time() == Time::midnight() {
            local = local.checked_add(1.day()).map_err(bad)?;
            self.defects.midnight_rows += 1;
        }
        self.zone.to_timestamp(local).map_err(bad)
    }
}

impl<R: Read> Iterator for CsvReader<R> {
    type Item = Result<Observation, CsvError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(observation) = self.ready.pop_front() {
                return Some(Ok(observation));
            }
            if self.ended {
                return None;
            }
            if let Err(error) = self.read_row() {
                return Some(Err(error));
            }
        }
    }
}
