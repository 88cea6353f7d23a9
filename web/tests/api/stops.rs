//! Stops that people classify, comment and split, and the log of a line.

use actors::ports::Role;
use serde_json::{Value, json};

use crate::helpers::{Client, TestHub, eventually};

const STOPS: &str = "/sites/linz/lines/saw/stops";
const EVENTS: &str = "/sites/linz/lines/saw/events";

async fn say(client: &Client, machine: &str, state: &str) {
    let topic = format!("hub/v1/acme/linz/saw/{machine}/state");
    client.post("/ingest", json!({"topic": topic, "state": state})).await.expect(200);
}

/// The codes of a list, by one of their fields.
fn all<'a>(list: &'a Value, field: &str) -> Vec<&'a Value> {
    list["items"].as_array().unwrap().iter().map(|item| &item[field]).collect()
}

/// A line with the reasons `jam` and `no-material`, whose machine `s1` has stood for a minute.
async fn with_stop(hub: &TestHub) -> (Client, String) {
    let admin = hub.with_plant().await;
    let reasons = json!([{"code": "jam", "name": "Jam"}, {"code": "no-material", "name": "No material"}]);
    admin.patch("/sites/linz/lines/saw", json!({"reasons": reasons})).await.expect(200);
    let operator = hub.user(Role::Operator).await;
    say(&operator, "s1", "down").await;
    hub.later(60);
    let stops = operator.get(STOPS).await.expect(200);
    let id = stops["items"][0]["id"].as_str().unwrap().to_owned();
    (operator, format!("{STOPS}/{id}"))
}

#[actix_web::test]
async fn a_person_says_why_a_machine_stands() {
    let hub = TestHub::start().await;
    let (operator, stop) = with_stop(&hub).await;
    assert_eq!(operator.get(&format!("{STOPS}?unclassified=true&total=true")).await.expect(200)["total"], 1);
    let change = json!({"reason": "no-material", "comment": "coil was late"});
    let changed = operator.patch(&stop, change).await.expect(200);
    assert_eq!((&changed["reason"], &changed["comment"]), (&json!("no-material"), &json!("coil was late")));
    assert!(changed["classified_by"].as_str().unwrap().ends_with("@acme.example"), "{changed}");
    assert!(
        changed["classified_at"].is_string() && changed["to"].is_null() && changed.get("split_off").is_none()
    );
    say(&operator, "s1", "down").await;
    let view = operator.get("/sites/linz/lines/saw/state").await.expect(200);
    assert_eq!(view["machines"]["s1"]["reason"], "no-material");
    let shown = view["stops"].as_object().unwrap().values().next().unwrap();
    assert_eq!((&shown["reason"], &shown["comment"]), (&json!("no-material"), &json!("coil was late")));
    for (filter, count) in [
        ("unclassified=true", 0),
        ("unclassified=false", 1),
        ("reason=no-material", 1),
        ("reason=jam", 0),
        ("reason=no-material&machine=s2", 0),
    ] {
        let found = operator.get(&format!("{STOPS}?{filter}")).await.expect(200);
        assert_eq!(found["items"].as_array().unwrap().len(), count, "{filter}");
    }
    let cleared = operator.patch(&stop, json!({"reason": null, "comment": null})).await.expect(200);
    assert!(cleared["reason"].is_null() && cleared.get("comment").is_none(), "{cleared}");
    let view = operator.get("/sites/linz/lines/saw/state").await.expect(200);
    assert_eq!(view["machines"]["s1"].get("reason"), None);
    hub.stop().await;
}

