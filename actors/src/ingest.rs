//! The way in for messages of devices, by MQTT and REST: decode, check the scope, hand to the owner, wait for the log.
//!
//! What is refused is set aside as a dead letter before the sender hears of it.

mod letters;
mod pending;
mod route;
mod tail;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use domain::ids::{LineAddress, MachineCode};
use domain::message::DeviceMessage;
use domain::wire::payload::{self, Refusal};
use domain::wire::topic::{DeviceScope, DeviceTopic};
use domain::{Code, Rejection, Timestamp};
use tokio::sync::oneshot;

use crate::mailbox;
use crate::messages::{Contact, ContactLost, ElementResult, Packet, Saturated};
use crate::registry::LinePlace;
use crate::shared::Shared;

/// How long a message waits for a line that restarts, or for room, before its sender is told to try again.
const PATIENCE: Duration = Duration::from_secs(30);
const FIRST_RETRY: Duration = Duration::from_millis(5);
const LAST_RETRY: Duration = Duration::from_millis(250);

/// Who sends messages.
#[derive(Clone, Debug)]
pub struct Sender {
    /// A device's user name, or a user's email.
    pub name: String,
    /// What they may send for.
    pub scope: DeviceScope,
}

/// What came of one message.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemOutcome {
    /// Applied and durable.
    Accepted {
        /// The sender's id of it.
        id: Option<String>,
    },
    /// Its id was accepted before.
    Duplicate {
        /// The sender's id of it.
        id: Option<String>,
    },
    /// Nothing happened; it is set aside as a dead letter.
    Refused {
        /// The sender's id of it, if it could be read.
        id: Option<String>,
        /// Its place in the packet, if that was an array.
        index: Option<usize>,
        /// Why.
        rejection: Rejection,
    },
}

/// Nothing is known to be durable: do not acknowledge.
#[derive(Clone, Debug, PartialEq)]
pub enum Withheld {
    /// Try again later.
    Unavailable {
        /// The stable code.
        code: &'static str,
        /// When to try again.
        retry_after_ms: u64,
    },
    /// The line is quarantined: a person must release it first.
    Quarantined(Rejection),
}

impl Withheld {
    fn owner_restarts() -> Self {
        Self::Unavailable { code: "restarting", retry_after_ms: 50 }
    }

    fn overloaded() -> Self {
        Self::Unavailable { code: "overloaded", retry_after_ms: 500 }
    }
}

/// Messages by outcome.
#[derive(Debug, Default)]
pub struct IngestStats {
    /// Applied.
    pub accepted: AtomicU64,
    /// Heard before.
    pub duplicate: AtomicU64,
    /// Set aside.
    pub refused: AtomicU64,
    /// Packets whose sender was told to try again.
    pub withheld: AtomicU64,
}

/// The way in.
#[derive(Clone)]
pub struct IngestGateway {
    shared: Arc<Shared>,
    stats: Arc<IngestStats>,
    /// When the newest message of each sender was received, in milliseconds.
    last_heard: Arc<papaya::HashMap<String, AtomicI64>>,
}

type Answer = Result<Vec<ElementResult>, Saturated>;

/// A packet that is with its owner; [`Pending::outcome`] waits for the log.
pub struct Pending {
    gateway: IngestGateway,
    sender: Sender,
    topic: String,
    raw: Bytes,
    parsed: Option<DeviceTopic>,
    /// What could not be decoded, in place; the others are the elements of the packet, in order.
    slots: Vec<Slot>,
    packet: Arc<Packet>,
    waiting: Option<oneshot::Receiver<Answer>>,
    /// The sender keeps the order: it is told rather than that the packet is sent again here.
    in_order: bool,
}

/// How a packet came in.
struct Form {
    array: bool,
    in_order: bool,
}

struct Slot {
    id: Option<String>,
    index: Option<usize>,
    refusal: Option<Rejection>,
}

