//! What a line still has to tell others, until they have room for it: bounded, because newer news replace older.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use actix::Addr;
use bytes::Bytes;
use domain::alert::Alert;
use domain::ids::{LineAddress, MachineCode, Seq};
use domain::line::{LineEvent, LineFact, LineSpec, LineState};
use domain::view::{LineTile, andon};
use domain::vocabulary::{AndonColor, MachineState};
use domain::wire::outbound::{AndonPayload, JobOrder, JobPayload, encode};
use domain::wire::topic::{LiveTopic, TopicToDevice};
use uuid::Uuid;

use crate::live::Pace;
use crate::mailbox::{self, Undelivered};
use crate::messages::{AlertChanged, LineFacts, OpenAlerts, TileChanged};
use crate::ports::OutgoingTopic;
use crate::registry::{Gate, TopicKey};
use crate::shared::Shared;
use crate::site::SiteActor;
use crate::tenant::TenantActor;

/// Facts that the site had no room for are not kept beyond this: it reads them in the log.
const MAX_FACTS: usize = 1_024;
/// From so many untold changes of alerts on, only the newest of each alert is kept.
const MAX_ALERT_NEWS: usize = 1_024;

/// What is on its way out of a line.
pub(super) struct Outbound {
    address: LineAddress,
    site: Addr<SiteActor>,
    tenant: Addr<TenantActor>,
    pub(super) topic: TopicKey,
    pub(super) gate: Arc<Gate>,
    pub(super) pace: Pace,
    /// Up to here the site was told.
    told: Seq,
    /// Up to here there is something to tell.
    to: Seq,
    facts: Option<Vec<LineFact>>,
    /// The alerts that are not closed, as they are after the events collected so far.
    open: BTreeMap<Uuid, Alert>,
    alerts: VecDeque<(Uuid, Option<Alert>)>,
    /// The tenant has not heard yet which alerts this life of the line began with.
    alerts_untold: bool,
    tile: Option<LineTile>,
    andon: Option<AndonPayload>,
    jobs: HashMap<MachineCode, JobPayload>,
}

impl Outbound {
    pub(super) fn new(
        shared: &Shared,
        address: &LineAddress,
        site: Addr<SiteActor>,
        tenant: Addr<TenantActor>,
    ) -> Self {
        let topic = TopicKey {
            tenant: address.tenant.clone(),
            topic: LiveTopic::Line(address.site.clone(), address.line.clone()),
        };
        Self {
            gate: shared.registry.gate(&topic),
            address: address.clone(),
            site,
            tenant,
            topic,
            pace: Pace::new(),
            told: Seq(0),
            to: Seq(0),
            facts: Some(Vec::new()),
            open: BTreeMap::new(),
            alerts: VecDeque::new(),
            alerts_untold: false,
            tile: None,
            andon: None,
            jobs: HashMap::new(),
        }
    }

    /// The line was loaded up to here. What the site has not heard of an earlier life it reads in the log.
    pub(super) fn start(&mut self, committed: Seq, state: &LineState) {
        self.open.clone_from(&state.alerts);
        self.alerts_untold = true;
        self.told = committed;
        self.to = committed;
        let nudge = LineFacts { line: self.address.line.clone(), from: Seq(1), to: committed, facts: None };
        if committed > Seq(0) && mailbox::post(&self.site, nudge).is_err() {
            self.told = Seq(0);
            self.facts = None;
        }
    }

    /// Notes what others must hear of an event.
    pub(super) fn collect(&mut self, event: &LineEvent, seq: Seq) {
        if let Some(fact) = event.fact(seq) {
            self.to = seq;
            self.facts = self.facts.take().filter(|facts| facts.len() < MAX_FACTS);
            if let Some(facts) = &mut self.facts {
                facts.push(fact);
            }
        }
        let id = match event {
            LineEvent::AlertRaised { alert } => {
                self.open.insert(alert.id, alert.clone());
                alert.id
            }
            LineEvent::AlertAcked { id, by, at } => {
                if let Some(alert) = self.open.get_mut(id) {
                    alert.ack(by, *at);
                }
                *id
            }
            LineEvent::AlertCleared { id, at } => {
                if let Some(alert) = self.open.get_mut(id) {
                    alert.clear(*at);
                }
                *id
            }
            _ => return,
        };
        if self.open.get(&id).is_some_and(Alert::is_closed) {
            self.open.remove(&id);
        }
        if self.alerts.len() >= MAX_ALERT_NEWS {
            self.alerts.retain(|(other, _)| *other != id);
        }
        self.alerts.push_back((id, self.open.get(&id).cloned()));
    }

    /// Whether somebody had no room.
    pub(super) fn is_behind(&self) -> bool {
        self.to > self.told || self.alerts_untold || !self.alerts.is_empty()
    }

