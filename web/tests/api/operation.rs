//! Alert rules, alerts, stops, samples, dead letters, quarantine and the audit trail.

use actors::ports::Role;
use serde_json::{Value, json};

use crate::helpers::{TestHub, eventually};

const TOPIC: &str = "hub/v1/acme/linz/saw/s1";

fn measure(value: Value) -> Value {
    json!({"topic": format!("{TOPIC}/measure"), "values": {"load": value}})
}

#[actix_web::test]
async fn a_rule_raises_an_alert_that_is_acknowledged() {
    let hub = TestHub::start().await;
    hub.with_plant().await;
    let supervisor = hub.user(Role::Supervisor).await;
    let rule =
        json!({"code": "hot", "kind": "measure_above", "severity": "high", "metric": "load", "limit": 90.5});
    assert_eq!(supervisor.post("/alert-rules", rule.clone()).await.expect(201)["limit"], 90.5);
    assert_eq!(supervisor.post("/alert-rules", rule).await.problem().1, "already_exists");
    for (body, field) in [
        (json!({"code": "x", "kind": "measure_above", "severity": "low", "limit": 1}), "metric"),
        (json!({"code": "x", "kind": "down_longer_than", "severity": "low"}), "duration_s"),
        (
            json!({"code": "x", "kind": "down_longer_than", "severity": "low", "duration_s": 9, "limit": 1}),
            "limit",
        ),
        (json!({"code": "x", "kind": "down_longer_than", "severity": "low", "duration_s": 0}), "duration_s"),
        (json!({"code": "x", "kind": "sometimes", "severity": "low"}), "kind"),
        (
            json!({"code": "x", "kind": "down_longer_than", "severity": "low", "duration_s": 9, "site": "graz"}),
            "site",
        ),
    ] {
        let problem = supervisor.post("/alert-rules", body).await.problem();
        assert_eq!((problem.0, problem.2.as_str()), (422, field));
    }
    supervisor.post("/ingest", measure(json!(95))).await.expect(200);
    eventually("the alert is raised", async || {
        supervisor.get("/alerts?state=raised").await.json()["items"][0]["rule"] == "hot"
    })
    .await;
    let alert = supervisor.get("/alerts?severity=high&site=linz&line=saw").await.expect(200);
    let id = alert["items"][0]["id"].as_str().unwrap().to_owned();
    hub.user(Role::Viewer).await.press(&format!("/alerts/{id}/ack")).await.expect(403);
    let acked = supervisor.press(&format!("/alerts/{id}/ack")).await.expect(200);
    assert_eq!(acked["state"], "acknowledged");
    supervisor.press(&format!("/alerts/{id}/ack")).await.expect(200);
    assert_eq!(supervisor.press("/alerts/nothing/ack").await.problem().0, 404);
    supervisor.delete("/alert-rules/hot").await.expect(204);
    supervisor.get("/alert-rules/hot").await.expect(404);
    hub.stop().await;
}

#[actix_web::test]
async fn samples_and_stops_of_a_line_are_shown() {
    let hub = TestHub::start().await;
    hub.with_plant().await;
    let operator = hub.user(Role::Operator).await;
    let start = domain::Timestamp::from_millis(1_795_000_000_000 - 600_000);
    let messages: Vec<Value> = (0..300)
        .map(|n| {
            let at = start + domain::DurationMs::from_secs(n);
            json!({"topic": format!("{TOPIC}/measure"), "at": at, "values": {"load": n % 7, "on": true}})
        })
        .collect();
    operator.post("/ingest", json!(messages)).await.expect(200);
    let path = "/sites/linz/lines/saw/samples?metric=load&points=20";
    let samples = operator.get(path).await.expect(200);
    assert_eq!(samples["items"][0]["samples"], 300, "{samples}");
    assert_eq!(samples["items"][0]["points"].as_array().unwrap().len(), 20);
    let flags = operator.get("/sites/linz/lines/saw/samples?metric=on").await.expect(200);
    assert_eq!(flags["items"], json!([]), "numbers only");
    assert_eq!(operator.get("/sites/linz/lines/saw/samples").await.problem().2, "metric");
    let down = json!({"topic": format!("{TOPIC}/state"), "state": "down", "reason": "blade"});
    operator.post("/ingest", down).await.expect(200);
    let stops = operator.get("/sites/linz/lines/saw/stops?machine=s1").await.expect(200);
    let stop = &stops["items"][0];
    assert_eq!(
        (&stop["state"], &stop["reason"], &stop["to"]),
        (&json!("down"), &json!("blade"), &Value::Null)
    );
    assert_eq!(operator.get("/sites/linz/lines/mill/stops").await.problem().1, "unknown_line");
    hub.stop().await;
}

#[actix_web::test]
async fn dead_letters_are_retried_or_discarded() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    let supervisor = hub.user(Role::Supervisor).await;
    let late = json!({"topic": "hub/v1/acme/linz/saw/s9/count", "id": "a", "good": 1});
    let bad = json!({"topic": format!("{TOPIC}/count"), "good": "many"});
    supervisor.post("/ingest", json!([late, bad])).await.expect(200);
    let letters = supervisor.get("/dead-letters?site=linz").await.expect(200);
    let id_of = |code: &str| {
        let items = letters["items"].as_array().unwrap();
        let letter = items.iter().find(|item| item["code"] == code).unwrap_or_else(|| panic!("{letters}"));
        letter["id"].as_str().unwrap().to_owned()
    };
    let unknown = id_of("unknown_machine");
    admin.post("/sites/linz/lines/saw/machines", json!({"code": "s9", "name": "Late"})).await.expect(201);
    let retried = supervisor.press(&format!("/dead-letters/{unknown}/retry")).await.expect(200);
    assert_eq!(retried["status"], "accepted");
    supervisor.press(&format!("/dead-letters/{unknown}/retry")).await.expect(404);
    supervisor.press(&format!("/dead-letters/{}/discard", id_of("invalid_field"))).await.expect(204);
    assert_eq!(supervisor.get("/dead-letters?total=true").await.expect(200)["total"], 0);
    hub.user(Role::Planner).await.get("/dead-letters").await.expect(403);
    hub.stop().await;
}

#[actix_web::test]
async fn quarantine_is_empty_and_its_release_names_lines() {
    let hub = TestHub::start().await;
    hub.with_plant().await;
    let supervisor = hub.user(Role::Supervisor).await;
    assert_eq!(supervisor.get("/quarantine").await.expect(200)["items"], json!([]));
    assert_eq!(supervisor.press("/quarantine/linz/mill/release").await.problem().1, "unknown_line");
    hub.user(Role::Operator).await.press("/quarantine/linz/saw/release").await.expect(403);
    hub.stop().await;
}

#[actix_web::test]
async fn writes_and_refusals_are_in_the_audit_trail() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    let viewer = hub.user(Role::Viewer).await;
    viewer.delete("/sites/linz").await.expect(403);
    eventually("both are there", async || {
        let trail = admin.get("/audit?limit=200").await.json();
        let has = |action: &str, outcome: &str| {
            let items = trail["items"].as_array().unwrap();
            items.iter().any(|entry| entry["action"] == action && entry["outcome"] == outcome)
        };
        has("sites.create", "ok") && has("sites.remove", "forbidden") && has("auth.login", "ok")
    })
    .await;
    viewer.get("/audit").await.expect(403);
    hub.stop().await;
}
