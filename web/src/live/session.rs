//! A live session as an actor: it drives the protocol over one socket, and is the body of the HTTP answer.

use std::sync::Arc;

use actix::{
    Actor, ActorContext, ActorFutureExt, AsyncContext, Handler, SpawnHandle, StreamHandler, WrapFuture,
};
use actix_http::ws::{CloseReason, Message, ProtocolError};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use actix_web_actors::ws::{WebsocketContext, WsResponseBuilder};
use actors::ports::StoreError;
use actors::{Frame, Subscribe};
use bytestring::ByteString;
use domain::ids::TenantCode;
use domain::wire::frame::{AccessToken, ServerFrame};
use tokio::time::{Instant, timeout};

use super::LiveServer;
use super::close::CloseCode;
use super::inbound::{Fault, FaultCell, Fragments, FrameGuard};
use super::protocol::{Effect, Moment, Protocol};
use super::sessions::{Order, Outcome, Ticket, jittered_ms};

/// The most text a close frame can carry (RFC 6455 section 5.5, less the two bytes of the code).
const MAX_CLOSE_REASON_BYTES: usize = 123;

type Context = WebsocketContext<LiveSession>;

/// One session.
pub(super) struct LiveSession {
    server: Arc<LiveServer>,
    ticket: Ticket,
    protocol: Protocol,
    started: Instant,
    fault: FaultCell,
    fragments: Fragments,
    timer: Option<SpawnHandle>,
}

