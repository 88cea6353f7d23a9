//! The embedded store: one SQLite file, one connection that writes, a pool of connections that only read.

mod audit;
mod catalog;
mod error;
mod history;
mod identities;
mod insert;
mod log;
mod migrations;
mod movements;
#[cfg(test)]
mod plans;
mod queries;
mod rows;
mod select;
mod sessions;
mod stock;
mod tables;
mod users;
mod values;
mod writer;

use std::path::Path;
use std::time::Duration;

use actors::ports::{Store, StoreError};
use async_trait::async_trait;
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::Mutex;

use self::audit::WaitingEntries;
use self::error::from_sqlx;
use self::writer::{WriteTransaction, Writer};

/// The name of the database in its directory.
const FILE_NAME: &str = "hub.db";
/// Room for every size of every statement with many rows, beside the others.
const CACHED_STATEMENTS: usize = 256;

/// How the store is opened.
#[derive(Clone, Debug)]
pub struct SqliteOptions {
    /// Brings the schema to the newest version first; otherwise an older one is an error.
    pub migrate: bool,
    /// How many queries run at the same time.
    pub readers: u32,
    /// How long to wait for another process that writes, and for a free reader.
    pub busy_timeout: Duration,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { migrate: true, readers: 4, busy_timeout: Duration::from_secs(5) }
    }
}

/// The store in one SQLite file. Several processes may use the file at the same time.
pub struct SqliteStore {
    writer: Mutex<Writer>,
    readers: SqlitePool,
    waiting_audit: WaitingEntries,
}

impl SqliteStore {
    /// Opens `hub.db` in this directory, and creates both, private to the user of the process, if they are missing.
    pub async fn open(directory: &Path, options: &SqliteOptions) -> Result<Self, StoreError> {
        Self::open_file(&directory.join(FILE_NAME), options).await
    }

    /// The same with a database of another name.
    pub async fn open_file(file: &Path, options: &SqliteOptions) -> Result<Self, StoreError> {
        prepare_file(file)
            .map_err(|error| StoreError::Unavailable(format!("{}: {error}", file.display())))?;
        let connect = connect_options(file, options);
        let mut writer = Writer::new(connect.clone());
        writer.prepare(options).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(options.readers.max(1))
            .acquire_timeout(options.busy_timeout)
            .connect_lazy_with(connect.read_only(true));
        Ok(Self { writer: Mutex::new(writer), readers, waiting_audit: WaitingEntries::default() })
    }

    /// Waits for the connection that writes, and for other processes, and starts a transaction.
    async fn begin(&self) -> Result<WriteTransaction<'_>, StoreError> {
        WriteTransaction::begin(self.writer.lock().await).await
    }
}

/// Brings the schema of a database to the newest version, as opening it does; hubs may be running on it.
pub async fn migrate(directory: &Path) -> Result<(), StoreError> {
    SqliteStore::open(directory, &SqliteOptions::default()).await?.close().await;
    Ok(())
}

/// Takes the schema of a database that is not in use back to a version; 0 is before the first migration.
pub async fn undo_migrations(directory: &Path, version: i64) -> Result<(), StoreError> {
    let options = SqliteOptions::default();
    let connect = connect_options(&directory.join(FILE_NAME), &options);
    let mut connection = connect.connect().await.map_err(from_sqlx)?;
    migrations::down(&mut connection, version).await
}

fn connect_options(file: &Path, options: &SqliteOptions) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(options.busy_timeout)
        .statement_cache_capacity(CACHED_STATEMENTS)
        .pragma("cache_size", "-65536")
        .pragma("mmap_size", "268435456")
        .pragma("temp_store", "MEMORY")
        .pragma("journal_size_limit", "67108864")
        .disable_statement_logging()
}

/// Creates the directory and an empty file, so that nobody else can ever read it; SQLite gives its other files the same mode.
fn prepare_file(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};

    let directory = file.parent().filter(|directory| !directory.as_os_str().is_empty());
    if let Some(directory) = directory.filter(|directory| !directory.is_dir()) {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    }
    let opened = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(file)?;
    let mut permissions = opened.metadata()?.permissions();
    if permissions.mode() & 0o077 != 0 {
        permissions.set_mode(0o600);
        opened.set_permissions(permissions)?;
    }
    Ok(())
}

#[async_trait]
impl Store for SqliteStore {
    /// Writes a row, because a full disk still lets everything be read and even a transaction be started.
    async fn ping(&self) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let result = log::count(transaction.connection()?, "ping").await.map(drop);
        transaction.finish(result).await
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.lock().await.close().await;
    }
}
