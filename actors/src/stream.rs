//! A stream as its owner holds it: decided on ahead of the log, shown as far as the log has it.
//!
//! `speculative` has every event that was decided; the next decision sees it. `committed` has only what is
//! durable; whatever leaves the actor (replies, frames, messages to others, snapshots) is made from it.

use std::collections::VecDeque;

use domain::Timestamp;
use domain::ids::{Seq, StreamId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::journal::{Busy, Journal, Place, Progress, Writer};
use crate::messages::Inspection;
use crate::ports::{Append, EventLog, LogEvent, NewEvent, Row, Snapshot, Store, StoreError, StreamMove};

/// How many appends of one actor may be on their way.
const MAX_PENDING: usize = 2_048;
/// How many events are read at once.
const READ_PAGE: usize = 5_000;
/// After so many events a snapshot is taken.
pub const SNAPSHOT_EVERY: u64 = 2_000;

/// A state that is made by applying the events of one stream.
pub trait StreamState: Clone + Serialize + DeserializeOwned {
    /// The events.
    type Event: Clone + Serialize + DeserializeOwned;
    /// The version of the state's shape: a snapshot of another version is not read.
    const VERSION: u32;

    /// A stream without events.
    fn empty(stream: &StreamId) -> Self;
    /// The kind of an event, for readers of the log.
    fn kind(event: &Self::Event) -> &'static str;
    /// Takes an event in.
    fn apply(&mut self, event: &Self::Event);
    /// Takes an event in and adds the rows that follow from it.
    fn apply_and_project(&mut self, stream: &StreamId, event: &Self::Event, rows: &mut Vec<Row>);
}

/// Why a stream could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An event cannot be read.
    #[error("event {seq} of stream {stream} cannot be read: {cause}")]
    Event {
        /// The stream.
        stream: StreamId,
        /// Its place.
        seq: Seq,
        /// What is wrong.
        cause: String,
    },
}

/// A stream's state and place as the log has it.
#[derive(Clone, Debug)]
pub struct Loaded<S> {
    /// The state.
    pub state: S,
    /// The seq of its last event.
    pub seq: Seq,
    /// The seq of the snapshot it was made from.
    pub snapshot_seq: Seq,
}

/// Reads a stream: its newest snapshot and the events after it.
pub async fn load<S: StreamState>(store: &dyn Store, stream: &StreamId) -> Result<Loaded<S>, LoadError> {
    let mut loaded = Loaded { state: S::empty(stream), seq: Seq(0), snapshot_seq: Seq(0) };
    if let Some(snapshot) = EventLog::snapshot(store, stream).await?
        && snapshot.version == S::VERSION
    {
        match serde_json::from_str(&snapshot.state) {
            Ok(state) => loaded = Loaded { state, seq: snapshot.seq, snapshot_seq: snapshot.seq },
            Err(error) => {
                tracing::warn!(%stream, %error, "snapshot cannot be read, the whole log is replayed")
            }
        }
    }
    loop {
        let events = store.read(stream, loaded.seq, READ_PAGE).await?;
        for logged in &events {
            loaded.state.apply(&decode::<S>(stream, logged)?);
            loaded.seq = logged.seq;
        }
        if events.len() < READ_PAGE {
            return Ok(loaded);
        }
    }
}

/// Reads one event of a stream of this kind.
pub fn decode<S: StreamState>(stream: &StreamId, logged: &LogEvent) -> Result<S::Event, LoadError> {
    serde_json::from_str(&logged.payload).map_err(|error| LoadError::Event {
        stream: stream.clone(),
        seq: logged.seq,
        cause: error.to_string(),
    })
}

struct Pending<V, E> {
    ticket: u64,
    events: Vec<V>,
    effects: Vec<E>,
}

/// A stream in the hands of its actor; `E` is what the actor does once an append is durable.
pub struct Stream<S: StreamState, E> {
    id: StreamId,
    speculative: S,
    committed: S,
    head: Seq,
    committed_seq: Seq,
    snapshot_seq: Seq,
    writer: Writer,
    pending: VecDeque<Pending<S::Event, E>>,
}

/// What an actor tells of itself: its stream, if it is loaded, and its children.
pub fn inspect<S: StreamState, E>(
    id: &StreamId,
    stream: Option<&Stream<S, E>>,
    children_up: usize,
    children_away: usize,
) -> Inspection {
    Inspection {
        actor: id.to_string(),
        ready: stream.is_some(),
        committed_seq: stream.map(Stream::committed_seq).unwrap_or_default(),
        in_flight: stream.map(Stream::in_flight).unwrap_or_default(),
        children_up,
        children_away,
    }
}

