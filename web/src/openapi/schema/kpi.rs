//! Indicators over time with all their inputs, where time went, and the timeline of a line.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::calendar::Shift;
use super::words::{ArticleCode, FreeCode, Instant, KpiBucket, MachineState, Quantity, Ratio, Slug};

/// The indicators of lines by bucket; `shift` and `day` belong to the local day they begin on.
#[derive(ToSchema)]
pub(crate) struct OeeHistory {
    bucket: KpiBucket,
    from: Instant,
    to: Instant,
    items: Vec<OeeItem>,
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// A figure with a missing input is absent.
#[derive(ToSchema)]
struct OeeItem {
    site: Slug,
    line: Slug,
    from: Instant,
    to: Instant,
    /// Its name, of a shift.
    shift: Option<String>,
    oee: Option<Ratio>,
    /// `running_ms` / `planned_busy_ms`.
    availability: Option<Ratio>,
    /// `planned_run_ms` / `running_ms`.
    effectiveness: Option<Ratio>,
    /// `good` / `produced`.
    quality: Option<Ratio>,
    inputs: OeeInputs,
}

/// What the indicators are made of (ISO 22400-2).
#[derive(ToSchema)]
struct OeeInputs {
    planned_ms: i64,
    /// `planned_ms` less `unknown_ms`, and `overtime_ms`.
    planned_busy_ms: i64,
    running_ms: i64,
    idle_ms: i64,
    setup_ms: i64,
    down_ms: i64,
    maintenance_ms: i64,
    unknown_ms: i64,
    planned_stop_ms: i64,
    /// Running outside planned time.
    overtime_ms: i64,
    /// The time that what was produced takes at the ideal cycle.
    planned_run_ms: i64,
    good: Quantity,
    scrap: Quantity,
    produced: Quantity,
    target: Option<Quantity>,
}

/// Where time went, the largest loss first.
#[derive(ToSchema)]
pub(crate) struct LossAnalysis {
    from: Instant,
    to: Instant,
    planned_busy_ms: i64,
    loss_ms: i64,
    items: Vec<TimeLoss>,
}

#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
enum LossKind {
    Stop,
    Speed,
    Scrap,
}

#[derive(ToSchema)]
struct TimeLoss {
    kind: LossKind,
    /// Of a stop.
    state: Option<MachineState>,
    /// Absent of a stop: unclassified.
    reason: Option<FreeCode>,
    /// What the line calls the reason.
    name: Option<String>,
    duration_ms: i64,
    count: u64,
    /// Of all losses.
    share_ratio: Ratio,
    /// With the losses before it.
    cumulative_ratio: Ratio,
}

#[derive(ToSchema)]
pub(crate) struct Timeline {
    from: Instant,
    to: Instant,
    /// By code.
    machines: BTreeMap<String, MachineTimeline>,
    shifts: Vec<Shift>,
    orders: Vec<TimelineOrder>,
}

#[derive(ToSchema)]
struct MachineTimeline {
    name: String,
    states: Vec<StateSpan>,
}

#[derive(ToSchema)]
struct StateSpan {
    from: Instant,
    /// Null: it lasts.
    #[schema(required = true)]
    to: Option<Instant>,
    state: MachineState,
    reason: Option<FreeCode>,
}

#[derive(ToSchema)]
struct TimelineOrder {
    code: FreeCode,
    article: ArticleCode,
    /// Null: it was not started.
    #[schema(required = true)]
    from: Option<Instant>,
    /// Null: it is not completed.
    #[schema(required = true)]
    to: Option<Instant>,
}
