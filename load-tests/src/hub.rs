//! The hub as a process of its own: started on an empty directory, with a plant in it, and ended in order.

use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::Common;
use crate::mqtt::Credential;
use crate::plant::TENANT;
use crate::process;
use crate::rest::User;

const EMAIL: &str = "bench@bench.local";
const PASSWORD: &str = "a password for benches only";
const START_TIMEOUT: Duration = Duration::from_secs(30);
const STOP_TIMEOUT: Duration = Duration::from_secs(15);

#[derive(Clone, Copy, Debug, Deserialize)]
struct Addresses {
    http: SocketAddr,
    mqtt: SocketAddr,
}

/// A hub that runs, with the plant and the devices of a measurement.
pub struct MeasuredHub {
    child: Child,
    pid: u32,
    addresses: Addresses,
    /// The administrator.
    pub user: User,
    /// One for each connection.
    pub credentials: Vec<Credential>,
    directory: TempDir,
}

impl MeasuredHub {
    /// Starts a hub with the embedded store on an empty directory.
    pub async fn start(common: &Common) -> anyhow::Result<Self> {
        let directory = tempfile::Builder::new().prefix("hub-").tempdir_in(&common.out)?;
        bootstrap(&common.hub_bin, directory.path()).await?;
        let log = File::create(directory.path().join("hub.log"))?;
        let mut child = command(&common.hub_bin, directory.path())
            .arg("serve")
            .env("HUB_HTTP__LISTEN", "127.0.0.1:0")
            .env("HUB_MQTT__LISTEN", "127.0.0.1:0")
            .env("HUB_LIMITS__ENABLED", "false")
            .env("HUB_MQTT__RECEIVE_MAXIMUM", common.window.to_string())
            .env("HUB_LOG", "warn")
            .stderr(log)
            .spawn()
            .context("cannot start the hub")?;
        let pid = child.id().context("the hub ended at once")?;
        let addresses = addresses(&mut child, directory.path()).await?;
        let user = User::login(addresses.http, EMAIL, PASSWORD).await?;
        user.build(&common.plant()).await?;
        let credentials = user.credentials(common.connections).await?;
        Ok(Self { child, pid, addresses, user, credentials, directory })
    }

    /// Where devices connect.
    pub fn mqtt(&self) -> SocketAddr {
        self.addresses.mqtt
    }

    /// Where viewers connect.
    pub fn http(&self) -> SocketAddr {
        self.addresses.http
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Ends the hub in order; gives the most memory it had, in MiB.
    pub async fn stop(mut self) -> anyhow::Result<f64> {
        let peak = process::peak_memory_mib(self.pid)?;
        let asked = Command::new("kill").args(["-TERM", &self.pid.to_string()]).status().await?;
        ensure!(asked.success(), "the hub is gone");
        let status =
            tokio::time::timeout(STOP_TIMEOUT, self.child.wait()).await.context("the hub did not end")??;
        let log = std::fs::read_to_string(self.directory.path().join("hub.log")).unwrap_or_default();
        ensure!(status.success(), "the hub ended with {status}: {log}");
        Ok(peak)
    }
}

/// The hub as it is without configuration, whatever the environment of the measurement says.
fn command(hub_bin: &Path, directory: &Path) -> Command {
    let mut command = Command::new(hub_bin);
    command.env_remove("DATABASE_URL").env_remove("REDIS_URL").env_remove("MQTT_URL");
    command.env("HUB_DATA_DIR", directory).stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
    command
}

async fn bootstrap(hub_bin: &Path, directory: &Path) -> anyhow::Result<()> {
    let done = command(hub_bin, directory)
        .args(["admin", "bootstrap", "--tenant", TENANT, "--name", "Bench", "--email", EMAIL])
        .env("HUB_ADMIN_PASSWORD", PASSWORD)
        .stderr(Stdio::piped())
        .output()
        .await
        .with_context(|| format!("cannot run {}", hub_bin.display()))?;
    ensure!(done.status.success(), "bootstrap failed: {}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}

async fn addresses(child: &mut Child, directory: &Path) -> anyhow::Result<Addresses> {
    let deadline = tokio::time::Instant::now() + START_TIMEOUT;
    while tokio::time::Instant::now() < deadline {
        if let Ok(text) = std::fs::read_to_string(directory.join("hub.addr"))
            && let Ok(addresses) = serde_json::from_str(&text)
        {
            return Ok(addresses);
        }
        if let Some(status) = child.try_wait()? {
            let log = std::fs::read_to_string(directory.join("hub.log")).unwrap_or_default();
            bail!("the hub ended with {status}: {log}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    bail!("the hub is not ready after {START_TIMEOUT:?}")
}
