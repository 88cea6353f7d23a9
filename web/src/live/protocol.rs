//! What a live session does, as a pure machine: frames, answers and the time go in, effects come out.
//!
//! It performs nothing and reads no clock; `session.rs` drives it over a socket.

use std::collections::BTreeSet;
use std::time::Duration;

use actors::CommandError;
use domain::ids::TenantCode;
use domain::wire::frame::{AccessToken, ClientFrame, Data, FrameError, Position, ServerFrame};
use domain::wire::topic::LiveTopic;
use domain::{Rejection, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::auth::{AuthError, Principal};
use crate::authorize::Action;

use super::close::CloseCode;
use super::options::LiveOptions;
use super::rate::Bucket;

const CANNOT_VERIFY: &str = "tokens cannot be verified now";

/// When something happens: time-outs follow the age of the session, tokens the time of day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    /// How old the session is; never runs backwards.
    pub(super) elapsed: Duration,
    /// The time of day.
    pub(super) time: Timestamp,
}

/// What the driver has to do, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Write this text frame.
    Send(String),
    /// Write a ping.
    Ping,
    /// Verify the token and tell [`Protocol::verified`]. While the first one is verified no frames are read.
    Verify { token: AccessToken, tenant: Option<TenantCode> },
    /// The session belongs to this login: from now on its end ends the session.
    Bind(Uuid),
    /// Ask the hub for the topic and tell [`Protocol::refused`] if it refuses.
    Subscribe { tenant: TenantCode, topic: LiveTopic, since: Option<Position> },
    /// Tell the hub.
    Unsubscribe { tenant: TenantCode, topic: LiveTopic },
    /// Say `closing`, close, and end the session.
    Close { code: CloseCode, detail: String, retry_after_ms: Option<u64> },
}

#[derive(Debug)]
enum Phase {
    Opening { verifying: bool },
    Watching { viewer: Principal, renewing: bool },
    Closed,
}

/// The state of a session.
#[derive(Debug)]
pub(super) struct Protocol {
    auth_timeout: Duration,
    ping_interval: Duration,
    idle_timeout: Duration,
    max_topics: usize,
    bucket: Option<Bucket>,
    phase: Phase,
    topics: BTreeSet<LiveTopic>,
    heard_at: Duration,
    pinged_at: Duration,
    due_at: Duration,
}

impl Protocol {
    /// A session whose handshake has just been answered.
    pub(super) fn new(options: &LiveOptions) -> Self {
        Self {
            auth_timeout: options.auth_timeout,
            ping_interval: options.ping_interval,
            idle_timeout: options.idle_timeout,
            max_topics: options.max_topics,
            bucket: options.rate.map(Bucket::new),
            phase: Phase::Opening { verifying: false },
            topics: BTreeSet::new(),
            heard_at: Duration::ZERO,
            pinged_at: Duration::ZERO,
            due_at: options.auth_timeout,
        }
    }

    /// A text frame came.
    pub(super) fn text(&mut self, text: &str, now: Moment) -> Vec<Effect> {
        let flooded = self.heard(now);
        if !flooded.is_empty() {
            return flooded;
        }
        match (ClientFrame::decode(text), &self.phase) {
            (_, Phase::Closed) => Vec::new(),
            (Err(FrameError::Bad(detail)), _) => self.close(CloseCode::BadFrame, detail),
            (frame, Phase::Opening { .. }) => self.opening(frame),
            (Err(FrameError::Invalid { topic, rejection }), Phase::Watching { .. }) => {
                vec![rejected(topic.as_deref(), &rejection)]
            }
            (Ok(frame), Phase::Watching { .. }) => self.watching(frame, now),
        }
    }

    /// Anything at all came, such as a pong: the peer lives. Whatever comes counts against the rate.
    pub(super) fn heard(&mut self, now: Moment) -> Vec<Effect> {
        self.heard_at = now.elapsed;
        let within_rate = self.bucket.as_mut().is_none_or(|bucket| bucket.take(now.elapsed));
        if within_rate { Vec::new() } else { self.close(CloseCode::TooMany, "too many frames") }
    }

