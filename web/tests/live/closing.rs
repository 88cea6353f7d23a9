//! Why sessions end, as clients see it.

use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::{Error, Message};
use uuid::Uuid;
use web::live::{CloseCode, LiveOptions, RateLimit};

use crate::support::{Hub, eventually};

#[actix_web::test]
async fn a_token_that_is_not_good() {
    let hub = Hub::start(LiveOptions::default()).await;
    let mut viewer = hub.connect().await;
    viewer.authenticate("forged").await;
    let closing = json!({"type": "closing", "code": "unauthenticated", "retry_after_ms": 0});
    assert_eq!(viewer.closing().await, (closing, 4401));

    let mut viewer = hub.connect().await;
    hub.issue("good", 1, 600_000);
    viewer.say(json!({"type": "auth", "token": "good", "tenant": "other"})).await;
    assert_eq!(viewer.closing().await.1, 4403);
    hub.stop().await;
}

#[actix_web::test]
async fn what_clients_send_wrong() {
    let rate = Some(RateLimit { per_second: 1, burst: 50 });
    let hub = Hub::start(LiveOptions { rate, ..LiveOptions::default() }).await;

    let mut viewer = hub.watch(1).await;
    viewer.send(Message::text("{\"type\":")).await;
    let (closing, code) = viewer.closing().await;
    assert_eq!((&closing["code"], code), (&json!("bad_frame"), 4400));
    assert!((1_000..=2_000).contains(&closing["retry_after_ms"].as_u64().unwrap()), "{closing}");

    let mut viewer = hub.watch(1).await;
    viewer.send(Message::binary(b"{}".to_vec())).await;
    assert_eq!(viewer.closing().await.1, 4400);

    let mut viewer = hub.watch(1).await;
    viewer.send(Message::text("x".repeat(64 * 1024 + 1))).await;
    assert_eq!(viewer.closing().await.1, 4413);

    let mut viewer = hub.watch(1).await;
    for _ in 0..60 {
        viewer.say(json!({"type": "ping"})).await;
    }
    assert_eq!(viewer.closing().await.1, 4429);

    let figures = hub.live.sessions().figures();
    let count = |code| figures.closed.iter().find(|(reason, _)| *reason == code).unwrap().1;
    assert_eq!(count(CloseCode::BadFrame), 2);
    assert_eq!((count(CloseCode::TooLarge), count(CloseCode::TooMany)), (1, 1));
    hub.stop().await;
}

#[actix_web::test]
async fn a_frame_is_too_large_by_its_header_alone() {
    let hub = Hub::start(LiveOptions::default()).await;
    let mut viewer = hub.watch(1).await;
    let announced: [&[u8]; 3] = [&[0x81, 0x80 | 127], &(1_u64 << 40).to_be_bytes(), &[1, 2, 3, 4]];
    viewer.socket.get_mut().write_all(&announced.concat()).await.unwrap();
    assert_eq!(viewer.closing().await.1, 4413);
    hub.stop().await;
}

#[actix_web::test]
async fn auth_must_come_and_be_verified_in_time() {
    let short = Duration::from_millis(50);
    let options = LiveOptions { auth_timeout: short, verify_timeout: short, ..LiveOptions::default() };
    let hub = Hub::start(options).await;
    let mut silent = hub.connect().await;
    assert_eq!(silent.closing().await.1, 4408);
    let mut unlucky = hub.connect().await;
    unlucky.authenticate("slow").await;
    let (closing, code) = unlucky.closing().await;
    assert_eq!((&closing["code"], code), (&json!("overloaded"), 1013));
    hub.stop().await;
}

#[actix_web::test]
async fn an_expired_token_ends_the_session_unless_renewed() {
    let hub = Hub::start(LiveOptions::default()).await;
    hub.issue("short", 1, 1_000);
    hub.issue("long", 2, 600_000);
    let mut careless = hub.connect().await;
    careless.authenticate("short").await;
    let mut careful = hub.connect().await;
    careful.authenticate("short").await;
    assert_eq!(careful.frame().await["type"], "ready");
    careful.authenticate("long").await;
    assert_eq!(careful.frame().await["type"], "ready");
    let (closing, code) = careless.closing().await;
    assert_eq!((&closing["code"], code), (&json!("unauthenticated"), 4401));
    careful.say(json!({"type": "ping"})).await;
    assert_eq!(careful.frame().await["type"], "pong");

    assert_eq!(hub.live.sessions().revoke(Uuid::from_u128(2)), 1, "it belongs to the renewed login");
    assert_eq!(careful.closing().await.1, 4409);
    hub.stop().await;
}

#[actix_web::test]
async fn a_login_that_ends_takes_its_sessions_along() {
    let hub = Hub::start(LiveOptions::default()).await;
    let mut mine = hub.watch(1).await;
    let mut other = hub.watch(2).await;
    assert_eq!(hub.live.sessions().revoke(Uuid::from_u128(1)), 1);
    let (closing, code) = mine.closing().await;
    assert_eq!((&closing["code"], code), (&json!("session_revoked"), 4409));
    other.say(json!({"type": "ping"})).await;
    assert_eq!(other.frame().await["type"], "pong");

    let mut late = hub.connect().await;
    late.authenticate("token-of-1").await;
    assert_eq!(late.closing().await.1, 4409, "the verifier may not have heard of it yet");
    drop(other);
    hub.stop().await;
}

#[actix_web::test]
async fn a_restart_asks_everybody_to_come_back_later() {
    let hub = Hub::start(LiveOptions::default()).await;
    let mut viewers = [hub.watch(1).await, hub.watch(2).await, hub.connect().await];
    hub.live.sessions().close_all(CloseCode::Restart, Duration::from_secs(2));
    for viewer in &mut viewers {
        let (closing, code) = viewer.closing().await;
        assert_eq!((&closing["code"], code), (&json!("restart"), 1012));
        assert!((2_000..=4_000).contains(&closing["retry_after_ms"].as_u64().unwrap()), "{closing}");
    }
    let refused = hub.try_connect(&[]).await.map_err(|error| *error);
    let Err(Error::Http(answer)) = refused else { panic!("let in") };
    assert_eq!(answer.status().as_u16(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    eventually("all gone", || hub.scripted.disconnected().len() == 3).await;
    hub.stop().await;
}

#[actix_web::test]
async fn the_server_pings() {
    let ping_interval = Duration::from_millis(30);
    let hub = Hub::start(LiveOptions { ping_interval, ..LiveOptions::default() }).await;
    let mut viewer = hub.watch(1).await;
    for _ in 0..3 {
        assert!(matches!(viewer.message().await, Message::Ping(_)));
    }
    drop(viewer);
    hub.stop().await;
}

#[actix_web::test]
async fn a_peer_that_never_answers_is_given_up() {
    let options = LiveOptions {
        ping_interval: Duration::from_millis(100),
        idle_timeout: Duration::from_millis(300),
        ..LiveOptions::default()
    };
    let hub = Hub::start(options).await;
    // The client answers pings only while it is read.
    let viewer = hub.watch(1).await;
    let given_up = || hub.live.sessions().figures().closed.contains(&(CloseCode::Idle, 1));
    eventually("given up", given_up).await;
    drop(viewer);
    hub.stop().await;
}
