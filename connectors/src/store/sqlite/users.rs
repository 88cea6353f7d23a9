//! Users and what they may do in which tenant.

use actors::ports::{Membership, NewUser, StoreError, UserRecord};
use domain::ids::SiteCode;
use sqlx::sqlite::{SqliteConnection, SqlitePool, SqliteRow};
use uuid::Uuid;

use super::error::{corrupt, from_sqlx};
use super::values::{from_json, get, id, parsed, to_json};

/// A row for each membership, and one for a user who has none.
const USERS: &str = "SELECT u.id, u.email, u.name, u.password_hash, u.disabled, m.tenant, m.roles, m.sites \
    FROM users AS u LEFT JOIN memberships AS m ON m.user_id = u.id WHERE ";

/// Which users are read.
pub(super) enum Which<'a> {
    Email(&'a str),
    Id(Uuid),
    Tenant(&'a str),
}

/// Stores a user with the memberships.
pub(super) async fn create(connection: &mut SqliteConnection, user: &NewUser) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO users (id, email, name, password_hash, created_at_ms) VALUES (?, ?, ?, ?, ?)")
        .bind(user.id.to_string())
        .bind(&user.email)
        .bind(&user.name)
        .bind(&user.password_hash)
        .bind(user.created_at.as_millis())
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    for membership in &user.memberships {
        put_membership(connection, user.id, membership).await?;
    }
    Ok(())
}

/// Adds a membership as the last one, or replaces it in its place.
pub(super) async fn put_membership(
    connection: &mut SqliteConnection,
    user: Uuid,
    membership: &Membership,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO memberships (user_id, tenant, position, roles, sites) \
         VALUES (?1, ?2, (SELECT count(*) FROM memberships WHERE user_id = ?1), ?3, ?4) \
         ON CONFLICT (user_id, tenant) DO UPDATE SET roles = excluded.roles, sites = excluded.sites",
    )
    .bind(user.to_string())
    .bind(membership.tenant.as_str())
    .bind(to_json(&membership.roles)?)
    .bind(membership.sites.as_ref().map(to_json).transpose()?)
    .execute(connection)
    .await
    .map(drop)
    .map_err(from_sqlx)
}

/// Users by email, with all their memberships.
pub(super) async fn read(pool: &SqlitePool, which: Which<'_>) -> Result<Vec<UserRecord>, StoreError> {
    let mut query = sqlx::QueryBuilder::new(USERS);
    match which {
        Which::Email(email) => query.push("u.email = ").push_bind(email),
        Which::Id(id) => query.push("u.id = ").push_bind(id.to_string()),
        Which::Tenant(tenant) => {
            query.push("u.id IN (SELECT user_id FROM memberships WHERE tenant = ").push_bind(tenant).push(")")
        }
    };
    query.push(" ORDER BY u.email, m.position");
    let rows = query.build().fetch_all(pool).await.map_err(from_sqlx)?;
    let mut users: Vec<UserRecord> = Vec::new();
    for row in &rows {
        let user_id = id(row, "id")?;
        if users.last().is_none_or(|user| user.id != user_id) {
            users.push(user(row, user_id)?);
        }
        if get::<Option<&str>>(row, "tenant")?.is_some()
            && let Some(user) = users.last_mut()
        {
            user.memberships.push(membership(row)?);
        }
    }
    Ok(users)
}

fn user(row: &SqliteRow, id: Uuid) -> Result<UserRecord, StoreError> {
    Ok(UserRecord {
        id,
        email: get(row, "email")?,
        name: get(row, "name")?,
        password_hash: get(row, "password_hash")?,
        memberships: Vec::new(),
        disabled: get(row, "disabled")?,
    })
}

fn membership(row: &SqliteRow) -> Result<Membership, StoreError> {
    let sites: Option<&str> = get(row, "sites")?;
    let sites = sites
        .map(serde_json::from_str::<Vec<SiteCode>>)
        .transpose()
        .map_err(|error| corrupt("sites", error))?;
    Ok(Membership { tenant: parsed(row, "tenant")?, roles: from_json(row, "roles")?, sites })
}
