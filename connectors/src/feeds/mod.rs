//! Feeds: recordings of real machines, with all their natural defects, as the hub's own MQTT messages.
//!
//! A reader ([`shdr`], [`mod@csv`], [`ndjson`]) yields what the file says, a [`mapper`] says it in the
//! hub's words by a [`mapping`] file, [`replay`] paces it, and [`mqtt_publisher`] sends it. Nothing here
//! knows the hub's inside: a replay enters by the same door as a machine.

mod line;

pub mod csv;
pub mod mapper;
pub mod mapping;
pub mod message;
pub mod mqtt_publisher;
pub mod ndjson;
pub mod observation;
pub mod recording;
pub mod replay;
pub mod schedule;
pub mod shdr;

#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;

pub use mapping::Mapping;
pub use message::{Channel, FeedMessage, Fields, MachineAddress};
pub use recording::{Format, Recording, open};

/// What can go wrong with a recording and its replay.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// A file cannot be opened.
    #[error("cannot open {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be read on.
    #[error("cannot read {} after line {line}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The last line that was read.
        line: u64,
        /// Why.
        source: io::Error,
    },
    /// A mapping file is wrong.
    #[error("mapping {}: {detail}", path.display())]
    Mapping {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the key.
        detail: String,
    },
    /// A format that needs a mapping got none, or one without what it needs.
    #[error("a recording in {format} needs a mapping file{part}")]
    MappingNeeded {
        /// The format.
        format: Format,
        /// The part that is missing, with a leading word, or nothing.
        part: &'static str,
    },
    /// One line is no message; the reading can go on after it.
    #[error("{}:{line}: {detail}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        detail: String,
    },
    /// A text is not one of the formats.
    #[error("`{0}` is not a format: shdr, csv or ndjson")]
    UnknownFormat(String),
    /// A text is not a speed.
    #[error("`{0}` is not a speed: a positive number, or `max`")]
    BadSpeed(String),
    /// A run's name cannot be part of a message id.
    #[error("`{0}` is not a run name: 1 to 40 printable ASCII characters")]
    BadRunId(String),
    /// A message cannot be encoded.
    #[error("cannot encode a message: {0}")]
    Encode(#[from] serde_json::Error),
    /// A message cannot be sent.
    #[error(transparent)]
    Publish(#[from] replay::PublishError),
}

impl FeedError {
    /// Whether only one line is lost, so that the reading can go on.
    pub fn is_one_line(&self) -> bool {
        matches!(self, Self::Line { .. })
    }
}
