//! The hub: starts the tree, and is the one door to it for REST, WebSocket and commands.

mod commands;
mod keys;
mod stops;
mod supervisor;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix::{Actor, Addr};
use actix_rt::Arbiter;
use domain::ids::{LineAddress, TenantCode};
use domain::wire::frame::Position;
use domain::wire::topic::LiveTopic;
use domain::{Code, Rejection};
use serde::Serialize;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::ingest::IngestGateway;
use crate::journal::{Journal, JournalStats, QUEUE_CAPACITY};
use crate::live::{FanOutStats, Frame, SessionId, Subscribe as SubscribeTopic, Unsubscribe};
use crate::mailbox;
use crate::messages::line_quarantined;
use crate::ports::{DeviceConnection, DeviceOutbox, DevicePresence, Store, StoreError};
use crate::registry::{LinePlace, Registry, TopicKey};
use crate::shared::{Shared, TreeStats};
use crate::supervision::RestartPolicy;

pub use keys::{By, CommandKey};
pub use supervisor::HubSupervisor;

/// How a hub is started.
#[derive(Clone, Debug)]
pub struct HubOptions {
    /// Threads that the actors are spread over.
    pub threads: usize,
    /// How lines and sites are restarted.
    pub policy: RestartPolicy,
    /// How long a command waits for its answer. It may be done all the same afterwards: the caller's
    /// `Idempotency-Key` makes trying again safe.
    pub command_patience: Duration,
}

impl Default for HubOptions {
    fn default() -> Self {
        Self { threads: 2, policy: RestartPolicy::default(), command_patience: Duration::from_secs(10) }
    }
}

/// Why a command had no effect.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CommandError {
    /// It was refused.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// It could not be done now.
    #[error("{code}, try again in {retry_after_ms} ms")]
    Unavailable {
        /// The stable code.
        code: &'static str,
        /// When to try again.
        retry_after_ms: u64,
    },
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::InvalidCursor => Rejection::invalid("cursor", "is not a cursor of this list").into(),
            StoreError::TooMany { .. } => Rejection::invalid("from", error.to_string()).into(),
            StoreError::Unavailable(_) | StoreError::Corrupt(_) | StoreError::Conflict(_) => {
                tracing::error!(%error, "store did not answer");
                Self::Unavailable { code: "store_unavailable", retry_after_ms: 1_000 }
            }
        }
    }
}

/// A session wants a topic.
pub struct Subscribe {
    /// The session.
    pub session: SessionId,
    /// Its tenant.
    pub tenant: TenantCode,
    /// The topic.
    pub topic: LiveTopic,
    /// Where the session's copy stands, if it has one.
    pub since: Option<Position>,
    /// Where its frames go.
    pub sink: actix::Recipient<Frame>,
}

/// How the hub is.
#[derive(Clone, Debug, Serialize)]
pub struct HealthReport {
    /// Whether it takes messages and acknowledges them.
    pub ready: bool,
    /// `up`, or `down` while commits fail or the store does not answer.
    pub store: &'static str,
    /// Lines that are up.
    pub lines_up: usize,
    /// Lines that wait for a restart.
    pub lines_restarting: usize,
    /// Lines that are quarantined.
    pub lines_quarantined: usize,
    /// Appends that wait for a commit, and how many may wait.
    pub journal_depth: usize,
    /// How many appends may wait.
    pub journal_capacity: usize,
}

/// The door to a hub.
#[derive(Clone)]
pub struct HubHandle {
    shared: Arc<Shared>,
    supervisor: Addr<HubSupervisor>,
    ingest: IngestGateway,
    fanout_stats: Arc<FanOutStats>,
    command_patience: Duration,
    creating: Arc<papaya::HashMap<(TenantCode, domain::ids::OrderCode), ()>>,
}

/// A running hub: its door, and what must be ended.
pub struct Hub {
    /// The door.
    pub handle: HubHandle,
    journal: tokio::task::JoinHandle<()>,
}

