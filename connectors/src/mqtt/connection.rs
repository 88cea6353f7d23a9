//! What the services of one connection and its session task share, on the thread of the connection.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::ingress::Sender;
use super::shared::Shared;

/// Reads beyond the receive maximum, so that a client whose window is full can still send PINGREQ.
const CONTROL_ROOM: usize = 16;

/// How a connection came to its end; the first cause counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// DISCONNECT.
    Disconnected,
    /// DISCONNECT with the wish that the will be published.
    DisconnectedWithWill,
    /// A newer session has the client id.
    TakenOver,
    /// The endpoint stops.
    ShuttingDown,
    /// A message for a quarantined line, 3.1.1.
    Quarantined,
    /// The credential is no longer valid.
    Revoked,
    /// Nothing came within one and a half times the keep-alive.
    KeepAlive,
    /// The peer broke the protocol or a limit.
    Protocol,
    /// The socket closed.
    PeerGone,
}

impl Ending {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Disconnected => "disconnect",
            Self::DisconnectedWithWill => "disconnect_with_will",
            Self::TakenOver => "taken_over",
            Self::ShuttingDown => "shutting_down",
            Self::Quarantined => "quarantined",
            Self::Revoked => "revoked",
            Self::KeepAlive => "keep_alive",
            Self::Protocol => "protocol",
            Self::PeerGone => "peer_gone",
        }
    }
}

/// A message received and not yet finished; its permit is its place in the window.
pub(super) struct Received {
    /// Acknowledged by this id; without one (QoS 0) there is no acknowledgement.
    pub(super) packet_id: Option<NonZeroU16>,
    pub(super) topic: Arc<str>,
    pub(super) payload: Bytes,
    _permit: OwnedSemaphorePermit,
}

/// What the services of one connection and its session task share.
pub(super) struct ConnectionState {
    pub(super) shared: Arc<Shared>,
    pub(super) sender: Arc<Sender>,
    pub(super) client_id: String,
    pub(super) peer: Option<SocketAddr>,
    ending: Cell<Option<Ending>>,
    in_flight: RefCell<HashSet<NonZeroU16>>,
}

impl ConnectionState {
    pub(super) fn new(
        shared: Arc<Shared>,
        sender: Arc<Sender>,
        client_id: String,
        peer: Option<SocketAddr>,
    ) -> Rc<Self> {
        let (ending, in_flight) = (Cell::new(None), RefCell::default());
        Rc::new(Self { shared, sender, client_id, peer, ending, in_flight })
    }

    pub(super) fn end(&self, ending: Ending) {
        if self.ending.get().is_none() {
            self.ending.set(Some(ending));
        }
    }

    pub(super) fn ending(&self) -> Option<Ending> {
        self.ending.get()
    }

    /// The packet id may be used again.
    pub(super) fn release(&self, packet_id: NonZeroU16) {
        self.in_flight.borrow_mut().remove(&packet_id);
    }
}

/// What to do with a PUBLISH that has a packet id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PacketIdCheck {
    Fresh,
    /// Its acknowledgement is still to come.
    InFlight,
    /// More unacknowledged messages than the receive maximum.
    WindowExceeded,
}

/// The side of a connection that receives.
pub(super) struct Connection {
    pub(super) state: Rc<ConnectionState>,
    inbound: mpsc::Sender<Received>,
    window: Arc<Semaphore>,
    reserved: RefCell<Option<OwnedSemaphorePermit>>,
}

impl Connection {
    /// A connection and the queue from which its session task takes messages.
    pub(super) fn new(state: Rc<ConnectionState>) -> (Self, mpsc::Receiver<Received>) {
        let places = usize::from(state.shared.options.receive_maximum) + CONTROL_ROOM;
        let (inbound, received) = mpsc::channel(places);
        let (window, reserved) = (Arc::new(Semaphore::new(places)), RefCell::default());
        (Self { state, inbound, window, reserved }, received)
    }

    /// Waits for a place in the window. Until then nothing is read from the socket: back-pressure for the device.
    pub(super) async fn reserve(&self) {
        if self.reserved.borrow().is_some() {
            return;
        }
        // The semaphore is never closed.
        if let Ok(permit) = Arc::clone(&self.window).acquire_owned().await {
            *self.reserved.borrow_mut() = Some(permit);
        }
    }

    /// `limit` is the receive maximum, where the client knows of it.
    pub(super) fn check_packet_id(&self, packet_id: NonZeroU16, limit: Option<u16>) -> PacketIdCheck {
        let mut in_flight = self.state.in_flight.borrow_mut();
        if in_flight.contains(&packet_id) {
            return PacketIdCheck::InFlight;
        }
        if limit.is_some_and(|limit| in_flight.len() >= usize::from(limit)) {
            return PacketIdCheck::WindowExceeded;
        }
        in_flight.insert(packet_id);
        PacketIdCheck::Fresh
    }

    /// Hands a message to the session task, in the order of the calls.
    pub(super) fn receive(&self, packet_id: Option<NonZeroU16>, topic: &str, payload: Bytes) {
        let reserved = self.reserved.borrow_mut().take();
        let Some(permit) = reserved.or_else(|| Arc::clone(&self.window).try_acquire_owned().ok()) else {
            self.state.shared.stats.count_unfinished(1);
            return;
        };
        let received = Received { packet_id, topic: topic.into(), payload, _permit: permit };
        // There are as many places in the queue as permits, so only a session task that ended refuses it.
        match self.inbound.try_send(received) {
            Ok(()) => self.state.shared.stats.count_received(),
            Err(_) => self.state.shared.stats.count_unfinished(1),
        }
    }
}
