//! What strangers and broken devices send: cut off on a time-out or a limit, nothing else touched.

use std::time::Duration;

use connectors::mqtt::RefusalKind;

use crate::support::{COUNT, Plant, RawClient, TOKEN, connect_packet, packet};

#[tokio::test]
async fn garbage_is_cut_off_and_others_go_on() {
    let plant = Plant::start().await;
    let mut device = plant.connect(5, "line", "d1").await;
    let mut mqisdp = connect_packet(4, "line", TOKEN, "c", None);
    mqisdp[8] = 3;
    let connect = connect_packet(4, "line", TOKEN, "c", None);
    for garbage in [
        b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n".to_vec(),
        vec![0xFF; 64],
        vec![0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0, 4],
        vec![0x30, 5, 0, 1, b'a', b'b', b'c', 0, 0, 0],
        mqisdp,
        packet(0x10, &connect[2..connect.len() - 3]),
    ] {
        let mut stranger = RawClient::open(plant.address(), 4).await;
        stranger.write(&garbage).await;
        assert_eq!(stranger.packet().await, None, "{garbage:x?}");
    }
    for version in [4, 5] {
        for broken in [vec![0xF0, 1, 0], vec![0x32, 2, 0, 9], vec![0x82, 3, 0, 0, 0], vec![0x00, 0x00]] {
            let mut stranger = plant.connect(version, "tenant", "c").await;
            stranger.write(&broken).await;
            stranger.write(&[0; 32]).await;
            while stranger.packet().await.is_some() {}
        }
    }
    device.publish(COUNT, "{}", 1).await;
    assert_eq!(device.puback().await, Some((1, 0)));
    plant.stop().await;
}

#[tokio::test]
async fn a_packet_that_is_too_large_ends_the_connection_before_it_is_read() {
    let plant = Plant::start().await;
    let header = [0x30, 0x80, 0x80, 0x80, 0x05];
    let mut stranger = RawClient::open(plant.address(), 4).await;
    stranger.write(&[0x10, 0x80, 0x80, 0x80, 0x05, 0, 4, b'M', b'Q', b'T', b'T', 4, 2, 0, 60]).await;
    assert_eq!(stranger.packet().await, None);
    let mut device = plant.connect(4, "line", "d1").await;
    device.write(&header).await;
    assert_eq!(device.packet().await, None);
    let mut device = plant.connect(5, "line", "d1").await;
    device.write(&header).await;
    assert_eq!(device.packet().await.unwrap()[..3], [0xE0, 2, 0x95]);
    assert_eq!(plant.endpoint.stats().refused(RefusalKind::Protocol), 2);
    plant.stop().await;
}

#[tokio::test]
async fn the_largest_payload_arrives_whole_in_pieces() {
    for version in [4, 5] {
        let plant = Plant::start().await;
        let mut device = plant.connect(version, "line", "d1").await;
        let payload = "x".repeat(256 * 1024);
        let bytes = device.publish_packet(COUNT, payload.as_bytes(), 7);
        for piece in bytes.chunks(30_000) {
            device.write(piece).await;
            tokio::task::yield_now().await;
        }
        assert_eq!(device.puback().await, Some((7, 0)));
        assert_eq!(plant.hub.payloads(), [payload]);
        plant.stop().await;
    }
}

#[tokio::test]
async fn a_slow_connect_is_cut_off() {
    let plant = Plant::start_with(|options| options.connect_timeout = Duration::from_secs(2)).await;
    let connect = connect_packet(4, "line", TOKEN, "c", None);
    for sent in [0, 1, 9, 20] {
        let mut stranger = RawClient::open(plant.address(), 4).await;
        stranger.write(&connect[..sent]).await;
        assert_eq!(stranger.packet().await, None, "after {sent} bytes");
    }
    plant.stop().await;
}

#[tokio::test]
async fn more_connections_than_allowed_are_refused_until_one_ends() {
    let plant = Plant::start_with(|options| options.max_connections = 2).await;
    let mut first = plant.connect(4, "line", "c1").await;
    let _second = plant.connect(4, "line", "c2").await;
    for (version, code) in [(4, 3), (5, 0x89)] {
        let mut third = RawClient::open(plant.address(), version).await;
        third.write(&connect_packet(version, "line", TOKEN, "c3", None)).await;
        assert_eq!(third.packet().await.unwrap()[3], code);
    }
    first.disconnect().await;
    assert_eq!(first.packet().await, None);
    plant.until_stats("one left", |stats| stats.connections() == 1).await;
    let mut third = RawClient::open(plant.address(), 4).await;
    third.write(&connect_packet(4, "line", TOKEN, "c3", None)).await;
    assert_eq!(third.packet().await.unwrap()[3], 0);
    plant.stop().await;
}

#[tokio::test]
async fn a_v5_client_that_exceeds_its_window_is_cut_off_and_an_older_one_is_held_back() {
    let plant = Plant::start_with(|options| options.receive_maximum = 4).await;
    plant.hub.with(|script| script.manual = true);
    let mut device = plant.connect(5, "line", "d1").await;
    for id in 1..=5 {
        device.publish(COUNT, "{}", id).await;
    }
    assert_eq!(device.packet().await.unwrap()[..3], [0xE0, 2, 0x93]);
    plant.hub.with(|script| script.manual = false);
    (0..4).for_each(|_| plant.hub.answer_next(Ok(())));
    let mut older = plant.connect(4, "line", "d2").await;
    for id in 1..=500 {
        older.publish(COUNT, "{}", id).await;
    }
    for id in 1..=500 {
        assert_eq!(older.puback().await, Some((id, 0)));
    }
    plant.stop().await;
}

#[tokio::test]
async fn a_thousand_idle_connections_are_no_burden() {
    let plant = Plant::start().await;
    let mut clients = Vec::new();
    for number in 0..1_000 {
        clients.push(plant.connect(4 + (number % 2) as u8, "tenant", &format!("c{number}")).await);
    }
    assert_eq!(plant.endpoint.stats().connections(), 1_000);
    let mut device = plant.connect(5, "line", "d1").await;
    device.publish(COUNT, "{}", 1).await;
    assert_eq!(device.puback().await, Some((1, 0)));
    plant.stop().await;
    for client in &mut clients {
        while client.packet().await.is_some() {}
    }
}
