//! Tenants, users and credentials of devices, as `hub admin` and the demo plant create them in the store.

use actors::credentials::{new_token, new_username, token_digest};
use actors::ports::{Membership, NewDevice, NewUser, Store, StoreError, TenantRecord, UserRecord};
use domain::ids::{self, TenantCode};
use domain::wire::scope::DeviceScope;
use domain::{Rejection, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use web::Problem;
use web::auth::{Passwords, check_new_password, checked_email};

const MAX_NAME_CHARS: usize = 255;

/// Why nothing was created.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// A tenant of this code exists.
    #[error("the tenant {0} exists")]
    TenantExists(TenantCode),
    /// There is no such tenant.
    #[error("there is no tenant {0}; create it with `hub admin bootstrap`")]
    UnknownTenant(TenantCode),
    /// The user belongs to the tenant already.
    #[error("{email} belongs to the tenant {tenant} already")]
    Member {
        /// The user.
        email: String,
        /// The tenant.
        tenant: TenantCode,
    },
    /// A user without a password cannot be created.
    #[error("a new user needs a password: one line of standard input, or HUB_ADMIN_PASSWORD")]
    PasswordMissing,
    /// A value breaks its rule.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// An address or a password breaks its rule, or could not be hashed.
    #[error(transparent)]
    Refused(#[from] Problem),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A user to be created, or to be let into one more tenant.
#[derive(Debug)]
pub struct Account<'a> {
    /// What they log in with.
    pub email: &'a str,
    /// Their name.
    pub name: &'a str,
    /// What they may do, and where.
    pub membership: Membership,
}

/// What a device logs in with; the token is shown once.
#[derive(Clone, Serialize, Deserialize)]
pub struct DeviceCredential {
    /// The MQTT user name.
    pub username: String,
    /// The token.
    pub token: String,
}

/// Creates a tenant.
pub async fn create_tenant(store: &dyn Store, code: &TenantCode, name: &str) -> Result<(), AccountError> {
    let name = ids::name("name", name, MAX_NAME_CHARS)?;
    match store.create_tenant(&TenantRecord { code: code.clone(), name }).await {
        Err(StoreError::Conflict(_)) => Err(AccountError::TenantExists(code.clone())),
        other => Ok(other?),
    }
}

/// Whether there is such a tenant.
pub async fn has_tenant(store: &dyn Store, code: &TenantCode) -> Result<bool, StoreError> {
    Ok(store.tenants().await?.iter().any(|tenant| tenant.code == *code))
}

/// The user of an address in lower case, if there is one.
pub async fn find_user(store: &dyn Store, email: &str) -> Result<Option<UserRecord>, AccountError> {
    Ok(store.user_by_email(&checked_email(email)?).await?)
}

/// Creates a user with a password that keeps to the rules of new ones.
pub async fn create_user(
    store: &dyn Store,
    account: Account<'_>,
    password: String,
    now: Timestamp,
) -> Result<(), AccountError> {
    check_new_password(&password, &checked_email(account.email)?)?;
    create_user_unchecked(store, account, password, now).await
}

/// Creates a user with any password, for a plant that nobody else can reach.
pub async fn create_user_unchecked(
    store: &dyn Store,
    account: Account<'_>,
    password: String,
    now: Timestamp,
) -> Result<(), AccountError> {
    let user = NewUser {
        id: Uuid::now_v7(),
        email: checked_email(account.email)?,
        name: ids::name("name", account.name, MAX_NAME_CHARS)?,
        password_hash: Passwords::new()?.hash(password).await?,
        memberships: vec![account.membership],
        created_at: now,
    };
    Ok(store.create_user(&user).await?)
}

/// Lets a user into one more tenant; their password stays.
pub async fn add_membership(
    store: &dyn Store,
    user: &UserRecord,
    membership: &Membership,
) -> Result<(), AccountError> {
    if user.memberships.iter().any(|known| known.tenant == membership.tenant) {
        let (email, tenant) = (user.email.clone(), membership.tenant.clone());
        return Err(AccountError::Member { email, tenant });
    }
    Ok(store.put_membership(user.id, membership).await?)
}

/// Creates a credential of a device.
pub async fn create_device(
    store: &dyn Store,
    scope: DeviceScope,
    name: &str,
    now: Timestamp,
) -> Result<DeviceCredential, AccountError> {
    let token = new_token();
    let device = NewDevice {
        username: new_username(scope.tenant()),
        token_sha256: token_digest(&token),
        name: ids::name("name", name, MAX_NAME_CHARS)?,
        scope,
        created_at: now,
    };
    store.create_device(&device).await?;
    Ok(DeviceCredential { username: device.username, token })
}