    /// The verification of a token has ended.
    pub(super) fn verified(&mut self, answer: Result<Principal, AuthError>, now: Moment) -> Vec<Effect> {
        let answer = answer.and_then(|viewer| match viewer.expires_at > now.time {
            true => Ok(viewer),
            false => Err(AuthError::Invalid("expired")),
        });
        match (answer, std::mem::replace(&mut self.phase, Phase::Closed)) {
            (_, Phase::Closed) => Vec::new(),
            (Ok(viewer), Phase::Opening { .. }) => {
                (self.heard_at, self.pinged_at) = (now.elapsed, now.elapsed);
                self.admit(viewer, now)
            }
            (Ok(viewer), Phase::Watching { viewer: before, .. })
                if (viewer.id, &viewer.tenant) == (before.id, &before.tenant) =>
            {
                self.admit(viewer, now)
            }
            (Err(AuthError::Store(_)), Phase::Watching { viewer, .. }) => {
                self.phase = Phase::Watching { viewer, renewing: false };
                vec![error(None, "unavailable", CANNOT_VERIFY)]
            }
            (refused, phase) => {
                self.phase = phase;
                match refused {
                    Ok(_) => self.close(CloseCode::Forbidden, "the token is of another user or tenant"),
                    Err(cause) => self.close_unverified(&cause),
                }
            }
        }
    }

    /// The hub does not send the topic.
    pub(super) fn refused(&mut self, topic: &LiveTopic, cause: &CommandError) -> Vec<Effect> {
        self.topics.remove(topic);
        let topic = topic.to_string();
        match cause {
            CommandError::Rejected(rejection) => vec![rejected(Some(&topic), rejection)],
            CommandError::Unavailable { code, .. } => vec![error(Some(&topic), code, &cause.to_string())],
        }
    }

    /// Time has passed. To be called when [`Self::delay`] has gone by, or at any other moment.
    pub(super) fn tick(&mut self, now: Moment) -> Vec<Effect> {
        // A session whose socket was blocked is not polled: it neither pinged nor listened meanwhile, so the
        // silence was not the peer's.
        if now.elapsed > self.due_at + self.ping_interval / 2 {
            self.heard_at = now.elapsed;
        }
        match &self.phase {
            Phase::Opening { .. } if now.elapsed >= self.auth_timeout => {
                self.close(CloseCode::AuthTimeout, "no auth frame came in time")
            }
            Phase::Watching { viewer, .. } if now.time >= viewer.expires_at => {
                self.close(CloseCode::Unauthenticated, "the token has expired")
            }
            Phase::Watching { .. } if now.elapsed - self.heard_at >= self.idle_timeout => {
                self.close(CloseCode::Idle, "the peer is silent")
            }
            Phase::Watching { .. } if now.elapsed - self.pinged_at >= self.ping_interval => {
                self.pinged_at = now.elapsed;
                vec![Effect::Ping]
            }
            _ => Vec::new(),
        }
    }

    /// How long until [`Self::tick`] has something to do.
    pub(super) fn delay(&mut self, now: Moment) -> Duration {
        let delay = match &self.phase {
            Phase::Opening { .. } => self.auth_timeout.saturating_sub(now.elapsed),
            Phase::Watching { viewer, .. } => {
                let expiry_ms = u64::try_from((viewer.expires_at - now.time).0).unwrap_or(0);
                let ping = (self.pinged_at + self.ping_interval).saturating_sub(now.elapsed);
                ping.min(Duration::from_millis(expiry_ms))
            }
            Phase::Closed => self.ping_interval,
        };
        self.due_at = now.elapsed + delay;
        delay
    }

    /// Ends the session, whatever it was doing; nothing the second time.
    pub(super) fn close(&mut self, code: CloseCode, detail: impl Into<String>) -> Vec<Effect> {
        self.close_until(code, detail, None)
    }

    /// The same, with the wait that the client is asked for.
    pub(super) fn close_until(
        &mut self,
        code: CloseCode,
        detail: impl Into<String>,
        retry_after_ms: Option<u64>,
    ) -> Vec<Effect> {
        match std::mem::replace(&mut self.phase, Phase::Closed) {
            Phase::Closed => Vec::new(),
            _ => vec![Effect::Close { code, detail: detail.into(), retry_after_ms }],
        }
    }

    /// Whether the first token has not been accepted yet.
    pub(super) fn is_opening(&self) -> bool {
        matches!(self.phase, Phase::Opening { .. })
    }

