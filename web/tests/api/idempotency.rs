//! Writes that are sent again.

use actors::ports::Role;
use serde_json::json;

use crate::helpers::TestHub;

#[actix_web::test]
async fn the_same_key_and_body_give_the_first_answer() {
    let hub = TestHub::start().await;
    hub.with_plant().await;
    let storekeeper = hub.user(Role::Storekeeper).await;
    let movement = json!({"site": "linz", "kind": "receive", "article": "BAR", "quantity": 3});
    let keyed = storekeeper.with("idempotency-key", "delivery 4711");
    let first = keyed.post("/stock/movements", movement.clone()).await;
    let again = keyed.post("/stock/movements", movement.clone()).await;
    assert_eq!(first.expect(201), again.expect(201));
    assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), ("", "true"));
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!(storekeeper.get("/stock/movements?total=true").await.expect(200)["total"], 1);
    let mut other = movement.clone();
    other["quantity"] = json!(4);
    assert_eq!(keyed.post("/stock/movements", other).await.problem().1, "idempotency_key_reused");
    // The key is the user's own.
    let colleague = hub.user(Role::Storekeeper).await.with("idempotency-key", "delivery 4711");
    assert_eq!(colleague.post("/stock/movements", movement.clone()).await.header("idempotent-replayed"), "");
    let refused = json!({"site": "linz", "kind": "issue", "article": "BAR", "quantity": 100});
    let key = storekeeper.with("idempotency-key", "delivery 4712");
    assert_eq!(key.post("/stock/movements", refused.clone()).await.problem().1, "insufficient_stock");
    let replay = key.post("/stock/movements", refused).await;
    assert_eq!((replay.problem().0, replay.header("idempotent-replayed")), (409, "true"));
    hub.later(10 * 60);
    storekeeper.get("/auth/me").await.expect(200);
    hub.stop().await;
}

#[actix_web::test]
async fn parallel_requests_with_one_key_have_one_effect() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    let keyed = admin.with("idempotency-key", "k");
    let movement = json!({"site": "linz", "kind": "receive", "article": "BAR", "quantity": 1});
    let all = (0..8).map(|_| keyed.post("/stock/movements", movement.clone()));
    for answer in futures::future::join_all(all).await {
        assert!(matches!(answer.status.as_u16(), 201 | 409), "{answer:?}");
    }
    assert_eq!(admin.get("/stock/movements?total=true").await.expect(200)["total"], 1);
    hub.stop().await;
}

#[actix_web::test]
async fn a_secret_is_not_remembered() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await.with("idempotency-key", "device 1");
    let body = json!({"name": "Saw", "scope": "linz"});
    let first = admin.post("/devices", body.clone()).await.expect(201);
    let again = admin.post("/devices", body).await.expect(201);
    assert!(first["token"].is_string() && again.get("token").is_none());
    assert_eq!(first["username"], again["username"]);
    hub.stop().await;
}
