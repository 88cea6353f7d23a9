//! The calendar of a site, and what lines make of it.

use actors::ports::Role;
use serde_json::json;

use crate::helpers::{TestHub, eventually};

const CALENDAR: &str = "/sites/linz/calendar";

#[actix_web::test]
async fn a_site_without_a_calendar_has_three_shifts_a_day() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    let calendar = admin.get(CALENDAR).await;
    assert_eq!(calendar.header("etag"), "\"v0\"");
    let names = |body: &serde_json::Value| {
        body["shifts"].as_array().unwrap().iter().map(|shift| shift["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&calendar.expect(200)), ["early", "late", "night"]);
    let day = "?from=2026-03-28T23:00:00Z&to=2026-03-29T22:00:00Z";
    let shifts = admin.get(&format!("/sites/linz/shifts{day}")).await.expect(200);
    let bounds: Vec<_> =
        shifts["items"].as_array().unwrap().iter().map(|shift| (&shift["from"], &shift["date"])).collect();
    // The clock of Vienna goes forward in the night: that shift lasts seven hours.
    assert_eq!(
        bounds,
        [
            (&json!("2026-03-28T21:00:00.000Z"), &json!("2026-03-28")),
            (&json!("2026-03-29T04:00:00.000Z"), &json!("2026-03-29")),
            (&json!("2026-03-29T12:00:00.000Z"), &json!("2026-03-29")),
            (&json!("2026-03-29T20:00:00.000Z"), &json!("2026-03-29")),
        ]
    );
    hub.stop().await;
}

#[actix_web::test]
async fn a_planner_sets_it_and_the_lines_follow() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    let planner = hub.user(Role::Planner).await;
    let day = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let stop = json!({"name": "pause", "from": "12:00", "to": "12:30"});
    let calendar = json!({"shifts": [
        {"name": "jour", "days": day, "from": "00:00", "to": "00:00", "planned_stops": [stop]}]});
    let set = planner.with("if-match", "\"v0\"").put(CALENDAR, calendar.clone()).await;
    assert_eq!((set.expect(200), set.header("etag")), (calendar.clone(), "\"v1\""));
    let lost = planner.with("if-match", "\"v0\"").put(CALENDAR, json!({"shifts": []})).await;
    assert_eq!(lost.problem().0, 412);
    let again = planner.put(CALENDAR, calendar).await;
    assert_eq!(again.header("etag"), "\"v1\"", "the same again changes nothing");
    let shift = async || admin.get("/sites/linz/lines/saw/state").await.expect(200)["shift"]["name"].clone();
    eventually("the line is in the shift of the calendar", async || shift().await == "jour").await;
    planner.put(CALENDAR, json!({"shifts": []})).await.expect(200);
    eventually("no shift is on", async || shift().await.is_null()).await;
    hub.stop().await;
}

#[actix_web::test]
async fn what_is_wrong_with_it_is_said() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    let shift = |from: &str, to: &str| json!({"name": "a", "days": ["mon"], "from": from, "to": to});
    let overlap =
        admin.put(CALENDAR, json!({"shifts": [shift("06:00", "14:00"), shift("13:00", "15:00")]})).await;
    assert_eq!(overlap.problem(), (422, "invalid_field".to_owned(), "shifts".to_owned()));
    let time = admin.put(CALENDAR, json!({"shifts": [shift("6:00", "14:00")]})).await;
    assert_eq!(time.problem(), (422, "invalid_field".to_owned(), "shifts[0].from".to_owned()));
    let unknown = admin.put(CALENDAR, json!({"shifts": [], "breaks": []})).await;
    assert_eq!(unknown.problem(), (422, "unknown_field".to_owned(), "breaks".to_owned()));
    let stop =
        json!({"name": "r", "line": "nix", "from": "2026-05-01T10:00:00Z", "to": "2026-05-01T12:00:00Z"});
    let nowhere = admin.put(CALENDAR, json!({"shifts": [], "planned_stops": [stop]})).await;
    assert_eq!(nowhere.problem(), (422, "unknown_line".to_owned(), "planned_stops".to_owned()));
    let operator = hub.user(Role::Operator).await;
    assert_eq!(operator.put(CALENDAR, json!({"shifts": []})).await.problem().0, 403);
    let long = admin.get("/sites/linz/shifts?from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z").await;
    assert_eq!(long.problem(), (422, "invalid_field".to_owned(), "to".to_owned()));
    hub.stop().await;
}
