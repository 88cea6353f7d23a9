//! The lines of a site: started, configured, restarted after an end, quarantined, released, removed.

use std::sync::Arc;
use std::time::Instant;

use actix::{Actor, AsyncContext, Context, Handler};
use domain::alert::{Alert, NewAlert, QUARANTINE};
use domain::ids::{LineAddress, LineCode};
use domain::line::LineSpec;
use domain::site::{SiteCommand, decide};
use domain::vocabulary::Severity;
use domain::wire::topic::LiveTopic;
use domain::{Code, Rejection, Timestamp};
use std::sync::atomic::Ordering;
use uuid::Uuid;

use super::{Child, Effect, SiteActor};
use crate::line::{LineActor, LineStart};
use crate::mailbox::{self, Undelivered};
use crate::messages::{
    ConfigureLine, ConfigureSite, LineExited, LineRemoved, QuarantineItem, ReadQuarantine, ReleaseLine,
    line_quarantined,
};
use crate::registry::{LinePlace, TopicKey};
use crate::supervision::{ExitGuard, Verdict};

impl SiteActor {
    fn line_address(&self, line: &LineCode) -> LineAddress {
        LineAddress {
            tenant: self.address.tenant.clone(),
            site: self.address.site.clone(),
            line: line.clone(),
        }
    }

    fn line_topic(&self, line: &LineCode) -> TopicKey {
        let topic = LiveTopic::Line(self.address.site.clone(), line.clone());
        TopicKey { tenant: self.address.tenant.clone(), topic }
    }

    /// Brings the lines in step with the directory.
    pub(super) fn follow_spec(&mut self, ctx: &mut Context<Self>) {
        let spec = self.spec.clone();
        let gone: Vec<_> =
            self.children.keys().filter(|line| !spec.lines.contains_key(*line)).cloned().collect();
        for line in gone {
            self.remove_line(&line);
        }
        for (line, line_spec) in &spec.lines {
            match self.children.get(line).map(|child| (child.address.clone(), child.record.quarantined_at)) {
                None => {
                    self.children.insert(line.clone(), Child::default());
                    match self.quarantine_alert(line).map(|alert| alert.raised_at) {
                        Some(since) => self.lock_away(line, since),
                        None => self.start_line(line, ctx),
                    }
                    self.catch_up(line, ctx);
                }
                Some((Some(address), _)) => {
                    if let Err(Undelivered::Full(ConfigureLine(spec))) =
                        mailbox::post(&address, ConfigureLine(line_spec.clone()))
                    {
                        configure_later(line.clone(), spec, ctx);
                    }
                }
                // It reads the description when it starts again.
                Some((None, _)) => {}
            }
        }
        for done in self.configured.drain(..) {
            // The tenant has restarted if this fails, and configures again.
            let _gone = done.send(());
        }
        self.publish_all();
    }

    fn remove_line(&mut self, line: &LineCode) {
        let Some(mut child) = self.children.remove(line) else { return };
        // The guard's report belongs to a life that is over.
        child.record.next_incarnation();
        if let Some(address) = &child.address
            && mailbox::post(address, LineRemoved).is_err()
        {
            mailbox::terminate(address);
        }
        self.shared.registry.remove_line(&self.line_address(line));
        let TopicKey { tenant, topic } = self.line_topic(line);
        for topic in [topic, LiveTopic::LineMessages(self.address.site.clone(), line.clone())] {
            let key = TopicKey { tenant: tenant.clone(), topic };
            self.shared.retire(key, Code::UnknownLine.as_str(), format!("line {line} was removed"));
        }
        self.clear_quarantine_alert(line);
        self.publish_removed(line);
    }

    fn start_line(&mut self, line: &LineCode, ctx: &mut Context<Self>) {
        let Some(spec) = self.spec.lines.get(line).cloned() else { return };
        let address = self.line_address(line);
        let running = self.running_order(line);
        let Some(child) = self.children.get_mut(line) else { return };
        let (site, name) = (ctx.address(), line.clone());
        let guard = ExitGuard::new(child.record.next_incarnation(), move |report| {
            mailbox::report_exit(&site, LineExited { line: name, report });
        });
        let start = LineStart {
            shared: self.shared.clone(),
            spec,
            running,
            poison: child.record.poison(),
            site: ctx.address(),
            tenant: self.tenant.clone(),
            guard,
        };
        let arbiter = self.shared.arbiter(&TopicKey {
            tenant: address.tenant.clone(),
            topic: LiveTopic::Line(address.site.clone(), address.line.clone()),
        });
        let started = LineActor::start_in_arbiter(arbiter, move |_| LineActor::new(start));
        child.address = Some(started.clone());
        child.record.quarantined_at = None;
        self.shared.registry.put_line(address, LinePlace::Up(started));
    }

    /// The standing alert about a quarantined line: it outlives this actor and the hub.
    fn quarantine_alert(&self, line: &LineCode) -> Option<&Alert> {
        let mut alerts = self.stream.as_ref()?.speculative().alerts();
        alerts.find(|a| a.is_active() && a.rule == QUARANTINE && a.line.as_ref() == Some(line))
    }

    fn clear_quarantine_alert(&mut self, line: &LineCode) {
        if let Some(id) = self.quarantine_alert(line).map(|alert| alert.id) {
            self.command(SiteCommand::ClearAlert { id });
        }
    }

