//! SUBSCRIBE, whatever the version of the protocol: topics to devices within the scope, and nothing else.

use std::num::NonZeroU32;

use domain::wire::topic::{TopicFilter, filter_within_scope};

use super::connection::ConnectionState;
use super::ingress::AccessRefusal;
use super::outbox::{DeliveryQos, RetainedOnSubscribe, Subscription};
use super::stats::RefusalKind;

/// One filter of a SUBSCRIBE.
pub(super) struct FilterRequest<'a> {
    pub(super) filter: &'a str,
    pub(super) qos: DeliveryQos,
    pub(super) retain_as_published: bool,
    pub(super) on_subscribe: RetainedOnSubscribe,
    pub(super) id: Option<NonZeroU32>,
}

/// Why a filter is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FilterRefusal {
    Invalid,
    OutOfScope,
    Shared,
    TooMany,
}

impl FilterRefusal {
    fn code(self) -> &'static str {
        match self {
            Self::Invalid => "invalid_topic",
            Self::OutOfScope => "out_of_scope",
            Self::Shared => "shared_subscription_not_supported",
            Self::TooMany => "too_many_subscriptions",
        }
    }

    fn kind(self) -> RefusalKind {
        match self {
            Self::OutOfScope => RefusalKind::Scope,
            Self::Invalid | Self::Shared => RefusalKind::Topic,
            Self::TooMany => RefusalKind::Protocol,
        }
    }
}

/// Adds a subscription; a refusal is counted, logged and audited here.
pub(super) fn subscribe(
    state: &ConnectionState,
    request: FilterRequest<'_>,
) -> Result<DeliveryQos, FilterRefusal> {
    let filter = request.filter;
    let result = try_subscribe(state, request);
    if let Err(refusal) = result {
        let username = &state.sender.device.username;
        state.shared.stats.count_refused(refusal.kind());
        tracing::info!(
            user = %username.escape_debug(),
            connection = state.sender.connection,
            filter = %filter.escape_debug(),
            code = refusal.code(),
            "mqtt subscription refused"
        );
        state.shared.ingress.refused(AccessRefusal {
            actor: username.clone(),
            action: "mqtt.subscribe",
            object: filter.to_owned(),
            code: refusal.code(),
            peer: state.peer,
        });
    }
    result
}

fn try_subscribe(state: &ConnectionState, request: FilterRequest<'_>) -> Result<DeliveryQos, FilterRefusal> {
    if request.filter.starts_with("$share/") {
        return Err(FilterRefusal::Shared);
    }
    let filter = TopicFilter::parse(request.filter).map_err(|_| FilterRefusal::Invalid)?;
    let scope = &state.sender.device.scope;
    if !filter_within_scope(&filter, scope) {
        return Err(FilterRefusal::OutOfScope);
    }
    let qos = request.qos;
    let subscription =
        Subscription { filter, qos, retain_as_published: request.retain_as_published, id: request.id };
    let added = state.shared.outbox.subscribe(
        scope.tenant(),
        state.sender.connection,
        subscription,
        request.on_subscribe,
        state.shared.options.max_subscriptions,
    );
    if added { Ok(qos) } else { Err(FilterRefusal::TooMany) }
}

/// Removes a subscription; `false`: there was none.
pub(super) fn unsubscribe(state: &ConnectionState, filter: &str) -> bool {
    let tenant = state.sender.device.scope.tenant();
    state.shared.outbox.unsubscribe(tenant, state.sender.connection, filter)
}
