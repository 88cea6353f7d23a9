//! The actor of one line: decide → append → apply → publish, for every message of its machines.

mod effects;
mod handlers;
mod outbound;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use actix::{
    Actor, ActorContext, ActorFutureExt, Addr, AsyncContext, Context, SpawnHandle, StreamHandler, WrapFuture,
};
use domain::Timestamp;
use domain::ids::{LineAddress, MachineCode, StreamId};
use domain::line::{
    LineSpec, LineState, decide_contact_lost, decide_running_order, decide_tick, next_deadline,
};
use domain::view::SILENT_AFTER;
use domain::vocabulary::MachineState;
use tokio_stream::wrappers::WatchStream;

use crate::journal::{Progress, Writer};
use crate::mailbox;
use crate::messages::{ElementResult, PacketReply, SetRunningOrder};
use crate::shared::Shared;
use crate::site::SiteActor;
use crate::stream::{self, Stream};
use crate::supervision::{ExitGuard, ExitReason, MessageKey};
use crate::tenant::TenantActor;

use effects::{AckReply, StopReply};
use outbound::Outbound;

/// How often figures that change with time alone are published while somebody looks.
const REFRESH: Duration = Duration::from_secs(5);

/// What a line does once an append is durable.
enum Effect {
    /// Answer the sender of a packet.
    Packet(PacketReply, Vec<ElementResult>),
    /// Answer a person.
    Acked(AckReply),
    /// Answer a person about a stop.
    StopChanged(Box<StopReply>),
    /// Nothing but the news themselves.
    News,
}

/// What a line is started with.
pub(crate) struct LineStart {
    pub(crate) shared: Arc<Shared>,
    pub(crate) spec: Arc<LineSpec>,
    pub(crate) running: SetRunningOrder,
    pub(crate) poison: HashSet<MessageKey>,
    pub(crate) site: Addr<SiteActor>,
    pub(crate) tenant: Addr<TenantActor>,
    pub(crate) guard: ExitGuard,
}

/// The actor of one line.
pub struct LineActor {
    shared: Arc<Shared>,
    address: LineAddress,
    stream_id: StreamId,
    spec: Arc<LineSpec>,
    running: Option<SetRunningOrder>,
    poison: HashSet<MessageKey>,
    guard: ExitGuard,
    stream: Option<Stream<LineState, Effect>>,
    heard: HashMap<MachineCode, Timestamp>,
    outbound: Outbound,
    deadline: Option<(Timestamp, SpawnHandle)>,
    listening_since: Option<Timestamp>,
    /// Somebody had no room and is told again soon.
    telling: bool,
    /// The line was removed: it ends when everything is durable.
    leaving: bool,
}

impl LineActor {
    pub(crate) fn new(start: LineStart) -> Self {
        let address = start.spec.address.clone();
        Self {
            outbound: Outbound::new(&start.shared, &address, start.site, start.tenant),
            stream_id: StreamId::Line(address.clone()),
            address,
            shared: start.shared,
            spec: start.spec,
            running: Some(start.running),
            poison: start.poison,
            guard: start.guard,
            stream: None,
            heard: HashMap::new(),
            deadline: None,
            listening_since: None,
            telling: false,
            leaving: false,
        }
    }

    fn stop(&self, ctx: &mut Context<Self>, reason: ExitReason) {
        self.guard.black_box().stopping(reason);
        ctx.stop();
    }

    /// Reads the stream behind everything that an earlier life has queued, then begins.
    fn load(&mut self, ctx: &mut Context<Self>) {
        let (shared, id) = (self.shared.clone(), self.stream_id.clone());
        let loading = async move {
            Writer::barrier(&shared.journal).await;
            stream::load::<LineState>(&*shared.store, &id).await
        };
        let begin = loading.into_actor(self).map(|loaded, line, ctx| match loaded {
            Ok(loaded) => {
                let stream = Stream::new(line.stream_id.clone(), loaded, &line.shared.journal);
                ctx.add_stream(WatchStream::from_changes(stream.progress()));
                line.outbound.start(stream.committed_seq(), stream.committed());
                line.stream = Some(stream);
                line.begin(ctx);
            }
            Err(error) => {
                tracing::error!(line = %line.address, %error, "line cannot be loaded");
                line.stop(ctx, ExitReason::LoadFailed(error.to_string()));
            }
        });
        ctx.wait(begin);
    }