impl IngestGateway {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, stats: Arc::default(), last_heard: Arc::default() }
    }

    /// Messages by outcome.
    pub fn stats(&self) -> &IngestStats {
        &self.stats
    }

    /// Hands a packet to its owner, and again if that ends before it answers. Packets sent meanwhile may overtake it.
    pub async fn send(&self, sender: &Sender, topic: &str, payload: Bytes) -> Result<Pending, Withheld> {
        self.send_packet(sender, topic, payload, false).await
    }

    /// Hands a packet to its owner, for senders that keep their own order: waits while the owner has no room, and
    /// if it ends before it answers, the sender is told to send this packet and those after it again.
    pub async fn send_in_order(
        &self,
        sender: &Sender,
        topic: &str,
        payload: Bytes,
    ) -> Result<Pending, Withheld> {
        self.send_packet(sender, topic, payload, true).await
    }

    async fn send_packet(
        &self,
        sender: &Sender,
        topic: &str,
        payload: Bytes,
        in_order: bool,
    ) -> Result<Pending, Withheld> {
        let decoded = DeviceTopic::parse(topic).and_then(|parsed| {
            covered(sender, &parsed)?;
            let elements = payload::decode(parsed.channel(), &payload)?;
            Ok((parsed, elements))
        });
        let (parsed, elements) = match decoded {
            Ok((parsed, elements)) => (Some(parsed), elements),
            Err(rejection) => {
                (DeviceTopic::parse(topic).ok(), vec![Err(Refusal { id: None, index: None, rejection })])
            }
        };
        let array = payload.trim_ascii_start().starts_with(b"[");
        let form = Form { array, in_order };
        self.submit(sender, topic, payload, parsed, elements, form).await
    }

    /// Hands over one message that was decoded before (`POST /ingest`); `raw` is what is kept if it is refused.
    pub async fn send_item(
        &self,
        sender: &Sender,
        topic: &str,
        message: Result<DeviceMessage, Refusal>,
        raw: Bytes,
    ) -> Result<Pending, Withheld> {
        let parsed = DeviceTopic::parse(topic);
        let message = message.and_then(|message| {
            parsed.clone().and_then(|parsed| covered(sender, &parsed)).map_err(|rejection| Refusal {
                id: message.envelope.id.clone(),
                index: None,
                rejection,
            })?;
            Ok(message)
        });
        let form = Form { array: false, in_order: false };
        self.submit(sender, topic, raw, parsed.ok(), vec![message], form).await
    }

    /// Sends a dead letter once more; what is refused again is not set aside a second time.
    pub(crate) async fn retry(
        &self,
        sender: &Sender,
        topic: &str,
        payload: Bytes,
    ) -> Result<ItemOutcome, Withheld> {
        let received_at = self.now();
        let outcome = self.send_again(sender, topic, payload.clone()).await?;
        let parsed = DeviceTopic::parse(topic).ok();
        let shown = tail::Shown { sender, topic, parsed: parsed.as_ref(), raw: &payload, received_at };
        self.show(&shown, std::slice::from_ref(&outcome));
        Ok(outcome)
    }

    async fn send_again(
        &self,
        sender: &Sender,
        topic: &str,
        payload: Bytes,
    ) -> Result<ItemOutcome, Withheld> {
        let refused = |id, rejection| Ok(ItemOutcome::Refused { id, index: None, rejection });
        // What came by REST carries its topic inside.
        let item = std::str::from_utf8(&payload).ok().map(|text| payload::decode_ingest_item(None, text));
        let message = match item {
            Some(payload::IngestItem { decoded: Ok((_, message)), .. }) => Ok(message),
            _ => match DeviceTopic::parse(topic)
                .and_then(|parsed| payload::decode(parsed.channel(), &payload))
            {
                Ok(mut elements) if elements.len() == 1 => elements.remove(0),
                Ok(_) => return refused(None, Rejection::invalid("payload", "must be one message")),
                Err(rejection) => return refused(None, rejection),
            },
        };
        let message = match message {
            Ok(message) => message,
            Err(refusal) => return refused(refusal.id.map(|id| id.to_string()), refusal.rejection),
        };
        let pending = self.send_item(sender, topic, Ok(message), payload).await?;
        let mut outcomes = pending.decided().await?;
        Ok(outcomes.pop().unwrap_or(ItemOutcome::Accepted { id: None }))
    }

    async fn submit(
        &self,
        sender: &Sender,
        topic: &str,
        raw: Bytes,
        parsed: Option<DeviceTopic>,
        elements: Vec<Result<DeviceMessage, Refusal>>,
        form: Form,
    ) -> Result<Pending, Withheld> {
        let mut slots = Vec::with_capacity(elements.len());
        let mut good = Vec::with_capacity(elements.len());
        for (index, element) in elements.into_iter().enumerate() {
            let index = form.array.then_some(index);
            match element {
                Ok(message) => {
                    let id = message.envelope.id.as_ref().map(ToString::to_string);
                    slots.push(Slot { id, index, refusal: None });
                    good.push(message);
                }
                Err(Refusal { id, index: place, rejection }) => {
                    let id = id.map(|id| id.to_string());
                    slots.push(Slot { id, index: place.or(index), refusal: Some(rejection) });
                }
            }
        }
        let packet =
            Packet { digest: digest(topic, &raw), elements: good, received_at: self.shared.clock.now() };
        let mut pending = Pending {
            gateway: self.clone(),
            sender: sender.clone(),
            topic: topic.to_owned(),
            raw,
            parsed,
            slots,
            packet: Arc::new(packet),
            waiting: None,
            in_order: form.in_order,
        };
        pending.place().await?;
        Ok(pending)
    }

    /// A device's session was lost and did not come back in time: nobody knows what the machine does.
    pub async fn contact_lost(&self, line: &LineAddress, machine: &MachineCode) {
        let mut delay = FIRST_RETRY;
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < deadline {
            match self.shared.registry.line(line) {
                Some(LinePlace::Up(address))
                    if mailbox::post(&address, ContactLost(machine.clone())).is_ok() =>
                {
                    return;
                }
                Some(LinePlace::Up(_) | LinePlace::Restarting) => {}
                Some(LinePlace::Quarantined) | None => return,
            }
            tokio::time::sleep(delay).await;
            delay = (delay * 2).min(LAST_RETRY);
        }
        tracing::warn!(%line, %machine, "line has no room, lost contact is not recorded");
    }

    /// The session of a device is alive.
    pub fn contact(&self, line: &LineAddress, machine: &MachineCode) {
        if let Some(LinePlace::Up(address)) = self.shared.registry.line(line)
            && mailbox::post(&address, Contact(machine.clone())).is_err()
        {
            tracing::debug!(%line, %machine, "line has no room for a sign of life, the next one will do");
        }
    }
}

