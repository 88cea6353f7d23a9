//! The hub's own messages as a recording produces them: address, channel and payload of protocol version 1.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

/// Most characters of a slug.
const MAX_SLUG_CHARS: usize = 63;

/// `tenant/site/line/machine`, each part a slug.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MachineAddress(Box<str>);

impl MachineAddress {
    /// `hub/v1/{tenant}/{site}/{line}/{machine}/{channel}`.
    pub fn topic(&self, channel: Channel) -> String {
        format!("hub/v1/{}/{}", self.0, channel.as_str())
    }

    /// The address and channel of a topic from a device.
    pub fn from_topic(topic: &str) -> Result<(Self, Channel), AddressError> {
        let below = topic.strip_prefix("hub/v1/").ok_or(AddressError::Topic)?;
        let (address, channel) = below.rsplit_once('/').ok_or(AddressError::Topic)?;
        Ok((address.parse()?, channel.parse()?))
    }
}

impl FromStr for MachineAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.split('/').count() != 4 {
            return Err(AddressError::Parts);
        }
        match text.split('/').find(|part| !is_slug(part)) {
            Some(part) => Err(AddressError::Slug(part.to_owned())),
            None => Ok(Self(text.into())),
        }
    }
}

impl fmt::Display for MachineAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is not a machine's address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not four parts.
    #[error("an address has the four parts tenant/site/line/machine")]
    Parts,
    /// A part that is not a slug.
    #[error("`{0}` is not a slug: small letters, digits and inner hyphens, at most 63")]
    Slug(String),
    /// Not a topic of a machine.
    #[error("a machine's topic is hub/v1/tenant/site/line/machine/channel")]
    Topic,
    /// The last part of the topic.
    #[error("`{0}` is not a channel")]
    Channel(String),
}

fn is_slug(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty()
        && text.len() <= MAX_SLUG_CHARS
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// The last part of a device's topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Machine state.
    State,
    /// Parts.
    Count,
    /// Measured values.
    Measure,
    /// Alarms of the machine's own control.
    Alarm,
    /// Progress of an order.
    Order,
    /// Stock movements.
    Stock,
}

impl Channel {
    /// As it stands in a topic.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Count => "count",
            Self::Measure => "measure",
            Self::Alarm => "alarm",
            Self::Order => "order",
            Self::Stock => "stock",
        }
    }
}

impl FromStr for Channel {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::State, Self::Count, Self::Measure, Self::Alarm, Self::Order, Self::Stock]
            .into_iter()
            .find(|channel| channel.as_str() == text)
            .ok_or_else(|| AddressError::Channel(text.to_owned()))
    }
}

/// A message of a recording, before its time is mapped onto the present.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedMessage {
    /// When the machine says it happened.
    pub at: Timestamp,
    /// Which machine.
    pub machine: Arc<MachineAddress>,
    /// Which channel.
    pub channel: Channel,
    /// Everything of the payload but `id` and `at`.
    pub fields: Fields,
}

impl FeedMessage {
    /// The topic it is published to.
    pub fn topic(&self) -> String {
        self.machine.topic(self.channel)
    }

    /// The payload: one JSON object, with the time in milliseconds when there is one.
    pub fn payload(&self, id: &str, at: Option<Timestamp>) -> Result<Bytes, serde_json::Error> {
        let at = at.map(|at| format!("{at:.3}"));
        serde_json::to_vec(&Payload { id, at, fields: &self.fields }).map(Bytes::from)
    }
}

#[derive(Serialize)]
struct Payload<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(flatten)]
    fields: &'a Fields,
}

/// The fields of the channels.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Fields {
    /// Channel `state`.
    State {
        /// The new state.
        state: MachineState,
        /// Code of the reason.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<Arc<str>>,
    },
    /// Channel `count`.
    Count(CountFields),
    /// Channel `measure`.
    Measure {
        /// Value by name; the name ends with the unit.
        values: BTreeMap<Arc<str>, MeasureValue>,
    },
    /// Channel `alarm`.
    Alarm {
        /// Code of the alarm.
        code: String,
        /// Whether it stands.
        active: bool,
        /// How bad it is.
        severity: Severity,
        /// What the machine says about it.
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// Any channel, as the recording has it; the hub judges it.
    Raw(Map<String, Value>),
}

/// States of a machine in the hub's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MachineState {
    /// Works.
    Running,
    /// Could work.
    Idle,
    /// Is being set up.
    Setup,
    /// Should work and does not.
    Down,
    /// In maintenance.
    Maintenance,
    /// Nobody knows.
    Offline,
}

/// Increments or running totals of parts; those that are not known are absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CountFields {
    /// Good parts since the last message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub good: Option<u64>,
    /// Scrapped parts since the last message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scrap: Option<u64>,
    /// The machine's own counter of good parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_good: Option<u64>,
    /// The machine's own counter of scrapped parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_scrap: Option<u64>,
}

/// A measured value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum MeasureValue {
    /// A finite number.
    Number(f64),
    /// At most 256 characters.
    Text(String),
}

/// How bad an alarm is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Act now.
    Critical,
    /// Act soon.
    High,
    /// Act in this shift.
    Medium,
    /// Know about it.
    Low,
}
