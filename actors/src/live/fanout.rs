//! The fan-out of one thread: holds its topics, and hands each frame to every session that can take it.
//!
//! A session that cannot take a frame is not waited for: it gets a fresh snapshot when it has room again.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actix::prelude::SendError;
use actix::{Actor, AsyncContext, Context, Handler, Recipient};
use bytestring::ByteString;
use domain::Timestamp;
use domain::ids::{LineAddress, SiteAddress};
use domain::wire::frame::{Position, Reset};
use domain::wire::topic::LiveTopic;

use super::tail::{Tail, Tailing};
use super::topic::Topic;
use super::{Frame, Publish, Retire, SessionId, Subscribe, Unsubscribe};
use crate::clock::Clock;
use crate::mailbox;
use crate::messages::Refresh;
use crate::registry::{Gate, LinePlace, Registry, TopicKey};
use crate::supervision::ExitGuard;

/// How often slow sessions and forgotten topics are looked after.
const TICK: Duration = Duration::from_millis(100);
/// How long a topic that nobody looks at is kept, so that a dashboard that comes back can resume.
const KEEP_UNSEEN: Duration = Duration::from_secs(60);
/// The bound of a fan-out's mailbox, per sender.
const CAPACITY: usize = 4_096;

/// What the fan-outs tell of themselves.
#[derive(Debug, Default)]
pub struct FanOutStats {
    /// Frames handed to sessions.
    pub frames: AtomicU64,
    /// Times that a session had no room and missed deltas.
    pub lagged: AtomicU64,
    /// Snapshots sent in place of missed deltas.
    pub resets: AtomicU64,
    /// Topics that are kept.
    pub topics: AtomicU64,
    /// Subscriptions.
    pub subscriptions: AtomicU64,
}

enum Phase {
    /// Nothing sent yet: the source has not published.
    Waiting(Option<Position>),
    /// Has everything so far.
    Live,
    /// Missed something for want of room.
    Lagging,
}

struct Subscriber {
    sink: Recipient<Frame>,
    phase: Phase,
}

struct Entry {
    topic: Topic,
    gate: Arc<Gate>,
    /// Where the entries of a topic of messages come from.
    tailing: Option<Tailing>,
    subscribers: HashMap<SessionId, Subscriber>,
    unseen_since: Option<Instant>,
}

struct Farewell {
    session: SessionId,
    key: TopicKey,
    sink: Recipient<Frame>,
    frame: ByteString,
}

/// The fan-out of one thread.
pub struct FanOut {
    registry: Arc<Registry>,
    clock: Arc<dyn Clock>,
    stats: Arc<FanOutStats>,
    epoch: u64,
    /// Seqs of new topics start here: above those of every topic that was dropped.
    next_seq: u64,
    topics: HashMap<TopicKey, Entry>,
    /// Sessions that had no room to hear that a topic is no more.
    farewells: Vec<Farewell>,
    _guard: ExitGuard,
}

impl FanOut {
    /// A fan-out whose frames carry this epoch.
    pub(crate) fn new(
        registry: Arc<Registry>,
        clock: Arc<dyn Clock>,
        stats: Arc<FanOutStats>,
        epoch: u64,
        guard: ExitGuard,
    ) -> Self {
        let (topics, farewells) = (HashMap::new(), Vec::new());
        Self { registry, clock, stats, epoch, next_seq: 0, topics, farewells, _guard: guard }
    }

    /// Asks the source of a topic to publish all of it.
    fn ask_source(&self, key: &TopicKey) {
        let site = |site| SiteAddress { tenant: key.tenant.clone(), site };
        let asked = match &key.topic {
            LiveTopic::Line(site, line) => {
                let address =
                    LineAddress { tenant: key.tenant.clone(), site: site.clone(), line: line.clone() };
                match self.registry.line(&address) {
                    Some(LinePlace::Up(line)) => mailbox::post(&line, Refresh).is_ok(),
                    // It publishes when it is up: its gate is open.
                    Some(LinePlace::Restarting | LinePlace::Quarantined) | None => true,
                }
            }
            LiveTopic::Site(code) | LiveTopic::Stock(code) | LiveTopic::Orders(code) => self
                .registry
                .site(&site(code.clone()))
                .is_none_or(|site| mailbox::post(&site, Refresh).is_ok()),
            // The gateway brings what comes; there is nothing to ask for.
            LiveTopic::SiteMessages(_) | LiveTopic::LineMessages(..) => true,
            LiveTopic::Alerts | LiveTopic::SiteAlerts(_) | LiveTopic::Inbox => self
                .registry
                .tenant(&key.tenant)
                .is_none_or(|tenant| mailbox::post(&tenant.address, Refresh).is_ok()),
        };
        if !asked {
            tracing::debug!(tenant = %key.tenant, topic = %key.topic, "source is busy, it is asked again");
        }
    }

