//! The log of events: a batch is one transaction, in which the heads of its streams move.

use std::collections::HashMap;

use actors::ports::{Batch, CommitError, EventLog, LogEvent, Row as Projection, Snapshot, StoreError};
use async_trait::async_trait;
use domain::Timestamp;
use domain::ids::{Seq, StreamId};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::error::{corrupt, from_sqlx};
use super::insert::RowsStatement;
use super::select::Select;
use super::values::{get, instant, parsed, signed, unsigned};
use super::writer::WriteTransaction;
use super::{SqliteStore, rows};
use crate::store::REMEMBERED_COMMITS;
use crate::store::plan::Plan;

const EVENTS: RowsStatement = RowsStatement {
    before: "INSERT INTO events (stream_id, seq, at_ms, kind, payload) VALUES",
    columns: 5,
    after: "",
};

/// Counts one up and gives the new count.
pub(super) async fn count(connection: &mut SqliteConnection, name: &str) -> Result<i64, StoreError> {
    sqlx::query_scalar(
        "INSERT INTO counters (name, value) VALUES (?, 1) \
         ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
    )
    .bind(name)
    .fetch_one(connection)
    .await
    .map_err(from_sqlx)
}

/// Remembers a commit; false if it is known already.
async fn remember(connection: &mut SqliteConnection, batch: &Batch) -> Result<bool, StoreError> {
    let inserted = sqlx::query("INSERT INTO commits (commit_id) VALUES (?) ON CONFLICT DO NOTHING")
        .bind(batch.commit_id.as_bytes().as_slice())
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    if inserted.rows_affected() == 0 {
        return Ok(false);
    }
    let oldest = inserted.last_insert_rowid() - signed(REMEMBERED_COMMITS as u64)?;
    sqlx::query("DELETE FROM commits WHERE id <= ?")
        .bind(oldest)
        .execute(connection)
        .await
        .map_err(from_sqlx)?;
    Ok(true)
}