#[actix_web::test]
async fn who_may_not_and_what_is_refused() {
    let hub = TestHub::start().await;
    let (operator, stop) = with_stop(&hub).await;
    for (body, field) in [
        (json!({"reason": "tired"}), "reason"),
        (json!({"reason": ""}), "reason"),
        (json!({"comment": "x".repeat(501)}), "comment"),
        (json!({"comment": "two\nlines"}), "comment"),
        (json!({"split_at": "2001-01-01T00:00:00Z"}), "split_at"),
        (json!({"split_at": "2101-01-01T00:00:00Z"}), "split_at"),
        (json!({"split_at": "noon"}), "split_at"),
        (json!({"state": "idle"}), "state"),
    ] {
        let problem = operator.patch(&stop, body.clone()).await.problem();
        assert_eq!((problem.0, problem.2.as_str()), (422, field), "{body}");
    }
    for role in [Role::Viewer, Role::Planner, Role::Storekeeper] {
        hub.user(role).await.patch(&stop, json!({"reason": "jam"})).await.expect(403);
    }
    let nobody = format!("{STOPS}/{}", uuid::Uuid::nil());
    for path in [nobody.as_str(), "/sites/linz/lines/saw/stops/first"] {
        assert_eq!(operator.get(path).await.problem().1, "unknown_stop");
        assert_eq!(operator.patch(path, json!({"reason": "jam"})).await.problem().1, "unknown_stop");
    }
    let elsewhere = hub.user_of("acme", Role::Supervisor, Some("graz")).await;
    assert_eq!(elsewhere.patch(&stop, json!({"reason": "jam"})).await.problem().0, 404);
    hub.user_of("other", Role::Admin, None).await.get(&stop).await.expect(404);
    let untouched = operator.get(&stop).await.expect(200);
    assert!(untouched["reason"].is_null() && untouched.get("classified_by").is_none(), "{untouched}");
    let admin = hub.admin().await;
    eventually("the refusal is in the audit trail", async || {
        let trail = admin.get("/audit?limit=200").await.json();
        all(&trail, "action").contains(&&json!("stops.change"))
    })
    .await;
    hub.stop().await;
}

#[actix_web::test]
async fn a_split_is_made_once() {
    let hub = TestHub::start().await;
    let (operator, stop) = with_stop(&hub).await;
    let before = operator.get(&stop).await.expect(200);
    let from: domain::Timestamp = before["from"].as_str().unwrap().parse().unwrap();
    let middle = from + domain::DurationMs::from_secs(20);
    let change = json!({"split_at": middle, "reason": "jam"});
    let keyed = operator.with("idempotency-key", "cut-1");
    let changed = keyed.patch(&stop, change.clone()).await.expect(200);
    let later = &changed["split_off"];
    assert_eq!((&changed["to"], &later["from"]), (&json!(middle), &json!(middle)));
    assert_eq!(
        (&changed["reason"], &later["reason"], &later["to"]),
        (&json!("jam"), &Value::Null, &Value::Null)
    );
    let again = keyed.patch(&stop, change.clone()).await;
    assert_eq!((again.header("idempotent-replayed"), again.expect(200)), ("true", changed.clone()));
    // Without the key, or when the answer was lost before it was remembered, it is done already as well.
    assert_eq!(operator.patch(&stop, change).await.expect(200), changed);
    let stops = operator.get(STOPS).await.expect(200);
    assert_eq!(all(&stops, "id"), [&later["id"], &changed["id"]]);
    let splits = operator.get(&format!("{EVENTS}?kind=stop_split")).await.expect(200);
    assert_eq!(splits["items"].as_array().unwrap().len(), 1);
    say(&operator, "s1", "running").await;
    let ended = operator.get(&format!("{STOPS}/{}", later["id"].as_str().unwrap())).await.expect(200);
    assert!(ended["to"].is_string(), "{ended}");
    let kinds = ["state_reported", "stop_started", "stop_split", "state_reported", "stop_ended"];
    let told: Vec<_> = ended["events"].as_array().unwrap().iter().map(|event| &event["kind"]).collect();
    assert_eq!(told, kinds.map(Value::from).iter().collect::<Vec<_>>());
    assert_eq!(ended["events"][0]["data"]["machine"], "s1");
    hub.stop().await;
}

