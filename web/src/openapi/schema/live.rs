//! The frames of the live socket and the data of its topics. Live data holds no null: what is not known is absent.

use std::collections::BTreeMap;

use utoipa::ToSchema;
use uuid::Uuid;

use super::ingest::{MeasureValue, MessageStatus};
use super::words::{
    AlertState, AndonColor, ArticleCode, FreeCode, Instant, MachineState, Quantity, Ratio, RoleName,
    Severity, Slug, TimeZone,
};

/// How many alerts are active, by severity.
#[derive(ToSchema)]
struct AlertCounts {
    critical: u32,
    high: u32,
    medium: u32,
    low: u32,
}

/// The data of the topic `site/{site}`.
#[derive(ToSchema)]
pub(crate) struct SiteData {
    site: SiteHead,
    /// By code.
    lines: BTreeMap<String, LineTile>,
    alerts: AlertCounts,
}

#[derive(ToSchema)]
struct SiteHead {
    code: Slug,
    name: String,
    time_zone: TimeZone,
}

/// `status`, `since` and `reason` are those of the output machine, or of the one that needs a person most.
#[derive(ToSchema)]
struct LineTile {
    name: String,
    status: MachineState,
    andon: AndonColor,
    /// While a planned stop of the calendar holds.
    planned_stop: Option<LivePlannedStop>,
    since: Option<Instant>,
    reason: Option<FreeCode>,
    /// What the line calls that reason, if it has it.
    reason_name: Option<String>,
    order: Option<TileOrder>,
    /// Absent when no shift is on.
    shift: Option<TileShift>,
    machines: MachineCounts,
    alerts: AlertCounts,
}

#[derive(ToSchema)]
struct TileOrder {
    code: FreeCode,
    article: ArticleCode,
    quantity: Quantity,
    good: Quantity,
    scrap: Quantity,
    progress_ratio: Option<Ratio>,
    /// At the pace since the start, in whole minutes.
    expected_end: Option<Instant>,
    due: Option<Instant>,
}

#[derive(ToSchema)]
struct TileShift {
    name: String,
    oee: Option<Ratio>,
    good: Quantity,
    scrap: Quantity,
    target: Option<Quantity>,
}

#[derive(ToSchema)]
struct MachineCounts {
    running: u32,
    idle: u32,
    setup: u32,
    down: u32,
    maintenance: u32,
    offline: u32,
}

/// The data of the topic `line/{site}/{line}`.
#[derive(ToSchema)]
pub(crate) struct LineData {
    line: LineHead,
    /// By code.
    machines: BTreeMap<String, LiveMachine>,
    order: Option<LiveOrder>,
    shift: Option<LiveShift>,
    /// Those that last and the newest 20 that ended in this shift, by id.
    stops: BTreeMap<String, LiveStop>,
    /// By id.
    alerts: BTreeMap<String, LineAlert>,
}

#[derive(ToSchema)]
struct LineHead {
    code: Slug,
    name: String,
    status: MachineState,
    andon: AndonColor,
    /// While a planned stop of the calendar holds.
    planned_stop: Option<LivePlannedStop>,
}

/// A planned stop that holds now.
#[derive(ToSchema)]
struct LivePlannedStop {
    name: String,
    to: Instant,
}

/// `stale`: not heard of for 5 minutes; `unknown`: offline.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
enum DataQuality {
    Good,
    Stale,
    Unknown,
}

#[derive(ToSchema)]
struct LiveMachine {
    name: String,
    state: MachineState,
    since: Option<Instant>,
    reason: Option<FreeCode>,
    quality: DataQuality,
    /// There when it is true.
    clock_skew: Option<bool>,
    good: Quantity,
    scrap: Quantity,
    /// By metric.
    measures: BTreeMap<String, LiveMeasure>,
}

#[derive(ToSchema)]
struct LiveMeasure {
    value: MeasureValue,
    at: Instant,
}

#[derive(ToSchema)]
struct LiveOrder {
    code: FreeCode,
    article: ArticleCode,
    quantity: Quantity,
    good: Quantity,
    scrap: Quantity,
    started_at: Instant,
    /// At the pace since the start, in whole minutes.
    expected_end: Option<Instant>,
    due: Option<Instant>,
}

/// A figure with a missing input is absent.
#[derive(ToSchema)]
struct LiveShift {
    name: String,
    from: Instant,
    to: Instant,
    oee: Option<Ratio>,
    availability: Option<Ratio>,
    effectiveness: Option<Ratio>,
    quality: Option<Ratio>,
    target: Option<Quantity>,
    good: Quantity,
    scrap: Quantity,
}

