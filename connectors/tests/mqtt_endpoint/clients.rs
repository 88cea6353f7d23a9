//! Unmodified clients: rumqttc in both versions publishes, subscribes and resumes.

use std::time::Duration;

use actors::ports::{DeviceOutbox, OutgoingTopic};
use bytes::Bytes;
use domain::ids::TenantCode;
use rumqttc::{AsyncClient, Event, Incoming, MqttOptions, QoS};

use crate::support::{COUNT, Plant, TOKEN};

const JOB: &str = "hub/v1/acme/linz/saw/s1/job";

fn publish_job(plant: &Plant) {
    let tenant = TenantCode::parse("acme").unwrap();
    let payload = Bytes::from_static(b"{}");
    plant.outbox.publish(OutgoingTopic { tenant, topic: JOB.to_owned(), payload, retain: true });
}

#[tokio::test]
async fn rumqttc_3_1_1_publishes_and_subscribes() {
    let plant = Plant::start().await;
    publish_job(&plant);
    let mut options = MqttOptions::new("r3", "127.0.0.1", plant.address().port());
    options.set_credentials("line", TOKEN).set_keep_alive(Duration::from_secs(5));
    let (client, mut events) = AsyncClient::new(options, 10);
    client.subscribe(JOB, QoS::AtLeastOnce).await.unwrap();
    for _ in 0..3 {
        client.publish(COUNT, QoS::AtLeastOnce, false, "{}").await.unwrap();
    }
    let (mut acknowledged, mut jobs) = (0, 0);
    while acknowledged < 3 || jobs < 1 {
        match tokio::time::timeout(Duration::from_secs(20), events.poll()).await.unwrap().unwrap() {
            Event::Incoming(Incoming::PubAck(_)) => acknowledged += 1,
            Event::Incoming(Incoming::Publish(publish)) => {
                assert!(publish.retain && publish.topic == JOB);
                jobs += 1;
            }
            _ => {}
        }
    }
    plant.stop().await;
}

#[tokio::test]
async fn rumqttc_5_publishes_and_subscribes() {
    use rumqttc::v5::mqttbytes::{QoS, v5::Packet};
    use rumqttc::v5::{AsyncClient, Event, MqttOptions};

    let plant = Plant::start().await;
    publish_job(&plant);
    let mut options = MqttOptions::new("r5", "127.0.0.1", plant.address().port());
    options.set_credentials("line", TOKEN).set_keep_alive(Duration::from_secs(5));
    let (client, mut events) = AsyncClient::new(options, 10);
    client.subscribe(JOB, QoS::AtLeastOnce).await.unwrap();
    for _ in 0..3 {
        client.publish(COUNT, QoS::AtLeastOnce, false, "{}").await.unwrap();
    }
    let (mut acknowledged, mut jobs) = (0, 0);
    while acknowledged < 3 || jobs < 1 {
        match tokio::time::timeout(Duration::from_secs(20), events.poll()).await.unwrap().unwrap() {
            Event::Incoming(Packet::PubAck(_)) => acknowledged += 1,
            Event::Incoming(Packet::Publish(publish)) => {
                assert!(publish.retain && publish.topic == JOB);
                jobs += 1;
            }
            _ => {}
        }
    }
    plant.stop().await;
}
