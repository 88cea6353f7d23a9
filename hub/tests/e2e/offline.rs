//! Devices that vanish, come back, repeat themselves, come late, or have a wrong clock.

use std::time::Duration;

use actors::clock::{Clock, SystemClock};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::support::{ARTICLE, Device, LINE, Plant, SITE, Session, Setup, Version, count, eventually, topic};

const GRACE: Duration = Duration::from_secs(1);
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// The time of the device's clock, wrong by this much.
fn at(offset_ms: i64) -> i64 {
    SystemClock.now().as_millis() + offset_ms
}

async fn is_offline(plant: &Plant, machine: &str) {
    eventually("the machine is offline", async || {
        (plant.rest.machine_state(LINE, machine).await["state"] == "offline").then_some(())
    })
    .await;
}

/// A session of a device of its own that has said that its machine runs.
async fn running(plant: &Plant, machine: &str, version: Version) -> Session {
    let device = plant.machine_device(LINE, machine).await;
    let mut session = Session::connect(plant.hub.mqtt(), version, &device, machine).await;
    let said = session.publish(topic(LINE, machine, "state"), r#"{"state":"running"}"#).await;
    assert_eq!(said, Some(0));
    assert_eq!(plant.rest.machine_state(LINE, machine).await["state"], "running");
    session
}

async fn plant(machines: usize) -> Plant {
    let grace = format!("{}s", GRACE.as_secs());
    Plant::build(Setup::default().env("HUB_MQTT__OFFLINE_GRACE", &grace), 1, machines).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_vanishes_turns_its_machine_offline_after_the_grace() {
    for version in [Version::V3, Version::V5] {
        let plant = plant(2).await;
        let vanishing = running(&plant, "m0", version).await;
        let mut staying = running(&plant, "m1", version).await;
        let vanished = Instant::now();
        drop(vanishing);
        is_offline(&plant, "m0").await;
        assert!(vanished.elapsed() >= GRACE, "within the grace nothing is said");
        let state = plant.rest.machine_state(LINE, "m0").await;
        assert_eq!(state["quality"], "unknown", "nobody knows what it does");
        let line = plant.rest.line_state(LINE).await;
        assert_eq!(line["machines"]["m1"]["state"], "running");
        assert_eq!(line["line"]["andon"], "green");
        // It is known again as soon as it says something.
        running(&plant, "m0", version).await.disconnect().await;
        let said = staying.publish(topic(LINE, "m1", "count"), r#"{"good":1}"#).await;
        assert_eq!(said, Some(0));
        plant.hub.verify().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_within_the_grace_or_says_goodbye_is_not_missed() {
    let plant = plant(3).await;
    let back = plant.machine_device(LINE, "m0").await;
    let mut session = Session::connect(plant.hub.mqtt(), Version::V5, &back, "m0").await;
    session.publish(topic(LINE, "m0", "state"), r#"{"state":"running"}"#).await.unwrap();
    let polite = running(&plant, "m1", Version::V3).await;
    let vanishing = running(&plant, "m2", Version::V3).await;
    drop(session);
    let _session = Session::connect(plant.hub.mqtt(), Version::V5, &back, "m0").await;
    polite.disconnect().await;
    // Whoever vanishes last is missed last: when this one is, the others would have been.
    drop(vanishing);
    is_offline(&plant, "m2").await;
    for machine in ["m0", "m1"] {
        assert_eq!(plant.rest.machine_state(LINE, machine).await["state"], "running", "{machine}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_twice_counts_once_also_across_a_restart() {
    let mut plant = Plant::build(Setup::default().fixed_ports(), 1, 1).await;
    plant.rest.release_order("o-1", ARTICLE, LINE, 100).await;
    let credential = plant.site_device().await;
    let device = Device::connect(plant.hub.mqtt(), &credential, "gateway");
    let stock = format!("hub/v1/acme/{SITE}/stock");
    let messages = [
        (topic(LINE, "m0", "state"), json!({"id": "1", "state": "running"})),
        (topic(LINE, "m0", "order"), json!({"id": "2", "order": "o-1", "action": "start"})),
        (topic(LINE, "m0", "count"), count("3", 5)),
        (
            topic(LINE, "m0", "stock"),
            json!({"id": "4", "kind": "produce", "article": ARTICLE, "quantity": 3}),
        ),
        // The ids of a site are not those of its machines.
        (stock, json!({"id": "3", "kind": "receive", "article": ARTICLE, "quantity": "10.5"})),
    ];
    for round in 0..3 {
        for _ in 0..2 {
            for (topic, message) in &messages {
                device.publish(topic, message).await;
            }
        }
        assert_eq!(plant.rest.machine_state(LINE, "m0").await["good"], "5", "round {round}");
        assert_eq!(plant.rest.stock_thousandths(ARTICLE).await, 13_500);
        assert_eq!(plant.rest.list("/stock/movements").await.len(), 2);
        assert_eq!(plant.rest.order("o-1").await["state"], "running");
        assert_eq!(plant.rest.dead_letters().await, Vec::<Value>::new());
        match round {
            0 => plant.crash_and_restart().await,
            _ => {
                assert!(plant.hub.terminate().await.0.success());
                plant.hub.start().await;
            }
        }
    }
    plant.hub.verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn late_messages_are_recorded_and_the_newer_state_is_kept() {
    let plant = Plant::build(Setup::default(), 1, 1).await;
    let device = plant.machine_device(LINE, "m0").await;
    let mut session = Session::connect(plant.hub.mqtt(), Version::V5, &device, "m0").await;
    let newest = at(-10 * MINUTE_MS);
    for (state, at) in [("running", newest), ("down", at(-20 * MINUTE_MS)), ("idle", at(-15 * MINUTE_MS))] {
        let message = json!({"state": state, "at": at}).to_string();
        assert_eq!(session.publish(topic(LINE, "m0", "state"), message).await, Some(0));
    }
    let shown = plant.rest.machine_state(LINE, "m0").await;
    assert_eq!(shown["state"], "running");
    let since: jiff::Timestamp = shown["since"].as_str().unwrap().parse().unwrap();
    assert_eq!(since.as_millisecond(), newest);
    assert_eq!(shown["clock_skew"], Value::Null);
    // A late count counts like any other.
    let late = json!({"good": 4, "at": at(-30 * MINUTE_MS)}).to_string();
    assert_eq!(session.publish(topic(LINE, "m0", "count"), late).await, Some(0));
    assert_eq!(plant.rest.machine_state(LINE, "m0").await["good"], "4");
    plant.hub.verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_clock_is_noticed_and_what_was_kept_lands_where_it_belongs() {
    let plant = Plant::build(Setup::default(), 1, 3).await;
    let device = plant.site_device().await;
    let mut session = Session::connect(plant.hub.mqtt(), Version::V3, &device, "gateway").await;
    assert_eq!(session.subscribe(&topic(LINE, "+", "refused")).await, 1);
    for (machine, offset_ms) in [("m0", 2 * DAY_MS), ("m1", -2 * DAY_MS)] {
        let before = at(0);
        let message = json!({"state": "running", "at": at(offset_ms)}).to_string();
        assert_eq!(session.publish(topic(LINE, machine, "state"), message).await, Some(0));
        let shown = plant.rest.machine_state(LINE, machine).await;
        let since: jiff::Timestamp = shown["since"].as_str().unwrap().parse().unwrap();
        assert!((before..=at(0)).contains(&since.as_millisecond()), "the time of receipt counts: {shown}");
        assert_eq!(shown["clock_skew"], true, "{shown}");
        // The receipt orders what such a device says.
        let next = json!({"state": "idle", "at": at(offset_ms - MINUTE_MS)}).to_string();
        assert_eq!(session.publish(topic(LINE, machine, "state"), next).await, Some(0));
        assert_eq!(plant.rest.machine_state(LINE, machine).await["state"], "idle");
    }
    // The same time, but the device kept the message: it is believed.
    let kept = json!({"good": 9, "at": at(-2 * DAY_MS), "buffered": true}).to_string();
    assert_eq!(session.publish(topic(LINE, "m2", "count"), kept).await, Some(0));
    let line = plant.rest.line_state(LINE).await;
    assert_eq!(line["machines"]["m2"]["good"], "9");
    assert_eq!(line["machines"]["m2"]["clock_skew"], Value::Null);
    assert_eq!(line["shift"]["good"], "0", "it was made two days ago: {line}");
    let forgotten = json!({"id": "x", "good": 1, "at": at(-401 * DAY_MS), "buffered": true}).to_string();
    assert_eq!(session.publish(topic(LINE, "m2", "count"), forgotten).await, Some(0));
    let told = session.message().await;
    assert_eq!(told.payload["code"], "too_old");
    plant.hub.verify().await;
}
