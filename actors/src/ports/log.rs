//! The event log: streams without gaps, and the rows that are written in the same transaction.

use async_trait::async_trait;
use domain::alert::Alert;
use domain::history::{HourDelta, StateChange};
use domain::ids::{
    ArticleCode, LineAddress, MachineCode, MetricName, Seq, SiteAddress, StreamId, TenantCode,
};
use domain::message::MeasureValue;
use domain::order::Order;
use domain::stock::{LevelKey, Movement};
use domain::stop::Stop;
use domain::tenant::Article;
use domain::{Quantity, Timestamp};
use uuid::Uuid;

use super::StoreError;

/// What one transaction writes: appends of many actors, all or none.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Recognises a commit whose answer was lost: the same batch committed twice is committed once.
    pub commit_id: Uuid,
    /// In order; several appends may belong to one stream, each continuing the one before.
    pub appends: Vec<Append>,
}

/// What one actor writes for one message.
#[derive(Clone, Debug, Default)]
pub struct Append {
    /// The stream's move, if events are written.
    pub stream: Option<StreamMove>,
    /// The events, in order.
    pub events: Vec<NewEvent>,
    /// The rows that follow from them.
    pub rows: Vec<Row>,
}

/// A stream's head moves from `expected` by the number of events: two writers of one stream collide here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamMove {
    /// The stream.
    pub stream: StreamId,
    /// Its head before; 0 for a new stream.
    pub expected: Seq,
}

/// An event to be written.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// When it was recorded.
    pub at: Timestamp,
    /// Its kind, for readers of the log.
    pub kind: &'static str,
    /// The event as JSON.
    pub payload: String,
}

/// An event as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// Its place in the stream.
    pub seq: Seq,
    /// When it was recorded.
    pub at: Timestamp,
    /// Its kind.
    pub kind: String,
    /// The event as JSON.
    pub payload: String,
}

/// A state of a stream as JSON: replay may start here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The seq of the last event in it.
    pub seq: Seq,
    /// The version of the state's shape; another version is ignored.
    pub version: u32,
    /// The state.
    pub state: String,
}

/// A row of a projection; written with the events it follows from, rebuilt from the log.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// Inserts or replaces an article.
    Article(TenantCode, Box<Article>),
    /// Deletes an article.
    ArticleRemoved(TenantCode, ArticleCode),
    /// Inserts or replaces an order.
    Order(SiteAddress, Box<Order>),
    /// Inserts a movement; one with the same id is left as it is.
    Movement(SiteAddress, Box<Movement>),
    /// Sets a level of stock.
    Level(SiteAddress, LevelKey, Quantity),
    /// Inserts or replaces an alert.
    Alert(TenantCode, Box<Alert>),
    /// Inserts or replaces a stop.
    Stop(LineAddress, Box<Stop>),
    /// Inserts a sample; one with the same (machine, metric, at) is left as it is.
    Sample(LineAddress, Box<Sample>),
    /// Inserts or replaces the change of state of (line, machine, from).
    MachineState(LineAddress, Box<StateChange>),
    /// Adds to the figures of (line, machine, from of the slice); the slice stays as it was first written.
    KpiHour(LineAddress, Box<HourDelta>),
    /// Sets a message aside.
    DeadLetter(Box<DeadLetter>),
    /// A dead letter was retried or discarded.
    DeadLetterResolved(TenantCode, Uuid),
}

/// One measured value at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The machine.
    pub machine: MachineCode,
    /// The name of the value.
    pub metric: MetricName,
    /// When it was measured.
    pub at: Timestamp,
    /// The value.
    pub value: MeasureValue,
}

/// A message that was refused and set aside.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DeadLetter {
    /// Its id here.
    pub id: Uuid,
    /// Whose it is.
    pub tenant: TenantCode,
    /// The topic as sent.
    pub topic: String,
    /// The payload (one element), as text; bytes that are not UTF-8 are replaced, and it is cut at 4 KiB.
    pub payload: String,
    /// Whether the payload above is whole, so that a retry is possible.
    pub retryable: bool,
    /// The device's id of the message, if it could be read.
    pub message_id: Option<String>,
    /// The stable code of the refusal.
    pub code: String,
    /// The rule that was broken.
    pub detail: String,
    /// Who sent it: a device's user name or a user's email.
    pub sender: String,
    /// When it was received.
    pub received_at: Timestamp,
}

/// Why a batch was not committed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Another writer moved this stream's head: its owner is stale and must reload. Nothing was written.
    #[error("the head of stream {stream} is {found}, not {expected}")]
    HeadMoved {
        /// The stream.
        stream: StreamId,
        /// The head that the writer expected.
        expected: Seq,
        /// The head that the store has.
        found: Seq,
    },
    /// The store is away, busy or full; whether the batch was committed may be unknown. Commit the same batch again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The log of events and its snapshots.
#[async_trait]
pub trait EventLog {
    /// Writes a batch in one transaction, durably (fsync), and at most once by its `commit_id`.
    async fn commit(&self, batch: &Batch) -> Result<(), CommitError>;
    /// Up to `limit` events of a stream after `after`, in order.
    async fn read(&self, stream: &StreamId, after: Seq, limit: usize) -> Result<Vec<LogEvent>, StoreError>;
    /// The events of a stream at these places, in order; without those that it does not have.
    async fn read_at(&self, stream: &StreamId, seqs: &[Seq]) -> Result<Vec<LogEvent>, StoreError>;
    /// The last event of a stream that was recorded before an instant; 0 if there is none. It is found by
    /// halving the stream, as what is recorded later stands later: if a clock went back meanwhile, the place
    /// is one of those where the instant was passed.
    async fn last_before(&self, stream: &StreamId, at: Timestamp) -> Result<Seq, StoreError>;
    /// Every stream with its head.
    async fn heads(&self) -> Result<Vec<(StreamId, Seq)>, StoreError>;
    /// The newest snapshot of a stream.
    async fn snapshot(&self, stream: &StreamId) -> Result<Option<Snapshot>, StoreError>;
    /// Keeps a snapshot in place of an older one.
    async fn save_snapshot(&self, stream: &StreamId, snapshot: &Snapshot) -> Result<(), StoreError>;
    /// Counts the starts of hubs on this store: 1 for the first. Epochs of live topics are made of it.
    async fn next_boot(&self) -> Result<u64, StoreError>;
    /// Deletes every row of the projections and writes these in place of them, in one transaction.
    /// Dead letters are not touched: they follow from no event. Samples are replaced like the rest.
    async fn replace_projections(&self, rows: &[Row]) -> Result<(), StoreError>;
}
