//! Bare inserts into a database like the hub's: the same settings, the same shape of rows, nothing else.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous,
};
use sqlx::{Arguments, AssertSqlSafe, ConnectOptions, Connection};

/// Rows of one statement, which is also one transaction.
const BATCH: usize = 500;
const STREAMS: usize = 40;
const SCHEMA: &str = "CREATE TABLE events (
    id        INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    payload   TEXT    NOT NULL,
    UNIQUE (stream_id, seq)
) STRICT";
/// As large as what the hub stores of a message of the generator.
const PAYLOAD: &str = r#"{"kind":"counted","machine":"m3","good":"1","scrap":"0","totals":null,"output":false,"order":null,"receipt":{"id":"123-456","at":"2026-11-22T12:50:00.000Z","received_at":"2026-11-22T12:50:00.000Z"}}"#;

async fn open(directory: &Path) -> anyhow::Result<SqliteConnection> {
    let mut connection = SqliteConnectOptions::new()
        .filename(directory.join("reference.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("cache_size", "-65536")
        .pragma("mmap_size", "268435456")
        .pragma("temp_store", "MEMORY")
        .pragma("journal_size_limit", "67108864")
        .disable_statement_logging()
        .connect()
        .await?;
    sqlx::query(SCHEMA).execute(&mut connection).await?;
    Ok(connection)
}

fn statement(rows: usize) -> String {
    let values = vec!["(?,?,?,?,?)"; rows].join(",");
    format!("INSERT INTO events (stream_id, seq, at_ms, kind, payload) VALUES {values}")
}

async fn insert(
    connection: &mut SqliteConnection,
    sql: &str,
    rows: std::ops::Range<usize>,
) -> anyhow::Result<()> {
    let mut values = SqliteArguments::default();
    for row in rows {
        let (stream, seq) = (i64::try_from(row % STREAMS)?, i64::try_from(row / STREAMS)?);
        let added = (
            values.add(stream),
            values.add(seq),
            values.add(seq),
            values.add("counted"),
            values.add(PAYLOAD),
        );
        let (Ok(()), Ok(()), Ok(()), Ok(()), Ok(())) = added else {
            anyhow::bail!("a value cannot be bound")
        };
    }
    sqlx::query_with(AssertSqlSafe(sql.to_owned()), values).execute(connection).await?;
    Ok(())
}

/// How long it takes to insert so many rows, in as few transactions as the hub's largest statement allows.
pub async fn batched(directory: &Path, rows: usize) -> anyhow::Result<Duration> {
    let directory = tempfile::Builder::new().prefix("inserts-").tempdir_in(directory)?;
    let mut connection = open(directory.path()).await?;
    let sql = statement(BATCH);
    let started = Instant::now();
    for first in (0..rows).step_by(BATCH) {
        let next = (first + BATCH).min(rows);
        if next - first == BATCH {
            insert(&mut connection, &sql, first..next).await?;
        } else {
            insert(&mut connection, &statement(next - first), first..next).await?;
        }
    }
    let took = started.elapsed();
    connection.close().await?;
    Ok(took)
}

/// How long each of so many commits of one row takes: what the disk adds to every acknowledgement.
pub async fn single(directory: &Path, rows: usize) -> anyhow::Result<Vec<Duration>> {
    let directory = tempfile::Builder::new().prefix("commits-").tempdir_in(directory)?;
    let mut connection = open(directory.path()).await?;
    let sql = statement(1);
    let mut times = Vec::with_capacity(rows);
    for row in 0..rows {
        let started = Instant::now();
        insert(&mut connection, &sql, row..row + 1).await?;
        times.push(started.elapsed());
    }
    connection.close().await?;
    Ok(times)
}
