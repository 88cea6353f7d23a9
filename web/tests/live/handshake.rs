//! Who may open a session.

use std::time::Duration;

use serde_json::Value;
use tokio_tungstenite::tungstenite::{Error, Message};
use web::live::LiveOptions;

use crate::support::{Hub, Viewer, eventually};

fn refused(answer: Result<Viewer, Box<Error>>) -> (u16, Value, Option<String>) {
    let Err(Error::Http(answer)) = answer.map_err(|error| *error) else {
        panic!("the handshake was not refused")
    };
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let retry_after = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    let body = serde_json::from_slice(answer.body().as_deref().unwrap()).unwrap();
    (answer.status().as_u16(), body, retry_after)
}

#[actix_web::test]
async fn a_foreign_origin_is_refused() {
    let allowed_origins = vec!["https://erp.example".to_owned()];
    let hub = Hub::start(LiveOptions { allowed_origins, ..LiveOptions::default() }).await;
    let (status, body, _) = refused(hub.try_connect(&[("origin", "https://evil.example")]).await);
    assert_eq!((status, &body["code"]), (403, &"foreign_origin".into()));
    assert!(hub.try_connect(&[("origin", "https://erp.example")]).await.is_ok());
    let own: &'static str = format!("http://{}", hub.address).leak();
    assert!(hub.try_connect(&[("origin", own)]).await.is_ok());
    assert!(hub.try_connect(&[]).await.is_ok());
    hub.stop().await;
}

#[actix_web::test]
async fn the_subprotocol_is_agreed_on() {
    let hub = Hub::start(LiveOptions::default()).await;
    let viewer = hub.try_connect(&[("sec-websocket-protocol", "other, topsteel.v1")]).await.unwrap();
    assert_eq!(viewer.protocol.as_deref(), Some("topsteel.v1"));
    let (status, body, _) = refused(hub.try_connect(&[("sec-websocket-protocol", "topsteel.v9")]).await);
    assert_eq!((status, &body["code"]), (400, &"unknown_subprotocol".into()));
    drop(viewer);
    hub.stop().await;
}

#[actix_web::test]
async fn there_is_room_for_so_many_and_a_place_comes_back() {
    let options =
        LiveOptions { max_sessions: 2, retry_after: Duration::from_secs(3), ..LiveOptions::default() };
    let hub = Hub::start(options).await;
    let mut first = hub.connect().await;
    let second = hub.connect().await;
    let (status, body, retry_after) = refused(hub.try_connect(&[]).await);
    assert_eq!((status, &body["code"]), (503, &"too_many_sessions".into()));
    assert!((3..=6).contains(&retry_after.unwrap().parse::<u64>().unwrap()));

    first.send(Message::Close(None)).await;
    eventually("the place is free", || hub.live.sessions().figures().sessions == 1).await;
    assert!(hub.try_connect(&[]).await.is_ok());
    let figures = hub.live.sessions().figures();
    assert_eq!((figures.left, figures.turned_away, figures.opened), (1, 1, 3));
    drop(second);
    hub.stop().await;
}
