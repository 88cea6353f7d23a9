//! Logins: families of refresh tokens, each of which is used once.

use actors::ports::{RefreshOutcome, RefreshRecord, SessionRecord, StoreError};
use domain::Timestamp;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use uuid::Uuid;

use super::error::from_sqlx;
use super::values::{get, id, instant, instant_if_any, parsed};

async fn add_token(
    connection: &mut SqliteConnection,
    token_sha256: &str,
    family: Uuid,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO refresh_tokens (token_sha256, family, expires_at_ms) VALUES (?, ?, ?)")
        .bind(token_sha256)
        .bind(family.to_string())
        .bind(expires_at.as_millis())
        .execute(connection)
        .await
        .map(drop)
        .map_err(from_sqlx)
}

/// Stores a login with its first token. The user's logins that have ended by then are forgotten.
pub(super) async fn start(
    connection: &mut SqliteConnection,
    token: &RefreshRecord,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE user_id = ? AND expires_at_ms <= ?")
        .bind(token.user.to_string())
        .bind(token.created_at.as_millis())
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    sqlx::query(
        "INSERT INTO sessions (family, user_id, tenant, created_at_ms, refreshed_at_ms, expires_at_ms, user_agent) \
         VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6)",
    )
    .bind(token.family.to_string())
    .bind(token.user.to_string())
    .bind(token.tenant.as_str())
    .bind(token.created_at.as_millis())
    .bind(token.expires_at.as_millis())
    .bind(&token.user_agent)
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    add_token(connection, &token.token_sha256, token.family, token.expires_at).await
}

/// Uses a token; its replay ends the family.
pub(super) async fn rotate(
    connection: &mut SqliteConnection,
    token_sha256: &str,
    next_sha256: &str,
    next_expires_at: Timestamp,
    now: Timestamp,
) -> Result<RefreshOutcome, StoreError> {
    let found = sqlx::query(
        "SELECT s.family, s.user_id, s.tenant, s.user_agent, s.revoked_at_ms, t.expires_at_ms, t.used_at_ms \
         FROM refresh_tokens AS t JOIN sessions AS s ON s.family = t.family WHERE t.token_sha256 = ?",
    )
    .bind(token_sha256)
    .fetch_optional(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let Some(row) = found else {
        return Ok(RefreshOutcome::Invalid);
    };
    let (family, user) = (id(&row, "family")?, id(&row, "user_id")?);
    if instant_if_any(&row, "revoked_at_ms")?.is_some() {
        return Ok(RefreshOutcome::Invalid);
    }
    if instant_if_any(&row, "used_at_ms")?.is_some() {
        revoke(connection, user, family, now).await?;
        return Ok(RefreshOutcome::Reused { family, user });
    }
    if instant(&row, "expires_at_ms")? <= now {
        return Ok(RefreshOutcome::Invalid);
    }
    sqlx::query("UPDATE refresh_tokens SET used_at_ms = ? WHERE token_sha256 = ?")
        .bind(now.as_millis())
        .bind(token_sha256)
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    sqlx::query("UPDATE sessions SET refreshed_at_ms = ?, expires_at_ms = ? WHERE family = ?")
        .bind(now.as_millis())
        .bind(next_expires_at.as_millis())
        .bind(family.to_string())
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    add_token(connection, next_sha256, family, next_expires_at).await?;
    Ok(RefreshOutcome::Rotated(RefreshRecord {
        token_sha256: next_sha256.to_owned(),
        family,
        user,
        tenant: parsed(&row, "tenant")?,
        created_at: now,
        expires_at: next_expires_at,
        user_agent: get(&row, "user_agent")?,
    }))
}

/// Revokes a family whose last token has not been revoked yet.
pub(super) async fn revoke(
    connection: &mut SqliteConnection,
    user: Uuid,
    family: Uuid,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE sessions SET revoked_at_ms = ? WHERE family = ? AND user_id = ? AND revoked_at_ms IS NULL",
    )
    .bind(now.as_millis())
    .bind(family.to_string())
    .bind(user.to_string())
    .execute(connection)
    .await
    .map(drop)
    .map_err(from_sqlx)
}

/// Revokes a family of a user; false if there is none alive.
pub(super) async fn revoke_alive(
    connection: &mut SqliteConnection,
    user: Uuid,
    family: Uuid,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let revoked = sqlx::query(
        "UPDATE sessions SET revoked_at_ms = ?1 \
         WHERE family = ?2 AND user_id = ?3 AND revoked_at_ms IS NULL AND expires_at_ms > ?1",
    )
    .bind(now.as_millis())
    .bind(family.to_string())
    .bind(user.to_string())
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(revoked.rows_affected() > 0)
}

/// A login as it is listed.
pub(super) fn session(row: &SqliteRow) -> Result<SessionRecord, StoreError> {
    Ok(SessionRecord {
        id: id(row, "family")?,
        user: id(row, "user_id")?,
        created_at: instant(row, "created_at_ms")?,
        refreshed_at: instant(row, "refreshed_at_ms")?,
        expires_at: instant(row, "expires_at_ms")?,
        user_agent: get(row, "user_agent")?,
    })
}