/// Answers a handshake that was checked, with the session as the body.
pub(super) fn start(
    server: Arc<LiveServer>,
    ticket: Ticket,
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, actix_web::Error> {
    let max_bytes = server.options.max_message_bytes;
    let (bytes, fault) = FrameGuard::new(payload, max_bytes);
    let session = LiveSession {
        protocol: Protocol::new(&server.options),
        server,
        ticket,
        started: Instant::now(),
        fault,
        fragments: Fragments::default(),
        timer: None,
    };
    WsResponseBuilder::new(session, request, bytes).frame_size(max_bytes).start()
}

impl Actor for LiveSession {
    type Context = Context;

    fn started(&mut self, ctx: &mut Context) {
        ctx.set_mailbox_capacity(self.server.options.mailbox_frames);
        let ordered = self.ticket.ordered().into_actor(self);
        ctx.spawn(ordered.map(|order, session, ctx| {
            if let Some(order) = order {
                session.obey(order, ctx);
            }
        }));
        self.arm(ctx);
        tracing::debug!(session = self.ticket.id().0, "a live session opens");
    }
}

impl Drop for LiveSession {
    // Not `stopped`, which a panic elsewhere in the connection's task would leave out.
    fn drop(&mut self) {
        self.server.hub.disconnect(self.ticket.id());
        tracing::debug!(session = self.ticket.id().0, "a live session has ended");
    }
}

impl Handler<Frame> for LiveSession {
    type Result = ();

    fn handle(&mut self, Frame(text): Frame, ctx: &mut Context) {
        // Frames that waited while the socket was blocked are not for a viewer whose login ended meanwhile.
        match self.ticket.order() {
            Some(order) => self.obey(order, ctx),
            None => self.write(text, ctx),
        }
    }
}

impl StreamHandler<Result<Message, ProtocolError>> for LiveSession {
    fn handle(&mut self, message: Result<Message, ProtocolError>, ctx: &mut Context) {
        let effects = match message {
            Ok(Message::Text(text)) => self.protocol.text(&text, self.now()),
            Ok(Message::Binary(_)) => self.protocol.close(CloseCode::BadFrame, "frames must be text"),
            Ok(Message::Continuation(item)) => self.continuation(item),
            Ok(Message::Ping(payload)) => {
                let flooded = self.protocol.heard(self.now());
                if flooded.is_empty() {
                    ctx.pong(&payload);
                }
                flooded
            }
            Ok(Message::Pong(_)) => self.protocol.heard(self.now()),
            Ok(Message::Close(reason)) => return self.leave(reason, ctx),
            Ok(Message::Nop) => Vec::new(),
            Err(error) => match self.fault.get() {
                Some(Fault::Lost) => return ctx.stop(),
                Some(Fault::TooLarge) => self.protocol.close(CloseCode::TooLarge, "the frame is too large"),
                None => self.protocol.close(CloseCode::BadFrame, error.to_string()),
            },
        };
        self.perform(effects, ctx);
    }
}

impl LiveSession {
    fn now(&self) -> Moment {
        Moment { elapsed: self.started.elapsed(), time: self.server.clock.now() }
    }

    fn perform(&mut self, effects: Vec<Effect>, ctx: &mut Context) {
        for effect in effects {
            match effect {
                Effect::Send(text) => self.write(text.into(), ctx),
                Effect::Ping => ctx.ping(b""),
                Effect::Verify { token, tenant } => self.verify(token, tenant, ctx),
                Effect::Bind(login) => {
                    if !self.ticket.bind(login) {
                        let close = self.protocol.close(CloseCode::Revoked, "the login has ended");
                        return self.perform(close, ctx);
                    }
                }
                Effect::Subscribe { tenant, topic, since } => {
                    let (session, sink) = (self.ticket.id(), ctx.address().recipient());
                    let request = Subscribe { session, tenant, topic: topic.clone(), since, sink };
                    if let Err(cause) = self.server.hub.subscribe(request) {
                        let refused = self.protocol.refused(&topic, &cause);
                        self.perform(refused, ctx);
                    }
                }
                Effect::Unsubscribe { tenant, topic } => {
                    self.server.hub.unsubscribe(self.ticket.id(), &tenant, &topic);
                }
                Effect::Close { code, detail, retry_after_ms } => {
                    self.close(code, &detail, retry_after_ms, ctx);
                }
            }
        }
    }

    fn write(&mut self, text: ByteString, ctx: &mut Context) {
        self.server.sessions.count_frame();
        ctx.text(text);
    }

    fn verify(&mut self, token: AccessToken, tenant: Option<TenantCode>, ctx: &mut Context) {
        let server = Arc::clone(&self.server);
        let verification = async move {
            let answer = server.verifier.verify(token.expose(), tenant.as_ref());
            match timeout(server.options.verify_timeout, answer).await {
                Ok(answer) => answer,
                Err(_) => Err(StoreError::Unavailable("no answer in time".to_owned()).into()),
            }
        };
        let verified = verification.into_actor(self).map(|answer, session, ctx| {
            if let Err(cause) = &answer {
                tracing::info!(session = session.ticket.id().0, %cause, "a token is not accepted");
            }
            let effects = session.protocol.verified(answer, session.now());
            session.perform(effects, ctx);
            session.arm(ctx);
        });
        if self.protocol.is_opening() {
            // The client may send its subscriptions at once: they are read when it is known who it is.
            ctx.wait(verified);
        } else {
            ctx.spawn(verified);
        }
    }

    /// Sets the timer for the next thing that is due.
    fn arm(&mut self, ctx: &mut Context) {
        if let Some(timer) = self.timer.take() {
            ctx.cancel_future(timer);
        }
        if self.protocol.is_closed() {
            return;
        }
        let delay = self.protocol.delay(self.now());
        self.timer = Some(ctx.run_later(delay, |session, ctx| {
            session.timer = None;
            let effects = session.protocol.tick(session.now());
            session.perform(effects, ctx);
            session.arm(ctx);
        }));
    }

    fn continuation(&mut self, item: actix_http::ws::Item) -> Vec<Effect> {
        match self.fragments.push(item, self.server.options.max_message_bytes) {
            Ok(Some(text)) => self.protocol.text(&text, self.now()),
            Ok(None) => self.protocol.heard(self.now()),
            Err(code) => self.protocol.close(code, "the fragments are not a frame of the protocol"),
        }
    }

    fn obey(&mut self, order: Order, ctx: &mut Context) {
        let effects = self.protocol.close_until(order.code, order.code.as_str(), order.retry_after_ms);
        self.perform(effects, ctx);
    }

    fn leave(&mut self, reason: Option<CloseReason>, ctx: &mut Context) {
        self.ticket.end(Outcome::Left);
        ctx.close(reason.map(|reason| reason.code.into()));
        ctx.stop();
    }

    fn close(&mut self, code: CloseCode, detail: &str, retry_after_ms: Option<u64>, ctx: &mut Context) {
        let retry_after_ms = retry_after_ms.unwrap_or_else(|| match code.asks_to_wait() {
            true => jittered_ms(self.server.options.retry_after),
            false => 0,
        });
        // The detail may quote the client, so it is told to the client only.
        tracing::info!(session = self.ticket.id().0, %code, "closes a live session");
        self.ticket.end(Outcome::Closed(code));
        self.write(ServerFrame::Closing { code: code.as_str(), retry_after_ms }.encode().into(), ctx);
        let description = detail[..detail.floor_char_boundary(MAX_CLOSE_REASON_BYTES)].to_owned();
        ctx.close(Some(CloseReason { code: code.number().into(), description: Some(description) }));
        ctx.stop();
    }
}
