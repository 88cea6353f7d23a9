//! The journal: takes what is waiting when the commit before has ended, and writes it in one transaction.
//!
//! It never gives up on a store that is away: it withholds, and its bounded queue pushes back. Only a stream
//! whose head was moved by another writer fails for good.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::ids::StreamId;
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use crate::ports::{Append, Batch, CommitError, EventLog, Store};

/// How many appends may wait.
pub const QUEUE_CAPACITY: usize = 16_384;
/// How many appends one transaction takes at most.
const MAX_BATCH: usize = 2_048;
const FIRST_RETRY: Duration = Duration::from_millis(50);
const LAST_RETRY: Duration = Duration::from_secs(2);

/// How far the appends of one writer have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Every append with this ticket or a smaller one is durable.
    pub committed: u64,
    /// Another writer moved the stream's head: appends after `committed` will never be written.
    pub fenced: bool,
}

struct Entry {
    append: Append,
    ticket: u64,
    progress: Arc<watch::Sender<Progress>>,
    queued_at: Instant,
}

/// What the journal tells of itself.
#[derive(Debug, Default)]
pub struct JournalStats {
    /// Transactions committed.
    pub commits: AtomicU64,
    /// Appends committed.
    pub appends: AtomicU64,
    /// Events committed.
    pub events: AtomicU64,
    /// Tries that failed because the store was away.
    pub failures: AtomicU64,
    /// The longest wait of an append in the last batch, in microseconds.
    pub last_wait_us: AtomicU64,
    /// How long the last transaction took, in microseconds.
    pub last_commit_us: AtomicU64,
    /// The last try failed: nothing is acknowledged at the moment.
    pub stalled: AtomicBool,
}

/// The way into the journal.
#[derive(Clone)]
pub struct Journal {
    queue: mpsc::Sender<Entry>,
    stats: Arc<JournalStats>,
}

/// The queue is full: push back.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the journal's queue is full")]
pub struct Busy;

/// One writer's handle: numbers its appends and learns how far they have come.
pub struct Writer {
    journal: Journal,
    progress: Arc<watch::Sender<Progress>>,
    next_ticket: u64,
}

/// A place in the queue, taken before the decision so that what is decided can be written.
pub struct Place(mpsc::OwnedPermit<Entry>);

impl Journal {
    /// Starts the journal of a store; it ends when the last `Journal` and `Writer` are dropped and everything
    /// queued is committed.
    pub fn start(store: Arc<dyn Store>) -> (Self, tokio::task::JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(QUEUE_CAPACITY);
        let stats = Arc::new(JournalStats::default());
        let worker = tokio::spawn(run(store, waiting, stats.clone()));
        (Self { queue, stats }, worker)
    }

    /// A handle for a new writer.
    pub fn writer(&self) -> Writer {
        Writer { journal: self.clone(), progress: Arc::new(watch::Sender::default()), next_ticket: 1 }
    }

    /// What the journal tells of itself.
    pub fn stats(&self) -> &JournalStats {
        &self.stats
    }

    /// How many appends wait.
    pub fn depth(&self) -> usize {
        QUEUE_CAPACITY - self.queue.capacity()
    }

    /// Writes rows that follow from no event, and waits until they are durable. `Busy` if the queue is full.
    pub async fn write_rows(&self, append: Append) -> Result<(), Busy> {
        let mut writer = self.writer();
        let mut progress = writer.progress();
        let place = writer.reserve()?;
        let ticket = writer.append(place, append);
        progress.wait_for(|progress| progress.committed >= ticket).await.map(drop).map_err(|_| Busy)
    }
}

impl Writer {
    /// How far this writer's appends have come, now and from now on.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Takes a place in the queue.
    pub fn reserve(&self) -> Result<Place, Busy> {
        self.journal.queue.clone().try_reserve_owned().map(Place).map_err(|_| Busy)
    }

    /// Queues an append; its ticket comes back as committed once it is durable.
    pub fn append(&mut self, place: Place, append: Append) -> u64 {
        let ticket = self.take_ticket();
        place.0.send(Entry { append, ticket, progress: self.progress.clone(), queued_at: Instant::now() });
        ticket
    }

    /// Waits until everything that was queued before, by whomever, is committed or failed.
    pub async fn barrier(journal: &Journal) {
        let mut writer = journal.writer();
        let mut progress = writer.progress();
        let ticket = writer.take_ticket();
        let entry = Entry {
            append: Append::default(),
            ticket,
            progress: writer.progress.clone(),
            queued_at: Instant::now(),
        };
        if journal.queue.send(entry).await.is_ok() {
            // The writer is held here, so the wait ends only with the commit.
            let _committed = progress.wait_for(|progress| progress.committed >= ticket).await;
        }
    }