    /// Tells whoever has room.
    pub(super) fn flush(&mut self) {
        if self.to > self.told {
            let facts = LineFacts {
                line: self.address.line.clone(),
                from: self.told.plus(1),
                to: self.to,
                facts: self.facts.clone(),
            };
            if mailbox::post(&self.site, facts).is_ok() {
                self.told = self.to;
                self.facts = Some(Vec::new());
            }
        }
        if self.alerts_untold && !self.tell_open_alerts() {
            return;
        }
        while let Some((id, alert)) = self.alerts.pop_front() {
            match mailbox::post(&self.tenant, AlertChanged { id, alert }) {
                Ok(()) => {}
                Err(Undelivered::Full(AlertChanged { id, alert })) => {
                    self.alerts.push_front((id, alert));
                    break;
                }
                // A tenant that starts again reads the alerts from the store.
                Err(Undelivered::Closed(_)) => {}
            }
        }
    }

    /// Tells the tenant every open alert, with all news of them. False if it has no room.
    fn tell_open_alerts(&mut self) -> bool {
        let open = OpenAlerts {
            site: self.address.site.clone(),
            line: Some(self.address.line.clone()),
            alerts: self.open.values().cloned().collect(),
        };
        // A tenant that starts again starts its lines again.
        let told = !matches!(mailbox::post(&self.tenant, open), Err(Undelivered::Full(_)));
        if told {
            self.alerts_untold = false;
            self.alerts.clear();
        }
        told
    }

    /// Forgets what was told, so that everything is told again.
    pub(super) fn forget_what_was_told(&mut self) {
        self.tile = None;
        self.andon = None;
        self.jobs.clear();
    }

    /// Tells the site the line's tile, if it has changed. False if the site had no room.
    pub(super) fn tell_tile(&mut self, tile: LineTile) -> bool {
        if self.tile.as_ref() == Some(&tile) {
            return true;
        }
        let message = TileChanged { line: self.address.line.clone(), tile: Box::new(tile.clone()) };
        match mailbox::post(&self.site, message) {
            Err(Undelivered::Full(_)) => false,
            Ok(()) | Err(Undelivered::Closed(_)) => {
                self.tile = Some(tile);
                true
            }
        }
    }

    /// Tells devices the light, and machines their job, if they have changed.
    pub(super) fn tell_devices(&mut self, shared: &Shared, state: &LineState, spec: &LineSpec, jobs: bool) {
        let color = andon(state, spec, shared.clock.now());
        let light = AndonPayload { color, text: andon_text(state, spec, color) };
        if self.andon.as_ref() != Some(&light) {
            self.send(shared, &TopicToDevice::Andon(self.address.clone()), encode(&light));
            self.andon = Some(light);
        }
        if !jobs {
            return;
        }
        let order = state.order.as_ref().map(|progress| JobOrder {
            code: progress.order.code.clone(),
            article: progress.order.article.clone(),
            quantity: progress.order.quantity,
            good: progress.good,
            scrap: progress.scrap,
            started_at: progress.order.started_at,
        });
        for machine in spec.machines.keys() {
            let job = JobPayload { order: order.clone() };
            if self.jobs.get(machine) != Some(&job) {
                let topic = TopicToDevice::Job(self.address.clone(), machine.clone());
                self.send(shared, &topic, encode(&job));
                self.jobs.insert(machine.clone(), job);
            }
        }
    }

    /// A line that is no more has no light and no job.
    pub(super) fn withdraw_from_devices(&self, shared: &Shared, spec: &LineSpec) {
        self.send(shared, &TopicToDevice::Andon(self.address.clone()), String::new());
        for machine in spec.machines.keys() {
            self.send(shared, &TopicToDevice::Job(self.address.clone(), machine.clone()), String::new());
        }
    }

    fn send(&self, shared: &Shared, topic: &TopicToDevice, payload: String) {
        shared.outbox.publish(OutgoingTopic {
            tenant: self.address.tenant.clone(),
            topic: topic.to_string(),
            payload: Bytes::from(payload),
            retain: topic.is_retained(),
        });
    }
}

fn andon_text(state: &LineState, spec: &LineSpec, color: AndonColor) -> String {
    let worst =
        spec.machines.keys().filter_map(|code| Some((code, state.machines.get(code)?))).find(|(_, m)| {
            match color {
                AndonColor::Red => m.state == MachineState::Down,
                AndonColor::Amber => m.state.is_stop(),
                AndonColor::Green | AndonColor::Grey => false,
            }
        });
    let alert = || state.alerts.values().find(|alert| alert.is_active()).map(|alert| alert.text.clone());
    match (color, worst) {
        (_, Some((code, machine))) => match &machine.reason {
            Some(reason) => format!("{code}: {} ({reason})", machine.state),
            None => format!("{code}: {}", machine.state),
        },
        (AndonColor::Green, None) => MachineState::Running.to_string(),
        (AndonColor::Grey, None) => MachineState::Offline.to_string(),
        (AndonColor::Red | AndonColor::Amber, None) => alert().unwrap_or_default(),
    }
}
