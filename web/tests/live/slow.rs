//! A viewer that stops reading: nobody else notices, and what waits for it is bounded.

use std::time::Duration;

use actors::SessionId;
use serde_json::json;
use web::live::LiveOptions;

use crate::support::{Hub, PATIENCE, Viewer, eventually};

const TOPIC: &str = "line/north/l1";
const MAILBOX: usize = 16;
/// Far more than sockets and mailboxes hold: 2,000 frames of 4 kB.
const FRAMES: u64 = 2_000;

fn delta(seq: u64) -> String {
    json!({"type": "delta", "topic": TOPIC, "seq": seq, "data": "x".repeat(4_000)}).to_string()
}

fn options() -> LiveOptions {
    LiveOptions { mailbox_frames: MAILBOX, ..LiveOptions::default() }
}

/// The first viewer of the topic, which will not read it, and its session.
async fn watch_slowly(hub: &Hub) -> (Viewer, SessionId) {
    let mut viewer = hub.watch_with_small_buffer(1).await;
    viewer.subscribe(TOPIC).await;
    assert_eq!(viewer.frame().await["type"], "snapshot");
    (viewer, hub.scripted.subscribers(TOPIC)[0])
}

#[actix_web::test]
async fn a_viewer_that_stops_reading_fills_its_own_mailbox_only() {
    let hub = Hub::start(options()).await;
    let (mut slow, slow_session) = watch_slowly(&hub).await;
    let mut brisk = hub.watch(2).await;
    brisk.subscribe(TOPIC).await;
    assert_eq!(brisk.frame().await["type"], "snapshot");

    let mut had_no_room = Vec::new();
    for seq in 1..=FRAMES {
        let full = hub.scripted.publish(TOPIC, &delta(seq));
        assert!(full.iter().all(|session| *session == slow_session), "only the slow one is full");
        if !full.is_empty() {
            had_no_room.push(seq);
        }
        assert_eq!(brisk.frame().await["seq"], seq, "the other one misses nothing");
    }
    let first_missed = had_no_room[0];
    // Kernel buffers, 32 KiB of the server's, one chunk and one mailbox: a fraction of what was sent.
    let kept = FRAMES - had_no_room.len() as u64;
    assert!(kept < FRAMES / 4, "{kept} frames of 4 kB were kept for the slow viewer");

    for seq in 1..first_missed {
        assert_eq!(slow.frame().await["seq"], seq, "what was taken for it arrives, in order");
    }
    eventually("there is room again", || hub.scripted.publish(TOPIC, "{\"seq\":0}").is_empty()).await;
    while slow.frame().await["seq"] != 0 {}
    drop((slow, brisk));
    hub.stop().await;
}

#[actix_web::test]
async fn a_blocked_session_whose_login_ended_writes_nothing_more() {
    let hub = Hub::start(options()).await;
    let (mut slow, _) = watch_slowly(&hub).await;
    let figures = || hub.live.sessions().figures();
    let mut sent = 0;
    // Blocked for good: its mailbox is full and stays so until the counter has come to rest.
    let mut written = u64::MAX;
    while written != figures().frames_written {
        written = figures().frames_written;
        while hub.scripted.publish(TOPIC, &delta(sent)).is_empty() {
            sent += 1;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(hub.live.sessions().revoke(uuid::Uuid::from_u128(1)), 1);
    let (closing, code) = slow.closing().await;
    assert_eq!((&closing["code"], code), (&json!("session_revoked"), 4409));
    assert_eq!(figures().frames_written, written + 1, "only the closing frame, though a mailbox waited");
    hub.stop().await;
}

#[actix_web::test]
async fn the_kernel_gives_a_viewer_up_that_never_reads_again() {
    let hub = Hub::start_with_peer_timeout(options(), Duration::from_millis(500)).await;
    let (slow, session) = watch_slowly(&hub).await;
    let given_up = async {
        let mut seq = 0;
        while hub.scripted.disconnected() != [session] {
            hub.scripted.publish(TOPIC, &delta(seq));
            seq += 1;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(PATIENCE, given_up).await.expect("the session never ended");
    eventually("counted", || hub.live.sessions().figures().lost == 1).await;
    drop(slow);
    hub.stop().await;
}
