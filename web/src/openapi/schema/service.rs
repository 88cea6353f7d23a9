//! Health, and refusals.

use utoipa::ToSchema;

/// RFC 9457 problem details.
#[derive(ToSchema)]
pub(crate) struct Problem {
    #[schema(example = "urn:topsteel:problem:invalid_field")]
    r#type: String,
    #[schema(example = "Unprocessable Entity")]
    title: String,
    status: u16,
    #[schema(example = "code: must match ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    detail: String,
    /// Stable; the same over MQTT, REST and WebSocket.
    #[schema(example = "invalid_field")]
    code: String,
    errors: Option<Vec<FieldError>>,
}

/// One field at fault.
#[derive(ToSchema)]
struct FieldError {
    /// As the sender wrote it.
    #[schema(example = "values.temp")]
    field: String,
    code: String,
    /// The rule that was broken.
    detail: String,
}

#[derive(ToSchema)]
pub(crate) struct Liveness {
    #[schema(example = "live")]
    status: String,
}

#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
enum StoreStatus {
    Up,
    Down,
}

#[derive(ToSchema)]
pub(crate) struct Readiness {
    /// Whether messages are taken and acknowledged.
    ready: bool,
    store: StoreStatus,
    lines_up: u64,
    lines_restarting: u64,
    lines_quarantined: u64,
    /// Appends that wait for a commit.
    journal_depth: u64,
    journal_capacity: u64,
}
