//! Users, devices, sessions, keys, audit and answers in memory.

use std::collections::BTreeMap;

use actors::ports::{
    AuditEntry, DeviceRecord, Identities, Membership, NewDevice, NewUser, RefreshOutcome, RefreshRecord,
    SessionRecord, SigningKey, StoreError, StoredAnswer, TenantRecord, UserRecord,
};
use async_trait::async_trait;
use domain::Timestamp;
use domain::ids::TenantCode;
use uuid::Uuid;

use super::MemoryStore;
use crate::store::ANSWER_LIFE;

#[derive(Default)]
pub(super) struct People {
    tenants: BTreeMap<TenantCode, TenantRecord>,
    /// By email.
    users: BTreeMap<String, UserRecord>,
    devices: BTreeMap<String, DeviceRecord>,
    sessions: BTreeMap<Uuid, Session>,
    tokens: BTreeMap<String, Token>,
    keys: Vec<SigningKey>,
    audit: Vec<AuditEntry>,
    answers: BTreeMap<(TenantCode, String), StoredAnswer>,
}

struct Session {
    record: SessionRecord,
    tenant: TenantCode,
    revoked: bool,
}

impl Session {
    fn is_alive(&self, now: Timestamp) -> bool {
        !self.revoked && self.record.expires_at > now
    }
}

struct Token {
    family: Uuid,
    expires_at: Timestamp,
    used: bool,
}

fn taken(what: &str) -> StoreError {
    StoreError::Conflict(what.to_owned())
}

fn put_membership(user: &mut UserRecord, membership: &Membership) {
    match user.memberships.iter_mut().find(|other| other.tenant == membership.tenant) {
        Some(other) => *other = membership.clone(),
        None => user.memberships.push(membership.clone()),
    }
}

impl People {
    fn rotate(
        &mut self,
        token_sha256: &str,
        next_sha256: &str,
        next_expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<RefreshOutcome, StoreError> {
        let next_is_taken = self.tokens.contains_key(next_sha256);
        let Some(token) = self.tokens.get_mut(token_sha256) else {
            return Ok(RefreshOutcome::Invalid);
        };
        let family = token.family;
        let Some(session) = self.sessions.get_mut(&family).filter(|session| !session.revoked) else {
            return Ok(RefreshOutcome::Invalid);
        };
        if token.used {
            session.revoked = true;
            return Ok(RefreshOutcome::Reused { family, user: session.record.user });
        }
        if token.expires_at <= now {
            return Ok(RefreshOutcome::Invalid);
        }
        if next_is_taken {
            return Err(taken("refresh token"));
        }
        token.used = true;
        session.record.refreshed_at = now;
        session.record.expires_at = next_expires_at;
        let record = RefreshRecord {
            token_sha256: next_sha256.to_owned(),
            family,
            user: session.record.user,
            tenant: session.tenant.clone(),
            created_at: now,
            expires_at: next_expires_at,
            user_agent: session.record.user_agent.clone(),
        };
        let next = Token { family, expires_at: next_expires_at, used: false };
        self.tokens.insert(next_sha256.to_owned(), next);
        Ok(RefreshOutcome::Rotated(record))
    }

    fn live_device(&mut self, tenant: &TenantCode, username: &str) -> Option<&mut DeviceRecord> {
        let device = self.devices.get_mut(username)?;
        (device.scope.tenant() == tenant && device.revoked_at.is_none()).then_some(device)
    }

    fn start_session(&mut self, token: &RefreshRecord) -> Result<(), StoreError> {
        if self.tokens.contains_key(&token.token_sha256) || self.sessions.contains_key(&token.family) {
            return Err(taken("session"));
        }
        self.sessions.retain(|_, session| {
            session.record.user != token.user || session.record.expires_at > token.created_at
        });
        self.tokens.retain(|_, other| self.sessions.contains_key(&other.family));
        let record = SessionRecord {
            id: token.family,
            user: token.user,
            created_at: token.created_at,
            refreshed_at: token.created_at,
            expires_at: token.expires_at,
            user_agent: token.user_agent.clone(),
        };
        let session = Session { record, tenant: token.tenant.clone(), revoked: false };
        self.sessions.insert(token.family, session);
        let first = Token { family: token.family, expires_at: token.expires_at, used: false };
        self.tokens.insert(token.token_sha256.clone(), first);
        Ok(())
    }
}

#[async_trait]
impl Identities for MemoryStore {
    async fn tenants(&self) -> Result<Vec<TenantRecord>, StoreError> {
        Ok(self.data()?.people.tenants.values().cloned().collect())
    }

    async fn create_tenant(&self, tenant: &TenantRecord) -> Result<(), StoreError> {
        let tenants = &mut self.data()?.people.tenants;
        if tenants.contains_key(&tenant.code) {
            return Err(taken("tenant"));
        }
        tenants.insert(tenant.code.clone(), tenant.clone());
        Ok(())
    }

