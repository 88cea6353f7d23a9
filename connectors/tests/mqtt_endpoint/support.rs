//! A scripted hub behind a real endpoint on a free port, and clients with methods named after what devices do.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actors::clock::SystemClock;
use bytes::Bytes;
use connectors::mqtt::{
    AccessRefusal, BoxFuture, Device, Drain, Ingress, IngressUnavailable, ItemOutcome, MachineAddress,
    MqttDeps, MqttEndpoint, MqttOptions, MqttOutbox, Pending, Sender, Withheld,
};
use domain::wire::topic::DeviceTopic;
use domain::{Code, Rejection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot, watch};

pub(crate) const TOKEN: &str = "secret";
pub(crate) const COUNT: &str = "hub/v1/acme/linz/saw/s1/count";
pub(crate) const STATE: &str = "hub/v1/acme/linz/saw/s1/state";
/// Longer than anything here takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the scripted hub saw and was told to do.
#[derive(Default)]
pub(crate) struct Script {
    /// Topic and payload of every message in the order they were sent to the hub.
    pub(crate) sent: Vec<(String, String)>,
    /// Commits wait for the test.
    pub(crate) manual: bool,
    /// So many placements answer that the hub is not available.
    pub(crate) unavailable: usize,
    /// Lines are quarantined.
    pub(crate) quarantined: bool,
    pub(crate) lost: Vec<String>,
    pub(crate) contacts: Vec<String>,
    pub(crate) refused: Vec<AccessRefusal>,
    waiting: VecDeque<oneshot::Sender<Result<(), Withheld>>>,
}

/// A hub that does what the test says.
pub(crate) struct ScriptedHub {
    script: Mutex<Script>,
    changed: watch::Sender<u64>,
    pub(crate) mailbox: Semaphore,
    credentials: HashMap<&'static str, &'static str>,
}

impl ScriptedHub {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            script: Mutex::default(),
            changed: watch::Sender::new(0),
            mailbox: Semaphore::new(100_000),
            credentials: HashMap::from([
                ("tenant", "acme"),
                ("line", "acme/linz/saw"),
                ("machine", "acme/linz/saw/s1"),
                ("other", "other"),
            ]),
        })
    }

    pub(crate) fn with<T>(&self, use_script: impl FnOnce(&mut Script) -> T) -> T {
        let result = use_script(&mut self.script.lock().unwrap());
        self.changed.send_modify(|version| *version += 1);
        result
    }

    /// Waits until the script fulfils a condition.
    pub(crate) async fn until(&self, what: &str, condition: impl Fn(&Script) -> bool) {
        let mut changed = self.changed.subscribe();
        let fulfilled = async {
            while !condition(&self.script.lock().unwrap()) {
                changed.changed().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, fulfilled).await.unwrap_or_else(|_| panic!("never: {what}"));
    }

    /// Commits the oldest message that waits, or withholds it.
    pub(crate) fn answer_next(&self, answer: Result<(), Withheld>) {
        let waiting = self.with(|script| script.waiting.pop_front()).expect("a message waits for its commit");
        let _ = waiting.send(answer);
    }

    pub(crate) fn payloads(&self) -> Vec<String> {
        self.with(|script| script.sent.iter().map(|(_, payload)| payload.clone()).collect())
    }
}

struct ScriptedPending {
    outcome: ItemOutcome,
    committed: Option<oneshot::Receiver<Result<(), Withheld>>>,
}

impl Pending for ScriptedPending {
    fn outcome(self: Box<Self>) -> BoxFuture<'static, Result<Vec<ItemOutcome>, Withheld>> {
        Box::pin(async move {
            if let Some(committed) = self.committed {
                committed.await.unwrap_or(Ok(()))?;
            }
            Ok(vec![self.outcome])
        })
    }
}

fn judge(sender: &Sender, topic: &str, payload: &[u8]) -> ItemOutcome {
    match DeviceTopic::parse(topic) {
        Err(rejection) => ItemOutcome::Refused(rejection),
        Ok(parsed) if !sender.device.scope.covers(&parsed) => {
            ItemOutcome::Refused(Rejection::new(Code::OutOfScope, None, "outside the scope"))
        }
        Ok(_) if payload == b"bad" => {
            ItemOutcome::Refused(Rejection::new(Code::InvalidJson, None, "not JSON"))
        }
        Ok(_) => ItemOutcome::Accepted,
    }
}

