//! What every actor of a hub shares.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use actix::Addr;
use actix_rt::ArbiterHandle;
use domain::ids::StreamId;
use domain::wire::topic::LiveTopic;
use serde_json::Value;

use crate::clock::Clock;
use crate::journal::Journal;
use crate::live::{FanOut, Publish, Retire};
use crate::mailbox::{self, Undelivered};
use crate::ports::{DeviceOutbox, DevicePresence, Snapshot, Store};
use crate::registry::{Registry, TopicKey};
use crate::supervision::RestartPolicy;

/// Counters of what happens rarely and must not go unseen.
#[derive(Debug, Default)]
pub struct TreeStats {
    /// Actors started again.
    pub restarts: AtomicU64,
    /// Lines quarantined.
    pub quarantines: AtomicU64,
    /// Messages set aside because they made an actor panic twice.
    pub poisoned: AtomicU64,
    /// Snapshots saved.
    pub snapshots: AtomicU64,
}

/// What every actor of a hub shares.
pub struct Shared {
    /// What is stored.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The way into the log.
    pub journal: Journal,
    /// Everybody's address.
    pub registry: Arc<Registry>,
    /// The way back to devices.
    pub outbox: Arc<dyn DeviceOutbox>,
    /// Which devices are connected; known once there is an endpoint.
    pub presence: OnceLock<Arc<dyn DevicePresence>>,
    /// How lines and sites are restarted.
    pub policy: RestartPolicy,
    /// Rare events.
    pub stats: TreeStats,
    pub(crate) arbiters: Vec<ArbiterHandle>,
    pub(crate) saving: AtomicUsize,
}

impl Shared {
    /// How many snapshots may be on their way to the store.
    const MAX_SAVING: usize = 64;

    fn slot(&self, name: &impl Hash, slots: usize) -> usize {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        usize::try_from(hasher.finish() % slots.max(1) as u64).unwrap_or(0)
    }

    /// The thread an actor lives on: by the name of what it publishes, so that it shares it with its fan-out.
    pub(crate) fn arbiter(&self, key: &TopicKey) -> &ArbiterHandle {
        &self.arbiters[self.slot(key, self.arbiters.len())]
    }

    /// The fan-out of a topic; none until the hub has started.
    pub(crate) fn fanout(&self, key: &TopicKey) -> Option<Addr<FanOut>> {
        self.registry.fanout(self.slot(key, self.arbiters.len()))
    }

    /// Publishes a part of a topic. False if the fan-out has no room: try again. One that starts again asks.
    pub(crate) fn publish(&self, key: &TopicKey, path: Vec<String>, value: Option<Value>) -> bool {
        let publish = Publish { key: key.clone(), path, value };
        let Some(fanout) = self.fanout(key) else { return true };
        !matches!(mailbox::post(&fanout, publish), Err(Undelivered::Full(_)))
    }

    /// Ends a topic.
    pub(crate) fn retire(&self, key: TopicKey, code: &'static str, detail: String) {
        let Some(fanout) = self.fanout(&key) else { return };
        if mailbox::post(&fanout, Retire { key, code, detail }).is_err() {
            tracing::warn!(
                code,
                "fan-out is full, viewers of a topic that ended are told when they come back"
            );
        }
    }

    /// The topic of a tenant.
    pub(crate) fn topic(&self, stream: &StreamId, topic: LiveTopic) -> TopicKey {
        TopicKey { tenant: stream.tenant().clone(), topic }
    }

    /// Saves a snapshot in the background; one that does not fit is left for the next time.
    pub(crate) fn save_snapshot(self: &Arc<Self>, stream: StreamId, snapshot: Snapshot) {
        if self.saving.fetch_add(1, Ordering::Relaxed) >= Self::MAX_SAVING {
            self.saving.fetch_sub(1, Ordering::Relaxed);
            return;
        }
        let shared = self.clone();
        actix_rt::spawn(async move {
            match shared.store.save_snapshot(&stream, &snapshot).await {
                Ok(()) => {
                    shared.stats.snapshots.fetch_add(1, Ordering::Relaxed);
                }
                Err(error) => tracing::warn!(%stream, %error, "snapshot not saved, recovery takes longer"),
            }
            shared.saving.fetch_sub(1, Ordering::Relaxed);
        });
    }
}
