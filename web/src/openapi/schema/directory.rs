//! Sites, lines, machines and the credentials of devices.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::words::{FreeCode, Instant, Slug, TimeZone};

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
    /// The OEE that it should reach.
    oee_target: Option<f64>,
}

/// A reason that a line offers.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
struct StopReason {
    code: FreeCode,
    #[schema(example = "No material")]
    name: String,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLine {
    code: Slug,
    name: String,
    #[serde(default)]
    #[schema(max_items = 20)]
    reasons: Vec<StopReason>,
    #[schema(exclusive_minimum = 0, maximum = 1)]
    oee_target: Option<f64>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinePatch {
    name: Option<String>,
    /// All of them; null: none.
    #[schema(max_items = 20)]
    reasons: Option<Vec<StopReason>>,
    /// Null clears it.
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
    /// The same for pieces of some articles, in seconds by code.
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
    /// In seconds by article; at most 200.
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
    /// An article that is not named stays; null takes one away, or all of them.
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
    /// Whether a session of it is open at the MQTT endpoint now.
    connected: bool,
    /// Its sessions, the oldest first, at most 100.
    connections: Vec<DeviceConnection>,
    /// When its newest message was received, over MQTT or HTTP, whatever came of it; absent where none came since the hub started.
    last_message_at: Option<Instant>,
}

/// A session at the MQTT endpoint.
#[derive(ToSchema)]
pub(crate) struct DeviceConnection {
    client_id: String,
    /// The version of MQTT: `3.1.1` or `5`.
    #[schema(example = "5")]
    protocol: String,
    /// Address and port of the other end.
    #[schema(example = "10.0.0.7:49152")]
    peer: Option<String>,
    since: Instant,
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
