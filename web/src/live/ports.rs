//! What a live session needs from the rest of the hub: somebody who knows tokens, and somebody who has topics.

use actors::{CommandError, HubHandle, SessionId, Subscribe};
use async_trait::async_trait;
use domain::ids::TenantCode;
use domain::wire::topic::LiveTopic;

use crate::auth::{self, AuthError, Principal};

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

/// Has the live topics. No method may block.
pub trait LiveHub: Send + Sync + 'static {
    /// Sends the topic from now on: first a snapshot, or what was missed. Subscribing again starts
    /// the topic afresh. Frames go to the sink by `try_send`; a session whose mailbox is full gets a fresh
    /// snapshot later. An error changes nothing.
    fn subscribe(&self, request: Subscribe) -> Result<(), CommandError>;

    /// No longer sends the topic; nothing happens if it was not sent.
    fn unsubscribe(&self, session: SessionId, tenant: &TenantCode, topic: &LiveTopic);

    /// The session has ended: forgets all its topics.
    fn disconnect(&self, session: SessionId);
}

impl LiveHub for HubHandle {
    fn subscribe(&self, request: Subscribe) -> Result<(), CommandError> {
        self.subscribe(request)
    }

    fn unsubscribe(&self, session: SessionId, tenant: &TenantCode, topic: &LiveTopic) {
        self.unsubscribe(session, tenant, topic);
    }

    fn disconnect(&self, session: SessionId) {
        self.disconnect(session);
    }
}
