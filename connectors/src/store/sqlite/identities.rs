//! Tenants, devices, keys and remembered answers; users, sessions and the audit trail have files of their own.

use actors::ports::{
    AuditEntry, DeviceRecord, Identities, Membership, NewDevice, NewUser, RefreshOutcome, RefreshRecord,
    SessionRecord, SigningKey, StoreError, StoredAnswer, TenantRecord, UserRecord,
};
use async_trait::async_trait;
use domain::Timestamp;
use domain::ids::TenantCode;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use uuid::Uuid;

use super::error::{corrupt, from_sqlx};
use super::users::{self, Which};
use super::values::{get, instant, instant_if_any, parsed};
use super::{SqliteStore, sessions};
use crate::store::ANSWER_LIFE;

type Statement = sqlx::query::Query<'static, sqlx::Sqlite, SqliteArguments>;

/// The start of a query for devices.
macro_rules! devices {
    () => {
        "SELECT username, token_sha256, name, scope, created_at_ms, revoked_at_ms FROM devices"
    };
}

impl SqliteStore {
    /// Runs one statement as a transaction and gives the number of rows it changed.
    async fn write(&self, statement: Statement) -> Result<u64, StoreError> {
        let mut transaction = self.begin().await?;
        let result = statement
            .execute(transaction.connection()?)
            .await
            .map(|done| done.rows_affected())
            .map_err(from_sqlx);
        transaction.finish(result).await
    }

    async fn list<T>(
        &self,
        statement: Statement,
        item: fn(&SqliteRow) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = statement.fetch_all(&self.readers).await.map_err(from_sqlx)?;
        rows.iter().map(item).collect()
    }
}

fn device(row: &SqliteRow) -> Result<DeviceRecord, StoreError> {
    Ok(DeviceRecord {
        username: get(row, "username")?,
        token_sha256: get(row, "token_sha256")?,
        name: get(row, "name")?,
        scope: parsed(row, "scope")?,
        created_at: instant(row, "created_at_ms")?,
        revoked_at: instant_if_any(row, "revoked_at_ms")?,
    })
}

fn audit_entry(row: &SqliteRow) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        tenant: Some(parsed(row, "tenant")?),
        at: instant(row, "at_ms")?,
        actor: get(row, "actor")?,
        action: get(row, "action")?,
        object: get(row, "object")?,
        outcome: get(row, "outcome")?,
        peer: get(row, "peer")?,
    })
}

fn answer(row: &SqliteRow) -> Result<StoredAnswer, StoreError> {
    let status: i64 = get(row, "status")?;
    Ok(StoredAnswer {
        request_sha256: get(row, "request_sha256")?,
        status: u16::try_from(status).map_err(|error| corrupt("a status", error))?,
        location: get(row, "location")?,
        body: get(row, "body")?,
        at: instant(row, "at_ms")?,
    })
}

async fn add_key(
    connection: &mut SqliteConnection,
    key: &SigningKey,
    retire_others_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    if let Some(at) = retire_others_at {
        sqlx::query("UPDATE signing_keys SET retired_at_ms = min(coalesce(retired_at_ms, ?1), ?1)")
            .bind(at.as_millis())
            .execute(&mut *connection)
            .await
            .map_err(from_sqlx)?;
    }
    sqlx::query("INSERT INTO signing_keys (kid, secret, created_at_ms, retired_at_ms) VALUES (?, ?, ?, ?)")
        .bind(&key.kid)
        .bind(&key.secret)
        .bind(key.created_at.as_millis())
        .bind(key.retired_at.map(Timestamp::as_millis))
        .execute(connection)
        .await
        .map(drop)
        .map_err(from_sqlx)
}

async fn remember_answer(
    connection: &mut SqliteConnection,
    tenant: &TenantCode,
    key: &str,
    answer: &StoredAnswer,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM answers WHERE at_ms < ?")
        .bind((answer.at - ANSWER_LIFE).as_millis())
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    sqlx::query(
        "INSERT INTO answers (tenant, key, request_sha256, status, location, body, at_ms) \
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, key) DO NOTHING",
    )
    .bind(tenant.as_str())
    .bind(key)
    .bind(&answer.request_sha256)
    .bind(answer.status)
    .bind(&answer.location)
    .bind(&answer.body)
    .bind(answer.at.as_millis())
    .execute(connection)
    .await
    .map(drop)
    .map_err(from_sqlx)
}

#[async_trait]
impl Identities for SqliteStore {
    async fn tenants(&self) -> Result<Vec<TenantRecord>, StoreError> {
        self.list(sqlx::query("SELECT code, name FROM tenants ORDER BY code"), |row| {
            Ok(TenantRecord { code: parsed(row, "code")?, name: get(row, "name")? })
        })
        .await
    }

    async fn create_tenant(&self, tenant: &TenantRecord) -> Result<(), StoreError> {
        let insert = sqlx::query("INSERT INTO tenants (code, name) VALUES (?, ?)")
            .bind(tenant.code.as_str())
            .bind(&tenant.name);
        self.write(insert).await.map(drop)
    }

    async fn create_user(&self, user: &NewUser) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let result = users::create(transaction.connection()?, user).await;
        transaction.finish(result).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<UserRecord>, StoreError> {
        Ok(users::read(&self.readers, Which::Email(email)).await?.pop())
    }

    async fn user(&self, id: Uuid) -> Result<Option<UserRecord>, StoreError> {
        Ok(users::read(&self.readers, Which::Id(id)).await?.pop())
    }

    async fn users(&self, tenant: &TenantCode) -> Result<Vec<UserRecord>, StoreError> {
        users::read(&self.readers, Which::Tenant(tenant.as_str())).await
    }

