//! Durable ingest: as fast as the window allows, until the last PUBACK and the last row, beside its two references.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use bytes::BytesMut;
use clap::Args;
use serde::Serialize;
use tokio::io::AsyncWriteExt;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::Common;
use crate::hub::MeasuredHub;
use crate::mix::{Messages, Mix};
use crate::mqtt::{self, Acknowledgements, Credential};
use crate::process;
use crate::reference::endpoint::ReferenceEndpoint;
use crate::reference::inserts;
use crate::report::{self, Conditions, median};

const ROW_POLL: Duration = Duration::from_millis(5);
const ROW_PATIENCE: Duration = Duration::from_secs(30);

/// How durable ingest is measured.
#[derive(Clone, Debug, Args)]
pub struct Options {
    #[command(flatten)]
    common: Common,
    /// Messages of each round
    #[arg(long, default_value_t = 100_000)]
    messages: usize,
    /// Which messages
    #[arg(long, value_enum, default_value_t = Mix::Counts)]
    mix: Mix,
    /// Rounds; each measures the references and the hub, one after the other
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// Something took so many messages in so long.
#[derive(Clone, Copy, Debug, Serialize)]
struct Rate {
    seconds: f64,
    per_second: f64,
    /// Processor time of the process that took them, for each.
    cpu_us_per_message: Option<f64>,
    /// The most memory that it had.
    peak_memory_mib: Option<f64>,
}

impl Rate {
    fn new(messages: usize, took: Duration) -> Self {
        let seconds = took.as_secs_f64();
        let per_second = messages as f64 / seconds;
        Self { seconds, per_second, cpu_us_per_message: None, peak_memory_mib: None }
    }
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Round {
    bare_endpoint: Rate,
    hub: Rate,
    bare_inserts: Rate,
    ratio_to_endpoint: f64,
    ratio_to_inserts: f64,
}

#[derive(Debug, Serialize)]
struct Outcome {
    conditions: Conditions,
    mix: Mix,
    messages: usize,
    connections: usize,
    lines: usize,
    machines: usize,
    window: u16,
    rounds: Vec<Round>,
    median_ratio_to_endpoint: f64,
    median_ratio_to_inserts: f64,
}

/// The packets of one connection, encoded before the clock starts.
struct Script {
    bytes: BytesMut,
    /// Where each packet ends.
    ends: Vec<usize>,
}

impl Script {
    fn new(messages: &Messages) -> anyhow::Result<Self> {
        ensure!(
            !messages.all.is_empty(),
            "a connection has nothing to send: fewer connections or more machines"
        );
        let mut script = Self { bytes: BytesMut::new(), ends: Vec::with_capacity(messages.all.len()) };
        for (number, (topic, payload)) in messages.all.iter().enumerate() {
            mqtt::encode_publish(topic, payload.clone(), number as u64, &mut script.bytes)?;
            script.ends.push(script.bytes.len());
        }
        Ok(script)
    }
}

/// What every connection sends; made before the clock starts.
fn messages(options: &Options) -> anyhow::Result<Vec<Messages>> {
    let common = &options.common;
    options.mix.messages(&common.plant(), common.connections, options.messages)
}

/// Measures and reports.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let common = &options.common;
    std::fs::create_dir_all(&common.out)?;
    let conditions = Conditions::before();
    let mut rounds = Vec::with_capacity(options.rounds);
    for number in 1..=options.rounds {
        report::print(&format!("ingest, round {number} of {}", options.rounds))?;
        rounds.push(round(&options).await?);
    }
    print_rounds(&rounds)?;
    let outcome = Outcome {
        conditions: conditions.after(),
        mix: options.mix,
        messages: options.messages,
        connections: common.connections,
        lines: common.lines,
        machines: common.plant().machines(),
        window: common.window,
        median_ratio_to_endpoint: median(rounds.iter().map(|round| round.ratio_to_endpoint)),
        median_ratio_to_inserts: median(rounds.iter().map(|round| round.ratio_to_inserts)),
        rounds,
    };
    report::print(&format!(
        "hub / bare endpoint {:.2}, hub / bare inserts {:.2} (medians); {:?}",
        outcome.median_ratio_to_endpoint, outcome.median_ratio_to_inserts, outcome.conditions
    ))?;
    report::write_json(&common.out, options.mix.result_name(), &outcome)
}

/// Reference, hub, reference: what disturbs the machine for a while disturbs all of them.
async fn round(options: &Options) -> anyhow::Result<Round> {
    let bare_endpoint = through_endpoint(options).await?;
    let hub = through_hub(options).await?;
    let took = inserts::batched(&options.common.out, options.messages).await?;
    let bare_inserts = Rate::new(options.messages, took);
    Ok(Round {
        bare_endpoint,
        hub,
        bare_inserts,
        ratio_to_endpoint: hub.per_second / bare_endpoint.per_second,
        ratio_to_inserts: hub.per_second / bare_inserts.per_second,
    })
}

fn print_rounds(rounds: &[Round]) -> anyhow::Result<()> {
    let row = |number: usize, name: &str, rate: &Rate| {
        let optional = |figure: Option<f64>| figure.map_or_else(String::new, |figure| format!("{figure:.1}"));
        vec![
            format!("{number} {name}"),
            format!("{:.0}", rate.per_second),
            format!("{:.2}", rate.seconds),
            optional(rate.cpu_us_per_message),
            optional(rate.peak_memory_mib),
        ]
    };
    let rows = rounds.iter().zip(1..).flat_map(|(round, number)| {
        [
            row(number, "bare endpoint", &round.bare_endpoint),
            row(number, "hub", &round.hub),
            row(number, "bare inserts", &round.bare_inserts),
        ]
    });
    report::print_table(
        &["round", "messages/s", "s", "CPU µs/message", "peak MiB"],
        &rows.collect::<Vec<_>>(),
    )
}

async fn through_endpoint(options: &Options) -> anyhow::Result<Rate> {
    let endpoint = ReferenceEndpoint::start(&options.common).await?;
    let cpu_before = process::cpu_time(endpoint.pid)?;
    let started = publish_all(options, &messages(options)?, endpoint.address, None).await?;
    let rate = Rate::new(options.messages, started.elapsed());
    let cpu = process::cpu_time(endpoint.pid)? - cpu_before;
    let peak_memory_mib = Some(process::peak_memory_mib(endpoint.pid)?);
    Ok(Rate { cpu_us_per_message: Some(per_message(cpu, options)), peak_memory_mib, ..rate })
}

async fn through_hub(options: &Options) -> anyhow::Result<Rate> {
    let hub = MeasuredHub::start(&options.common).await?;
    let messages = messages(options)?;
    let told = messages.iter().map(|messages| messages.good).sum();
    let cpu_before = process::cpu_time(hub.pid())?;
    let started = publish_all(options, &messages, hub.mqtt(), Some(&hub.credentials)).await?;
    last_row(options, &hub, told).await?;
    let rate = Rate::new(options.messages, started.elapsed());
    let cpu = process::cpu_time(hub.pid())? - cpu_before;
    let peak_memory_mib = Some(hub.stop().await?);
    Ok(Rate { cpu_us_per_message: Some(per_message(cpu, options)), peak_memory_mib, ..rate })
}

fn per_message(cpu: Duration, options: &Options) -> f64 {
    cpu.as_secs_f64() * 1e6 / options.messages as f64
}

/// When the lines have counted every part that was told, the last count is committed.
async fn last_row(options: &Options, hub: &MeasuredHub, wanted: u64) -> anyhow::Result<()> {
    let plant = options.common.plant();
    let deadline = Instant::now() + ROW_PATIENCE;
    loop {
        let counted = hub.user.good_parts(&plant).await?;
        ensure!(counted <= wanted, "{counted} parts were counted, {wanted} were told");
        if counted == wanted {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "{counted} of {wanted} parts that were told were counted");
        tokio::time::sleep(ROW_POLL).await;
    }
}

/// Publishes everything over all connections until the last PUBACK; gives when the first message left.
async fn publish_all(
    options: &Options,
    messages: &[Messages],
    address: SocketAddr,
    credentials: Option<&[Credential]>,
) -> anyhow::Result<Instant> {
    let common = &options.common;
    let ready = Arc::new(Barrier::new(common.connections + 1));
    let mut publishers = JoinSet::new();
    for (connection, messages) in messages.iter().enumerate() {
        let script = Script::new(messages)?;
        let credential = credentials.and_then(|credentials| credentials.get(connection));
        let (writer, acknowledgements) =
            mqtt::connect(address, format!("bench-{connection}"), credential).await?;
        let (ready, window) = (Arc::clone(&ready), usize::from(common.window));
        publishers.spawn(async move {
            ready.wait().await;
            publish(script, window, writer, acknowledgements).await
        });
    }
    ready.wait().await;
    let started = Instant::now();
    while let Some(publisher) = publishers.join_next().await {
        publisher??;
    }
    Ok(started)
}

/// Keeps the window full until everything is acknowledged.
async fn publish(
    script: Script,
    window: usize,
    mut writer: OwnedWriteHalf,
    mut acknowledgements: Acknowledgements,
) -> anyhow::Result<()> {
    let (mut sent, mut acknowledged) = (0, 0);
    while acknowledged < script.ends.len() {
        let next = script.ends.len().min(acknowledged + window);
        if next > sent {
            let from = sent.checked_sub(1).map_or(0, |last| script.ends[last]);
            writer.write_all(&script.bytes[from..script.ends[next - 1]]).await?;
            sent = next;
        }
        acknowledged += usize::try_from(acknowledgements.take().await?)?;
    }
    mqtt::disconnect(writer).await
}
