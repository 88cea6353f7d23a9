//! What is another tenant's, or at another site, does not exist.

use actors::ports::Role;
use serde_json::json;

use crate::helpers::{TestHub, build_plant, membership};

#[actix_web::test]
async fn another_tenants_objects_are_not_there() {
    let hub = TestHub::start().await;
    let acme = hub.with_plant().await;
    let order = json!({"code": "PO1", "article": "BAR", "quantity": 1, "site": "linz", "line": "saw"});
    acme.post("/orders", order).await.expect(201);
    acme.post("/devices", json!({"name": "d", "scope": "linz"})).await.expect(201);
    let device = acme.get("/devices").await.json()["items"][0]["username"].as_str().unwrap().to_owned();
    let other = hub.user_of("other", Role::Admin, None).await;
    for path in ["/sites/linz", "/sites/linz/lines/saw/state", "/articles/BAR", "/orders/PO1"] {
        assert_eq!(other.get(path).await.problem().0, 404, "{path}");
    }
    for path in ["/sites", "/articles", "/orders", "/devices", "/alerts", "/dead-letters", "/stock/levels"] {
        assert_eq!(other.get(path).await.expect(200)["items"], json!([]), "{path}");
    }
    other.press("/orders/PO1/release").await.expect(404);
    other.press(&format!("/devices/{device}/rotate")).await.expect(404);
    other.delete(&format!("/devices/{device}")).await.expect(404);
    hub.stop().await;
}

#[actix_web::test]
async fn a_user_of_two_tenants_chooses() {
    let hub = TestHub::start().await;
    hub.with_plant().await;
    let both = vec![membership("other", Role::Admin, None), membership("acme", Role::Viewer, None)];
    hub.add_user("eva@both.example", both).await;
    let eva = hub.anybody().logged_in("eva@both.example").await;
    assert_eq!(eva.get("/sites").await.expect(200)["items"], json!([]));
    let at_acme = eva.with("x-tenant-id", "acme");
    assert_eq!(at_acme.get("/sites").await.expect(200)["items"][0]["code"], "linz");
    assert_eq!(at_acme.get("/auth/me").await.expect(200)["roles"], json!(["viewer"]));
    at_acme.delete("/sites/linz").await.expect(403);
    for tenant in ["third", "NOT A SLUG", ""] {
        assert_eq!(
            eva.with("x-tenant-id", tenant).get("/sites").await.problem().1,
            "forbidden",
            "{tenant:?}"
        );
    }
    build_plant(&eva).await;
    hub.stop().await;
}

#[actix_web::test]
async fn a_user_of_one_site_sees_that_site() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    admin.post("/sites", json!({"code": "graz", "name": "Graz", "time_zone": "UTC"})).await.expect(201);
    let order = json!({"code": "PO1", "article": "BAR", "quantity": 1, "site": "linz", "line": "saw"});
    admin.post("/orders", order.clone()).await.expect(201);
    let graz = hub.user_of("acme", Role::Admin, Some("graz")).await;
    let sites = graz.get("/sites").await.expect(200);
    assert_eq!(sites["items"].as_array().unwrap().len(), 1);
    for path in ["/sites/linz", "/sites/linz/lines", "/sites/linz/lines/saw/stops", "/orders/PO1"] {
        assert_eq!(graz.get(path).await.problem().0, 404, "{path}");
    }
    assert_eq!(graz.get("/orders").await.expect(200)["items"], json!([]));
    assert_eq!(graz.get("/orders?site=linz").await.expect(200)["items"], json!([]));
    let mut second = order;
    second["code"] = json!("PO2");
    assert_eq!(
        graz.post("/orders", second).await.problem(),
        (422, "unknown_site".to_owned(), "site".to_owned())
    );
    graz.post("/sites", json!({"code": "wien", "name": "Wien", "time_zone": "UTC"})).await.expect(403);
    graz.post("/sites/graz/lines", json!({"code": "mill", "name": "Mill"})).await.expect(201);
    graz.post("/devices", json!({"name": "x"})).await.expect(403);
    hub.stop().await;
}
