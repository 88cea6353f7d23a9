//! The program `hub` as a child process, and what is expected of its end.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The program on a data directory of its own, without anything from the environment of the test.
pub(super) fn hub(data_dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hub"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("HUB_") || ["DATABASE_URL", "REDIS_URL", "MQTT_URL"].contains(&name.as_ref()) {
            command.env_remove(name.as_ref());
        }
    }
    command.args(args).env("HUB_DATA_DIR", data_dir).stdin(Stdio::null());
    command
}

pub(super) fn run(data_dir: &Path, args: &[&str]) -> Output {
    hub(data_dir, args).output().unwrap()
}

pub(super) fn run_with_input(data_dir: &Path, args: &[&str], input: &str) -> Output {
    let mut command = hub(data_dir, args);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that needs no password may have ended without reading it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

pub(super) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[track_caller]
pub(super) fn assert_code(output: &Output, code: i32) {
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "stdout: {stdout}\nstderr: {stderr}");
}

#[track_caller]
pub(super) fn assert_fails(output: &Output, reason: &str) {
    assert_code(output, 1);
    assert!(text(&output.stderr).contains(reason), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "");
}

pub(super) const BOOTSTRAP: [&str; 8] =
    ["admin", "bootstrap", "--tenant", "acme", "--name", "Acme Steel", "--email", "eva@acme.example"];

pub(super) fn bootstrapped() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    assert_code(&run_with_input(directory.path(), &BOOTSTRAP, "walzwerk am morgen\n"), 0);
    directory
}
