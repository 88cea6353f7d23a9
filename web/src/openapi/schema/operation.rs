//! What goes on: stops, samples, alerts and their rules, dead letters, quarantine.

use utoipa::ToSchema;
use uuid::Uuid;

use super::words::{AlertState, FreeCode, Instant, InstantInput, MachineState, MetricName, Severity, Slug};

#[derive(ToSchema)]
pub(crate) struct Stop {
    id: Uuid,
    machine: Slug,
    state: MachineState,
    /// Null: unclassified.
    #[schema(required = true)]
    reason: Option<FreeCode>,
    comment: Option<String>,
    /// The person whose word the reason is, or that there is none; absent while it is the machine's.
    classified_by: Option<String>,
    classified_at: Option<Instant>,
    from: Instant,
    /// Null: it lasts. One that ends where it begins turned out not to have been a stop.
    #[schema(required = true)]
    to: Option<Instant>,
}

/// A stop and the events that it is made of.
#[derive(ToSchema)]
pub(crate) struct StopWithEvents {
    id: Uuid,
    machine: Slug,
    state: MachineState,
    /// Null: unclassified.
    #[schema(required = true)]
    reason: Option<FreeCode>,
    comment: Option<String>,
    /// The person whose word the reason is, or that there is none; absent while it is the machine's.
    classified_by: Option<String>,
    classified_at: Option<Instant>,
    from: Instant,
    /// Null: it lasts. One that ends where it begins turned out not to have been a stop.
    #[schema(required = true)]
    to: Option<Instant>,
    events: Vec<LineEvent>,
}

/// A stop after a change.
#[derive(ToSchema)]
pub(crate) struct ChangedStop {
    id: Uuid,
    machine: Slug,
    state: MachineState,
    /// Null: unclassified.
    #[schema(required = true)]
    reason: Option<FreeCode>,
    comment: Option<String>,
    /// The person whose word the reason is, or that there is none; absent while it is the machine's.
    classified_by: Option<String>,
    classified_at: Option<Instant>,
    from: Instant,
    /// Null: it lasts. One that ends where it begins turned out not to have been a stop.
    #[schema(required = true)]
    to: Option<Instant>,
    /// The later part, where the stop was cut in two.
    split_off: Option<Stop>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StopPatch {
    /// One of the line's reasons, if it has any; null: nobody knows.
    reason: Option<FreeCode>,
    /// Without control characters; null takes it away.
    #[schema(max_length = 500)]
    comment: Option<String>,
    /// Cuts the stop in two. Reason and comment are then the earlier part's.
    split_at: Option<InstantInput>,
}

/// An event of the log of a line.
#[derive(ToSchema)]
pub(crate) struct LineEvent {
    seq: u64,
    at: Instant,
    #[schema(example = "stop_started")]
    kind: String,
    #[schema(value_type = Object)]
    data: serde_json::Value,
}

#[derive(ToSchema)]
pub(crate) struct Samples {
    metric: MetricName,
    from: Instant,
    to: Instant,
    /// Whether the span held more samples than are read for one answer; what follows the last one is missing.
    truncated: bool,
    /// One series a machine.
    items: Vec<SampleSeries>,
}

#[derive(ToSchema)]
struct SampleSeries {
    machine: Slug,
    /// How many numbers there were before downsampling.
    samples: u64,
    points: Vec<SamplePoint>,
}

#[derive(ToSchema)]
struct SamplePoint {
    at: Instant,
    value: f64,
}

#[derive(ToSchema)]
pub(crate) struct Alert {
    id: Uuid,
    site: Slug,
    line: Option<Slug>,
    machine: Option<Slug>,
    /// The rule's code, `alarm:CODE` of a machine's own alarm, or `quarantine`.
    #[schema(example = "alarm:E-17")]
    rule: String,
    severity: Severity,
    state: AlertState,
    text: String,
    raised_at: Instant,
    acked_at: Option<Instant>,
    acked_by: Option<String>,
    cleared_at: Option<Instant>,
}

#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
enum RuleKind {
    DownLongerThan,
    MeasureAbove,
    MeasureBelow,
}

/// When to raise an alert; without `site`, `line` or `machine` about every one.
#[derive(ToSchema)]
pub(crate) struct AlertRule {
    code: Slug,
    kind: RuleKind,
    severity: Severity,
    site: Option<Slug>,
    line: Option<Slug>,
    machine: Option<Slug>,
    /// Of `down_longer_than`.
    duration_s: Option<u32>,
    /// Of `measure_above` and `measure_below`.
    metric: Option<MetricName>,
    limit: Option<f64>,
    /// How far the value must come back.
    deadband: Option<f64>,
    on_delay_s: Option<u32>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAlertRule {
    code: Slug,
    kind: RuleKind,
    severity: Severity,
    site: Option<Slug>,
    line: Option<Slug>,
    machine: Option<Slug>,
    /// Of `down_longer_than`, and required there.
    #[schema(minimum = 1, maximum = 86_400)]
    duration_s: Option<u32>,
    /// Of `measure_above` and `measure_below`, and required there.
    metric: Option<MetricName>,
    /// Of `measure_above` and `measure_below`, and required there.
    limit: Option<f64>,
    /// How far the value must come back; 0 without it.
    deadband: Option<f64>,
    /// 0 without it.
    #[schema(maximum = 86_400)]
    on_delay_s: Option<u32>,
}

/// A message that was refused and set aside.
#[derive(ToSchema)]
pub(crate) struct DeadLetter {
    id: Uuid,
    topic: String,
    /// The element as it was sent, at most 4 KiB of it.
    payload: String,
    retryable: bool,
    message_id: Option<String>,
    code: String,
    detail: String,
    sender: String,
    received_at: Instant,
}

/// A line that was restarted too often.
#[derive(ToSchema)]
pub(crate) struct QuarantinedLine {
    site: Slug,
    line: Slug,
    since: Instant,
    restarts: u32,
    last_exit: String,
}