impl Ingress for ScriptedHub {
    fn authenticate<'a>(
        &'a self,
        username: &'a str,
        token: &'a str,
    ) -> BoxFuture<'a, Result<Option<Device>, IngressUnavailable>> {
        let scope = self.credentials.get(username).filter(|_| token == TOKEN);
        let device =
            scope.map(|scope| Device { username: username.to_owned(), scope: scope.parse().unwrap() });
        Box::pin(async move { if username == "away" { Err(IngressUnavailable) } else { Ok(device) } })
    }

    fn send<'a>(
        &'a self,
        sender: &'a Sender,
        topic: &'a str,
        payload: Bytes,
    ) -> BoxFuture<'a, Result<Box<dyn Pending>, Withheld>> {
        Box::pin(async move {
            self.mailbox.acquire().await.unwrap().forget();
            self.with(|script| {
                if script.quarantined {
                    let rejection = Rejection::new(Code::LineQuarantined, None, "quarantined");
                    return Err(Withheld::Quarantined(rejection));
                }
                if script.unavailable > 0 {
                    script.unavailable -= 1;
                    return Err(Withheld::Unavailable { retry_after: Duration::from_millis(1) });
                }
                script.sent.push((topic.to_owned(), String::from_utf8_lossy(&payload).into_owned()));
                let committed = script.manual.then(|| {
                    let (sender, receiver) = oneshot::channel();
                    script.waiting.push_back(sender);
                    receiver
                });
                let outcome = judge(sender, topic, &payload);
                Ok(Box::new(ScriptedPending { outcome, committed }) as Box<dyn Pending>)
            })
        })
    }

    fn contact_lost<'a>(&'a self, machine: &'a MachineAddress) -> BoxFuture<'a, ()> {
        Box::pin(async move { self.with(|script| script.lost.push(machine.to_string())) })
    }

    fn contact(&self, machine: &MachineAddress) {
        self.with(|script| script.contacts.push(machine.to_string()));
    }

    fn refused(&self, refusal: AccessRefusal) {
        self.with(|script| script.refused.push(refusal));
    }
}

/// A running endpoint and the hub behind it.
pub(crate) struct Plant {
    pub(crate) hub: Arc<ScriptedHub>,
    pub(crate) outbox: Arc<MqttOutbox>,
    pub(crate) endpoint: MqttEndpoint,
}

impl Plant {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(adjust: impl FnOnce(&mut MqttOptions)) -> Self {
        let mut options = MqttOptions {
            listen: "127.0.0.1:0".parse().unwrap(),
            offline_grace: Duration::from_millis(100),
            ..MqttOptions::default()
        };
        adjust(&mut options);
        let (hub, outbox) = (ScriptedHub::new(), MqttOutbox::new());
        let ingress = Arc::clone(&hub) as Arc<dyn Ingress>;
        let clock = Arc::new(SystemClock);
        let deps = MqttDeps { ingress, outbox: Arc::clone(&outbox), clock, runtime: Handle::current() };
        let endpoint = MqttEndpoint::start(options, deps).await.unwrap();
        Self { hub, outbox, endpoint }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.endpoint.local_addr()
    }

    pub(crate) async fn stop(self) {
        assert_eq!(self.endpoint.stop(PATIENCE).await.unwrap(), Drain::Complete);
    }

    /// Waits until a number of the endpoint's statistics fulfils a condition.
    pub(crate) async fn until_stats(&self, what: &str, condition: impl Fn(&connectors::mqtt::Stats) -> bool) {
        let fulfilled = async {
            while !condition(self.endpoint.stats()) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, fulfilled).await.unwrap_or_else(|_| panic!("never: {what}"));
    }

    /// A session with raw packets in version 4 (3.1.1) or 5.
    pub(crate) async fn connect(&self, version: u8, user: &str, client_id: &str) -> RawClient {
        let mut client = RawClient::open(self.address(), version).await;
        client.write(&connect_packet(version, user, TOKEN, client_id, None)).await;
        let connack = client.packet().await.expect("a CONNACK");
        assert_eq!((connack[0], connack[3]), (0x20, 0), "CONNACK {connack:x?}");
        client
    }
}

fn text(bytes: &mut Vec<u8>, text: &[u8]) {
    bytes.extend_from_slice(&(text.len() as u16).to_be_bytes());
    bytes.extend_from_slice(text);
}

pub(crate) fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    let mut length = body.len();
    loop {
        let more = length > 127;
        bytes.push((length % 128) as u8 | if more { 0x80 } else { 0 });
        length /= 128;
        if !more {
            break;
        }
    }
    bytes.extend_from_slice(body);
    bytes
}

