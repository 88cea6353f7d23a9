//! Frames of the live protocol `topsteel.v1`: what clients may say, and how the server's frames are written.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::json::Text;
use super::topic::LiveTopic;
use crate::ids::TenantCode;
use crate::{Code, Rejection, Timestamp};

/// The longest id a client may name in `mark_read`, in characters.
const MAX_ID_CHARS: usize = 64;

/// An access token; it cannot be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(String);

impl AccessToken {
    /// The token itself, for its verification.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

/// A place in the history of a live topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// The incarnation of the history; another one starts afresh.
    pub epoch: u64,
    /// The place in it.
    pub seq: u64,
}

/// A frame from a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientFrame {
    /// The first frame, and again before the token expires.
    Auth {
        /// The access token.
        token: AccessToken,
        /// Which of the user's tenants, if not the default.
        tenant: Option<TenantCode>,
    },
    /// Send this topic from now on.
    Subscribe {
        /// The topic.
        topic: LiveTopic,
        /// What the client has already.
        since: Option<Position>,
    },
    /// No longer send this topic.
    Unsubscribe {
        /// The topic.
        topic: LiveTopic,
    },
    /// Is somebody there?
    Ping,
    /// The user has read a notification.
    MarkRead {
        /// Its id.
        id: String,
    },
}

/// Why a client's frame is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Not a JSON object with a known `type`: the session is closed with 4400.
    #[error("bad frame: {0}")]
    Bad(String),
    /// A known type whose fields are wrong: answered by an `error` frame.
    #[error("{rejection}")]
    Invalid {
        /// The topic as the client wrote it, if it did.
        topic: Option<String>,
        /// Why.
        rejection: Rejection,
    },
}

impl ClientFrame {
    /// Decodes a text frame, strictly: unknown, missing and repeated fields are errors that name the field.
    pub fn decode(text: &str) -> Result<Self, FrameError> {
        #[derive(Deserialize)]
        struct Typed<'a> {
            #[serde(borrow, rename = "type")]
            kind: Text<'a>,
        }
        let Typed { kind: Text(kind) } =
            serde_json::from_str(text).map_err(|error| FrameError::Bad(error.to_string()))?;
        if !["auth", "subscribe", "unsubscribe", "ping", "mark_read"].contains(&&*kind) {
            return Err(FrameError::Bad("unknown type".to_owned()));
        }
        let fields = FrameFields::read(text)?;
        let topic = fields.peek_topic();
        fields.into_frame(&kind).map_err(|rejection| FrameError::Invalid { topic, rejection })
    }
}

struct FrameFields<'a>(BTreeMap<Cow<'a, str>, &'a RawValue>);