    async fn put_membership(&self, user: Uuid, membership: &Membership) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let result = users::put_membership(transaction.connection()?, user, membership).await;
        transaction.finish(result).await
    }

    async fn create_device(&self, device: &NewDevice) -> Result<(), StoreError> {
        let insert = sqlx::query(
            "INSERT INTO devices (username, tenant, token_sha256, name, scope, created_at_ms) \
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(&device.username)
        .bind(device.scope.tenant().as_str())
        .bind(&device.token_sha256)
        .bind(&device.name)
        .bind(device.scope.to_string())
        .bind(device.created_at.as_millis());
        self.write(insert).await.map(drop)
    }

    async fn device(&self, username: &str) -> Result<Option<DeviceRecord>, StoreError> {
        let select = sqlx::query(concat!(devices!(), " WHERE username = ?")).bind(username);
        Ok(self.list(select, device).await?.pop())
    }

    async fn devices(&self, tenant: &TenantCode) -> Result<Vec<DeviceRecord>, StoreError> {
        let select =
            sqlx::query(concat!(devices!(), " WHERE tenant = ? ORDER BY username")).bind(tenant.as_str());
        self.list(select, device).await
    }

    async fn rotate_device(
        &self,
        tenant: &TenantCode,
        username: &str,
        token_sha256: &str,
    ) -> Result<bool, StoreError> {
        let update = sqlx::query(
            "UPDATE devices SET token_sha256 = ? \
             WHERE username = ? AND tenant = ? AND revoked_at_ms IS NULL",
        )
        .bind(token_sha256)
        .bind(username)
        .bind(tenant.as_str());
        Ok(self.write(update).await? > 0)
    }

    async fn revoke_device(
        &self,
        tenant: &TenantCode,
        username: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = sqlx::query(
            "UPDATE devices SET revoked_at_ms = ? WHERE username = ? AND tenant = ? AND revoked_at_ms IS NULL",
        )
        .bind(at.as_millis())
        .bind(username)
        .bind(tenant.as_str());
        Ok(self.write(update).await? > 0)
    }

    async fn start_session(&self, token: &RefreshRecord) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let result = sessions::start(transaction.connection()?, token).await;
        transaction.finish(result).await
    }

    async fn rotate_refresh(
        &self,
        token_sha256: &str,
        next_sha256: &str,
        next_expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<RefreshOutcome, StoreError> {
        let mut transaction = self.begin().await?;
        let connection = transaction.connection()?;
        let result = sessions::rotate(connection, token_sha256, next_sha256, next_expires_at, now).await;
        transaction.finish(result).await
    }

    async fn sessions(&self, user: Uuid, now: Timestamp) -> Result<Vec<SessionRecord>, StoreError> {
        let select = sqlx::query(
            "SELECT family, user_id, created_at_ms, refreshed_at_ms, expires_at_ms, user_agent FROM sessions \
             WHERE user_id = ? AND revoked_at_ms IS NULL AND expires_at_ms > ? \
             ORDER BY created_at_ms DESC, family DESC",
        )
        .bind(user.to_string())
        .bind(now.as_millis());
        self.list(select, sessions::session).await
    }

    async fn revoke_session(&self, user: Uuid, family: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let result = sessions::revoke_alive(transaction.connection()?, user, family, now).await;
        transaction.finish(result).await
    }

    async fn session_alive(&self, family: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let select = sqlx::query(
            "SELECT 1 FROM sessions WHERE family = ? AND revoked_at_ms IS NULL AND expires_at_ms > ?",
        )
        .bind(family.to_string())
        .bind(now.as_millis());
        Ok(!self.list(select, |_| Ok(())).await?.is_empty())
    }

    async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError> {
        let select = sqlx::query(
            "SELECT kid, secret, created_at_ms, retired_at_ms FROM signing_keys ORDER BY created_at_ms DESC, kid DESC",
        );
        self.list(select, |row| {
            Ok(SigningKey {
                kid: get(row, "kid")?,
                secret: get(row, "secret")?,
                created_at: instant(row, "created_at_ms")?,
                retired_at: instant_if_any(row, "retired_at_ms")?,
            })
        })
        .await
    }

    async fn add_signing_key(
        &self,
        key: &SigningKey,
        retire_others_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let result = add_key(transaction.connection()?, key, retire_others_at).await;
        transaction.finish(result).await
    }

    async fn audit(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        self.write_audit(entry).await
    }

    async fn audit_entries(&self, tenant: &TenantCode, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let select = sqlx::query(
            "SELECT tenant, at_ms, actor, action, object, outcome, peer FROM audit \
             WHERE tenant = ? ORDER BY id DESC LIMIT ?",
        )
        .bind(tenant.as_str())
        .bind(i64::from(limit));
        self.list(select, audit_entry).await
    }

    async fn stored_answer(
        &self,
        tenant: &TenantCode,
        key: &str,
        not_before: Timestamp,
    ) -> Result<Option<StoredAnswer>, StoreError> {
        let select = sqlx::query(
            "SELECT request_sha256, status, location, body, at_ms FROM answers \
             WHERE tenant = ? AND key = ? AND at_ms >= ?",
        )
        .bind(tenant.as_str())
        .bind(key)
        .bind(not_before.as_millis());
        Ok(self.list(select, answer).await?.pop())
    }

    async fn store_answer(
        &self,
        tenant: &TenantCode,
        key: &str,
        answer: &StoredAnswer,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let result = remember_answer(transaction.connection()?, tenant, key, answer).await;
        transaction.finish(result).await
    }
}