#[derive(ToSchema)]
struct LiveStop {
    machine: Slug,
    from: Instant,
    to: Option<Instant>,
    reason: Option<FreeCode>,
    comment: Option<String>,
    state: MachineState,
}

#[derive(ToSchema)]
struct LineAlert {
    severity: Severity,
    state: AlertState,
    rule: String,
    text: String,
    raised_at: Instant,
    machine: Option<Slug>,
}

/// The data of the topics `alerts` and `alerts/{site}`; a closed alert leaves.
#[derive(ToSchema)]
pub(crate) struct AlertsData {
    /// By id.
    alerts: BTreeMap<String, LiveAlert>,
}

#[derive(ToSchema)]
struct LiveAlert {
    site: Slug,
    line: Option<Slug>,
    machine: Option<Slug>,
    rule: String,
    severity: Severity,
    state: AlertState,
    text: String,
    raised_at: Instant,
    acked_at: Option<Instant>,
    acked_by: Option<String>,
    cleared_at: Option<Instant>,
}

/// The data of the topics `messages/{site}` and `messages/{site}/{line}`.
#[derive(ToSchema)]
pub(crate) struct MessagesData {
    /// The newest 200, by keys of 16 digits that grow.
    messages: BTreeMap<String, LiveMessage>,
    /// How many were left out since the newest entry, because there were too many to show; absent where none.
    skipped: Option<u64>,
}

#[derive(ToSchema)]
struct LiveMessage {
    /// When it was received.
    at: Instant,
    /// As the sender wrote it, at most 300 bytes of it.
    topic: String,
    /// As far as the topic names one.
    line: Option<Slug>,
    machine: Option<Slug>,
    /// Absent where the topic is outside the grammar.
    channel: Option<String>,
    /// A device's user name, or a user's email.
    sender: String,
    status: MessageStatus,
    id: Option<String>,
    /// Its place in the packet, where that was an array.
    index: Option<u64>,
    /// The stable code of a refusal.
    code: Option<String>,
    /// Field and rule of a refusal.
    detail: Option<String>,
    /// As it was sent, at most 1 KiB of it.
    payload: String,
    /// There when it is true.
    truncated: Option<bool>,
    /// How many messages were left out just before this one; absent where none.
    skipped: Option<u64>,
}

/// A place in the history of a topic; the epoch is a 64-bit number.
#[derive(ToSchema)]
pub(crate) struct Position {
    epoch: u64,
    seq: u64,
}

/// A text frame from a client of `GET /api/v1/live`.
#[derive(ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ClientFrame {
    /// First, within 10 s; again before the token expires.
    Auth {
        token: String,
        tenant: Option<Slug>,
    },
    /// A second time starts the topic afresh.
    Subscribe {
        topic: String,
        since: Option<Position>,
    },
    Unsubscribe {
        topic: String,
    },
    Ping {},
}

#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reset {
    Slow,
}

/// The data of a snapshot.
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum TopicData {
    Site(SiteData),
    Line(LineData),
    Alerts(AlertsData),
    Messages(MessagesData),
}

/// A text frame from the server.
#[derive(ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ServerFrame {
    /// After every accepted token.
    Ready {
        server_time: Instant,
        user: LiveUser,
    },
    /// The whole of a topic.
    Snapshot {
        topic: String,
        epoch: u64,
        seq: u64,
        at: Instant,
        /// In place of what was missed.
        reset: Option<Reset>,
        data: TopicData,
    },
    /// An RFC 7396 merge patch on the copy at `prev`.
    Delta {
        topic: String,
        epoch: u64,
        seq: u64,
        prev: u64,
        at: Instant,
        #[schema(value_type = Object)]
        data: serde_json::Value,
    },
    /// `since` is honoured, the missed deltas follow.
    Resumed {
        topic: String,
        epoch: u64,
        seq: u64,
    },
    Error {
        topic: Option<String>,
        code: String,
        detail: String,
    },
    Pong {
        server_time: Instant,
    },
    Closing {
        code: String,
        retry_after_ms: u64,
    },
}

/// Who a session is.
#[derive(ToSchema)]
pub(crate) struct LiveUser {
    id: Uuid,
    email: String,
    name: String,
    tenant: Slug,
    roles: Vec<RoleName>,
    /// Absent: every site.
    sites: Option<Vec<Slug>>,
}
