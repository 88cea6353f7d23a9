//! The actor of one site: owns the order book and the stock ledger, and looks after its lines.

mod children;
mod facts;
mod handlers;
mod view;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use actix::{Actor, ActorContext, ActorFutureExt, Addr, AsyncContext, Context, StreamHandler, WrapFuture};
use domain::ids::{LineCode, Seq, SiteAddress, StreamId};
use domain::site::{SiteCommand, SiteState, running_order_for};
use domain::tenant::TenantState;
use domain::view::LineTile;
use tokio::sync::{oneshot, watch};
use tokio_stream::wrappers::WatchStream;

use crate::journal::{Progress, Writer};
use crate::line::LineActor;
use crate::mailbox::{self, Undelivered};
use crate::messages::{
    AlertChanged, CommandFailure, ElementResult, OpenAlerts, PacketReply, SetRunningOrder, SiteReply,
    SiteSpec,
};
use crate::registry::TopicKey;
use crate::shared::Shared;
use crate::stream::{self, Stream};
use crate::supervision::{ChildRecord, ExitGuard, ExitReason, MessageKey};
use crate::tenant::TenantActor;

/// What a site does once an append is durable.
enum Effect {
    /// Answer the sender of a packet.
    Packet(PacketReply, Vec<ElementResult>),
    /// Answer a command.
    Command(oneshot::Sender<Result<SiteReply, CommandFailure>>, Box<SiteReply>),
    /// Nothing but the news themselves.
    News,
}

/// What a site is started with.
pub(crate) struct SiteStart {
    pub(crate) shared: Arc<Shared>,
    pub(crate) spec: Arc<SiteSpec>,
    pub(crate) directory: watch::Receiver<Arc<TenantState>>,
    pub(crate) tenant: Addr<TenantActor>,
    pub(crate) poison: HashSet<MessageKey>,
    pub(crate) guard: ExitGuard,
}

/// A line as its site sees it.
#[derive(Default)]
struct Child {
    record: ChildRecord,
    address: Option<Addr<LineActor>>,
    tile: Option<LineTile>,
    /// Facts are being read in the log.
    catching_up: bool,
    /// The line has spoken of its stream up to here; what could not be taken in is read in the log.
    told_to: Seq,
    /// The running order it could not be told yet.
    untold_order: Option<SetRunningOrder>,
}

/// The actor of one site.
pub struct SiteActor {
    shared: Arc<Shared>,
    address: SiteAddress,
    stream_id: StreamId,
    topic: TopicKey,
    spec: Arc<SiteSpec>,
    directory: watch::Receiver<Arc<TenantState>>,
    tenant: Addr<TenantActor>,
    poison: HashSet<MessageKey>,
    guard: ExitGuard,
    stream: Option<Stream<SiteState, Effect>>,
    children: BTreeMap<LineCode, Child>,
    untold_alerts: HashMap<uuid::Uuid, AlertChanged>,
    /// The tenant has not heard yet which alerts this life of the site began with.
    alerts_untold: bool,
    /// Commands of the site's own that could not be written yet.
    own_commands: VecDeque<SiteCommand>,
    configured: Vec<oneshot::Sender<()>>,
    /// The fan-out had no room for a change: everything is published again.
    republish: bool,
}

impl SiteActor {
    pub(crate) fn new(start: SiteStart) -> Self {
        let address = start.spec.address.clone();
        let stream_id = StreamId::Site(address.clone());
        let topic =
            start.shared.topic(&stream_id, domain::wire::topic::LiveTopic::Site(address.site.clone()));
        Self {
            shared: start.shared,
            address,
            stream_id,
            topic,
            spec: start.spec,
            directory: start.directory,
            tenant: start.tenant,
            poison: start.poison,
            guard: start.guard,
            stream: None,
            children: BTreeMap::new(),
            untold_alerts: HashMap::new(),
            alerts_untold: true,
            own_commands: VecDeque::new(),
            configured: Vec::new(),
            republish: false,
        }
    }

    fn stop(&self, ctx: &mut Context<Self>, reason: ExitReason) {
        self.guard.black_box().stopping(reason);
        ctx.stop();
    }

    fn load(&mut self, ctx: &mut Context<Self>) {
        let (shared, id) = (self.shared.clone(), self.stream_id.clone());
        let loading = async move {
            Writer::barrier(&shared.journal).await;
            stream::load::<SiteState>(&*shared.store, &id).await
        };
        let begin = loading.into_actor(self).map(|loaded, site, ctx| match loaded {
            Ok(loaded) => {
                let stream = Stream::new(site.stream_id.clone(), loaded, &site.shared.journal);
                ctx.add_stream(WatchStream::from_changes(stream.progress()));
                site.stream = Some(stream);
                site.follow_spec(ctx);
            }
            Err(error) => {
                tracing::error!(site = %site.address, %error, "site cannot be loaded");
                site.stop(ctx, ExitReason::LoadFailed(error.to_string()));
            }
        });
        ctx.wait(begin);
    }

