//! WebSocket sessions of `/api/v1/live`, sub-protocol `topsteel.v1`: watching live topics over one socket.
//!
//! ```text
//! handshake.rs   who may open a session            sessions.rs   who is there, who has to go, figures
//! session.rs     the actor over one socket    ──►  protocol.rs   what it does, pure
//! inbound.rs     bounds on what comes in           ports.rs      what it needs: tokens and topics
//! ```
//!
//! Only `session.rs`, `inbound.rs` and `handshake.rs` know that the sockets are those of actix-web-actors.
//!
//! # How frames get to the socket, and what happens if they do not
//! The session actor is the body of the HTTP answer: it runs only while the connection's task asks for more
//! body. Each time it runs it first takes *every* frame out of its mailbox, then reads what the client said,
//! then looks at its timers; all frames written meanwhile are encoded into one chunk, the task collects
//! chunks until the actor has no more (or 32 KiB are together: `h1_write_buffer_size`), and then makes
//! *one* write call. So frames that wait at the same moment share a system call, more of them the busier the
//! thread is, and a frame that comes alone is not held back for others.
//!
//! When the socket takes no more bytes and 32 KiB wait already, the actor is not run at all. Its mailbox fills to
//! its bound, `try_send` says `Full`, and the hub marks the topic as lagging; nothing else notices. What a
//! blocked session can hold is the kernel's send buffer, one chunk (at most a mailbox full of frames), and a
//! mailbox full of frames, which are shared with the other sessions. It cannot be told to stop
//! meanwhile, and its own timers stand still: `TCP_USER_TIMEOUT` (set by the server in `on_connect`) ends it when
//! the peer acknowledges nothing, and the HTTP server's shutdown time-out when the hub ends.
//!
//! The bound of an actix mailbox is per sender: capacity, and one more for each clone of a `Recipient` that
//! sends. A clone made for each frame would never see `Full`; the hub keeps one per subscription.

mod close;
mod handshake;
mod inbound;
mod options;
mod ports;
mod protocol;
mod rate;
mod session;
mod sessions;

use std::sync::Arc;

use actix_web::http::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL};
use actix_web::{HttpRequest, HttpResponse, web};
use actors::clock::Clock;

pub use close::CloseCode;
pub use handshake::SUBPROTOCOL;
pub use options::LiveOptions;
pub use ports::{LiveHub, TokenVerifier};
pub use rate::RateLimit;
pub use sessions::{LiveFigures, LiveSessions};

use crate::problem::Problem;
use sessions::{TurnedAway, jittered_ms};

/// Everything that live sessions share.
pub struct LiveServer {
    hub: Arc<dyn LiveHub>,
    verifier: Arc<dyn TokenVerifier>,
    clock: Arc<dyn Clock>,
    options: LiveOptions,
    sessions: Arc<LiveSessions>,
}

impl LiveServer {
    /// A server without sessions.
    pub fn new(
        hub: Arc<dyn LiveHub>,
        verifier: Arc<dyn TokenVerifier>,
        clock: Arc<dyn Clock>,
        options: LiveOptions,
    ) -> Self {
        let sessions = Arc::new(LiveSessions::new(options.max_sessions));
        Self { hub, verifier, clock, options, sessions }
    }

    /// The sessions: to end those of a login, to end all, and to look at the figures.
    pub fn sessions(&self) -> &Arc<LiveSessions> {
        &self.sessions
    }
}

/// `GET /api/v1/live`: opens a session.
pub async fn open(
    request: HttpRequest,
    payload: web::Payload,
    server: web::Data<LiveServer>,
) -> Result<HttpResponse, actix_web::Error> {
    let offers_protocol = handshake::check(&request, &server.options.allowed_origins)?;
    let ticket = server.sessions.admit().map_err(|reason| match reason {
        TurnedAway::Full => {
            Problem::unavailable("too_many_sessions", jittered_ms(server.options.retry_after))
        }
        TurnedAway::ShuttingDown { retry_after_ms } => Problem::unavailable("restarting", retry_after_ms),
    })?;
    let mut answer = session::start(server.into_inner(), ticket, &request, payload)?;
    if offers_protocol {
        answer.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    }
    Ok(answer)
}