#[actix_web::test]
async fn a_stop_that_ended_long_ago_keeps_what_several_people_say_at_once() {
    let hub = TestHub::start().await;
    let (operator, stop) = with_stop(&hub).await;
    for _ in 0..25 {
        hub.later(5);
        say(&operator, "s1", "running").await;
        hub.later(5);
        say(&operator, "s1", "idle").await;
    }
    let view = operator.get("/sites/linz/lines/saw/state").await.expect(200);
    assert!(!view["stops"].as_object().unwrap().contains_key(&stop[STOPS.len() + 1..]), "it has left");
    let supervisor = hub.user(Role::Supervisor).await;
    for round in 0..10 {
        let reason = if round % 2 == 0 { "jam" } else { "no-material" };
        let comment = format!("round {round}");
        let (said, written) = tokio::join!(
            operator.patch(&stop, json!({"reason": reason})),
            supervisor.patch(&stop, json!({"comment": comment})),
        );
        assert_eq!((said.expect(200)["reason"].as_str(), written.status.as_u16()), (Some(reason), 200));
        let now = operator.get(&stop).await.expect(200);
        assert_eq!((now["reason"].as_str(), now["comment"].as_str()), (Some(reason), Some(comment.as_str())));
    }
    let before = operator.get(&stop).await.expect(200);
    let from: domain::Timestamp = before["from"].as_str().unwrap().parse().unwrap();
    let middle = from + domain::DurationMs::from_secs(20);
    let changed = operator.patch(&stop, json!({"split_at": middle})).await.expect(200);
    assert_eq!(operator.patch(&stop, json!({"split_at": middle})).await.expect(200), changed);
    assert_eq!(changed["split_off"]["to"], before["to"]);
    hub.stop().await;
}

#[actix_web::test]
async fn the_log_of_a_line_is_read_in_order() {
    let hub = TestHub::start().await;
    hub.with_plant().await;
    let operator = hub.user(Role::Operator).await;
    let mut instants = Vec::new();
    for n in 0..6 {
        hub.later(60);
        instants.push(actors::clock::Clock::now(hub.clock.as_ref()));
        say(&operator, if n % 3 == 2 { "s2" } else { "s1" }, if n % 2 == 0 { "down" } else { "running" })
            .await;
    }
    let whole = operator.get(EVENTS).await.expect(200);
    let places: Vec<_> = all(&whole, "seq").iter().map(|seq| seq.as_u64().unwrap()).collect();
    assert_eq!(places, (1..=places.len() as u64).collect::<Vec<_>>());
    assert!(whole["next_cursor"].is_null() && whole["items"][0]["data"].get("kind").is_none(), "{whole}");
    let mut paged = Vec::new();
    let mut path = format!("{EVENTS}?limit=2");
    loop {
        let page = operator.get(&path).await.expect(200);
        paged.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("{EVENTS}?limit=2&cursor={cursor}");
    }
    assert_eq!(json!(paged), whole["items"]);
    let of_kind = |kind: &str| {
        let count = all(&whole, "kind").iter().filter(|known| **known == kind).count();
        (format!("kind={kind}"), count)
    };
    let (from, to) = (instants[2].as_millis(), instants[4].as_millis());
    let window = whole["items"].as_array().unwrap().iter().filter(|event| {
        let at: domain::Timestamp = event["at"].as_str().unwrap().parse().unwrap();
        (from..to).contains(&at.as_millis())
    });
    // A stop that ends names itself alone: whose it was, the report before it tells, or the stop.
    let ended = all(&whole, "kind").iter().position(|kind| *kind == "stop_ended").unwrap();
    let before = whole["items"][ended - 1]["at"].as_str().unwrap();
    assert_eq!(whole["items"][ended - 1]["data"]["state"], "running");
    for (filter, count) in [
        of_kind("state_reported"),
        of_kind("stop_ended"),
        ("kind=nothing".to_owned(), 0),
        ("machine=s2&kind=state_reported".to_owned(), 2),
        ("machine=s1&kind=stop_ended".to_owned(), 1),
        ("machine=s2&kind=stop_ended".to_owned(), 1),
        (format!("machine=s1&kind=stop_ended&to={}", before.replace('Z', "%2B00:00")), 0),
        (format!("from={from}&to={to}"), window.count()),
        (format!("from={}", instants[5].as_millis() + 1), 0),
    ] {
        let found = operator.get(&format!("{EVENTS}?{filter}")).await.expect(200);
        assert_eq!(found["items"].as_array().unwrap().len(), count, "{filter}: {whole:#}");
    }
    for (filter, field) in [("cursor=%25", "cursor"), ("total=true", "total"), ("machine=S1", "machine")] {
        assert_eq!(operator.get(&format!("{EVENTS}?{filter}")).await.problem().2, field);
    }
    assert_eq!(operator.get("/sites/linz/lines/mill/events").await.problem().1, "unknown_line");
    hub.stop().await;
}
