//! Payloads of devices: a packet, or the body of an ingest request, into messages that stand each alone.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, SeqAccess};
use serde_json::value::RawValue;

pub use super::element::encode;
use super::json::{self, MAX_DEPTH};
use super::topic::{Channel, DeviceTopic};
use super::{element, json::Text};
use crate::ids::MessageId;
use crate::message::DeviceMessage;
use crate::{Code, Rejection};

/// The largest payload of a packet.
pub const MAX_PAYLOAD_BYTES: usize = 256 * 1024;
/// The most messages in one packet, or in one ingest request.
pub const MAX_ELEMENTS: usize = 1_000;
/// The largest body of an ingest request.
pub const MAX_INGEST_BYTES: usize = 1024 * 1024;

/// One message of a packet that was refused; the others are not touched by it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rejection}")]
pub struct Refusal {
    /// The device's id of the message, if it could be read.
    pub id: Option<MessageId>,
    /// The place in the array, from 0; none for a single message.
    pub index: Option<usize>,
    /// Why.
    pub rejection: Rejection,
}

/// Decodes a packet of a channel: one object, or an array of them.
///
/// The outer error is for the whole packet: it is too large, not JSON, nested too deep, or neither object nor array.
pub fn decode(channel: Channel, payload: &[u8]) -> Result<Vec<Result<DeviceMessage, Refusal>>, Rejection> {
    let text = packet_text(payload, MAX_PAYLOAD_BYTES)?;
    if !is_array(text) {
        return match element::read(channel, false, text) {
            Ok(message) => Ok(vec![Ok(message)]),
            Err(rejection) => {
                check_packet(text, Some(&rejection))?;
                Ok(vec![Err(refusal(text, None, rejection))])
            }
        };
    }
    let elements = split(text)?;
    let decode_element = |(index, raw): (usize, &&RawValue)| {
        element::read(channel, false, raw.get())
            .map_err(|rejection| refusal(raw.get(), Some(index), rejection))
    };
    let results: Vec<_> = elements.iter().enumerate().map(decode_element).collect();
    if results.iter().any(Result::is_err) {
        check_packet(text, None)?;
    }
    Ok(results)
}

/// How the body of an ingest request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IngestForm {
    /// `application/json`: one message, or an array.
    Json,
    /// `application/x-ndjson`: one message a line.
    NdJson,
}

/// One message of an ingest request.
#[derive(Debug, PartialEq)]
pub struct IngestItem<'a> {
    /// The message as it was sent, for the record of a refusal.
    pub raw: &'a [u8],
    /// The topic as it was sent, if it could be read.
    pub topic: Option<Cow<'a, str>>,
    /// What it says, and on which topic; or why it is refused.
    pub decoded: Result<(DeviceTopic, DeviceMessage), Refusal>,
}

/// Decodes the body of an ingest request; the outer error is for the whole body.
pub fn decode_ingest(form: IngestForm, body: &[u8]) -> Result<Vec<IngestItem<'_>>, Rejection> {
    match form {
        IngestForm::NdJson => decode_lines(body),
        IngestForm::Json => {
            let text = packet_text(body, MAX_INGEST_BYTES)?;
            let items: Vec<_> = if is_array(text) {
                let elements = split(text)?;
                elements.iter().enumerate().map(|(i, raw)| decode_ingest_item(Some(i), raw.get())).collect()
            } else {
                vec![decode_ingest_item(None, text)]
            };
            if items.iter().any(|item| item.decoded.is_err()) {
                check_packet(text, None)?;
            }
            Ok(items)
        }
    }
}

fn decode_lines(body: &[u8]) -> Result<Vec<IngestItem<'_>>, Rejection> {
    check_size(body, MAX_INGEST_BYTES)?;
    let lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let mut items = Vec::new();
    for (index, line) in lines.enumerate() {
        if index == MAX_ELEMENTS {
            return Err(too_many());
        }
        let item = match packet_text(line, MAX_PAYLOAD_BYTES) {
            Ok(text) => decode_ingest_item(Some(index), text),
            Err(rejection) => IngestItem {
                raw: line,
                topic: None,
                decoded: Err(Refusal { id: None, index: Some(index), rejection }),
            },
        };
        items.push(match item.decoded {
            Err(refused) => {
                let checked = std::str::from_utf8(line).map_or(Ok(()), |text| check_packet(text, None));
                let rejection = checked.err().unwrap_or(refused.rejection);
                IngestItem { decoded: Err(Refusal { rejection, ..refused }), ..item }
            }
            decoded => IngestItem { decoded, ..item },
        });
    }
    Ok(items)
}

