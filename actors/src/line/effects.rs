//! What leaves a line once it is durable: answers, facts for the site, alerts for the tenant, views.

use std::time::{Duration, Instant};

use actix::Context;
use domain::alert::Alert;
use domain::line::{LineEvent, StopChanged};
use domain::view::{LineTile, LineView};
use serde_json::Value;
use tokio::sync::oneshot;

use super::{Effect, LineActor};
use crate::journal::Progress;
use crate::messages::CommandFailure;
use crate::supervision::ExitReason;
use actix::AsyncContext;

/// The answer to an acknowledgement.
pub(super) struct AckReply {
    pub(super) reply: oneshot::Sender<Result<Alert, CommandFailure>>,
    pub(super) result: Result<Alert, CommandFailure>,
}

/// The answer to a change of a stop.
pub(super) struct StopReply {
    pub(super) reply: oneshot::Sender<Result<Option<StopChanged>, CommandFailure>>,
    pub(super) result: Result<Option<StopChanged>, CommandFailure>,
}

impl LineActor {
    /// Takes in how far the journal has come.
    pub(super) fn release(&mut self, progress: Progress, ctx: &mut Context<Self>) {
        let Some(stream) = &mut self.stream else { return };
        let released = stream.release(progress);
        if let Some(snapshot) = stream.due_snapshot() {
            self.shared.save_snapshot(self.stream_id.clone(), snapshot);
        }
        let state = stream.committed();
        let mut seq = released.first;
        for event in &released.events {
            self.outbound.collect(event, seq);
            seq = seq.plus(1);
        }
        let order_changed =
            released.events.iter().any(|event| matches!(event, LineEvent::RunningOrderSet { .. }));
        if !released.events.is_empty() {
            self.outbound.tell_devices(&self.shared, state, &self.spec, order_changed);
        }
        self.tell_others(ctx);
        self.perform(released.effects);
        if released.fenced {
            self.stop(ctx, ExitReason::Fenced);
            return;
        }
        if self.leaving && self.stream.as_ref().is_none_or(|stream| stream.in_flight() == 0) {
            self.stop(ctx, ExitReason::Stopped);
            return;
        }
        if !released.events.is_empty() {
            self.changed(ctx);
        }
    }

    /// The light changes with time alone too: where a planned stop begins or ends.
    pub(super) fn tell_light(&mut self) {
        if let Some(stream) = &self.stream {
            self.outbound.tell_devices(&self.shared, stream.committed(), &self.spec, false);
        }
    }

    /// Tells site and tenant what they must hear; whoever has no room hears it a little later.
    pub(super) fn tell_others(&mut self, ctx: &mut Context<Self>) {
        self.outbound.flush();
        if self.outbound.is_behind() && !std::mem::replace(&mut self.telling, true) {
            ctx.run_later(Duration::from_millis(20), |line, ctx| {
                line.telling = false;
                line.tell_others(ctx);
            });
        }
    }

    /// Does what was waiting for durability.
    pub(super) fn perform(&mut self, effects: impl IntoIterator<Item = Effect>) {
        for effect in effects {
            match effect {
                // Whoever waits has gone if one of these fails; what was decided stays.
                Effect::Packet(reply, results) => drop(reply.send(Ok(results))),
                Effect::Acked(AckReply { reply, result }) => drop(reply.send(result)),
                Effect::StopChanged(answer) => drop(answer.reply.send(answer.result)),
                Effect::News => {}
            }
        }
    }

    /// Something that is shown has changed, or time has passed: publish at the line's pace.
    pub(super) fn changed(&mut self, ctx: &mut Context<Self>) {
        let Some(wait) = self.outbound.pace.changed() else { return };
        if wait.is_zero() {
            self.publish(ctx);
        } else {
            ctx.run_later(wait, Self::publish);
        }
    }

    /// Somebody has come, or the line has just started: everything, now.
    pub(super) fn publish_everything(&mut self, ctx: &mut Context<Self>) {
        if let Some(stream) = &self.stream {
            self.outbound.forget_what_was_told();
            self.outbound.tell_devices(&self.shared, stream.committed(), &self.spec, true);
        }
        self.publish(ctx);
    }

    fn publish(&mut self, ctx: &mut Context<Self>) {
        let Some(stream) = &self.stream else { return };
        let started = Instant::now();
        let now = self.shared.clock.now();
        let tile = LineTile::new(stream.committed(), &self.spec, now);
        let mut delivered = self.outbound.tell_tile(tile);
        if self.outbound.gate.is_open()
            && let Some(view) = self.view()
        {
            delivered &= self.shared.publish(&self.outbound.topic, Vec::new(), Some(view));
        }
        if delivered {
            self.outbound.pace.published(started);
        } else {
            self.outbound.pace.missed();
            ctx.run_later(Duration::from_millis(20), Self::changed);
        }
    }

    /// The view of the line, as far as it is committed.
    pub(super) fn view(&self) -> Option<Value> {
        let state = self.stream.as_ref()?.committed();
        let heard = |machine: &_| self.heard.get(machine).copied();
        let view = LineView::new(state, &self.spec, self.shared.clock.now(), heard);
        serde_json::to_value(view)
            .inspect_err(|error| tracing::error!(line = %self.address, %error, "view cannot be encoded"))
            .ok()
    }
}
