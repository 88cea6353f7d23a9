//! What a line does with each message it is sent.

use actix::{Context, Handler};
use domain::line::{
    StopRefusal, decide_ack, decide_message, decide_removed, decide_stop_change, decide_tick,
};
use domain::vocabulary::AlertState;
use domain::{Code, Decision, Rejection};

use super::effects::{AckReply, StopReply};
use super::{Effect, LineActor};
use crate::messages::{
    AckAlert, ChangeStop, CommandFailure, ConfigureLine, Contact, ContactLost, ElementResult, Inspect,
    LinePacket, LineRemoved, ReadLine, Refresh, Saturated, SetRunningOrder, Terminate,
};
use crate::stream::inspect;
use crate::supervision::{ExitReason, MessageKey};

impl Handler<LinePacket> for LineActor {
    type Result = ();

    fn handle(&mut self, message: LinePacket, ctx: &mut Context<Self>) {
        let LinePacket { machine, packet, reply } = message;
        let now = self.shared.clock.now();
        let Some(stream) = &mut self.stream else { return };
        let Ok(mut turn) = stream.begin() else {
            // Whoever waits has gone if this fails.
            let _gone = reply.send(Err(Saturated));
            return;
        };
        if stream.speculative().shift.as_ref().is_none_or(|shift| now >= shift.to) {
            // The message belongs to the shift that has begun, though its tick is not there yet.
            let events = decide_tick(stream.speculative(), &self.spec, now);
            stream.stage(&mut turn, events, now);
        }
        let mut results = Vec::with_capacity(packet.elements.len());
        for (index, element) in packet.elements.iter().enumerate() {
            let key = packet.key(index);
            if self.poison.contains(&key) {
                results.push(ElementResult::Refused(poisoned(key)));
                continue;
            }
            self.guard.black_box().begin(key);
            #[cfg(debug_assertions)]
            crate::fault::panic_if_asked(element);
            let decided =
                decide_message(stream.speculative(), &self.spec, &machine, element, packet.received_at);
            results.push(match decided {
                Ok(Decision::Duplicate) => ElementResult::Duplicate,
                Ok(Decision::Accepted(events)) => {
                    stream.stage(&mut turn, events, now);
                    ElementResult::Accepted
                }
                Err(rejection) => ElementResult::Refused(rejection),
            });
            self.guard.black_box().end();
        }
        let ready = stream.finish(turn, Effect::Packet(reply, results));
        self.perform(ready);
        self.plan_tick(ctx);
    }
}

fn poisoned(key: MessageKey) -> Rejection {
    let detail = format!("made its line panic twice (packet {:016x}, element {})", key.packet, key.index);
    Rejection::new(Code::PoisonMessage, None, detail)
}

impl Handler<ContactLost> for LineActor {
    type Result = ();

    fn handle(&mut self, ContactLost(machine): ContactLost, _: &mut Context<Self>) {
        self.lose_contact(&machine);
    }
}

impl Handler<Contact> for LineActor {
    type Result = ();

    fn handle(&mut self, Contact(machine): Contact, _: &mut Context<Self>) {
        if self.spec.machines.contains_key(&machine) {
            self.heard.insert(machine, self.shared.clock.now());
        }
    }
}

impl Handler<ConfigureLine> for LineActor {
    type Result = ();

    fn handle(&mut self, ConfigureLine(spec): ConfigureLine, ctx: &mut Context<Self>) {
        let machines_changed = self.spec.machines.keys().ne(spec.machines.keys());
        self.spec = spec;
        if machines_changed && let Some(stream) = &self.stream {
            self.outbound.tell_devices(&self.shared, stream.committed(), &self.spec, true);
        }
        self.heard.retain(|machine, _| self.spec.machines.contains_key(machine));
        self.tick(ctx);
        self.changed(ctx);
    }
}

impl Handler<SetRunningOrder> for LineActor {
    type Result = ();

    fn handle(&mut self, running: SetRunningOrder, ctx: &mut Context<Self>) {
        self.set_running_order(running, ctx);
    }
}

