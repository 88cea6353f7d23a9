//! Sites, lines and machines.

use actors::ports::Role;
use serde_json::json;

use crate::helpers::TestHub;

#[actix_web::test]
async fn a_plant_is_built_changed_and_taken_down() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    let again = admin.post("/sites", json!({"code": "linz", "name": "x", "time_zone": "UTC"})).await;
    assert_eq!(again.problem(), (409, "already_exists".to_owned(), "code".to_owned()));
    let line = admin.get("/sites/linz/lines/saw").await;
    assert_eq!(line.expect(200), json!({"code": "saw", "name": "Saw", "reasons": []}));
    assert_eq!(line.header("etag"), "\"v1\"");
    let renamed =
        admin.with("if-match", "\"v1\"").patch("/sites/linz/lines/saw", json!({"name": "Band saw"})).await;
    assert_eq!((renamed.expect(200)["name"].as_str(), renamed.header("etag")), (Some("Band saw"), "\"v2\""));
    let lost = admin.with("if-match", "\"v1\"").patch("/sites/linz/lines/saw", json!({"name": "x"})).await;
    assert_eq!(lost.problem().0, 412);
    let machine = "/sites/linz/lines/saw/machines/s1";
    admin.patch(machine, json!({"ideal_cycle_s": 12.5})).await.expect(200);
    assert_eq!(admin.get(machine).await.expect(200)["ideal_cycle_s"], 12.5);
    assert!(
        admin.patch(machine, json!({"ideal_cycle_s": null})).await.expect(200).get("ideal_cycle_s").is_none()
    );
    let cycles = json!({"ideal_cycles": {"PLATE 3": 6.5, "COIL": 30}});
    assert_eq!(admin.patch(machine, cycles).await.expect(200)["ideal_cycles"]["PLATE 3"], 6.5);
    let cycles = json!({"ideal_cycles": {"PLATE 3": null}});
    assert_eq!(admin.patch(machine, cycles).await.expect(200)["ideal_cycles"], json!({"COIL": 30.0}));
    let reasons = json!({"reasons": [{"code": "jam", "name": "Jam"}], "oee_target": 0.85});
    let patched = admin.patch("/sites/linz/lines/saw", reasons.clone()).await.expect(200);
    assert_eq!((&patched["reasons"], &patched["oee_target"]), (&reasons["reasons"], &json!(0.85)));
    assert_eq!(admin.delete("/sites/linz").await.problem().1, "in_use");
    admin.delete("/sites/linz/lines/saw/machines/s2").await.expect(204);
    admin.get("/sites/linz/lines/saw/machines/s2").await.expect(404);
    admin.delete("/sites/linz/lines/saw").await.expect(204);
    admin.delete("/sites/linz").await.expect(204);
    assert_eq!(admin.get("/sites").await.expect(200), json!({"items": [], "next_cursor": null}));
    hub.stop().await;
}

#[actix_web::test]
async fn lists_come_in_pages() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    for n in 0..4 {
        let line = json!({"code": format!("l{n}"), "name": "Line"});
        admin.post("/sites/linz/lines", line).await.expect(201);
    }
    let mut seen = Vec::new();
    let mut path = "/sites/linz/lines?limit=2&total=true".to_owned();
    loop {
        let page = admin.get(&path).await.expect(200);
        assert_eq!(page["total"], 5);
        let codes = page["items"].as_array().unwrap().iter().map(|item| item["code"].to_string());
        seen.extend(codes);
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/sites/linz/lines?limit=2&total=true&cursor={cursor}");
    }
    assert_eq!(seen, ["\"l0\"", "\"l1\"", "\"l2\"", "\"l3\"", "\"saw\""]);
    hub.stop().await;
}

#[actix_web::test]
async fn bad_input_names_its_field_and_changes_nothing() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    for (body, code, field) in [
        (json!({"code": "Graz", "name": "x", "time_zone": "UTC"}), "invalid_field", "code"),
        (json!({"code": "graz", "name": "", "time_zone": "UTC"}), "invalid_field", "name"),
        (json!({"code": "graz", "name": "x", "time_zone": "Mars/Olympus"}), "invalid_field", "time_zone"),
        (json!({"code": "graz", "name": "x"}), "invalid_field", "time_zone"),
        (
            json!({"code": "graz", "name": "x", "time_zone": "UTC", "tenant": "other"}),
            "unknown_field",
            "tenant",
        ),
        (json!({"code": "graz", "name": "x\r\ny", "time_zone": "UTC"}), "invalid_field", "name"),
    ] {
        let answer = admin.post("/sites", body.clone()).await;
        assert_eq!(answer.problem(), (422, code.to_owned(), field.to_owned()), "{body}");
    }
    admin.get("/sites/graz").await.expect(404);
    let twice = json!([{"code": "jam", "name": "Jam"}, {"code": "jam", "name": "Again"}]);
    for (body, field) in [(json!({"reasons": twice}), "reasons"), (json!({"oee_target": 85}), "oee_target")] {
        let answer = admin.patch("/sites/linz/lines/saw", body).await;
        assert_eq!(answer.problem(), (422, "invalid_field".to_owned(), field.to_owned()));
    }
    let viewer = hub.user(Role::Viewer).await;
    let refused = viewer.post("/sites", json!({"code": "graz", "name": "x", "time_zone": "UTC"})).await;
    assert_eq!(refused.problem().0, 403);
    hub.stop().await;
}