    fn tick(&mut self) {
        let stats = &self.stats;
        self.farewells.retain(|Farewell { sink, frame, .. }| {
            matches!(hand_over(sink, frame.clone(), stats), Err(Unsent::NoRoom))
        });
        let mut unanswered = Vec::new();
        let time = self.clock.now();
        for (key, entry) in &mut self.topics {
            entry.show_messages(time, &self.stats);
            entry.catch_up(&self.stats);
            if !entry.topic.has_data() {
                unanswered.push(key.clone());
            }
        }
        for key in unanswered {
            self.ask_source(&key);
        }
        let now = Instant::now();
        let next_seq = &mut self.next_seq;
        let registry = &self.registry;
        self.topics.retain(|key, entry| {
            let kept = entry.unseen_since.is_none_or(|since| now - since < KEEP_UNSEEN);
            if !kept {
                entry.close(key, registry);
                *next_seq = (*next_seq).max(entry.topic.seq());
            }
            kept
        });
        self.count();
    }

    fn count(&self) {
        let subscriptions: usize = self.topics.values().map(|entry| entry.subscribers.len()).sum();
        self.stats.topics.store(self.topics.len() as u64, Ordering::Relaxed);
        self.stats.subscriptions.store(subscriptions as u64, Ordering::Relaxed);
    }
}

impl Actor for FanOut {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(CAPACITY);
        ctx.run_interval(TICK, |fanout, _| fanout.tick());
    }
}

/// However a fan-out ends, nobody is left with a copy that looks live: they are told, and subscribe again.
impl Drop for FanOut {
    fn drop(&mut self) {
        for (key, entry) in &self.topics {
            if entry.tailing.is_some() {
                self.registry.close_tail(key);
            }
            let frame = entry.topic.gone("topic_restarted", "the topic starts afresh, subscribe again");
            for subscriber in entry.subscribers.values() {
                // A session without room has its connection cut or notices at its next subscription.
                let _told = hand_over(&subscriber.sink, frame.clone(), &self.stats);
            }
        }
    }
}

impl Entry {
    fn new(key: &TopicKey, topic: Topic, registry: &Registry, now: Timestamp) -> Self {
        let gate = registry.gate(key);
        gate.set(true);
        let mut entry = Self { topic, gate, tailing: None, subscribers: HashMap::new(), unseen_since: None };
        if key.topic.is_tail() {
            let tail = Arc::new(Tail::new(now));
            registry.open_tail(key, Arc::clone(&tail));
            entry.topic.set(&[], Some(Tailing::empty()), now);
            entry.tailing = Some(Tailing::new(tail));
        }
        entry
    }

    /// The topic is dropped: its source need not publish any more.
    fn close(&self, key: &TopicKey, registry: &Registry) {
        self.gate.set(false);
        if self.tailing.is_some() {
            registry.close_tail(key);
        }
    }

    /// Shows the messages that have come since the last time.
    fn show_messages(&mut self, now: Timestamp, stats: &FanOutStats) {
        let patch = self.tailing.as_mut().and_then(Tailing::patch);
        if let Some(frame) = patch.and_then(|patch| self.topic.merge(&patch, now)) {
            self.broadcast(&frame, stats);
        }
    }

    /// Sends a frame to everybody who has the topic.
    fn broadcast(&mut self, frame: &ByteString, stats: &FanOutStats) {
        self.subscribers.retain(|_, subscriber| match subscriber.phase {
            Phase::Live => match hand_over(&subscriber.sink, frame.clone(), stats) {
                Ok(()) => true,
                Err(Unsent::NoRoom) => {
                    stats.lagged.fetch_add(1, Ordering::Relaxed);
                    subscriber.phase = Phase::Lagging;
                    true
                }
                Err(Unsent::Gone) => false,
            },
            Phase::Waiting(_) | Phase::Lagging => true,
        });
    }

