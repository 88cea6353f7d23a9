//! Articles and orders.

use actors::ports::Role;
use serde_json::json;

use crate::helpers::{Client, TestHub};

async fn order(client: &Client, code: &str) -> crate::helpers::Answer {
    let body = json!({"code": code, "article": "BAR", "quantity": "100.5", "site": "linz", "line": "saw",
        "due": "2026-12-01T06:00:00+01:00", "customer": "Rohr AG"});
    client.post("/orders", body).await
}

#[actix_web::test]
async fn an_order_lives() {
    let hub = TestHub::start().await;
    hub.with_plant().await;
    let planner = hub.user(Role::Planner).await;
    let operator = hub.user(Role::Operator).await;
    let made = order(&planner, "PO 1/7").await;
    let body = made.expect(201);
    assert_eq!(made.header("location"), "/api/v1/orders/PO%201%2F7");
    assert_eq!(
        (&body["quantity"], &body["due"], &body["state"]),
        (&json!("100.5"), &json!("2026-12-01T05:00:00.000Z"), &json!("created"))
    );
    let path = "/orders/PO%201%2F7";
    assert_eq!(planner.get(path).await.expect(200)["code"], "PO 1/7");
    let start = format!("{path}/start");
    assert_eq!(operator.press(&start).await.problem().1, "illegal_transition");
    assert_eq!(operator.press(&format!("{path}/release")).await.problem().0, 403);
    let stale = planner.with("if-match", "\"v9\"").patch(path, json!({"priority": 7})).await;
    assert_eq!(stale.problem().0, 412);
    let changed = planner.with("if-match", made.header("etag")).patch(path, json!({"due": null})).await;
    assert!(changed.expect(200).get("due").is_none());
    planner.press(&format!("{path}/release")).await.expect(200);
    assert_eq!(operator.press(&start).await.expect(200)["state"], "running");
    order(&planner, "PO2").await.expect(201);
    planner.press("/orders/PO2/release").await.expect(200);
    assert_eq!(operator.press("/orders/PO2/start").await.problem().1, "line_busy");
    for (action, state) in [("pause", "paused"), ("resume", "running"), ("complete", "completed")] {
        assert_eq!(operator.press(&format!("{path}/{action}")).await.expect(200)["state"], state);
    }
    assert_eq!(planner.press("/orders/PO2/cancel").await.expect(200)["state"], "cancelled");
    let completed = planner.get("/orders?state=completed&site=linz&total=true").await.expect(200);
    assert_eq!((&completed["total"], &completed["items"][0]["code"]), (&json!(1), &json!("PO 1/7")));
    assert_eq!(planner.press("/orders/PO2/explode").await.problem().0, 404);
    hub.stop().await;
}

#[actix_web::test]
async fn an_order_refers_to_what_exists() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    for (field, value, code) in [
        ("site", "graz", "unknown_site"),
        ("line", "mill", "unknown_line"),
        ("article", "COIL", "unknown_article"),
    ] {
        let mut body = json!({"code": "PO1", "article": "BAR", "quantity": 1, "site": "linz", "line": "saw"});
        body[field] = json!(value);
        assert_eq!(admin.post("/orders", body).await.problem(), (422, code.to_owned(), field.to_owned()));
    }
    assert_eq!(admin.get("/orders/PO1").await.problem().0, 404);
    order(&admin, "PO1").await.expect(201);
    assert_eq!(order(&admin, "PO1").await.problem().1, "already_exists");
    hub.stop().await;
}

#[actix_web::test]
async fn articles_are_kept() {
    let hub = TestHub::start().await;
    hub.with_plant().await;
    let planner = hub.user(Role::Planner).await;
    let body = json!({"code": "COIL-3", "designation": "Coil 3 mm", "unit": "kg", "category": "coils",
        "price": "1.25", "metadata": {"grade": "S235"}});
    planner.post("/articles", body).await.expect(201);
    let found = planner.get("/articles?search=cOIL&category=coils").await.expect(200);
    assert_eq!(found["items"][0]["code"], "COIL-3");
    let patch = json!({"price": null, "metadata": {"grade": null, "width_mm": 1250}});
    let changed = planner.patch("/articles/COIL-3", patch).await.expect(200);
    assert_eq!(changed["metadata"], json!({"width_mm": 1250}));
    assert!(changed.get("price").is_none());
    let storekeeper = hub.user(Role::Storekeeper).await;
    let movement = json!({"site": "linz", "kind": "receive", "article": "COIL-3", "quantity": 5});
    storekeeper.post("/stock/movements", movement).await.expect(201);
    assert_eq!(planner.delete("/articles/COIL-3").await.problem().1, "in_use");
    assert_eq!(planner.patch("/articles/COIL-3", json!({"unit": "t"})).await.problem().1, "in_use");
    planner.delete("/articles/BAR").await.expect(204);
    assert_eq!(planner.get("/articles/BAR").await.problem().1, "unknown_article");
    hub.stop().await;
}
