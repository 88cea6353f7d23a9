//! Lost sessions: the will at once, `contact_lost` after the grace time unless the device came back.

use std::collections::HashSet;
use std::time::Duration;

use actors::ports::MqttVersion;

use crate::support::{COUNT, Plant, RawClient, STATE, TOKEN, connect_packet};

const S1: &str = "acme/linz/saw/s1";

#[tokio::test]
async fn a_lost_session_turns_the_machines_it_spoke_for_offline() {
    let plant = Plant::start().await;
    let mut gateway = plant.connect(5, "line", "g").await;
    gateway.publish(COUNT, "{}", 1).await;
    gateway.puback().await;
    let silent = plant.connect(4, "machine", "m").await;
    drop(gateway);
    plant.hub.until("the gateway's machine is lost", |script| script.lost == [S1]).await;
    plant.hub.with(|script| script.lost.clear());
    drop(silent);
    plant.hub.until("a machine that never spoke is lost", |script| script.lost == [S1]).await;
    assert_eq!(plant.endpoint.stats().lost(), 2);
    plant.stop().await;
}

#[tokio::test]
async fn a_clean_disconnect_a_takeover_and_a_return_within_the_grace_are_no_loss() {
    let plant = Plant::start_with(|options| options.offline_grace = Duration::from_secs(2)).await;
    let mut polite = plant.connect(4, "machine", "m").await;
    polite.disconnect().await;
    assert_eq!(polite.packet().await, None);
    let _older = plant.connect(5, "machine", "m").await;
    let newer = plant.connect(5, "machine", "m").await;
    drop(newer);
    plant.until_stats("one loss", |stats| stats.lost() == 1).await;
    let back = plant.connect(5, "machine", "m").await;
    let mut marker = plant.connect(5, "line", "g").await;
    marker.publish("hub/v1/acme/linz/saw/s2/count", "{}", 1).await;
    marker.puback().await;
    drop(marker);
    plant.hub.until("a later loss expired", |script| script.lost == ["acme/linz/saw/s2"]).await;
    drop(back);
    plant.hub.until("the last loss", |script| script.lost.len() == 2).await;
    plant.stop().await;
}

#[tokio::test]
async fn a_lost_session_publishes_its_will_and_a_polite_one_does_not() {
    let plant = Plant::start().await;
    let will = r#"{"state":"offline"}"#;
    for version in [4, 5] {
        for polite in [true, false] {
            let mut client = RawClient::open(plant.address(), version).await;
            client.write(&connect_packet(version, "line", TOKEN, "w", Some((STATE, will)))).await;
            client.packet().await.unwrap();
            if polite {
                client.disconnect().await;
                assert_eq!(client.packet().await, None);
            }
        }
    }
    let mut client = RawClient::open(plant.address(), 5).await;
    client.write(&connect_packet(5, "line", TOKEN, "w", Some((STATE, will)))).await;
    client.packet().await.unwrap();
    client.write(&[0xE0, 1, 0x04]).await;
    plant.hub.until("three wills", |script| script.sent.len() == 3).await;
    assert_eq!(plant.hub.with(|script| script.sent[0].clone()), (STATE.to_owned(), will.to_owned()));
    plant.stop().await;
}

#[tokio::test]
async fn a_session_that_is_alive_is_contact_with_its_machines() {
    let plant = Plant::start_with(|options| options.contact_interval = Duration::from_millis(30)).await;
    let mut device = plant.connect(4, "line", "g").await;
    device.publish(COUNT, "{}", 1).await;
    device.puback().await;
    plant
        .hub
        .until("contact twice", |script| script.contacts.starts_with(&[S1.to_owned(), S1.to_owned()]))
        .await;
    plant.stop().await;
}

#[tokio::test]
async fn a_machine_whose_device_is_connected_is_in_contact_before_it_says_anything() {
    let plant = Plant::start_with(|options| options.contact_interval = Duration::from_millis(30)).await;
    let _device = plant.connect(4, "machine", "q").await;
    plant.hub.until("contact", |script| script.contacts.contains(&S1.to_owned())).await;
    plant.stop().await;
}

#[tokio::test]
async fn silence_beyond_the_keep_alive_is_a_loss() {
    let plant = Plant::start_with(|options| options.max_keep_alive = Duration::from_secs(1)).await;
    let mut device = plant.connect(5, "machine", "m").await;
    let goodbye = device.packet().await.unwrap();
    assert_eq!(goodbye[..3], [0xE0, 2, 0x8D], "keep-alive time-out");
    plant.hub.until("lost", |script| script.lost == [S1]).await;
    plant.stop().await;
}

#[tokio::test]
async fn the_endpoint_knows_who_is_connected_since_when_and_from_where() {
    let plant = Plant::start().await;
    let presence = plant.endpoint.presence();
    let asked = HashSet::from(["line", "machine", "tenant"]);
    assert!(presence.connections(&asked).is_empty());
    let gateway = plant.connect(5, "line", "g").await;
    let mut older = plant.connect(4, "machine", "m").await;
    let there = presence.connections(&asked);
    assert_eq!(there.len(), 2);
    let [session] = there["line"].as_slice() else { panic!("{there:?}") };
    assert_eq!((session.client_id.as_str(), session.protocol), ("g", MqttVersion::V5));
    assert!(session.peer.unwrap().ip().is_loopback());
    assert_eq!(there["machine"][0].protocol, MqttVersion::V311);
    // A takeover is one session, and a newer one.
    let newer = plant.connect(4, "machine", "m").await;
    assert!(older.packet().await.is_none());
    let [session] = &presence.connections(&asked)["machine"][..] else { panic!("two sessions") };
    assert!(session.since >= there["machine"][0].since);
    drop((gateway, newer));
    plant.until_stats("both have left", |_| presence.connections(&asked).is_empty()).await;
    plant.stop().await;
}
