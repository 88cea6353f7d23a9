//! Who may do what: tenants, users, devices, sessions, keys, the audit trail and remembered answers.

use async_trait::async_trait;
use domain::Timestamp;
use domain::ids::{SiteCode, TenantCode};
use domain::wire::scope::DeviceScope;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::StoreError;

/// What a user may do in a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Works at a terminal of a line.
    Operator,
    /// Books stock.
    Storekeeper,
    /// Plans orders and keeps articles.
    Planner,
    /// Watches lines, acknowledges alerts, keeps rules.
    Supervisor,
    /// Everything in the tenant.
    Admin,
}

/// A company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantRecord {
    /// Its slug.
    pub code: TenantCode,
    /// Its name.
    pub name: String,
}

/// A user's roles in one tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The tenant.
    pub tenant: TenantCode,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Only at these sites; `None` is every site.
    pub sites: Option<Vec<SiteCode>>,
}

/// A user to create; an email is unique in the whole hub, compared in lower case.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The id.
    pub id: Uuid,
    /// The email, in lower case.
    pub email: String,
    /// The name.
    pub name: String,
    /// argon2id, PHC string.
    pub password_hash: String,
    /// The first is the default tenant.
    pub memberships: Vec<Membership>,
    /// When.
    pub created_at: Timestamp,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    /// The id.
    pub id: Uuid,
    /// The email, in lower case.
    pub email: String,
    /// The name.
    pub name: String,
    /// argon2id, PHC string.
    pub password_hash: String,
    /// In the order they were given; the first is the default tenant.
    pub memberships: Vec<Membership>,
    /// May no longer log in.
    pub disabled: bool,
}

/// A device credential to create.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// The MQTT user name; unique in the whole hub.
    pub username: String,
    /// SHA-256 of the token, hex. The token is 256 random bits, so a slow hash would add nothing.
    pub token_sha256: String,
    /// A name for people.
    pub name: String,
    /// What it may publish for.
    pub scope: DeviceScope,
    /// When.
    pub created_at: Timestamp,
}

/// A device credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRecord {
    /// The MQTT user name.
    pub username: String,
    /// SHA-256 of the token, hex.
    pub token_sha256: String,
    /// A name for people.
    pub name: String,
    /// What it may publish for.
    pub scope: DeviceScope,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// A refresh token as stored. Tokens of one login are a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshRecord {
    /// SHA-256 of the token, hex.
    pub token_sha256: String,
    /// The login it descends from.
    pub family: Uuid,
    /// Whose it is.
    pub user: Uuid,
    /// The tenant of the login.
    pub tenant: TenantCode,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The client, for the list of sessions.
    pub user_agent: String,
}

/// What came of showing a refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefreshOutcome {
    /// It was current; it is now used and the next one is stored.
    Rotated(RefreshRecord),
    /// It was used before: the whole family is revoked now.
    Reused {
        /// The family that was revoked.
        family: Uuid,
        /// Whose it was.
        user: Uuid,
    },
    /// Unknown, expired or revoked.
    Invalid,
}

/// A login that is still alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// The family.
    pub id: Uuid,
    /// Whose it is.
    pub user: Uuid,
    /// When the login was.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub refreshed_at: Timestamp,
    /// When it ends unless refreshed.
    pub expires_at: Timestamp,
    /// The client.
    pub user_agent: String,
}

/// A key that signs access tokens. All nodes share them.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Names the key in a token's header.
    pub kid: String,
    /// The secret.
    pub secret: Vec<u8>,
    /// When it was made; the newest signs, all verify until they are retired.
    pub created_at: Timestamp,
    /// From then on tokens signed with it are refused.
    pub retired_at: Option<Timestamp>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// One line of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// The tenant, where one is known.
    pub tenant: Option<TenantCode>,
    /// When.
    pub at: Timestamp,
    /// Who: an email, a device's user name, or what they claimed to be.
    pub actor: String,
    /// What was tried, such as `orders.create` or `auth.login`.
    pub action: String,
    /// On what.
    pub object: String,
    /// `ok` or the stable code of the refusal.
    pub outcome: String,
    /// The peer's address.
    pub peer: String,
}

