//! Which devices are there, as the list of credentials tells.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use actors::clock::Clock;
use actors::ports::{DeviceConnection, DevicePresence, MqttVersion};
use domain::Timestamp;
use serde_json::{Value, json};

use crate::helpers::{Client, TestHub};

/// An endpoint with one session.
struct OneSession {
    username: String,
    since: Timestamp,
}

impl DevicePresence for OneSession {
    fn connections(&self, usernames: &HashSet<&str>) -> HashMap<String, Vec<DeviceConnection>> {
        let connection = DeviceConnection {
            client_id: "gateway-7".to_owned(),
            protocol: MqttVersion::V311,
            peer: Some(([10, 0, 0, 7], 4_711).into()),
            since: self.since,
        };
        let asked = usernames.contains(self.username.as_str());
        asked.then(|| (self.username.clone(), vec![connection])).into_iter().collect()
    }
}

async fn listed(admin: &Client, username: &str) -> Value {
    let list = admin.get("/devices").await.expect(200);
    list["items"].as_array().unwrap().iter().find(|item| item["username"] == username).unwrap().clone()
}

#[actix_web::test]
async fn the_list_tells_who_is_connected_and_when_it_was_last_heard() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    let made = admin.post("/devices", json!({"name": "Saw 1", "scope": "linz/saw/s1"})).await.expect(201);
    let (username, token) = (made["username"].as_str().unwrap(), made["token"].as_str().unwrap());
    let other = admin.post("/devices", json!({"name": "Scanner", "scope": "linz"})).await.expect(201);
    let item = listed(&admin, username).await;
    assert_eq!(
        (&item["connected"], &item["connections"]),
        (&json!(false), &json!([])),
        "without an endpoint"
    );
    assert!(item.get("last_message_at").is_none(), "{item}");

    let since = hub.clock.now();
    hub.devices_are_at(Arc::new(OneSession { username: username.to_owned(), since }));
    hub.later(90);
    let encoded =
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, format!("{username}:{token}"));
    let device = hub.anybody().with("authorization", &format!("Basic {encoded}"));
    let message = json!({"topic": "hub/v1/acme/linz/saw/s1/count", "good": -1});
    device.post("/ingest", message).await.expect(200);

    let item = listed(&admin, username).await;
    let expected =
        json!([{"client_id": "gateway-7", "protocol": "3.1.1", "peer": "10.0.0.7:4711", "since": since}]);
    assert_eq!((&item["connected"], &item["connections"]), (&json!(true), &expected));
    assert_eq!(item["last_message_at"], json!(hub.clock.now()), "a refused message is a sign of life too");
    let item = listed(&admin, other["username"].as_str().unwrap()).await;
    assert_eq!((&item["connected"], item.get("last_message_at")), (&json!(false), None));
    hub.stop().await;
}
