//! The audit trail of a request: what was tried, by whom, on what; written beside the answer, never in its way.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use actors::ports::{AuditEntry, Store};
use domain::ids::TenantCode;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How many entries wait for the store.
const QUEUE_ENTRIES: usize = 1024;
/// How long the answer to a write waits for a place in the queue; its entry is logged and counted when there is none.
const PLACE_TIMEOUT: Duration = Duration::from_secs(1);
/// How often an entry is offered to a store that does not answer.
const ATTEMPTS: u32 = 5;
const MAX_TEXT_CHARS: usize = 300;

/// What the handlers of a request found out for its audit entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail {
    /// The tenant, once one is known.
    pub tenant: Option<TenantCode>,
    /// Who, once known; what they claimed to be until then.
    pub actor: Option<String>,
    /// What is tried, `orders.create`.
    pub action: Option<&'static str>,
    /// On what.
    pub object: Option<String>,
}

/// Changes the trail of a request.
pub(crate) fn note(req: &HttpRequest, change: impl FnOnce(&mut Trail)) {
    let mut extensions = req.extensions_mut();
    if !extensions.contains::<Trail>() {
        extensions.insert(Trail::default());
    }
    if let Some(trail) = extensions.get_mut::<Trail>() {
        change(trail);
    }
}

/// Names what a handler does, for the audit trail.
pub(crate) fn tried(req: &HttpRequest, action: &'static str, object: impl Into<String>) {
    note(req, |trail| {
        trail.action = Some(action);
        trail.object = Some(object.into());
    });
}

/// Takes audit entries to the store, one after the other.
#[derive(Clone)]
pub(crate) struct AuditTrail {
    queue: mpsc::Sender<AuditEntry>,
    lost: prometheus::IntCounter,
}

impl AuditTrail {
    /// Starts the writer. It ends when every `AuditTrail` is dropped and the queue is empty.
    pub(crate) fn start(store: Arc<dyn Store>, lost: prometheus::IntCounter) -> (Self, JoinHandle<()>) {
        let (queue, mut entries) = mpsc::channel::<AuditEntry>(QUEUE_ENTRIES);
        let counter = lost.clone();
        let writer = tokio::spawn(async move {
            while let Some(entry) = entries.recv().await {
                if !write(store.as_ref(), &entry).await {
                    report_lost(&counter, &entry);
                }
            }
        });
        (Self { queue, lost }, writer)
    }

    /// Hands over the entry of a write, which waits a little for its place.
    pub(crate) async fn written(&self, entry: AuditEntry) {
        if let Err(error) = self.queue.send_timeout(entry, PLACE_TIMEOUT).await {
            report_lost(&self.lost, &error.into_inner());
        }
    }

    /// Hands over the entry of a refusal, which does not wait: a flood of them must not slow anybody down.
    pub(crate) fn refused(&self, entry: AuditEntry) {
        if let Err(error) = self.queue.try_send(entry) {
            report_lost(&self.lost, &error.into_inner());
        }
    }
}

async fn write(store: &dyn Store, entry: &AuditEntry) -> bool {
    for attempt in 1..=ATTEMPTS {
        match store.audit(entry).await {
            Ok(()) => return true,
            Err(error) => {
                tracing::warn!(%error, attempt, action = entry.action, "the audit trail was not written");
                tokio::time::sleep(Duration::from_millis(200) * 2u32.pow(attempt - 1)).await;
            }
        }
    }
    false
}

fn report_lost(counter: &prometheus::IntCounter, entry: &AuditEntry) {
    counter.inc();
    tracing::error!(
        tenant = entry.tenant.as_ref().map(TenantCode::as_str),
        actor = entry.actor,
        action = entry.action,
        object = entry.object,
        outcome = entry.outcome,
        peer = entry.peer,
        "an entry of the audit trail could not be stored"
    );
}

/// Text from a sender, short and without control characters.
pub(crate) fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_TEXT_CHARS).collect()
}

/// The address of the peer; headers that a client can write are not believed.
#[derive(Clone, Debug)]
pub(crate) struct Peer(pub Option<std::net::IpAddr>);

impl Peer {
    /// The peer of a request.
    pub(crate) fn of(req: &HttpRequest) -> Self {
        Self(req.peer_addr().map(|address| address.ip()))
    }
}

impl std::fmt::Display for Peer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(address) => write!(f, "{address}"),
            None => f.write_str("unknown"),
        }
    }
}

impl FromRequest for Peer {
    type Error = std::convert::Infallible;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self::of(req)))
    }
}
