//! From a publish to the frame at a viewer of the line, at steady rates; all times from one process's clock.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use bytes::BytesMut;
use clap::Args;
use serde::Serialize;
use tokio::io::AsyncWriteExt;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::Common;
use crate::hub::MeasuredHub;
use crate::mqtt::{self, Acknowledgements, Credential};
use crate::plant;
use crate::reference::endpoint::ReferenceEndpoint;
use crate::reference::inserts;
use crate::report::{self, Conditions, Times};
use crate::viewers::{self, UnderWay};

/// What is sent before this is not counted: caches fill, and the first frames are whole views.
const WARM_UP: Duration = Duration::from_secs(2);
/// How long the last messages may take.
const PATIENCE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(5);
/// Commits of one row that are timed.
const SINGLE_COMMITS: usize = 1_000;
/// Messages that may wait for one connection's socket.
const QUEUE: usize = 1_024;

/// How latency is measured.
#[derive(Clone, Debug, Args)]
pub struct Options {
    #[command(flatten)]
    common: Common,
    /// Messages a second, over all connections; several are measured one after the other
    #[arg(long = "rate", default_values_t = [200, 1_000])]
    rates: Vec<u32>,
    /// How long each rate is measured, in seconds
    #[arg(long, default_value_t = 15)]
    seconds: u64,
}

#[derive(Debug, Serialize)]
struct AtRate {
    messages_per_second: u32,
    /// Publish → PUBACK at an endpoint that acknowledges at once, before and after the hub.
    bare_endpoint_before: Times,
    publish_to_puback: Times,
    publish_to_frame: Times,
    bare_endpoint_after: Times,
    frames: u64,
    messages_per_frame: f64,
}

#[derive(Debug, Serialize)]
struct Outcome {
    conditions: Conditions,
    connections: usize,
    lines: usize,
    machines: usize,
    /// One row, one commit, on the same disk.
    single_commit_before: Times,
    rates: Vec<AtRate>,
    single_commit_after: Times,
}

/// When the messages of a connection were sent that are not acknowledged yet, and how long the others took.
#[derive(Debug, Default)]
struct Acknowledged {
    waiting: VecDeque<Instant>,
    times: Vec<(Instant, Duration)>,
}

/// Connections that publish when they are told to.
struct Publishers {
    queues: Vec<mpsc::Sender<(usize, u64)>>,
    acknowledged: Vec<Arc<Mutex<Acknowledged>>>,
    writers: JoinSet<anyhow::Result<()>>,
    readers: JoinSet<anyhow::Result<()>>,
}

impl Publishers {
    async fn connect(
        common: &Common,
        address: SocketAddr,
        credentials: Option<&[Credential]>,
    ) -> anyhow::Result<Self> {
        let mut publishers = Self {
            queues: Vec::new(),
            acknowledged: Vec::new(),
            writers: JoinSet::new(),
            readers: JoinSet::new(),
        };
        for connection in 0..common.connections {
            let credential = credentials.and_then(|credentials| credentials.get(connection));
            let client_id = format!("bench-{connection}");
            let (writer, acknowledgements) = mqtt::connect(address, client_id, credential).await?;
            let (queue, waiting) = mpsc::channel(QUEUE);
            let acknowledged = Arc::new(Mutex::new(Acknowledged::default()));
            let topics = (0..common.plant().machines()).map(|machine| common.plant().count_topic(machine));
            publishers.writers.spawn(write(topics.collect(), waiting, writer));
            publishers.readers.spawn(read(acknowledgements, Arc::clone(&acknowledged)));
            publishers.queues.push(queue);
            publishers.acknowledged.push(acknowledged);
        }
        Ok(publishers)
    }

    /// Sends a machine's message over its connection.
    fn send(&self, connection: usize, machine: usize, number: u64, at: Instant) -> anyhow::Result<()> {
        lock(&self.acknowledged[connection]).waiting.push_back(at);
        self.queues[connection].try_send((machine, number)).context("a connection does not keep up")
    }

    fn waiting(&self) -> usize {
        self.acknowledged.iter().map(|connection| lock(connection).waiting.len()).sum()
    }

