//! Watching topics.

use actors::ports::Role;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use web::live::LiveOptions;

use crate::support::{Hub, eventually};

#[actix_web::test]
async fn frames_of_the_hub_arrive_as_they_are_and_in_order() {
    let hub = Hub::start(LiveOptions::default()).await;
    let mut viewer = hub.watch(1).await;
    let since = json!({"epoch": 3, "seq": 7});
    viewer.say(json!({"type": "subscribe", "topic": "line/north/l1", "since": since})).await;
    let snapshot = viewer.frame().await;
    assert_eq!((&snapshot["tenant"], &snapshot["since"]), (&json!("acme"), &since));
    for seq in 8..40 {
        let delta = json!({"type": "delta", "topic": "line/north/l1", "seq": seq}).to_string();
        assert_eq!(hub.scripted.publish("line/north/l1", &delta), []);
    }
    for seq in 8..40 {
        assert_eq!(viewer.frame().await["seq"], seq);
    }

    viewer.say(json!({"type": "unsubscribe", "topic": "line/north/l1"})).await;
    eventually("unsubscribed", || hub.scripted.subscribers("line/north/l1").is_empty()).await;
    viewer.say(json!({"type": "ping"})).await;
    assert_eq!(viewer.frame().await["type"], "pong");
    drop(viewer);
    hub.stop().await;
}

#[actix_web::test]
async fn what_is_sent_before_the_answer_to_auth_is_not_lost() {
    let hub = Hub::start(LiveOptions::default()).await;
    hub.issue("good", 1, 600_000);
    let mut viewer = hub.connect().await;
    let subscribe = |topic: &str| json!({"type": "subscribe", "topic": topic});
    let auth = json!({"type": "auth", "token": "good", "tenant": "second"});
    let topics = ["site/north", "line/north/unknown", "nonsense"].map(subscribe);
    viewer.say_at_once(&[&[auth], &topics[..]].concat()).await;
    let ready = viewer.frame().await;
    assert_eq!((&ready["type"], &ready["user"]["name"]), (&json!("ready"), &json!("Sam")));
    // Errors are answered while frames are read, the hub's frames come by the mailbox: both orders are right.
    let mut rest = [viewer.frame().await, viewer.frame().await, viewer.frame().await];
    rest.sort_by_key(|frame| frame["code"].as_str().unwrap_or_default().to_owned());
    assert_eq!((&rest[0]["type"], &rest[0]["tenant"]), (&json!("snapshot"), &json!("second")));
    assert_eq!((&rest[1]["code"], &rest[1]["topic"]), (&json!("invalid_topic"), &json!("nonsense")));
    assert_eq!((&rest[2]["code"], &rest[2]["topic"]), (&json!("unknown_line"), &json!("line/north/unknown")));
    drop(viewer);
    hub.stop().await;
}

#[actix_web::test]
async fn messages_of_devices_are_not_for_every_role() {
    let hub = Hub::start(LiveOptions::default()).await;
    let mut supervisor = hub.watch(1).await;
    supervisor.subscribe("messages/north/l1").await;
    assert_eq!(supervisor.frame().await["topic"], "messages/north/l1");
    let delta = json!({"type": "delta", "topic": "messages/north/l1", "seq": 2}).to_string();
    assert_eq!(hub.scripted.publish("messages/north/l1", &delta), []);
    assert_eq!(supervisor.frame().await["seq"], 2);

    hub.issue_for("operator", 2, 600_000, Role::Operator);
    let mut operator = hub.connect().await;
    operator.authenticate("operator").await;
    assert_eq!(operator.frame().await["type"], "ready");
    for topic in ["messages/north", "messages/north/l1"] {
        operator.subscribe(topic).await;
        let refusal = operator.frame().await;
        assert_eq!((&refusal["code"], &refusal["topic"]), (&json!("forbidden"), &json!(topic)));
    }
    assert_eq!(hub.scripted.subscribers("messages/north/l1").len(), 1);
    drop((supervisor, operator));
    hub.stop().await;
}

#[actix_web::test]
async fn a_frame_in_fragments_is_one_frame() {
    let hub = Hub::start(LiveOptions::default()).await;
    let mut viewer = hub.watch(1).await;
    let part =
        |text: &'static str, code, last| Message::Frame(Frame::message(text, OpCode::Data(code), last));
    viewer.send(part("{\"type\"", Data::Text, false)).await;
    viewer.send(part(":\"pi", Data::Continue, false)).await;
    viewer.send(part("ng\"}", Data::Continue, true)).await;
    assert_eq!(viewer.frame().await["type"], "pong");
    drop(viewer);
    hub.stop().await;
}

#[actix_web::test]
async fn the_hub_is_told_when_a_connection_breaks() {
    let hub = Hub::start(LiveOptions::default()).await;
    let mut viewer = hub.watch(1).await;
    viewer.subscribe("site/north").await;
    assert_eq!(viewer.frame().await["type"], "snapshot");
    let sessions = hub.scripted.subscribers("site/north");
    assert_eq!(sessions.len(), 1);
    drop(viewer);
    eventually("disconnected", || hub.scripted.disconnected() == sessions).await;
    eventually("counted", || hub.live.sessions().figures().lost == 1).await;
    assert_eq!(hub.live.sessions().figures().sessions, 0);
    hub.stop().await;
}
