//! A plant at work: many devices that publish at the same time, and an account of what they may rely on.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actors::ports::EventLog;
use connectors::store::{SqliteOptions, SqliteStore};
use domain::ids::Seq;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

use crate::support::{
    ARTICLE, Credential, Device, Hub, Plant, Rest, SITE, Setup, TENANT, eventually, thousandths, topic,
};

const LINES: usize = 10;
const MACHINES: usize = 5;
/// Lines on which an order runs.
const LINES_WITH_ORDERS: usize = 4;
/// Messages of one device that wait for their PUBACK.
const IN_FLIGHT: usize = 4;
/// Events read at once.
const READ_PAGE: usize = 5_000;

/// What a message changes, in thousandths where it is a quantity.
#[derive(Clone, Debug)]
enum Effect {
    Parts { machine: (String, String), good: i64, scrap: i64 },
    Stock(i64),
    Nothing,
}

#[derive(Debug)]
struct Sent {
    id: String,
    effect: Effect,
    acknowledged: bool,
}

/// Fifty machines with a device each, and one device of the store room, all publishing until they are stopped.
pub struct Load {
    workers: JoinSet<Vec<Sent>>,
    stop: watch::Sender<bool>,
    acknowledged: Arc<AtomicUsize>,
}

/// What the devices sent, and which of it was acknowledged.
pub struct Account(Vec<Sent>);

/// Builds the plant for the load: lines, machines, orders that will run.
pub async fn build_plant() -> (Plant, Credential) {
    let plant = Plant::build(Setup::default().fixed_ports(), LINES, MACHINES).await;
    for line in 0..LINES_WITH_ORDERS {
        plant.rest.release_order(&order(line), ARTICLE, &format!("line-{line}"), 1_000_000).await;
    }
    let credential = plant.site_device().await;
    (plant, credential)
}

fn order(line: usize) -> String {
    format!("o-{line}")
}

impl Load {
    /// Starts every device; the seed decides what they say.
    pub fn start(plant: &Plant, credential: &Credential, seed: u64) -> Self {
        let (stop, stopped) = watch::channel(false);
        let acknowledged = Arc::<AtomicUsize>::default();
        let mut workers = JoinSet::new();
        for number in 0..=LINES * MACHINES {
            let source = Source::new(number, seed);
            let device = Device::connect(plant.hub.mqtt(), credential, &format!("device-{number}"));
            workers.spawn(work(device, source, stopped.clone(), Arc::clone(&acknowledged)));
        }
        Self { workers, stop, acknowledged }
    }

    /// How many messages were acknowledged so far.
    pub fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// Waits until so many more messages are acknowledged: the devices are back and at work.
    pub async fn goes_on(&self, more: usize) {
        let goal = self.acknowledged() + more;
        eventually("the devices' messages are acknowledged", async || {
            (self.acknowledged() >= goal).then_some(())
        })
        .await;
    }

    /// Switches the devices off, whatever they still wait for.
    pub async fn switch_off(self) -> Account {
        self.stop.send_replace(true);
        Account(self.workers.join_all().await.into_iter().flatten().collect())
    }
}

