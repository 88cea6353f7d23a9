//! The MQTT publisher against a broker that misbehaves, written with the client library's own codec.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use rumqttc::mqttbytes::v4::{ConnAck, ConnectReturnCode, Packet, PubAck};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::feeds::mqtt_publisher::{MqttPublisher, MqttTarget};
use crate::feeds::replay::{PublishError, Publisher};

const PATIENCE: Duration = Duration::from_secs(20);

async fn listener() -> (TcpListener, MqttTarget) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let target = MqttTarget {
        host: "127.0.0.1".to_owned(),
        port,
        client_id: "replay".to_owned(),
        credentials: Some(("user".to_owned(), "token".to_owned())),
        max_in_flight: 4,
    };
    (listener, target)
}

/// One connection of the broker.
struct Session {
    stream: TcpStream,
    buffer: BytesMut,
}

impl Session {
    async fn accept(listener: &TcpListener, code: ConnectReturnCode) -> Self {
        let (stream, _) = listener.accept().await.unwrap();
        let mut session = Self { stream, buffer: BytesMut::new() };
        let Some(Packet::Connect(connect)) = session.packet().await else { panic!("no CONNECT") };
        assert!(connect.clean_session, "a session of the broker would hide what the ledger keeps");
        let mut answer = BytesMut::new();
        ConnAck::new(code, false).write(&mut answer).unwrap();
        session.stream.write_all(&answer).await.unwrap();
        session
    }

    /// The next packet, or nothing when the client has gone.
    async fn packet(&mut self) -> Option<Packet> {
        loop {
            match Packet::read(&mut self.buffer, 1 << 20) {
                Ok(packet) => return Some(packet),
                Err(_) if self.stream.read_buf(&mut self.buffer).await.unwrap_or(0) > 0 => {}
                Err(_) => return None,
            }
        }
    }

    async fn acknowledge(&mut self, packet_id: u16) {
        let mut answer = BytesMut::new();
        PubAck::new(packet_id).write(&mut answer).unwrap();
        // A client that has gone does not want its acknowledgement.
        let _ = self.stream.write_all(&answer).await;
    }
}

/// Answers at most `acks` publishes of each connection, reads one more without an answer, and hangs up.
async fn forgetful_broker(listener: TcpListener, acks: usize, seen: mpsc::Sender<Bytes>) {
    loop {
        let mut session = Session::accept(&listener, ConnectReturnCode::Success).await;
        let mut left = acks;
        while let Some(packet) = session.packet().await {
            let Packet::Publish(publish) = packet else { continue };
            assert_eq!(publish.topic, "hub/v1/t/s/l/m/count");
            seen.send(publish.payload.clone()).await.unwrap();
            if left == 0 {
                break;
            }
            left -= 1;
            session.acknowledge(publish.pkid).await;
        }
    }
}

#[tokio::test]
async fn every_message_arrives_in_order_though_the_broker_forgets() {
    let (listener, target) = listener().await;
    let (sender, mut receiver) = mpsc::channel(1_000);
    let broker = tokio::spawn(forgetful_broker(listener, 13, sender));
    let publisher = MqttPublisher::start(target);
    let all = async {
        for number in 0..60_u32 {
            publisher
                .publish("hub/v1/t/s/l/m/count".to_owned(), Bytes::from(number.to_string()))
                .await
                .unwrap();
        }
        publisher.drain().await.unwrap();
    };
    tokio::time::timeout(PATIENCE, all).await.unwrap();
    broker.abort();
    let counts = publisher.counts();
    assert_eq!((counts.accepted, counts.acknowledged), (60, 60));
    assert!(counts.connections >= 4 && counts.resent > 0, "{counts:?}");
    let mut first_seen = BTreeMap::new();
    let mut place = 0;
    while let Ok(payload) = receiver.try_recv() {
        let number: u32 = std::str::from_utf8(&payload).unwrap().parse().unwrap();
        first_seen.entry(number).or_insert(place);
        place += 1;
    }
    assert_eq!(first_seen.len(), 60);
    assert!(first_seen.values().is_sorted(), "the first sending of each message keeps the order");
}

#[tokio::test]
async fn no_more_messages_are_taken_than_may_wait() {
    let (listener, target) = listener().await;
    let publisher = MqttPublisher::start(target);
    let mut session = Session::accept(&listener, ConnectReturnCode::Success).await;
    let publish = |n: u8| publisher.publish("hub/v1/t/s/l/m/count".to_owned(), Bytes::from(vec![n]));
    for number in 0..4 {
        publish(number).await.unwrap();
    }
    let mut fifth = Box::pin(publish(4));
    assert!(futures::poll!(&mut fifth).is_pending());
    let Some(Packet::Publish(first)) = session.packet().await else { panic!("no PUBLISH") };
    assert!(futures::poll!(&mut fifth).is_pending());
    session.acknowledge(first.pkid).await;
    tokio::time::timeout(PATIENCE, fifth).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_closed_publisher_takes_leave_after_the_last_acknowledgement() {
    let (listener, target) = listener().await;
    let publisher = MqttPublisher::start(target);
    publisher.publish("hub/v1/t/s/l/m/count".to_owned(), Bytes::from_static(b"{}")).await.unwrap();
    let closing = tokio::spawn(publisher.close());
    let mut session = Session::accept(&listener, ConnectReturnCode::Success).await;
    let Some(Packet::Publish(publish)) = session.packet().await else { panic!("no PUBLISH") };
    assert!(!closing.is_finished());
    session.acknowledge(publish.pkid).await;
    let leave = tokio::time::timeout(PATIENCE, session.packet()).await.unwrap();
    assert_eq!(leave, Some(Packet::Disconnect));
    tokio::time::timeout(PATIENCE, closing).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn a_refused_device_ends_the_publisher_with_the_reason() {
    let (listener, target) = listener().await;
    let publisher = MqttPublisher::start(target);
    publisher.publish("hub/v1/t/s/l/m/count".to_owned(), Bytes::new()).await.unwrap();
    let _session = Session::accept(&listener, ConnectReturnCode::NotAuthorized).await;
    let ended = tokio::time::timeout(PATIENCE, publisher.drain()).await.unwrap();
    assert_eq!(ended, Err(PublishError::Refused("not authorized".to_owned())));
}

#[tokio::test]
async fn a_payload_above_the_limit_is_refused_before_it_can_close_the_connection() {
    let (_listener, target) = listener().await;
    let publisher = MqttPublisher::start(target);
    let payload = Bytes::from(vec![b' '; 256 * 1024 + 1]);
    let refused = publisher.publish("hub/v1/t/s/l/m/count".to_owned(), payload).await;
    assert_eq!(refused, Err(PublishError::TooLarge { bytes: 256 * 1024 + 1 }));
}
