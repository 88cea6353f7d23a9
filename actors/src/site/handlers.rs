//! What a site does with packets of devices and commands of people.

use std::sync::Arc;

use actix::{Context, Handler};
use domain::alert::Alert;
use domain::ids::{ArticleCode, LineCode, MachineCode, OrderCode};
use domain::message::{Content, DeviceMessage};
use domain::origin::{Origin, OriginKey};
use domain::site::{SiteCommand, SiteEvent, SiteState, StockMove, decide};
use domain::tenant::Article;
use domain::{Code, Decision, Receipt, Rejection, Timestamp};
use uuid::Uuid;

use super::{Effect, SiteActor};
use crate::mailbox;
use crate::messages::{
    CommandFailure, ElementResult, Inspect, Saturated, SitePacket, SiteReply, SiteRequest, Terminate,
};
use crate::stream::{Turn, inspect};
use crate::supervision::{ExitReason, MessageKey};

impl SiteActor {
    fn article(&self, code: &ArticleCode) -> Option<Arc<Article>> {
        self.directory.borrow().article(code).cloned()
    }

    /// The command behind a device's message.
    fn command_of(
        &self,
        machine: Option<&(LineCode, MachineCode)>,
        message: &DeviceMessage,
        received_at: Timestamp,
    ) -> Result<SiteCommand, Rejection> {
        let by = match machine {
            Some((line, machine)) => {
                let known = self.spec.lines.get(line).is_some_and(|spec| spec.machines.contains_key(machine));
                if !known {
                    let detail = format!("there is no machine {machine} on line {line}");
                    return Err(Rejection::new(Code::UnknownMachine, Some("machine"), detail));
                }
                Origin::machine(line.clone(), machine.clone())
            }
            None => Origin::Device(OriginKey::Site),
        };
        let receipt = Receipt::new(&message.envelope, received_at)?;
        match &message.content {
            Content::Order(order) => Ok(SiteCommand::TransitionOrder {
                code: order.order.clone(),
                action: order.action,
                expected_version: None,
                by,
                receipt: Some(receipt),
            }),
            Content::Stock(stock) => Ok(SiteCommand::MoveStock(StockMove {
                id: Uuid::now_v7(),
                message: stock.clone(),
                article: self.article(&stock.article),
                by,
                receipt,
            })),
            Content::State(_) | Content::Count(_) | Content::Measure(_) | Content::Alarm(_) => {
                Err(Rejection::invalid("topic", "a site takes order and stock messages only"))
            }
        }
    }
}

impl Handler<SitePacket> for SiteActor {
    type Result = ();

    fn handle(&mut self, message: SitePacket, _: &mut Context<Self>) {
        let SitePacket { machine, packet, reply } = message;
        let now = self.shared.clock.now();
        let Some(begun) = self.stream.as_ref().map(|stream| stream.begin()) else { return };
        let Ok(mut turn) = begun else {
            // Whoever waits has gone if this fails.
            let _gone = reply.send(Err(Saturated));
            return;
        };
        let mut results = Vec::with_capacity(packet.elements.len());
        for (index, element) in packet.elements.iter().enumerate() {
            let key: MessageKey = packet.key(index);
            if self.poison.contains(&key) {
                let detail = "made its site panic twice";
                results.push(ElementResult::Refused(Rejection::new(Code::PoisonMessage, None, detail)));
                continue;
            }
            self.guard.black_box().begin(key);
            #[cfg(debug_assertions)]
            crate::fault::panic_if_asked(element);
            let command = self.command_of(machine.as_ref(), element, packet.received_at);
            let Some(stream) = &mut self.stream else { return };
            results.push(match command.and_then(|command| decide(stream.speculative(), command, now)) {
                Ok(Decision::Duplicate) => ElementResult::Duplicate,
                Ok(Decision::Accepted(events)) => {
                    stream.stage(&mut turn, events, now);
                    ElementResult::Accepted
                }
                Err(rejection) => ElementResult::Refused(rejection),
            });
            self.guard.black_box().end();
        }
        let ready =
            self.stream.as_mut().and_then(|stream| stream.finish(turn, Effect::Packet(reply, results)));
        self.perform(ready);
    }
}

