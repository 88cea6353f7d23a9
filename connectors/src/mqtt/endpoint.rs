//! Starts and stops the endpoint: its own thread with its own runtime, the listener, and the drain at the end.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use actors::clock::Clock;
use actors::ports::DevicePresence;
use ntex::ServiceFactory;
use ntex::io::{Io, IoConfig};
use ntex::rt::{DefaultRuntime, System};
use ntex::server;
use ntex::service::cfg::SharedCfg;
use ntex::service::{fn_factory_with_config, fn_service};
use ntex::time::Seconds;
use ntex_mqtt::{Control, MqttServer, MqttServiceConfig, QoS, Reason, v3, v5};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::MqttError;
use super::connection::{ConnectionState, Ending};
use super::ingress::Ingress;
use super::options::MqttOptions;
use super::outbox::MqttOutbox;
use super::shared::Shared;
use super::stats::{RefusalKind, Stats};
use super::v5::ServiceError;

/// Connections that the operating system completes while the endpoint is busy: a plant that reconnects at once.
const BACKLOG: i32 = 1_024;
/// A packet that has begun must be complete after this time.
const PACKET_TIMEOUT: Seconds = Seconds(30);
/// Sockets beyond the sessions: those that did not send CONNECT yet or are about to be refused.
const UNADMITTED_SOCKETS: usize = 1_024;
const SERVICE: &str = "mqtt";

/// What the endpoint works with.
pub struct MqttDeps {
    /// The hub.
    pub ingress: Arc<dyn Ingress>,
    /// Where the actors publish for devices.
    pub outbox: Arc<MqttOutbox>,
    /// Since when a session is there.
    pub clock: Arc<dyn Clock>,
    /// The runtime that the store lives on: credentials are looked up there, grace times and wills run there.
    pub runtime: Handle,
}

/// How the endpoint stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drain {
    /// Everything that was received is finished.
    Complete,
    /// The grace time ended first: what was not acknowledged will be sent again by its device.
    CutOff,
}

/// The running endpoint. Dropping it without [`stop`](Self::stop) leaves its thread to the end of the process.
pub struct MqttEndpoint {
    local_addr: SocketAddr,
    shared: Arc<Shared>,
    server: server::Server,
    thread: JoinHandle<io::Result<()>>,
}

impl MqttEndpoint {
    /// Binds and serves.
    pub async fn start(options: MqttOptions, deps: MqttDeps) -> Result<Self, MqttError> {
        let bind_error = |source| MqttError::Bind { address: options.listen, source };
        let listener = listen(options.listen).map_err(bind_error)?;
        let local_addr = listener.local_addr().map_err(bind_error)?;
        let shared = Shared::new(options, deps);
        let (started, server) = oneshot::channel();
        let for_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("mqtt".to_owned())
            .spawn(move || serve(for_thread, listener, started))
            .map_err(MqttError::Thread)?;
        let server = server.await.map_err(|_| MqttError::Ended)?;
        tracing::info!(address = %local_addr, "mqtt endpoint listens");
        Ok(Self { local_addr, shared, server, thread })
    }

    /// The address it listens on.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Counters and gauges.
    pub fn stats(&self) -> &Arc<Stats> {
        &self.shared.stats
    }

    /// Which devices are connected.
    pub fn presence(&self) -> Arc<dyn DevicePresence> {
        Arc::clone(&self.shared.registry) as Arc<dyn DevicePresence>
    }

    /// Whether the thread still runs.
    pub fn is_running(&self) -> bool {
        !self.thread.is_finished()
    }

