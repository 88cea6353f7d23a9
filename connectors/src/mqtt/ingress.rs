//! The endpoint's only view of the hub: who a device is, where its messages go, and whether it is in contact.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use domain::Rejection;
use domain::ids::{LineAddress, MachineCode};
use domain::wire::scope::DeviceScope;

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = futures::future::BoxFuture<'a, T>;

/// A device whose credential was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its user name.
    pub username: String,
    /// What it may speak for.
    pub scope: DeviceScope,
}

/// Who sends a message.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The device.
    pub device: Device,
    /// The number of its connection, unique while the hub runs.
    pub connection: u64,
}

/// A machine, wherever it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MachineAddress {
    /// Its line.
    pub line: LineAddress,
    /// Its code on the line.
    pub machine: MachineCode,
}

impl fmt::Display for MachineAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.line, self.machine)
    }
}

/// What became of one element of a message, after the commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemOutcome {
    /// Applied.
    Accepted,
    /// Applied before; no effect now.
    Duplicate,
    /// Refused and set aside.
    Refused(Rejection),
}

/// Why there is no outcome: nothing was promised, the message must not be acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// The store or the line is away: placing it again helps.
    Unavailable {
        /// Not before this time.
        retry_after: Duration,
    },
    /// The line is quarantined: only a person helps.
    Quarantined(Rejection),
}

/// A message in its actor's mailbox.
pub trait Pending: Send {
    /// Waits for the commit: one outcome for every element.
    fn outcome(self: Box<Self>) -> BoxFuture<'static, Result<Vec<ItemOutcome>, Withheld>>;
}

/// Credentials could not be looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("credentials cannot be looked up now")]
pub struct IngressUnavailable;

/// A refusal of what a device may do, for the audit trail. (Payloads that are refused become dead letters instead.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRefusal {
    /// The user name, as it was claimed.
    pub actor: String,
    /// `mqtt.connect`, `mqtt.subscribe` or `mqtt.publish`.
    pub action: &'static str,
    /// The client id, the filter or the topic.
    pub object: String,
    /// A stable code.
    pub code: &'static str,
    /// The peer.
    pub peer: Option<SocketAddr>,
}

/// What the endpoint needs from the hub.
pub trait Ingress: Send + Sync + 'static {
    /// The device of a user name and token, if they are right.
    fn authenticate<'a>(
        &'a self,
        username: &'a str,
        token: &'a str,
    ) -> BoxFuture<'a, Result<Option<Device>, IngressUnavailable>>;

    /// Places a message; waits while the mailbox is full. A message of one connection is sent after the one before
    /// it was placed. A topic outside the grammar or the scope has an outcome too: refused.
    fn send<'a>(
        &'a self,
        sender: &'a Sender,
        topic: &'a str,
        payload: Bytes,
    ) -> BoxFuture<'a, Result<Box<dyn Pending>, Withheld>>;

    /// A device's session was lost and did not come back within the grace time.
    fn contact_lost<'a>(&'a self, machine: &'a MachineAddress) -> BoxFuture<'a, ()>;

    /// The session of a machine's device is alive. Must not block.
    fn contact(&self, machine: &MachineAddress);

    /// A CONNECT, a SUBSCRIBE or the topic of a PUBLISH was refused. Must not block.
    fn refused(&self, refusal: AccessRefusal);
}