/// Moves every head from where it is expected, or none at all.
async fn move_heads(
    connection: &mut SqliteConnection,
    plan: &Plan<'_>,
    ids: &[i64],
) -> Result<(), CommitError> {
    let id_list = serde_json::to_string(ids).map_err(|error| corrupt("ids of streams", error))?;
    let found: HashMap<i64, i64> = sqlx::query_as::<_, (i64, i64)>(
        "SELECT id, head_seq FROM streams WHERE id IN (SELECT value FROM json_each(?))",
    )
    .bind(id_list)
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?
    .into_iter()
    .collect();
    let mut heads = Vec::with_capacity(ids.len());
    for (id, head_move) in ids.iter().zip(&plan.moves) {
        let found = Seq(unsigned(found.get(id).copied().unwrap_or_default())?);
        if found != head_move.expected {
            return Err(CommitError::HeadMoved {
                stream: head_move.stream.clone(),
                expected: head_move.expected,
                found,
            });
        }
        heads.push((*id, head_move.head.0));
    }
    let heads = serde_json::to_string(&heads).map_err(|error| corrupt("heads of streams", error))?;
    sqlx::query(
        "UPDATE streams SET head_seq = moved.value ->> 1 FROM json_each(?) AS moved \
         WHERE streams.id = moved.value ->> 0",
    )
    .bind(heads)
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

async fn write_batch(
    transaction: &mut WriteTransaction<'_>,
    batch: &Batch,
    plan: &Plan<'_>,
) -> Result<(), CommitError> {
    if !remember(transaction.connection()?, batch).await? {
        return Ok(());
    }
    let mut ids = Vec::with_capacity(plan.moves.len());
    for head_move in &plan.moves {
        ids.push(transaction.stream_id(head_move.stream).await?);
    }
    let connection = transaction.connection()?;
    move_heads(connection, plan, &ids).await?;
    EVENTS
        .run(connection, &plan.events, |values, (stream, seq, event)| {
            values.push(ids[*stream])?.push(signed(seq.0)?)?.push(event.at.as_millis())?;
            values.push(event.kind)?.push(event.payload.as_str())?;
            Ok(())
        })
        .await?;
    let rows = batch.appends.iter().flat_map(|append| &append.rows);
    rows::write(transaction, rows).await?;
    Ok(())
}

async fn write_snapshot(
    transaction: &mut WriteTransaction<'_>,
    stream: &StreamId,
    snapshot: &Snapshot,
) -> Result<(), StoreError> {
    let id = transaction.stream_id(stream).await?;
    sqlx::query(
        "INSERT INTO snapshots (stream_id, seq, version, state) VALUES (?, ?, ?, ?) \
         ON CONFLICT (stream_id) DO UPDATE SET seq = excluded.seq, version = excluded.version, \
         state = excluded.state WHERE excluded.seq >= snapshots.seq",
    )
    .bind(id)
    .bind(signed(snapshot.seq.0)?)
    .bind(snapshot.version)
    .bind(&snapshot.state)
    .execute(transaction.connection()?)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// The events of a stream at some places.
pub(super) fn read_at(stream: &StreamId, seqs: &[Seq]) -> Result<Select, StoreError> {
    let seqs = serde_json::to_string(seqs).map_err(|error| corrupt("places in a stream", error))?;
    Ok(Select::new(
        "SELECT seq, at_ms, kind, payload FROM events WHERE stream_id = (SELECT id FROM streams WHERE name = ",
    )
    .bind(stream.to_string())
    .sql(") AND seq IN (SELECT value FROM json_each(")
    .bind(seqs)
    .sql(")) ORDER BY seq"))
}

/// Halves the stream until the place is found: some twenty rows of a long one are looked at, each by its key.
pub(super) fn last_before(stream: &StreamId, at: Timestamp) -> Select {
    let ms = at.as_millis();
    Select::new(
        "WITH RECURSIVE halves (stream, low, high) AS (SELECT id, 0, head_seq FROM streams WHERE name = ",
    )
    .bind(stream.to_string())
    .sql(" UNION ALL SELECT stream, iif(at_ms < ")
    .bind(ms)
    .sql(", seq, low), iif(at_ms < ")
    .bind(ms)
    .sql(
        ", high, seq - 1) FROM halves CROSS JOIN events \
            ON stream_id = stream AND seq = (low + high + 1) / 2 WHERE low < high) \
            SELECT low AS seq FROM halves WHERE low = high",
    )
}

fn log_event(row: &SqliteRow) -> Result<LogEvent, StoreError> {
    Ok(LogEvent {
        seq: Seq(unsigned(get(row, "seq")?)?),
        at: instant(row, "at_ms")?,
        kind: get(row, "kind")?,
        payload: get(row, "payload")?,
    })
}

#[async_trait]
impl EventLog for SqliteStore {
    async fn commit(&self, batch: &Batch) -> Result<(), CommitError> {
        let plan = Plan::of(batch)?;
        let mut transaction = self.begin().await?;
        let result = write_batch(&mut transaction, batch, &plan).await;
        transaction.finish(result).await.map_err(|error| match error {
            // No key of a batch can be taken unless the log contradicts its heads.
            CommitError::Store(StoreError::Conflict(cause)) => corrupt("the log", cause).into(),
            other => other,
        })
    }

    async fn read(&self, stream: &StreamId, after: Seq, limit: usize) -> Result<Vec<LogEvent>, StoreError> {
        let rows = sqlx::query(
            "SELECT seq, at_ms, kind, payload FROM events \
             WHERE stream_id = (SELECT id FROM streams WHERE name = ?) AND seq > ? ORDER BY seq LIMIT ?",
        )
        .bind(stream.to_string())
        .bind(i64::try_from(after.0).unwrap_or(i64::MAX))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)?;
        rows.iter().map(log_event).collect()
    }

    async fn read_at(&self, stream: &StreamId, seqs: &[Seq]) -> Result<Vec<LogEvent>, StoreError> {
        read_at(stream, seqs)?.rows(&self.readers).await?.iter().map(log_event).collect()
    }

    async fn last_before(&self, stream: &StreamId, at: Timestamp) -> Result<Seq, StoreError> {
        let rows = last_before(stream, at).rows(&self.readers).await?;
        rows.first().map_or(Ok(Seq(0)), |row| Ok(Seq(unsigned(get(row, "seq")?)?)))
    }

    async fn heads(&self) -> Result<Vec<(StreamId, Seq)>, StoreError> {
        let rows = sqlx::query("SELECT name, head_seq FROM streams WHERE head_seq > 0 ORDER BY id")
            .fetch_all(&self.readers)
            .await
            .map_err(from_sqlx)?;
        rows.iter().map(|row| Ok((parsed(row, "name")?, Seq(unsigned(get(row, "head_seq")?)?)))).collect()
    }

    async fn snapshot(&self, stream: &StreamId) -> Result<Option<Snapshot>, StoreError> {
        let row = sqlx::query(
            "SELECT seq, version, state FROM snapshots \
             WHERE stream_id = (SELECT id FROM streams WHERE name = ?)",
        )
        .bind(stream.to_string())
        .fetch_optional(&self.readers)
        .await
        .map_err(from_sqlx)?;
        row.map(|row| {
            Ok(Snapshot {
                seq: Seq(unsigned(get(&row, "seq")?)?),
                version: row.try_get("version").map_err(from_sqlx)?,
                state: get(&row, "state")?,
            })
        })
        .transpose()
    }

    async fn save_snapshot(&self, stream: &StreamId, snapshot: &Snapshot) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let result = write_snapshot(&mut transaction, stream, snapshot).await;
        transaction.finish(result).await
    }

    async fn next_boot(&self) -> Result<u64, StoreError> {
        let mut transaction = self.begin().await?;
        let result = count(transaction.connection()?, "boot").await.and_then(unsigned);
        transaction.finish(result).await
    }

    async fn replace_projections(&self, projections: &[Projection]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let result = rows::replace(&mut transaction, projections).await;
        transaction.finish(result).await
    }
}
