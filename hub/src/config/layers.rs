//! The layers of a configuration and where each value came from: defaults, a TOML file, the environment.

use std::path::Path;

use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Error, Figment, Metadata, Profile, Provider};

use super::{Config, ConfigError, DEFAULT_TOML};

const PREFIX: &str = "HUB_";
const SEPARATOR: &str = "__";

/// Variables that are not made of section and key, with the key each stands for.
const NAMED: [(&str, &str); 5] = [
    ("HUB_DATA_DIR", "data_dir"),
    ("HUB_LOG", "log"),
    ("DATABASE_URL", "store.url"),
    ("REDIS_URL", "bus.url"),
    ("MQTT_URL", "mqtt.url"),
];

pub(super) fn read(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let defaults = Toml::string(DEFAULT_TOML);
    let known = dict_of(&defaults)?;
    let mut figment = Figment::new().merge(&defaults);
    if let Some(path) = file {
        // Read here, because the provider takes a missing file for an empty one.
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        let layer = FileLayer { path, toml: Toml::string(&text) };
        if let Some(key) = first_unknown(&dict_of(&layer)?, &known, "") {
            return Err(ConfigError::UnknownKey { key, place: path.display().to_string() });
        }
        figment = figment.merge(layer);
    }
    figment.merge(EnvironmentLayer(read_environment(environment, &known)?)).extract().map_err(explain)
}

fn dict_of(provider: &impl Provider) -> Result<Dict, ConfigError> {
    provider.data().map(|mut data| data.remove(&Profile::Default).unwrap_or_default()).map_err(explain)
}

/// The first key, with its section, that the defaults do not have.
fn first_unknown(dict: &Dict, known: &Dict, section: &str) -> Option<String> {
    dict.iter().find_map(|(key, value)| match (known.get(key), value) {
        (None, _) => Some(format!("{section}{key}")),
        (Some(Value::Dict(_, known)), Value::Dict(_, dict)) => {
            first_unknown(dict, known, &format!("{section}{key}."))
        }
        (Some(_), _) => None,
    })
}

/// Sorts the variables into sections; a value has the type of its default.
fn read_environment(
    environment: impl IntoIterator<Item = (String, String)>,
    known: &Dict,
) -> Result<Dict, ConfigError> {
    let mut dict = Dict::new();
    for (name, text) in environment {
        let named = NAMED.iter().find(|(variable, _)| *variable == name);
        // An empty one is how deployments leave it out.
        if named.is_some() && text.is_empty() {
            continue;
        }
        let key = match (named, name.strip_prefix(PREFIX)) {
            (Some((_, key)), _) => (*key).to_owned(),
            (None, Some(rest)) if rest.contains(SEPARATOR) => {
                rest.to_ascii_lowercase().replace(SEPARATOR, ".")
            }
            // Others may have variables of that prefix too, such as the password of `hub admin`.
            (None, _) => continue,
        };
        let default = Value::from(known.clone()).find(&key);
        let value = match default {
            Some(Value::String(..)) => Value::from(text),
            Some(Value::Array(..)) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Value::from(parts.map(str::to_owned).collect::<Vec<_>>())
            }
            Some(Value::Num(..) | Value::Bool(..)) => typed(&text),
            _ => {
                let place = format!("the environment variable {name}");
                return Err(ConfigError::UnknownKey { key, place });
            }
        };
        insert(&mut dict, &key, value);
    }
    Ok(dict)
}

fn typed(text: &str) -> Value {
    match text.parse() {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

fn insert(dict: &mut Dict, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            dict.insert(key.to_owned(), value);
        }
        Some((section, rest)) => {
            let entry = dict.entry(section.to_owned()).or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, section) = entry {
                insert(section, rest, value);
            }
        }
    }
}

struct FileLayer<'p> {
    path: &'p Path,
    toml: figment::providers::Data<Toml>,
}

impl Provider for FileLayer<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.path.display().to_string())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        self.toml.data().map_err(|error| error.with_path(&self.path.display().to_string()))
    }
}

struct EnvironmentLayer(Dict);

const ENVIRONMENT: &str = "the environment";

impl Provider for EnvironmentLayer {
    fn metadata(&self) -> Metadata {
        Metadata::named(ENVIRONMENT)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        Ok(Profile::Default.collect(self.0.clone()))
    }
}

/// The first thing that is wrong, with its key and the place it came from.
fn explain(error: Error) -> ConfigError {
    let place = error.metadata.as_ref().map(|metadata| metadata.name.to_string());
    let key = error.path.join(".");
    let place = match place {
        Some(place) if place == ENVIRONMENT => format!(" (environment variable {})", variable(&key)),
        Some(place) => format!(" (in {place})"),
        None => String::new(),
    };
    let detail = if key.is_empty() {
        format!("{}{place}", error.kind)
    } else {
        format!("`{key}`: {}{place}", error.kind)
    };
    ConfigError::Invalid { detail }
}

/// The variable of a key.
fn variable(key: &str) -> String {
    let named = NAMED.iter().find(|(_, named)| *named == key).map(|(variable, _)| (*variable).to_owned());
    named.unwrap_or_else(|| format!("{PREFIX}{}", key.to_ascii_uppercase().replace('.', SEPARATOR)))
}
