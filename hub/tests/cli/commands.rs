//! Exit codes, what is printed where, and the commands without a hub.

use super::program::{BOOTSTRAP, assert_code, assert_fails, bootstrapped, hub, run, run_with_input, text};

#[test]
fn help_is_everywhere() {
    let directory = tempfile::tempdir().unwrap();
    let commands: [&[&str]; 14] = [
        &[],
        &["demo"],
        &["serve"],
        &["admin"],
        &["admin", "bootstrap"],
        &["admin", "user", "add"],
        &["admin", "device", "add"],
        &["admin", "keys", "rotate"],
        &["migrate"],
        &["rebuild"],
        &["verify"],
        &["check-config"],
        &["replay"],
        &["admin", "user"],
    ];
    for command in commands {
        let output = run(directory.path(), &[command, &["--help"]].concat());
        assert_code(&output, 0);
        assert!(text(&output.stdout).contains("Usage: hub"), "{command:?}");
    }
}

#[test]
fn wrong_usage_is_2() {
    let directory = tempfile::tempdir().unwrap();
    let wrong: [&[&str]; 10] = [
        &[],
        &["serv"],
        &["serve", "--port", "80"],
        &["demo", "--speed", "0"],
        &["demo", "--speed", "max"],
        &["admin"],
        &["admin", "bootstrap", "--tenant", "Acme", "--name", "Acme", "--email", "a@b"],
        &["admin", "user", "add", "--tenant", "acme", "--email", "a@b", "--role", "root"],
        &["replay", "file.txt", "--format", "xml"],
        &["replay", "file.txt", "--format", "shdr", "--speed", "-1"],
    ];
    for args in wrong {
        let output = run(directory.path(), args);
        assert_code(&output, 2);
        assert!(!output.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn the_effective_configuration_is_printed_without_secrets() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = hub(directory.path(), &["check-config"]);
    let output =
        command.env("HUB_HTTP__LISTEN", "127.0.0.1:0").env("DATABASE_URL", "sqlite:geheim.db").output();
    let output = output.unwrap();
    assert_code(&output, 0);
    let printed = text(&output.stdout);
    assert!(printed.contains("listen = \"127.0.0.1:0\""), "{printed}");
    assert!(!printed.contains("geheim"), "{printed}");
    assert!(printed.contains(directory.path().to_str().unwrap()), "{printed}");
}

#[test]
fn a_wrong_configuration_is_1_and_names_the_key() {
    let directory = tempfile::tempdir().unwrap();
    for command in ["check-config", "serve", "demo", "migrate"] {
        let output = hub(directory.path(), &[command]).env("HUB_HTTP__PORT", "80").output().unwrap();
        assert_fails(&output, "unknown key `http.port` in the environment variable HUB_HTTP__PORT");
    }
    let file = directory.path().join("hub.toml");
    std::fs::write(&file, "[mqtt]\nlisten = \"off\"\nofline_grace = \"1s\"\n").unwrap();
    let output = run(directory.path(), &["check-config", "--config", file.to_str().unwrap()]);
    assert_fails(&output, "unknown key `mqtt.ofline_grace` in /");
    let output = hub(directory.path(), &["serve"]).env("DATABASE_URL", "postgres://db/hub").output().unwrap();
    assert_fails(&output, "DATABASE_URL");
}

#[test]
fn bootstrap_happens_once() {
    let directory = bootstrapped();
    let again = run_with_input(directory.path(), &BOOTSTRAP, "walzwerk am morgen\n");
    assert_fails(&again, "the tenant acme exists");
}

#[test]
fn a_password_is_needed_and_has_a_floor() {
    let directory = tempfile::tempdir().unwrap();
    assert_fails(&run(directory.path(), &BOOTSTRAP), "needs a password");
    assert_fails(&run_with_input(directory.path(), &BOOTSTRAP, "too short\n"), "12 characters");
    let mut command = hub(directory.path(), &BOOTSTRAP);
    let output = command.env("HUB_ADMIN_PASSWORD", "walzwerk am abend").output().unwrap();
    assert_code(&output, 0);
}

#[test]
fn users_and_devices_are_added() {
    let directory = bootstrapped();
    let add = |args: &[&str]| {
        let args = [&["admin"], args].concat();
        run_with_input(directory.path(), &args, "noch ein walzwerk\n")
    };
    let user = ["user", "add", "--tenant", "acme", "--email", "Otto@acme.example", "--role", "operator"];
    assert_code(&add(&user), 0);
    assert_fails(&add(&user), "otto@acme.example belongs to the tenant acme already");
    let nowhere =
        ["user", "add", "--tenant", "acme", "--email", "x@y.example", "--role", "viewer", "--site", "linz"];
    assert_fails(&add(&nowhere), "there is no site linz");
    let device = add(&["device", "add", "--tenant", "acme", "--name", "gateway"]);
    assert_code(&device, 0);
    let credential: serde_json::Value = serde_json::from_slice(&device.stdout).unwrap();
    let fields: Vec<_> = credential.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["token", "username"]);
    assert!(credential["token"].as_str().unwrap().len() >= 32);
    let foreign = add(&["device", "add", "--tenant", "other", "--name", "gateway"]);
    assert_fails(&foreign, "there is no tenant other");
    let nowhere = add(&["device", "add", "--tenant", "acme", "--name", "gateway", "--scope", "linz/saw"]);
    assert_fails(&nowhere, "there is no linz/saw in the tenant acme");
    assert_code(&add(&["keys", "rotate"]), 0);
}

#[test]
fn a_store_without_a_hub_is_checked_and_rebuilt() {
    let directory = bootstrapped();
    assert_code(&run(directory.path(), &["migrate"]), 0);
    for command in ["verify", "rebuild"] {
        assert_code(&run(directory.path(), &[command]), 0);
        let empty = tempfile::tempdir().unwrap();
        assert_fails(&run(empty.path(), &[command]), "there is no database");
        assert_eq!(std::fs::read_dir(empty.path()).unwrap().count(), 0, "nothing is created by looking");
    }
}

#[test]
fn a_recording_needs_what_its_format_needs() {
    let directory = tempfile::tempdir().unwrap();
    let missing = run(directory.path(), &["replay", "/nonexistent.txt", "--format", "ndjson"]);
    assert_fails(&missing, "cannot open /nonexistent.txt");
    let file = directory.path().join("recording.txt");
    std::fs::write(&file, "2026-11-22T10:00:00Z|avail|AVAILABLE\n").unwrap();
    let unmapped = run(directory.path(), &["replay", file.to_str().unwrap(), "--format", "shdr"]);
    assert_fails(&unmapped, "needs a mapping file");
}

#[test]
fn the_demo_is_for_this_machine_only() {
    let directory = tempfile::tempdir().unwrap();
    let open = hub(directory.path(), &["demo"]).env("HUB_HTTP__LISTEN", "0.0.0.0:0").output().unwrap();
    assert_fails(&open, "http.listen is 0.0.0.0:0");
    let mute = hub(directory.path(), &["demo"]).env("HUB_MQTT__LISTEN", "off").output().unwrap();
    assert_fails(&mute, "mqtt.listen is off");
}
