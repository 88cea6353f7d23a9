//! Layers, names of keys and values, and what is refused.

use std::io::Write;
use std::time::Duration;

use super::*;

fn load(environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::load(None, environment)
}

fn load_file(text: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::load(Some(file.path()), environment)
}

fn message(result: Result<Config, ConfigError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn the_default_file_says_what_the_code_does() {
    assert_eq!(load(&[]).unwrap(), Config::default());
}

#[test]
fn what_is_printed_can_be_read_again() {
    let config = load(&[("HUB_MQTT__OFFLINE_GRACE", "1h 30m"), ("HUB_MQTT__LISTEN", "off")]).unwrap();
    assert_eq!(load_file(&config.to_toml().unwrap(), &[]).unwrap(), config);
}

#[test]
fn the_environment_lies_over_the_file_and_the_file_over_the_defaults() {
    let file = "data_dir = \"/srv/hub\"\n[http]\nlisten = \"0.0.0.0:80\"\nworkers = 3\n";
    let config = load_file(file, &[("HUB_HTTP__LISTEN", "[::1]:0"), ("HUB_LOG", "warn")]).unwrap();
    assert_eq!(config.data_dir, Path::new("/srv/hub"));
    assert_eq!((config.http.listen.to_string().as_str(), config.http.workers), ("[::1]:0", 3));
    assert_eq!(config.log, "warn");
    assert_eq!(config.mqtt, Mqtt::default());
}

#[test]
fn every_key_has_a_variable_of_its_type() {
    let config = load(&[
        ("HUB_DATA_DIR", "123"),
        ("HUB_MQTT__LISTEN", "off"),
        ("HUB_MQTT__OFFLINE_GRACE", "500ms"),
        ("HUB_AUTH__ACCESS_TTL", "2s"),
        ("HUB_LIMITS__ENABLED", "false"),
        ("HUB_LIMITS__BODY_BYTES", "1000"),
        ("HUB_HTTP__ALLOWED_ORIGINS", "https://erp.example, http://127.0.0.1:5173"),
        ("HUB_ADMIN_PASSWORD", "not a key"),
        ("PATH", "/bin"),
        ("DATABASE_URL", ""),
    ]);
    let config = config.unwrap();
    assert_eq!(config.data_dir, Path::new("123"));
    assert_eq!(config.mqtt.listen, MqttListen::Off);
    assert_eq!(config.mqtt.offline_grace, Duration::from_millis(500));
    assert_eq!(config.auth.access_ttl, Duration::from_secs(2));
    assert_eq!((config.limits.enabled, config.limits.body_bytes), (false, 1000));
    assert_eq!(config.http.allowed_origins, ["https://erp.example", "http://127.0.0.1:5173"]);
}

#[test]
fn an_unknown_key_is_named_with_its_place() {
    let from_file = message(load_file("[http]\nlisten = \"127.0.0.1:0\"\nport = 8080\n", &[]));
    assert!(from_file.starts_with("unknown key `http.port` in /"), "{from_file}");
    let section = message(load_file("[htpp]\nlisten = \"127.0.0.1:0\"\n", &[]));
    assert!(section.starts_with("unknown key `htpp` in /"), "{section}");
    assert_eq!(
        message(load(&[("HUB_HTTP__PORT", "8080")])),
        "unknown key `http.port` in the environment variable HUB_HTTP__PORT"
    );
    assert_eq!(
        message(load(&[("HUB_HTTP__LISTEN__PORT", "8080")])),
        "unknown key `http.listen.port` in the environment variable HUB_HTTP__LISTEN__PORT"
    );
}

#[test]
fn a_bad_value_is_named_with_its_key_and_place() {
    assert_eq!(
        message(load(&[("HUB_AUTH__ACCESS_TTL", "15")])),
        "`auth.access_ttl`: `15` is not a length of time with its unit, like `30s` or `15m` \
         (environment variable HUB_AUTH__ACCESS_TTL)"
    );
    let address = message(load_file("[http]\nlisten = \"localhost\"\n", &[]));
    assert!(address.starts_with("`http.listen`: `localhost` is not an address"), "{address}");
    assert!(address.contains("(in /"), "{address}");
    let number = message(load(&[("HUB_LIMITS__BODY_BYTES", "many")]));
    assert!(
        number.starts_with("`limits.body_bytes`: ") && number.contains("HUB_LIMITS__BODY_BYTES"),
        "{number}"
    );
    let negative = message(load(&[("HUB_LIMITS__BODY_BYTES", "-1")]));
    assert!(negative.starts_with("`limits.body_bytes`: "), "{negative}");
    assert_eq!(message(load(&[("HUB_AUTH__ACCESS_TTL", "0s")])), "`auth.access_ttl` must be more than 0");
    assert!(message(load(&[("HUB_LOG", "hub=loud")])).contains("HUB_LOG"));
    let syntax = message(load_file("[http\n", &[]));
    assert!(syntax.contains("(in /") || syntax.contains("line 1"), "{syntax}");
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let missing = Config::load(Some(Path::new("/nonexistent/hub.toml")), []);
    assert!(message(missing).starts_with("cannot read the configuration /nonexistent/hub.toml: "));
}

#[test]
fn what_this_version_does_not_have_is_refused() {
    for (variable, value) in [
        ("DATABASE_URL", "postgres://hub:geheim@db/hub"),
        ("REDIS_URL", "redis://:geheim@bus"),
        ("MQTT_URL", "mqtts://hub:geheim@broker"),
    ] {
        let refused = message(load(&[(variable, value)]));
        assert!(refused.contains(variable) && refused.contains("not available"), "{refused}");
        assert!(!refused.contains("geheim"), "{refused}");
    }
}

#[test]
fn the_database_may_lie_elsewhere() {
    assert_eq!(load(&[]).unwrap().database(), Path::new("./data/hub.db"));
    let elsewhere = |url| load(&[("DATABASE_URL", url)]).unwrap().database();
    assert_eq!(elsewhere("sqlite:/srv/hub/plant.db"), Path::new("/srv/hub/plant.db"));
    assert_eq!(elsewhere("sqlite://plant.db"), Path::new("plant.db"));
    assert!(load(&[("DATABASE_URL", "sqlite::memory:")]).is_err());
}

#[test]
fn secrets_are_not_printed() {
    let config = load(&[("DATABASE_URL", "sqlite:/srv/geheim.db")]).unwrap();
    assert!(!config.to_toml().unwrap().contains("geheim"));
    assert!(!format!("{config:?}").contains("geheim"));
    assert!(config.to_toml().unwrap().contains("url = \"[hidden]\""));
}
