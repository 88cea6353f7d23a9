//! Device credentials: 256 random bits, kept as their digest, compared in constant time.

use domain::ids::TenantCode;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::ports::{DeviceRecord, Identities, Store, StoreError};

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest under which a token is stored, in hex.
pub fn token_digest(token: &str) -> String {
    hex(Sha256::digest(token.as_bytes()))
}

/// A new token: 256 random bits in hex.
pub fn new_token() -> String {
    hex(rand::random::<[u8; 32]>())
}

/// A new user name for a device of a tenant.
pub fn new_username(tenant: &TenantCode) -> String {
    let suffix: u64 = rand::random();
    format!("{tenant}.{suffix:016x}")
}

/// The credential behind a user name and a token, if it is right and not revoked.
pub async fn authenticate_device(
    store: &dyn Store,
    username: &str,
    token: &str,
) -> Result<Option<DeviceRecord>, StoreError> {
    let known = Identities::device(store, username).await?;
    let stored = known.as_ref().map_or_else(|| token_digest(""), |device| device.token_sha256.clone());
    let same = token_digest(token).as_bytes().ct_eq(stored.as_bytes());
    Ok(known.filter(|device| bool::from(same) && device.revoked_at.is_none()))
}