/// What the answer to a command is about.
enum Subject {
    Order(OrderCode),
    Alert(Uuid),
    Stock,
}

fn subject(command: &SiteCommand) -> Subject {
    match command {
        SiteCommand::CreateOrder { order, .. } => Subject::Order(order.code.clone()),
        SiteCommand::PatchOrder { code, .. } | SiteCommand::TransitionOrder { code, .. } => {
            Subject::Order(code.clone())
        }
        SiteCommand::AckAlert { id, .. } | SiteCommand::ClearAlert { id } => Subject::Alert(*id),
        SiteCommand::RaiseAlert(alert) => Subject::Alert(alert.id),
        SiteCommand::MoveStock(_) | SiteCommand::MoveStockBatch(_) | SiteCommand::TakeLineFacts { .. } => {
            Subject::Stock
        }
    }
}

impl SiteActor {
    /// Decides a command; its turn is still to be ended, so that the answer waits for the log.
    fn decide_command(
        &mut self,
        command: SiteCommand,
    ) -> Result<(Turn<SiteState>, SiteReply), CommandFailure> {
        let now = self.shared.clock.now();
        let Some(stream) = &mut self.stream else { return Err(CommandFailure::Saturated) };
        let subject = subject(&command);
        let alert_before: Option<Alert> = match &subject {
            Subject::Alert(id) => stream.speculative().alert(id).cloned(),
            Subject::Order(_) | Subject::Stock => None,
        };
        let first_at =
            command.sender().and_then(|(by, receipt)| stream.speculative().first_accepted_at(by, receipt));
        let mut turn = stream.begin().map_err(|_| CommandFailure::Saturated)?;
        let events = decide(stream.speculative(), command, now)?.into_events();
        stream.stage(&mut turn, events.clone(), now);
        let state = stream.speculative();
        let (order, alert) = match subject {
            Subject::Order(code) => (state.order(&code).cloned(), None),
            Subject::Alert(id) => (None, state.alert(&id).cloned().or_else(|| closed(alert_before, &events))),
            Subject::Stock => (None, None),
        };
        Ok((turn, SiteReply { events, order, alert, first_at }))
    }
}

impl Handler<SiteRequest> for SiteActor {
    type Result = ();

    fn handle(&mut self, SiteRequest { command, reply }: SiteRequest, _: &mut Context<Self>) {
        match self.decide_command(command) {
            Ok((turn, answer)) => {
                let effect = Effect::Command(reply, Box::new(answer));
                let ready = self.stream.as_mut().and_then(|stream| stream.finish(turn, effect));
                self.perform(ready);
            }
            // Whoever waits has gone if this fails.
            Err(failure) => drop(reply.send(Err(failure))),
        }
    }
}

impl Handler<Inspect> for SiteActor {
    type Result = ();

    fn handle(&mut self, Inspect(reply): Inspect, _: &mut Context<Self>) {
        let up = self.children.values().filter(|child| child.address.is_some()).count();
        let away = self.children.len() - up;
        // Whoever asked has gone if this fails.
        let _gone = reply.send(inspect(&self.stream_id, self.stream.as_ref(), up, away));
    }
}

impl Handler<Terminate> for SiteActor {
    type Result = ();

    fn handle(&mut self, _: Terminate, ctx: &mut Context<Self>) {
        self.stop(ctx, ExitReason::Stopped);
    }
}

/// However a site ends, its lines end with it: the next one starts its own.
impl Drop for SiteActor {
    fn drop(&mut self) {
        for line in self.children.values().filter_map(|child| child.address.as_ref()) {
            mailbox::terminate(line);
        }
    }
}

/// An alert that its last event closed, so that it has left the state.
fn closed(before: Option<Alert>, events: &[SiteEvent]) -> Option<Alert> {
    let mut alert = before?;
    for event in events {
        match event {
            SiteEvent::AlertAcknowledged { by, at, .. } => {
                alert.ack(by, *at);
            }
            SiteEvent::AlertCleared { at, .. } => {
                alert.clear(*at);
            }
            _ => {}
        }
    }
    Some(alert)
}
