//! Logs on stderr: text for people at a terminal, JSON lines for machines.

use std::io::IsTerminal;
use std::panic::PanicHookInfo;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::prelude::*;

/// Servers beneath ours tell of every thread; a filter that names them gets that all the same.
const LESS_OF: &str = "ntex=warn,actix_server=warn";

/// Starts to log what the filter lets through. Only the first call has an effect.
pub(crate) fn start(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(format!("{LESS_OF},{filter}"))?;
    let registry = tracing_subscriber::registry().with(filter);
    let to_stderr = layer().with_writer(std::io::stderr);
    let started = if std::io::stderr().is_terminal() {
        registry.with(to_stderr.with_target(false)).try_init()
    } else {
        registry.with(to_stderr.json().flatten_event(true).with_current_span(false)).try_init()
    };
    if started.is_ok() {
        std::panic::set_hook(Box::new(log_panic));
    }
    Ok(())
}

/// A panic is one line with its thread, which for an actor is that of its arbiter; the tree restarts the actor.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let thread = std::thread::current();
    let place = panic.location().map(ToString::to_string);
    let message = panic.payload_as_str().unwrap_or("not a text");
    tracing::error!(thread = thread.name(), place, message, "panicked");
}