/// Decodes one message that names its topic beside the fields of its channel.
pub fn decode_ingest_item(index: Option<usize>, text: &str) -> IngestItem<'_> {
    #[derive(Deserialize)]
    struct Addressed<'a> {
        #[serde(borrow)]
        topic: Option<Text<'a>>,
    }
    let addressed = serde_json::from_str::<Addressed<'_>>(text);
    let topic = addressed.ok().and_then(|addressed| addressed.topic).map(|Text(topic)| topic);
    let decoded = match topic.as_deref().map(DeviceTopic::parse) {
        Some(Ok(topic)) => element::read(topic.channel(), true, text).map(|message| (topic, message)),
        Some(Err(rejection)) => Err(rejection),
        None => Err(Rejection::invalid("topic", "is required once, as text, in an object")),
    };
    IngestItem {
        raw: text.as_bytes(),
        topic,
        decoded: decoded.map_err(|rejection| refusal(text, index, rejection)),
    }
}

fn check_size(bytes: &[u8], max_bytes: usize) -> Result<(), Rejection> {
    if bytes.len() > max_bytes {
        return Err(Rejection::new(Code::TooLarge, None, format!("must be at most {max_bytes} bytes")));
    }
    Ok(())
}

fn packet_text(bytes: &[u8], max_bytes: usize) -> Result<&str, Rejection> {
    check_size(bytes, max_bytes)?;
    std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        Rejection::new(Code::InvalidJson, None, format!("is not UTF-8 from byte {offset} on"))
    })
}

fn is_array(text: &str) -> bool {
    text.trim_ascii_start().starts_with('[')
}

fn too_many() -> Rejection {
    Rejection::new(Code::TooLarge, None, format!("must be at most {MAX_ELEMENTS} messages"))
}

/// Whether the fault is the packet's: not JSON at all, or nested too deep. Looked at only after something
/// was refused, because no message that is accepted can be either.
fn check_packet(text: &str, found: Option<&Rejection>) -> Result<(), Rejection> {
    if json::depth(text) > MAX_DEPTH {
        let rule = format!("is nested deeper than {MAX_DEPTH} levels");
        return Err(Rejection::new(Code::InvalidJson, None, rule));
    }
    json::check(text).map_err(|error| {
        let field = found.and_then(|rejection| rejection.field.as_deref());
        Rejection::new(Code::InvalidJson, field, format!("is not JSON: {error}"))
    })?;
    if text.trim_ascii_start().starts_with(['{', '[']) {
        return Ok(());
    }
    Err(Rejection::new(Code::InvalidField, None, "must be an object or an array of objects"))
}

fn refusal(text: &str, index: Option<usize>, rejection: Rejection) -> Refusal {
    #[derive(Deserialize)]
    struct Identified<'a> {
        #[serde(borrow)]
        id: Option<Text<'a>>,
    }
    let identified = serde_json::from_str::<Identified<'_>>(text).ok();
    let id = identified.and_then(|message| message.id).and_then(|Text(id)| MessageId::parse(&id).ok());
    Refusal { id, index, rejection }
}

/// The elements of an array as text. Skipping over them does not recurse, however deep they nest.
fn split(text: &str) -> Result<Vec<&RawValue>, Rejection> {
    let mut overflow = false;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let elements = Elements { overflow: &mut overflow }
        .deserialize(&mut deserializer)
        .and_then(|elements| deserializer.end().map(|()| elements));
    elements.map_err(|error| {
        if overflow {
            return too_many();
        }
        Rejection::new(Code::InvalidJson, None, format!("is not JSON: {error}"))
    })
}

struct Elements<'f> {
    overflow: &'f mut bool,
}

impl<'de> DeserializeSeed<'de> for Elements<'_> {
    type Value = Vec<&'de RawValue>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> de::Visitor<'de> for Elements<'_> {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = seq.next_element()? {
            if elements.len() == MAX_ELEMENTS {
                *self.overflow = true;
                return Err(de::Error::custom("too many elements"));
            }
            elements.push(element);
        }
        Ok(elements)
    }
}

#[cfg(test)]
#[path = "payload_tests.rs"]
mod tests;
