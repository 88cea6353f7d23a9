//! The hub put together: store, actors, MQTT endpoint and web server, as `serve`, `demo` and tests run it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actors::clock::Clock;
use actors::ports::{DeviceOutbox, DiscardOutbox, Store, StoreError};
use actors::{Hub, HubHandle, HubOptions};
use connectors::mqtt::{MqttDeps, MqttEndpoint, MqttError, MqttOptions, MqttOutbox};
use connectors::store::{SqliteOptions, SqliteStore};
use opentelemetry_sdk::error::OTelSdkError;
use tokio::task::JoinHandle;
use web::live::LiveOptions;
use web::{Server, StartError, WebLimits, WebOptions};

use crate::config::{Config, MqttListen};
use crate::data_dir::{AddressFile, Addresses, DataDirError, StoreLock};
use crate::metrics::Metrics;
use crate::mqtt_ingress::GatewayIngress;

/// How long a store that does not answer is left alone before it is tried again.
const STORE_RETRY: Duration = Duration::from_millis(200);
/// How much of the ten seconds of an end each part may take.
const WAYS_IN_GRACE: Duration = Duration::from_secs(4);
const JOURNAL_GRACE: Duration = Duration::from_secs(3);
const AUDIT_GRACE: Duration = Duration::from_secs(1);

