//! The sites of a tenant: described by the directory, started, restarted, removed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use actix::{Actor, ActorFutureExt, AsyncContext, Context, Handler, WrapFuture};
use domain::Code;
use domain::ids::{LineAddress, SiteAddress, SiteCode};
use domain::line::{LineSpec, MachineSpec};
use domain::tenant::{LineEntry, SiteEntry};
use domain::wire::topic::LiveTopic;
use futures::future::join_all;
use tokio::sync::oneshot;

use super::{Child, TenantActor, TenantReply};
use crate::mailbox::{self, Undelivered};
use crate::messages::{ConfigureSite, SiteExited, SiteSpec};
use crate::registry::TopicKey;
use crate::site::{SiteActor, SiteStart};
use crate::supervision::{ChildRecord, ExitGuard, Verdict};

/// How long a change of the directory may take to reach every line before it is answered all the same.
const CONFIGURE_TIMEOUT: Duration = Duration::from_secs(5);

impl TenantActor {
    /// Brings the sites in step with the directory, then answers whoever changed it.
    pub(super) fn follow_directory(&mut self, reply: Option<TenantReply>, ctx: &mut Context<Self>) {
        let directory = self.directory.borrow().clone();
        let gone: Vec<_> =
            self.children.keys().filter(|site| directory.site(site).is_none()).cloned().collect();
        for site in gone {
            self.remove_site(&site);
        }
        let mut waiting = Vec::new();
        for entry in directory.sites() {
            let spec = Arc::new(self.describe(entry));
            let site = entry.site.code.clone();
            if let Some(child) = self.children.get_mut(&site) {
                child.spec = spec.clone();
                if let Some(address) = child.address.clone() {
                    let (done, told) = oneshot::channel();
                    match mailbox::post(&address, ConfigureSite { spec, done }) {
                        Ok(()) => waiting.push(told),
                        Err(Undelivered::Full(message)) => {
                            configure_later(site, message, ctx);
                            waiting.push(told);
                        }
                        // It is about to be started again, with the new description.
                        Err(Undelivered::Closed(_)) => {}
                    }
                }
            } else {
                self.children
                    .insert(site.clone(), Child { record: ChildRecord::default(), address: None, spec });
                self.start_site(&site, ctx);
                if let Some(address) = self.children.get(&site).and_then(|child| child.address.clone()) {
                    let (done, told) = oneshot::channel();
                    let spec = Arc::new(self.describe(entry));
                    if mailbox::post(&address, ConfigureSite { spec, done }).is_ok() {
                        waiting.push(told);
                    }
                }
            }
        }
        let configured =
            async move { tokio::time::timeout(CONFIGURE_TIMEOUT, join_all(waiting)).await.is_ok() };
        ctx.spawn(configured.into_actor(self).map(|in_time, tenant, _| {
            if !in_time {
                tracing::warn!(tenant = %tenant.code, "a site is slow to take in a change of the directory");
            }
            tenant.answer(reply);
            if let Some(started) = tenant.started.take() {
                // Whoever waits has gone if this fails.
                let _gone = started.send(());
            }
        }));
    }

    fn describe(&self, entry: &SiteEntry) -> SiteSpec {
        let address = SiteAddress { tenant: self.code.clone(), site: entry.site.code.clone() };
        let line_spec = |line: &LineEntry| {
            let address = LineAddress {
                tenant: address.tenant.clone(),
                site: address.site.clone(),
                line: line.line.code.clone(),
            };
            let machines = line.machines.values().map(|machine| {
                let spec = MachineSpec {
                    name: machine.name.clone(),
                    output: machine.output,
                    ideal_cycle_s: machine.ideal_cycle_s,
                    ideal_cycles: machine.ideal_cycles.clone(),
                };
                (machine.code.clone(), spec)
            });
            let rules = self.directory.borrow().rules().cloned().collect();
            Arc::new(LineSpec {
                address,
                name: line.line.name.clone(),
                reasons: line.line.reasons.clone(),
                oee_target: line.line.oee_target,
                plan: entry.plan(),
                machines: machines.collect(),
                rules,
            })
        };
        let lines: BTreeMap<_, _> =
            entry.lines.iter().map(|(code, line)| (code.clone(), line_spec(line))).collect();
        SiteSpec { address: address.clone(), site: entry.site.clone(), lines }
    }

    fn remove_site(&mut self, site: &SiteCode) {
        let Some(mut child) = self.children.remove(site) else { return };
        child.record.next_incarnation();
        if let Some(address) = &child.address {
            mailbox::terminate(address);
        }
        self.shared.registry.remove_site(&child.spec.address);
        for topic in [
            LiveTopic::Site(site.clone()),
            LiveTopic::SiteAlerts(site.clone()),
            LiveTopic::SiteMessages(site.clone()),
        ] {
            let key = TopicKey { tenant: self.code.clone(), topic };
            self.shared.retire(key, Code::UnknownSite.as_str(), format!("site {site} was removed"));
        }
    }

    fn start_site(&mut self, site: &SiteCode, ctx: &mut Context<Self>) {
        let Some(child) = self.children.get_mut(site) else { return };
        let (tenant, code) = (ctx.address(), site.clone());
        let guard = ExitGuard::new(child.record.next_incarnation(), move |report| {
            mailbox::report_exit(&tenant, SiteExited { site: code, report });
        });
        let start = SiteStart {
            shared: self.shared.clone(),
            spec: child.spec.clone(),
            directory: self.directory.subscribe(),
            tenant: ctx.address(),
            poison: child.record.poison(),
            guard,
        };
        let key = TopicKey { tenant: self.code.clone(), topic: LiveTopic::Site(site.clone()) };
        let started = SiteActor::start_in_arbiter(self.shared.arbiter(&key), move |_| SiteActor::new(start));
        self.shared.registry.put_site(child.spec.address.clone(), started.clone());
        child.address = Some(started);
    }
}

/// A site that has no room for its description gets it a little later.
fn configure_later(site: SiteCode, message: ConfigureSite, ctx: &mut Context<TenantActor>) {
    ctx.run_later(Duration::from_millis(20), move |tenant, ctx| {
        let address = tenant.children.get(&site).and_then(|child| child.address.clone());
        if let Some(address) = address
            && let Err(Undelivered::Full(message)) = mailbox::post(&address, message)
        {
            configure_later(site, message, ctx);
        }
    });
}

impl Handler<SiteExited> for TenantActor {
    type Result = ();

    fn handle(&mut self, SiteExited { site, report }: SiteExited, ctx: &mut Context<Self>) {
        let policy = self.shared.policy;
        let Some(child) = self.children.get_mut(&site) else { return };
        let delay = match child.record.judge(&report, &policy, Instant::now()) {
            Verdict::Ignore | Verdict::Forget => return,
            Verdict::RestartAfter(delay) => delay,
            // A site is never given up: without it nobody could release its lines. It waits as long as allowed.
            Verdict::Quarantine => policy.max_delay,
        };
        child.address = None;
        tracing::warn!(site = %child.spec.address, reason = %report.reason, ?delay, "site ended, it will be restarted");
        self.shared.stats.restarts.fetch_add(1, Ordering::Relaxed);
        ctx.run_later(delay, move |tenant, ctx| {
            // The site may have been removed meanwhile, and have come back as another one that runs.
            if tenant.children.get(&site).is_some_and(|child| child.address.is_none()) {
                tenant.start_site(&site, ctx);
            }
        });
    }
}