    /// Whether the session has ended.
    pub(super) fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed)
    }

    /// The cause is not told: who guesses tokens learns nothing from it.
    fn close_unverified(&mut self, cause: &AuthError) -> Vec<Effect> {
        match cause {
            AuthError::Invalid(_) => self.close(CloseCode::Unauthenticated, "the token is not valid"),
            AuthError::Forbidden => self.close(CloseCode::Forbidden, cause.to_string()),
            AuthError::Store(_) => self.close(CloseCode::Overloaded, CANNOT_VERIFY),
        }
    }

    fn opening(&mut self, frame: Result<ClientFrame, FrameError>) -> Vec<Effect> {
        match (frame, &self.phase) {
            (Ok(ClientFrame::Auth { token, tenant }), Phase::Opening { verifying: false }) => {
                self.phase = Phase::Opening { verifying: true };
                vec![Effect::Verify { token, tenant }]
            }
            (Err(cause), _) => self.close(CloseCode::Unauthenticated, cause.to_string()),
            _ => self.close(CloseCode::Unauthenticated, "the first frame must be auth"),
        }
    }

    fn watching(&mut self, frame: ClientFrame, now: Moment) -> Vec<Effect> {
        let Phase::Watching { viewer, renewing } = &mut self.phase else { return Vec::new() };
        match frame {
            ClientFrame::Auth { .. } if *renewing => {
                vec![error(None, "auth_in_progress", "another token is being verified")]
            }
            ClientFrame::Auth { token, tenant } => {
                *renewing = true;
                vec![Effect::Verify { token, tenant: tenant.or_else(|| Some(viewer.tenant.clone())) }]
            }
            ClientFrame::Ping => {
                vec![Effect::Send(ServerFrame::Pong { server_time: now.time }.encode())]
            }
            ClientFrame::Subscribe { topic, since } => {
                if !may_watch(viewer, &topic) {
                    return vec![forbidden(&topic)];
                }
                if self.topics.len() >= self.max_topics && !self.topics.contains(&topic) {
                    let detail = format!("a session has at most {} topics", self.max_topics);
                    return vec![error(Some(&topic.to_string()), "too_many_topics", &detail)];
                }
                self.topics.insert(topic.clone());
                vec![Effect::Subscribe { tenant: viewer.tenant.clone(), topic, since }]
            }
            ClientFrame::Unsubscribe { topic } => {
                self.topics.remove(&topic);
                vec![Effect::Unsubscribe { tenant: viewer.tenant.clone(), topic }]
            }
            ClientFrame::MarkRead { .. } => {
                vec![error(None, "unsupported", "this hub has no notifications")]
            }
        }
    }

    /// A new or renewed token: topics that it no longer covers end.
    fn admit(&mut self, viewer: Principal, now: Moment) -> Vec<Effect> {
        let mut effects = vec![Effect::Bind(viewer.session)];
        for topic in self.topics.extract_if(.., |topic| !may_watch(&viewer, topic)) {
            let message = forbidden(&topic);
            effects.extend([Effect::Unsubscribe { tenant: viewer.tenant.clone(), topic }, message]);
        }
        let mut user = json!({
            "id": viewer.id, "email": viewer.email, "name": viewer.name,
            "tenant": viewer.tenant, "roles": viewer.roles,
        });
        if let Some(sites) = &viewer.sites {
            user["sites"] = json!(sites);
        }
        let ready = ServerFrame::Ready { server_time: now.time, user: Data::Value(&user) };
        effects.push(Effect::Send(ready.encode()));
        self.phase = Phase::Watching { viewer, renewing: false };
        effects
    }
}

/// A user of some sites sees only these, and nothing that spans the tenant; not everybody reads what devices send.
fn may_watch(viewer: &Principal, topic: &LiveTopic) -> bool {
    let within_sites = match (topic, topic.site()) {
        (LiveTopic::Inbox, _) => true,
        (_, Some(site)) => viewer.sees(site),
        (_, None) => viewer.sites.is_none(),
    };
    let action = if topic.is_tail() { Action::MessageWatch } else { Action::Read };
    within_sites && viewer.has_any(action.roles())
}

fn error(topic: Option<&str>, code: &str, detail: &str) -> Effect {
    Effect::Send(ServerFrame::Error { topic, code, detail }.encode())
}

fn rejected(topic: Option<&str>, rejection: &Rejection) -> Effect {
    error(topic, rejection.code.as_str(), &rejection.to_string())
}

fn forbidden(topic: &LiveTopic) -> Effect {
    error(Some(&topic.to_string()), "forbidden", "your roles and sites do not allow this topic")
}

#[cfg(test)]
#[path = "protocol_tests.rs"]
mod tests;
