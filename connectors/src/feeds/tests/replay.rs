//! The driver with a publisher in memory.

use std::path::Path;
use std::sync::{Arc, Mutex};

use actors::clock::SystemClock;
use async_trait::async_trait;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{at, mapping_file, recording_file};
use crate::feeds::recording::{Format, Recording, open};
use crate::feeds::replay::{ClockPace, Pace, PublishError, Publisher, ReplayOptions, RunId, play};
use crate::feeds::schedule::Speed;

const START: &str = "2026-11-22T12:00:00Z";

/// Keeps what it is given and closes after a number of messages.
struct Memory {
    kept: Mutex<Vec<(String, Bytes)>>,
    closes_after: usize,
}

impl Memory {
    fn new(closes_after: usize) -> Self {
        Self { kept: Mutex::new(Vec::new()), closes_after }
    }

    fn kept(self) -> Vec<(String, Value)> {
        let kept = self.kept.into_inner().unwrap();
        kept.into_iter().map(|(topic, body)| (topic, serde_json::from_slice(&body).unwrap())).collect()
    }
}

#[async_trait]
impl Publisher for Memory {
    async fn publish(&self, topic: String, payload: Bytes) -> Result<(), PublishError> {
        let mut kept = self.kept.lock().unwrap();
        if kept.len() == self.closes_after {
            return Err(PublishError::Closed);
        }
        kept.push((topic, payload));
        Ok(())
    }

    async fn drain(&self) -> Result<(), PublishError> {
        Ok(())
    }
}

fn options(speed: Speed, repeat: bool) -> ReplayOptions {
    ReplayOptions { speed, max_gap: SignedDuration::from_secs(60), repeat }
}

const THREE: &str = "{\"topic\":\"hub/v1/t/s/l/m/count\",\"at\":\"2020-01-01T00:00:10Z\",\"good\":1}\nrubbish\n\
                     {\"topic\":\"hub/v1/t/s/l/m/count\",\"at\":\"2020-01-01T00:00:20Z\",\"good\":2}\n\
                     {\"topic\":\"hub/v1/t/s/l/m/count\",\"at\":\"2020-01-01T00:00:15Z\",\"good\":3}\n";

fn three() -> Recording {
    Recording::new(Path::new("three"), Box::new(THREE.as_bytes()), Format::Ndjson, None).unwrap()
}

/// A time that jumps to what is waited for.
struct Jumping(Mutex<Timestamp>);

impl Jumping {
    fn new() -> Self {
        Self(Mutex::new(at(START)))
    }
}

#[async_trait]
impl Pace for Jumping {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    async fn wait_until(&self, due: Timestamp) {
        let mut now = self.0.lock().unwrap();
        *now = due.max(*now);
    }
}

#[tokio::test]
async fn the_hubs_clock_paces_a_replay() {
    let pace = ClockPace::new(Arc::new(SystemClock));
    let due = pace.now() + SignedDuration::from_millis(20);
    pace.wait_until(due).await;
    assert!(pace.now() >= due);
    pace.wait_until(at(START)).await;
}

#[tokio::test]
async fn messages_get_the_present_time_and_ids_of_the_run() {
    let memory = Memory::new(usize::MAX);
    let run = RunId::new("run").unwrap();
    let report = play(|| Ok(three()), options(Speed::Times(10.0), false), &run, &memory, &Jumping::new())
        .await
        .unwrap();
    assert_eq!((report.published, report.late, report.unreadable_lines, report.passes), (3, 1, 1, 1));
    let seen: Vec<_> =
        memory.kept().into_iter().map(|(_, body)| (body["id"].clone(), body["at"].clone())).collect();
    let expected = [
        ("run-0", "2026-11-22T12:00:00.000Z"),
        ("run-1", "2026-11-22T12:00:01.000Z"),
        ("run-2", "2026-11-22T12:00:00.500Z"),
    ];
    assert_eq!(seen, expected.map(|(id, at)| (Value::from(id), Value::from(at))));
}

#[tokio::test]
async fn a_repeated_replay_has_new_ids_in_every_pass_and_ends_with_its_publisher() {
    let memory = Memory::new(8);
    let run = RunId::random();
    let ended = play(|| Ok(three()), options(Speed::Max, true), &run, &memory, &Jumping::new()).await;
    assert!(ended.is_err());
    let kept = memory.kept();
    let ids: std::collections::HashSet<_> = kept.iter().map(|(_, body)| body["id"].to_string()).collect();
    assert_eq!(ids.len(), 8);
    assert!(kept.iter().all(|(_, body)| body.get("at").is_none()));
}

#[tokio::test]
async fn an_empty_recording_is_not_repeated_for_ever() {
    let memory = Memory::new(0);
    let open = || Recording::new(Path::new("empty"), Box::new(&b""[..]), Format::Ndjson, None);
    let report =
        play(open, options(Speed::Max, true), &RunId::random(), &memory, &Jumping::new()).await.unwrap();
    assert_eq!((report.published, report.passes), (0, 1));
}

/// How long the demo's recordings take, and how many of their messages come late.
#[tokio::test]
async fn the_demo_recordings_play_in_good_time() {
    for (file, format, map, minutes, late) in [
        ("data/nist-smstestbed-hurco/mtc_adapter007.txt", Format::Shdr, "hurco.toml", 10..25, 0),
        ("data/mtconnect-okuma/okuma.txt", Format::Shdr, "okuma.toml", 10..13, 1_083),
    ] {
        let map = mapping_file(map);
        let options = ReplayOptions { speed: map.replay.speed, max_gap: map.replay.max_gap, repeat: false };
        let memory = Memory::new(usize::MAX);
        let pace = Jumping::new();
        let open = || open(&recording_file(file), format, Some(map.clone()));
        let report = play(open, options, &RunId::random(), &memory, &pace).await.unwrap();
        let took = pace.now().duration_since(at(START)).as_mins();
        assert!(minutes.contains(&took), "{file} took {took} minutes for {report:?}");
        assert_eq!(report.late, late, "{file}");
        assert_eq!(report.published as usize, memory.kept.into_inner().unwrap().len());
    }
}