    fn begin(&mut self, ctx: &mut Context<Self>) {
        self.listening_since = Some(self.shared.clock.now());
        self.tick(ctx);
        if let Some(running) = self.running.take() {
            self.set_running_order(running, ctx);
        }
        self.publish_everything(ctx);
        self.tell_others(ctx);
        ctx.run_interval(REFRESH, |line, ctx| {
            line.notice_silence();
            line.tell_light();
            line.changed(ctx);
        });
    }

    /// Time passes; also, the configuration may have changed.
    fn tick(&mut self, ctx: &mut Context<Self>) {
        let now = self.shared.clock.now();
        let Some(stream) = &mut self.stream else { return };
        let events = decide_tick(stream.speculative(), &self.spec, now);
        if !events.is_empty() {
            match stream.begin() {
                Ok(mut turn) => {
                    stream.stage(&mut turn, events, now);
                    let _news = stream.finish(turn, Effect::News);
                }
                Err(_) => {
                    ctx.run_later(Duration::from_millis(200), Self::tick);
                }
            }
        }
        self.plan_tick(ctx);
    }

    /// Wakes the line when time alone will change something next.
    fn plan_tick(&mut self, ctx: &mut Context<Self>) {
        let Some(stream) = &self.stream else { return };
        let Some(next) = next_deadline(stream.speculative(), &self.spec) else { return };
        if let Some((planned, handle)) = self.deadline.take() {
            if planned == next {
                self.deadline = Some((planned, handle));
                return;
            }
            ctx.cancel_future(handle);
        }
        let wait_ms = u64::try_from((next - self.shared.clock.now()).0).unwrap_or(0);
        let handle = ctx.run_later(Duration::from_millis(wait_ms.max(1)), |line, ctx| {
            line.deadline = None;
            line.tick(ctx);
        });
        self.deadline = Some((next, handle));
    }

    /// A machine that gives no sign of life for long is offline, however it was connected.
    fn notice_silence(&mut self) {
        let now = self.shared.clock.now();
        let Some(stream) = &self.stream else { return };
        let state = stream.speculative();
        let silent = self.spec.machines.keys().filter(|code| {
            let machine = state.machines.get(*code);
            let heard = machine.and_then(|m| m.last_seen).max(self.heard.get(*code).copied());
            // Before the hub was there nobody could hear it.
            let last = heard.max(self.listening_since);
            machine.is_some_and(|m| m.state != MachineState::Offline)
                && last.is_some_and(|last| now - last > SILENT_AFTER)
        });
        for machine in silent.cloned().collect::<Vec<_>>() {
            self.lose_contact(&machine);
        }
    }

    /// Nobody knows any more what a machine does.
    fn lose_contact(&mut self, machine: &MachineCode) {
        let now = self.shared.clock.now();
        self.heard.remove(machine);
        let Some(stream) = &mut self.stream else { return };
        let events = decide_contact_lost(stream.speculative(), &self.spec, machine, now);
        if events.is_empty() {
            return;
        }
        match stream.begin() {
            Ok(mut turn) => {
                stream.stage(&mut turn, events, now);
                let ready = stream.finish(turn, Effect::News);
                self.perform(ready);
            }
            // It stays silent: the next look tries again.
            Err(_) => {
                tracing::warn!(line = %self.address, %machine, "log is busy, lost contact is recorded later")
            }
        }
    }

    fn set_running_order(&mut self, running: SetRunningOrder, ctx: &mut Context<Self>) {
        let now = self.shared.clock.now();
        let Some(stream) = &mut self.stream else {
            self.running = Some(running);
            return;
        };
        let events = decide_running_order(stream.speculative(), running.order.clone(), running.site_seq, now);
        if events.is_empty() {
            return;
        }
        match stream.begin() {
            Ok(mut turn) => {
                stream.stage(&mut turn, events, now);
                let _news = stream.finish(turn, Effect::News);
            }
            Err(_) => {
                ctx.run_later(Duration::from_millis(20), move |line, ctx| {
                    line.set_running_order(running, ctx)
                });
            }
        }
    }
}

impl Actor for LineActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(mailbox::CAPACITY);
        self.load(ctx);
    }
}

impl StreamHandler<Progress> for LineActor {
    fn handle(&mut self, progress: Progress, ctx: &mut Self::Context) {
        self.release(progress, ctx);
    }

    fn finished(&mut self, _: &mut Self::Context) {}
}
