//! MQTT 5 on top of ntex-mqtt: handshake, the gate before its dispatcher, and the packets to the client.
//!
//! The dispatcher of ntex-mqtt answers in the order of requests and polls the first request of an idle connection
//! before older ones that were only just spawned. The gate therefore takes the packet id off every PUBLISH, so that
//! no call to the dispatcher ever waits: the order of messages is the order on the wire, and a PINGRESP does not
//! wait behind a withheld PUBACK. The session task writes the PUBACK.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::num::NonZeroU16;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use ntex::io::{IoRef, types::PeerAddr};
use ntex::service::cfg::SharedCfg;
use ntex::util::{ByteString, Bytes, BytesMut};
use ntex::{Middleware, Service, ServiceCtx};
use ntex_mqtt::error::{DecodeError, DispatcherError, ProtocolError, SpecViolation};
use ntex_mqtt::v5::codec::{
    Codec, ConnectAckReason, Decoded, Disconnect, DisconnectReasonCode, Encoded, Packet, Publish, PublishAck,
    PublishAckReason, RetainHandling, SubscribeAckReason, UnsubscribeAckReason,
};
use ntex_mqtt::v5::{self, Handshake, HandshakeAck, MqttSink, ProtocolMessage, ProtocolMessageAck, QoS};
use ntex_mqtt::{Control, Reason};

use super::connect::{ConnectRefusal, ConnectRequest, Version, WillRequest, admit, refuse};
use super::connection::{Connection, Ending, PacketIdCheck};
use super::outbox::{Delivery, DeliveryQos, RetainedOnSubscribe};
use super::publishing::Verdict;
use super::registry::CloseReason;
use super::session::{Link, Undelivered, begin};
use super::shared::Shared;
use super::subscribing::{FilterRefusal, FilterRequest, subscribe, unsubscribe};

/// The longest reason string; a client with a small maximum packet size gets none.
const MAX_REASON_BYTES: usize = 256;

/// The state of a session as its services see it.
pub(super) struct State {
    connection: Connection,
    /// The packet id that the gate took off the PUBLISH which the dispatcher handles right now.
    packet_id: Cell<Option<NonZeroU16>>,
    receive_maximum: u16,
}

type Session = v5::Session<State>;

/// Answers CONNECT.
pub(super) async fn handshake(shared: Arc<Shared>, handshake: Handshake) -> HandshakeAck<State> {
    let io = handshake.io().get_ref();
    let peer = io.query::<PeerAddr>().get().map(PeerAddr::into_inner);
    let packet = handshake.packet();
    let will = packet.last_will.as_ref().map(|will| WillRequest {
        topic: &will.topic,
        payload: &will.message,
        exactly_once: will.qos == QoS::ExactlyOnce,
    });
    let request = ConnectRequest {
        version: Version::V5,
        client_id: &packet.client_id,
        username: packet.username.as_deref(),
        password: packet.password.as_deref(),
        will,
        peer,
    };
    let admitted = if packet.auth_method.is_some() {
        refuse(&shared, &request, ConnectRefusal::AuthMethod);
        Err(ConnectRefusal::AuthMethod)
    } else {
        admit(&shared, request).await
    };
    let admission = match admitted {
        Ok(admission) => admission,
        Err(refusal) => return handshake.failed(connect_reason(refusal)),
    };
    let options = &shared.options;
    let longest = u16::try_from(options.max_keep_alive.as_secs()).unwrap_or(u16::MAX).max(1);
    let asked = packet.keep_alive;
    let keep_alive = if asked == 0 { longest } else { asked.min(longest) };
    let assigned = admission.assigned.then(|| ByteString::from(admission.client_id.as_str()));
    let expiry = (packet.session_expiry_interval_secs > 0).then_some(0);
    let codec = Codec::new();
    codec.set_max_outbound_size(packet.max_packet_size.map_or(0, |size| size.get()));
    let link = V5Link {
        sink: handshake.sink(),
        io,
        codec,
        explains: packet.request_problem_info
            && packet.max_packet_size.is_none_or(|size| size.get() >= 1_024),
    };
    let receive_maximum = options.receive_maximum;
    let connection = begin(&shared, admission, link);
    let state = State { connection, packet_id: Cell::new(None), receive_maximum };
    handshake.ack(state).keep_alive(keep_alive.saturating_add(keep_alive / 2)).with(|ack| {
        ack.assigned_client_id = assigned;
        ack.session_expiry_interval_secs = expiry;
        ack.server_keepalive_sec = (keep_alive != asked).then_some(keep_alive);
        ack.max_qos = QoS::AtLeastOnce;
        ack.shared_subscription_available = false;
    })
}

