//! Sessions that must not be, or must not go on: foreign pages, expired tokens, ended logins, other tenants.

use serde_json::{Value, json};
use tokio::process::Command;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;

use crate::support::{Device, Heard, Hub, LINE, Plant, Rest, SITE, Setup, Viewer, count, soon, topic};

fn line_topic() -> String {
    format!("line/{SITE}/{LINE}")
}

async fn closed(viewer: &mut Viewer) -> (String, u16) {
    let mut said = String::new();
    loop {
        match viewer.next().await {
            Heard::Closing { code, .. } => said = code,
            Heard::Closed(number) => return (said, number),
            Heard::Lost => panic!("the connection ended without a close frame"),
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_ends_the_session_unless_it_was_renewed() {
    let plant = Plant::build(Setup::default().env("HUB_AUTH__ACCESS_TTL", "4s"), 1, 1).await;
    let rest = plant.hub.log_in().await;
    let mut expiring = Viewer::open(plant.hub.http(), rest.token()).await;
    expiring.watch(&line_topic()).await;
    let mut renewing = Viewer::open(plant.hub.http(), rest.token()).await;
    renewing.watch(&line_topic()).await;
    let credential = plant.hub.log_in().await.create_device("m0", &format!("{SITE}/{LINE}/m0")).await;
    let expiry = async { closed(&mut expiring).await };
    let renewal = async {
        // Twice the life of a token, renewed every second.
        for _ in 0..8 {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            let rest = plant.hub.log_in().await;
            renewing.say(&json!({"type": "auth", "token": rest.token()})).await;
        }
    };
    let (end, ()) = tokio::join!(expiry, renewal);
    assert_eq!(end, ("unauthenticated".to_owned(), 4401));
    let device = Device::connect(plant.hub.mqtt(), &credential, "m0");
    device.publish(&topic(LINE, "m0", "count"), count("a", 3)).await;
    renewing
        .until("the renewed session goes on", |viewer| {
            viewer.copy(&line_topic()).data["machines"]["m0"]["good"] == "3"
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_login_ends_its_sessions_and_no_others() {
    let plant = Plant::build(Setup::default(), 1, 1).await;
    let other = plant.hub.log_in().await;
    let mut ended = Viewer::open(plant.hub.http(), other.token()).await;
    ended.watch(&line_topic()).await;
    let mut stays = Viewer::open(plant.hub.http(), plant.rest.token()).await;
    stays.watch(&line_topic()).await;
    other.post("/auth/logout", &Value::Null).await.expect(204);
    assert_eq!(closed(&mut ended).await, ("session_revoked".to_owned(), 4409));
    stays.say(&json!({"type": "ping"})).await;
    let pong =
        async { while !matches!(stays.next().await, Heard::Other(frame) if frame["type"] == "pong") {} };
    soon("the other session is there", pong).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_from_elsewhere_is_turned_away_at_the_handshake() {
    let hub = Setup::default().env("HUB_HTTP__ALLOWED_ORIGINS", "https://erp.example").start().await;
    let shake_hands = async |origin: &str| {
        let mut request = format!("ws://{}/api/v1/live", hub.http()).into_client_request().unwrap();
        request.headers_mut().insert("origin", HeaderValue::from_str(origin).unwrap());
        soon("an answer", connect_async(request)).await
    };
    let own = format!("http://{}", hub.http());
    for origin in [own.as_str(), "https://erp.example"] {
        assert!(shake_hands(origin).await.is_ok(), "{origin}");
    }
    for origin in ["https://evil.example", "https://erp.example.evil.example", "http://erp.example", "null"] {
        match shake_hands(origin).await {
            Err(Error::Http(answer)) => assert_eq!(answer.status(), 403, "{origin}"),
            other => panic!("{origin}: {other:?}"),
        }
    }
}

/// Another tenant of the same hub, and its administrator.
pub(super) async fn rival_of(hub: &Hub) -> Rest {
    let (email, password) = ("ann@rival.example", "kaltwalzwerk am abend");
    let bootstrap = ["admin", "bootstrap", "--tenant", "rival", "--name", "Rival", "--email", email];
    let mut command = Command::new(env!("CARGO_BIN_EXE_hub"));
    command.args(bootstrap).env("HUB_DATA_DIR", hub.data_dir()).env("HUB_ADMIN_PASSWORD", password);
    let done = soon("the tenant", command.output()).await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Rest::log_in(hub.http(), email, password).await
}

/// What a subscription to a topic is answered with, apart from the topic's own name.
async fn refusal(viewer: &mut Viewer, topic: &str, name: &str) -> String {
    viewer.say(&json!({"type": "subscribe", "topic": topic})).await;
    match viewer.next().await {
        Heard::Error { topic: Some(of), code } => {
            assert_eq!(of, topic);
            code.replace(name, "…")
        }
        other => panic!("{topic}: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tenants_plant_is_as_unknown_as_one_that_is_nowhere() {
    let plant = Plant::build(Setup::default(), 1, 1).await;
    let neighbour: Hub = plant.hub;
    let rest = rival_of(&neighbour).await;
    rest.create_site("secret").await;
    rest.create_line("secret", "mill").await;
    let mut viewer = Viewer::open(neighbour.http(), plant.rest.token()).await;
    for (kind, code) in [("site", "unknown_site"), ("alerts", "unknown_site")] {
        let theirs = refusal(&mut viewer, &format!("{kind}/secret"), "secret").await;
        let nowhere = refusal(&mut viewer, &format!("{kind}/nowhere"), "nowhere").await;
        assert_eq!((theirs.as_str(), nowhere.as_str()), (code, code));
    }
    let theirs = refusal(&mut viewer, "line/secret/mill", "secret").await;
    assert_eq!(theirs, refusal(&mut viewer, "line/nowhere/mill", "nowhere").await);
    // Its own is there, and nothing of the other one's comes with it.
    viewer.watch("alerts").await;
    viewer.watch(&format!("site/{SITE}")).await;
    let mut rival = Viewer::open(neighbour.http(), rest.token()).await;
    assert_eq!(refusal(&mut rival, &format!("site/{SITE}"), SITE).await, "unknown_site");
}
