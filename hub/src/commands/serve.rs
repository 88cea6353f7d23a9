//! `hub serve`: runs until it is asked to end.

use std::process::ExitCode;
use std::sync::Arc;

use actors::clock::SystemClock;

use crate::assembly::Assembly;
use crate::config::Config;
use crate::shutdown::Shutdown;

pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let mut shutdown = Shutdown::listen()?;
    // A start can take as long as the store keeps it waiting.
    let mut assembly = tokio::select! {
        started = Assembly::start(config, Arc::new(SystemClock)) => started?,
        signal = shutdown.requested() => {
            tracing::info!(signal, "asked to end before the start was complete");
            return Ok(ExitCode::SUCCESS);
        }
    };
    if let Err(error) = assembly.announce(config) {
        assembly.stop().await;
        return Err(error.into());
    }
    let signal = shutdown.requested().await;
    Ok(end(assembly, shutdown, signal).await)
}

/// Ends a hub gracefully; another signal cuts it off.
pub(crate) async fn end(assembly: Assembly, shutdown: Shutdown, signal: &'static str) -> ExitCode {
    tracing::info!(signal, "ending");
    shutdown.end_at_next();
    if assembly.stop().await {
        tracing::info!("ended");
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
