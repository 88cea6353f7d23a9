//! The built-in MQTT endpoint: devices speak MQTT 3.1.1 or 5 to it on one port, and a PUBACK means committed.
//!
//! It is not a broker. Devices publish to the hub, and the hub publishes to devices on the few topics that exist
//! for that; nothing a device sends is ever handed to another device. What follows from it:
//! - Sessions are not kept: `session present` is always 0, a v5 session expiry is answered with 0. A device
//!   subscribes after every CONNECT and gets the retained values again, so it misses nothing that still holds.
//! - The retain flag of a device's message is ignored, and QoS 2 is refused (v5 0x9B, 3.1.1: closed).
//! - A will may only be about the state of a machine. It is published at once when the session is lost (there is no
//!   session left that a will delay could wait for); DISCONNECT and takeover are no loss.
//! - Client ids are a credential's own: the same id with another user name is another session.
//!
//! On each connection messages are placed in the order they came, outcomes are awaited concurrently, and
//! acknowledgements leave in order. PINGRESP and SUBACK never wait for a commit.

mod connect;
mod connection;
mod endpoint;
mod ingress;
mod options;
mod outbox;
mod presence;
mod publishing;
mod registry;
mod session;
mod shared;
mod stats;
mod subscribing;
mod v3;
mod v5;

pub use endpoint::{Drain, MqttDeps, MqttEndpoint};
pub use ingress::{
    AccessRefusal, BoxFuture, Device, Ingress, IngressUnavailable, ItemOutcome, MachineAddress, Pending,
    Sender, Withheld,
};
pub use options::MqttOptions;
pub use outbox::MqttOutbox;
pub use stats::{RefusalKind, Stats};

/// Why the endpoint could not be started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum MqttError {
    /// The address cannot be listened on.
    #[error("cannot listen for mqtt on {address}: {source}")]
    Bind {
        /// The address from the configuration.
        address: std::net::SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The thread of the endpoint could not be started.
    #[error("cannot start the thread of the mqtt endpoint: {0}")]
    Thread(#[source] std::io::Error),
    /// The thread of the endpoint ended before it was asked to.
    #[error("the mqtt endpoint ended unexpectedly")]
    Ended,
}
