//! The hub as a process of its own on a data directory of its own: started, killed, ended, started again.

use std::fs::OpenOptions;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::{Rest, eventually, soon};

/// The tenant of the tests.
pub const TENANT: &str = "acme";
const ADMIN: &str = "eva@acme.example";
const PASSWORD: &str = "walzwerk am morgen";
/// How much of a hub's log is shown when a test fails.
const SHOWN_LINES: usize = 150;

/// How a hub is to be started.
#[derive(Default)]
pub struct Setup {
    environment: Vec<(String, String)>,
    fixed_ports: bool,
}

impl Setup {
    /// Sets a variable for every start.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Every start listens at the same ports, so that clients find the hub again by themselves.
    pub fn fixed_ports(mut self) -> Self {
        self.fixed_ports = true;
        self
    }

    /// Makes the tenant and its administrator, and starts the hub.
    pub async fn start(self) -> Hub {
        let directory = tempfile::tempdir().unwrap();
        let (mut http, mut mqtt) = ((Ipv4Addr::LOCALHOST, 0).into(), (Ipv4Addr::LOCALHOST, 0).into());
        if self.fixed_ports {
            (http, mqtt) = (free_port(), free_port());
        }
        let mut hub =
            Hub { directory, environment: self.environment, listen: Addresses { http, mqtt }, running: None };
        let bootstrap = ["admin", "bootstrap", "--tenant", TENANT, "--name", "Acme Steel", "--email", ADMIN];
        let bootstrapped =
            hub.command(&bootstrap).env("HUB_ADMIN_PASSWORD", PASSWORD).output().await.unwrap();
        assert!(bootstrapped.status.success(), "{}", String::from_utf8_lossy(&bootstrapped.stderr));
        hub.start().await;
        hub
    }
}

/// A port below those that the system gives to outgoing connections: a client that knocks at it while the
/// hub is away can never be given the port itself.
fn free_port() -> SocketAddr {
    loop {
        let address: SocketAddr = (Ipv4Addr::LOCALHOST, rand::random_range(20_000..32_768)).into();
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Addresses {
    http: SocketAddr,
    mqtt: SocketAddr,
}

struct Running {
    process: Child,
    addresses: Addresses,
}

/// A hub with its data directory; its log is shown if the test fails.
pub struct Hub {
    directory: TempDir,
    environment: Vec<(String, String)>,
    listen: Addresses,
    running: Option<Running>,
}

impl Hub {
    /// Where the database and `hub.addr` are.
    pub fn data_dir(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn log_file(&self) -> PathBuf {
        self.directory.path().join("hub.log")
    }

    fn address_file(&self) -> PathBuf {
        self.data_dir().join("hub.addr")
    }

    fn addresses(&self) -> Addresses {
        self.running.as_ref().expect("the hub runs").addresses
    }

    /// Where its web server is.
    pub fn http(&self) -> SocketAddr {
        self.addresses().http
    }

    /// Where its MQTT endpoint is.
    pub fn mqtt(&self) -> SocketAddr {
        self.addresses().mqtt
    }

    /// Whether it says that it is there.
    pub fn is_announced(&self) -> bool {
        self.address_file().exists()
    }

    /// Logs the administrator in.
    pub async fn log_in(&self) -> Rest {
        Rest::log_in(self.http(), ADMIN, PASSWORD).await
    }

    /// What the process occupies in memory now.
    pub fn resident_bytes(&self) -> u64 {
        let id = self.running.as_ref().and_then(|running| running.process.id()).expect("the hub runs");
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a VmRSS line");
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Starts the program and waits until it says where it listens.
    pub async fn start(&mut self) {
        assert!(self.running.is_none(), "the hub runs already");
        // The one of a hub that was killed.
        let _ = std::fs::remove_file(self.address_file());
        let log = OpenOptions::new().create(true).append(true).open(self.log_file()).unwrap();
        let mut process = self.command(&["serve"]).stderr(log).stdout(Stdio::null()).spawn().unwrap();
        let address_file = self.address_file();
        let addresses = eventually("the hub says where it listens", async || {
            let ended = process.try_wait().unwrap();
            assert!(ended.is_none(), "the hub ended at its start: {ended:?}");
            let text = std::fs::read_to_string(&address_file).ok()?;
            Some(serde_json::from_str(&text).unwrap())
        });
        let addresses = addresses.await;
        self.running = Some(Running { process, addresses });
    }

    /// kill -9.
    pub async fn kill(&mut self) {
        let mut process = self.running.take().expect("the hub runs").process;
        process.kill().await.unwrap();
    }

    /// kill -9 and a new start on the same data.
    pub async fn crash_and_restart(&mut self) {
        self.kill().await;
        self.start().await;
    }

    /// SIGTERM; how the process ended and how long that took.
    pub async fn terminate(&mut self) -> (ExitStatus, Duration) {
        let mut process = self.running.take().expect("the hub runs").process;
        let id = process.id().expect("the hub runs").to_string();
        let began = Instant::now();
        let sent = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &id]).status().await.unwrap();
        assert!(sent.success());
        let status = soon("the hub ends", process.wait()).await.unwrap();
        (status, began.elapsed())
    }

    /// `hub verify` must find nothing.
    pub async fn verify(&self) {
        let Output { status, stdout, stderr } = self.command(&["verify"]).output().await.unwrap();
        let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        assert_eq!(status.code(), Some(0), "hub verify: {stdout}{stderr}");
    }

    /// The program with nothing from the environment of the test but what the test set.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hub"));
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("HUB_") || ["DATABASE_URL", "REDIS_URL", "MQTT_URL"].contains(&&*name) {
                command.env_remove(&*name);
            }
        }
        command
            .args(args)
            .env("HUB_DATA_DIR", self.data_dir())
            .env("HUB_HTTP__LISTEN", self.listen.http.to_string())
            .env("HUB_MQTT__LISTEN", self.listen.mqtt.to_string())
            .env("HUB_LIMITS__ENABLED", "false")
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = std::fs::read(self.log_file()).unwrap_or_default();
            let log = String::from_utf8_lossy(&log);
            let lines: Vec<&str> = log.lines().collect();
            let shown = &lines[lines.len().saturating_sub(SHOWN_LINES)..];
            eprintln!("the end of the hub's log ({} of {} lines):", shown.len(), lines.len());
            for line in shown {
                eprintln!("{line}");
            }
        }
    }
}
