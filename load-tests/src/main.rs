//! The program `load`: drives a hub from outside and prints what it measured beside references of the same run.

mod hub;
mod ingest;
mod latency;
mod mix;
mod mqtt;
mod plant;
mod process;
mod reference;
mod report;
mod rest;
mod viewers;

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};

/// Measures a hub. No figure is judged: machines differ, so each stands beside a reference of the same run.
#[derive(Debug, Parser)]
#[command(name = "load", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// How many messages a second become durable, until the last PUBACK and the last row
    Ingest(ingest::Options),
    /// How long from a publish to the frame at a viewer of its line
    Latency(latency::Options),
    /// An MQTT endpoint that acknowledges at once; prints its address (the other commands start it themselves)
    #[command(hide = true)]
    ReferenceEndpoint(reference::endpoint::Options),
}

/// What every measurement needs to know.
#[derive(Clone, Debug, Args)]
struct Common {
    /// The hub to measure
    #[arg(long, env = "HUB_BIN", value_name = "FILE")]
    hub_bin: PathBuf,
    /// Where the JSON goes; the databases are made below it too, so it says which disk is measured
    #[arg(long, default_value = "target/bench", value_name = "DIR")]
    out: PathBuf,
    /// Publishing connections
    #[arg(long, default_value_t = 50)]
    connections: usize,
    /// Lines
    #[arg(long, default_value_t = 40)]
    lines: usize,
    /// Machines of each line
    #[arg(long, default_value_t = 5)]
    machines_per_line: usize,
    /// Messages of one connection that may wait for their PUBACK
    #[arg(long, default_value_t = 64)]
    window: u16,
}

impl Common {
    fn plant(&self) -> plant::Plant {
        plant::Plant { lines: self.lines, machines_per_line: self.machines_per_line }
    }
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        // The endpoint has a runtime of its own.
        Command::ReferenceEndpoint(options) => reference::endpoint::serve(&options),
        Command::Ingest(options) => run(ingest::run(options)),
        Command::Latency(options) => run(latency::run(options)),
    }
}

fn run(measurement: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::runtime::Runtime::new().context("cannot start the runtime")?.block_on(measurement)
}
