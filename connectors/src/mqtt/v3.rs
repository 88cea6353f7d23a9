//! MQTT 3.1.1 on top of ntex-mqtt: handshake, the gate before its dispatcher, and the packets to the client.
//!
//! The gate does what that of version 5 does, see there.

use std::cell::{Cell, RefCell};
use std::num::NonZeroU16;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use ntex::io::{IoRef, types::PeerAddr};
use ntex::service::cfg::SharedCfg;
use ntex::time::Seconds;
use ntex::util::{Bytes, BytesMut};
use ntex::{Middleware, Service, ServiceCtx};
use ntex_mqtt::Control;
use ntex_mqtt::error::{DecodeError, DispatcherError, SendPacketError, SpecViolation};
use ntex_mqtt::v3::codec::{Codec, ConnectAckReason, Decoded, Encoded, Packet, Publish};
use ntex_mqtt::v3::control::{ProtocolMessage, ProtocolMessageAck};
use ntex_mqtt::v3::{self, Handshake, HandshakeAck, MqttSink, QoS};

use super::connect::{ConnectRefusal, ConnectRequest, Version, WillRequest, admit};
use super::connection::{Connection, Ending, PacketIdCheck};
use super::outbox::{Delivery, DeliveryQos, RetainedOnSubscribe};
use super::publishing::Verdict;
use super::registry::CloseReason;
use super::session::{Link, Undelivered, begin};
use super::shared::Shared;
use super::subscribing::{FilterRequest, subscribe, unsubscribe};
use super::v5::ServiceError;

/// The state of a session as its services see it.
pub(super) struct State {
    connection: Connection,
    /// The packet id that the gate took off the PUBLISH which the dispatcher handles right now.
    packet_id: Cell<Option<NonZeroU16>>,
}

type Session = v3::Session<State>;

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
        version: Version::V311,
        client_id: &packet.client_id,
        username: packet.username.as_deref(),
        password: packet.password.as_deref(),
        will,
        peer,
    };
    let admission = match admit(&shared, request).await {
        Ok(admission) => admission,
        Err(refusal) => return handshake.failed(connect_reason(refusal)),
    };
    // The server cannot shorten a keep-alive in 3.1.1, and 0 is the client's wish that there be none.
    let keep_alive = Seconds(packet.keep_alive.saturating_add(packet.keep_alive / 2));
    let connection = begin(&shared, admission, V3Link { sink: handshake.sink(), io, codec: Codec::new() });
    handshake.ack(State { connection, packet_id: Cell::new(None) }, false).idle_timeout(keep_alive)
}

fn connect_reason(refusal: ConnectRefusal) -> ConnectAckReason {
    match refusal {
        ConnectRefusal::BadCredentials => ConnectAckReason::BadUserNameOrPassword,
        ConnectRefusal::ClientId => ConnectAckReason::IdentifierRejected,
        ConnectRefusal::Busy | ConnectRefusal::Unavailable => ConnectAckReason::ServiceUnavailable,
        ConnectRefusal::NoCredentials
        | ConnectRefusal::AuthMethod
        | ConnectRefusal::WillTopic
        | ConnectRefusal::WillScope
        | ConnectRefusal::WillQos => ConnectAckReason::NotAuthorized,
    }
}

/// What is written to a client.
struct V3Link {
    sink: MqttSink,
    io: IoRef,
    codec: Codec,
}

impl Link for V3Link {
    fn acknowledge(&self, packet_id: NonZeroU16, _verdict: &Verdict) {
        if let Err(error) = self.io.encode(Encoded::Packet(Packet::PublishAck { packet_id }), &self.codec) {
            tracing::debug!(%error, "puback was not written");
        }
    }

    fn ready(&self) -> LocalBoxFuture<'static, bool> {
        let sink = self.sink.clone();
        async move { sink.ready().await }.boxed_local()
    }

    fn deliver(&self, delivery: Delivery) -> LocalBoxFuture<'static, Result<(), Undelivered>> {
        let packet = self.sink.publish(delivery.topic);
        let packet = if delivery.retain { packet.retain() } else { packet };
        let payload = Bytes::copy_from_slice(&delivery.payload);
        match delivery.qos {
            DeliveryQos::AtMostOnce => {
                let sent = packet.send_at_most_once(payload);
                async move { sent.map_err(undelivered) }.boxed_local()
            }
            DeliveryQos::AtLeastOnce => {
                let sent = packet.send_at_least_once(payload);
                async move { sent.await.map_err(undelivered) }.boxed_local()
            }
        }
    }

    fn close(&self, _reason: CloseReason) {
        self.sink.close();
    }
}

fn undelivered(error: SendPacketError) -> Undelivered {
    match error {
        SendPacketError::Disconnected => Undelivered::Closed,
        _ => Undelivered::Refused,
    }
}

/// Takes a PUBLISH that passed the dispatcher's checks.
pub(super) async fn publish(session: Session, publish: v3::Publish) -> Result<(), ServiceError> {
    let packet_id = session.packet_id.take();
    let payload = publish.read_all().await.map_err(|_| ServiceError)?;
    let payload = bytes::Bytes::copy_from_slice(&payload);
    session.connection.receive(packet_id, publish.publish_topic(), payload);
    Ok(())
}

/// Answers the packets that are no PUBLISH.
pub(super) async fn protocol(
    session: Session,
    message: ProtocolMessage,
) -> Result<ProtocolMessageAck, ServiceError> {
    let state = &session.connection.state;
    Ok(match message {
        ProtocolMessage::Subscribe(mut message) => {
            for mut filter in &mut message {
                let qos = match filter.qos() {
                    QoS::AtMostOnce => DeliveryQos::AtMostOnce,
                    QoS::AtLeastOnce | QoS::ExactlyOnce => DeliveryQos::AtLeastOnce,
                };
                let request = FilterRequest {
                    filter: filter.topic(),
                    qos,
                    retain_as_published: false,
                    on_subscribe: RetainedOnSubscribe::Always,
                    id: None,
                };
                match subscribe(state, request) {
                    Ok(DeliveryQos::AtMostOnce) => filter.confirm(QoS::AtMostOnce),
                    Ok(DeliveryQos::AtLeastOnce) => filter.confirm(QoS::AtLeastOnce),
                    Err(_) => filter.fail(),
                }
            }
            message.ack()
        }
        ProtocolMessage::Unsubscribe(message) => {
            for filter in message.iter() {
                unsubscribe(state, filter);
            }
            message.ack()
        }
        ProtocolMessage::Disconnect(message) => {
            state.end(Ending::Disconnected);
            message.ack()
        }
        message @ (ProtocolMessage::Ping(_) | ProtocolMessage::PublishRelease(_)) => message.ack(),
    })
}

/// Learns why a connection ends.
pub(super) async fn control(
    session: Session,
    message: Control<ServiceError>,
) -> Result<Option<Encoded>, ServiceError> {
    super::endpoint::note_stop(&session.connection.state, &message);
    Ok(None)
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
            match state.connection.check_packet_id(id, None) {
                PacketIdCheck::Fresh => {}
                // A client that sends again because the acknowledgement takes long: it is still to come.
                PacketIdCheck::InFlight if publish.dup => return Ok(None),
                PacketIdCheck::InFlight | PacketIdCheck::WindowExceeded => {
                    return Err(SpecViolation::PacketId_2_2_1_3_Pub.into());
                }
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
