//! The keys that sign access tokens: shared by all nodes through the store, read again now and then.

use std::sync::{Arc, PoisonError, RwLock};

use actors::clock::Clock;
use actors::ports::{SigningKey, Store, StoreError};
use domain::{DurationMs, Timestamp};
use rand::Rng;
use uuid::Uuid;

/// How old the copy may be before it is read again: a retired key is refused at most so much later.
const REFRESH_AFTER: DurationMs = DurationMs::from_secs(30);
/// How soon an unknown key may cause another read: made-up key ids must not load the store.
const REFRESH_FOR_UNKNOWN_AFTER: DurationMs = DurationMs::from_secs(5);
const SECRET_BYTES: usize = 32;

/// The keys that are known here.
pub struct KeyRing {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    state: RwLock<Keys>,
}

struct Keys {
    /// Newest first.
    keys: Vec<SigningKey>,
    read_at: Timestamp,
}

impl KeyRing {
    /// Reads the keys; makes the first one (256 random bits) where there is none that is not retired.
    pub async fn open(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let now = clock.now();
        let mut keys = store.signing_keys().await?;
        if !keys.iter().any(|key| is_current(key, now)) {
            let key = new_key(now);
            store.add_signing_key(&key, None).await?;
            tracing::info!(kid = key.kid, "made a key to sign access tokens");
            keys = store.signing_keys().await?;
        }
        Ok(Self { store, clock, state: RwLock::new(Keys { keys, read_at: now }) })
    }

    /// The key that signs new tokens: the newest that is not retired.
    pub async fn signing(&self) -> Result<SigningKey, StoreError> {
        self.refresh_if_older_than(REFRESH_AFTER).await?;
        let now = self.clock.now();
        self.find(|key| is_current(key, now))
            .ok_or_else(|| StoreError::Corrupt("every signing key is retired".to_owned()))
    }

    /// The key of this name, unless it is retired. Keys are read again for a name that is not known.
    pub async fn verifying(&self, kid: &str) -> Result<Option<SigningKey>, StoreError> {
        self.refresh_if_older_than(REFRESH_AFTER).await?;
        let now = self.clock.now();
        let named = |key: &SigningKey| key.kid == kid && is_current(key, now);
        if let Some(key) = self.find(named) {
            return Ok(Some(key));
        }
        self.refresh_if_older_than(REFRESH_FOR_UNKNOWN_AFTER).await?;
        Ok(self.find(named))
    }

    fn find(&self, matches: impl Fn(&SigningKey) -> bool) -> Option<SigningKey> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.keys.iter().find(|key| matches(key)).cloned()
    }

    async fn refresh_if_older_than(&self, age: DurationMs) -> Result<(), StoreError> {
        let now = self.clock.now();
        let read_at = self.state.read().unwrap_or_else(PoisonError::into_inner).read_at;
        if now - read_at <= age {
            return Ok(());
        }
        match self.store.signing_keys().await {
            Ok(keys) => {
                *self.state.write().unwrap_or_else(PoisonError::into_inner) = Keys { keys, read_at: now };
                Ok(())
            }
            // Known keys stay good while the store is away, so that dashboards stay live.
            Err(StoreError::Unavailable(cause)) => {
                tracing::warn!(%cause, "the signing keys could not be read again");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

/// Adds a key that signs from now on; older ones verify for `retire_after` more. Yields the new key's name.
pub async fn rotate_keys(
    store: &dyn Store,
    now: Timestamp,
    retire_after: DurationMs,
) -> Result<String, StoreError> {
    let key = new_key(now);
    store.add_signing_key(&key, Some(now + retire_after)).await?;
    Ok(key.kid)
}

fn is_current(key: &SigningKey, now: Timestamp) -> bool {
    key.retired_at.is_none_or(|retired_at| now < retired_at)
}

fn new_key(now: Timestamp) -> SigningKey {
    let mut secret = vec![0; SECRET_BYTES];
    rand::rng().fill_bytes(&mut secret);
    SigningKey { kid: Uuid::new_v4().simple().to_string(), secret, created_at: now, retired_at: None }
}
