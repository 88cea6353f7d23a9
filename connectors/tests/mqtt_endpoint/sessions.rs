//! CONNECT and the end of sessions: credentials, takeover, wills, the drain.

use std::time::Duration;

use connectors::mqtt::{Drain, RefusalKind};

use crate::support::{COUNT, Plant, RawClient, STATE, TOKEN, connect_packet};

async fn connack_code(plant: &Plant, version: u8, connect: &[u8]) -> u8 {
    let mut client = RawClient::open(plant.address(), version).await;
    client.write(connect).await;
    let connack = client.packet().await.expect("a CONNACK");
    assert_eq!(connack[0], 0x20);
    connack[3]
}

#[tokio::test]
async fn wrong_credentials_are_refused_and_audited() {
    let plant = Plant::start().await;
    for (version, user, token, code) in [
        (4, "line", "wrong", 4),
        (5, "line", "wrong", 0x86),
        (4, "nobody", TOKEN, 4),
        (5, "nobody", TOKEN, 0x86),
        (4, "away", TOKEN, 3),
        (5, "away", TOKEN, 0x88),
    ] {
        let connect = connect_packet(version, user, token, "c", None);
        assert_eq!(connack_code(&plant, version, &connect).await, code, "{version} {user} {token}");
    }
    assert_eq!(plant.endpoint.stats().refused(RefusalKind::Credentials), 4);
    let audited = plant.hub.with(|script| script.refused.clone());
    assert_eq!(audited.len(), 6);
    assert_eq!((audited[0].action, audited[0].code), ("mqtt.connect", "bad_credentials"));
    assert!(audited[0].peer.is_some());
    assert!(!format!("{audited:?}").contains("wrong"), "no token in the audit trail");
    plant.stop().await;
}

#[tokio::test]
async fn a_will_must_be_the_state_of_a_machine_in_scope() {
    let plant = Plant::start().await;
    for (topic, v3, v5) in
        [(STATE, 0, 0), (COUNT, 5, 0x87), ("hub/v1/other/a/b/c/state", 5, 0x87), ("last/will", 5, 0x90)]
    {
        let will = Some((topic, r#"{"state":"offline"}"#));
        assert_eq!(
            connack_code(&plant, 4, &connect_packet(4, "line", TOKEN, "c", will)).await,
            v3,
            "{topic}"
        );
        assert_eq!(
            connack_code(&plant, 5, &connect_packet(5, "line", TOKEN, "c", will)).await,
            v5,
            "{topic}"
        );
    }
    plant.stop().await;
}

#[tokio::test]
async fn the_same_client_id_takes_over_within_its_credential_only() {
    let plant = Plant::start().await;
    let mut first = plant.connect(5, "line", "c1").await;
    let mut stranger = plant.connect(5, "tenant", "c1").await;
    let mut second = plant.connect(5, "line", "c1").await;
    assert_eq!(first.packet().await.unwrap()[..3], [0xE0, 2, 0x8E]);
    assert_eq!(first.packet().await, None);
    for client in [&mut stranger, &mut second] {
        client.publish(COUNT, "{}", 1).await;
        assert_eq!(client.puback().await, Some((1, 0)));
    }
    let mut third = plant.connect(4, "line", "c1").await;
    assert_eq!(second.packet().await.unwrap()[..3], [0xE0, 2, 0x8E]);
    let _fourth = plant.connect(4, "line", "c1").await;
    assert_eq!(third.packet().await, None);
    assert_eq!(plant.endpoint.stats().taken_over(), 3);
    assert_eq!(plant.endpoint.stats().lost(), 0);
    plant.stop().await;
}

#[tokio::test]
async fn an_empty_client_id_gets_one_of_its_own() {
    let plant = Plant::start().await;
    let _first = plant.connect(4, "line", "").await;
    let _second = plant.connect(4, "line", "").await;
    let mut client = RawClient::open(plant.address(), 5).await;
    client.write(&connect_packet(5, "line", TOKEN, "", None)).await;
    let connack = client.packet().await.unwrap();
    assert!(connack.windows(4).any(|bytes| bytes == b"hub-"), "assigned client id in {connack:x?}");
    assert_eq!(plant.endpoint.stats().connections(), 3);
    plant.stop().await;
}

#[tokio::test]
async fn a_stop_finishes_what_was_received_and_says_goodbye() {
    let plant = Plant::start().await;
    plant.hub.with(|script| script.manual = true);
    let mut device = plant.connect(5, "line", "d1").await;
    let mut older = plant.connect(4, "line", "d2").await;
    device.publish(COUNT, "1", 1).await;
    older.publish(COUNT, "2", 2).await;
    plant.hub.until("both placed", |script| script.sent.len() == 2).await;
    let hub = std::sync::Arc::clone(&plant.hub);
    let stopping = tokio::spawn(plant.endpoint.stop(Duration::from_secs(20)));
    assert_eq!(device.packet_soon().await, None, "no goodbye before the commit");
    hub.answer_next(Ok(()));
    hub.answer_next(Ok(()));
    assert_eq!(device.puback().await, Some((1, 0)));
    assert_eq!(device.packet().await.unwrap()[..3], [0xE0, 2, 0x8B]);
    assert_eq!(older.puback().await, Some((2, 0)));
    assert_eq!(older.packet().await, None);
    assert_eq!(stopping.await.unwrap().unwrap(), Drain::Complete);
}

#[tokio::test]
async fn a_stop_does_not_wait_longer_than_its_grace() {
    let plant = Plant::start().await;
    plant.hub.with(|script| script.manual = true);
    let mut device = plant.connect(5, "line", "d1").await;
    device.publish(COUNT, "1", 1).await;
    plant.hub.until("placed", |script| script.sent.len() == 1).await;
    assert_eq!(plant.endpoint.stop(Duration::from_millis(50)).await.unwrap(), Drain::CutOff);
    assert_eq!(device.packet().await, None);
}
