//! The supervision tree, the journal, the registry, live topics, and the ports to the outside.

pub mod clock;
pub mod credentials;
pub mod directory;
#[cfg(debug_assertions)]
pub mod fault;
pub mod hub;
pub mod ingest;
pub mod journal;
mod line;
pub mod live;
mod mailbox;
pub mod messages;
pub mod ports;
mod projections;
mod registry;
mod shared;
mod site;
mod stream;
pub mod supervision;
mod tenant;
pub mod verify;

pub use hub::{CommandError, HealthReport, Hub, HubHandle, HubOptions, Subscribe};
pub use live::{Frame, SessionId};
pub use shared::TreeStats;

/// How often a mailbox had no room: back-pressure at work.
pub use mailbox::times_full as mailbox_times_full;
