//! Checks access tokens against keys, sessions and users; REST and live sessions ask the same one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actors::clock::Clock;
use actors::ports::{Membership, Store, StoreError, UserRecord};
use domain::ids::TenantCode;
use domain::{DurationMs, Timestamp};
use uuid::Uuid;

use super::token::{self, Claims};
use super::{AuthError, KeyRing, Principal};

/// How long a session that was found alive, and what is known of its user, is taken for granted.
const SESSION_TTL: DurationMs = DurationMs::from_secs(3);
/// How long they may still be used while the store is away, so that dashboards stay live.
const STALE_TTL: DurationMs = DurationMs::from_secs(15 * 60);
/// How many sessions are remembered.
const MAX_SESSIONS: usize = 10_000;

#[derive(Clone)]
struct Seen {
    /// None: revoked, expired, or its user may no longer log in.
    user: Option<Arc<UserRecord>>,
    checked_at: Timestamp,
}

/// Checks access tokens.
pub struct TokenVerifier {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    keys: Arc<KeyRing>,
    sessions: Mutex<HashMap<Uuid, Seen>>,
}

impl TokenVerifier {
    /// A verifier that remembers nothing yet.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, keys: Arc<KeyRing>) -> Self {
        Self { store, clock, keys, sessions: Mutex::default() }
    }

    /// Who bears this token, in the tenant of the login or the one that is asked for.
    pub async fn verify(&self, token: &str, tenant: Option<&TenantCode>) -> Result<Principal, AuthError> {
        let kid = token::key_id(token).map_err(AuthError::Invalid)?;
        let key = self.keys.verifying(&kid).await?.ok_or(AuthError::Invalid("an unknown key"))?;
        let claims = token::verify(token, &key, self.clock.now()).map_err(AuthError::Invalid)?;
        let user = self
            .session_user(claims.sid, claims.sub)
            .await?
            .ok_or(AuthError::Invalid("the session is over"))?;
        principal(&claims, &user, tenant)
    }

    /// Whether a session is alive, known to within a few seconds: for sockets that stay open.
    pub async fn is_alive(&self, principal: &Principal) -> Result<bool, AuthError> {
        Ok(self.session_user(principal.session, principal.id).await?.is_some())
    }

    /// The session is over: its tokens are refused from now on, at this node at once.
    pub fn forget(&self, session: Uuid) {
        let over = Seen { user: None, checked_at: self.clock.now() };
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(session, over);
    }

    async fn session_user(&self, session: Uuid, user: Uuid) -> Result<Option<Arc<UserRecord>>, StoreError> {
        let now = self.clock.now();
        let seen = self.sessions.lock().unwrap_or_else(PoisonError::into_inner).get(&session).cloned();
        if let Some(seen) = seen.as_ref().filter(|seen| now - seen.checked_at < SESSION_TTL) {
            return Ok(seen.user.clone().filter(|record| record.id == user));
        }
        match self.read_session(session, user, now).await {
            Ok(found) => {
                self.remember(session, Seen { user: found.clone(), checked_at: now });
                Ok(found)
            }
            Err(StoreError::Unavailable(cause)) => match seen {
                Some(seen) if now - seen.checked_at < STALE_TTL => {
                    Ok(seen.user.filter(|record| record.id == user))
                }
                _ => Err(StoreError::Unavailable(cause)),
            },
            Err(error) => Err(error),
        }
    }

    async fn read_session(
        &self,
        session: Uuid,
        user: Uuid,
        now: Timestamp,
    ) -> Result<Option<Arc<UserRecord>>, StoreError> {
        if !self.store.session_alive(session, now).await? {
            return Ok(None);
        }
        Ok(self.store.user(user).await?.filter(|user| !user.disabled).map(Arc::new))
    }

    fn remember(&self, session: Uuid, seen: Seen) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= MAX_SESSIONS {
            let now = seen.checked_at;
            sessions.retain(|_, other| now - other.checked_at < SESSION_TTL);
            if sessions.len() >= MAX_SESSIONS {
                sessions.clear();
            }
        }
        // A session that was revoked while it was looked up stays revoked.
        let entry = sessions.entry(session).or_insert_with(|| seen.clone());
        if entry.user.is_some() || entry.checked_at < seen.checked_at {
            *entry = seen;
        }
    }
}

fn principal(
    claims: &Claims,
    user: &UserRecord,
    tenant: Option<&TenantCode>,
) -> Result<Principal, AuthError> {
    let tenant = tenant.unwrap_or(&claims.tenant);
    let member = |membership: &&Membership| membership.tenant == *tenant;
    let membership = user.memberships.iter().find(member).ok_or(AuthError::Forbidden)?;
    Ok(Principal {
        id: user.id,
        email: user.email.clone(),
        name: user.name.clone(),
        tenant: membership.tenant.clone(),
        tenants: user.memberships.iter().map(|membership| membership.tenant.clone()).collect(),
        roles: membership.roles.clone(),
        sites: membership.sites.clone(),
        session: claims.sid,
        expires_at: claims.expires_at(),
    })
}
