//! A bare MQTT endpoint on the hub's own protocol library: reads every message and acknowledges it at once.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::process::Stdio;

use anyhow::Context;
use clap::Args;
use ntex::rt::{DefaultRuntime, System};
use ntex::server::ServerBuilder;
use ntex::service::cfg::SharedCfg;
use ntex_mqtt::{MqttServer, MqttServiceConfig, v3, v5};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::Common;

const SERVICE: &str = "reference";
/// As many threads as the hub's endpoint has by default.
const WORKERS: usize = 2;

/// How the endpoint is started.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Messages of one connection that may be under way
    #[arg(long)]
    window: u16,
}

#[derive(Debug)]
struct ServiceError;

impl From<()> for ServiceError {
    fn from((): ()) -> Self {
        Self
    }
}

impl TryFrom<ServiceError> for v5::PublishAck {
    type Error = ServiceError;

    fn try_from(error: ServiceError) -> Result<Self, ServiceError> {
        Err(error)
    }
}

/// Serves until the process is killed.
pub fn serve(options: &Options) -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
    let mqtt = MqttServiceConfig::new().set_max_receive(options.window);
    let config: SharedCfg = SharedCfg::new("MQTT").add(mqtt).into();
    System::build().name(SERVICE).build(DefaultRuntime).block_on(async move {
        ServerBuilder::new()
            .workers(WORKERS)
            .listen(SERVICE, listener, async |_| {
                let v3 = v3::MqttServer::new(async |connect: v3::Handshake| {
                    Ok::<_, ServiceError>(connect.ack((), false))
                })
                .publish(async |publish: v3::Publish| {
                    publish.read_all().await.map(drop).map_err(|_| ServiceError)
                });
                let v5 = v5::MqttServer::new(async |connect: v5::Handshake| {
                    Ok::<_, ServiceError>(connect.ack(()))
                })
                .publish(async |publish: v5::Publish| Ok::<_, ServiceError>(publish.ack()));
                MqttServer::new().v3(v3).v5(v5)
            })?
            .config(SERVICE, config)
            .run()
            .await
    })?;
    Ok(())
}

/// The endpoint as a process of its own, as the hub is one; it ends when this is dropped.
pub struct ReferenceEndpoint {
    _child: Child,
    /// The process.
    pub pid: u32,
    /// Where it listens.
    pub address: SocketAddr,
}

impl ReferenceEndpoint {
    /// Starts it.
    pub async fn start(common: &Common) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["reference-endpoint", "--window", &common.window.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start the reference endpoint")?;
        let pid = child.id().context("the reference endpoint ended at once")?;
        let stdout = child.stdout.take().context("the reference endpoint has no output")?;
        let line = BufReader::new(stdout).lines().next_line().await?;
        let address = line.context("the reference endpoint said nothing")?.parse()?;
        Ok(Self { _child: child, pid, address })
    }
}
