//! The configuration: built-in defaults, under a file, under the environment; what is not known is an error.

mod layers;
mod sections;
mod values;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use sections::{Auth, Bus, Http, Limits, Mqtt, Storage};
pub use values::{MqttListen, Secret};

/// The defaults as people read them; a test holds them against [`Config::default`].
pub const DEFAULT_TOML: &str = include_str!("../../config/default.toml");

/// Everything that can be configured, one part for each concern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the embedded database and what belongs to it lie (`HUB_DATA_DIR`).
    pub data_dir: PathBuf,
    /// What is logged: a level, or a filter of `tracing` (`HUB_LOG`).
    pub log: String,
    /// The web server.
    pub http: Http,
    /// The built-in MQTT endpoint.
    pub mqtt: Mqtt,
    /// The store.
    pub store: Storage,
    /// The bus between hubs.
    pub bus: Bus,
    /// Tokens.
    pub auth: Auth,
    /// What one client may cost.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./data"),
            log: "info".to_owned(),
            http: Http::default(),
            mqtt: Mqtt::default(),
            store: Storage::default(),
            bus: Bus::default(),
            auth: Auth::default(),
            limits: Limits::default(),
        }
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file of `--config` cannot be read.
    #[error("cannot read the configuration {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A key that the hub does not have.
    #[error("unknown key `{key}` in {place}")]
    UnknownKey {
        /// The key with its section.
        key: String,
        /// The file or the environment variable.
        place: String,
    },
    /// A value that cannot be what its key needs.
    #[error("{detail}")]
    Invalid {
        /// The key, the rule and where the value came from.
        detail: String,
    },
    /// Something that this version of the hub does not have.
    #[error(
        "{key} is set, but {what} is not available in this version of the hub; unset it to use {instead}"
    )]
    NotAvailable {
        /// The key with its section, and its variable.
        key: &'static str,
        /// What it would be.
        what: &'static str,
        /// What the hub has instead.
        instead: &'static str,
    },
}

impl Config {
    /// Reads the file, if one is given, and the environment variables over the defaults.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let config = layers::read(file, environment)?;
        config.check()?;
        Ok(config)
    }

    /// The same with the environment of the process; what is not UTF-8 cannot be ours.
    pub fn of_process(file: Option<&Path>) -> Result<Self, ConfigError> {
        let utf8 = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self::load(file, std::env::vars_os().filter_map(utf8))
    }

    /// The effective configuration as TOML, without its secrets.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string_pretty(self)
    }

    /// The file of the embedded database.
    pub fn database(&self) -> PathBuf {
        self.store.sqlite_path().unwrap_or_else(|| self.data_dir.join("hub.db"))
    }

    fn check(&self) -> Result<(), ConfigError> {
        if !self.store.url.is_empty() && self.store.sqlite_path().is_none() {
            return Err(ConfigError::NotAvailable {
                key: "store.url (DATABASE_URL)",
                what: "any other store than `sqlite:path`",
                instead: "the embedded database in the data directory",
            });
        }
        if !self.bus.url.is_empty() {
            return Err(ConfigError::NotAvailable {
                key: "bus.url (REDIS_URL)",
                what: "a bus between several hubs",
                instead: "the bus inside the process",
            });
        }
        if !self.mqtt.url.is_empty() {
            return Err(ConfigError::NotAvailable {
                key: "mqtt.url (MQTT_URL)",
                what: "an external broker",
                instead: "the built-in endpoint",
            });
        }
        for (key, length) in self.lengths_of_time() {
            if length.is_zero() {
                return Err(ConfigError::Invalid { detail: format!("`{key}` must be more than 0") });
            }
        }
        let filter = tracing_subscriber::EnvFilter::try_new(&self.log);
        filter.map(drop).map_err(|error| ConfigError::Invalid {
            detail: format!("`log` (HUB_LOG) is not a filter: {error}"),
        })
    }

    /// Those that cannot be nothing; without a grace time a machine is offline at once, which may be wanted.
    fn lengths_of_time(&self) -> impl Iterator<Item = (&'static str, std::time::Duration)> {
        [
            ("mqtt.connect_timeout", self.mqtt.connect_timeout),
            ("mqtt.max_keep_alive", self.mqtt.max_keep_alive),
            ("store.connect_timeout", self.store.connect_timeout),
            ("auth.access_ttl", self.auth.access_ttl),
            ("auth.refresh_ttl", self.auth.refresh_ttl),
            ("limits.login_window", self.limits.login_window),
            ("limits.head_timeout", self.limits.head_timeout),
            ("limits.body_timeout", self.limits.body_timeout),
            ("limits.keep_alive", self.limits.keep_alive),
            ("limits.peer_timeout", self.limits.peer_timeout),
        ]
        .into_iter()
    }
}

#[cfg(test)]
mod tests;