/// CONNECT with keep-alive 60 and a clean start; a will has topic and payload.
pub(crate) fn connect_packet(
    version: u8,
    user: &str,
    token: &str,
    client_id: &str,
    will: Option<(&str, &str)>,
) -> Vec<u8> {
    let mut body = Vec::new();
    text(&mut body, b"MQTT");
    body.extend_from_slice(&[version, 0xC2 | if will.is_some() { 0x0C } else { 0 }, 0, 60]);
    if version == 5 {
        body.push(0);
    }
    text(&mut body, client_id.as_bytes());
    if let Some((topic, payload)) = will {
        if version == 5 {
            body.push(0);
        }
        text(&mut body, topic.as_bytes());
        text(&mut body, payload.as_bytes());
    }
    text(&mut body, user.as_bytes());
    text(&mut body, token.as_bytes());
    packet(0x10, &body)
}

/// A client that writes and reads packets byte by byte.
pub(crate) struct RawClient {
    stream: TcpStream,
    version: u8,
}

impl RawClient {
    pub(crate) async fn open(address: SocketAddr, version: u8) -> Self {
        Self { stream: TcpStream::connect(address).await.unwrap(), version }
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// The next packet; `None`: the connection was closed.
    pub(crate) async fn packet(&mut self) -> Option<Vec<u8>> {
        tokio::time::timeout(PATIENCE, self.read_packet()).await.expect("a packet or the end")
    }

    /// The next packet if it comes within a short time.
    pub(crate) async fn packet_soon(&mut self) -> Option<Vec<u8>> {
        tokio::time::timeout(Duration::from_millis(150), self.read_packet()).await.ok().flatten()
    }

    async fn read_packet(&mut self) -> Option<Vec<u8>> {
        let mut bytes = vec![self.stream.read_u8().await.ok()?];
        let (mut length, mut shift) = (0_usize, 0);
        loop {
            let byte = self.stream.read_u8().await.ok()?;
            bytes.push(byte);
            length |= usize::from(byte & 0x7F) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let start = bytes.len();
        bytes.resize(start + length, 0);
        self.stream.read_exact(&mut bytes[start..]).await.ok()?;
        Some(bytes)
    }

    /// Publishes; id 0 is QoS 0.
    pub(crate) async fn publish(&mut self, topic: &str, payload: &str, id: u16) {
        let bytes = self.publish_packet(topic, payload.as_bytes(), id);
        self.write(&bytes).await;
    }

    pub(crate) fn publish_packet(&self, topic: &str, payload: &[u8], id: u16) -> Vec<u8> {
        let mut body = Vec::new();
        text(&mut body, topic.as_bytes());
        if id > 0 {
            body.extend_from_slice(&id.to_be_bytes());
        }
        if self.version == 5 {
            body.push(0);
        }
        body.extend_from_slice(payload);
        packet(if id > 0 { 0x32 } else { 0x30 }, &body)
    }

    pub(crate) async fn subscribe(&mut self, filter: &str, qos: u8, id: u16) {
        let mut body = id.to_be_bytes().to_vec();
        if self.version == 5 {
            body.push(0);
        }
        text(&mut body, filter.as_bytes());
        body.push(qos);
        self.write(&packet(0x82, &body)).await;
    }

    /// Reads a PUBACK: its id and reason code (0 where there is none).
    pub(crate) async fn puback(&mut self) -> Option<(u16, u8)> {
        let packet = self.packet().await?;
        assert_eq!(packet[0], 0x40, "PUBACK {packet:x?}");
        let id = u16::from_be_bytes([packet[2], packet[3]]);
        Some((id, packet.get(4).copied().unwrap_or(0)))
    }

    /// Reads the last byte of a SUBACK: the reason code of its only filter.
    pub(crate) async fn suback(&mut self) -> u8 {
        let packet = self.packet().await.expect("a SUBACK");
        assert_eq!(packet[0], 0x90, "SUBACK {packet:x?}");
        packet[packet.len() - 1]
    }

    pub(crate) async fn disconnect(&mut self) {
        self.write(&[0xE0, 0]).await;
    }
}

/// The topic and payload of a PUBLISH and whether it was retained.
pub(crate) fn parse_publish(bytes: &[u8], version: u8) -> (String, String, bool) {
    assert_eq!(bytes[0] & 0xF0, 0x30, "PUBLISH {bytes:x?}");
    assert!(bytes[1] < 128, "tests use short packets");
    let topic_length = usize::from(u16::from_be_bytes([bytes[2], bytes[3]]));
    let mut rest = 4 + topic_length;
    let topic = String::from_utf8(bytes[4..rest].to_vec()).unwrap();
    if bytes[0] & 0x06 > 0 {
        rest += 2;
    }
    if version == 5 {
        rest += 1 + usize::from(bytes[rest]);
    }
    (topic, String::from_utf8(bytes[rest..].to_vec()).unwrap(), bytes[0] & 1 == 1)
}
