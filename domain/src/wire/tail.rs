//! What `messages/{site}` and `messages/{site}/{line}` show of one message of a device.

use serde::Serialize;

use super::topic::{Channel, DeviceTopic, MAX_TOPIC_BYTES};
use crate::Timestamp;
use crate::ids::{LineCode, MachineCode};

/// How much of a payload and of a reason is shown.
pub const SHOWN_BYTES: usize = 1024;

/// What came of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TailStatus {
    /// Applied and durable.
    Accepted,
    /// Its id was accepted before.
    Duplicate,
    /// Nothing happened.
    Refused,
}

/// One message, as an entry of the live topic.
#[derive(Clone, Debug, Serialize)]
pub struct TailEntry<'a> {
    /// When it was received.
    pub at: Timestamp,
    /// Its topic as the sender wrote it, cut to the longest one that the grammar knows.
    pub topic: &'a str,
    /// Its line, as far as the topic names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<&'a LineCode>,
    /// Its machine, if the topic is one of the grammar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<&'a MachineCode>,
    /// Its channel, if the topic is one of the grammar.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub channel: Option<Channel>,
    /// A device's user name, or a user's email.
    pub sender: &'a str,
    /// What came of it.
    pub status: TailStatus,
    /// The sender's id of it, if it could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a str>,
    /// Its place in the packet, if that was an array.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// The stable code of a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// Field and rule of a refusal, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<&'a str>,
    /// The message as it was sent, at most [`SHOWN_BYTES`] of it; what is not UTF-8 is replaced.
    pub payload: &'a str,
    /// Whether only the beginning of the payload is here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
}

impl<'a> TailEntry<'a> {
    /// An accepted message; the rest is set by name.
    pub fn new(at: Timestamp, topic: &'a str, sender: &'a str, payload: &'a str) -> Self {
        let shown = cut(payload, SHOWN_BYTES);
        Self {
            at,
            topic: cut(topic, MAX_TOPIC_BYTES),
            line: None,
            machine: None,
            channel: None,
            sender,
            status: TailStatus::Accepted,
            id: None,
            index: None,
            code: None,
            detail: None,
            payload: shown,
            truncated: shown.len() < payload.len(),
        }
    }

    /// Says where the message was sent to.
    pub fn addressed(self, topic: Option<&'a DeviceTopic>, line: Option<&'a LineCode>) -> Self {
        let machine = match topic {
            Some(DeviceTopic::Machine { machine, .. }) => Some(machine),
            Some(DeviceTopic::SiteStock { .. }) | None => None,
        };
        Self { line, machine, channel: topic.map(DeviceTopic::channel), ..self }
    }

    /// Says why the message was refused.
    pub fn refused(self, code: &'static str, detail: &'a str) -> Self {
        let detail = Some(cut(detail, SHOWN_BYTES));
        Self { status: TailStatus::Refused, code: Some(code), detail, ..self }
    }
}

fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

fn as_text<S: serde::Serializer>(channel: &Option<Channel>, serializer: S) -> Result<S::Ok, S::Error> {
    match channel {
        Some(channel) => serializer.serialize_str(channel.as_str()),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_entry_says_what_is_known_and_nothing_is_null() {
        let topic = "hub/v1/acme/linz/saw/s1/count";
        let parsed = DeviceTopic::parse(topic).unwrap();
        let line = "saw".parse().unwrap();
        let entry = TailEntry { id: Some("a"), ..TailEntry::new(Timestamp::default(), topic, "dev", "{}") };
        let entry = entry.addressed(Some(&parsed), Some(&line));
        let expected = json!({"at": "1970-01-01T00:00:00.000Z", "topic": topic, "line": "saw", "machine": "s1",
            "channel": "count", "sender": "dev", "status": "accepted", "id": "a", "payload": "{}"});
        assert_eq!(serde_json::to_value(&entry).unwrap(), expected);
        let refused = TailEntry::new(Timestamp::default(), "x", "dev", "?").refused("invalid_topic", "no");
        let expected = json!({"at": "1970-01-01T00:00:00.000Z", "topic": "x", "sender": "dev",
            "status": "refused", "code": "invalid_topic", "detail": "no", "payload": "?"});
        assert_eq!(serde_json::to_value(&refused).unwrap(), expected);
    }

    #[test]
    fn a_long_payload_is_cut_between_characters_and_says_so() {
        let long = "é".repeat(SHOWN_BYTES);
        let entry = TailEntry::new(Timestamp::default(), "t", "dev", &long);
        assert_eq!((entry.payload.len(), entry.truncated), (SHOWN_BYTES, true));
        let odd = format!("x{long}");
        assert_eq!(TailEntry::new(Timestamp::default(), "t", "dev", &odd).payload.len(), SHOWN_BYTES - 1);
        assert!(!TailEntry::new(Timestamp::default(), "t", "dev", &long[..SHOWN_BYTES]).truncated);
    }
}
