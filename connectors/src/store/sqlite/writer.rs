//! The one connection that writes: transactions that leave it usable whatever happens, and the ids it has learnt.

use std::collections::HashMap;
use std::time::Duration;

use actors::ports::StoreError;
use domain::ids::{LineAddress, MachineCode, MetricName, StreamId};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::MutexGuard;

use super::error::{closed, from_sqlx};
use super::{SqliteOptions, migrations};

/// Series are as many as metrics that devices name; past this the ids are read again.
const MAX_KNOWN_SERIES: usize = 200_000;
const OPEN_RETRY: Duration = Duration::from_millis(20);

/// What identifies a series of samples.
pub(super) type SeriesKey = (LineAddress, MetricName, MachineCode);

/// Ids of committed rows that never go away.
#[derive(Default)]
pub(super) struct KnownIds {
    pub(super) streams: HashMap<StreamId, i64>,
    pub(super) series: HashMap<SeriesKey, i64>,
}

/// The connection that writes, opened when it is needed.
pub(super) struct Writer {
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
    known: KnownIds,
    closed: bool,
}

impl Writer {
    pub(super) fn new(options: SqliteConnectOptions) -> Self {
        Self { options, connection: None, known: KnownIds::default(), closed: false }
    }

    /// Opens the connection and sees to the schema.
    pub(super) async fn prepare(&mut self, options: &SqliteOptions) -> Result<(), StoreError> {
        let deadline = tokio::time::Instant::now() + options.busy_timeout;
        // SQLite does not wait for the lock that the switch to WAL needs, and several processes may start at once.
        while let Err(error) = self.open().await {
            if !matches!(error, StoreError::Unavailable(_)) || tokio::time::Instant::now() >= deadline {
                return Err(error);
            }
            tokio::time::sleep(OPEN_RETRY).await;
        }
        let connection = self.open().await?;
        if options.migrate {
            migrations::up(connection).await?;
        }
        migrations::check(connection).await
    }

    async fn open(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        if self.closed {
            return Err(closed());
        }
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                let options = self.options.clone().journal_mode(SqliteJournalMode::Wal);
                options.connect().await.map_err(from_sqlx)?
            }
        };
        Ok(self.connection.insert(connection))
    }

    pub(super) async fn close(&mut self) {
        self.closed = true;
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database was not closed cleanly; it recovers when it is opened");
        }
    }
}

/// A transaction. Dropped before its end, it takes the connection with it: SQLite rolls back, and the next one opens anew.
pub(super) struct WriteTransaction<'a> {
    writer: MutexGuard<'a, Writer>,
    learnt: KnownIds,
    ended: bool,
}

impl<'a> WriteTransaction<'a> {
    /// Takes the write lock at once, so that a transaction never fails half-way because another process writes.
    pub(super) async fn begin(mut writer: MutexGuard<'a, Writer>) -> Result<Self, StoreError> {
        writer.open().await?;
        // From here on, whoever gives up waiting drops a transaction, and with it a connection that may have begun one.
        let mut transaction = Self { writer, learnt: KnownIds::default(), ended: false };
        sqlx::query("BEGIN IMMEDIATE").execute(transaction.connection()?).await.map_err(from_sqlx)?;
        Ok(transaction)
    }

    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        self.writer.connection.as_mut().ok_or_else(closed)
    }

    /// The id of a stream, which exists from now on.
    pub(super) async fn stream_id(&mut self, stream: &StreamId) -> Result<i64, StoreError> {
        if let Some(id) = self.writer.known.streams.get(stream).or_else(|| self.learnt.streams.get(stream)) {
            return Ok(*id);
        }
        let name = stream.to_string();
        let connection = self.connection()?;
        let found: Option<i64> = sqlx::query_scalar("SELECT id FROM streams WHERE name = ?")
            .bind(&name)
            .fetch_optional(&mut *connection)
            .await
            .map_err(from_sqlx)?;
        let id = match found {
            Some(id) => id,
            None => sqlx::query_scalar("INSERT INTO streams (name, head_seq) VALUES (?, 0) RETURNING id")
                .bind(name)
                .fetch_one(connection)
                .await
                .map_err(from_sqlx)?,
        };
        self.learnt.streams.insert(stream.clone(), id);
        Ok(id)
    }

    /// The id of a series of samples, which exists from now on.
    pub(super) async fn series_id(&mut self, key: SeriesKey) -> Result<i64, StoreError> {
        if let Some(id) = self.writer.known.series.get(&key).or_else(|| self.learnt.series.get(&key)) {
            return Ok(*id);
        }
        let (line, metric, machine) = &key;
        let connection = self.connection()?;
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT id FROM series WHERE tenant = ? AND site = ? AND line = ? AND metric = ? AND machine = ?",
        )
        .bind(line.tenant.as_str())
        .bind(line.site.as_str())
        .bind(line.line.as_str())
        .bind(metric.as_str())
        .bind(machine.as_str())
        .fetch_optional(&mut *connection)
        .await
        .map_err(from_sqlx)?;
        let id = match found {
            Some(id) => id,
            None => sqlx::query_scalar(
                "INSERT INTO series (tenant, site, line, metric, machine) VALUES (?, ?, ?, ?, ?) RETURNING id",
            )
            .bind(line.tenant.as_str())
            .bind(line.site.as_str())
            .bind(line.line.as_str())
            .bind(metric.as_str())
            .bind(machine.as_str())
            .fetch_one(connection)
            .await
            .map_err(from_sqlx)?,
        };
        self.learnt.series.insert(key, id);
        Ok(id)
    }

    /// Commits what succeeded and rolls back what failed.
    pub(super) async fn finish<T, E: From<StoreError>>(mut self, result: Result<T, E>) -> Result<T, E> {
        let statement = if result.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = sqlx::query(statement).execute(self.connection()?).await;
        self.ended = ended.is_ok();
        match (result, ended) {
            (Ok(value), Ok(_)) => {
                let learnt = std::mem::take(&mut self.learnt);
                let known = &mut self.writer.known;
                if known.series.len() > MAX_KNOWN_SERIES {
                    known.series.clear();
                }
                known.streams.extend(learnt.streams);
                known.series.extend(learnt.series);
                Ok(value)
            }
            (Ok(_), Err(error)) => Err(from_sqlx(error).into()),
            (Err(error), _) => Err(error),
        }
    }
}

impl Drop for WriteTransaction<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.writer.connection = None;
        }
    }
}
