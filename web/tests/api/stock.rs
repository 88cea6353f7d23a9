//! Movements and levels.

use actors::ports::Role;
use serde_json::{Value, json};

use crate::helpers::TestHub;

fn movement(kind: &str, quantity: Value) -> Value {
    json!({"site": "linz", "kind": kind, "article": "BAR", "quantity": quantity, "location": "A1"})
}

#[actix_web::test]
async fn a_level_is_the_sum_of_its_movements() {
    let hub = TestHub::start().await;
    hub.with_plant().await;
    let storekeeper = hub.user(Role::Storekeeper).await;
    let made = storekeeper.post("/stock/movements", movement("receive", json!("10.5"))).await.expect(201);
    assert_eq!((&made["quantity"], &made["unit"]), (&json!("10.5"), &json!("pcs")));
    storekeeper.post("/stock/movements", movement("issue", json!(4))).await.expect(201);
    let short = storekeeper.post("/stock/movements", movement("issue", json!(7))).await;
    assert_eq!(short.problem(), (409, "insufficient_stock".to_owned(), "quantity".to_owned()));
    let levels = storekeeper.get("/stock/levels?article=BAR&location=A1").await.expect(200);
    assert_eq!(
        (&levels["items"][0]["quantity"], &levels["items"][0]["below_minimum"]),
        (&json!("6.5"), &json!(false))
    );
    let wrong_unit =
        json!({"site": "linz", "kind": "receive", "article": "BAR", "quantity": 1, "unit": "kg"});
    assert_eq!(storekeeper.post("/stock/movements", wrong_unit).await.problem().1, "unit_mismatch");
    let newest = storekeeper.get("/stock/movements?limit=1").await.expect(200);
    assert_eq!(newest["items"][0]["kind"], "issue");
    let viewer = hub.user(Role::Viewer).await;
    viewer.post("/stock/movements", movement("receive", json!(1))).await.expect(403);
    hub.stop().await;
}

#[actix_web::test]
async fn a_batch_is_booked_as_a_whole_or_not_at_all() {
    let hub = TestHub::start().await;
    hub.with_plant().await;
    let storekeeper = hub.user(Role::Storekeeper).await;
    let path = "/stock/movements:batch";
    let short = json!({"movements": [movement("receive", json!(3)), movement("issue", json!(4))]});
    assert_eq!(storekeeper.post(path, short).await.problem().1, "insufficient_stock");
    assert_eq!(storekeeper.get("/stock/movements?total=true").await.expect(200)["total"], 0);
    let fits = json!([movement("receive", json!(3)), movement("issue", json!(2))]);
    assert_eq!(storekeeper.post(path, fits).await.expect(201)["items"].as_array().unwrap().len(), 2);
    let levels = storekeeper.get("/stock/levels?below_minimum=true").await.expect(200);
    assert_eq!(levels["items"][0]["quantity"], "1");
    let wrong = json!({"movements": [movement("receive", json!(3)), {"site": "linz", "kind": "steal"}]});
    assert_eq!(storekeeper.post(path, wrong).await.problem().2, "movements[1].kind");
    assert_eq!(storekeeper.post(path, json!([])).await.problem().2, "movements");
    hub.stop().await;
}
