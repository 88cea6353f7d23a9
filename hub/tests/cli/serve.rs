//! `hub serve` from its start to its end, by signals.

use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::program::{assert_code, assert_fails, hub, run};

const PATIENCE: Duration = Duration::from_secs(30);

/// A hub on free ports; killed if a test ends before it does.
pub(super) struct Serving(Child);

impl Serving {
    /// Starts `hub serve` and waits until it says where it listens.
    pub(super) fn start(data_dir: &Path) -> (Self, serde_json::Value) {
        Self::start_as(data_dir, &["serve"], Stdio::null())
    }

    /// Starts a command that serves and waits until it says where it listens.
    pub(super) fn start_as(data_dir: &Path, args: &[&str], log: Stdio) -> (Self, serde_json::Value) {
        // What a killed hub left behind must not be taken for the new one's.
        let _ = std::fs::remove_file(data_dir.join("hub.addr"));
        let mut command = hub(data_dir, args);
        command.env("HUB_HTTP__LISTEN", "127.0.0.1:0").env("HUB_MQTT__LISTEN", "127.0.0.1:0");
        let mut child = command.stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let pid = child.id();
        let addresses = wait_for(|| {
            assert!(child.try_wait().unwrap().is_none(), "hub {pid} ended instead of serving");
            let file = std::fs::read(data_dir.join("hub.addr")).ok()?;
            serde_json::from_slice(&file).ok()
        });
        (Self(child), addresses)
    }

    pub(super) fn signal(&self, name: &str) {
        let status = std::process::Command::new("kill").args([name, &self.0.id().to_string()]).status();
        assert!(status.unwrap().success());
    }

    pub(super) fn end(mut self) -> ExitStatus {
        wait_for(|| self.0.try_wait().unwrap())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Both fail if it has ended already, which is what most tests do.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "nothing happened in {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[tokio::test]
async fn it_answers_where_it_says_and_ends_in_order() {
    let directory = tempfile::tempdir().unwrap();
    for signal in ["-TERM", "-INT"] {
        let (hub, addresses) = Serving::start(directory.path());
        let ready = format!("http://{}/health/ready", addresses["http"].as_str().unwrap());
        assert_eq!(reqwest::get(ready).await.unwrap().status(), 200);
        tokio::net::TcpStream::connect(addresses["mqtt"].as_str().unwrap()).await.unwrap();
        let metrics = format!("http://{}/metrics", addresses["http"].as_str().unwrap());
        let figures = reqwest::get(metrics).await.unwrap().text().await.unwrap();
        for queue in
            ["hub_journal_depth 0", "hub_mqtt_connections ", "hub_ws_sessions 0", "hub_mailbox_full_total 0"]
        {
            assert!(figures.contains(queue), "{queue} is not among\n{figures}");
        }
        let began = Instant::now();
        hub.signal(signal);
        assert_eq!(hub.end().code(), Some(0), "{signal}");
        assert!(began.elapsed() < Duration::from_secs(10), "{signal}");
        assert!(!directory.path().join("hub.addr").exists());
    }
    assert_code(&run(directory.path(), &["verify"]), 0);
}

#[test]
fn one_hub_serves_a_data_directory_and_commands_work_beside_it() {
    let directory = tempfile::tempdir().unwrap();
    let (hub_there, _) = Serving::start(directory.path());
    let mut second = hub(directory.path(), &["serve"]);
    let second =
        second.env("HUB_HTTP__LISTEN", "127.0.0.1:0").env("HUB_MQTT__LISTEN", "127.0.0.1:0").output();
    let second = second.unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert_fails(&run(directory.path(), &["rebuild"]), "another hub runs on");
    let mut admin = hub(directory.path(), &super::program::BOOTSTRAP);
    assert_code(&admin.env("HUB_ADMIN_PASSWORD", "walzwerk am abend").output().unwrap(), 0);
    assert_code(&run(directory.path(), &["verify"]), 0);
    assert!(directory.path().join("hub.addr").exists(), "the second one left the first one's address alone");
    hub_there.signal("-KILL");
    hub_there.end();
    let (next, _) = Serving::start(directory.path());
    next.signal("-TERM");
    assert_eq!(next.end().code(), Some(0));
}
