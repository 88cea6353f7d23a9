//! The root of the tree: starts tenants and the fan-outs of its threads, and starts them again.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use actix::{Actor, ActorContext, ActorFutureExt, Addr, AsyncContext, Context, Handler, Message, WrapFuture};
use domain::ids::TenantCode;
use domain::wire::topic::LiveTopic;
use tokio::sync::oneshot;

use crate::live::{FanOut, FanOutStats};
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

/// A fan-out has ended.
#[derive(Message)]
#[rtype(result = "()")]
struct FanOutExited {
    slot: usize,
    report: ExitReport,
}

/// Lives of fan-outs within one start of the hub: epochs leave room for so many.
const LIVES: u64 = 1 << 20;

#[derive(Default)]
struct Child {
    record: ChildRecord,
    address: Option<Addr<TenantActor>>,
    /// Told when the tenant runs.
    waiting: Vec<oneshot::Sender<()>>,
}

/// The root of the tree.
pub struct HubSupervisor {
    shared: Arc<Shared>,
    fanout_stats: Arc<FanOutStats>,
    boot: u64,
    children: HashMap<TenantCode, Child>,
    fanouts: Vec<ChildRecord>,
}

impl HubSupervisor {
    pub(super) fn new(shared: Arc<Shared>, fanout_stats: Arc<FanOutStats>, boot: u64) -> Self {
        Self { shared, fanout_stats, boot, children: HashMap::new(), fanouts: Vec::new() }
    }

    /// Starts the fan-out of a thread. Its epoch is above that of every earlier one, also across starts of the hub.
    fn start_fanout(&mut self, slot: usize, ctx: &mut Context<Self>) {
        let Some(record) = self.fanouts.get_mut(slot) else { return };
        let life = record.next_incarnation();
        let root = ctx.address();
        let guard =
            ExitGuard::new(life, move |report| mailbox::report_exit(&root, FanOutExited { slot, report }));
        let epoch = self.boot * LIVES + life.min(LIVES - 1);
        let (registry, clock) = (self.shared.registry.clone(), self.shared.clock.clone());
        let stats = self.fanout_stats.clone();
        let started = FanOut::start_in_arbiter(&self.shared.arbiters[slot], move |_| {
            FanOut::new(registry, clock, stats, epoch, guard)
        });
        self.shared.registry.put_fanout(slot, started);
    }

    /// Starts a tenant unless it is starting or running: it must never have two actors.
    fn start_tenant(&mut self, code: &TenantCode, ctx: &mut Context<Self>) {
        if self.children.get(code).is_some_and(|child| child.address.is_some()) {
            return;
        }
        let (reply, started) = oneshot::channel();
        let name = code.clone();
        ctx.spawn(started.into_actor(self).map(move |started, root, _| {
            if let (Ok(()), Some(child)) = (started, root.children.get_mut(&name)) {
                for waiting in child.waiting.drain(..) {
                    // Whoever waits has gone if this fails.
                    let _gone = waiting.send(());
                }
            }
        }));
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

    fn started(&mut self, ctx: &mut Self::Context) {
        self.fanouts.resize_with(self.shared.arbiters.len(), ChildRecord::default);
        for slot in 0..self.fanouts.len() {
            self.start_fanout(slot, ctx);
        }
    }
}

impl Handler<FanOutExited> for HubSupervisor {
    type Result = ();

    fn handle(&mut self, FanOutExited { slot, report }: FanOutExited, ctx: &mut Context<Self>) {
        let policy = self.shared.policy;
        let Some(record) = self.fanouts.get_mut(slot) else { return };
        let delay = match record.judge(&report, &policy, Instant::now()) {
            Verdict::Ignore | Verdict::Forget => return,
            Verdict::RestartAfter(delay) => delay,
            // Without it nobody sees anything: it is never given up.
            Verdict::Quarantine => policy.max_delay,
        };
        tracing::error!(slot, reason = %report.reason, ?delay, "fan-out ended, it will be restarted");
        self.shared.stats.restarts.fetch_add(1, Ordering::Relaxed);
        ctx.run_later(delay, move |root, ctx| root.start_fanout(slot, ctx));
    }
}

impl Handler<StartTenant> for HubSupervisor {
    type Result = ();

    fn handle(&mut self, StartTenant { tenant, reply }: StartTenant, ctx: &mut Context<Self>) {
        if self.shared.registry.tenant(&tenant).is_some() {
            // Whoever waits has gone if this fails.
            let _gone = reply.send(());
            return;
        }
        let child = self.children.entry(tenant.clone()).or_default();
        child.waiting.retain(|waiting| !waiting.is_closed());
        child.waiting.push(reply);
        self.start_tenant(&tenant, ctx);
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
        ctx.run_later(delay, move |root, ctx| root.start_tenant(&tenant, ctx));
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
