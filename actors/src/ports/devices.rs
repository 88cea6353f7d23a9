//! The way back to devices, and who of them is there: wherever devices are connected.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;

use bytes::Bytes;
use domain::Timestamp;
use domain::ids::TenantCode;

/// A value for a topic to devices.
#[derive(Clone, Debug)]
pub struct OutgoingTopic {
    /// Whose topic it is.
    pub tenant: TenantCode,
    /// The full topic, `hub/v1/…`.
    pub topic: String,
    /// The payload.
    pub payload: Bytes,
    /// Whether a later subscriber gets it too.
    pub retain: bool,
}

/// Takes values for devices. Never blocks: what cannot be queued is counted and, if retained, kept as the newest value.
pub trait DeviceOutbox: Send + Sync + 'static {
    /// Hands a value over.
    fn publish(&self, outgoing: OutgoingTopic);

    /// Ends the sessions of a credential that was revoked or has another token now.
    fn end_sessions(&self, username: &str);
}

/// An outbox for hubs without an MQTT side: nobody can subscribe, so there is nobody to tell.
pub struct DiscardOutbox;

impl DeviceOutbox for DiscardOutbox {
    fn publish(&self, _outgoing: OutgoingTopic) {}

    fn end_sessions(&self, _username: &str) {}
}

/// The version of MQTT that a device speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MqttVersion {
    /// 3.1.1
    V311,
    /// 5
    V5,
}

impl MqttVersion {
    /// As people call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V311 => "3.1.1",
            Self::V5 => "5",
        }
    }
}

/// A session of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceConnection {
    /// Its client id, as the device chose it.
    pub client_id: String,
    /// What it speaks.
    pub protocol: MqttVersion,
    /// Where it comes from, if that is known.
    pub peer: Option<SocketAddr>,
    /// Since when it is connected.
    pub since: Timestamp,
}

/// Knows which devices are connected now.
pub trait DevicePresence: Send + Sync + 'static {
    /// The sessions of each of these credentials that has any, the oldest first. Never blocks.
    fn connections(&self, usernames: &HashSet<&str>) -> HashMap<String, Vec<DeviceConnection>>;
}
