//! The MQTT endpoint's view of the hub: its credentials, its gateway, and the audit trail of its refusals.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actors::HubHandle;
use actors::credentials::authenticate_device;
use actors::ingest::{self, Pending as ActorsPending};
use actors::ports::{AuditEntry, Store};
use bytes::Bytes;
use connectors::mqtt::{
    AccessRefusal, BoxFuture, Device, Ingress, IngressUnavailable, ItemOutcome, MachineAddress, Pending,
    Sender, Withheld,
};
use domain::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Refusals that may wait for the store; more are counted and logged only.
const AUDIT_QUEUE: usize = 256;
const MAX_TEXT_CHARS: usize = 300;

/// What the endpoint asks the hub through.
pub(crate) struct GatewayIngress {
    hub: HubHandle,
    refusals: mpsc::Sender<(AccessRefusal, Timestamp)>,
    unaudited: Arc<AtomicU64>,
}

impl GatewayIngress {
    /// Starts the writer of the audit trail too; it ends when the ingress is dropped.
    pub(crate) fn start(hub: HubHandle) -> (Arc<Self>, JoinHandle<()>) {
        let (refusals, waiting) = mpsc::channel(AUDIT_QUEUE);
        let unaudited = Arc::new(AtomicU64::new(0));
        let writer = tokio::spawn(write_refusals(Arc::clone(hub.store()), waiting, Arc::clone(&unaudited)));
        (Arc::new(Self { hub, refusals, unaudited }), writer)
    }

    /// Refusals that the audit trail does not have.
    pub(crate) fn unaudited(&self) -> &Arc<AtomicU64> {
        &self.unaudited
    }
}

/// What the gateway still owes.
struct Placed(ActorsPending);

impl Pending for Placed {
    fn outcome(self: Box<Self>) -> BoxFuture<'static, Result<Vec<ItemOutcome>, Withheld>> {
        Box::pin(async move {
            let outcomes = self.0.outcome().await.map_err(withheld)?;
            Ok(outcomes.into_iter().map(item_outcome).collect())
        })
    }
}

fn item_outcome(outcome: ingest::ItemOutcome) -> ItemOutcome {
    match outcome {
        ingest::ItemOutcome::Accepted { .. } => ItemOutcome::Accepted,
        ingest::ItemOutcome::Duplicate { .. } => ItemOutcome::Duplicate,
        ingest::ItemOutcome::Refused { rejection, .. } => ItemOutcome::Refused(rejection),
    }
}

fn withheld(withheld: ingest::Withheld) -> Withheld {
    match withheld {
        ingest::Withheld::Unavailable { retry_after_ms, .. } => {
            Withheld::Unavailable { retry_after: Duration::from_millis(retry_after_ms) }
        }
        ingest::Withheld::Quarantined(rejection) => Withheld::Quarantined(rejection),
    }
}

impl Ingress for GatewayIngress {
    fn authenticate<'a>(
        &'a self,
        username: &'a str,
        token: &'a str,
    ) -> BoxFuture<'a, Result<Option<Device>, IngressUnavailable>> {
        Box::pin(async move {
            let found = authenticate_device(self.hub.store().as_ref(), username, token).await;
            let found = found.map_err(|error| {
                tracing::error!(%error, "a device's credential could not be looked up");
                IngressUnavailable
            })?;
            let Some(device) = found else { return Ok(None) };
            // Another process may have created the tenant while this hub ran.
            let running = self.hub.ensure_tenant(device.scope.tenant()).await;
            let running = running.map_err(|error| {
                tracing::error!(tenant = %device.scope.tenant(), %error, "a device's tenant does not run");
                IngressUnavailable
            })?;
            Ok(running.then_some(Device { username: device.username, scope: device.scope }))
        })
    }

    fn send<'a>(
        &'a self,
        sender: &'a Sender,
        topic: &'a str,
        payload: Bytes,
    ) -> BoxFuture<'a, Result<Box<dyn Pending>, Withheld>> {
        Box::pin(async move {
            let Device { username, scope } = &sender.device;
            let from = ingest::Sender { name: username.clone(), scope: scope.clone() };
            let placed = self.hub.ingest().send_in_order(&from, topic, payload).await.map_err(withheld)?;
            Ok(Box::new(Placed(placed)) as Box<dyn Pending>)
        })
    }

    fn contact_lost<'a>(&'a self, machine: &'a MachineAddress) -> BoxFuture<'a, ()> {
        Box::pin(self.hub.ingest().contact_lost(&machine.line, &machine.machine))
    }

    fn contact(&self, machine: &MachineAddress) {
        self.hub.ingest().contact(&machine.line, &machine.machine);
    }

    fn refused(&self, refusal: AccessRefusal) {
        if let Err(error) = self.refusals.try_send((refusal, self.hub.clock().now())) {
            self.unaudited.fetch_add(1, Ordering::Relaxed);
            let (AccessRefusal { actor, action, object, code, .. }, _) = error.into_inner();
            tracing::warn!(
                actor = clean(&actor),
                action,
                object = clean(&object),
                code,
                "refusal not audited"
            );
        }
    }
}

async fn write_refusals(
    store: Arc<dyn Store>,
    mut waiting: mpsc::Receiver<(AccessRefusal, Timestamp)>,
    unaudited: Arc<AtomicU64>,
) {
    while let Some((refusal, at)) = waiting.recv().await {
        let AccessRefusal { actor, action, object, code, peer } = refusal;
        let written = async {
            let tenant = store.device(&actor).await?.map(|device| device.scope.tenant().clone());
            let entry = AuditEntry {
                tenant,
                at,
                actor: clean(&actor),
                action: action.to_owned(),
                object: clean(&object),
                outcome: code.to_owned(),
                peer: peer.as_ref().map_or_else(String::new, SocketAddr::to_string),
            };
            store.audit(&entry).await
        };
        if let Err(error) = written.await {
            unaudited.fetch_add(1, Ordering::Relaxed);
            tracing::error!(actor = clean(&actor), action, code, %error, "refusal not audited");
        }
    }
}

/// Text from a sender, short and without control characters.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_TEXT_CHARS).collect()
}
