//! The root of the tree: starts tenants and starts them again.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use actix::{Actor, ActorContext, Addr, AsyncContext, Context, Handler, Message};
use domain::ids::TenantCode;
use domain::wire::topic::LiveTopic;
use tokio::sync::oneshot;

use crate::mailbox;
use crate::messages::Terminate;
use crate::registry::TopicKey;
use crate::shared::Shared;
use crate::supervision::{ChildRecord, ExitGuard, ExitReport, Verdict};
use crate::tenant::TenantActor;

/// Start a tenant, unless it runs; answered when it does.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct StartTenant {
    pub(super) tenant: TenantCode,
    pub(super) reply: oneshot::Sender<()>,
}

/// A tenant has ended.
#[derive(Message)]
#[rtype(result = "()")]
struct TenantExited {
    tenant: TenantCode,
    report: ExitReport,
}

#[derive(Default)]
struct Child {
    record: ChildRecord,
    address: Option<Addr<TenantActor>>,
}

/// The root of the tree.
pub struct HubSupervisor {
    shared: Arc<Shared>,
    children: HashMap<TenantCode, Child>,
}

impl HubSupervisor {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, children: HashMap::new() }
    }

    fn start_tenant(&mut self, code: &TenantCode, reply: oneshot::Sender<()>, ctx: &mut Context<Self>) {
        let child = self.children.entry(code.clone()).or_default();
        let (root, tenant) = (ctx.address(), code.clone());
        let guard = ExitGuard::new(child.record.next_incarnation(), move |report| {
            mailbox::report_exit(&root, TenantExited { tenant, report });
        });
        let (shared, tenant) = (self.shared.clone(), code.clone());
        let key = TopicKey { tenant: code.clone(), topic: LiveTopic::Alerts };
        child.address = Some(TenantActor::start_in_arbiter(self.shared.arbiter(&key), move |_| {
            TenantActor::new(shared, tenant, guard, reply)
        }));
    }
}

impl Actor for HubSupervisor {
    type Context = Context<Self>;
}

impl Handler<StartTenant> for HubSupervisor {
    type Result = ();

    fn handle(&mut self, StartTenant { tenant, reply }: StartTenant, ctx: &mut Context<Self>) {
        if self.shared.registry.tenant(&tenant).is_some() {
            // Whoever waits has gone if this fails.
            let _gone = reply.send(());
            return;
        }
        self.start_tenant(&tenant, reply, ctx);
    }
}

impl Handler<TenantExited> for HubSupervisor {
    type Result = ();

    fn handle(&mut self, TenantExited { tenant, report }: TenantExited, ctx: &mut Context<Self>) {
        let policy = self.shared.policy;
        let Some(child) = self.children.get_mut(&tenant) else { return };
        let delay = match child.record.judge(&report, &policy, Instant::now()) {
            Verdict::Ignore | Verdict::Forget => return,
            Verdict::RestartAfter(delay) => delay,
            // A tenant is never given up: it waits as long as allowed.
            Verdict::Quarantine => policy.max_delay,
        };
        child.address = None;
        tracing::warn!(%tenant, reason = %report.reason, ?delay, "tenant ended, it will be restarted");
        self.shared.stats.restarts.fetch_add(1, Ordering::Relaxed);
        ctx.run_later(delay, move |root, ctx| {
            let (nobody_waits, _) = oneshot::channel();
            root.start_tenant(&tenant, nobody_waits, ctx);
        });
    }
}

impl Handler<Terminate> for HubSupervisor {
    type Result = ();

    fn handle(&mut self, _: Terminate, ctx: &mut Context<Self>) {
        for tenant in self.children.values().filter_map(|child| child.address.as_ref()) {
            mailbox::terminate(tenant);
        }
        ctx.stop();
    }
}
