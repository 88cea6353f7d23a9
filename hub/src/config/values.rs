//! How single values are written: lengths of time, addresses that may be off, secrets.

use std::fmt;
use std::net::SocketAddr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Where devices connect, if they may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MqttListen {
    /// At this address; port 0 takes any free port.
    At(SocketAddr),
    /// Nowhere: `off`.
    Off,
}

impl Serialize for MqttListen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::At(address) => serializer.collect_str(address),
            Self::Off => serializer.serialize_str("off"),
        }
    }
}

impl<'de> Deserialize<'de> for MqttListen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "off" {
            return Ok(Self::Off);
        }
        let rule =
            || de::Error::custom(format!("`{text}` is neither `off` nor an address like 127.0.0.1:1883"));
        text.parse().map(Self::At).map_err(|_| rule())
    }
}

/// An address with its port.
pub(super) mod address {
    use super::*;

    pub(in crate::config) fn serialize<S: Serializer>(
        address: &SocketAddr,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(address)
    }

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<SocketAddr, D::Error> {
        let text = String::deserialize(deserializer)?;
        let rule = || de::Error::custom(format!("`{text}` is not an address like 127.0.0.1:8080"));
        text.parse().map_err(|_| rule())
    }
}

/// A length of time with its unit: `500ms`, `30s`, `15m`, `1h 30m`.
pub(super) mod length {
    use std::time::Duration;

    use jiff::SignedDuration;

    use super::*;

    pub(in crate::config) fn serialize<S: Serializer>(
        length: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let length = SignedDuration::try_from(*length).map_err(serde::ser::Error::custom)?;
        serializer.collect_str(&format_args!("{length:#}"))
    }

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        let text = String::deserialize(deserializer)?;
        let length = text.parse::<SignedDuration>().ok().and_then(|length| Duration::try_from(length).ok());
        length.ok_or_else(|| {
            de::Error::custom(format!("`{text}` is not a length of time with its unit, like `30s` or `15m`"))
        })
    }
}

/// A text that nobody may see: neither in a log nor in what `check-config` prints.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn shown(&self) -> &'static str {
        if self.is_empty() { "" } else { "[hidden]" }
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.shown(), f)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.shown())
    }
}
