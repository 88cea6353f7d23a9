//! Publishes over MQTT 3.1.1 with QoS 1 and keeps every message until its PUBACK, across lost connections.
//!
//! The client library forgets what is unacknowledged when the broker has no session, so each connection
//! here is a new client, and what is not acknowledged is sent again in its order; ids make that harmless.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::convert::Infallible;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use rumqttc::{
    AsyncClient, ConnectReturnCode, ConnectionError, Event, EventLoop, MqttOptions, Outgoing, Packet, QoS,
};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;

use super::replay::{PublishError, Publisher};

/// First wait after a lost connection; it doubles up to [`MAX_BACKOFF`].
const MIN_BACKOFF: Duration = Duration::from_millis(100);
/// Longest wait between two attempts to connect.
const MAX_BACKOFF: Duration = Duration::from_secs(10);
/// How long a publisher tries to take leave of its broker.
const LEAVE_PATIENCE: Duration = Duration::from_secs(2);
/// Largest payload the hub accepts; a larger one would close the connection, again and again.
const MAX_PAYLOAD_BYTES: usize = 256 * 1024;
/// Largest packet in either direction: that payload and room for the topic.
const MAX_PACKET_BYTES: usize = 260 * 1024;

/// How a publisher connects.
#[derive(Clone)]
pub struct MqttTarget {
    /// Name or address of the broker.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The session's name.
    pub client_id: String,
    /// User name and token.
    pub credentials: Option<(String, String)>,
    /// Most messages that may wait for their PUBACK.
    pub max_in_flight: u16,
}

impl std::fmt::Debug for MqttTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MqttTarget")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("client_id", &self.client_id)
            .field("user", &self.credentials.as_ref().map(|(user, _)| user))
            .field("max_in_flight", &self.max_in_flight)
            .finish()
    }
}

impl MqttTarget {
    fn options(&self) -> MqttOptions {
        let mut options = MqttOptions::new(&self.client_id, &self.host, self.port);
        options.set_keep_alive(Duration::from_secs(20)).set_inflight(self.max_in_flight.max(1));
        options.set_max_packet_size(MAX_PACKET_BYTES, MAX_PACKET_BYTES);
        if let Some((user, token)) = &self.credentials {
            options.set_credentials(user, token);
        }
        options
    }
}

/// Counts since the publisher was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PublisherCounts {
    /// Messages taken over.
    pub accepted: u64,
    /// Messages with their PUBACK.
    pub acknowledged: u64,
    /// Messages sent again after a lost connection.
    pub resent: u64,
    /// Connections that were accepted.
    pub connections: u64,
}

/// A publisher with one connection. Dropping it drops the connection, which the broker takes for a device
/// that was lost; [`Self::close`] takes leave.
pub struct MqttPublisher {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl MqttPublisher {
    /// Starts to connect at once; must be called inside a Tokio runtime.
    pub fn start(target: MqttTarget) -> Self {
        let shared = Arc::new(Shared {
            permits: Semaphore::new(usize::from(target.max_in_flight.max(1))),
            max_in_flight: u32::from(target.max_in_flight.max(1)),
            ledger: Mutex::new(Ledger::default()),
            work: Notify::new(),
        });
        let task = tokio::spawn(run(target, Arc::clone(&shared)));
        Self { shared, task }
    }

    /// Waits for the last acknowledgement and disconnects.
    pub async fn close(mut self) -> Result<(), PublishError> {
        self.drain().await?;
        self.shared.ledger().closing = true;
        self.shared.work.notify_one();
        if tokio::time::timeout(LEAVE_PATIENCE, &mut self.task).await.is_err() {
            tracing::debug!("publisher left without a DISCONNECT: the broker is away");
        }
        Ok(())
    }

    /// What happened so far.
    pub fn counts(&self) -> PublisherCounts {
        self.shared.ledger().counts
    }
}

impl Drop for MqttPublisher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[async_trait]
impl Publisher for MqttPublisher {
    async fn publish(&self, topic: String, payload: Bytes) -> Result<(), PublishError> {
        if payload.len() > MAX_PAYLOAD_BYTES {
            return Err(PublishError::TooLarge { bytes: payload.len() });
        }
        let permit = self.shared.permits.acquire().await.map_err(|_| self.shared.end())?;
        // The permit comes back with the PUBACK.
        permit.forget();
        self.shared.ledger().accept(Outbound { topic, payload });
        self.shared.work.notify_one();
        Ok(())
    }

    async fn drain(&self) -> Result<(), PublishError> {
        let all = self.shared.permits.acquire_many(self.shared.max_in_flight).await;
        all.map(drop).map_err(|_| self.shared.end())
    }
}

struct Shared {
    /// One for each message that may still be taken over; closed when the broker refuses the device.
    permits: Semaphore,
    max_in_flight: u32,
    ledger: Mutex<Ledger>,
    work: Notify,
}

impl Shared {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) -> PublishError {
        self.ledger().refused.clone().map_or(PublishError::Closed, PublishError::Refused)
    }
}

