//! Messages of devices over HTTP, and what came of them.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::words::{
    ArticleCode, FreeCode, InstantInput, MachineState, MovementKind, OrderAction, QuantityInput, Severity,
    UnitCode,
};

/// A number, a flag, or a text of at most 256 characters.
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum MeasureValue {
    Number(f64),
    Flag(bool),
    Text(String),
}

/// One message: `topic`, what every message may have, and the fields of the topic's channel.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceMessage {
    /// `hub/v1/{tenant}/{site}/{line}/{machine}/{channel}`, or `hub/v1/{tenant}/{site}/stock`.
    #[schema(example = "hub/v1/acme/linz/saw/saw-1/count")]
    topic: String,
    /// Makes the message count once.
    #[schema(min_length = 1, max_length = 64, nullable = false)]
    id: Option<String>,
    /// The device's time.
    #[schema(nullable = false)]
    at: Option<InstantInput>,
    /// The device kept it while it was offline.
    #[schema(nullable = false)]
    buffered: Option<bool>,
    /// Of `state`.
    #[schema(nullable = false)]
    state: Option<MachineState>,
    /// Of `state`.
    #[schema(nullable = false)]
    reason: Option<FreeCode>,
    /// Of `count`: an increment.
    #[schema(nullable = false)]
    good: Option<QuantityInput>,
    /// Of `count`: an increment.
    #[schema(nullable = false)]
    scrap: Option<QuantityInput>,
    /// Of `count`: a running total.
    #[schema(nullable = false)]
    total_good: Option<QuantityInput>,
    /// Of `count`: a running total.
    #[schema(nullable = false)]
    total_scrap: Option<QuantityInput>,
    /// Of `measure`.
    #[schema(nullable = false)]
    values: Option<BTreeMap<String, MeasureValue>>,
    /// Of `alarm`.
    #[schema(nullable = false)]
    code: Option<String>,
    /// Of `alarm`.
    #[schema(nullable = false)]
    active: Option<bool>,
    /// Of `alarm`; `medium` without it.
    #[schema(nullable = false)]
    severity: Option<Severity>,
    /// Of `alarm`.
    #[schema(max_length = 500, nullable = false)]
    text: Option<String>,
    /// Of `order` and `stock`.
    #[schema(nullable = false)]
    order: Option<FreeCode>,
    /// Of `order`: `start`, `pause`, `resume` or `complete`.
    #[schema(nullable = false)]
    action: Option<OrderAction>,
    /// Of `stock`.
    #[schema(nullable = false)]
    kind: Option<MovementKind>,
    /// Of `stock`.
    #[schema(nullable = false)]
    article: Option<ArticleCode>,
    /// Of `stock`.
    #[schema(nullable = false)]
    quantity: Option<QuantityInput>,
    /// Of `stock`.
    #[schema(nullable = false)]
    unit: Option<UnitCode>,
    /// Of `stock`.
    #[schema(nullable = false)]
    lot: Option<FreeCode>,
    /// Of `stock`.
    #[schema(nullable = false)]
    location: Option<FreeCode>,
    /// Of `stock` with `transfer`.
    #[schema(nullable = false)]
    to_location: Option<FreeCode>,
}

/// One message, or 1 to 1,000.
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum DeviceMessages {
    One(DeviceMessage),
    Several(Vec<DeviceMessage>),
}

#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MessageStatus {
    Accepted,
    Duplicate,
    Refused,
}

/// What came of one message.
#[derive(ToSchema)]
pub(crate) struct MessageResult {
    status: MessageStatus,
    id: Option<String>,
    /// Why it is refused; `overloaded`, `store_unavailable` and `line_quarantined` were not stored and may be sent again.
    #[schema(example = "unknown_machine")]
    code: Option<String>,
    detail: Option<String>,
}

/// One result a message, in order.
#[derive(ToSchema)]
pub(crate) struct MessageResults {
    results: Vec<MessageResult>,
}
