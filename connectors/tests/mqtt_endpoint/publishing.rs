//! PUBLISH: acknowledged after the commit, in order, refused by identity and grammar.

use std::time::Duration;

use connectors::mqtt::{RefusalKind, Withheld};

use crate::support::{COUNT, Plant, packet};

#[tokio::test]
async fn an_acknowledgement_waits_for_the_commit_and_ping_does_not() {
    for version in [4, 5] {
        let plant = Plant::start().await;
        plant.hub.with(|script| script.manual = true);
        let mut device = plant.connect(version, "line", "d1").await;
        device.publish(COUNT, "one", 1).await;
        plant.hub.until("message placed", |script| script.sent.len() == 1).await;
        device.write(&[0xC0, 0]).await;
        assert_eq!(device.packet().await.unwrap(), [0xD0, 0], "PINGRESP before the PUBACK");
        assert_eq!(device.packet_soon().await, None, "nothing before the commit");
        plant.hub.answer_next(Ok(()));
        assert_eq!(device.puback().await, Some((1, 0)));
        plant.stop().await;
    }
}

#[tokio::test]
async fn messages_keep_their_order_while_the_mailbox_is_full_and_acknowledgements_too() {
    for version in [4, 5] {
        let plant = Plant::start().await;
        plant.hub.mailbox.forget_permits(100_000);
        let mut device = plant.connect(version, "line", "d1").await;
        for id in 1..=200_u16 {
            let room = 60;
            if id > room {
                plant.hub.mailbox.add_permits(1);
                assert_eq!(device.puback().await, Some((id - room, 0)));
            }
            device.publish(COUNT, &id.to_string(), id).await;
        }
        plant.hub.mailbox.add_permits(60);
        for id in 141..=200 {
            assert_eq!(device.puback().await, Some((id, 0)));
        }
        let expected: Vec<String> = (1..=200).map(|id| id.to_string()).collect();
        assert_eq!(plant.hub.payloads(), expected);
        plant.stop().await;
    }
}

#[tokio::test]
async fn what_cannot_be_placed_is_tried_again_in_order() {
    let plant = Plant::start().await;
    plant.hub.with(|script| script.unavailable = 3);
    let mut device = plant.connect(5, "line", "d1").await;
    for id in 1..=5 {
        device.publish(COUNT, &id.to_string(), id).await;
    }
    for id in 1..=5 {
        assert_eq!(device.puback().await, Some((id, 0)));
    }
    assert_eq!(plant.hub.payloads(), ["1", "2", "3", "4", "5"]);
    assert_eq!(plant.endpoint.stats().placements_retried(), 3);
    plant.stop().await;
}

#[tokio::test]
async fn what_was_not_committed_is_placed_again_before_anything_newer() {
    let plant = Plant::start().await;
    plant.hub.with(|script| script.manual = true);
    let mut device = plant.connect(4, "line", "d1").await;
    for id in 1..=3 {
        device.publish(COUNT, &id.to_string(), id).await;
    }
    plant.hub.until("three placed", |script| script.sent.len() == 3).await;
    let away = Withheld::Unavailable { retry_after: Duration::ZERO };
    (0..3).for_each(|_| plant.hub.answer_next(Err(away.clone())));
    plant.until_stats("all withheld", |stats| stats.placements_retried() == 3).await;
    device.publish(COUNT, "4", 4).await;
    plant.hub.until("all placed again", |script| script.sent.len() == 7).await;
    assert_eq!(plant.hub.payloads(), ["1", "2", "3", "1", "2", "3", "4"]);
    (0..4).for_each(|_| plant.hub.answer_next(Ok(())));
    for id in 1..=4 {
        assert_eq!(device.puback().await, Some((id, 0)));
    }
    plant.stop().await;
}

#[tokio::test]
async fn topics_outside_the_grammar_or_scope_are_refused_and_the_session_goes_on() {
    let refused = [
        ("hub/v1/acme/linz/+/s1/count", 0x90),
        ("hub/v1/acme/#", 0x90),
        ("$SYS/broker", 0x90),
        ("hub/v1/acme/linz/saw//count", 0x90),
        ("hub/v1/acme/linz/../s1/count", 0x90),
        ("hub/v1/acme/linz/saw/s1/count\0", 0x90),
        ("hub/v1/other/linz/saw/s1/count", 0x87),
        ("hub/v1/acme/linz/mill/m1/count", 0x87),
    ];
    for version in [4, 5] {
        let plant = Plant::start().await;
        let mut device = plant.connect(version, "line", "d1").await;
        for (id, (topic, code)) in (1..).zip(refused) {
            device.publish(topic, "{}", id).await;
            let expected = if version == 5 { code } else { 0 };
            assert_eq!(device.puback().await, Some((id, expected)), "{topic}");
        }
        device.publish(COUNT, "bad", 100).await;
        assert_eq!(device.puback().await, Some((100, 0)), "a bad payload is acknowledged");
        let stats = plant.endpoint.stats();
        assert_eq!(stats.refused(RefusalKind::Topic), 6);
        assert_eq!(stats.refused(RefusalKind::Scope), 2);
        assert_eq!(stats.refused(RefusalKind::Payload), 1);
        let audited = plant.hub.with(|script| script.refused.clone());
        assert_eq!(audited.iter().filter(|refusal| refusal.code == "invalid_topic").count(), 6);
        assert_eq!(audited.iter().filter(|refusal| refusal.code == "out_of_scope").count(), 2);
        assert!(audited.iter().all(|refusal| refusal.action == "mqtt.publish"));
        plant.stop().await;
    }
}