#[derive(Debug, Clone)]
struct Outbound {
    topic: String,
    payload: Bytes,
}

/// Which messages wait for what; numbers are the order in which they were taken over.
#[derive(Default)]
struct Ledger {
    next: u64,
    unacknowledged: BTreeMap<u64, Outbound>,
    /// Not yet given to this connection's client.
    unsent: VecDeque<u64>,
    /// Given to the client, without a packet id yet; the client keeps this order.
    handed: VecDeque<u64>,
    by_packet_id: HashMap<u16, u64>,
    refused: Option<String>,
    /// Nothing more comes; disconnect.
    closing: bool,
    counts: PublisherCounts,
}

impl Ledger {
    fn accept(&mut self, message: Outbound) {
        self.unacknowledged.insert(self.next, message);
        self.unsent.push_back(self.next);
        self.next += 1;
        self.counts.accepted += 1;
    }

    fn hand_over(&mut self) -> Option<Outbound> {
        let number = self.unsent.pop_front()?;
        self.handed.push_back(number);
        self.unacknowledged.get(&number).cloned()
    }

    fn sent(&mut self, packet_id: u16) {
        if let Some(number) = self.handed.pop_front() {
            self.by_packet_id.insert(packet_id, number);
        }
    }

    /// Whether a message has become free by this.
    fn acknowledged(&mut self, packet_id: u16) -> bool {
        let number = self.by_packet_id.remove(&packet_id);
        let known = number.and_then(|number| self.unacknowledged.remove(&number)).is_some();
        self.counts.acknowledged += u64::from(known);
        known
    }

    /// A new connection begins: everything unacknowledged is unsent, in its first order.
    fn begin_connection(&mut self) {
        self.counts.resent += self.by_packet_id.len() as u64;
        self.by_packet_id.clear();
        self.handed.clear();
        self.unsent = self.unacknowledged.keys().copied().collect();
    }
}

async fn run(target: MqttTarget, shared: Arc<Shared>) {
    let mut backoff = MIN_BACKOFF;
    loop {
        shared.ledger().begin_connection();
        let (client, events) = AsyncClient::new(target.options(), usize::from(target.max_in_flight.max(1)));
        let connections = shared.ledger().counts.connections;
        let ended = tokio::select! {
            ended = poll(events, &shared) => ended,
            never = feed(&client, &shared) => match never {},
        };
        let Err(error) = ended else { return };
        if let Some(reason) = refusal(&error) {
            tracing::error!(host = %target.host, port = target.port, %reason, "broker refused the publisher");
            shared.ledger().refused = Some(reason);
            shared.permits.close();
            return;
        }
        if shared.ledger().counts.connections > connections {
            backoff = MIN_BACKOFF;
        }
        let waiting = backoff.mul_f64(rand::random_range(0.5..1.0));
        tracing::warn!(
            host = %target.host, port = target.port, %error, retry_in_ms = waiting.as_millis() as u64,
            unacknowledged = shared.ledger().unacknowledged.len(), "publisher lost its broker"
        );
        tokio::time::sleep(waiting).await;
        backoff = (backoff * 2).min(MAX_BACKOFF);
    }
}

/// Drives one connection until it has taken leave or fails.
async fn poll(mut events: EventLoop, shared: &Shared) -> Result<(), ConnectionError> {
    loop {
        match events.poll().await {
            Ok(Event::Incoming(Packet::ConnAck(_))) => shared.ledger().counts.connections += 1,
            Ok(Event::Outgoing(Outgoing::Publish(packet_id))) => shared.ledger().sent(packet_id),
            Ok(Event::Incoming(Packet::PubAck(ack))) => {
                if shared.ledger().acknowledged(ack.pkid) {
                    shared.permits.add_permits(1);
                }
            }
            Ok(Event::Outgoing(Outgoing::Disconnect)) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Gives the client what is unsent, and takes leave when nothing more comes. It never ends by itself:
/// the end of the client is the end of [`poll`].
async fn feed(client: &AsyncClient, shared: &Shared) -> Infallible {
    loop {
        let (next, closing) = {
            let mut ledger = shared.ledger();
            (ledger.hand_over(), ledger.closing)
        };
        match next {
            Some(message) => {
                let Outbound { topic, payload } = message;
                if client.publish_bytes(topic, QoS::AtLeastOnce, false, payload).await.is_err() {
                    return pending().await;
                }
            }
            None if closing => {
                // A client that has ended needs no leave, and poll reports its end.
                let _ = client.disconnect().await;
                return pending().await;
            }
            None => shared.work.notified().await,
        }
    }
}

/// Only a refusal of the device itself is final; a broker that is not ready is tried again.
fn refusal(error: &ConnectionError) -> Option<String> {
    let ConnectionError::ConnectionRefused(code) = error else { return None };
    match code {
        ConnectReturnCode::BadUserNamePassword => Some("bad user name or password".to_owned()),
        ConnectReturnCode::NotAuthorized => Some("not authorized".to_owned()),
        ConnectReturnCode::BadClientId => Some("client id refused".to_owned()),
        _ => None,
    }
}
