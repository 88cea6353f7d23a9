//! The messages of devices as somebody watches them: what came of each, in the right place, never more than a screen takes.

use serde_json::{Value, json};

use super::sessions::rival_of;
use crate::support::{
    Credential, LINE, Plant, SITE, Session, Setup, TENANT, Version, Viewer, count, eventually, topic,
};

fn site_topic() -> String {
    format!("messages/{SITE}")
}

fn line_topic() -> String {
    format!("messages/{SITE}/{LINE}")
}

/// The entries of a topic in the order they came.
fn entries(viewer: &Viewer, topic: &str) -> Vec<Value> {
    let messages = viewer.copy(topic).data["messages"].as_object().unwrap();
    let mut keys: Vec<_> = messages.keys().collect();
    keys.sort();
    keys.into_iter().map(|key| messages[key].clone()).collect()
}

fn fields(entry: &Value, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| entry[name].as_str().unwrap_or("-").to_owned()).collect()
}

async fn watching(plant: &Plant) -> Viewer {
    let mut viewer = Viewer::open(plant.hub.http(), plant.rest.token()).await;
    for topic in [site_topic(), line_topic()] {
        viewer.watch(&topic).await;
        assert_eq!(viewer.copy(&topic).data, json!({"messages": {}}), "{topic} starts empty");
    }
    viewer
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_of_each_message_is_seen_while_somebody_looks() {
    let plant = Plant::build(Setup::default(), 2, 1).await;
    let device: Credential = plant.site_device().await;
    let mut session = Session::connect(plant.hub.mqtt(), Version::V5, &device, "gateway").await;
    session.publish(topic(LINE, "m0", "count"), count("before", 1).to_string()).await;
    let mut viewer = watching(&plant).await;

    let long = json!({"state": "running", "reason": "x".repeat(3_000)}).to_string();
    session.publish(topic(LINE, "m0", "count"), count("a", 1).to_string()).await;
    session.publish(topic(LINE, "m0", "count"), count("a", 1).to_string()).await;
    session.publish(topic(LINE, "m0", "count"), r#"[{"good":2},{"good":-1}]"#).await;
    session.publish(topic(LINE, "m0", "state"), &long).await;
    session.publish(topic(LINE, "m9", "count"), count("b", 1).to_string()).await;
    session.publish(topic("line-1", "m0", "state"), r#"{"state":"running"}"#).await;
    session.publish(topic("nowhere", "m0", "state"), r#"{"state":"running"}"#).await;
    session.publish(topic(LINE, "m0", "speed"), "12").await;
    plant.rest.ingest(&json!([{"topic": topic(LINE, "m0", "count"), "good": 4}])).await;
    viewer.until("everything is seen", |viewer| entries(viewer, &site_topic()).len() == 10).await;

    let names = ["line", "machine", "channel", "status", "code", "id"];
    let of_site: Vec<_> =
        entries(&viewer, &site_topic()).iter().map(|entry| fields(entry, &names).join(" ")).collect();
    assert_eq!(
        of_site,
        [
            "line-0 m0 count accepted - a",
            "line-0 m0 count duplicate - a",
            "line-0 m0 count accepted - -",
            "line-0 m0 count refused invalid_field -",
            "line-0 m0 state refused invalid_field -",
            "line-0 m9 count refused unknown_machine b",
            "line-1 m0 state accepted - -",
            "nowhere m0 state refused unknown_line -",
            "line-0 - - refused invalid_topic -",
            "line-0 m0 count accepted - -",
        ]
    );
    viewer.until("the line's are seen", |viewer| entries(viewer, &line_topic()).len() == 8).await;
    let of_line = entries(&viewer, &line_topic());
    assert!(of_line.iter().all(|entry| entry["line"] == LINE), "{of_line:?}");
    assert_eq!((&of_line[2]["payload"], &of_line[2]["index"]), (&json!("{\"good\":2}"), &json!(0)));
    assert_eq!((&of_line[3]["payload"], &of_line[3]["index"]), (&json!("{\"good\":-1}"), &json!(1)));
    assert!(of_line[3]["detail"].as_str().unwrap().contains("good"), "{}", of_line[3]);
    assert_eq!((&of_line[4]["payload"], &of_line[4]["truncated"]), (&json!(long[..1024]), &json!(true)));
    assert_eq!(of_line[0]["sender"], json!(device.username));
    assert!(of_line[7]["sender"].as_str().unwrap().contains('@'), "{}", of_line[7]);

    // A dead letter that is sent again is a message like others.
    plant.rest.create_machine(SITE, LINE, "m9", false).await;
    let letters = plant.rest.dead_letters().await;
    let letter = letters.iter().find(|letter| letter["code"] == "unknown_machine").unwrap();
    let retry = format!("/dead-letters/{}/retry", letter["id"].as_str().unwrap());
    assert_eq!(plant.rest.post(&retry, &Value::Null).await.expect(200)["status"], "accepted");
    viewer.until("the retry is seen", |viewer| entries(viewer, &line_topic()).len() == 9).await;
    assert_eq!(fields(&entries(&viewer, &line_topic())[8], &names).join(" "), "line-0 m9 count accepted - b");

    let devices = plant.rest.list("/devices").await;
    let listed = devices.iter().find(|item| item["username"] == device.username.as_str()).unwrap();
    assert_eq!(listed["connected"], true, "{listed}");
    assert_eq!(
        (&listed["connections"][0]["client_id"], &listed["connections"][0]["protocol"]),
        (&json!("gateway"), &json!("5"))
    );
    assert!(listed["last_message_at"].is_string(), "{listed}");
    session.disconnect().await;
    eventually("it has left", async || {
        let devices = plant.rest.list("/devices").await;
        devices.iter().all(|item| item["connected"] == false).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_shown_in_part_and_the_rest_is_counted() {
    let plant = Plant::build(Setup::default(), 1, 1).await;
    let mut viewer = watching(&plant).await;
    let sent = 1_000;
    let flood: Vec<_> = (0..sent).map(|_| json!({"topic": topic(LINE, "m0", "count"), "good": 1})).collect();
    let results = plant.rest.ingest(&json!(flood)).await;
    assert!(results.iter().all(|result| result["status"] == "accepted"));
    let told = |viewer: &Viewer| {
        let (entries, data) = (entries(viewer, &line_topic()), &viewer.copy(&line_topic()).data);
        let left_out = entries.iter().chain([data]).map(|place| place["skipped"].as_u64().unwrap_or(0));
        (entries.len() as u64, left_out.sum::<u64>())
    };
    viewer
        .until("every message is shown or counted", |viewer| {
            let (shown, skipped) = told(viewer);
            assert!(shown <= 200, "{shown} entries");
            shown + skipped == sent || shown == 200
        })
        .await;
    assert!(told(&viewer).1 > 0, "not everything fits: {:?}", told(&viewer));
    // Whoever comes later sees the same.
    let mut fresh = Viewer::open(plant.hub.http(), plant.rest.token()).await;
    assert!(super::equals_fresh(&mut viewer, &mut fresh, &line_topic()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_tenant_sends_here_is_not_seen() {
    let plant = Plant::build(Setup::default(), 1, 1).await;
    let rival = rival_of(&plant.hub).await;
    rival.create_site(SITE).await;
    let intruder = rival.create_device("intruder", SITE).await;
    let mut viewer = watching(&plant).await;
    let mut theirs = Viewer::open(plant.hub.http(), rival.token()).await;
    theirs.watch(&site_topic()).await;
    let here = topic(LINE, "m0", "count");
    let mut session = Session::connect(plant.hub.mqtt(), Version::V5, &intruder, "i").await;
    session.publish(&here, count("stolen", 1).to_string()).await;
    session.publish(format!("hub/v1/rival/{SITE}/mill/m0/count"), count("own", 1).to_string()).await;
    assert_eq!(rival.ingest(&json!([{"topic": here, "good": 1}])).await[0]["status"], "refused");
    plant.rest.ingest(&json!([{"topic": here, "id": "ours", "good": 1}])).await;
    viewer.until("ours is seen", |viewer| !entries(viewer, &site_topic()).is_empty()).await;
    theirs.until("theirs is seen", |viewer| !entries(viewer, &site_topic()).is_empty()).await;
    let ids = |viewer: &Viewer| -> Vec<_> {
        entries(viewer, &site_topic()).iter().map(|entry| fields(entry, &["id", "topic"])).collect()
    };
    assert_eq!(ids(&viewer), [["ours", &format!("hub/v1/{TENANT}/{SITE}/{LINE}/m0/count")]]);
    assert_eq!(ids(&theirs), [["own", &format!("hub/v1/rival/{SITE}/mill/m0/count")]]);
}