    /// Takes what was acknowledged: when each message was sent, and how long its PUBACK took.
    fn take_acknowledged(&self) -> Vec<(Instant, Duration)> {
        self.acknowledged.iter().flat_map(|connection| std::mem::take(&mut lock(connection).times)).collect()
    }

    /// Fails if a connection has.
    fn check(&mut self) -> anyhow::Result<()> {
        match self.writers.try_join_next().or_else(|| self.readers.try_join_next()) {
            Some(ended) => ended?.and_then(|()| bail!("a publisher ended early")),
            None => Ok(()),
        }
    }

    /// Lets every device say goodbye.
    async fn leave(mut self) -> anyhow::Result<()> {
        self.queues.clear();
        while let Some(ended) = self.writers.join_next().await {
            ended??;
        }
        Ok(())
    }
}

fn lock(acknowledged: &Mutex<Acknowledged>) -> std::sync::MutexGuard<'_, Acknowledged> {
    acknowledged.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn write(
    topics: Vec<String>,
    mut waiting: mpsc::Receiver<(usize, u64)>,
    mut writer: OwnedWriteHalf,
) -> anyhow::Result<()> {
    let mut packet = BytesMut::new();
    let mut sent = 0;
    while let Some((machine, number)) = waiting.recv().await {
        packet.clear();
        mqtt::encode_publish(&topics[machine], plant::one_more(machine, number)?, sent, &mut packet)?;
        writer.write_all(&packet).await?;
        sent += 1;
    }
    mqtt::disconnect(writer).await
}

async fn read(
    mut acknowledgements: Acknowledgements,
    acknowledged: Arc<Mutex<Acknowledged>>,
) -> anyhow::Result<()> {
    loop {
        let number = usize::try_from(acknowledgements.take().await?)?;
        let at = Instant::now();
        let mut acknowledged = lock(&acknowledged);
        let Acknowledged { waiting, times } = &mut *acknowledged;
        ensure!(number <= waiting.len(), "more was acknowledged than was sent");
        times.extend(waiting.drain(..number).map(|sent| (sent, at.saturating_duration_since(sent))));
    }
}

/// Measures and reports.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let common = &options.common;
    std::fs::create_dir_all(&common.out)?;
    let conditions = Conditions::before();
    let single_commit_before = single_commits(common).await?;
    let mut rates = Vec::with_capacity(options.rates.len());
    for rate in &options.rates {
        report::print(&format!("latency at {rate} messages/s"))?;
        rates.push(at_rate(&options, *rate).await?);
    }
    let outcome = Outcome {
        single_commit_before,
        rates,
        single_commit_after: single_commits(common).await?,
        conditions: conditions.after(),
        connections: common.connections,
        lines: common.lines,
        machines: common.plant().machines(),
    };
    print_outcome(&outcome)?;
    report::write_json(&common.out, "latency", &outcome)
}

async fn single_commits(common: &Common) -> anyhow::Result<Times> {
    Times::of(inserts::single(&common.out, SINGLE_COMMITS).await?)
}

fn print_outcome(outcome: &Outcome) -> anyhow::Result<()> {
    let row = |name: String, times: &Times| std::iter::once(name).chain(times.cells()).collect::<Vec<_>>();
    let mut rows = vec![row("one row, one commit (before)".to_owned(), &outcome.single_commit_before)];
    for at in &outcome.rates {
        let rate = at.messages_per_second;
        rows.push(row(
            format!("{rate}/s bare endpoint, publish → PUBACK (before)"),
            &at.bare_endpoint_before,
        ));
        rows.push(row(format!("{rate}/s hub, publish → PUBACK"), &at.publish_to_puback));
        rows.push(row(format!("{rate}/s hub, publish → frame"), &at.publish_to_frame));
        rows.push(row(format!("{rate}/s bare endpoint, publish → PUBACK (after)"), &at.bare_endpoint_after));
    }
    rows.push(row("one row, one commit (after)".to_owned(), &outcome.single_commit_after));
    report::print_table(&["", "samples", "p50 ms", "p95 ms", "p99 ms", "max ms"], &rows)?;
    for at in &outcome.rates {
        let (rate, per_frame) = (at.messages_per_second, at.messages_per_frame);
        report::print(&format!("{rate}/s: {} frames, {per_frame:.2} messages each", at.frames))?;
    }
    report::print(&format!("{:?}", outcome.conditions))
}

