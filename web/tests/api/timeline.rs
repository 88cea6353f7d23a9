//! The timeline of a line: states, shifts and orders of a span.

use serde_json::{Value, json};

use crate::helpers::TestHub;
use crate::press::{a_day, build_press, late_facts};

/// States as local times of day.
fn shown(states: &Value) -> Vec<String> {
    let time = |at: &Value| at.as_str().map_or("…".to_owned(), |at| at[11..16].to_owned());
    let show = |state: &Value| {
        let reason = state["reason"].as_str().map_or(String::new(), |reason| format!(" {reason}"));
        format!(
            "{}–{} {}{reason}",
            time(&state["from"]),
            time(&state["to"]),
            state["state"].as_str().unwrap()
        )
    };
    states.as_array().unwrap().iter().map(show).collect()
}

#[actix_web::test]
async fn a_span_has_its_states_shifts_and_orders() {
    let hub = TestHub::start().await;
    let admin = hub.admin().await;
    build_press(&hub, &admin).await;
    a_day(&admin).await;
    late_facts(&admin).await;
    let span = "?from=2026-11-16T06:30:00Z&to=2026-11-16T13:10:00Z";
    let line = admin.get(&format!("/sites/lyon/lines/press/timeline{span}")).await.expect(200);
    assert_eq!(
        (&line["from"], &line["to"]),
        (&json!("2026-11-16T06:30:00.000Z"), &json!("2026-11-16T13:10:00.000Z"))
    );
    assert_eq!(
        shown(&line["machines"]["p1"]["states"]),
        [
            "06:30–06:40 down jam",
            "06:40–07:50 running",
            "07:50–08:30 idle",
            "08:30–09:20 running",
            "09:20–09:45 down blade",
            "09:45–11:00 running",
            "11:00–11:45 setup",
            "11:45–12:30 running",
            "12:30–13:00 offline",
            "13:00–13:10 running",
        ]
    );
    assert_eq!(line["machines"]["p1"]["name"], "Presse 1");
    assert_eq!(line["machines"]["p2"], json!({"name": "Presse 2", "states": []}));
    let shifts: Vec<_> =
        line["shifts"].as_array().unwrap().iter().map(|shift| shift["name"].as_str().unwrap()).collect();
    assert_eq!(shifts, ["matin", "soir"]);
    assert_eq!(
        line["shifts"][0]["planned_stops"],
        json!([{"name": "pause", "from": "2026-11-16T08:00:00.000Z", "to": "2026-11-16T08:20:00.000Z"}])
    );
    assert_eq!(line["orders"], json!([]));
    hub.stop().await;
}

#[actix_web::test]
async fn the_shift_that_is_on_is_shown_if_nothing_is_named() {
    let hub = TestHub::start().await;
    let admin = hub.admin().await;
    build_press(&hub, &admin).await;
    admin.post("/articles", json!({"code": "TÔLE", "designation": "Tôle", "unit": "pcs"})).await.expect(201);
    let order = json!({"code": "OF-1", "article": "TÔLE", "quantity": "10", "site": "lyon", "line": "press"});
    admin.post("/orders", order).await.expect(201);
    for step in ["release", "start"] {
        admin.press(&format!("/orders/OF-1/{step}")).await.expect(200);
    }
    let topic = "hub/v1/acme/lyon/press/p1/state";
    let running = json!([{"topic": topic, "at": "2026-11-18T11:00:00Z", "state": "running"}]);
    admin.post("/ingest", running).await.expect(200);
    let line = admin.get("/sites/lyon/lines/press/timeline").await.expect(200);
    assert_eq!(
        (&line["from"], &line["to"]),
        (&json!("2026-11-18T05:00:00.000Z"), &json!("2026-11-18T13:00:00.000Z"))
    );
    assert_eq!(shown(&line["machines"]["p1"]["states"]), ["11:00–… running"]);
    let order = json!({"code": "OF-1", "article": "TÔLE", "from": "2026-11-18T11:06:40.000Z", "to": null});
    assert_eq!(line["orders"], json!([order]));
    // In a span that ended before now everything has ended.
    let past = admin.get("/sites/lyon/lines/press/timeline?to=2026-11-18T11:02:00Z").await.expect(200);
    assert_eq!(past["from"], "2026-11-18T03:02:00.000Z");
    assert_eq!(shown(&past["machines"]["p1"]["states"]), ["11:00–11:02 running"]);
    assert_eq!(past["orders"], json!([]));
    let long = "?from=2026-11-10T00:00:00Z&to=2026-11-17T00:00:01Z";
    let refused = admin.get(&format!("/sites/lyon/lines/press/timeline{long}")).await;
    assert_eq!(refused.problem(), (422, "invalid_field".to_owned(), "from".to_owned()));
    let unknown = admin.get("/sites/lyon/lines/nix/timeline").await;
    assert_eq!(unknown.problem().1, "unknown_line");
    hub.stop().await;
}
