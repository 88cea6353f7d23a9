//! How a message came in: its id, which time counts for it, and the window of ids seen before.

use std::collections::{HashMap, HashSet, VecDeque};

use serde::{Deserialize, Serialize};

use crate::ids::MessageId;
use crate::{Code, DurationMs, Rejection, Timestamp};

/// How far behind the receipt a device's time is trusted without `buffered`.
pub const TRUST_BEFORE: DurationMs = DurationMs::from_secs(3600);
/// How far ahead of the receipt a device's time is trusted.
pub const TRUST_AFTER: DurationMs = DurationMs::from_secs(10);
/// How far back a `buffered` message may reach: the retention limit.
pub const RETENTION: DurationMs = DurationMs::from_secs(400 * 86_400);

/// How long the key of a person's command stands for that command (protocols.md, `Idempotency-Key`).
pub const KEY_LIFE: DurationMs = DurationMs::from_secs(24 * 3600);

/// What every message carries beside its content, as the sender wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The device's own id of the message.
    pub id: Option<MessageId>,
    /// The device's time.
    pub at: Option<Timestamp>,
    /// The device kept the message while it was offline.
    pub buffered: bool,
}

/// What is recorded of a message beside its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The device's own id, checked against the window of its machine; of a person's command the name of its key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MessageId>,
    /// The time that counts.
    pub at: Timestamp,
    /// When the hub received it.
    pub received_at: Timestamp,
    /// The device's time where it was not trusted; its presence is the flag `clock_skew`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untrusted_at: Option<Timestamp>,
}

impl Receipt {
    /// Decides which time counts (protocols.md, *Time*).
    pub fn new(envelope: &Envelope, received_at: Timestamp) -> Result<Self, Rejection> {
        let receipt = |at, untrusted_at| Self { id: envelope.id.clone(), at, received_at, untrusted_at };
        let Some(device_at) = envelope.at else {
            return Ok(receipt(received_at, None));
        };
        let age = received_at - device_at;
        if age < DurationMs(-TRUST_AFTER.0) {
            return Ok(receipt(received_at, Some(device_at)));
        }
        if age <= TRUST_BEFORE {
            return Ok(receipt(device_at, None));
        }
        if !envelope.buffered {
            return Ok(receipt(received_at, Some(device_at)));
        }
        if age > RETENTION {
            return Err(Rejection::new(
                Code::TooOld,
                Some("at"),
                "is older than the retention limit of 400 days",
            ));
        }
        Ok(receipt(device_at, None))
    }

    /// Whether the device's clock was too far off to be trusted.
    pub fn clock_skew(&self) -> bool {
        self.untrusted_at.is_some()
    }
}

/// The last ids accepted from one machine (or, for stock of a site, one site).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "VecDeque<MessageId>", into = "VecDeque<MessageId>")]
pub struct IdWindow {
    order: VecDeque<MessageId>,
    seen: HashSet<MessageId>,
}

impl IdWindow {
    /// How many ids are kept.
    pub const CAPACITY: usize = 4096;

    /// Whether the id was accepted before.
    pub fn contains(&self, id: &MessageId) -> bool {
        self.seen.contains(id)
    }

    /// Remembers an accepted id; the oldest leaves when the window is full.
    pub fn insert(&mut self, id: &MessageId) {
        if !self.seen.insert(id.clone()) {
            return;
        }
        self.order.push_back(id.clone());
        if self.order.len() > Self::CAPACITY
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
    }
}

impl From<VecDeque<MessageId>> for IdWindow {
    fn from(order: VecDeque<MessageId>) -> Self {
        let seen = order.iter().cloned().collect();
        Self { order, seen }
    }
}

impl From<IdWindow> for VecDeque<MessageId> {
    fn from(window: IdWindow) -> Self {
        window.order
    }
}

/// The keys of the last commands of people, and when each was first accepted. A key is forgotten after
/// [`KEY_LIFE`], or when [`KeyWindow::CAPACITY`] newer ones have come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "VecDeque<(MessageId, Timestamp)>", into = "VecDeque<(MessageId, Timestamp)>")]
pub struct KeyWindow {
    order: VecDeque<(MessageId, Timestamp)>,
    seen: HashMap<MessageId, Timestamp>,
}

impl KeyWindow {
    /// How many keys are kept.
    pub const CAPACITY: usize = 4096;

