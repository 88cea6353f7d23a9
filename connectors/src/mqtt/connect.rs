//! CONNECT, whatever the version of the protocol: who may open a session, and with which client id and will.

use std::net::SocketAddr;
use std::sync::Arc;

pub(super) use actors::ports::MqttVersion as Version;
use bytes::Bytes;
use domain::ids::LineAddress;
use domain::wire::topic::{Channel, DeviceTopic};
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use super::ingress::{AccessRefusal, Device, MachineAddress, Sender};
use super::registry::{Origin, Registered};
use super::shared::Shared;
use super::stats::RefusalKind;

/// The longest user name and client id in bytes; the protocol allows more, nobody needs it.
const MAX_NAME_BYTES: usize = 256;

/// A message to publish if the session is lost: always about the state of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Will {
    pub(super) topic: String,
    pub(super) payload: Bytes,
}

/// A will as it came.
pub(super) struct WillRequest<'a> {
    pub(super) topic: &'a str,
    pub(super) payload: &'a [u8],
    pub(super) exactly_once: bool,
}

/// A CONNECT as it came.
pub(super) struct ConnectRequest<'a> {
    pub(super) version: Version,
    pub(super) client_id: &'a str,
    pub(super) username: Option<&'a str>,
    pub(super) password: Option<&'a [u8]>,
    pub(super) will: Option<WillRequest<'a>>,
    pub(super) peer: Option<SocketAddr>,
}

/// Why a CONNECT is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConnectRefusal {
    BadCredentials,
    NoCredentials,
    ClientId,
    Busy,
    Unavailable,
    AuthMethod,
    WillTopic,
    WillScope,
    WillQos,
}

impl ConnectRefusal {
    fn code(self) -> &'static str {
        match self {
            Self::BadCredentials => "bad_credentials",
            Self::NoCredentials => "no_credentials",
            Self::ClientId => "invalid_client_id",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
            Self::AuthMethod => "auth_method_unknown",
            Self::WillTopic => "invalid_will_topic",
            Self::WillScope => "will_out_of_scope",
            Self::WillQos => "will_qos_not_supported",
        }
    }

    fn kind(self) -> RefusalKind {
        match self {
            Self::BadCredentials | Self::NoCredentials | Self::AuthMethod => RefusalKind::Credentials,
            Self::Busy | Self::Unavailable => RefusalKind::Busy,
            Self::ClientId | Self::WillTopic | Self::WillQos => RefusalKind::Connect,
            Self::WillScope => RefusalKind::Scope,
        }
    }
}

/// A session that may begin.
pub(super) struct Admission {
    pub(super) sender: Sender,
    pub(super) client_id: String,
    /// The client left its id to the hub.
    pub(super) assigned: bool,
    pub(super) version: Version,
    pub(super) will: Option<Will>,
    pub(super) peer: Option<SocketAddr>,
    pub(super) registered: Registered,
    pub(super) place: OwnedSemaphorePermit,
}

/// Decides about a CONNECT; a refusal is counted, logged and audited here.
pub(super) async fn admit(
    shared: &Arc<Shared>,
    request: ConnectRequest<'_>,
) -> Result<Admission, ConnectRefusal> {
    let result = try_admit(shared, &request).await;
    if let Err(refusal) = &result {
        refuse(shared, &request, *refusal);
    }
    result
}

/// Counts, logs and audits a refused CONNECT.
pub(super) fn refuse(shared: &Shared, request: &ConnectRequest<'_>, refusal: ConnectRefusal) {
    let user = request.username.unwrap_or_default();
    shared.stats.count_refused(refusal.kind());
    tracing::info!(
        user = %clip(user).escape_debug(),
        client = %clip(request.client_id).escape_debug(),
        peer = ?request.peer,
        version = request.version.as_str(),
        code = refusal.code(),
        "mqtt connect refused"
    );
    shared.ingress.refused(AccessRefusal {
        actor: clip(user).to_owned(),
        action: "mqtt.connect",
        object: clip(request.client_id).to_owned(),
        code: refusal.code(),
        peer: request.peer,
    });
}