async fn at_rate(options: &Options, rate: u32) -> anyhow::Result<AtRate> {
    let bare_endpoint_before = bare_endpoint(options, rate).await?;
    let hub = MeasuredHub::start(&options.common).await?;
    let under_way = Arc::new(UnderWay::new(&options.common.plant()));
    let mut sessions = JoinSet::new();
    for line in 0..options.common.lines {
        sessions.spawn(viewers::look_at(hub.http(), &hub.user.token, line, &under_way).await?);
    }
    let mut publishers = Publishers::connect(&options.common, hub.mqtt(), Some(&hub.credentials)).await?;
    let counted_from = publish(options, rate, &mut publishers, Some(&under_way)).await?;
    if let Some(ended) = sessions.try_join_next() {
        ended??;
    }
    let publish_to_puback = times(publishers.take_acknowledged(), counted_from)?;
    let seen = under_way.take_seen();
    let frames = under_way.frames();
    let messages_per_frame = seen.len() as f64 / frames as f64;
    let publish_to_frame = times(seen, counted_from)?;
    publishers.leave().await?;
    drop(sessions);
    hub.stop().await?;
    let bare_endpoint_after = bare_endpoint(options, rate).await?;
    Ok(AtRate {
        messages_per_second: rate,
        bare_endpoint_before,
        publish_to_puback,
        publish_to_frame,
        bare_endpoint_after,
        frames,
        messages_per_frame,
    })
}

async fn bare_endpoint(options: &Options, rate: u32) -> anyhow::Result<Times> {
    let endpoint = ReferenceEndpoint::start(&options.common).await?;
    let mut publishers = Publishers::connect(&options.common, endpoint.address, None).await?;
    let counted_from = publish(options, rate, &mut publishers, None).await?;
    times(publishers.take_acknowledged(), counted_from)
}

fn times(measured: Vec<(Instant, Duration)>, from: Instant) -> anyhow::Result<Times> {
    Times::of(measured.into_iter().filter(|(sent, _)| *sent >= from).map(|(_, took)| took).collect())
}

/// Publishes at a steady rate, whatever comes back, then waits for the last; gives from when on it counts.
async fn publish(
    options: &Options,
    rate: u32,
    publishers: &mut Publishers,
    under_way: Option<&Arc<UnderWay>>,
) -> anyhow::Result<Instant> {
    let common = &options.common;
    let (plant, connections) = (common.plant(), common.connections);
    let owner: Vec<usize> = (0..connections)
        .flat_map(|connection| plant.machines_of(connection, connections).map(move |_| connection))
        .collect();
    let length = WARM_UP + Duration::from_secs(options.seconds);
    let mut pace = tokio::time::interval(Duration::from_secs(1) / rate);
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut numbers = vec![0; plant.machines()];
    let started = Instant::now();
    // Neighbours in time are on different lines, as machines of a plant are.
    let stride = plant.machines_per_line;
    let machine_at = |n: usize| (n * stride + n / common.lines) % plant.machines();
    for n in 0.. {
        pace.tick().await;
        let at = Instant::now();
        if at - started >= length {
            break;
        }
        let machine = machine_at(n);
        numbers[machine] = match under_way {
            Some(under_way) => under_way.leaves(machine, at),
            None => numbers[machine] + 1,
        };
        publishers.send(owner[machine], machine, numbers[machine], at)?;
    }
    let deadline = Instant::now() + PATIENCE;
    while publishers.waiting() > 0 || under_way.is_some_and(|under_way| under_way.unseen() > 0) {
        publishers.check()?;
        let unseen = under_way.map_or(0, |under_way| under_way.unseen());
        ensure!(
            Instant::now() < deadline,
            "{} messages were not acknowledged, {unseen} not shown",
            publishers.waiting()
        );
        tokio::time::sleep(POLL).await;
    }
    Ok(started + WARM_UP)
}
