//! What a live session needs from the rest of the hub: somebody who knows tokens, and somebody who has topics.

use actix::Recipient;
use actors::ports::Role;
use async_trait::async_trait;
use bytestring::ByteString;
use domain::ids::{SiteCode, TenantCode};
use domain::wire::frame::Position;
use domain::wire::topic::LiveTopic;
use domain::{Rejection, Timestamp};
use uuid::Uuid;

/// A live session of this process; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// A whole encoded server frame, shared by every session that is sent it.
#[derive(Clone, Debug, actix::Message)]
#[rtype(result = "()")]
pub struct Frame(pub ByteString);

/// Who watches, in which tenant, until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The user.
    pub user: Uuid,
    /// Their email.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The tenant of the session.
    pub tenant: TenantCode,
    /// What they may do in it.
    pub roles: Vec<Role>,
    /// Only at these sites; `None` is every site.
    pub sites: Option<Vec<SiteCode>>,
    /// The login the token belongs to.
    pub login: Uuid,
    /// When the token ends.
    pub expires_at: Timestamp,
}

impl Viewer {
    /// Whether the topic may be watched: any role may read, but a user of some sites sees only these, and
    /// neither what spans the tenant.
    pub fn may_watch(&self, topic: &LiveTopic) -> bool {
        let within_sites = match (&self.sites, topic.site(), topic) {
            (None, _, _) | (_, _, LiveTopic::Inbox) => true,
            (Some(sites), Some(site), _) => sites.contains(site),
            (Some(_), None, _) => false,
        };
        within_sites && !self.roles.is_empty()
    }
}

/// Why a token does not open a session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// Malformed, forged, expired, or of a login that has ended.
    #[error("the token is not valid")]
    Invalid,
    /// The user does not belong to the tenant that was asked for.
    #[error("the user does not belong to this tenant")]
    Forbidden,
    /// It cannot be said now.
    #[error("tokens cannot be verified now")]
    Unavailable {
        /// When to try again.
        retry_after_ms: u64,
    },
}

/// Knows whether an access token is good.
#[async_trait]
pub trait TokenVerifier: Send + Sync + 'static {
    /// Whose token this is, seen in `tenant` or else in the user's default tenant.
    async fn verify(&self, token: &str, tenant: Option<&TenantCode>) -> Result<Viewer, AuthError>;
}

/// Has the live topics. No method may block.
pub trait LiveHub: Send + Sync + 'static {
    /// Sends the topic from now on: first a snapshot, or what was missed `since`. Subscribing again starts
    /// the topic afresh. Frames go to `sink` by `try_send`; a session whose mailbox is full gets a fresh
    /// snapshot later. A refusal changes nothing.
    fn subscribe(
        &self,
        session: SessionId,
        tenant: &TenantCode,
        topic: &LiveTopic,
        since: Option<Position>,
        sink: Recipient<Frame>,
    ) -> Result<(), Rejection>;

    /// No longer sends the topic; nothing happens if it was not sent.
    fn unsubscribe(&self, session: SessionId, tenant: &TenantCode, topic: &LiveTopic);

    /// The session has ended: forgets all its topics.
    fn disconnect(&self, session: SessionId);
}