impl Hub {
    /// Starts the tree and every tenant of the store. Must be called inside an actix system.
    pub async fn start(
        options: HubOptions,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        outbox: Arc<dyn DeviceOutbox>,
    ) -> Result<Self, StoreError> {
        let boot = store.next_boot().await?;
        let (journal, worker) = Journal::start(store.clone());
        let registry = Arc::new(Registry::default());
        let fanout_stats = Arc::new(FanOutStats::default());
        let arbiters: Vec<_> = (0..options.threads.max(1)).map(|_| Arbiter::new().handle()).collect();
        let shared = Arc::new(Shared {
            arbiters,
            store,
            clock,
            journal,
            registry,
            outbox,
            presence: OnceLock::new(),
            policy: options.policy,
            stats: TreeStats::default(),
            saving: AtomicUsize::new(0),
        });
        let supervisor = HubSupervisor::new(shared.clone(), fanout_stats.clone(), boot).start();
        let handle = HubHandle {
            ingest: IngestGateway::new(shared.clone()),
            shared,
            supervisor,
            fanout_stats,
            command_patience: options.command_patience,
            creating: Arc::default(),
        };
        for tenant in handle.shared.store.tenants().await? {
            if handle.ensure_tenant(&tenant.code).await.is_err() {
                tracing::error!(tenant = %tenant.code, "tenant does not start, it is tried again");
            }
        }
        Ok(Self { handle, journal: worker })
    }

    /// Ends every actor and waits until everything that was decided is durable, or the time is over.
    pub async fn stop(self, grace: Duration) -> bool {
        let Self { handle, journal } = self;
        let deadline = tokio::time::Instant::now() + grace;
        let drained =
            tokio::time::timeout_at(deadline, crate::journal::Writer::barrier(&handle.shared.journal));
        let drained = drained.await.is_ok();
        mailbox::terminate(&handle.supervisor);
        let arbiters: Vec<_> = handle.shared.arbiters.clone();
        drop(handle);
        for arbiter in &arbiters {
            arbiter.stop();
        }
        // The journal ends when the last actor has dropped its writer.
        drained && tokio::time::timeout_at(deadline, journal).await.is_ok()
    }
}

