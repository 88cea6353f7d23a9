//! Random work with crashes of lines and the site at random moments: nothing is lost, nothing is counted twice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use actors::CommandError;
use actors::fault::PANIC_REASON;
use actors::ingest::ItemOutcome;
use actors::ports::Store;
use actors::supervision::RestartPolicy;
use connectors::store::{SqliteOptions, SqliteStore};
use domain::Code;
use domain::vocabulary::OrderAction;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};

use crate::plant::{Plant, eventually, site};

const LINES: [&str; 2] = ["press", "saw"];
const MACHINES: [&str; 2] = ["m1", "m2"];
/// Runs on the press all the time, so that what the press counts is known to be its.
const STEADY: &str = "steady";
/// These come and go on the saw.
const ORDERS: [&str; 2] = ["a", "b"];
const STOCK_KINDS: [&str; 4] = ["receive", "consume", "adjust", "issue"];

#[derive(Clone, Debug)]
enum Step {
    Count {
        line: usize,
        machine: usize,
        good: u8,
        scrap: u8,
    },
    Total {
        line: usize,
        step: u8,
    },
    State {
        line: usize,
        machine: usize,
        running: bool,
    },
    Order {
        order: usize,
        action: OrderAction,
    },
    Stock {
        kind: usize,
        quantity: u8,
        by_machine: bool,
    },
    CrashLine {
        line: usize,
    },
    CrashSite,
    /// Everything so far has its outcome; messages of the burst that were accepted are sent once more.
    Settle,
}

fn step() -> impl Strategy<Value = Step> {
    let action = prop::sample::select(vec![
        OrderAction::Start,
        OrderAction::Pause,
        OrderAction::Resume,
        OrderAction::Complete,
    ]);
    prop_oneof![
        8 => (0..2_usize, 0..2_usize, 0..9_u8, 0..3_u8)
            .prop_map(|(line, machine, good, scrap)| Step::Count { line, machine, good, scrap }),
        3 => (0..2_usize, 0..9_u8).prop_map(|(line, step)| Step::Total { line, step }),
        3 => (0..2_usize, 0..2_usize, any::<bool>())
            .prop_map(|(line, machine, running)| Step::State { line, machine, running }),
        3 => (0..2_usize, action).prop_map(|(order, action)| Step::Order { order, action }),
        4 => (0..4_usize, 1..20_u8, any::<bool>())
            .prop_map(|(kind, quantity, by_machine)| Step::Stock { kind, quantity, by_machine }),
        2 => (0..2_usize).prop_map(|line| Step::CrashLine { line }),
        1 => Just(Step::CrashSite),
        2 => Just(Step::Settle),
    ]
}

/// A message on its way and what it is worth if it is accepted.
#[derive(Clone)]
struct Sent {
    topic: String,
    payload: Value,
    /// Line, machine, good, scrap.
    parts: Option<(usize, usize, u64, u64)>,
    stock: i64,
    poison: bool,
}

/// What must come out.
#[derive(Default)]
struct Model {
    good: BTreeMap<(usize, usize), u64>,
    scrap: BTreeMap<(usize, usize), u64>,
    stock: i64,
    /// The running totals of the third machine of each line: the first that was sent, and the newest.
    totals: [Option<(u64, u64)>; 2],
    ids: u64,
}

