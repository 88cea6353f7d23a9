//! The log in memory.

use std::collections::{BTreeMap, VecDeque};

use actors::ports::{Batch, CommitError, EventLog, LogEvent, Row, Snapshot, StoreError};
use async_trait::async_trait;
use domain::Timestamp;
use domain::ids::{Seq, StreamId};
use uuid::Uuid;

use super::MemoryStore;
use super::rows::Projections;
use crate::store::REMEMBERED_COMMITS;
use crate::store::plan::Plan;

#[derive(Default)]
pub(super) struct Log {
    streams: BTreeMap<StreamId, Vec<LogEvent>>,
    snapshots: BTreeMap<StreamId, Snapshot>,
    commits: VecDeque<Uuid>,
    boots: u64,
}

impl Log {
    pub(super) fn head(&self, stream: &StreamId) -> Seq {
        Seq(self.streams.get(stream).map_or(0, |events| events.len() as u64))
    }

    fn check(&self, plan: &Plan<'_>) -> Result<(), CommitError> {
        for head_move in &plan.moves {
            let found = self.head(head_move.stream);
            if found != head_move.expected {
                return Err(CommitError::HeadMoved {
                    stream: head_move.stream.clone(),
                    expected: head_move.expected,
                    found,
                });
            }
        }
        Ok(())
    }

    fn append(&mut self, plan: &Plan<'_>) {
        for (index, seq, event) in &plan.events {
            let stream = plan.moves[*index].stream.clone();
            self.streams.entry(stream).or_default().push(LogEvent {
                seq: *seq,
                at: event.at,
                kind: event.kind.to_owned(),
                payload: event.payload.clone(),
            });
        }
    }

    fn remember(&mut self, commit: Uuid) {
        self.commits.push_back(commit);
        if self.commits.len() > REMEMBERED_COMMITS {
            self.commits.pop_front();
        }
    }
}

#[async_trait]
impl EventLog for MemoryStore {
    async fn commit(&self, batch: &Batch) -> Result<(), CommitError> {
        self.check_writable()?;
        let plan = Plan::of(batch)?;
        let mut data = self.data()?;
        if data.log.commits.contains(&batch.commit_id) {
            return Ok(());
        }
        data.log.check(&plan)?;
        data.log.append(&plan);
        data.log.remember(batch.commit_id);
        for row in batch.appends.iter().flat_map(|append| &append.rows) {
            data.projections.write(row);
        }
        Ok(())
    }

    async fn read(&self, stream: &StreamId, after: Seq, limit: usize) -> Result<Vec<LogEvent>, StoreError> {
        let data = self.data()?;
        let events = data.log.streams.get(stream).map_or(&[][..], Vec::as_slice);
        Ok(events.iter().filter(|event| event.seq > after).take(limit).cloned().collect())
    }

    async fn read_at(&self, stream: &StreamId, seqs: &[Seq]) -> Result<Vec<LogEvent>, StoreError> {
        let data = self.data()?;
        let events = data.log.streams.get(stream).map_or(&[][..], Vec::as_slice);
        Ok(events.iter().filter(|event| seqs.contains(&event.seq)).cloned().collect())
    }

    async fn last_before(&self, stream: &StreamId, at: Timestamp) -> Result<Seq, StoreError> {
        let data = self.data()?;
        let events = data.log.streams.get(stream).map_or(&[][..], Vec::as_slice);
        Ok(Seq(events.partition_point(|event| event.at < at) as u64))
    }

    async fn heads(&self) -> Result<Vec<(StreamId, Seq)>, StoreError> {
        let data = self.data()?;
        Ok(data.log.streams.keys().map(|stream| (stream.clone(), data.log.head(stream))).collect())
    }

    async fn snapshot(&self, stream: &StreamId) -> Result<Option<Snapshot>, StoreError> {
        Ok(self.data()?.log.snapshots.get(stream).cloned())
    }

    async fn save_snapshot(&self, stream: &StreamId, snapshot: &Snapshot) -> Result<(), StoreError> {
        let mut data = self.data()?;
        let stored = data.log.snapshots.entry(stream.clone()).or_insert_with(|| snapshot.clone());
        if snapshot.seq >= stored.seq {
            *stored = snapshot.clone();
        }
        Ok(())
    }

    async fn next_boot(&self) -> Result<u64, StoreError> {
        let mut data = self.data()?;
        data.log.boots += 1;
        Ok(data.log.boots)
    }

    async fn replace_projections(&self, rows: &[Row]) -> Result<(), StoreError> {
        let mut data = self.data()?;
        let mut replaced = Projections::default();
        for row in rows.iter().filter(|row| !matches!(row, Row::DeadLetter(_) | Row::DeadLetterResolved(..)))
        {
            replaced.write(row);
        }
        replaced.dead_letters = std::mem::take(&mut data.projections.dead_letters);
        data.projections = replaced;
        Ok(())
    }
}
