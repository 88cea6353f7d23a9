//! What a batch does to the streams: one move of the head for each, and a place for every event.

use std::collections::BTreeMap;

use actors::ports::{Batch, CommitError, NewEvent, StoreError};
use domain::ids::{Seq, StreamId};

/// The move of one stream's head by a whole batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HeadMove<'a> {
    pub(super) stream: &'a StreamId,
    pub(super) expected: Seq,
    pub(super) head: Seq,
}

/// A batch by streams.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) moves: Vec<HeadMove<'a>>,
    /// The index of the event's stream in `moves`, its place there, and the event.
    pub(super) events: Vec<(usize, Seq, &'a NewEvent)>,
}

impl<'a> Plan<'a> {
    /// Checks that the appends to each stream continue one another.
    pub(super) fn of(batch: &'a Batch) -> Result<Self, CommitError> {
        let mut index_of: BTreeMap<&StreamId, usize> = BTreeMap::new();
        let mut plan = Self { moves: Vec::new(), events: Vec::new() };
        for append in &batch.appends {
            let Some(stream_move) = &append.stream else {
                if append.events.is_empty() {
                    continue;
                }
                return Err(StoreError::Corrupt("an append has events but no stream".to_owned()).into());
            };
            let index = *index_of.entry(&stream_move.stream).or_insert_with(|| {
                plan.moves.push(HeadMove {
                    stream: &stream_move.stream,
                    expected: stream_move.expected,
                    head: stream_move.expected,
                });
                plan.moves.len() - 1
            });
            let head = &mut plan.moves[index].head;
            if *head != stream_move.expected {
                return Err(CommitError::HeadMoved {
                    stream: stream_move.stream.clone(),
                    expected: stream_move.expected,
                    found: *head,
                });
            }
            for event in &append.events {
                *head = head.plus(1);
                plan.events.push((index, *head, event));
            }
        }
        Ok(plan)
    }
}
