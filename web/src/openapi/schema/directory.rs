//! Sites, lines, machines and the credentials of devices.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::words::{FreeCode, Instant, Ratio, Slug, TimeZone};

#[derive(ToSchema)]
pub(crate) struct Site {
    code: Slug,
    name: String,
    time_zone: TimeZone,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSite {
    code: Slug,
    name: String,
    time_zone: TimeZone,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SitePatch {
    name: Option<String>,
    time_zone: Option<TimeZone>,
}

#[derive(ToSchema)]
pub(crate) struct Line {
    code: Slug,
    name: String,
    /// Why its machines stand, for people to choose from; with none, any reason will do.
    reasons: Vec<StopReason>,
    oee_target: Option<Ratio>,
}

/// A reason why machines of a line stand.
#[derive(ToSchema)]
struct StopReason {
    code: FreeCode,
    name: String,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
struct NewStopReason {
    code: FreeCode,
    #[schema(max_length = 100)]
    name: String,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLine {
    code: Slug,
    name: String,
    #[serde(default)]
    #[schema(max_items = 20)]
    reasons: Vec<NewStopReason>,
    /// More than 0, at most 1.
    #[schema(exclusive_minimum = 0, maximum = 1)]
    oee_target: Option<f64>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinePatch {
    name: Option<String>,
    /// All of them; null takes them away.
    #[schema(max_items = 20)]
    reasons: Option<Vec<NewStopReason>>,
    /// More than 0, at most 1; null clears it.
    #[schema(exclusive_minimum = 0, maximum = 1)]
    oee_target: Option<f64>,
}

#[derive(ToSchema)]
pub(crate) struct Machine {
    code: Slug,
    name: String,
    /// Whether its good count is the output of the line.
    output: bool,
    /// The shortest time for one piece.
    ideal_cycle_s: Option<f64>,
    /// The same for pieces of some articles, by code.
    ideal_cycles: BTreeMap<String, f64>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMachine {
    code: Slug,
    name: String,
    #[serde(default)]
    output: bool,
    ideal_cycle_s: Option<f64>,
    /// By article, at most 200.
    #[serde(default)]
    ideal_cycles: BTreeMap<String, f64>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MachinePatch {
    name: Option<String>,
    output: Option<bool>,
    /// Null clears it.
    ideal_cycle_s: Option<f64>,
    /// Articles that are not named stay; null takes one away, or all of them.
    ideal_cycles: Option<BTreeMap<String, Option<f64>>>,
}

#[derive(ToSchema)]
pub(crate) struct Device {
    /// The user name of MQTT and of HTTP Basic.
    username: String,
    name: String,
    /// `site[/line[/machine]]`; empty: the whole tenant.
    #[schema(example = "linz/saw/saw-1")]
    scope: String,
    created_at: Instant,
    revoked_at: Option<Instant>,
}

/// A credential with its secret, which is shown this once.
#[derive(ToSchema)]
pub(crate) struct DeviceWithToken {
    username: String,
    name: String,
    #[schema(example = "linz/saw/saw-1")]
    scope: String,
    created_at: Instant,
    revoked_at: Option<Instant>,
    /// The password of MQTT and of HTTP Basic; absent where an answer is given again for its `Idempotency-Key`.
    token: Option<String>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDevice {
    name: String,
    /// `site[/line[/machine]]`; the whole tenant without it.
    #[serde(default)]
    #[schema(example = "linz/saw/saw-1")]
    scope: String,
}