async fn work(
    device: Device,
    mut source: Source,
    mut stopped: watch::Receiver<bool>,
    acknowledged: Arc<AtomicUsize>,
) -> Vec<Sent> {
    let mut sent: Vec<Sent> = Vec::new();
    let mut waiting: VecDeque<(usize, oneshot::Receiver<()>)> = VecDeque::new();
    loop {
        while waiting.len() < IN_FLIGHT {
            let (topic, payload, effect) = source.next();
            let id = payload["id"].as_str().unwrap().to_owned();
            waiting.push_back((sent.len(), device.send(&topic, payload)));
            sent.push(Sent { id, effect, acknowledged: false });
        }
        let (oldest, receiver) = waiting.front_mut().unwrap();
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => break,
            outcome = receiver => {
                outcome.expect("the device is at work");
                sent[*oldest].acknowledged = true;
                waiting.pop_front();
                acknowledged.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
    for (number, mut receiver) in waiting {
        sent[number].acknowledged = receiver.try_recv().is_ok();
    }
    sent
}

/// What one device says, message by message.
struct Source {
    number: usize,
    random: StdRng,
    messages: usize,
    order_runs: bool,
}

impl Source {
    fn new(number: usize, seed: u64) -> Self {
        let random = StdRng::seed_from_u64(seed.wrapping_add(number as u64));
        Self { number, random, messages: 0, order_runs: false }
    }

    fn next(&mut self) -> (String, Value, Effect) {
        let place = self.messages;
        self.messages += 1;
        let id = format!("{}-{place}", self.number);
        if self.number == LINES * MACHINES {
            let quantity = self.random.random_range(1..=20);
            let payload = json!({"id": id, "kind": "receive", "article": ARTICLE, "quantity": quantity});
            return (format!("hub/v1/{TENANT}/{SITE}/stock"), payload, Effect::Stock(quantity * 1000));
        }
        let (line, machine) = (self.number / MACHINES, self.number % MACHINES);
        let (line_code, machine_code) = (format!("line-{line}"), format!("m{machine}"));
        let to = |channel| topic(&line_code, &machine_code, channel);
        if machine == 0 && line < LINES_WITH_ORDERS && place.is_multiple_of(17) {
            let action = match (place, self.order_runs) {
                (0, _) => "start",
                (_, true) => "pause",
                (_, false) => "resume",
            };
            self.order_runs = !self.order_runs;
            let payload = json!({"id": id, "order": order(line), "action": action});
            return (to("order"), payload, Effect::Nothing);
        }
        if place % 13 == 1 {
            let quantity = self.random.random_range(1..=9);
            let payload = json!({"id": id, "kind": "produce", "article": ARTICLE, "quantity": quantity});
            return (to("stock"), payload, Effect::Stock(quantity * 1000));
        }
        if place % 7 == 2 {
            let states = ["running", "idle", "down", "setup"];
            let state = states[self.random.random_range(0..states.len())];
            return (to("state"), json!({"id": id, "state": state}), Effect::Nothing);
        }
        if place % 11 == 3 {
            let payload = json!({"id": id, "values": {"load": self.random.random_range(0.0..100.0)}});
            return (to("measure"), payload, Effect::Nothing);
        }
        let (good, scrap) = (self.random.random_range(1..=5), self.random.random_range(0..=1));
        let effect = Effect::Parts {
            machine: (line_code.clone(), machine_code.clone()),
            good: good * 1000,
            scrap: scrap * 1000,
        };
        (to("count"), json!({"id": id, "good": good, "scrap": scrap}), effect)
    }
}

/// Good parts and scrap of each machine, by line and code.
type Parts = BTreeMap<(String, String), (i64, i64)>;

async fn shown_parts(rest: &Rest) -> Parts {
    let mut parts = Parts::new();
    for line in 0..LINES {
        let line = format!("line-{line}");
        let state = rest.line_state(&line).await;
        for (machine, shown) in state["machines"].as_object().unwrap() {
            let counted = (thousandths(&shown["good"]), thousandths(&shown["scrap"]));
            parts.insert((line.clone(), machine.clone()), counted);
        }
    }
    parts
}

async fn shown_progress(rest: &Rest) -> BTreeMap<String, i64> {
    let mut orders = BTreeMap::new();
    for line in 0..LINES_WITH_ORDERS {
        orders.insert(order(line), thousandths(&rest.order(&order(line)).await["good"]));
    }
    orders
}

/// What is in the log.
#[derive(Default)]
struct Logged {
    /// How often each id of a message is there.
    ids: BTreeMap<String, usize>,
    /// Good parts of the output machine while each order ran.
    orders: BTreeMap<String, i64>,
}

impl Logged {
    async fn read(hub: &Hub) -> Self {
        let options = SqliteOptions { migrate: false, ..SqliteOptions::default() };
        let store = SqliteStore::open(&hub.data_dir(), &options).await.unwrap();
        let mut logged = Self::default();
        for (stream, head) in store.heads().await.unwrap() {
            let mut seq = Seq(0);
            while seq < head {
                for event in store.read(&stream, seq, READ_PAGE).await.unwrap() {
                    assert_eq!(event.seq, seq.plus(1), "a gap in {stream}");
                    seq = event.seq;
                    logged.take(&serde_json::from_str(&event.payload).unwrap());
                }
            }
        }
        actors::ports::Store::close(&store).await;
        logged
    }

    fn take(&mut self, event: &Value) {
        if let Some(id) = event["receipt"]["id"].as_str() {
            *self.ids.entry(id.to_owned()).or_default() += 1;
        }
        if let (Some(order), true) = (event["order"].as_str(), event["output"] == true) {
            *self.orders.entry(order.to_owned()).or_default() += thousandths(&event["good"]);
        }
    }
}

impl Account {
    /// Every acknowledged message is in the log exactly once, every other one at most once, and nothing else is; what the
    /// hub shows follows from just these messages. How many there are, and how many of them nobody was told of.
    pub async fn check(&self, plant: &Plant) -> (usize, usize) {
        let mut logged = Logged::read(&plant.hub).await;
        let (mut found, mut untold, mut stock) = (0, 0, 0);
        let mut parts = Parts::new();
        for Sent { id, effect, acknowledged } in &self.0 {
            let Some(times) = logged.ids.remove(id) else {
                assert!(!acknowledged, "message {id} was acknowledged and is not in the log");
                continue;
            };
            assert_eq!(times, 1, "message {id} is in the log so often");
            found += 1;
            untold += usize::from(!acknowledged);
            match effect {
                Effect::Nothing => {}
                Effect::Stock(quantity) => stock += quantity,
                Effect::Parts { machine, good, scrap } => {
                    let sum = parts.entry(machine.clone()).or_default();
                    *sum = (sum.0 + good, sum.1 + scrap);
                }
            }
        }
        assert_eq!(logged.ids, BTreeMap::new(), "nobody sent these");
        assert_eq!(shown_parts(&plant.rest).await, parts, "the parts of the machines");
        assert_eq!(plant.rest.stock_thousandths(ARTICLE).await, stock, "the stock");
        eventually("the orders have progressed as the lines counted", async || {
            (shown_progress(&plant.rest).await == logged.orders).then_some(())
        })
        .await;
        (found, untold)
    }
}
