//! Health, figures, the dashboard's place, and what is cut off.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use web::WebLimits;

use crate::helpers::TestHub;

#[actix_web::test]
async fn health_follows_the_store() {
    let hub = TestHub::start().await;
    let anybody = hub.anybody();
    assert_eq!(anybody.get("//health/live").await.expect(200)["status"], "live");
    assert_eq!(anybody.get("//health/ready").await.expect(200)["ready"], true);
    hub.store.fail_commits(true);
    assert_eq!(anybody.get("//health/ready").await.expect(503)["store"], "down");
    hub.store.fail_commits(false);
    let metrics = anybody.get("//metrics").await;
    assert!(metrics.text.contains("http_request_duration_seconds_count"), "{}", metrics.text);
    hub.stop().await;
}

#[actix_web::test]
async fn the_root_is_a_page() {
    let hub = TestHub::start().await;
    let root = hub.anybody().with("accept", "text/html").get("//").await;
    assert_eq!(root.status, 200);
    assert!(root.text.contains("TopSteel"), "{}", root.text);
    assert_eq!(hub.anybody().get("//assets/none.js").await.problem().0, 404);
    hub.stop().await;
}

#[actix_web::test]
async fn slow_heads_and_bodies_are_cut() {
    let limits = WebLimits {
        // The framework's own clock for this ticks twice a second.
        head_timeout: Duration::from_millis(1500),
        body_timeout: Duration::from_millis(300),
        ..WebLimits::default()
    };
    let hub = TestHub::start_with(limits).await;
    let addr = hub.addr;
    let read_all = move |request: &'static [u8]| {
        actix_web::web::block(move || {
            let mut socket = TcpStream::connect(addr).unwrap();
            socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            socket.write_all(request).unwrap();
            let mut answer = String::new();
            socket.read_to_string(&mut answer).map(|_| answer)
        })
    };
    let head = read_all(b"GET /health/live HTTP/1.1\r\nHost: hub\r\nX-Slow: ").await.unwrap().unwrap();
    assert!(head.is_empty() || head.starts_with("HTTP/1.1 408"), "{head}");
    let body = read_all(
        b"POST /api/v1/auth/login HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\
          Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"email\": ",
    );
    let body = body.await.unwrap().unwrap();
    assert!(body.starts_with("HTTP/1.1 408") && body.contains("request_timeout"), "{body}");
    hub.anybody().get("//health/live").await.expect(200);
    hub.stop().await;
}
