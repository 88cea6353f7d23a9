//! Live topics over real sockets: copies under load, slow viewers, lines that panic, sessions that end.

mod consistency;
mod messages;
mod panics;
mod sessions;
mod slow;

use std::net::SocketAddr;

use crate::support::Viewer;

/// Holds the viewer's copy of a topic against the snapshot that somebody gets who has just come. False if they could
/// not be compared, because the viewer was given the topic afresh meanwhile.
async fn equals_fresh(viewer: &mut Viewer, fresh: &mut Viewer, topic: &str) -> bool {
    fresh.watch(topic).await;
    let snapshot = fresh.copy(topic).clone();
    let place = |viewer: &Viewer| (viewer.copy(topic).epoch, viewer.copy(topic).seq);
    let there = (snapshot.epoch, snapshot.seq);
    viewer.until("the copy is as new as the snapshot", |viewer| place(viewer) >= there).await;
    if place(viewer) != there {
        return false;
    }
    assert_eq!(viewer.copy(topic).data, snapshot.data, "{topic} at {there:?}");
    true
}

/// How many live sessions are open, as the hub's figures tell.
async fn open_sessions(address: SocketAddr) -> u64 {
    let figures = reqwest::get(format!("http://{address}/metrics")).await.unwrap().text().await.unwrap();
    let line = figures.lines().find_map(|line| line.strip_prefix("hub_ws_sessions ")).expect("the figure");
    line.parse().unwrap()
}