impl HubHandle {
    /// What is stored.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.shared.store
    }

    /// What time it is.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    /// The way in for messages.
    pub fn ingest(&self) -> &IngestGateway {
        &self.ingest
    }

    /// Ends the sessions of a device whose credential was revoked or has another token now.
    pub fn end_device_sessions(&self, username: &str) {
        self.shared.outbox.end_sessions(username);
    }

    /// From now on the hub knows where devices are connected. The endpoint needs the hub first, so it is told later,
    /// and only once: a second endpoint would not be seen.
    pub fn devices_are_at(&self, endpoint: Arc<dyn DevicePresence>) {
        if self.shared.presence.set(endpoint).is_err() {
            tracing::warn!("a second endpoint of devices is not seen in the list of devices");
        }
    }

    /// The sessions of each of these credentials that has any.
    pub fn device_connections(&self, usernames: &HashSet<&str>) -> HashMap<String, Vec<DeviceConnection>> {
        self.shared.presence.get().map(|presence| presence.connections(usernames)).unwrap_or_default()
    }

    /// What the journal tells of itself.
    pub fn journal_stats(&self) -> &JournalStats {
        self.shared.journal.stats()
    }

    /// How many appends wait for a commit.
    pub fn journal_depth(&self) -> usize {
        self.shared.journal.depth()
    }

    /// What the fan-outs tell of themselves.
    pub fn fanout_stats(&self) -> &FanOutStats {
        &self.fanout_stats
    }

    /// Counters of rare events.
    pub fn tree_stats(&self) -> &TreeStats {
        &self.shared.stats
    }

    /// How many lines are up, restarting and quarantined.
    pub fn count_lines(&self) -> (usize, usize, usize) {
        self.shared.registry.count_lines()
    }

    /// How the hub is.
    pub async fn health(&self) -> HealthReport {
        let stalled = self.journal_stats().stalled.load(std::sync::atomic::Ordering::Relaxed);
        let answers = tokio::time::timeout(Duration::from_secs(2), self.shared.store.ping()).await;
        let up = !stalled && matches!(answers, Ok(Ok(())));
        let (lines_up, lines_restarting, lines_quarantined) = self.count_lines();
        HealthReport {
            ready: up,
            store: if up { "up" } else { "down" },
            lines_up,
            lines_restarting,
            lines_quarantined,
            journal_depth: self.journal_depth(),
            journal_capacity: QUEUE_CAPACITY,
        }
    }

    /// Makes sure that a tenant runs, also one that another process has created in the store since this hub
    /// started. False if there is no such tenant.
    pub async fn ensure_tenant(&self, tenant: &TenantCode) -> Result<bool, CommandError> {
        if self.shared.registry.tenant(tenant).is_some() {
            return Ok(true);
        }
        if !self.shared.store.tenants().await?.iter().any(|known| known.code == *tenant) {
            return Ok(false);
        }
        let (reply, started) = oneshot::channel();
        let message = supervisor::StartTenant { tenant: tenant.clone(), reply };
        mailbox::post(&self.supervisor, message).map_err(|_| busy())?;
        match tokio::time::timeout(Duration::from_secs(30), started).await {
            Ok(Ok(())) => Ok(true),
            Ok(Err(_)) | Err(_) => Err(busy()),
        }
    }

    /// Gives a session a topic; its first frame comes by way of its sink.
    pub fn subscribe(&self, request: Subscribe) -> Result<(), CommandError> {
        let key = TopicKey { tenant: request.tenant, topic: request.topic };
        self.check_topic(&key)?;
        let subscribe =
            SubscribeTopic { session: request.session, key, since: request.since, sink: request.sink };
        let fanout = self.shared.fanout(&subscribe.key).ok_or_else(busy)?;
        mailbox::post(&fanout, subscribe).map_err(|_| busy())
    }

    fn check_topic(&self, key: &TopicKey) -> Result<(), Rejection> {
        let unknown = |code, field, what: &dyn std::fmt::Display| {
            Err(Rejection::new(code, Some(field), format!("there is no {field} {what}")))
        };
        let Some(tenant) = self.shared.registry.tenant(&key.tenant) else {
            return unknown(Code::UnknownTenant, "tenant", &key.tenant);
        };
        let directory = tenant.directory.borrow().clone();
        if let Some(site) = key.topic.site()
            && directory.site(site).is_none()
        {
            return unknown(Code::UnknownSite, "site", site);
        }
        match &key.topic {
            LiveTopic::Line(site, line) => {
                if directory.line(site, line).is_none() {
                    return unknown(Code::UnknownLine, "line", line);
                }
                let address =
                    LineAddress { tenant: key.tenant.clone(), site: site.clone(), line: line.clone() };
                match self.shared.registry.line(&address) {
                    Some(LinePlace::Quarantined) => Err(line_quarantined(&address)),
                    _ => Ok(()),
                }
            }
            LiveTopic::LineMessages(site, line) if directory.line(site, line).is_none() => {
                unknown(Code::UnknownLine, "line", line)
            }
            LiveTopic::Site(_)
            | LiveTopic::SiteMessages(_)
            | LiveTopic::LineMessages(..)
            | LiveTopic::Alerts
            | LiveTopic::SiteAlerts(_) => Ok(()),
            LiveTopic::Stock(_) | LiveTopic::Orders(_) | LiveTopic::Inbox => Err(Rejection::new(
                Code::InvalidTopic,
                Some("topic"),
                format!("topic {} is not served by this version of the hub", key.topic),
            )),
        }
    }

    /// A session no longer wants a topic.
    pub fn unsubscribe(&self, session: SessionId, tenant: &TenantCode, topic: &LiveTopic) {
        let key = TopicKey { tenant: tenant.clone(), topic: topic.clone() };
        let Some(fanout) = self.shared.fanout(&key) else { return };
        if mailbox::post(&fanout, Unsubscribe { session, key: Some(key) }).is_err() {
            tracing::debug!(session = session.0, "fan-out is full, a topic ends with its session");
        }
    }

    /// A session has ended.
    pub fn disconnect(&self, session: SessionId) {
        for fanout in self.shared.registry.fanouts() {
            if mailbox::post(&fanout, Unsubscribe { session, key: None }).is_err() {
                tracing::debug!(
                    session = session.0,
                    "fan-out is full, it notices the end of the session itself"
                );
            }
        }
    }
}

fn busy() -> CommandError {
    CommandError::Unavailable { code: "overloaded", retry_after_ms: 500 }
}