impl Handler<AckAlert> for LineActor {
    type Result = ();

    fn handle(&mut self, message: AckAlert, _: &mut Context<Self>) {
        let AckAlert { id, by, reply } = message;
        let now = self.shared.clock.now();
        let Some(stream) = &mut self.stream else { return };
        let answer = |result| Effect::Acked(AckReply { reply, result });
        let alert = stream.speculative().alerts.get(&id).cloned();
        let ready = match (decide_ack(stream.speculative(), id, &by, now), alert) {
            (Err(rejection), _) => Some(answer(Err(rejection.into()))),
            (Ok(events), Some(mut alert)) => match stream.begin() {
                Ok(mut turn) => {
                    stream.stage(&mut turn, events, now);
                    alert.ack(&by, now);
                    debug_assert_ne!(alert.state, AlertState::Raised, "an acknowledged alert is not raised");
                    stream.finish(turn, answer(Ok(alert)))
                }
                Err(_) => Some(answer(Err(CommandFailure::Saturated))),
            },
            (Ok(_), None) => None,
        };
        self.perform(ready);
    }
}

impl Handler<ChangeStop> for LineActor {
    type Result = ();

    fn handle(&mut self, message: ChangeStop, _: &mut Context<Self>) {
        let ChangeStop { found, change, by, reply } = message;
        let now = self.shared.clock.now();
        let Some(stream) = &mut self.stream else { return };
        let answer = |result| Effect::StopChanged(Box::new(StopReply { reply, result }));
        let decided = decide_stop_change(stream.speculative(), &self.spec, &found, &change, &by, now);
        let ready = match decided {
            Err(StopRefusal::Rejected(rejection)) => Some(answer(Err(rejection.into()))),
            // Once what came in between is durable, it can be read.
            Err(StopRefusal::Stale) => stream.after_pending(answer(Ok(None))),
            Ok(changed) => match stream.begin() {
                Ok(mut turn) => {
                    stream.stage(&mut turn, changed.events.clone(), now);
                    stream.finish(turn, answer(Ok(Some(changed))))
                }
                Err(_) => Some(answer(Err(CommandFailure::Saturated))),
            },
        };
        self.perform(ready);
    }
}

impl Handler<ReadLine> for LineActor {
    type Result = ();

    fn handle(&mut self, ReadLine(reply): ReadLine, _: &mut Context<Self>) {
        if let Some(view) = self.view() {
            // Whoever asked has gone if this fails.
            let _gone = reply.send(view);
        }
    }
}

impl Handler<Refresh> for LineActor {
    type Result = ();

    fn handle(&mut self, _: Refresh, ctx: &mut Context<Self>) {
        self.publish_everything(ctx);
    }
}

impl Handler<LineRemoved> for LineActor {
    type Result = ();

    fn handle(&mut self, _: LineRemoved, ctx: &mut Context<Self>) {
        let now = self.shared.clock.now();
        self.outbound.withdraw_from_devices(&self.shared, &self.spec);
        self.leaving = true;
        let Some(stream) = &mut self.stream else { return self.stop(ctx, ExitReason::Stopped) };
        let events = decide_removed(stream.speculative(), now);
        let Ok(mut turn) = stream.begin() else {
            tracing::warn!(line = %self.address, "log is busy, alerts of a removed line stay open");
            return self.stop(ctx, ExitReason::Stopped);
        };
        stream.stage(&mut turn, events, now);
        if stream.finish(turn, Effect::News).is_some() {
            self.stop(ctx, ExitReason::Stopped);
        }
    }
}

impl Handler<Terminate> for LineActor {
    type Result = ();

    fn handle(&mut self, _: Terminate, ctx: &mut Context<Self>) {
        self.stop(ctx, ExitReason::Stopped);
    }
}

impl Handler<Inspect> for LineActor {
    type Result = ();

    fn handle(&mut self, Inspect(reply): Inspect, _: &mut Context<Self>) {
        // Whoever asked has gone if this fails.
        let _gone = reply.send(inspect(&self.stream_id, self.stream.as_ref(), 0, 0));
    }
}
