//! A viewer that stops reading, on a real socket: nobody else notices, memory stays flat, and it starts afresh.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::{equals_fresh, open_sessions};
use crate::support::{Heard, LINE, PATIENCE, Plant, SITE, Session, Setup, Version, Viewer, topic};

/// Every message changes so much that the buffers of a blocked socket and its mailbox are full after a hundred.
const VALUES: usize = 60;
const WARM_UP: usize = 50;
const BEFORE: usize = 120;
const BLOCKED: usize = 300;
/// What may be between the slowest of a hundred before and meanwhile: a busy machine makes some of it.
const FACTOR: u32 = 10;
const MAX_GROWTH_BYTES: u64 = 64 * 1024 * 1024;

fn line_topic() -> String {
    format!("line/{SITE}/{LINE}")
}

fn measure(number: usize) -> Value {
    let text = "x".repeat(200);
    let values: Map<String, Value> =
        (0..VALUES).map(|n| (format!("v{n}"), format!("{number} {text}").into())).collect();
    json!({ "values": values })
}

/// How long it took until the PUBACK came, and until the viewer saw it.
struct Latency {
    acknowledged: Vec<Duration>,
    seen: Vec<Duration>,
}

impl Latency {
    fn p99(durations: &mut [Duration]) -> Duration {
        durations.sort_unstable();
        durations[durations.len() * 99 / 100]
    }
}

async fn publish(device: &mut Session, viewer: &mut Viewer, numbers: std::ops::Range<usize>) -> Latency {
    let mut latency = Latency { acknowledged: Vec::new(), seen: Vec::new() };
    for number in numbers {
        let payload = measure(number).to_string();
        let began = Instant::now();
        let acknowledging = async {
            assert_eq!(device.publish(topic(LINE, "m0", "measure"), payload).await, Some(0));
            began.elapsed()
        };
        let seeing = async {
            let shown = |viewer: &Viewer| {
                let value = &viewer.copy(&line_topic()).data["machines"]["m0"]["measures"]["v0"]["value"];
                value.as_str().is_some_and(|value| value.starts_with(&format!("{number} ")))
            };
            viewer.until("the viewer sees the message", shown).await;
            began.elapsed()
        };
        let (acknowledged, seen) = tokio::join!(acknowledging, seeing);
        latency.acknowledged.push(acknowledged);
        latency.seen.push(seen);
    }
    latency
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_that_stops_reading_disturbs_nobody_and_starts_afresh() {
    let plant = Plant::build(Setup::default().env("HUB_LIMITS__PEER_TIMEOUT", "5m"), 1, 1).await;
    let credential = plant.machine_device(LINE, "m0").await;
    let mut device = Session::connect(plant.hub.mqtt(), Version::V5, &credential, "m0").await;
    let (address, token) = (plant.hub.http(), plant.rest.token());
    let mut brisk = Viewer::open(address, token).await;
    brisk.watch(&line_topic()).await;
    publish(&mut device, &mut brisk, 0..WARM_UP).await;
    let mut before = publish(&mut device, &mut brisk, WARM_UP..WARM_UP + BEFORE).await;
    let mut slow = Viewer::open_reluctantly(address, token).await;
    slow.watch(&line_topic()).await;
    let resident = plant.hub.resident_bytes();
    let numbers = WARM_UP + BEFORE..WARM_UP + BEFORE + BLOCKED;
    let last_number = numbers.end - 1;
    let mut meanwhile = publish(&mut device, &mut brisk, numbers).await;
    let growth = plant.hub.resident_bytes().saturating_sub(resident);

    for (what, before, meanwhile) in [
        ("PUBACKs", &mut before.acknowledged, &mut meanwhile.acknowledged),
        ("another viewer's frames", &mut before.seen, &mut meanwhile.seen),
    ] {
        let (before, meanwhile) = (Latency::p99(before), Latency::p99(meanwhile));
        eprintln!("p99 of {what}: {before:?} before, {meanwhile:?} meanwhile");
        assert!(meanwhile <= before * FACTOR, "{what} take {meanwhile:?}, before it was {before:?}");
    }
    eprintln!("the hub grew by {growth} bytes");
    assert!(growth < MAX_GROWTH_BYTES, "the hub grew by {growth} bytes");
    assert!(!brisk.was_reset(&line_topic()), "the brisk viewer missed nothing");

    let newest = |viewer: &Viewer| {
        let value = &viewer.copy(&line_topic()).data["machines"]["m0"]["measures"]["v0"]["value"];
        value.as_str().is_some_and(|value| value.starts_with(&format!("{last_number} ")))
    };
    slow.until("the slow viewer is given the topic afresh", |slow| {
        slow.was_reset(&line_topic()) && newest(slow)
    })
    .await;
    let mut fresh = Viewer::open(address, token).await;
    assert!(equals_fresh(&mut slow, &mut fresh, &line_topic()).await);
    let mut after = publish(&mut device, &mut slow, last_number + 1..last_number + 20).await;
    assert!(!Latency::p99(&mut after.seen).is_zero(), "the slow one sees changes again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_that_never_reads_again_is_cut_off_and_may_come_back() {
    let plant = Plant::build(Setup::default().env("HUB_LIMITS__PEER_TIMEOUT", "1s"), 1, 1).await;
    let credential = plant.machine_device(LINE, "m0").await;
    let mut device = Session::connect(plant.hub.mqtt(), Version::V5, &credential, "m0").await;
    let (address, token) = (plant.hub.http(), plant.rest.token());
    let mut brisk = Viewer::open(address, token).await;
    brisk.watch(&line_topic()).await;
    let mut slow = Viewer::open_reluctantly(address, token).await;
    slow.watch(&line_topic()).await;
    let began = Instant::now();
    publish(&mut device, &mut brisk, 0..300).await;
    let mut number = 300;
    while open_sessions(address).await > 1 {
        publish(&mut device, &mut brisk, number..number + 1).await;
        number += 1;
        assert!(began.elapsed() < PATIENCE, "the hub does not give the session up");
    }
    while slow.next().await != Heard::Lost {}
    let mut back = slow.resume(address, token).await;
    back.until("a copy of now", |back| {
        let value = &back.copy(&line_topic()).data["machines"]["m0"]["measures"]["v0"]["value"];
        value.as_str().is_some_and(|value| value.starts_with(&format!("{} ", number - 1)))
    })
    .await;
    let mut fresh = Viewer::open(address, token).await;
    assert!(equals_fresh(&mut back, &mut fresh, &line_topic()).await);
}
