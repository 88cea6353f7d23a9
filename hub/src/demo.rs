//! `hub demo`: a plant of recorded and of simulated machines, which speak real MQTT to the hub of this very process.

mod crew;
mod devices;
mod feeds;
mod gateway;
mod orders;
mod places;
mod plan;
mod start;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use actors::clock::{Clock, SystemClock};
use anyhow::Context;

use crate::assembly::Assembly;
use crate::cli::DemoArgs;
use crate::commands::{print, serve};
use crate::config::{Config, MqttListen};
use crate::shutdown::Shutdown;

/// Runs the demo until it is asked to end. What the data directory holds goes on, what is missing is made.
pub(crate) async fn run(config: &Config, args: &DemoArgs) -> anyhow::Result<ExitCode> {
    let mqtt = check_loopback(config)?;
    let mut shutdown = Shutdown::listen()?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let plan = plan::Plan::load()?;
    let feeds = feeds::all(args.speed)?;
    let mut assembly = Assembly::start(config, Arc::clone(&clock)).await.with_context(|| {
        format!(
            "cannot start the demo (HUB_HTTP__LISTEN={} and HUB_MQTT__LISTEN={mqtt} may be set to other ports)",
            config.http.listen
        )
    })?;
    let opened = start::open(config, &assembly, plan, feeds, args).await;
    let announced = opened.and_then(|players| {
        assembly.announce(config)?;
        Ok(players)
    });
    let mut players = match announced {
        Ok(players) => players,
        Err(error) => {
            assembly.stop().await;
            return Err(error);
        }
    };
    greet(&assembly)?;
    let signal = loop {
        tokio::select! {
            signal = shutdown.requested() => break signal,
            // A feed ends only when its credential is refused, for example because somebody revoked it.
            Some(ended) = players.join_next() => tracing::error!(?ended, "a feed of the demo ended"),
        }
    };
    players.shutdown().await;
    Ok(serve::end(assembly, shutdown, signal).await)
}

/// The demo's passwords are known to everybody, so nobody else may reach it.
fn check_loopback(config: &Config) -> anyhow::Result<SocketAddr> {
    let MqttListen::At(mqtt) = config.mqtt.listen else {
        anyhow::bail!("the demo needs the built-in MQTT endpoint, but mqtt.listen is off");
    };
    for (key, address) in [("http.listen", config.http.listen), ("mqtt.listen", mqtt)] {
        anyhow::ensure!(
            address.ip().is_loopback(),
            "the demo listens on loopback only, because everybody knows its passwords; {key} is {address}"
        );
    }
    Ok(mqtt)
}

fn greet(assembly: &Assembly) -> anyhow::Result<()> {
    let addresses = assembly.addresses();
    print(&format!("\nThe demo plant runs: open http://{}/\n", addresses.http))?;
    for (email, _, _) in places::USERS {
        print(&format!("  {email:<24} password {}", places::PASSWORD))?;
    }
    if let Some(mqtt) = addresses.mqtt {
        print(&format!(
            "\nIts machines publish to mqtt://{mqtt}. End it with Ctrl-C; another start goes on."
        ))?;
    }
    Ok(())
}
