//! The application and its listener: built once for production and tests, on any port, and told when to stop.

use std::any::Any;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_cors::Cors;
use actix_web::http::{Method, header};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data, PayloadConfig, ServiceConfig};
use actix_web::{App, HttpServer, dev};
use actors::hub::HubHandle;
use actors::ports::StoreError;
use tokio::task::JoinHandle;

use crate::auth::{KeyRing, Logins, Passwords, Throttle, TokenVerifier};
use crate::extract::BodyTimeout;
use crate::live::{CloseCode, LiveServer, LiveSessions};
use crate::middleware::{HttpMetrics, InFlight, idempotency, observe, problems};
use crate::options::{WebLimits, WebOptions};
use crate::problem::Problem;
use crate::routes::IngestTimeout;
use crate::trail::AuditTrail;
use crate::{dashboard, routes};

/// How long the audit trail may take to reach the store at the end.
const AUDIT_GRACE: Duration = Duration::from_secs(2);
/// The shortest wait before a live session comes back after a restart.
const RECONNECT_AFTER: Duration = Duration::from_secs(1);
const PREFLIGHT_MAX_AGE_S: usize = 600;

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The keys that sign tokens could not be read or made.
    #[error("cannot read the signing keys: {0}")]
    Store(#[from] StoreError),
    /// The server's figures are registered already.
    #[error("cannot register the figures: {0}")]
    Metrics(#[from] prometheus::Error),
    /// Passwords cannot be hashed here.
    #[error("cannot hash passwords: {0}")]
    Passwords(#[from] Problem),
    /// An origin in the configuration that no browser would send.
    #[error("{0:?} is not an origin such as https://erp.example")]
    Origin(String),
}

/// A server that runs.
pub struct Server {
    /// Where it listens.
    pub addr: SocketAddr,
    live: Data<LiveServer>,
    handle: dev::ServerHandle,
    served: JoinHandle<std::io::Result<()>>,
    audit_writer: JoinHandle<()>,
}

/// What every worker shares.
#[derive(Clone)]
struct Shared {
    hub: HubHandle,
    verifier: Data<TokenVerifier>,
    logins: Data<Logins>,
    live: Data<LiveServer>,
    throttle: Throttle,
    in_flight: InFlight,
    metrics: HttpMetrics,
    audit: AuditTrail,
    options: Arc<WebOptions>,
}

impl Server {
    /// Listens and serves. Must be called within a Tokio runtime.
    pub async fn start(options: WebOptions, hub: HubHandle) -> Result<Self, StartError> {
        check_origins(&options.allowed_origins)?;
        let (store, clock) = (Arc::clone(hub.store()), Arc::clone(hub.clock()));
        let keys = Arc::new(KeyRing::open(Arc::clone(&store), Arc::clone(&clock)).await?);
        let verifier =
            Arc::new(TokenVerifier::new(Arc::clone(&store), Arc::clone(&clock), Arc::clone(&keys)));
        let ttls = (options.access_ttl, options.refresh_ttl);
        let live = Arc::new(live_server(&options, &hub, &verifier));
        let logins = Logins::new(
            (Arc::clone(&store), clock),
            keys,
            Arc::clone(&verifier),
            Passwords::new()?,
            Arc::clone(live.sessions()),
            ttls,
        );
        let metrics = HttpMetrics::register(&options.registry)?;
        let (audit, audit_writer) = AuditTrail::start(store, metrics.audit_lost.clone());
        let shared = Shared {
            hub,
            verifier: Data::from(verifier),
            logins: Data::new(logins),
            live: Data::from(Arc::clone(&live)),
            throttle: Throttle::new(&options.limits),
            in_flight: InFlight::default(),
            metrics,
            audit,
            options: Arc::new(options),
        };
        let address = shared.options.listen;
        let (addr, server) = listen(shared).map_err(|source| StartError::Listen { address, source })?;
        let handle = server.handle();
        let served = tokio::spawn(server);
        tracing::info!(%addr, "listening for HTTP");
        Ok(Self { addr, live: Data::from(live), handle, served, audit_writer })
    }

    /// The live sessions, for their figures.
    pub fn live_sessions(&self) -> &Arc<LiveSessions> {
        self.live.sessions()
    }

    /// Closes live sessions (1012), stops accepting, lets requests end within `end_grace`, closes what is left.
    pub async fn stop(self) {
        self.live.sessions().close_all(CloseCode::Restart, RECONNECT_AFTER);
        self.handle.stop(true).await;
        match self.served.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the HTTP server ended with an error"),
            Err(error) => tracing::error!(%error, "the HTTP server's task ended"),
        }
        if tokio::time::timeout(AUDIT_GRACE, self.audit_writer).await.is_err() {
            tracing::error!("the audit trail could not be written to its end");
        }
    }
}

fn live_server(options: &WebOptions, hub: &HubHandle, verifier: &Arc<TokenVerifier>) -> LiveServer {
    let mut live = options.live.clone();
    live.allowed_origins.extend(options.allowed_origins.iter().cloned());
    LiveServer::new(Arc::new(hub.clone()), Arc::clone(verifier) as _, Arc::clone(hub.clock()), live)
}

fn listen(shared: Shared) -> std::io::Result<(SocketAddr, dev::Server)> {
    let listener = TcpListener::bind(shared.options.listen)?;
    let addr = listener.local_addr()?;
    let options = Arc::clone(&shared.options);
    let limits = options.limits.clone();
    let server = HttpServer::new(move || {
        let shared = shared.clone();
        App::new()
            .configure(|config| configure(config, &shared))
            .wrap(from_fn(problems))
            .wrap(Compress::default())
            .wrap(cors(&shared.options.allowed_origins))
            .wrap(from_fn(observe))
    })
    .workers(options.workers.max(1))
    .client_request_timeout(limits.head_timeout)
    .client_disconnect_timeout(limits.head_timeout)
    .keep_alive(limits.keep_alive)
    .shutdown_timeout(limits.end_grace.as_secs())
    .disable_signals()
    .on_connect(move |io, _| tune(io, &limits))
    .listen(listener)?
    .run();
    Ok((addr, server))
}

fn configure(config: &mut ServiceConfig, shared: &Shared) {
    let limits = &shared.options.limits;
    config
        .app_data(Data::new(shared.hub.clone()))
        .app_data(Data::new(Arc::clone(shared.hub.store())))
        .app_data(Data::new(Arc::clone(shared.hub.clock())))
        .app_data(shared.verifier.clone())
        .app_data(shared.logins.clone())
        .app_data(shared.live.clone())
        .app_data(Data::new(shared.throttle.clone()))
        .app_data(Data::new(shared.in_flight.clone()))
        .app_data(Data::new(shared.metrics.clone()))
        .app_data(Data::new(shared.audit.clone()))
        .app_data(Data::new(shared.options.registry.clone()))
        .app_data(PayloadConfig::new(limits.body_bytes))
        .app_data(BodyTimeout(limits.body_timeout))
        .app_data(Data::new(IngestTimeout(limits.ingest_timeout)))
        .configure(|config| drop(routes::service(config)))
        .service(
            web::scope("/api/v1")
                .wrap(from_fn(idempotency))
                .configure(|config| drop(routes::api(config, limits.ingest_body_bytes))),
        )
        .default_service(web::to(dashboard::serve));
}

fn check_origins(origins: &[String]) -> Result<(), StartError> {
    let valid = |origin: &String| {
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '*', ' ']))
    };
    match origins.iter().find(|origin| !valid(origin)) {
        Some(origin) => Err(StartError::Origin(origin.clone())),
        None => Ok(()),
    }
}

/// Other origins get the headers that let a browser read the answer only if they are on the list.
fn cors(allowed_origins: &[String]) -> Cors {
    let name = header::HeaderName::from_static;
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allowed_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            name("idempotency-key"),
            name("x-tenant-id"),
            name("x-request-id"),
        ])
        .expose_headers([
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            name("idempotent-replayed"),
            name("x-request-id"),
        ])
        .max_age(PREFLIGHT_MAX_AGE_S);
    allowed_origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// A connection whose peer is gone or does not read must end by itself and must not hold much memory.
fn tune(io: &dyn Any, limits: &WebLimits) {
    let Some(stream) = io.downcast_ref::<actix_web::rt::net::TcpStream>() else { return };
    let socket = socket2::SockRef::from(stream);
    let tuned = socket
        .set_tcp_nodelay(true)
        .and_then(|()| socket.set_send_buffer_size(limits.send_buffer_bytes))
        .and_then(|()| {
            #[cfg(target_os = "linux")]
            socket.set_tcp_user_timeout(Some(limits.peer_timeout))?;
            Ok(())
        });
    if let Err(error) = tuned {
        tracing::debug!(%error, "a connection could not be tuned");
    }
}
