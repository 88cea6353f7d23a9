//! `hub migrate`, `hub rebuild` and `hub verify`: the store by itself, without a hub on it or beside one.

use std::process::ExitCode;

use actors::verify::Report;

use super::{print, require_database};
use crate::assembly::open_store;
use crate::config::Config;
use crate::data_dir::StoreLock;

pub(super) async fn migrate(config: &Config) -> anyhow::Result<ExitCode> {
    let store = open_store(config, true).await?;
    store.close().await;
    print(&format!("{} has the schema of this version", config.database().display()))?;
    Ok(ExitCode::SUCCESS)
}

/// A hub that runs would write projections of its own meanwhile, so there must be none.
pub(super) async fn rebuild(config: &Config) -> anyhow::Result<ExitCode> {
    let database = config.database();
    require_database(&database)?;
    let _lock = StoreLock::take(&database)?;
    let store = open_store(config, false).await?;
    let rebuilt = actors::verify::rebuild(store.as_ref()).await;
    store.close().await;
    conclude(&rebuilt?, "the projections were made again")
}

pub(super) async fn verify(config: &Config) -> anyhow::Result<ExitCode> {
    let database = config.database();
    require_database(&database)?;
    if StoreLock::take(&database).is_err() {
        super::eprintln_or_ignore("a hub runs on this store: what it writes meanwhile may look wrong");
    }
    let store = open_store(config, false).await?;
    let verified = actors::verify::run(store.as_ref()).await;
    store.close().await;
    conclude(&verified?, "the log, the projections and the stock agree")
}

/// Prints what is wrong, or that nothing is.
fn conclude(report: &Report, well: &str) -> anyhow::Result<ExitCode> {
    for finding in &report.findings {
        print(&finding.to_string())?;
    }
    let Report { streams, events, findings } = report;
    if findings.is_empty() {
        print(&format!("{well}: {events} events in {streams} streams"))?;
        return Ok(ExitCode::SUCCESS);
    }
    print(&format!("{} findings in {events} events of {streams} streams", findings.len()))?;
    Ok(ExitCode::FAILURE)
}
