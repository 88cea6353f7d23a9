//! `hub replay`: sends a recording to an MQTT endpoint, as the machine itself would.

use std::process::ExitCode;
use std::sync::Arc;

use actors::clock::SystemClock;
use anyhow::Context;
use connectors::feeds::mapping::ReplayHints;
use connectors::feeds::mqtt_publisher::{MqttPublisher, MqttTarget};
use connectors::feeds::replay::{ClockPace, ReplayOptions, RunId, play};
use connectors::feeds::{self, Mapping};
use jiff::SignedDuration;
use uuid::Uuid;

use super::print;
use crate::cli::ReplayArgs;

pub(super) async fn run(args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    let map = args.map.as_deref().map(Mapping::load).transpose()?.map(Arc::new);
    // A file that cannot be read is told before anything is sent.
    drop(feeds::open(&args.file, args.format, map.clone())?);
    let hints = map.as_ref().map_or_else(ReplayHints::default, |map| map.replay);
    let max_gap = args.max_gap.unwrap_or(hints.max_gap);
    anyhow::ensure!(max_gap > SignedDuration::ZERO, "--max-gap must be more than 0");
    let options = ReplayOptions { speed: args.speed.unwrap_or(hints.speed), max_gap, repeat: args.repeat };
    let publisher = MqttPublisher::start(MqttTarget {
        host: args.host.clone(),
        port: args.port,
        client_id: format!("replay-{}", Uuid::new_v4().simple()),
        credentials: args.username.clone().zip(args.token.clone()),
        max_in_flight: args.in_flight,
    });
    let pace = ClockPace::new(Arc::new(SystemClock));
    let open = || feeds::open(&args.file, args.format, map.clone());
    let report = play(open, options, &RunId::random(), &publisher, &pace).await;
    let report = report.with_context(|| format!("cannot replay {}", args.file.display()))?;
    print(&format!(
        "published {} messages, {} of them late; {} lines could not be read",
        report.published, report.late, report.unreadable_lines
    ))?;
    Ok(ExitCode::SUCCESS)
}
