//! What the web server is told at its start; `hub` fills it from the configuration.

use std::net::SocketAddr;
use std::time::Duration;

use crate::live::LiveOptions;

/// How the web server listens, what it admits and what it shows.
#[derive(Clone, Debug)]
pub struct WebOptions {
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Threads that serve requests.
    pub workers: usize,
    /// Origins beside its own that browsers may call from, such as `https://erp.example`.
    pub allowed_origins: Vec<String>,
    /// How long an access token lives.
    pub access_ttl: Duration,
    /// How long a refresh token lives.
    pub refresh_ttl: Duration,
    /// What is cut off or throttled.
    pub limits: WebLimits,
    /// Limits and times of live sessions; their origins are those above as well.
    pub live: LiveOptions,
    /// What `/metrics` shows; the server adds its own.
    pub registry: prometheus::Registry,
}

/// Bounds on what one client may cost.
#[derive(Clone, Debug)]
pub struct WebLimits {
    /// Whether failed logins are throttled; off for load tests only.
    pub enabled: bool,
    /// Failed logins of one account in [`Self::login_window`].
    pub login_failures_per_account: u32,
    /// Failed logins from one source address in [`Self::login_window`].
    pub login_failures_per_source: u32,
    /// How long failed logins count.
    pub login_window: Duration,
    /// The largest body, but for ingest.
    pub body_bytes: usize,
    /// The largest body of `POST /ingest`.
    pub ingest_body_bytes: usize,
    /// Until when the head of a request must have come.
    pub head_timeout: Duration,
    /// Until when the body of a request must have come.
    pub body_timeout: Duration,
    /// How long `POST /ingest` waits for its commits before it answers 503.
    pub ingest_timeout: Duration,
    /// How long an idle connection is kept.
    pub keep_alive: Duration,
    /// How long unacknowledged bytes may wait for a peer that is gone (`TCP_USER_TIMEOUT`).
    pub peer_timeout: Duration,
    /// The kernel's send buffer of a connection: small, so that a slow reader is noticed early.
    pub send_buffer_bytes: usize,
    /// How long requests and live sessions may take to end when the server ends, in whole seconds; then they are cut off.
    pub end_grace: Duration,
}

impl Default for WebOptions {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            allowed_origins: Vec::new(),
            access_ttl: Duration::from_secs(15 * 60),
            refresh_ttl: Duration::from_secs(30 * 86_400),
            limits: WebLimits::default(),
            live: LiveOptions::default(),
            registry: prometheus::Registry::new(),
        }
    }
}

impl Default for WebLimits {
    fn default() -> Self {
        Self {
            enabled: true,
            login_failures_per_account: 10,
            login_failures_per_source: 50,
            login_window: Duration::from_secs(15 * 60),
            body_bytes: 1024 * 1024,
            ingest_body_bytes: domain::wire::payload::MAX_INGEST_BYTES,
            head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            ingest_timeout: Duration::from_secs(10),
            keep_alive: Duration::from_secs(75),
            peer_timeout: Duration::from_secs(30),
            send_buffer_bytes: 64 * 1024,
            end_grace: Duration::from_secs(4),
        }
    }
}
