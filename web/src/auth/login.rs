//! Logins: passwords become sessions, sessions become access tokens, refresh tokens are used once.

use std::sync::Arc;
use std::time::Duration;

use actors::clock::Clock;
use actors::credentials::token_digest;
use actors::ports::{RefreshOutcome, RefreshRecord, Store, UserRecord};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ids::TenantCode;
use domain::{DurationMs, Timestamp};
use rand::Rng;
use uuid::Uuid;

use super::token::{self, Claims};
use super::{KeyRing, Passwords, TokenVerifier};
use crate::live::LiveSessions;
use crate::problem::Problem;

const MAX_USER_AGENT_CHARS: usize = 200;

/// What a login or a refresh yields.
#[derive(Clone)]
pub struct Tokens {
    /// The access token.
    pub access_token: String,
    /// The refresh token, for one use.
    pub refresh_token: String,
    /// How long the access token lives.
    pub expires_in_s: i64,
}

/// Starts, continues and ends sessions.
pub struct Logins {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    keys: Arc<KeyRing>,
    verifier: Arc<TokenVerifier>,
    passwords: Passwords,
    live: Arc<LiveSessions>,
    access_ttl: DurationMs,
    refresh_ttl: DurationMs,
}

impl Logins {
    /// Logins whose tokens live this long, and whose live sessions end with them.
    pub fn new(
        (store, clock): (Arc<dyn Store>, Arc<dyn Clock>),
        keys: Arc<KeyRing>,
        verifier: Arc<TokenVerifier>,
        passwords: Passwords,
        live: Arc<LiveSessions>,
        (access_ttl, refresh_ttl): (Duration, Duration),
    ) -> Self {
        let ms = |ttl: Duration| DurationMs(i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX / 4));
        let (access_ttl, refresh_ttl) = (ms(access_ttl), ms(refresh_ttl));
        Self { store, clock, keys, verifier, passwords, live, access_ttl, refresh_ttl }
    }

    /// Checks a password and starts a session in the user's default tenant. Every failure is the same answer,
    /// after the same time.
    pub async fn login(
        &self,
        email: &str,
        password: String,
        user_agent: &str,
    ) -> Result<(UserRecord, TenantCode, Tokens), Problem> {
        let found = self.store.user_by_email(email).await?;
        let hash = found.as_ref().map(|user| user.password_hash.clone());
        let matched = self.passwords.verify(password, hash).await?;
        let usable = found.filter(|user| matched && !user.disabled);
        let (user, tenant) = usable
            .and_then(|user| user.memberships.first().map(|m| m.tenant.clone()).map(|tenant| (user, tenant)))
            .ok_or_else(Problem::unauthenticated)?;
        let now = self.clock.now();
        let (secret, digest) = new_refresh_token();
        let record = RefreshRecord {
            token_sha256: digest,
            family: Uuid::now_v7(),
            user: user.id,
            tenant: tenant.clone(),
            created_at: now,
            expires_at: now + self.refresh_ttl,
            user_agent: user_agent.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT_CHARS).collect(),
        };
        self.store.start_session(&record).await?;
        let tokens = self.tokens(&record, secret, now).await?;
        Ok((user, tenant, tokens))
    }

    /// Trades a refresh token for new tokens. A used one ends the whole family: somebody copied it.
    pub async fn refresh(&self, refresh_token: &str) -> Result<(RefreshRecord, Tokens), RefreshRefused> {
        let now = self.clock.now();
        let (secret, digest) = new_refresh_token();
        let shown = token_digest(refresh_token);
        let outcome = self
            .store
            .rotate_refresh(&shown, &digest, now + self.refresh_ttl, now)
            .await
            .map_err(|error| RefreshRefused::Other(error.into()))?;
        match outcome {
            RefreshOutcome::Rotated(record) => {
                let user = self.store.user(record.user).await.map_err(Problem::from);
                if user.map_err(RefreshRefused::Other)?.is_none_or(|user| user.disabled) {
                    return Err(RefreshRefused::Invalid);
                }
                let tokens = self.tokens(&record, secret, now).await.map_err(RefreshRefused::Other)?;
                Ok((record, tokens))
            }
            RefreshOutcome::Reused { family, user } => {
                self.end(family);
                Err(RefreshRefused::Reused { family, user })
            }
            RefreshOutcome::Invalid => Err(RefreshRefused::Invalid),
        }
    }

    /// Ends a session of this user; false if there is none alive.
    pub async fn revoke(&self, user: Uuid, session: Uuid) -> Result<bool, Problem> {
        let revoked = self.store.revoke_session(user, session, self.clock.now()).await?;
        if revoked {
            self.end(session);
        }
        Ok(revoked)
    }

    /// The tenant whose audit trail tells of this user.
    pub async fn home_of(&self, user: Uuid) -> Option<TenantCode> {
        let found = self.store.user(user).await.ok()??;
        found.memberships.into_iter().next().map(|membership| membership.tenant)
    }

    /// The same by email; unknown ones have none.
    pub async fn home_of_email(&self, email: &str) -> Option<TenantCode> {
        let found = self.store.user_by_email(email).await.ok()??;
        found.memberships.into_iter().next().map(|membership| membership.tenant)
    }

    fn end(&self, session: Uuid) {
        self.verifier.forget(session);
        self.live.revoke(session);
    }

    /// The PHC string of a new password.
    pub async fn hash_password(&self, password: String) -> Result<String, Problem> {
        self.passwords.hash(password).await
    }

    async fn tokens(
        &self,
        record: &RefreshRecord,
        secret: String,
        now: Timestamp,
    ) -> Result<Tokens, Problem> {
        let key = self.keys.signing().await?;
        let claims = Claims::new(record.user, record.tenant.clone(), record.family, now, self.access_ttl);
        let access_token = token::sign(&claims, &key).map_err(|error| {
            tracing::error!(%error, kid = key.kid, "an access token could not be signed");
            Problem::internal()
        })?;
        Ok(Tokens { access_token, refresh_token: secret, expires_in_s: self.access_ttl.0 / 1000 })
    }
}

/// Why a refresh token was not traded.
pub enum RefreshRefused {
    /// It was used before; its family is revoked now.
    Reused {
        /// The family.
        family: Uuid,
        /// Whose it was.
        user: Uuid,
    },
    /// Unknown, expired or revoked.
    Invalid,
    /// Not to be told now.
    Other(Problem),
}

/// 256 random bits as base64url, and the digest under which they are stored.
fn new_refresh_token() -> (String, String) {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let digest = token_digest(&secret);
    (secret, digest)
}