fn connect_reason(refusal: ConnectRefusal) -> ConnectAckReason {
    match refusal {
        ConnectRefusal::BadCredentials => ConnectAckReason::BadUserNameOrPassword,
        ConnectRefusal::NoCredentials | ConnectRefusal::WillScope => ConnectAckReason::NotAuthorized,
        ConnectRefusal::ClientId => ConnectAckReason::ClientIdentifierNotValid,
        ConnectRefusal::Busy => ConnectAckReason::ServerBusy,
        ConnectRefusal::Unavailable => ConnectAckReason::ServerUnavailable,
        ConnectRefusal::AuthMethod => ConnectAckReason::BadAuthenticationMethod,
        ConnectRefusal::WillTopic => ConnectAckReason::TopicNameInvalid,
        ConnectRefusal::WillQos => ConnectAckReason::QosNotSupported,
    }
}

/// What is written to a client.
struct V5Link {
    sink: MqttSink,
    io: IoRef,
    codec: Codec,
    /// The client wants reason strings and takes packets large enough.
    explains: bool,
}

impl Link for V5Link {
    fn acknowledge(&self, packet_id: NonZeroU16, verdict: &Verdict) {
        let (reason_code, reason) = match verdict {
            Verdict::Accepted { note } => (PublishAckReason::Success, note.as_deref()),
            Verdict::TopicInvalid(detail) => (PublishAckReason::TopicNameInvalid, Some(detail.as_str())),
            Verdict::OutOfScope(detail) => (PublishAckReason::NotAuthorized, Some(detail.as_str())),
            Verdict::Quarantined(detail) => {
                (PublishAckReason::ImplementationSpecificError, Some(detail.as_str()))
            }
        };
        let reason_string = reason.filter(|_| self.explains).map(clip);
        let ack = PublishAck { packet_id, reason_code, properties: Vec::new(), reason_string };
        if let Err(error) = self.io.encode(Encoded::Packet(Packet::PublishAck(ack)), &self.codec) {
            tracing::debug!(%error, "puback was not written");
        }
    }

    fn ready(&self) -> LocalBoxFuture<'static, bool> {
        let sink = self.sink.clone();
        async move { sink.ready().await }.boxed_local()
    }

    fn deliver(&self, delivery: Delivery) -> LocalBoxFuture<'static, Result<(), Undelivered>> {
        let Delivery { topic, payload, qos, retain, subscription_ids, .. } = delivery;
        let packet = self
            .sink
            .publish(topic)
            .retain(retain)
            .properties(|properties| properties.subscription_ids = subscription_ids);
        let payload = Bytes::copy_from_slice(&payload);
        match qos {
            DeliveryQos::AtMostOnce => {
                let sent = packet.send_at_most_once(payload);
                async move { sent.map_err(undelivered) }.boxed_local()
            }
            DeliveryQos::AtLeastOnce => {
                let sent = packet.send_at_least_once(payload);
                async move { sent.await.map(|_| ()).map_err(undelivered) }.boxed_local()
            }
        }
    }

    fn close(&self, reason: CloseReason) {
        self.sink.close_with_reason(Disconnect::new(match reason {
            CloseReason::TakenOver => DisconnectReasonCode::SessionTakenOver,
            CloseReason::ShuttingDown => DisconnectReasonCode::ServerShuttingDown,
            CloseReason::Quarantined => DisconnectReasonCode::ImplementationSpecificError,
            CloseReason::Revoked => DisconnectReasonCode::NotAuthorized,
        }));
    }
}

fn undelivered(error: ntex_mqtt::error::SendPacketError) -> Undelivered {
    match error {
        ntex_mqtt::error::SendPacketError::Disconnected => Undelivered::Closed,
        _ => Undelivered::Refused,
    }
}