/// Why the hub did not start.
#[derive(Debug, thiserror::Error)]
pub enum AssemblyError {
    /// The data directory cannot be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The store cannot be opened, or does not answer in time.
    #[error("cannot open {database}: {source}")]
    Store {
        /// Which.
        database: String,
        /// Why.
        source: StoreError,
    },
    /// The MQTT endpoint did not start.
    #[error(transparent)]
    Mqtt(#[from] MqttError),
    /// The web server did not start.
    #[error(transparent)]
    Web(#[from] StartError),
    /// The instruments could not be set up.
    #[error("cannot set up the figures: {0}")]
    Metrics(#[from] OTelSdkError),
}

/// A hub that runs.
pub struct Assembly {
    /// When its start began.
    began: Instant,
    addresses: Addresses,
    hub: Hub,
    store: Arc<dyn Store>,
    mqtt: Option<Mqtt>,
    web: Server,
    /// Keeps the instruments.
    _metrics: Metrics,
    /// What the instruments look at.
    _watched: Arc<HubHandle>,
    address_file: Option<AddressFile>,
    /// Given back last.
    _lock: StoreLock,
}

struct Mqtt {
    endpoint: MqttEndpoint,
    audit_writer: JoinHandle<()>,
}

impl Assembly {
    /// Starts everything; [`announce`](Self::announce) says so to others. Must be called inside an actix system.
    pub async fn start(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, AssemblyError> {
        let began = Instant::now();
        let lock = StoreLock::take(&config.database())?;
        AddressFile::remove_stale(&config.data_dir)?;
        let store = open_store(config, true).await?;
        let failed =
            |source| AssemblyError::Store { database: config.database().display().to_string(), source };
        let outbox = MqttOutbox::new();
        let for_devices: Arc<dyn DeviceOutbox> = match config.mqtt.listen {
            MqttListen::At(_) => Arc::clone(&outbox) as Arc<dyn DeviceOutbox>,
            MqttListen::Off => Arc::new(DiscardOutbox),
        };
        let hub = Hub::start(HubOptions::default(), Arc::clone(&store), clock, for_devices)
            .await
            .map_err(failed)?;
        let metrics = Metrics::new()?;
        let watched = Arc::new(hub.handle.clone());
        metrics.watch_hub(&watched);
        let mqtt = start_mqtt(config, &hub.handle, outbox, &metrics).await?;
        let web = Server::start(web_options(config, metrics.registry.clone()), hub.handle.clone()).await?;
        metrics.watch_sessions(web.live_sessions());
        let addresses =
            Addresses { http: web.addr, mqtt: mqtt.as_ref().map(|mqtt| mqtt.endpoint.local_addr()) };
        let (_metrics, _watched, _lock) = (metrics, watched, lock);
        Ok(Self { began, addresses, hub, store, mqtt, web, _metrics, _watched, address_file: None, _lock })
    }

    /// Everything that a caller may expect is there: says in the data directory where the hub listens.
    pub fn announce(&mut self, config: &Config) -> Result<(), AssemblyError> {
        self.address_file = Some(AddressFile::write(&config.data_dir, &self.addresses)?);
        tracing::info!(
            http = %self.addresses.http,
            mqtt = self.addresses.mqtt.map(|address| address.to_string()),
            data_dir = %config.data_dir.display(),
            took_ms = self.began.elapsed().as_secs_f64() * 1000.0,
            "ready"
        );
        Ok(())
    }

    /// Where it listens.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// The door to the hub.
    pub fn hub(&self) -> &HubHandle {
        &self.hub.handle
    }

    /// Ends everything in order, within ten seconds: nobody is let in any more, what was received is committed and
    /// acknowledged, live sessions are told to come back, the log is closed. False: something had to be cut off.
    pub async fn stop(self) -> bool {
        let Self { hub, store, mqtt, web, _metrics, _watched, address_file, _lock, .. } = self;
        drop(address_file);
        let endpoint_drained = async {
            match mqtt {
                Some(mqtt) => mqtt.stop().await,
                None => true,
            }
        };
        let (drained, ()) = tokio::join!(endpoint_drained, web.stop());
        // The journal ends when nobody holds the hub any more.
        drop((_metrics, _watched));
        let committed = hub.stop(JOURNAL_GRACE).await;
        if !committed {
            tracing::error!("the journal did not end in time; what was not committed was not acknowledged");
        }
        store.close().await;
        drained && committed
    }
}

impl Mqtt {
    async fn stop(self) -> bool {
        let stopped = self.endpoint.stop(WAYS_IN_GRACE).await;
        if let Err(error) = &stopped {
            tracing::error!(%error, "the mqtt endpoint did not end in order");
        }
        if tokio::time::timeout(AUDIT_GRACE, self.audit_writer).await.is_err() {
            tracing::error!("the refusals of the mqtt endpoint could not be audited to their end");
        }
        stopped.is_ok()
    }
}

/// Opens the store, and waits for it as long as the configuration says.
pub async fn open_store(config: &Config, migrate: bool) -> Result<Arc<dyn Store>, AssemblyError> {
    let options =
        SqliteOptions { migrate, readers: u32::from(config.store.readers), ..SqliteOptions::default() };
    let database = config.database();
    let deadline = Instant::now() + config.store.connect_timeout;
    loop {
        match SqliteStore::open_file(&database, &options).await {
            Ok(store) => return Ok(Arc::new(store)),
            Err(StoreError::Unavailable(cause)) if Instant::now() + STORE_RETRY < deadline => {
                tracing::warn!(database = %database.display(), cause, "the store cannot be opened yet");
                tokio::time::sleep(STORE_RETRY).await;
            }
            Err(source) => {
                return Err(AssemblyError::Store { database: database.display().to_string(), source });
            }
        }
    }
}

async fn start_mqtt(
    config: &Config,
    hub: &HubHandle,
    outbox: Arc<MqttOutbox>,
    metrics: &Metrics,
) -> Result<Option<Mqtt>, AssemblyError> {
    let MqttListen::At(listen) = config.mqtt.listen else { return Ok(None) };
    let options = MqttOptions {
        listen,
        workers: usize::from(config.mqtt.workers.max(1)),
        connect_timeout: config.mqtt.connect_timeout,
        max_keep_alive: config.mqtt.max_keep_alive,
        receive_maximum: config.mqtt.receive_maximum.max(1),
        max_connections: usize::try_from(config.mqtt.max_connections).unwrap_or(usize::MAX),
        offline_grace: config.mqtt.offline_grace,
        ..MqttOptions::default()
    };
    let (ingress, audit_writer) = GatewayIngress::start(hub.clone());
    let unaudited = Arc::clone(ingress.unaudited());
    let clock = Arc::clone(hub.clock());
    let deps = MqttDeps { ingress, outbox, clock, runtime: tokio::runtime::Handle::current() };
    let endpoint = MqttEndpoint::start(options, deps).await?;
    metrics.watch_mqtt(endpoint.stats(), &unaudited);
    hub.devices_are_at(endpoint.presence());
    Ok(Some(Mqtt { endpoint, audit_writer }))
}

fn web_options(config: &Config, registry: prometheus::Registry) -> WebOptions {
    let defaults = WebOptions::default();
    let limits = &config.limits;
    let bytes = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
    WebOptions {
        listen: config.http.listen,
        workers: if config.http.workers == 0 { defaults.workers } else { usize::from(config.http.workers) },
        allowed_origins: config.http.allowed_origins.clone(),
        access_ttl: config.auth.access_ttl,
        refresh_ttl: config.auth.refresh_ttl,
        limits: WebLimits {
            enabled: limits.enabled,
            login_failures_per_account: limits.login_failures_per_account,
            login_failures_per_source: limits.login_failures_per_source,
            login_window: limits.login_window,
            body_bytes: bytes(limits.body_bytes),
            ingest_body_bytes: bytes(limits.ingest_body_bytes),
            head_timeout: limits.head_timeout,
            body_timeout: limits.body_timeout,
            keep_alive: limits.keep_alive,
            peer_timeout: limits.peer_timeout,
            end_grace: WAYS_IN_GRACE,
            ..defaults.limits
        },
        live: LiveOptions {
            max_sessions: bytes(limits.live_sessions),
            rate: if limits.enabled { LiveOptions::default().rate } else { None },
            ..LiveOptions::default()
        },
        registry,
    }
}
