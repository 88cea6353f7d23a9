//! Live topics: sources publish views, the fan-out merges them into frames that are encoded once for everybody.

mod fanout;
mod publisher;
mod tail;
mod topic;

use actix::{Message, Recipient};
use bytestring::ByteString;
use domain::wire::frame::Position;
use serde_json::Value;

use crate::registry::TopicKey;

pub use fanout::{FanOut, FanOutStats};
pub(crate) use publisher::Pace;
pub(crate) use tail::Tail;

/// A session of a dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u64);

/// A whole encoded frame, shared by all sessions of its topic.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct Frame(pub ByteString);

/// A session wants a topic; a second time it gets a fresh start.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Subscribe {
    /// The session.
    pub session: SessionId,
    /// The topic.
    pub key: TopicKey,
    /// Where the session's copy stands, if it has one.
    pub since: Option<Position>,
    /// Where its frames go, as long as there is room.
    pub sink: Recipient<Frame>,
}

/// A session no longer wants a topic.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct Unsubscribe {
    /// The session.
    pub session: SessionId,
    /// The topic; `None` is all of them.
    pub key: Option<TopicKey>,
}

/// A source says what a part of its topic is now.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct Publish {
    /// The topic.
    pub key: TopicKey,
    /// Which part: the names on the way to it; empty is the whole.
    pub path: Vec<String>,
    /// What it is now; `None` removes it.
    pub value: Option<Value>,
}

/// A topic is no more: its line or site was removed, or quarantined.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct Retire {
    /// The topic.
    pub key: TopicKey,
    /// The stable code that says why.
    pub code: &'static str,
    /// Why, for people.
    pub detail: String,
}