#[tokio::test]
async fn a_quarantined_line_is_refused_in_5_and_closes_the_connection_in_3_1_1() {
    let plant = Plant::start().await;
    plant.hub.with(|script| script.quarantined = true);
    let mut device = plant.connect(5, "line", "d1").await;
    device.publish(COUNT, "{}", 1).await;
    assert_eq!(device.puback().await, Some((1, 0x83)));
    let mut older = plant.connect(4, "line", "d2").await;
    older.publish(COUNT, "{}", 1).await;
    assert_eq!(older.packet().await, None, "closed without an acknowledgement");
    plant.stop().await;
}

#[tokio::test]
async fn quality_of_service_0_is_taken_even_right_before_disconnect_and_2_is_refused() {
    for version in [4, 5] {
        let plant = Plant::start().await;
        let mut device = plant.connect(version, "line", "d1").await;
        let mut bytes = device.publish_packet(COUNT, b"last", 0);
        bytes.extend_from_slice(&[0xE0, 0]);
        device.write(&bytes).await;
        plant.hub.until("placed", |script| script.sent.len() == 1).await;
        let mut device = plant.connect(version, "line", "d2").await;
        let mut twice = device.publish_packet(COUNT, b"{}", 1);
        twice[0] = 0x34;
        device.write(&twice).await;
        match version {
            5 => assert_eq!(device.packet().await.unwrap()[..3], [0xE0, 2, 0x9B]),
            _ => assert_eq!(device.packet().await, None),
        }
        plant.stop().await;
    }
}

#[tokio::test]
async fn a_message_sent_again_on_the_same_connection_is_acknowledged_once() {
    for version in [4, 5] {
        let plant = Plant::start().await;
        plant.hub.with(|script| script.manual = true);
        let mut device = plant.connect(version, "line", "d1").await;
        device.publish(COUNT, "one", 1).await;
        let mut again = device.publish_packet(COUNT, b"one", 1);
        again[0] |= 0x08;
        device.write(&again).await;
        device.write(&[0xC0, 0]).await;
        assert_eq!(device.packet().await.unwrap()[0], 0xD0);
        plant.hub.until("placed once", |script| script.sent.len() == 1).await;
        plant.hub.answer_next(Ok(()));
        assert_eq!(device.puback().await, Some((1, 0)));
        assert_eq!(plant.hub.payloads(), ["one"]);
        plant.stop().await;
    }
}

#[tokio::test]
async fn an_alias_stands_for_its_topic() {
    let plant = Plant::start().await;
    let mut device = plant.connect(5, "line", "d1").await;
    let alias = [3, 0x23, 0, 1];
    for (id, topic) in [(1_u8, COUNT), (2, ""), (3, "")] {
        let mut body = (topic.len() as u16).to_be_bytes().to_vec();
        body.extend_from_slice(topic.as_bytes());
        body.extend_from_slice(&[0, id]);
        body.extend_from_slice(&alias);
        body.extend_from_slice(b"{}");
        device.write(&packet(0x32, &body)).await;
        assert_eq!(device.puback().await, Some((u16::from(id), 0)));
    }
    plant
        .hub
        .until("all under the topic", |script| {
            script.sent.len() == 3 && script.sent.iter().all(|(topic, _)| topic == COUNT)
        })
        .await;
    plant.stop().await;
}

#[tokio::test]
async fn what_a_lost_device_will_send_again_is_not_placed_behind_its_back() {
    let plant = Plant::start().await;
    plant.hub.mailbox.forget_permits(100_000);
    let mut device = plant.connect(4, "line", "d1").await;
    for id in 1..=3 {
        device.publish(COUNT, &id.to_string(), id).await;
    }
    plant.until_stats("received", |stats| stats.in_flight() == 3).await;
    drop(device);
    plant.until_stats("given up", |stats| stats.unfinished() == 2).await;
    plant.hub.mailbox.add_permits(3);
    plant.until_stats("nothing is left", |stats| stats.in_flight() == 0).await;
    assert_eq!(plant.hub.payloads(), ["1"], "only what the mailbox was already waiting for");
    plant.stop().await;
}