impl Model {
    fn message(&mut self, step: &Step) -> Option<Sent> {
        self.ids += 1;
        let id = format!("i{}", self.ids);
        let plain = |topic: String, payload: Value| {
            Some(Sent { topic, payload, parts: None, stock: 0, poison: false })
        };
        match *step {
            Step::Count { line, machine, good, scrap } => {
                let topic = format!("{}/{}/count", LINES[line], MACHINES[machine]);
                let sent = plain(topic, json!({"id": id, "good": good, "scrap": scrap}));
                sent.map(|sent| Sent { parts: Some((line, machine, good.into(), scrap.into())), ..sent })
            }
            Step::Total { line, step } => {
                let start = 100 + u64::from(step);
                let (first, newest) = self.totals[line]
                    .map_or((start, start), |(first, newest)| (first, newest + u64::from(step)));
                self.totals[line] = Some((first, newest));
                plain(format!("{}/m3/count", LINES[line]), json!({"id": id, "total_good": newest}))
            }
            Step::State { line, machine, running } => {
                let state = if running { "running" } else { "down" };
                plain(
                    format!("{}/{}/state", LINES[line], MACHINES[machine]),
                    json!({"id": id, "state": state}),
                )
            }
            Step::Stock { kind, quantity, by_machine } => {
                let quantity = i64::from(quantity);
                let signed = match STOCK_KINDS[kind] {
                    "receive" => quantity,
                    "adjust" if quantity != 10 => quantity - 10,
                    "adjust" => 10,
                    _ => -quantity,
                };
                let told = if STOCK_KINDS[kind] == "adjust" { signed } else { quantity };
                let topic = if by_machine { "saw/m2/stock" } else { "stock" };
                let body = json!({"id": id, "kind": STOCK_KINDS[kind], "article": "beam", "quantity": told});
                plain(topic.to_owned(), body).map(|sent| Sent { stock: signed, ..sent })
            }
            Step::CrashLine { line } => {
                let body = json!({"id": id, "state": "down", "reason": PANIC_REASON});
                plain(format!("{}/m1/state", LINES[line]), body).map(|sent| Sent { poison: true, ..sent })
            }
            Step::CrashSite => {
                let body = json!({"id": id, "kind": "receive", "article": "beam", "quantity": 1, "lot": PANIC_REASON});
                plain("stock".to_owned(), body).map(|sent| Sent { poison: true, ..sent })
            }
            Step::Order { .. } | Step::Settle => None,
        }
    }

    fn take(&mut self, sent: &Sent) {
        if let Some((line, machine, good, scrap)) = sent.parts {
            *self.good.entry((line, machine)).or_default() += good;
            *self.scrap.entry((line, machine)).or_default() += scrap;
        }
        self.stock += sent.stock;
    }
}

/// Waits for the outcome of everything in the burst, then sends what was accepted once more.
async fn settle(
    plant: &Plant,
    model: &mut Model,
    burst: &mut Vec<(Sent, actors::ingest::Pending)>,
) -> Result<(), TestCaseError> {
    let mut accepted = Vec::new();
    for (sent, pending) in burst.drain(..) {
        let outcome = pending.outcome().await.unwrap().remove(0);
        match outcome {
            // A first delivery whose answer was lost in a crash is found again by its id.
            ItemOutcome::Accepted { .. } | ItemOutcome::Duplicate { .. } => {
                prop_assert!(!sent.poison, "{} does not panic", sent.payload);
                model.take(&sent);
                accepted.push(sent);
            }
            ItemOutcome::Refused { rejection, .. } if sent.poison => {
                prop_assert_eq!(rejection.code, Code::PoisonMessage);
            }
            ItemOutcome::Refused { rejection, .. } => {
                let scarce = rejection.code == Code::InsufficientStock && sent.stock < 0;
                prop_assert!(scarce, "{}: {}", sent.payload, rejection);
            }
        }
    }
    for sent in accepted {
        let outcome = plant.publish(&sent.topic, &sent.payload.to_string()).await.remove(0);
        prop_assert!(matches!(outcome, ItemOutcome::Duplicate { .. }), "{}: {outcome:?}", sent.payload);
    }
    Ok(())
}

async fn step_order(plant: &Plant, order: usize, action: OrderAction) {
    match plant.step(ORDERS[order], action).await {
        // Not every step is legal, and the site may be away at the moment.
        Ok(_) | Err(CommandError::Rejected(_) | CommandError::Unavailable { .. }) => {}
    }
}

fn sum(parts: &BTreeMap<(usize, usize), u64>, line: usize) -> u64 {
    parts.iter().filter(|((of, _), _)| *of == line).map(|(_, count)| count).sum()
}

