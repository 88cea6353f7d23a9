//! Logins, users and the audit trail.

use utoipa::ToSchema;
use uuid::Uuid;

use super::words::{Instant, RoleName, Slug};

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    #[schema(example = "ana@plant.example")]
    email: String,
    password: String,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refresh {
    refresh_token: String,
}

/// The tokens of a login.
#[derive(ToSchema)]
pub(crate) struct Grant {
    access_token: String,
    /// Works once.
    refresh_token: String,
    #[schema(example = "Bearer")]
    token_type: String,
    /// Seconds until the access token expires.
    expires_in: i64,
    user: Me,
}

/// The next tokens of a login.
#[derive(ToSchema)]
pub(crate) struct Renewal {
    access_token: String,
    refresh_token: String,
    #[schema(example = "Bearer")]
    token_type: String,
    expires_in: i64,
}

/// A user as they see themselves.
#[derive(ToSchema)]
pub(crate) struct Me {
    id: Uuid,
    email: String,
    name: String,
    /// The tenant of this request.
    tenant: Slug,
    tenants: Vec<Slug>,
    #[schema(required = true)]
    default_tenant: Option<Slug>,
    roles: Vec<RoleName>,
    /// Null: every site.
    #[schema(required = true)]
    sites: Option<Vec<Slug>>,
}

#[derive(ToSchema)]
pub(crate) struct Session {
    id: Uuid,
    created_at: Instant,
    refreshed_at: Instant,
    expires_at: Instant,
    user_agent: String,
    /// Whether it is the session of this request.
    current: bool,
}

#[derive(ToSchema)]
pub(crate) struct User {
    id: Uuid,
    email: String,
    name: String,
    roles: Vec<RoleName>,
    /// Null: every site.
    #[schema(required = true)]
    sites: Option<Vec<Slug>>,
    disabled: bool,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    email: String,
    name: String,
    /// 12 to 256 characters, not a common one.
    #[schema(min_length = 12, max_length = 256)]
    password: String,
    #[schema(min_items = 1)]
    roles: Vec<RoleName>,
    /// Every site without it.
    sites: Option<Vec<Slug>>,
}

#[derive(ToSchema)]
pub(crate) struct AuditEntry {
    at: Instant,
    actor: String,
    #[schema(example = "orders.create")]
    action: String,
    object: String,
    /// `ok`, or the code of the refusal.
    outcome: String,
    peer: String,
}
