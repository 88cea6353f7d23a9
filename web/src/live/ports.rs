//! What a live session needs from the rest of the hub: somebody who knows tokens, and somebody who has topics.

use actix::Recipient;
use async_trait::async_trait;
use bytestring::ByteString;
use domain::Rejection;
use domain::ids::TenantCode;
use domain::wire::frame::Position;
use domain::wire::topic::LiveTopic;

use crate::auth::{self, AuthError, Principal};

/// A live session of this process; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// A whole encoded server frame, shared by every session that is sent it.
#[derive(Clone, Debug, actix::Message)]
#[rtype(result = "()")]
pub struct Frame(pub ByteString);

/// Knows whether an access token is good.
#[async_trait]
pub trait TokenVerifier: Send + Sync + 'static {
    /// Whose token this is, seen in `tenant` or else in the user's default tenant.
    async fn verify(&self, token: &str, tenant: Option<&TenantCode>) -> Result<Principal, AuthError>;
}

#[async_trait]
impl TokenVerifier for auth::TokenVerifier {
    async fn verify(&self, token: &str, tenant: Option<&TenantCode>) -> Result<Principal, AuthError> {
        self.verify(token, tenant).await
    }
}

/// Why a topic is not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSubscribed {
    /// There is no such topic.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// It cannot be said now; the client may try again.
    #[error("not available now, try again later")]
    Unavailable {
        /// The stable code.
        code: &'static str,
    },
}

impl NotSubscribed {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rejected(rejection) => rejection.code.as_str(),
            Self::Unavailable { code } => code,
        }
    }
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
    ) -> Result<(), NotSubscribed>;

    /// No longer sends the topic; nothing happens if it was not sent.
    fn unsubscribe(&self, session: SessionId, tenant: &TenantCode, topic: &LiveTopic);

    /// The session has ended: forgets all its topics.
    fn disconnect(&self, session: SessionId);
}
