//! What all connections of the endpoint share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actors::clock::Clock;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::endpoint::MqttDeps;
use super::ingress::Ingress;
use super::options::MqttOptions;
use super::outbox::MqttOutbox;
use super::presence::Presence;
use super::registry::Registry;
use super::stats::Stats;

/// What all connections of the endpoint share.
pub(super) struct Shared {
    pub(super) options: MqttOptions,
    pub(super) ingress: Arc<dyn Ingress>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) outbox: Arc<MqttOutbox>,
    pub(super) presence: Arc<Presence>,
    pub(super) registry: Arc<Registry>,
    pub(super) stats: Arc<Stats>,
    /// Where work runs that must outlive a connection or belongs to the hub's own connections to its store.
    pub(super) runtime: Handle,
    /// One permit for every session that may exist.
    pub(super) places: Arc<Semaphore>,
    next_connection: AtomicU64,
}

impl Shared {
    pub(super) fn new(options: MqttOptions, deps: MqttDeps) -> Arc<Self> {
        let MqttDeps { ingress, outbox, clock, runtime } = deps;
        let presence = Presence::new(Arc::clone(&ingress), runtime.clone(), options.offline_grace);
        let registry = Arc::new(Registry::new());
        outbox.end_sessions_in(&registry);
        Arc::new(Self {
            places: Arc::new(Semaphore::new(options.max_connections)),
            stats: Arc::clone(outbox.stats()),
            registry,
            next_connection: AtomicU64::new(1),
            options,
            ingress,
            clock,
            outbox,
            presence,
            runtime,
        })
    }

    pub(super) fn next_connection(&self) -> u64 {
        self.next_connection.fetch_add(1, Ordering::Relaxed)
    }
}
