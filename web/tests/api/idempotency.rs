//! Writes that are sent again.

use actors::ports::Role;
use serde_json::json;

use crate::helpers::{TestHub, eventually};

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
async fn a_write_whose_answer_was_lost_is_done_once() {
    lose_the_answers(false).await;
}

#[actix_web::test]
async fn a_write_whose_answer_was_lost_is_done_once_across_a_restart() {
    lose_the_answers(true).await;
}

async fn lose_the_answers(restart: bool) {
    let hub = TestHub::start().await;
    let mut admin = hub.with_plant().await;
    let mut hub = hub.restarted().await;
    admin = admin.at(&hub);
    let order =
        |code: &str| json!({"code": code, "article": "BAR", "quantity": 9, "site": "linz", "line": "saw"});
    let old = admin.post("/orders", order("PO-1")).await;
    old.expect(201);
    let book = |kind: &str, quantity: u32| json!({"site": "linz", "kind": kind, "article": "BAR", "quantity": quantity});
    let (one, batch) = (book("receive", 3), json!([book("receive", 2), book("issue", 1)]));
    let key = |name: &str| admin.with("idempotency-key", name);
    let clients = [key("one"), key("batch"), key("other"), key("create"), key("release")];
    let [by_one, by_batch, by_other, by_create, by_release] = clients;
    let mut by_release = by_release.with("if-match", old.header("etag"));
    let (batch_path, release_path) = ("/stock/movements:batch", "/orders/PO-1/release");

    hub.store.fail_commits(true);
    let lost = futures::join!(
        by_one.post("/stock/movements", one.clone()),
        by_batch.post(batch_path, batch.clone()),
        by_other.post("/stock/movements", book("receive", 5)),
        by_create.post("/orders", order("PO-2")),
        by_release.press(release_path),
    );
    for answer in [&lost.0, &lost.1, &lost.2, &lost.3, &lost.4] {
        assert_eq!(answer.problem(), (503, "store_unavailable".to_owned(), String::new()));
    }
    hub.store.fail_commits(false);
    eventually("everything is committed", async || {
        let movements = admin.get("/stock/movements?total=true").await.expect(200);
        let orders = admin.get("/orders?total=true").await.expect(200);
        (movements["total"].as_u64(), orders["total"].as_u64()) == (Some(4), Some(2))
    })
    .await;
    if restart {
        hub = hub.restarted().await;
        admin = admin.at(&hub);
    }
    let [by_one, by_batch, by_other, by_create] =
        [by_one, by_batch, by_other, by_create].map(|client| client.at(&hub));
    by_release = by_release.at(&hub);

    let again = by_one.post("/stock/movements", one.clone()).await;
    assert_eq!((&again.expect(201)["quantity"], again.header("idempotent-replayed")), (&json!("3"), ""));
    let remembered = by_one.post("/stock/movements", one).await;
    assert_eq!((remembered.expect(201), remembered.header("idempotent-replayed")), (again.json(), "true"));
    assert_eq!(remembered.header("location"), again.header("location"));
    let items = by_batch.post(batch_path, batch).await.expect(201)["items"].clone();
    let kinds: Vec<_> = items.as_array().unwrap().iter().map(|item| item["kind"].clone()).collect();
    assert_eq!(kinds, [json!("receive"), json!("issue")]);
    let reused = by_other.post("/stock/movements", book("receive", 6)).await;
    assert_eq!(reused.problem().1, "idempotency_key_reused");
    assert_eq!(by_create.post("/orders", order("PO-2")).await.expect(201)["code"], "PO-2");
    assert_eq!(by_release.press(release_path).await.expect(200)["state"], "released");

    assert_eq!(admin.get("/stock/movements?total=true").await.expect(200)["total"], 4);
    let levels = admin.get("/stock/levels?article=BAR").await.expect(200);
    assert_eq!(levels["items"][0]["quantity"], "9");
    // Under another key each is another write.
    let key = admin.with("idempotency-key", "another");
    key.post("/stock/movements", book("receive", 3)).await.expect(201);
    assert_eq!(admin.post("/orders", order("PO-2")).await.problem().1, "already_exists");
    let stale = admin.with("if-match", old.header("etag")).press("/orders/PO-1/cancel").await;
    assert_eq!(stale.problem().0, 412);
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