/// The beginning of a text that a stranger chose the length of.
pub(super) fn clip(text: &str) -> &str {
    let end = (0..=MAX_NAME_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

async fn try_admit(shared: &Arc<Shared>, request: &ConnectRequest<'_>) -> Result<Admission, ConnectRefusal> {
    if shared.registry.is_stopping() {
        return Err(ConnectRefusal::Unavailable);
    }
    let place = Arc::clone(&shared.places).try_acquire_owned().map_err(|_| ConnectRefusal::Busy)?;
    if request.client_id.len() > MAX_NAME_BYTES {
        return Err(ConnectRefusal::ClientId);
    }
    let device = authenticate(shared, request).await?;
    let will = request.will.as_ref().map(|will| check_will(will, &device)).transpose()?;
    let assigned = request.client_id.is_empty();
    let client_id = if assigned { format!("hub-{}", Uuid::now_v7()) } else { request.client_id.to_owned() };
    let connection = shared.next_connection();
    let origin = Origin { protocol: request.version, peer: request.peer, since: shared.clock.now() };
    let registered = shared
        .registry
        .enter(&device.username, &client_id, connection, origin)
        .ok_or(ConnectRefusal::Unavailable)?;
    if registered.took_over {
        shared.stats.count_taken_over();
    }
    shared.presence.arrived(&device.username, connection, own_machine(&device));
    Ok(Admission {
        sender: Sender { device, connection },
        client_id,
        assigned,
        version: request.version,
        will,
        peer: request.peer,
        registered,
        place,
    })
}

async fn authenticate(shared: &Arc<Shared>, request: &ConnectRequest<'_>) -> Result<Device, ConnectRefusal> {
    let (Some(username), Some(password)) = (request.username, request.password) else {
        return Err(ConnectRefusal::NoCredentials);
    };
    let token = std::str::from_utf8(password).map_err(|_| ConnectRefusal::BadCredentials)?;
    if username.len() > MAX_NAME_BYTES || token.len() > MAX_NAME_BYTES {
        return Err(ConnectRefusal::BadCredentials);
    }
    let (ingress, username, token) = (Arc::clone(&shared.ingress), username.to_owned(), token.to_owned());
    // The look-up may open a connection to the store, which must not belong to a thread of this endpoint.
    let look_up = shared.runtime.spawn(async move { ingress.authenticate(&username, &token).await });
    match tokio::time::timeout(shared.options.connect_timeout, look_up).await {
        Ok(Ok(Ok(device))) => device.ok_or(ConnectRefusal::BadCredentials),
        Ok(Ok(Err(_)) | Err(_)) | Err(_) => Err(ConnectRefusal::Unavailable),
    }
}

fn check_will(will: &WillRequest<'_>, device: &Device) -> Result<Will, ConnectRefusal> {
    if will.exactly_once {
        return Err(ConnectRefusal::WillQos);
    }
    let topic = DeviceTopic::parse(will.topic).map_err(|_| ConnectRefusal::WillTopic)?;
    let about_a_state = matches!(topic, DeviceTopic::Machine { channel: Channel::State, .. });
    if !about_a_state || !device.scope.covers(&topic) {
        return Err(ConnectRefusal::WillScope);
    }
    Ok(Will { topic: will.topic.to_owned(), payload: Bytes::copy_from_slice(will.payload) })
}

/// The machine that a credential is for, if it is for one only.
fn own_machine(device: &Device) -> Option<MachineAddress> {
    let scope = &device.scope;
    let line = LineAddress {
        tenant: scope.tenant().clone(),
        site: scope.site()?.clone(),
        line: scope.line()?.clone(),
    };
    Some(MachineAddress { line, machine: scope.machine()?.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(scope: &str) -> Device {
        Device { username: "saw".to_owned(), scope: scope.parse().unwrap() }
    }

    fn will(topic: &str, exactly_once: bool) -> WillRequest<'_> {
        WillRequest { topic, payload: b"{}", exactly_once }
    }

    #[test]
    fn a_will_is_about_the_state_of_a_machine_within_the_scope() {
        let line = device("acme/linz/saw");
        assert!(check_will(&will("hub/v1/acme/linz/saw/s1/state", false), &line).is_ok());
        for (topic, exactly_once, refusal) in [
            ("hub/v1/acme/linz/saw/s1/state", true, ConnectRefusal::WillQos),
            ("hub/v1/acme/linz/saw/s1/count", false, ConnectRefusal::WillScope),
            ("hub/v1/acme/linz/mill/m1/state", false, ConnectRefusal::WillScope),
            ("clients/s1/lost", false, ConnectRefusal::WillTopic),
        ] {
            assert_eq!(check_will(&will(topic, exactly_once), &line), Err(refusal), "{topic}");
        }
    }

    #[test]
    fn only_a_machine_credential_has_a_machine() {
        assert!(own_machine(&device("acme/linz/saw")).is_none());
        assert_eq!(own_machine(&device("acme/linz/saw/s1")).unwrap().to_string(), "acme/linz/saw/s1");
    }

    #[test]
    fn a_claimed_name_is_clipped_between_characters() {
        assert_eq!(clip("saw"), "saw");
        assert_eq!(clip(&"ä".repeat(200)), "ä".repeat(128));
    }
}
