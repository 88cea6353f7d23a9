//! A device that never gives up: it reconnects by itself and sends again what was not acknowledged.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use rumqttc::{AsyncClient, ConnectionError, Event, EventLoop, MqttOptions, Outgoing, Packet, QoS};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::soon;

/// How soon it knocks again.
const BACKOFF: Duration = Duration::from_millis(25);
/// Messages on the way at the same time.
const IN_FLIGHT: usize = 16;

/// What a device logs in with.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Its user name.
    pub username: String,
    /// Its secret.
    pub token: String,
}

/// A device with a connection, or on its way to one. Dropping it closes the socket without DISCONNECT.
pub struct Device {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    ledger: Mutex<Ledger>,
    work: Notify,
}

/// Every message is in exactly one of these.
#[derive(Default)]
struct Ledger {
    /// Not yet given to the client of this connection.
    unsent: VecDeque<Outbound>,
    /// Given to the client, which numbers them in this order.
    handed: VecDeque<Outbound>,
    /// On the way, in the order they were sent.
    numbered: VecDeque<(u16, Outbound)>,
    connections: usize,
}

struct Outbound {
    topic: String,
    payload: String,
    acknowledged: Option<oneshot::Sender<()>>,
}

impl Shared {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap()
    }
}

impl Ledger {
    /// A new connection: what was on the way goes first, in its order.
    fn begin_connection(&mut self) {
        let mut all: VecDeque<_> = self.numbered.drain(..).map(|(_, outbound)| outbound).collect();
        all.extend(self.handed.drain(..));
        all.extend(self.unsent.drain(..));
        self.unsent = all;
    }
}

impl Device {
    /// Begins to connect, with MQTT 3.1.1.
    pub fn connect(address: SocketAddr, credential: &Credential, client_id: &str) -> Self {
        let mut options = MqttOptions::new(client_id, address.ip().to_string(), address.port());
        options.set_credentials(&credential.username, &credential.token);
        options.set_keep_alive(Duration::from_secs(5));
        let shared = Arc::<Shared>::default();
        let task = tokio::spawn(run(options, Arc::clone(&shared)));
        Self { shared, task }
    }

    /// Hands over a message; what is given back completes with its PUBACK, however many connections that takes.
    pub fn send(&self, topic: &str, payload: impl ToString) -> oneshot::Receiver<()> {
        let (sender, acknowledged) = oneshot::channel();
        let (topic, payload) = (topic.to_owned(), payload.to_string());
        self.shared.ledger().unsent.push_back(Outbound { topic, payload, acknowledged: Some(sender) });
        self.shared.work.notify_one();
        acknowledged
    }

    /// Publishes and waits for the PUBACK.
    pub async fn publish(&self, topic: &str, payload: impl ToString) {
        soon("a PUBACK", self.send(topic, payload)).await.unwrap();
    }

    /// How often it was let in.
    pub fn connections(&self) -> usize {
        self.shared.ledger().connections
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(options: MqttOptions, shared: Arc<Shared>) {
    loop {
        shared.ledger().begin_connection();
        let (client, events) = AsyncClient::new(options.clone(), IN_FLIGHT);
        tokio::select! {
            error = poll(events, &shared) => match error {
                ConnectionError::ConnectionRefused(code) => panic!("the hub refuses the device: {code:?}"),
                _ => tokio::time::sleep(BACKOFF).await,
            },
            never = feed(&client, &shared) => match never {},
        }
    }
}

async fn poll(mut events: EventLoop, shared: &Shared) -> ConnectionError {
    loop {
        match events.poll().await {
            Ok(Event::Incoming(Packet::ConnAck(_))) => shared.ledger().connections += 1,
            Ok(Event::Outgoing(Outgoing::Publish(number))) => {
                let mut ledger = shared.ledger();
                let outbound = ledger.handed.pop_front().expect("the client sends what it was given");
                ledger.numbered.push_back((number, outbound));
            }
            Ok(Event::Incoming(Packet::PubAck(ack))) => {
                let mut ledger = shared.ledger();
                let place = ledger.numbered.iter().position(|(number, _)| *number == ack.pkid);
                let (_, mut outbound) =
                    ledger.numbered.remove(place.expect("a PUBACK of what was sent")).unwrap();
                if let Some(acknowledged) = outbound.acknowledged.take() {
                    // Nobody has to wait for it.
                    let _ = acknowledged.send(());
                }
            }
            Ok(_) => {}
            Err(error) => return error,
        }
    }
}

async fn feed(client: &AsyncClient, shared: &Shared) -> Infallible {
    loop {
        let next = {
            let mut ledger = shared.ledger();
            let next = ledger.unsent.pop_front();
            let copy = next.as_ref().map(|outbound| (outbound.topic.clone(), outbound.payload.clone()));
            ledger.handed.extend(next);
            copy
        };
        let Some((topic, payload)) = next else {
            shared.work.notified().await;
            continue;
        };
        if client.publish(topic, QoS::AtLeastOnce, false, payload).await.is_err() {
            return std::future::pending().await;
        }
    }
}
