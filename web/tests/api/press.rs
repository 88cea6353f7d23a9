//! A press line in Lyon, one of its days, and clients that send and ask for it.

use actors::clock::Clock;
use serde_json::{Value, json};

use crate::helpers::{Client, TestHub, eventually};

/// Site `lyon` in Paris time with line `press`: `p1` makes the output, one item in half a minute. Three shifts every
/// day, the early one with a pause of 20 minutes at 09:00, the late one with 10 minutes at 14:30.
pub async fn build_press(hub: &TestHub, admin: &Client) {
    let site = json!({"code": "lyon", "name": "Lyon", "time_zone": "Europe/Paris"});
    admin.post("/sites", site).await.expect(201);
    let reasons = json!([{"code": "jam", "name": "Bourrage"}, {"code": "blade", "name": "Lame"}]);
    admin
        .post("/sites/lyon/lines", json!({"code": "press", "name": "Presse", "reasons": reasons}))
        .await
        .expect(201);
    let machines = "/sites/lyon/lines/press/machines";
    let p1 = json!({"code": "p1", "name": "Presse 1", "output": true, "ideal_cycle_s": 30});
    admin.post(machines, p1).await.expect(201);
    admin.post(machines, json!({"code": "p2", "name": "Presse 2"})).await.expect(201);
    let shift = |name: &str, from: &str, to: &str, stops: Value| {
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        json!({"name": name, "days": days, "from": from, "to": to, "planned_stops": stops})
    };
    let calendar = json!({"shifts": [
        shift("matin", "06:00", "14:00", json!([{"name": "pause", "from": "09:00", "to": "09:20"}])),
        shift("soir", "14:00", "22:00", json!([{"name": "pause", "from": "14:30", "to": "14:40"}])),
        shift("nuit", "22:00", "06:00", json!([])),
    ]});
    admin.put("/sites/lyon/calendar", calendar).await.expect(200);
    let state = async || admin.get("/sites/lyon/lines/press/state").await;
    eventually("the line has its calendar", async || {
        let state = state().await;
        state.status == 200 && state.json()["shift"]["name"] == "matin"
    })
    .await;
    assert_eq!(hub.clock.now().to_string(), "2026-11-18T11:06:40.000Z", "12:06:40 in Lyon");
}

/// A state of a machine as its gateway sends it later.
pub fn state(machine: &str, at: &str, state: &str, reason: Option<&str>) -> Value {
    let topic = format!("hub/v1/acme/lyon/press/{machine}/state");
    let mut message = json!({"topic": topic, "at": at, "buffered": true, "state": state});
    if let Some(reason) = reason {
        message["reason"] = json!(reason);
    }
    message
}

/// Parts of a machine as its gateway sends them later.
pub fn count(machine: &str, at: &str, good: i64, scrap: i64) -> Value {
    let topic = format!("hub/v1/acme/lyon/press/{machine}/count");
    json!({"topic": topic, "at": at, "buffered": true, "good": good, "scrap": scrap})
}

/// Sends messages that are all good.
pub async fn send(client: &Client, messages: Vec<Value>) {
    let body = client.post("/ingest", json!(messages)).await.expect(200);
    for result in body["results"].as_array().unwrap() {
        assert_eq!(result["status"], "accepted", "{body}");
    }
}

/// Monday, 16 November 2026, in Lyon (an hour ahead of UTC), as the early shift and the first hour of the late one
/// told it.
pub async fn a_day(client: &Client) {
    let p1 = |time: &str, to: &str, reason| state("p1", &format!("2026-11-16T{time}:00+01:00"), to, reason);
    let made = |time: &str, good, scrap| count("p1", &format!("2026-11-16T{time}:00+01:00"), good, scrap);
    let day = vec![
        p1("06:00", "running", None),
        made("06:30", 100, 0),
        p1("07:10", "down", Some("jam")),
        p1("07:40", "running", None),
        made("07:50", 50, 5),
        p1("08:50", "idle", None),
        p1("09:30", "running", None),
        made("09:50", 40, 0),
        made("10:30", 110, 2),
        made("11:30", 100, 0),
        p1("12:00", "setup", None),
        p1("12:45", "running", None),
        made("12:50", 10, 0),
        made("13:10", 30, 3),
        p1("13:30", "offline", None),
        p1("14:00", "running", None),
        made("14:20", 60, 0),
        p1("15:00", "offline", None),
    ];
    send(client, day).await;
}

/// What only came two days later: the machine had stood from 10:20 to 10:45, and six more parts.
pub async fn late_facts(client: &Client) {
    let late = vec![
        state("p1", "2026-11-16T10:20:00+01:00", "down", Some("blade")),
        state("p1", "2026-11-16T10:45:00+01:00", "running", None),
        count("p1", "2026-11-16T10:55:00+01:00", 6, 0),
    ];
    send(client, late).await;
}

/// The items of the line in a span.
pub async fn oee(client: &Client, bucket: &str, from: &str, to: &str) -> Vec<Value> {
    let path = format!("/kpi/oee?site=lyon&line=press&bucket={bucket}&from={from}&to={to}");
    client.get(&path).await.expect(200)["items"].as_array().unwrap().clone()
}
