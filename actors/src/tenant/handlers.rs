//! What a tenant does with commands about its directory.

use actix::{Context, Handler};
use domain::tenant::{TenantEvent, decide};

use super::{Effect, TenantActor};
use crate::journal::Progress;
use crate::messages::{CommandFailure, Inspect, TenantRequest, Terminate};
use crate::stream::inspect;
use crate::supervision::ExitReason;
use std::sync::Arc;

impl Handler<TenantRequest> for TenantActor {
    type Result = ();

    fn handle(&mut self, TenantRequest { command, reply }: TenantRequest, ctx: &mut Context<Self>) {
        let now = self.shared.clock.now();
        let Some(stream) = &mut self.stream else { return };
        let Ok(mut turn) = stream.begin() else {
            // Whoever waits has gone if this fails.
            let _gone = reply.send(Err(CommandFailure::Saturated));
            return;
        };
        match decide(stream.speculative(), command, now) {
            Ok(events) => {
                stream.stage(&mut turn, events, now);
                if let Some(effect) = stream.finish(turn, Effect(Some(reply))) {
                    self.follow_directory(effect.0, ctx);
                }
            }
            // Whoever waits has gone if this fails.
            Err(rejection) => drop(reply.send(Err(rejection.into()))),
        }
    }
}

impl TenantActor {
    /// Takes in how far the journal has come.
    pub(super) fn release(&mut self, progress: Progress, ctx: &mut Context<Self>) {
        let Some(stream) = &mut self.stream else { return };
        let released = stream.release(progress);
        if let Some(snapshot) = stream.due_snapshot() {
            self.shared.save_snapshot(self.stream_id.clone(), snapshot);
        }
        if !released.events.is_empty() {
            self.directory.send_replace(Arc::new(stream.committed().clone()));
        }
        let only_articles = released.events.iter().all(|event| {
            matches!(
                event,
                TenantEvent::ArticleAdded { .. }
                    | TenantEvent::ArticleChanged { .. }
                    | TenantEvent::ArticleRemoved { .. }
            )
        });
        for Effect(reply) in released.effects {
            if only_articles {
                self.answer(reply);
            } else {
                self.follow_directory(reply, ctx);
            }
        }
        if released.fenced {
            self.stop(ctx, ExitReason::Fenced);
        }
    }

    pub(super) fn answer(&self, reply: Option<super::TenantReply>) {
        if let Some(reply) = reply {
            // Whoever waits has gone if this fails.
            let _gone = reply.send(Ok(self.directory.borrow().clone()));
        }
    }
}

impl Handler<Inspect> for TenantActor {
    type Result = ();

    fn handle(&mut self, Inspect(reply): Inspect, _: &mut Context<Self>) {
        let up = self.children.values().filter(|child| child.address.is_some()).count();
        let away = self.children.len() - up;
        // Whoever asked has gone if this fails.
        let _gone = reply.send(inspect(&self.stream_id, self.stream.as_ref(), up, away));
    }
}

impl Handler<Terminate> for TenantActor {
    type Result = ();

    fn handle(&mut self, _: Terminate, ctx: &mut Context<Self>) {
        self.stop(ctx, ExitReason::Stopped);
    }
}