fn covered(sender: &Sender, topic: &DeviceTopic) -> Result<(), Rejection> {
    if sender.scope.covers(topic) {
        return Ok(());
    }
    let detail = format!("the credential may publish below {} only", sender.scope);
    Err(Rejection::new(Code::OutOfScope, Some("topic"), detail))
}

fn digest(topic: &str, payload: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    topic.hash(&mut hasher);
    payload.hash(&mut hasher);
    hasher.finish()
}

impl IngestGateway {
    fn count(&self, outcomes: &[ItemOutcome]) {
        for outcome in outcomes {
            let counter = match outcome {
                ItemOutcome::Accepted { .. } => &self.stats.accepted,
                ItemOutcome::Duplicate { .. } => &self.stats.duplicate,
                ItemOutcome::Refused { .. } => &self.stats.refused,
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Remembers when a sender's message was taken; senders are known by a credential, so there are not many.
    fn heard_of(&self, sender: &Sender, at: Timestamp) {
        let last_heard = self.last_heard.pin();
        match last_heard.get(&sender.name) {
            Some(newest) => newest.fetch_max(at.as_millis(), Ordering::Relaxed),
            None => {
                let newest = last_heard.get_or_insert_with(sender.name.clone(), || AtomicI64::new(i64::MIN));
                newest.fetch_max(at.as_millis(), Ordering::Relaxed)
            }
        };
    }

    /// When the newest message of a sender was received that was applied, heard before or set aside; none since
    /// the hub started if there is none.
    pub fn last_message_at(&self, sender: &str) -> Option<Timestamp> {
        let newest = self.last_heard.pin().get(sender).map(|newest| newest.load(Ordering::Relaxed))?;
        Some(Timestamp::from_millis(newest))
    }

    fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }
}