    async fn create_user(&self, user: &NewUser) -> Result<(), StoreError> {
        let users = &mut self.data()?.people.users;
        if users.values().any(|other| other.email == user.email || other.id == user.id) {
            return Err(taken("user"));
        }
        let mut record = UserRecord {
            id: user.id,
            email: user.email.clone(),
            name: user.name.clone(),
            password_hash: user.password_hash.clone(),
            memberships: Vec::new(),
            disabled: false,
        };
        for membership in &user.memberships {
            put_membership(&mut record, membership);
        }
        users.insert(user.email.clone(), record);
        Ok(())
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<UserRecord>, StoreError> {
        Ok(self.data()?.people.users.get(email).cloned())
    }

    async fn user(&self, id: Uuid) -> Result<Option<UserRecord>, StoreError> {
        Ok(self.data()?.people.users.values().find(|user| user.id == id).cloned())
    }

    async fn users(&self, tenant: &TenantCode) -> Result<Vec<UserRecord>, StoreError> {
        let is_member = |user: &&UserRecord| user.memberships.iter().any(|member| member.tenant == *tenant);
        Ok(self.data()?.people.users.values().filter(is_member).cloned().collect())
    }

    async fn put_membership(&self, user: Uuid, membership: &Membership) -> Result<(), StoreError> {
        let users = &mut self.data()?.people.users;
        let user = users.values_mut().find(|other| other.id == user).ok_or_else(|| taken("no such user"))?;
        put_membership(user, membership);
        Ok(())
    }

    async fn create_device(&self, device: &NewDevice) -> Result<(), StoreError> {
        let devices = &mut self.data()?.people.devices;
        if devices.contains_key(&device.username) {
            return Err(taken("device"));
        }
        let record = DeviceRecord {
            username: device.username.clone(),
            token_sha256: device.token_sha256.clone(),
            name: device.name.clone(),
            scope: device.scope.clone(),
            created_at: device.created_at,
            revoked_at: None,
        };
        devices.insert(device.username.clone(), record);
        Ok(())
    }

    async fn device(&self, username: &str) -> Result<Option<DeviceRecord>, StoreError> {
        Ok(self.data()?.people.devices.get(username).cloned())
    }

    async fn devices(&self, tenant: &TenantCode) -> Result<Vec<DeviceRecord>, StoreError> {
        let is_theirs = |device: &&DeviceRecord| device.scope.tenant() == tenant;
        Ok(self.data()?.people.devices.values().filter(is_theirs).cloned().collect())
    }

    async fn rotate_device(
        &self,
        tenant: &TenantCode,
        username: &str,
        token_sha256: &str,
    ) -> Result<bool, StoreError> {
        let mut data = self.data()?;
        let device = data.people.live_device(tenant, username);
        Ok(device.map(|device| device.token_sha256 = token_sha256.to_owned()).is_some())
    }

    async fn revoke_device(
        &self,
        tenant: &TenantCode,
        username: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut data = self.data()?;
        Ok(data.people.live_device(tenant, username).map(|device| device.revoked_at = Some(at)).is_some())
    }

    async fn start_session(&self, token: &RefreshRecord) -> Result<(), StoreError> {
        self.data()?.people.start_session(token)
    }

    async fn rotate_refresh(
        &self,
        token_sha256: &str,
        next_sha256: &str,
        next_expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<RefreshOutcome, StoreError> {
        self.data()?.people.rotate(token_sha256, next_sha256, next_expires_at, now)
    }

    async fn sessions(&self, user: Uuid, now: Timestamp) -> Result<Vec<SessionRecord>, StoreError> {
        let data = self.data()?;
        let alive = data.people.sessions.values().filter(|session| session.is_alive(now));
        let mut sessions: Vec<SessionRecord> = alive
            .filter(|session| session.record.user == user)
            .map(|session| session.record.clone())
            .collect();
        sessions.sort_by_key(|session| std::cmp::Reverse((session.created_at, session.id)));
        Ok(sessions)
    }

    async fn revoke_session(&self, user: Uuid, family: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let mut data = self.data()?;
        let session = data.people.sessions.get_mut(&family);
        let alive = session.filter(|session| session.record.user == user && session.is_alive(now));
        Ok(alive.map(|session| session.revoked = true).is_some())
    }

    async fn session_alive(&self, family: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.data()?.people.sessions.get(&family).is_some_and(|session| session.is_alive(now)))
    }

    async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError> {
        let mut keys = self.data()?.people.keys.clone();
        keys.sort_by(|a, b| (b.created_at, &b.kid).cmp(&(a.created_at, &a.kid)));
        Ok(keys)
    }

    async fn add_signing_key(
        &self,
        key: &SigningKey,
        retire_others_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let keys = &mut self.data()?.people.keys;
        if keys.iter().any(|other| other.kid == key.kid) {
            return Err(taken("signing key"));
        }
        if let Some(at) = retire_others_at {
            for other in keys.iter_mut() {
                other.retired_at = Some(other.retired_at.map_or(at, |earlier| earlier.min(at)));
            }
        }
        keys.push(key.clone());
        Ok(())
    }

    async fn audit(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        self.data()?.people.audit.push(entry.clone());
        Ok(())
    }

    async fn audit_entries(&self, tenant: &TenantCode, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let is_theirs = |entry: &&AuditEntry| entry.tenant.as_ref() == Some(tenant);
        let data = self.data()?;
        Ok(data.people.audit.iter().rev().filter(is_theirs).take(limit as usize).cloned().collect())
    }

    async fn stored_answer(
        &self,
        tenant: &TenantCode,
        key: &str,
        not_before: Timestamp,
    ) -> Result<Option<StoredAnswer>, StoreError> {
        let data = self.data()?;
        let answer = data.people.answers.get(&(tenant.clone(), key.to_owned()));
        Ok(answer.filter(|answer| answer.at >= not_before).cloned())
    }

    async fn store_answer(
        &self,
        tenant: &TenantCode,
        key: &str,
        answer: &StoredAnswer,
    ) -> Result<(), StoreError> {
        let answers = &mut self.data()?.people.answers;
        answers.retain(|_, other| other.at >= answer.at - ANSWER_LIFE);
        answers.entry((tenant.clone(), key.to_owned())).or_insert_with(|| answer.clone());
        Ok(())
    }
}