    fn take_ticket(&mut self) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        ticket
    }
}

async fn run(store: Arc<dyn Store>, mut waiting: mpsc::Receiver<Entry>, stats: Arc<JournalStats>) {
    let mut entries = Vec::with_capacity(MAX_BATCH);
    while waiting.recv_many(&mut entries, MAX_BATCH).await > 0 {
        let started = Instant::now();
        let waited = entries.first().map(|entry| started - entry.queued_at).unwrap_or_default();
        stats.last_wait_us.store(micros(waited), Ordering::Relaxed);
        commit(&*store, &mut entries, &stats).await;
        stats.last_commit_us.store(micros(started.elapsed()), Ordering::Relaxed);
    }
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

/// Commits the entries, however long that takes, and tells their writers.
async fn commit(store: &dyn Store, entries: &mut Vec<Entry>, stats: &JournalStats) {
    // What a stale owner decided after it was found out rests on events that were never written, also where its
    // place in the stream is free by chance.
    entries.retain(|entry| !entry.progress.borrow().fenced);
    let (appends, mut writers): (Vec<_>, Vec<_>) =
        entries.drain(..).map(|entry| (entry.append, (entry.ticket, entry.progress))).unzip();
    let mut batch = Batch { commit_id: Uuid::now_v7(), appends };
    let mut delay = FIRST_RETRY;
    loop {
        if batch.appends.iter().all(|append| append.events.is_empty() && append.rows.is_empty()) {
            break;
        }
        match EventLog::commit(store, &batch).await {
            Ok(()) => {
                stats.commits.fetch_add(1, Ordering::Relaxed);
                let events: usize = batch.appends.iter().map(|append| append.events.len()).sum();
                stats.events.fetch_add(events as u64, Ordering::Relaxed);
                break;
            }
            Err(CommitError::HeadMoved { stream, expected, found }) => {
                tracing::error!(%stream, %expected, %found, "stream has another writer, its actor steps down");
                fence(&stream, &mut batch, &mut writers);
            }
            Err(CommitError::Store(error)) => {
                stats.failures.fetch_add(1, Ordering::Relaxed);
                if !stats.stalled.swap(true, Ordering::Relaxed) {
                    tracing::error!(%error, "commit failed, acknowledgements are withheld until it succeeds");
                }
                tokio::time::sleep(delay).await;
                delay = (delay * 2).min(LAST_RETRY);
            }
        }
    }
    if stats.stalled.swap(false, Ordering::Relaxed) {
        tracing::info!("commits succeed again");
    }
    stats.appends.fetch_add(writers.len() as u64, Ordering::Relaxed);
    tell(&writers);
}

/// Tells each writer once, with its newest ticket.
fn tell(writers: &[(u64, Arc<watch::Sender<Progress>>)]) {
    let mut newest: HashMap<*const watch::Sender<Progress>, (u64, &Arc<watch::Sender<Progress>>)> =
        HashMap::new();
    for (ticket, writer) in writers {
        newest
            .entry(Arc::as_ptr(writer))
            .and_modify(|(known, _)| *known = (*known).max(*ticket))
            .or_insert((*ticket, writer));
    }
    for (ticket, writer) in newest.into_values() {
        writer.send_modify(|progress| {
            if !progress.fenced {
                progress.committed = progress.committed.max(ticket);
            }
        });
    }
}

/// Takes the appends of a stream out of the batch and tells their writer that they failed for good.
fn fence(stream: &StreamId, batch: &mut Batch, writers: &mut Vec<(u64, Arc<watch::Sender<Progress>>)>) {
    let of_stream = |append: &Append| append.stream.as_ref().is_some_and(|moved| &moved.stream == stream);
    let failed: Vec<bool> = batch.appends.iter().map(of_stream).collect();
    for ((_, writer), _) in writers.iter().zip(&failed).filter(|(_, failed)| **failed) {
        writer.send_modify(|progress| progress.fenced = true);
    }
    let mut flags = failed.iter();
    batch.appends.retain(|_| !flags.next().copied().unwrap_or(false));
    let mut flags = failed.iter();
    writers.retain(|_| !flags.next().copied().unwrap_or(false));
    // Nothing of the batch was written: what is left is another batch.
    batch.commit_id = Uuid::now_v7();
}
