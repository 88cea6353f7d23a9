//! The migrations, embedded in the binary, run under the write lock: several processes may start at once.

use actors::ports::StoreError;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, SqlSafeStr};

use super::error::{corrupt, from_sqlx};

/// Number, name, up and down of every migration.
const MIGRATIONS: &[(i64, &str, &str, &str)] = &[
    (
        1,
        "core",
        include_str!("../../../../migrations/sqlite/0001_core.up.sql"),
        include_str!("../../../../migrations/sqlite/0001_core.down.sql"),
    ),
    (
        2,
        "kpi",
        include_str!("../../../../migrations/sqlite/0002_kpi.up.sql"),
        include_str!("../../../../migrations/sqlite/0002_kpi.down.sql"),
    ),
    (
        3,
        "stops",
        include_str!("../../../../migrations/sqlite/0003_stops.up.sql"),
        include_str!("../../../../migrations/sqlite/0003_stops.down.sql"),
    ),
];

fn migrator() -> Migrator {
    let both = |(number, name, up, down): &(i64, &'static str, &'static str, &'static str)| {
        [(MigrationType::ReversibleUp, *up), (MigrationType::ReversibleDown, *down)]
            .map(|(kind, sql)| Migration::new(*number, (*name).into(), kind, sql.into_sql_str(), false))
    };
    let mut migrator = Migrator::with_migrations(MIGRATIONS.iter().flat_map(both).collect());
    // A newer hub may have expanded the schema already; older ones go on working on it.
    migrator.set_ignore_missing(true);
    migrator
}

fn from_migrate(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => from_sqlx(error),
        other => corrupt("migrations", other),
    }
}

/// Brings the schema to the newest version.
pub(super) async fn up(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(from_sqlx)?;
    migrator().run_direct(None, &mut *transaction, false).await.map_err(from_migrate)?;
    transaction.commit().await.map_err(from_sqlx)
}

/// Takes the schema back to a version; 0 is before the first migration.
pub(super) async fn down(connection: &mut SqliteConnection, version: i64) -> Result<(), StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(from_sqlx)?;
    migrator().undo(&mut *transaction, version).await.map_err(from_migrate)?;
    transaction.commit().await.map_err(from_sqlx)
}

/// Checks that the schema is one that this version of the hub understands.
pub(super) async fn check(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let newest = MIGRATIONS.iter().map(|(number, ..)| *number).max().unwrap_or_default();
    let found: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(connection)
        .await
        .map_err(|error| corrupt("the schema is missing; run `hub migrate`", error))?;
    match found {
        Some(found) if found >= newest => Ok(()),
        _ => Err(StoreError::Corrupt("the schema is older than this hub; run `hub migrate`".to_owned())),
    }
}