fn clip(text: &str) -> ByteString {
    let end = (0..=MAX_REASON_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    ByteString::from(&text[..end.unwrap_or(0)])
}

/// The error of services that cannot fail.
#[derive(Debug)]
pub(super) struct ServiceError;

impl From<Infallible> for ServiceError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl TryFrom<ServiceError> for v5::PublishAck {
    type Error = ServiceError;

    fn try_from(error: ServiceError) -> Result<Self, ServiceError> {
        Err(error)
    }
}

/// Takes a PUBLISH that passed the dispatcher's checks of aliases.
pub(super) async fn publish(session: Session, publish: v5::Publish) -> Result<v5::PublishAck, ServiceError> {
    let packet_id = session.packet_id.take();
    let payload = publish.read_all().await.map_err(|_| ServiceError)?;
    let payload = bytes::Bytes::copy_from_slice(&payload);
    session.connection.receive(packet_id, publish.publish_topic(), payload);
    Ok(publish.ack())
}

/// Answers the packets that are no PUBLISH.
pub(super) async fn protocol(
    session: Session,
    message: ProtocolMessage,
) -> Result<ProtocolMessageAck, ServiceError> {
    let state = &session.connection.state;
    Ok(match message {
        ProtocolMessage::Subscribe(mut message) => {
            let id = message.packet().id;
            for mut filter in &mut message {
                let options = *filter.options();
                let request = FilterRequest {
                    filter: filter.topic(),
                    qos: delivery_qos(options.qos),
                    retain_as_published: options.retain_as_published,
                    on_subscribe: match options.retain_handling {
                        RetainHandling::AtSubscribe => RetainedOnSubscribe::Always,
                        RetainHandling::AtSubscribeNew => RetainedOnSubscribe::IfNew,
                        RetainHandling::NoAtSubscribe => RetainedOnSubscribe::Never,
                    },
                    id,
                };
                match subscribe(state, request) {
                    Ok(DeliveryQos::AtMostOnce) => filter.confirm(QoS::AtMostOnce),
                    Ok(DeliveryQos::AtLeastOnce) => filter.confirm(QoS::AtLeastOnce),
                    Err(refusal) => filter.fail(match refusal {
                        FilterRefusal::Invalid => SubscribeAckReason::TopicFilterInvalid,
                        FilterRefusal::OutOfScope => SubscribeAckReason::NotAuthorized,
                        FilterRefusal::Shared => SubscribeAckReason::SharedSubscriptionNotSupported,
                        FilterRefusal::TooMany => SubscribeAckReason::QuotaExceeded,
                    }),
                }
            }
            message.ack()
        }
        ProtocolMessage::Unsubscribe(mut message) => {
            for mut filter in &mut message {
                if !unsubscribe(state, filter.topic()) {
                    filter.fail(UnsubscribeAckReason::NoSubscriptionExisted);
                }
            }
            message.ack()
        }
        ProtocolMessage::Disconnect(message) => {
            state.end(match message.packet().reason_code {
                DisconnectReasonCode::NormalDisconnection => Ending::Disconnected,
                _ => Ending::DisconnectedWithWill,
            });
            message.ack()
        }
        message @ (ProtocolMessage::Ping(_)
        | ProtocolMessage::PublishRelease(_)
        | ProtocolMessage::Auth(_)) => message.ack(),
    })
}

fn delivery_qos(qos: QoS) -> DeliveryQos {
    match qos {
        QoS::AtMostOnce => DeliveryQos::AtMostOnce,
        QoS::AtLeastOnce | QoS::ExactlyOnce => DeliveryQos::AtLeastOnce,
    }
}

/// Learns why a connection ends; the dispatcher itself tells the client.
pub(super) async fn control(
    session: Session,
    message: Control<ServiceError>,
) -> Result<Option<Encoded>, ServiceError> {
    super::endpoint::note_stop(&session.connection.state, &message);
    let answer = match message {
        // ntex-mqtt has no code of its own for most malformed packets.
        Control::Stop(Reason::Protocol(error)) => match error.get_ref() {
            ProtocolError::Decode(DecodeError::MaxSizeExceeded { .. }) => None,
            ProtocolError::Decode(_) => Some(DisconnectReasonCode::MalformedPacket),
            _ => None,
        },
        Control::Stop(_) | Control::WrBackpressure(_) => None,
    };
    Ok(answer.map(|code| Encoded::Packet(Packet::Disconnect(Disconnect::new(code)))))
}

/// Stands before the dispatcher: back-pressure, packet ids, whole payloads.
pub(super) struct Gate;

impl<S> Middleware<S, (SharedCfg, Session)> for Gate {
    type Service = GateService<S>;

    fn create(&self, service: S, (_, session): (SharedCfg, Session)) -> GateService<S> {
        GateService { service, session, partial: RefCell::default() }
    }
}

/// A PUBLISH whose payload is still arriving.
struct Partial {
    publish: Publish,
    payload: BytesMut,
}

pub(super) struct GateService<S> {
    service: S,
    session: Session,
    partial: RefCell<Option<Partial>>,
}

impl<S> GateService<S>
where
    S: Service<Decoded, Response = Option<Encoded>, Error = DispatcherError<ServiceError>>,
{
    async fn pass(
        &self,
        mut publish: Publish,
        payload: Bytes,
        ctx: ServiceCtx<'_, Self>,
    ) -> Result<Option<Encoded>, DispatcherError<ServiceError>> {
        let state = &self.session;
        if publish.qos == QoS::ExactlyOnce {
            return Err(SpecViolation::Connack_3_2_2_11.into());
        }
        let packet_id = publish.packet_id.take();
        if let Some(id) = packet_id {
            match state.connection.check_packet_id(id, Some(state.receive_maximum)) {
                PacketIdCheck::Fresh => {}
                PacketIdCheck::InFlight if publish.dup => return Ok(None),
                PacketIdCheck::InFlight => {
                    let reason_code = PublishAckReason::PacketIdentifierInUse;
                    let ack = PublishAck {
                        packet_id: id,
                        reason_code,
                        properties: Vec::new(),
                        reason_string: None,
                    };
                    return Ok(Some(Encoded::Packet(Packet::PublishAck(ack))));
                }
                PacketIdCheck::WindowExceeded => return Err(SpecViolation::Pub_3_3_4_7.into()),
            }
        }
        if publish.topic.contains(['+', '#']) {
            // The hub refuses it like any topic outside the grammar; the dispatcher would close the connection.
            let payload = bytes::Bytes::copy_from_slice(&payload);
            state.connection.receive(packet_id, &publish.topic, payload);
            return Ok(None);
        }
        publish.qos = QoS::AtMostOnce;
        publish.payload_size = payload.len() as u32;
        let size = publish.payload_size;
        state.packet_id.set(packet_id);
        ctx.call(&self.service, Decoded::Publish(publish, payload, size)).await
    }
}

impl<S> Service<Decoded> for GateService<S>
where
    S: Service<Decoded, Response = Option<Encoded>, Error = DispatcherError<ServiceError>>,
{
    type Response = Option<Encoded>;
    type Error = DispatcherError<ServiceError>;

    ntex::forward_poll!(service);
    ntex::forward_shutdown!(service);

    async fn ready(&self, ctx: ServiceCtx<'_, Self>) -> Result<(), Self::Error> {
        self.session.connection.reserve().await;
        ctx.ready(&self.service).await
    }

    async fn call(
        &self,
        request: Decoded,
        ctx: ServiceCtx<'_, Self>,
    ) -> Result<Option<Encoded>, Self::Error> {
        match request {
            Decoded::Publish(publish, payload, _) if publish.payload_size as usize == payload.len() => {
                self.pass(publish, payload, ctx).await
            }
            Decoded::Publish(publish, payload, _) => {
                if publish.payload_size > self.session.connection.state.shared.options.max_packet_bytes() {
                    return Err(DispatcherError::Protocol(DecodeError::MalformedPacket.into()));
                }
                let payload = BytesMut::from(payload.as_ref());
                *self.partial.borrow_mut() = Some(Partial { publish, payload });
                Ok(None)
            }
            Decoded::PayloadChunk(chunk, last) => {
                let Some(mut partial) = self.partial.borrow_mut().take() else {
                    return Err(DispatcherError::Protocol(DecodeError::UnexpectedPayload.into()));
                };
                partial.payload.extend_from_slice(&chunk);
                if last {
                    return self.pass(partial.publish, partial.payload.freeze(), ctx).await;
                }
                *self.partial.borrow_mut() = Some(partial);
                Ok(None)
            }
            other => ctx.call(&self.service, other).await,
        }
    }
}