async fn check(plant: &Plant, store: &dyn Store, model: &Model) -> Result<(), TestCaseError> {
    let of = |parts: &BTreeMap<(usize, usize), u64>, key| parts.get(&key).copied().unwrap_or(0).to_string();
    for (l, line) in LINES.iter().enumerate() {
        let view = eventually("the line is up", async || {
            plant.handle().line_view(&crate::plant::line(line)).await.ok()
        })
        .await;
        for (m, machine) in MACHINES.iter().enumerate() {
            let told = &view["machines"][machine];
            let number = |field: &str| told[field].as_str().unwrap_or("0").to_owned();
            prop_assert_eq!(number("good"), of(&model.good, (l, m)), "good of {}/{}", line, machine);
            prop_assert_eq!(number("scrap"), of(&model.scrap, (l, m)), "scrap of {}/{}", line, machine);
        }
        let counted = model.totals[l].map_or(0, |(first, newest)| newest - first).to_string();
        prop_assert_eq!(
            view["machines"]["m3"]["good"].as_str().unwrap_or("0"),
            counted,
            "totals of {}",
            line
        );
    }
    let good = of(&model.good, (0, 0));
    let scrap = sum(&model.scrap, 0).to_string();
    eventually("the order has what was counted for it", async || {
        let order = plant.order(STEADY).await;
        (order.good.to_string() == good && order.scrap.to_string() == scrap).then_some(())
    })
    .await;
    let levels = store.all_levels(&site()).await.unwrap();
    let level: i64 = levels.iter().map(|(_, quantity)| quantity.thousandths()).sum();
    prop_assert_eq!(level, model.stock * 1_000, "stock is the sum of its movements");
    Ok(())
}

async fn run(bursts: Vec<Step>) -> Result<(), TestCaseError> {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path(), &SqliteOptions::default()).await.unwrap();
    let store: Arc<dyn Store> = Arc::new(store);
    let policy = RestartPolicy {
        first_delay: Duration::from_millis(1),
        max_delay: Duration::from_millis(4),
        max_restarts: usize::MAX,
        window: Duration::from_secs(60),
    };
    let plant = Plant::start_with(store.clone(), policy).await;
    for (order, line) in [(STEADY, "press"), (ORDERS[0], "saw"), (ORDERS[1], "saw")] {
        plant.released_order(order, line).await;
    }
    plant.step(STEADY, OrderAction::Start).await.unwrap();
    eventually("the press knows its order", async || {
        (plant.view("press").await["order"]["code"] == STEADY).then_some(())
    })
    .await;
    let (mut model, mut burst) = (Model::default(), Vec::new());
    for step in bursts {
        match (model.message(&step), &step) {
            (Some(sent), _) => {
                let pending = plant.send(&sent.topic, &sent.payload.to_string()).await;
                if matches!(step, Step::Total { .. }) {
                    // Running totals mean what they say in their order only: this device waits for each answer.
                    let outcome = pending.outcome().await.unwrap().remove(0);
                    let applied =
                        matches!(outcome, ItemOutcome::Accepted { .. } | ItemOutcome::Duplicate { .. });
                    prop_assert!(applied, "{}: {outcome:?}", sent.payload);
                } else {
                    burst.push((sent, pending));
                }
            }
            (None, Step::Order { order, action }) => step_order(&plant, *order, *action).await,
            (None, _) => settle(&plant, &mut model, &mut burst).await?,
        }
    }
    settle(&plant, &mut model, &mut burst).await?;
    check(&plant, &*store, &model).await?;
    plant.stop().await;
    let report = actors::verify::run(&*store).await.unwrap();
    prop_assert_eq!(report.findings, vec![]);

    let plant = Plant::start_with(store.clone(), policy).await;
    check(&plant, &*store, &model).await?;
    plant.stop().await;
    store.close().await;
    Ok(())
}

#[test]
fn crashes_lose_nothing_and_count_nothing_twice() {
    let asked = std::env::var_os("PROPTEST_CASES").map(|_| Config::default().cases);
    let config = Config { cases: asked.unwrap_or(12), max_shrink_iters: 40, ..Config::default() };
    let steps = prop::collection::vec(step(), 10..70);
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&steps, |steps| actix_rt::System::new().block_on(run(steps)));
    if let Err(error) = outcome {
        panic!("{error}\n(the generator was seeded with {:?})", runner.rng());
    }
}