    /// Stops accepting, finishes what was received (each PUBACK after its commit), says goodbye and ends the
    /// thread; after `grace` whatever is left is cut off.
    pub async fn stop(self, grace: Duration) -> Result<Drain, MqttError> {
        self.server.pause().await;
        self.shared.registry.stop();
        self.shared.presence.stop();
        let drain = match tokio::time::timeout(grace, self.shared.registry.emptied()).await {
            Ok(()) => Drain::Complete,
            Err(_) => Drain::CutOff,
        };
        self.server.stop(false).await;
        let thread = self.thread;
        let ended = tokio::task::spawn_blocking(move || thread.join()).await;
        tracing::info!(?drain, "mqtt endpoint stopped");
        match ended {
            Ok(Ok(Ok(()))) => Ok(drain),
            Ok(Ok(Err(_)) | Err(_)) | Err(_) => Err(MqttError::Ended),
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// The thread of the endpoint.
fn serve(
    shared: Arc<Shared>,
    listener: TcpListener,
    started: oneshot::Sender<server::Server>,
) -> io::Result<()> {
    System::build().name(SERVICE).build(DefaultRuntime).block_on(async move {
        let options = &shared.options;
        let sockets = options.max_connections.saturating_add(UNADMITTED_SOCKETS);
        let for_workers = Arc::clone(&shared);
        let server = server::ServerBuilder::new()
            .workers(options.workers)
            .maxconn(sockets.div_ceil(options.workers.max(1)))
            .disable_signals()
            .shutdown_timeout(Seconds(1))
            .listen(SERVICE, listener, async move |_| services(&for_workers))?
            .config(SERVICE, config(options))
            .run();
        if started.send(server.clone()).is_err() {
            server.stop(false).await;
        }
        server.await
    })
}

fn config(options: &MqttOptions) -> SharedCfg {
    // Version and CONNECT are two steps; together they take no longer than allowed.
    let step = Seconds(u16::try_from(options.connect_timeout.as_secs() / 2).unwrap_or(u16::MAX).max(1));
    let mqtt = MqttServiceConfig::new()
        .protocol_version_timeout(step)
        .set_connect_timeout(step)
        .set_max_qos(QoS::AtLeastOnce)
        .set_max_size(options.max_packet_bytes())
        .set_min_chunk_size(options.max_packet_bytes())
        .set_max_receive(options.receive_maximum)
        .set_max_topic_alias(options.max_topic_aliases);
    // A rate that no packet reaches makes the time-out one for the whole packet.
    let io = IoConfig::new().set_frame_read_rate(PACKET_TIMEOUT, PACKET_TIMEOUT, u32::MAX);
    SharedCfg::new("MQTT").add(mqtt).add(io).into()
}

/// Both versions on one port.
fn services(
    shared: &Arc<Shared>,
) -> impl ServiceFactory<Io, SharedCfg, Response = (), Error = ntex_mqtt::MqttError<ServiceError>> + use<> {
    let (for_v3, for_v5) = (Arc::clone(shared), Arc::clone(shared));
    let v3 = v3::MqttServer::new(fn_service(move |connect: v3::Handshake| {
        let shared = Arc::clone(&for_v3);
        async move { Ok::<_, ServiceError>(super::v3::handshake(shared, connect).await) }
    }))
    .protocol(fn_factory_with_config(async |session: v3::Session<super::v3::State>| {
        Ok::<_, ServiceError>(fn_service(move |message| super::v3::protocol(session.clone(), message)))
    }))
    .control(fn_factory_with_config(async |session: v3::Session<super::v3::State>| {
        Ok::<_, ServiceError>(fn_service(move |message| super::v3::control(session.clone(), message)))
    }))
    .replace_middlewares(super::v3::Gate)
    .publish(fn_factory_with_config(async |session: v3::Session<super::v3::State>| {
        Ok::<_, ServiceError>(fn_service(move |message| super::v3::publish(session.clone(), message)))
    }));
    let v5 = v5::MqttServer::new(fn_service(move |connect: v5::Handshake| {
        let shared = Arc::clone(&for_v5);
        async move { Ok::<_, ServiceError>(super::v5::handshake(shared, connect).await) }
    }))
    .protocol(fn_factory_with_config(async |session: v5::Session<super::v5::State>| {
        Ok::<_, ServiceError>(fn_service(move |message| super::v5::protocol(session.clone(), message)))
    }))
    .control(fn_factory_with_config(async |session: v5::Session<super::v5::State>| {
        Ok::<_, ServiceError>(fn_service(move |message| super::v5::control(session.clone(), message)))
    }))
    .replace_middlewares(super::v5::Gate)
    .publish(fn_factory_with_config(async |session: v5::Session<super::v5::State>| {
        Ok::<_, ServiceError>(fn_service(move |message| super::v5::publish(session.clone(), message)))
    }));
    MqttServer::new().v3(v3).v5(v5)
}

/// Remembers why a connection ends, and counts and logs what the peer did wrong.
pub(super) fn note_stop(state: &ConnectionState, message: &Control<ServiceError>) {
    let Control::Stop(reason) = message else { return };
    let ending = match reason {
        Reason::Protocol(error) if matches!(error.get_ref(), ntex_mqtt::ProtocolError::KeepAliveTimeout) => {
            Ending::KeepAlive
        }
        Reason::Protocol(error) => {
            state.shared.stats.count_refused(RefusalKind::Protocol);
            tracing::info!(
                user = %state.sender.device.username.escape_debug(),
                connection = state.sender.connection,
                error = %error.get_ref(),
                "mqtt protocol violated"
            );
            Ending::Protocol
        }
        Reason::Error(_) => Ending::Protocol,
        Reason::PeerGone(_) => Ending::PeerGone,
    };
    state.end(ending);
}
