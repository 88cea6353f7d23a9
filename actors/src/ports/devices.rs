//! The way back to devices: retained values and refusals, wherever devices are connected.

use bytes::Bytes;
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