impl<'a> FrameFields<'a> {
    fn read(text: &'a str) -> Result<Self, FrameError> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = (BTreeMap<Cow<'de, str>, &'de RawValue>, Option<String>);
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let (mut fields, mut repeated) = (BTreeMap::new(), None);
                while let Some(Text(name)) = map.next_key()? {
                    let known = fields.contains_key(&name);
                    repeated = repeated.or_else(|| known.then(|| name.to_string()));
                    fields.insert(name, map.next_value()?);
                }
                Ok((fields, repeated))
            }
        }
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let (fields, repeated) = serde::Deserializer::deserialize_map(&mut deserializer, Visitor)
            .map_err(|error| FrameError::Bad(error.to_string()))?;
        match repeated {
            None => Ok(Self(fields)),
            Some(name) => Err(FrameError::Invalid {
                topic: None,
                rejection: Rejection::invalid(&name, "appears twice"),
            }),
        }
    }

    fn peek_topic(&self) -> Option<String> {
        self.0.get("topic").and_then(|raw| serde_json::from_str(raw.get()).ok())
    }

    fn into_frame(mut self, kind: &str) -> Result<ClientFrame, Rejection> {
        self.0.remove("type");
        let frame = match kind {
            "auth" => ClientFrame::Auth {
                token: AccessToken(self.required("token", "must be text")?),
                tenant: self.text("tenant")?,
            },
            "subscribe" => ClientFrame::Subscribe {
                topic: self.topic()?,
                since: self.optional("since", "must be {\"epoch\":E,\"seq\":N} with integers from 0")?,
            },
            "unsubscribe" => ClientFrame::Unsubscribe { topic: self.topic()? },
            "mark_read" => ClientFrame::MarkRead { id: self.id()? },
            _ => ClientFrame::Ping,
        };
        match self.0.into_keys().next() {
            None => Ok(frame),
            Some(name) => {
                let detail = format!("is not a field of {kind}");
                Err(Rejection::new(Code::UnknownField, Some(&name), detail))
            }
        }
    }

    fn optional<T: DeserializeOwned>(&mut self, field: &str, rule: &str) -> Result<Option<T>, Rejection> {
        let Some(raw) = self.0.remove(field) else { return Ok(None) };
        if raw.get() == "null" {
            return Err(Rejection::invalid(field, rule));
        }
        serde_json::from_str(raw.get()).map(Some).map_err(|_| Rejection::invalid(field, rule))
    }

    fn required<T: DeserializeOwned>(&mut self, field: &str, rule: &str) -> Result<T, Rejection> {
        self.optional(field, rule)?.ok_or_else(|| Rejection::invalid(field, "is required"))
    }

    fn text<T: FromStr<Err = Rejection>>(&mut self, field: &str) -> Result<Option<T>, Rejection> {
        let text: Option<String> = self.optional(field, "must be text")?;
        text.map(|text| text.parse()).transpose()
    }

    fn topic(&mut self) -> Result<LiveTopic, Rejection> {
        self.text("topic")?.ok_or_else(|| Rejection::invalid("topic", "is required"))
    }

    fn id(&mut self) -> Result<String, Rejection> {
        let rule = format!("must be text of 1 to {MAX_ID_CHARS} characters");
        let id: String = self.required("id", &rule)?;
        if id.is_empty() || id.chars().count() > MAX_ID_CHARS {
            return Err(Rejection::invalid("id", rule));
        }
        Ok(id)
    }
}

/// The data of a frame: written once and shared as text, or a tree.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub enum Data<'a> {
    /// JSON text that was encoded before (`serde_json::value::to_raw_value`).
    Text(&'a RawValue),
    /// A tree that is encoded now.
    Value(&'a Value),
}

/// Why a snapshot is sent though the client had a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    /// The client was too slow to take every delta.
    Slow,
}

/// A frame from the server; its fields are written in this order.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame<'a> {
    /// The session is authenticated.
    Ready {
        /// The server's clock.
        server_time: Timestamp,
        /// Who the session is.
        user: Data<'a>,
    },
    /// The answer to `ping`.
    Pong {
        /// The server's clock.
        server_time: Timestamp,
    },
    /// The whole of a topic.
    Snapshot {
        /// The topic.
        #[serde(serialize_with = "as_text")]
        topic: &'a LiveTopic,
        /// Where the data stands.
        #[serde(flatten)]
        position: Position,
        /// When it stood so.
        at: Timestamp,
        /// Why it replaces the client's copy, if it does.
        #[serde(skip_serializing_if = "Option::is_none")]
        reset: Option<Reset>,
        /// The data.
        data: Data<'a>,
    },
    /// A change of a topic, as a merge patch.
    Delta {
        /// The topic.
        #[serde(serialize_with = "as_text")]
        topic: &'a LiveTopic,
        /// Where the data stands with the patch applied.
        #[serde(flatten)]
        position: Position,
        /// The seq the patch applies to.
        prev: u64,
        /// When it changed.
        at: Timestamp,
        /// The patch.
        data: Data<'a>,
    },
    /// The deltas since the client's position follow.
    Resumed {
        /// The topic.
        #[serde(serialize_with = "as_text")]
        topic: &'a LiveTopic,
        /// The `since` that was honoured.
        #[serde(flatten)]
        position: Position,
    },
    /// A frame of the client was refused.
    Error {
        /// The topic as the client wrote it, if it is about one.
        #[serde(skip_serializing_if = "Option::is_none")]
        topic: Option<&'a str>,
        /// The stable code.
        code: &'a str,
        /// The rule, for people.
        detail: &'a str,
    },
    /// The server is about to close.
    Closing {
        /// The stable code.
        code: &'a str,
        /// When to come back.
        retry_after_ms: u64,
    },
}

fn as_text<S: serde::Serializer>(topic: &LiveTopic, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(topic)
}

impl ServerFrame<'_> {
    /// The text of the frame.
    pub fn encode(&self) -> String {
        // Fields, texts and JSON that was valid before: nothing in a frame can fail to serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