    /// Brings those forward who wait for the first frame or missed some.
    fn catch_up(&mut self, stats: &FanOutStats) {
        let topic = &mut self.topic;
        self.subscribers.retain(|_, subscriber| {
            let sent = match &subscriber.phase {
                Phase::Live => return true,
                Phase::Waiting(since) => first_frames(topic, *since, &subscriber.sink, stats),
                Phase::Lagging => topic.snapshot(Some(Reset::Slow)).map(|frame| {
                    hand_over(&subscriber.sink, frame, stats).inspect(|()| {
                        stats.resets.fetch_add(1, Ordering::Relaxed);
                    })
                }),
            };
            match sent {
                Some(Ok(())) => subscriber.phase = Phase::Live,
                Some(Err(Unsent::NoRoom)) => subscriber.phase = Phase::Lagging,
                Some(Err(Unsent::Gone)) => return false,
                None => {}
            }
            true
        });
        let unseen = self.subscribers.is_empty();
        self.unseen_since = unseen.then(|| self.unseen_since.unwrap_or_else(Instant::now));
    }
}

/// The missed deltas if they are still there, else a snapshot; nothing while there is no data.
fn first_frames(
    topic: &mut Topic,
    since: Option<Position>,
    sink: &Recipient<Frame>,
    stats: &FanOutStats,
) -> Option<Result<(), Unsent>> {
    let snapshot = topic.snapshot(None)?;
    let frames = since.and_then(|since| topic.resume(since)).unwrap_or_else(|| vec![snapshot]);
    Some(frames.into_iter().try_for_each(|frame| hand_over(sink, frame, stats)))
}

enum Unsent {
    NoRoom,
    Gone,
}

fn hand_over(sink: &Recipient<Frame>, frame: ByteString, stats: &FanOutStats) -> Result<(), Unsent> {
    sink.try_send(Frame(frame)).map_err(|error| match error {
        SendError::Full(_) => Unsent::NoRoom,
        SendError::Closed(_) => Unsent::Gone,
    })?;
    stats.frames.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

impl Handler<Subscribe> for FanOut {
    type Result = ();

    fn handle(&mut self, request: Subscribe, _: &mut Self::Context) {
        let Subscribe { session, key, since, sink } = request;
        self.farewells.retain(|farewell| farewell.session != session || farewell.key != key);
        let entry = self.topics.entry(key.clone()).or_insert_with(|| {
            let topic = Topic::new(key.topic.clone(), self.epoch, self.next_seq);
            Entry::new(&key, topic, &self.registry, self.clock.now())
        });
        entry.subscribers.insert(session, Subscriber { sink, phase: Phase::Waiting(since) });
        entry.catch_up(&self.stats);
        if !entry.topic.has_data() {
            self.ask_source(&key);
        }
        self.count();
    }
}

impl Handler<Unsubscribe> for FanOut {
    type Result = ();

    fn handle(&mut self, request: Unsubscribe, _: &mut Self::Context) {
        let stats = self.stats.clone();
        let leave = |entry: &mut Entry| {
            if entry.subscribers.remove(&request.session).is_some() {
                entry.catch_up(&stats);
            }
        };
        match &request.key {
            Some(key) => {
                if let Some(entry) = self.topics.get_mut(key) {
                    leave(entry);
                }
            }
            None => self.topics.values_mut().for_each(leave),
        }
        self.count();
    }
}

impl Handler<Publish> for FanOut {
    type Result = ();

    fn handle(&mut self, publish: Publish, _: &mut Self::Context) {
        let now: Timestamp = self.clock.now();
        let Some(entry) = self.topics.get_mut(&publish.key) else { return };
        let had_data = entry.topic.has_data();
        if let Some(frame) = entry.topic.set(&publish.path, publish.value, now) {
            entry.broadcast(&frame, &self.stats);
        }
        if !had_data {
            entry.catch_up(&self.stats);
        }
    }
}

impl Handler<Retire> for FanOut {
    type Result = ();

    fn handle(&mut self, retire: Retire, _: &mut Self::Context) {
        let Some(entry) = self.topics.remove(&retire.key) else { return };
        entry.close(&retire.key, &self.registry);
        self.next_seq = self.next_seq.max(entry.topic.seq());
        let frame = entry.topic.gone(retire.code, &retire.detail);
        for (session, Subscriber { sink, .. }) in entry.subscribers {
            if let Err(Unsent::NoRoom) = hand_over(&sink, frame.clone(), &self.stats) {
                self.farewells.push(Farewell {
                    session,
                    key: retire.key.clone(),
                    sink,
                    frame: frame.clone(),
                });
            }
        }
        self.count();
    }
}
