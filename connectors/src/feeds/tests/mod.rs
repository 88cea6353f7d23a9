//! Tests of the feeds over the real recordings, and properties over any input.

mod mapping;
mod ndjson;
mod publisher;
mod recordings;
mod replay;
mod schedule;
mod shdr;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::{FeedMessage, Mapping};

/// A file below `config/recordings`.
fn recording_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/recordings").join(name)
}

fn mapping_file(name: &str) -> Arc<Mapping> {
    Arc::new(Mapping::load(&recording_file(name)).unwrap())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// `channel payload` without an id, with the recorded time.
fn shown(message: &FeedMessage) -> String {
    let payload = message.payload("1", Some(message.at)).unwrap();
    let payload = String::from_utf8(payload.to_vec()).unwrap();
    format!("{} {}", message.channel.as_str(), payload.replacen(r#""id":"1","#, "", 1))
}
