//! What the actors need from the outside, as traits; `connectors` implements them, one conformance suite checks them.

mod devices;
mod identity;
mod log;
mod queries;

use async_trait::async_trait;

pub use devices::{
    DeviceConnection, DeviceOutbox, DevicePresence, DiscardOutbox, MqttVersion, OutgoingTopic,
};
pub use identity::{
    AuditEntry, DeviceRecord, Identities, Membership, NewDevice, NewUser, RefreshOutcome, RefreshRecord,
    Role, SessionRecord, SigningKey, StoredAnswer, TenantRecord, UserRecord,
};
pub use log::{
    Append, Batch, CommitError, DeadLetter, EventLog, LogEvent, NewEvent, Row, Sample, Snapshot, StreamMove,
};
pub use queries::{
    AlertFilter, ArticleFilter, DeadLetterFilter, HourQuery, HourRow, LevelFilter, LevelItem,
    MAX_HISTORY_ROWS, MovementFilter, MovementItem, OrderFilter, OrderItem, Page, PageRequest, Queries,
    SampleQuery, StateQuery, StopFilter,
};

/// Why the store did not answer. Public text never shows the cause.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The store is away, busy or full: trying again may help.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// What is stored cannot be read: a defect, or a newer version wrote it.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
    /// A row with this key exists.
    #[error("a row with this key exists: {0}")]
    Conflict(String),
    /// The cursor of a list was not made by this hub.
    #[error("the cursor is not valid")]
    InvalidCursor,
    /// The span holds more rows than are read for one answer: ask for less at a time.
    #[error("the span holds more than {limit} rows")]
    TooMany {
        /// How many would have been read.
        limit: usize,
    },
}

/// Everything the hub stores, behind one narrow port.
#[async_trait]
pub trait Store: EventLog + Queries + Identities + Send + Sync + 'static {
    /// Whether the store answers and can be written to: for readiness.
    async fn ping(&self) -> Result<(), StoreError>;
    /// Flushes and closes; later calls fail.
    async fn close(&self);
}