    /// When a command with this key was accepted, if that still counts at this instant.
    pub fn accepted_at(&self, key: &MessageId, now: Timestamp) -> Option<Timestamp> {
        self.seen.get(key).copied().filter(|at| now - *at < KEY_LIFE)
    }

    /// Remembers the key of an accepted command; those whose time is over leave, and the oldest when the window is full.
    pub fn insert(&mut self, key: &MessageId, at: Timestamp) {
        if self.accepted_at(key, at).is_some() {
            return;
        }
        self.seen.insert(key.clone(), at);
        self.order.push_back((key.clone(), at));
        let is_over = |first: &(MessageId, Timestamp)| at - first.1 >= KEY_LIFE;
        while self.order.len() > Self::CAPACITY || self.order.front().is_some_and(is_over) {
            let Some((oldest, its_time)) = self.order.pop_front() else { break };
            // A key that was used again since then stays.
            if self.seen.get(&oldest) == Some(&its_time) {
                self.seen.remove(&oldest);
            }
        }
    }
}

impl From<VecDeque<(MessageId, Timestamp)>> for KeyWindow {
    fn from(order: VecDeque<(MessageId, Timestamp)>) -> Self {
        let seen = order.iter().cloned().collect();
        Self { order, seen }
    }
}

impl From<KeyWindow> for VecDeque<(MessageId, Timestamp)> {
    fn from(window: KeyWindow) -> Self {
        window.order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000 + ms)
    }

    fn receive(offset_ms: i64, buffered: bool) -> Result<Receipt, Rejection> {
        Receipt::new(&Envelope { id: None, at: Some(at(offset_ms)), buffered }, at(0))
    }

    #[test]
    fn device_time_counts_only_within_its_window() {
        for (offset_ms, buffered, trusted) in [
            (0, false, true),
            (10_000, false, true),
            (10_001, false, false),
            (10_001, true, false),
            (-3_600_000, false, true),
            (-3_600_001, false, false),
            (-3_600_001, true, true),
            (-2 * 86_400_000, true, true),
        ] {
            let receipt = receive(offset_ms, buffered).unwrap();
            assert_eq!(receipt.clock_skew(), !trusted, "{offset_ms} {buffered}");
            assert_eq!(receipt.at, if trusted { at(offset_ms) } else { at(0) });
        }
        assert_eq!(receive(-401 * 86_400_000, true).unwrap_err().code, Code::TooOld);
    }

    #[test]
    fn window_keeps_the_newest_ids() {
        let mut window = IdWindow::default();
        let id = |n: usize| MessageId::parse(&n.to_string()).unwrap();
        for n in 0..=IdWindow::CAPACITY {
            window.insert(&id(n));
        }
        assert!(!window.contains(&id(0)));
        assert!(window.contains(&id(1)) && window.contains(&id(IdWindow::CAPACITY)));
    }

    #[test]
    fn a_key_stands_for_its_command_for_a_day() {
        let key = |n: usize| MessageId::parse(&n.to_string()).unwrap();
        let mut window = KeyWindow::default();
        window.insert(&key(1), at(0));
        window.insert(&key(1), at(5));
        assert_eq!(window.accepted_at(&key(1), at(KEY_LIFE.0 - 1)), Some(at(0)));
        assert_eq!(window.accepted_at(&key(1), at(-1)), Some(at(0)));
        assert_eq!(window.accepted_at(&key(1), at(KEY_LIFE.0)), None);
        // Used again afterwards, it stands for the new command, also when the old one leaves the window.
        window.insert(&key(2), at(1));
        window.insert(&key(1), at(KEY_LIFE.0));
        assert_eq!(window.order.len(), 2);
        assert_eq!(window.accepted_at(&key(1), at(KEY_LIFE.0)), Some(at(KEY_LIFE.0)));
        let stored = serde_json::to_string(&window).unwrap();
        assert_eq!(serde_json::from_str::<KeyWindow>(&stored).unwrap(), window);
    }

    #[test]
    fn the_newest_keys_are_kept() {
        let key = |n: usize| MessageId::parse(&n.to_string()).unwrap();
        let mut window = KeyWindow::default();
        for n in 0..=KeyWindow::CAPACITY {
            window.insert(&key(n), at(0));
        }
        assert_eq!((window.order.len(), window.seen.len()), (KeyWindow::CAPACITY, KeyWindow::CAPACITY));
        assert_eq!(window.accepted_at(&key(0), at(0)), None);
        assert!(window.accepted_at(&key(1), at(0)).is_some());
    }
}
