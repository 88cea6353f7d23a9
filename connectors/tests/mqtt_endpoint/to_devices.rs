//! SUBSCRIBE and messages to devices: within the scope, newest retained value first, bounded.

use actors::ports::{DeviceOutbox, OutgoingTopic};
use bytes::Bytes;
use domain::ids::TenantCode;

use crate::support::{Plant, RawClient, parse_publish};

const ANDON: &str = "hub/v1/acme/linz/saw/andon";

fn publish(plant: &Plant, topic: &str, payload: &'static str, retain: bool) {
    let tenant = TenantCode::parse("acme").unwrap();
    let payload = Bytes::from_static(payload.as_bytes());
    plant.outbox.publish(OutgoingTopic { tenant, topic: topic.to_owned(), payload, retain });
}

async fn next(client: &mut RawClient, version: u8) -> (String, String, bool) {
    parse_publish(&client.packet().await.expect("a PUBLISH"), version)
}

#[tokio::test]
async fn a_subscriber_gets_the_newest_value_and_then_every_change() {
    for version in [4, 5] {
        for qos in [0, 1] {
            let plant = Plant::start().await;
            publish(&plant, ANDON, "red", true);
            publish(&plant, ANDON, "green", true);
            let mut device = plant.connect(version, "line", "d1").await;
            device.subscribe("hub/v1/acme/linz/saw/#", qos, 1).await;
            assert_eq!(device.suback().await, qos);
            assert_eq!(next(&mut device, version).await, (ANDON.to_owned(), "green".to_owned(), true));
            publish(&plant, ANDON, "amber", true);
            publish(&plant, "hub/v1/acme/linz/mill/andon", "red", true);
            publish(&plant, "hub/v1/acme/linz/saw/s1/refused", "{}", false);
            assert_eq!(next(&mut device, version).await, (ANDON.to_owned(), "amber".to_owned(), false));
            assert_eq!(next(&mut device, version).await.0, "hub/v1/acme/linz/saw/s1/refused");
            plant.stop().await;
        }
    }
}

#[tokio::test]
async fn filters_outside_the_scope_and_shared_ones_are_refused() {
    let plant = Plant::start().await;
    let refused = [
        ("#", 0x87),
        ("hub/v1/acme/linz/mill/andon", 0x87),
        ("hub/v1/other/#", 0x87),
        ("hub/v1/acme/linz/saw/s1/count", 0x87),
        ("$share/group/hub/v1/acme/linz/saw/andon", 0x9E),
    ];
    for version in [4, 5] {
        let mut device = plant.connect(version, "line", "d1").await;
        for (id, (filter, code)) in (1..).zip(refused) {
            device.subscribe(filter, 1, id).await;
            assert_eq!(device.suback().await, if version == 5 { code } else { 0x80 }, "{filter}");
        }
        device.subscribe(ANDON, 2, 9).await;
        assert_eq!(device.suback().await, 1, "QoS 2 is granted as 1");
    }
    assert_eq!(plant.hub.with(|script| script.refused.len()), 10);
    plant.stop().await;
}

#[tokio::test]
async fn after_unsubscribe_nothing_comes() {
    let plant = Plant::start().await;
    let mut device = plant.connect(4, "line", "d1").await;
    device.subscribe(ANDON, 0, 1).await;
    device.suback().await;
    let mut unsubscribe = vec![0xA2, (4 + ANDON.len()) as u8, 0, 2, 0, ANDON.len() as u8];
    unsubscribe.extend_from_slice(ANDON.as_bytes());
    device.write(&unsubscribe).await;
    assert_eq!(device.packet().await.unwrap()[0], 0xB0);
    publish(&plant, ANDON, "red", true);
    device.subscribe(ANDON, 0, 3).await;
    device.suback().await;
    assert_eq!(next(&mut device, 4).await, (ANDON.to_owned(), "red".to_owned(), true));
    assert_eq!(device.packet_soon().await, None);
    plant.stop().await;
}

#[tokio::test]
async fn a_device_that_does_not_acknowledge_gets_the_newest_value_in_the_end() {
    let plant = Plant::start().await;
    let mut device = plant.connect(4, "line", "d1").await;
    device.subscribe("hub/v1/acme/linz/saw/+/refused", 1, 1).await;
    device.suback().await;
    device.subscribe(ANDON, 1, 2).await;
    device.suback().await;
    for _ in 0..400 {
        publish(&plant, "hub/v1/acme/linz/saw/s1/refused", "{}", false);
    }
    for color in ["red", "amber", "green"] {
        publish(&plant, ANDON, color, true);
    }
    plant.until_stats("the rest is dropped", |stats| stats.deliveries_dropped() >= 100).await;
    let mut andons = Vec::new();
    while andons.is_empty() {
        let bytes = device.packet().await.unwrap();
        let (topic, payload, _) = parse_publish(&bytes, 4);
        if topic == ANDON {
            andons.push(payload);
        }
        let id = 4 + usize::from(u16::from_be_bytes([bytes[2], bytes[3]]));
        device.write(&[0x40, 2, bytes[id], bytes[id + 1]]).await;
    }
    assert_eq!(andons, ["green"]);
    plant.stop().await;
}

#[tokio::test]
async fn a_v5_client_chooses_how_it_gets_retained_values() {
    const NEVER: u8 = 0x20;
    const ONLY_IF_NEW: u8 = 0x10;
    const AS_PUBLISHED: u8 = 0x08;
    let plant = Plant::start().await;
    publish(&plant, ANDON, "red", true);
    let mut device = plant.connect(5, "line", "d1").await;
    device.subscribe(ANDON, NEVER | AS_PUBLISHED | 1, 1).await;
    assert_eq!(device.suback().await, 1);
    device.subscribe(ANDON, ONLY_IF_NEW | AS_PUBLISHED | 1, 2).await;
    assert_eq!(device.suback().await, 1);
    publish(&plant, ANDON, "amber", true);
    assert_eq!(next(&mut device, 5).await, (ANDON.to_owned(), "amber".to_owned(), true));
    let mut other = plant.connect(5, "line", "d2").await;
    other.subscribe(ANDON, ONLY_IF_NEW, 1).await;
    other.suback().await;
    assert_eq!(next(&mut other, 5).await, (ANDON.to_owned(), "amber".to_owned(), true));
    plant.stop().await;
}