    /// Takes in how far the journal has come.
    fn release(&mut self, progress: Progress, ctx: &mut Context<Self>) {
        let Some(stream) = &mut self.stream else { return };
        let before: Vec<_> = stream.committed().alerts().map(|alert| alert.id).collect();
        let released = stream.release(progress);
        if let Some(snapshot) = stream.due_snapshot() {
            self.shared.save_snapshot(self.stream_id.clone(), snapshot);
        }
        let state = stream.committed();
        let mut orders: BTreeMap<LineCode, SetRunningOrder> = BTreeMap::new();
        let mut seq = released.first;
        for event in &released.events {
            if let Some((line, _)) = running_order_for(event, state) {
                let order = state.running_order(&line);
                orders.insert(line, SetRunningOrder { order, site_seq: seq });
            }
            seq = seq.plus(1);
        }
        let alerts_changed = released.events.iter().any(|event| event.kind().starts_with("alert_"));
        let alert_news: Vec<AlertChanged> = if alerts_changed {
            let ids: HashSet<_> = before.into_iter().chain(state.alerts().map(|alert| alert.id)).collect();
            ids.into_iter().map(|id| AlertChanged { id, alert: state.alert(&id).cloned() }).collect()
        } else {
            Vec::new()
        };
        for (line, order) in orders {
            self.tell_order(&line, order);
        }
        self.tell_alerts(alert_news);
        self.perform(released.effects);
        if released.fenced {
            self.stop(ctx, ExitReason::Fenced);
        } else if alerts_changed {
            self.publish_all();
        }
    }

    fn perform(&mut self, effects: impl IntoIterator<Item = Effect>) {
        for effect in effects {
            match effect {
                // Whoever waits has gone if one of these fails; what was decided stays.
                Effect::Packet(reply, results) => drop(reply.send(Ok(results))),
                Effect::Command(reply, result) => drop(reply.send(Ok(*result))),
                Effect::News => {}
            }
        }
    }

    /// Tells a line which order runs on it; if it has no room, the tick tells it again.
    fn tell_order(&mut self, line: &LineCode, order: SetRunningOrder) {
        let Some(child) = self.children.get_mut(line) else { return };
        child.untold_order = None;
        let Some(address) = &child.address else { return };
        if let Err(Undelivered::Full(order)) = mailbox::post(address, order) {
            child.untold_order = Some(order);
        }
    }

    /// Tells the tenant every open alert of the site's own. False if it has no room, or there is nothing to tell yet.
    fn tell_open_alerts(&mut self) -> bool {
        let Some(stream) = &self.stream else { return false };
        let alerts = stream.committed().alerts().cloned().collect();
        let open = OpenAlerts { site: self.address.site.clone(), line: None, alerts };
        !matches!(mailbox::post(&self.tenant, open), Err(Undelivered::Full(_)))
    }

    fn tell_alerts(&mut self, news: Vec<AlertChanged>) {
        for alert in news {
            if let Err(Undelivered::Full(alert)) = mailbox::post(&self.tenant, alert) {
                self.untold_alerts.insert(alert.id, alert);
            }
        }
    }

    /// Tries again what had no room.
    fn tick(&mut self) {
        let untold: Vec<_> = self
            .children
            .iter_mut()
            .filter_map(|(line, child)| Some((line.clone(), child.untold_order.take()?)))
            .collect();
        for (line, order) in untold {
            self.tell_order(&line, order);
        }
        if std::mem::take(&mut self.republish) {
            self.publish_all();
        }
        if self.alerts_untold {
            self.alerts_untold = !self.tell_open_alerts();
        }
        let alerts = std::mem::take(&mut self.untold_alerts).into_values().collect();
        self.tell_alerts(alerts);
        for command in std::mem::take(&mut self.own_commands) {
            self.command(command);
        }
    }

    /// The running order of a line and the event that says so, for a line that starts.
    fn running_order(&self, line: &LineCode) -> SetRunningOrder {
        let stream = self.stream.as_ref();
        SetRunningOrder {
            order: stream.and_then(|stream| stream.committed().running_order(line)),
            site_seq: stream.map(Stream::committed_seq).unwrap_or(Seq(0)),
        }
    }
}

impl Actor for SiteActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(mailbox::CAPACITY);
        ctx.run_interval(Duration::from_millis(20), |site, _| site.tick());
        self.load(ctx);
    }
}

impl StreamHandler<Progress> for SiteActor {
    fn handle(&mut self, progress: Progress, ctx: &mut Self::Context) {
        self.release(progress, ctx);
    }

    fn finished(&mut self, _: &mut Self::Context) {}
}