    /// Nobody reaches a quarantined line until a person releases it.
    fn lock_away(&mut self, line: &LineCode, since: Timestamp) {
        let address = self.line_address(line);
        let Some(child) = self.children.get_mut(line) else { return };
        child.record.quarantined_at = Some(since);
        // What the line was when it was last heard of is not what it is.
        child.tile = None;
        tracing::error!(line = %address, %since, "line is quarantined after too many restarts");
        let refusal = line_quarantined(&address);
        self.shared.registry.put_line(address, LinePlace::Quarantined);
        self.shared.retire(self.line_topic(line), refusal.code.as_str(), refusal.detail);
    }

    fn quarantine(&mut self, line: &LineCode) {
        self.lock_away(line, self.shared.clock.now());
        self.shared.stats.quarantines.fetch_add(1, Ordering::Relaxed);
        let refusal = line_quarantined(&self.line_address(line));
        self.command(SiteCommand::RaiseAlert(NewAlert {
            id: Uuid::now_v7(),
            site: self.address.site.clone(),
            line: Some(line.clone()),
            machine: None,
            rule: QUARANTINE.to_owned(),
            severity: Severity::Critical,
            text: refusal.detail,
        }));
    }

    /// A command of the site's own: there is nobody to answer, so what cannot be written now is written later.
    pub(super) fn command(&mut self, command: SiteCommand) {
        let now = self.shared.clock.now();
        let Some(stream) = &mut self.stream else { return };
        let Ok(mut turn) = stream.begin() else {
            tracing::warn!(site = %self.address, ?command, "log is busy, the site's own command waits");
            self.own_commands.push_back(command);
            return;
        };
        match decide(stream.speculative(), command, now) {
            Ok(decision) => {
                stream.stage(&mut turn, decision.into_events(), now);
                let ready = stream.finish(turn, Effect::News);
                self.perform(ready);
            }
            Err(rejection) => tracing::warn!(site = %self.address, %rejection, "own command refused"),
        }
    }
}

/// A line that has no room for its description gets it a little later, unless it has a newer one by then.
fn configure_later(line: LineCode, spec: Arc<LineSpec>, ctx: &mut Context<SiteActor>) {
    ctx.run_later(std::time::Duration::from_millis(20), move |site, ctx| {
        let current = site.spec.lines.get(&line).is_some_and(|newest| Arc::ptr_eq(newest, &spec));
        let address = site.children.get(&line).and_then(|child| child.address.clone());
        if let (true, Some(address)) = (current, address)
            && let Err(Undelivered::Full(ConfigureLine(spec))) = mailbox::post(&address, ConfigureLine(spec))
        {
            configure_later(line, spec, ctx);
        }
    });
}

impl Handler<ConfigureSite> for SiteActor {
    type Result = ();

    fn handle(&mut self, message: ConfigureSite, ctx: &mut Context<Self>) {
        self.spec = message.spec;
        self.configured.push(message.done);
        self.follow_spec(ctx);
    }
}

impl Handler<LineExited> for SiteActor {
    type Result = ();

    fn handle(&mut self, LineExited { line, report }: LineExited, ctx: &mut Context<Self>) {
        let policy = self.shared.policy;
        let address = self.line_address(&line);
        let Some(child) = self.children.get_mut(&line) else { return };
        let poisoned = child.record.poison().len();
        let verdict = child.record.judge(&report, &policy, Instant::now());
        if child.record.poison().len() > poisoned {
            self.shared.stats.poisoned.fetch_add(1, Ordering::Relaxed);
        }
        match verdict {
            Verdict::Ignore => {}
            Verdict::Forget => child.address = None,
            Verdict::RestartAfter(delay) => {
                child.address = None;
                tracing::warn!(line = %address, reason = %report.reason, ?delay, "line ended, it will be restarted");
                self.shared.stats.restarts.fetch_add(1, Ordering::Relaxed);
                self.shared.registry.put_line(address, LinePlace::Restarting);
                ctx.run_later(delay, move |site, ctx| {
                    // The line may have been removed meanwhile, and have come back as another one that runs.
                    if site.children.get(&line).is_some_and(|child| child.address.is_none()) {
                        site.start_line(&line, ctx);
                    }
                });
            }
            Verdict::Quarantine => {
                child.address = None;
                self.quarantine(&line);
            }
        }
    }
}

impl Handler<ReleaseLine> for SiteActor {
    type Result = ();

    fn handle(&mut self, ReleaseLine { line, reply }: ReleaseLine, ctx: &mut Context<Self>) {
        let child = self.children.get_mut(&line).filter(|child| child.record.quarantined_at.is_some());
        let Some(child) = child else {
            let detail = format!("line {line} is not quarantined");
            // Whoever waits has gone if this fails.
            let _gone = reply.send(Err(Rejection::new(Code::UnknownLine, Some("line"), detail)));
            return;
        };
        child.record.release();
        self.start_line(&line, ctx);
        self.clear_quarantine_alert(&line);
        // Whoever waits has gone if this fails.
        let _gone = reply.send(Ok(()));
    }
}

impl Handler<ReadQuarantine> for SiteActor {
    type Result = ();

    fn handle(&mut self, ReadQuarantine(reply): ReadQuarantine, _: &mut Context<Self>) {
        let quarantined = self.children.iter().filter_map(|(line, child)| {
            Some(QuarantineItem {
                site: self.address.site.clone(),
                line: line.clone(),
                since: child.record.quarantined_at?,
                restarts: child.record.total_restarts,
                last_exit: match &child.record.last_exit {
                    Some(reason) => reason.to_string(),
                    None => "quarantined before the hub was started".to_owned(),
                },
            })
        });
        // Whoever asked has gone if this fails.
        let _gone = reply.send(quarantined.collect());
    }
}