/// An answer remembered for an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// SHA-256 of method, path and body, hex.
    pub request_sha256: String,
    /// The HTTP status.
    pub status: u16,
    /// The `Location` header, if there was one.
    pub location: Option<String>,
    /// The body.
    pub body: String,
    /// When it was given.
    pub at: Timestamp,
}

/// Users, devices, sessions, keys, audit.
#[async_trait]
pub trait Identities {
    /// Every tenant.
    async fn tenants(&self) -> Result<Vec<TenantRecord>, StoreError>;
    /// Creates a tenant; `Conflict` if it exists.
    async fn create_tenant(&self, tenant: &TenantRecord) -> Result<(), StoreError>;

    /// Creates a user; `Conflict` if the email is taken.
    async fn create_user(&self, user: &NewUser) -> Result<(), StoreError>;
    /// A user by email (lower case).
    async fn user_by_email(&self, email: &str) -> Result<Option<UserRecord>, StoreError>;
    /// A user by id.
    async fn user(&self, id: Uuid) -> Result<Option<UserRecord>, StoreError>;
    /// Users of a tenant, by email.
    async fn users(&self, tenant: &TenantCode) -> Result<Vec<UserRecord>, StoreError>;
    /// Adds or replaces a user's membership of a tenant.
    async fn put_membership(&self, user: Uuid, membership: &Membership) -> Result<(), StoreError>;

    /// Creates a credential; `Conflict` if the user name is taken.
    async fn create_device(&self, device: &NewDevice) -> Result<(), StoreError>;
    /// A credential by user name, also a revoked one.
    async fn device(&self, username: &str) -> Result<Option<DeviceRecord>, StoreError>;
    /// Credentials of a tenant, by user name.
    async fn devices(&self, tenant: &TenantCode) -> Result<Vec<DeviceRecord>, StoreError>;
    /// Replaces the token of a credential that is not revoked; false if there is none.
    async fn rotate_device(
        &self,
        tenant: &TenantCode,
        username: &str,
        token_sha256: &str,
    ) -> Result<bool, StoreError>;
    /// Revokes a credential; false if there is none that is not revoked.
    async fn revoke_device(
        &self,
        tenant: &TenantCode,
        username: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Stores the first refresh token of a login.
    async fn start_session(&self, token: &RefreshRecord) -> Result<(), StoreError>;
    /// Uses a refresh token once: in one transaction it is marked used and `next` (made from it) is stored.
    async fn rotate_refresh(
        &self,
        token_sha256: &str,
        next_sha256: &str,
        next_expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<RefreshOutcome, StoreError>;
    /// The families of a user that are alive.
    async fn sessions(&self, user: Uuid, now: Timestamp) -> Result<Vec<SessionRecord>, StoreError>;
    /// Revokes a family of this user; false if there is none alive.
    async fn revoke_session(&self, user: Uuid, family: Uuid, now: Timestamp) -> Result<bool, StoreError>;
    /// Whether a family is alive (neither revoked nor expired).
    async fn session_alive(&self, family: Uuid, now: Timestamp) -> Result<bool, StoreError>;

    /// Every signing key, newest first.
    async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError>;
    /// Adds a key, and retires all others at `retire_others_at` if given.
    async fn add_signing_key(
        &self,
        key: &SigningKey,
        retire_others_at: Option<Timestamp>,
    ) -> Result<(), StoreError>;

    /// Writes to the audit trail.
    async fn audit(&self, entry: &AuditEntry) -> Result<(), StoreError>;
    /// The newest entries of a tenant.
    async fn audit_entries(&self, tenant: &TenantCode, limit: u32) -> Result<Vec<AuditEntry>, StoreError>;

    /// The answer given to this key within its time, if one was.
    async fn stored_answer(
        &self,
        tenant: &TenantCode,
        key: &str,
        not_before: Timestamp,
    ) -> Result<Option<StoredAnswer>, StoreError>;
    /// Remembers an answer; the first one for a key stays.
    async fn store_answer(
        &self,
        tenant: &TenantCode,
        key: &str,
        answer: &StoredAnswer,
    ) -> Result<(), StoreError>;
}