/// What one message leads to, while it is being decided.
pub struct Turn<S: StreamState> {
    place: Place,
    events: Vec<S::Event>,
    encoded: Vec<NewEvent>,
    rows: Vec<Row>,
}

/// What became durable: events and what to do about them, in order.
pub struct Released<S: StreamState, E> {
    /// The seq of the first event.
    pub first: Seq,
    /// The events; they are in `committed` now.
    pub events: Vec<S::Event>,
    /// What to do.
    pub effects: Vec<E>,
    /// The stream has another writer: what is still pending will never be written, the actor must reload.
    pub fenced: bool,
}

impl<S: StreamState, E> Stream<S, E> {
    /// A stream as it was loaded.
    pub fn new(id: StreamId, loaded: Loaded<S>, journal: &Journal) -> Self {
        Self {
            id,
            speculative: loaded.state.clone(),
            committed: loaded.state,
            head: loaded.seq,
            committed_seq: loaded.seq,
            snapshot_seq: loaded.snapshot_seq,
            writer: journal.writer(),
            pending: VecDeque::new(),
        }
    }

    /// Tells how far the journal has come; feed each value to [`Stream::release`].
    pub fn progress(&self) -> tokio::sync::watch::Receiver<Progress> {
        self.writer.progress()
    }

    /// What the next decision sees.
    pub fn speculative(&self) -> &S {
        &self.speculative
    }

    /// What may be shown.
    pub fn committed(&self) -> &S {
        &self.committed
    }

    /// The seq of the last durable event.
    pub fn committed_seq(&self) -> Seq {
        self.committed_seq
    }

    /// How many appends are on their way.
    pub fn in_flight(&self) -> usize {
        self.pending.len()
    }

    /// Begins a message's turn, if what it leads to can be written.
    pub fn begin(&self) -> Result<Turn<S>, Busy> {
        if self.pending.len() >= MAX_PENDING {
            return Err(Busy);
        }
        let place = self.writer.reserve()?;
        Ok(Turn { place, events: Vec::new(), encoded: Vec::new(), rows: Vec::new() })
    }

    /// Adds events to the turn; the next decision sees them.
    pub fn stage(&mut self, turn: &mut Turn<S>, events: Vec<S::Event>, now: Timestamp) {
        for event in events {
            self.speculative.apply_and_project(&self.id, &event, &mut turn.rows);
            // Events are plain data with text keys: writing them as JSON cannot fail.
            let payload = serde_json::to_string(&event).unwrap_or_default();
            turn.encoded.push(NewEvent { at: now, kind: S::kind(&event), payload });
            turn.events.push(event);
        }
    }

    /// Ends the turn. The effect is released when everything decided so far is durable: at once, if it is.
    #[must_use]
    pub fn finish(&mut self, turn: Turn<S>, effect: E) -> Option<E> {
        if turn.events.is_empty() {
            return self.after_pending(effect);
        }
        let expected = self.head;
        self.head = self.head.plus(turn.events.len());
        let moved = StreamMove { stream: self.id.clone(), expected };
        let append = Append { stream: Some(moved), events: turn.encoded, rows: turn.rows };
        let ticket = self.writer.append(turn.place, append);
        self.pending.push_back(Pending { ticket, events: turn.events, effects: vec![effect] });
        None
    }

    /// Releases an effect when everything decided so far is durable: at once, if it is.
    #[must_use]
    pub fn after_pending(&mut self, effect: E) -> Option<E> {
        match self.pending.back_mut() {
            Some(last) => {
                last.effects.push(effect);
                None
            }
            None => Some(effect),
        }
    }

    /// Takes in what became durable.
    pub fn release(&mut self, progress: Progress) -> Released<S, E> {
        let first = self.committed_seq.plus(1);
        let fenced = progress.fenced;
        let mut released = Released { first, events: Vec::new(), effects: Vec::new(), fenced };
        while let Some(pending) = self.pending.pop_front_if(|next| next.ticket <= progress.committed) {
            for event in &pending.events {
                self.committed.apply(event);
            }
            self.committed_seq = self.committed_seq.plus(pending.events.len());
            released.events.extend(pending.events);
            released.effects.extend(pending.effects);
        }
        released
    }

    /// A snapshot, if it is time for one.
    pub fn due_snapshot(&mut self) -> Option<Snapshot> {
        if self.committed_seq.0 - self.snapshot_seq.0 < SNAPSHOT_EVERY {
            return None;
        }
        self.snapshot_seq = self.committed_seq;
        let state = serde_json::to_string(&self.committed)
            .inspect_err(|error| tracing::error!(stream = %self.id, %error, "state cannot be written"))
            .ok()?;
        Some(Snapshot { seq: self.committed_seq, version: S::VERSION, state })
    }
}
