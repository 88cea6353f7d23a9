//! A line that panics (a hook of debug builds): its siblings go on, it comes back, and past the limit it is quarantined.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actors::fault::PANIC_REASON;
use serde_json::{Value, json};

use super::equals_fresh;
use crate::support::{Device, Heard, LINE, Plant, SITE, Session, Setup, Version, Viewer, count, soon, topic};

const SIBLING: &str = "line-1";
const IMPLEMENTATION_SPECIFIC_ERROR: u8 = 0x83;

fn poison(id: &str) -> Value {
    json!({"id": id, "state": "down", "reason": PANIC_REASON})
}

fn line_topic(line: &str) -> String {
    format!("line/{SITE}/{line}")
}

/// Counts parts on the sibling until it is told to stop; how many were acknowledged.
async fn keep_counting(device: Device, over: Arc<AtomicBool>) -> u64 {
    let mut acknowledged = 0;
    while !over.load(Ordering::Relaxed) {
        device.publish(&topic(SIBLING, "m0", "count"), count(&format!("n{acknowledged}"), 1)).await;
        acknowledged += 1;
    }
    acknowledged
}

async fn quarantined_lines(plant: &Plant) -> Vec<Value> {
    plant.rest.get("/quarantine").await.expect(200)["items"].as_array().unwrap().clone()
}

fn quarantine_alert(viewer: &Viewer) -> Option<(String, Value)> {
    let alerts = viewer.copy("alerts").data["alerts"].as_object()?.clone();
    alerts.into_iter().find(|(_, alert)| alert["rule"] == "quarantine")
}

async fn wait_for_alert(viewer: &mut Viewer, state: &str) -> String {
    let is_so = |viewer: &Viewer| quarantine_alert(viewer).is_some_and(|(_, alert)| alert["state"] == state);
    viewer.until("the alert is shown", is_so).await;
    let (id, alert) = quarantine_alert(viewer).unwrap();
    assert_eq!((&alert["severity"], &alert["line"]), (&json!("critical"), &json!(LINE)));
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_panics_comes_back_and_is_quarantined_past_the_limit() {
    let mut plant = Plant::build(Setup::default(), 2, 1).await;
    let (address, token) = (plant.hub.http(), plant.rest.token().to_owned());
    let credential = plant.site_device().await;
    let over = Arc::<AtomicBool>::default();
    let sibling = Device::connect(plant.hub.mqtt(), &credential, "sibling");
    let counting = tokio::spawn(keep_counting(sibling, Arc::clone(&over)));
    let mut sibling_viewer = Viewer::open(address, &token).await;
    sibling_viewer.watch(&line_topic(SIBLING)).await;
    let mut viewer = Viewer::open(address, &token).await;
    viewer.watch(&line_topic(LINE)).await;
    let mut alerts = Viewer::open(address, &token).await;
    alerts.watch("alerts").await;

    // It panics on the first and again on the second try; then the message is set aside, and acknowledged.
    let mut device = Session::connect(plant.hub.mqtt(), Version::V5, &credential, "m0").await;
    let (counts, states) = (topic(LINE, "m0", "count"), topic(LINE, "m0", "state"));
    assert_eq!(device.publish(&counts, count("a", 5).to_string()).await, Some(0));
    let puback = device.publish(&states, poison("p0").to_string()).await.expect("the connection stays");
    assert!(puback < 0x80 || puback == 0x99, "set aside, so not to be sent again: {puback:#x}");
    let letters = plant.rest.dead_letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!((&letters[0]["code"], &letters[0]["message_id"]), (&json!("poison_message"), &json!("p0")));
    assert_eq!(device.publish(&counts, count("a", 5).to_string()).await, Some(0), "a duplicate");
    assert_eq!(device.publish(&counts, count("b", 2).to_string()).await, Some(0));
    let shows = |good: &'static str| {
        move |viewer: &Viewer| viewer.copy(&line_topic(LINE)).data["machines"]["m0"]["good"] == good
    };
    viewer.until("the line has what it had, and goes on", shows("7")).await;
    let mut fresh = Viewer::open(address, &token).await;
    assert!(equals_fresh(&mut viewer, &mut fresh, &line_topic(LINE)).await);

    // Four panics more are too many.
    device.publish(&states, poison("p1").to_string()).await.expect("the connection stays");
    let puback = device.publish(&states, poison("p2").to_string()).await;
    assert_eq!(puback, Some(IMPLEMENTATION_SPECIFIC_ERROR), "the line is quarantined");
    let quarantined = |heard: &Heard| {
        let topic = line_topic(LINE);
        matches!(heard, Heard::Error { topic: Some(t), code } if *t == topic && code == "line_quarantined")
    };
    while !quarantined(&viewer.next().await) {}
    let id = wait_for_alert(&mut alerts, "raised").await;
    let listed = quarantined_lines(&plant).await;
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0]["site"], &listed[0]["line"]), (&json!(SITE), &json!(LINE)));
    let puback = device.publish(&counts, count("c", 1).to_string()).await;
    assert_eq!(puback, Some(IMPLEMENTATION_SPECIFIC_ERROR));
    let mut message = count("c", 1);
    message["topic"] = counts.clone().into();
    let refused = plant.rest.post("/ingest", &message).await;
    assert_eq!(refused.expect(503)["code"], "line_quarantined");
    viewer.say(&json!({"type": "subscribe", "topic": line_topic(LINE)})).await;
    assert!(quarantined(&viewer.next().await), "a subscription to it is refused with the reason");

    let path = format!("/quarantine/{SITE}/{LINE}/release");
    plant.rest.post(&path, &Value::Null).await.expect(204);
    assert_eq!(device.publish(&counts, count("c", 1).to_string()).await, Some(0));
    viewer.watch(&line_topic(LINE)).await;
    viewer.until("the line has what it had, and goes on", shows("8")).await;
    assert_eq!(wait_for_alert(&mut alerts, "cleared").await, id);
    plant.rest.post(&format!("/alerts/{id}/ack"), &Value::Null).await.expect(200);
    alerts.until("the alert is over", |alerts| quarantine_alert(alerts).is_none()).await;
    assert!(quarantined_lines(&plant).await.is_empty());

    over.store(true, Ordering::Relaxed);
    let acknowledged = soon("the sibling has ended", counting).await.unwrap();
    assert!(acknowledged > 0);
    let total = acknowledged.to_string();
    sibling_viewer
        .until("the sibling's viewer has everything", |viewer| {
            viewer.copy(&line_topic(SIBLING)).data["machines"]["m0"]["good"] == *total
        })
        .await;
    plant.hub.kill().await;
    plant.hub.verify().await;
}
