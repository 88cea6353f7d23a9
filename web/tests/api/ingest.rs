//! Messages of devices over HTTP.

use std::time::Duration;

use actors::ports::Role;
use serde_json::{Value, json};
use web::WebLimits;

use crate::helpers::{Client, TestHub};

const TOPIC: &str = "hub/v1/acme/linz/saw/s1";

fn count(id: &str) -> Value {
    json!({"topic": format!("{TOPIC}/count"), "id": id, "good": 1})
}

fn statuses(body: &Value) -> Vec<&str> {
    body["results"].as_array().unwrap().iter().map(|result| result["status"].as_str().unwrap()).collect()
}

async fn device(hub: &TestHub, admin: &Client, scope: &str) -> Client {
    let made = admin.post("/devices", json!({"name": "Gateway", "scope": scope})).await.expect(201);
    let credential = format!("{}:{}", made["username"].as_str().unwrap(), made["token"].as_str().unwrap());
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, credential);
    hub.anybody().with("authorization", &format!("Basic {encoded}"))
}

#[actix_web::test]
async fn each_message_stands_alone_and_in_order() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    let operator = hub.user(Role::Operator).await;
    let batch = json!([
        count("a"),
        count("a"),
        {"topic": format!("{TOPIC}/count"), "id": "b", "good": -1},
        {"topic": format!("{TOPIC}/state"), "state": "running", "colour": "red"},
        {"topic": "hub/v1/acme/linz/saw/+/count", "good": 1},
        {"topic": "hub/v1/other/linz/saw/s1/count", "good": 1},
        {"topic": format!("{TOPIC}/state"), "state": "running"},
    ]);
    let body = operator.post("/ingest", batch).await.expect(200);
    assert_eq!(
        statuses(&body),
        ["accepted", "duplicate", "refused", "refused", "refused", "refused", "accepted"],
        "{body}"
    );
    assert_eq!(body["results"][0]["id"], "a");
    assert_eq!(body["results"][3]["code"], "unknown_field");
    assert!(body["results"][3]["detail"].as_str().unwrap().contains("colour"));
    let state = admin.get("/sites/linz/lines/saw/state").await.expect(200);
    assert_eq!(
        (&state["machines"]["s1"]["good"], &state["machines"]["s1"]["state"]),
        (&json!("1"), &json!("running")),
        "{state}"
    );
    let letters = admin.get("/dead-letters?total=true").await.expect(200);
    assert_eq!(letters["total"], 2, "the two on a good topic are set aside: {letters}");
    hub.stop().await;
}

#[actix_web::test]
async fn lines_in_lines_out() {
    let hub = TestHub::start().await;
    hub.with_plant().await;
    let operator = hub.user(Role::Operator).await;
    let body = format!("{}\n\nnot json\n{}\n", count("1"), count("1"));
    let answer = operator.post_text("/ingest", "application/x-ndjson", &body).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/x-ndjson"));
    let lines: Vec<Value> = answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let got: Vec<&str> = lines.iter().map(|line| line["status"].as_str().unwrap()).collect();
    assert_eq!(got, ["accepted", "refused", "duplicate"]);
    assert_eq!(lines[1]["code"], "invalid_json");
    assert_eq!(operator.post_text("/ingest", "application/json", "{").await.problem().0, 400);
    assert_eq!(operator.post_text("/ingest", "text/plain", "{}").await.problem().0, 415);
    hub.stop().await;
}

#[actix_web::test]
async fn a_device_speaks_within_its_scope_until_it_is_revoked() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    let saw = device(&hub, &admin, "linz/saw/s1").await;
    assert_eq!(statuses(&saw.post("/ingest", count("a")).await.expect(200)), ["accepted"]);
    let other = json!({"topic": "hub/v1/acme/linz/saw/s2/count", "good": 1});
    let refused = saw.post("/ingest", other).await.expect(200);
    assert_eq!(refused["results"][0]["code"], "out_of_scope");
    assert_eq!(saw.get("/sites").await.problem().0, 401, "a device is not a user");
    let username =
        admin.get("/devices").await.expect(200)["items"][0]["username"].as_str().unwrap().to_owned();
    assert!(admin.get("/devices").await.expect(200)["items"][0].get("token").is_none());
    let rotated = admin.press(&format!("/devices/{username}/rotate")).await.expect(200);
    assert!(rotated["token"].is_string());
    saw.post("/ingest", count("b")).await.expect(401);
    admin.delete(&format!("/devices/{username}")).await.expect(204);
    admin.delete(&format!("/devices/{username}")).await.expect(404);
    let unknown = admin.post("/devices", json!({"name": "x", "scope": "linz/mill"})).await;
    assert_eq!(unknown.problem(), (422, "unknown_line".to_owned(), "scope".to_owned()));
    hub.stop().await;
}

#[actix_web::test]
async fn roles_decide_about_channels() {
    let hub = TestHub::start().await;
    hub.with_plant().await;
    let stock =
        json!({"topic": "hub/v1/acme/linz/stock", "kind": "receive", "article": "BAR", "quantity": 2});
    let storekeeper = hub.user(Role::Storekeeper).await;
    let body = storekeeper.post("/ingest", json!([stock, count("a")])).await.expect(200);
    assert_eq!(statuses(&body), ["accepted", "refused"]);
    hub.user(Role::Viewer).await.post("/ingest", count("a")).await.expect(403);
    hub.anybody().post("/ingest", count("a")).await.expect(401);
    let elsewhere = hub.user_of("acme", Role::Operator, Some("graz")).await;
    assert_eq!(statuses(&elsewhere.post("/ingest", count("a")).await.expect(200)), ["refused"]);
    hub.stop().await;
}

#[actix_web::test]
async fn nothing_is_acknowledged_while_the_store_is_away() {
    let limits = WebLimits { ingest_timeout: Duration::from_millis(300), ..WebLimits::default() };
    let hub = TestHub::start_with(limits).await;
    hub.with_plant().await;
    let operator = hub.user(Role::Operator).await;
    operator.get("/sites").await.expect(200);
    hub.store.fail_commits(true);
    let answer = operator.post("/ingest", count("a")).await;
    assert_eq!(answer.problem().0, 503);
    assert!(!answer.header("retry-after").is_empty());
    hub.store.fail_commits(false);
    let again = || async { operator.post("/ingest", count("a")).await };
    crate::helpers::eventually("the message is taken", async || again().await.status == 200).await;
    let state = operator.get("/sites/linz/lines/saw/state").await.expect(200);
    assert_eq!(state["machines"]["s1"]["good"], "1", "and counted once");
    hub.stop().await;
}
