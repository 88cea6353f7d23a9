//! The sections of the configuration, one small struct for each concern.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::values::{MqttListen, Secret, address, length};

/// The web server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// `HUB_HTTP__LISTEN`: where to listen; port 0 takes any free port.
    #[serde(with = "address")]
    pub listen: SocketAddr,
    /// `HUB_HTTP__WORKERS`: threads that serve requests; 0 takes one for each processor.
    pub workers: u16,
    /// `HUB_HTTP__ALLOWED_ORIGINS`: origins beside the hub's own that browsers may call from.
    pub allowed_origins: Vec<String>,
}

impl Default for Http {
    fn default() -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
        Self { listen, workers: 0, allowed_origins: Vec::new() }
    }
}

/// The built-in MQTT endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mqtt {
    /// `HUB_MQTT__LISTEN`: where to listen, or `off`.
    pub listen: MqttListen,
    /// `MQTT_URL`: an external broker.
    pub url: Secret,
    /// `HUB_MQTT__OFFLINE_GRACE`: from a lost session to `offline`.
    #[serde(with = "length")]
    pub offline_grace: Duration,
    /// `HUB_MQTT__CONNECT_TIMEOUT`: from the accepted socket to the end of CONNECT.
    #[serde(with = "length")]
    pub connect_timeout: Duration,
    /// `HUB_MQTT__MAX_KEEP_ALIVE`: the longest keep-alive that is granted.
    #[serde(with = "length")]
    pub max_keep_alive: Duration,
    /// `HUB_MQTT__MAX_CONNECTIONS`: sessions at the same time.
    pub max_connections: u32,
    /// `HUB_MQTT__RECEIVE_MAXIMUM`: messages of one session that may wait for their commit.
    pub receive_maximum: u16,
    /// `HUB_MQTT__WORKERS`: threads that serve devices.
    pub workers: u16,
}

impl Default for Mqtt {
    fn default() -> Self {
        Self {
            listen: MqttListen::At(SocketAddr::from((Ipv4Addr::LOCALHOST, 1883))),
            url: Secret::default(),
            offline_grace: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            max_keep_alive: Duration::from_secs(600),
            max_connections: 10_000,
            receive_maximum: 64,
            workers: 2,
        }
    }
}

/// The store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// `DATABASE_URL`: `sqlite:path`, or nothing for the file in the data directory.
    pub url: Secret,
    /// `HUB_STORE__CONNECT_TIMEOUT`: how long to wait for the store at the start.
    #[serde(with = "length")]
    pub connect_timeout: Duration,
    /// `HUB_STORE__READERS`: queries that run at the same time.
    pub readers: u16,
}

impl Default for Storage {
    fn default() -> Self {
        Self { url: Secret::default(), connect_timeout: Duration::from_secs(10), readers: 4 }
    }
}

impl Storage {
    /// The file that a `sqlite:` address names (also `sqlite://`, as other tools write it).
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        let path = self.url.expose().strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        let is_file = !path.is_empty() && !path.contains('?') && !path.contains(":memory:");
        is_file.then(|| PathBuf::from(path))
    }
}

/// The bus between hubs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bus {
    /// `REDIS_URL`: an external bus.
    pub url: Secret,
}

/// Tokens of users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// `HUB_AUTH__ACCESS_TTL`: how long an access token lives.
    #[serde(with = "length")]
    pub access_ttl: Duration,
    /// `HUB_AUTH__REFRESH_TTL`: how long a session lives without being refreshed.
    #[serde(with = "length")]
    pub refresh_ttl: Duration,
}

impl Default for Auth {
    fn default() -> Self {
        Self { access_ttl: Duration::from_secs(15 * 60), refresh_ttl: Duration::from_secs(30 * 86_400) }
    }
}

/// What one client may cost (`HUB_LIMITS__…`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Whether logins and live sessions are throttled; off for load tests only.
    pub enabled: bool,
    /// Failed logins of one account within `login_window`.
    pub login_failures_per_account: u32,
    /// Failed logins from one address within `login_window`.
    pub login_failures_per_source: u32,
    /// How long failed logins count.
    #[serde(with = "length")]
    pub login_window: Duration,
    /// The largest body of a request, but for ingest.
    pub body_bytes: u32,
    /// The largest body of `POST /ingest`.
    pub ingest_body_bytes: u32,
    /// Until when the head of a request must have come.
    #[serde(with = "length")]
    pub head_timeout: Duration,
    /// Until when the body of a request must have come.
    #[serde(with = "length")]
    pub body_timeout: Duration,
    /// How long an idle connection is kept.
    #[serde(with = "length")]
    pub keep_alive: Duration,
    /// How long a peer may leave bytes unacknowledged.
    #[serde(with = "length")]
    pub peer_timeout: Duration,
    /// Live sessions at the same time.
    pub live_sessions: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            enabled: true,
            login_failures_per_account: 10,
            login_failures_per_source: 50,
            login_window: Duration::from_secs(15 * 60),
            body_bytes: 1024 * 1024,
            ingest_body_bytes: 1024 * 1024,
            head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            keep_alive: Duration::from_secs(75),
            peer_timeout: Duration::from_secs(30),
            live_sessions: 10_000,
        }
    }
}
