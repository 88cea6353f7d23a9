//! Random batches give the same answers from SQLite as from memory.

use actors::ports::{
    AlertFilter, Append, ArticleFilter, Batch, CommitError, DeadLetterFilter, EventLog, HourQuery,
    LevelFilter, MovementFilter, OrderFilter, Page, PageRequest, Queries, Row, SampleQuery, StateQuery,
    StopFilter, StreamMove,
};
use connectors::store::MemoryStore;
use domain::ids::Seq;
use domain::message::MeasureValue;
use domain::vocabulary::{MachineState, OrderState};
use proptest::prelude::*;
use uuid::Uuid;

use crate::fixtures::*;

const STREAMS: [&str; 3] = ["tenant/acme", "site/acme/linz", "line/acme/linz/saw"];

fn rows() -> impl Strategy<Value = Row> {
    let name = prop::sample::select(vec!["a", "B", "ä", "a b", "%", "_"]);
    let place = prop::option::of(prop::sample::select(vec!["x", "Y"]));
    let site_of = |n: u8| site(if n.is_multiple_of(2) { "linz" } else { "graz" });
    (0..12_u8, name, place.clone(), place, 0..6_u128, -3..4_i64).prop_map(
        move |(kind, name, location, lot, id, number)| match kind {
            0 => {
                let mut article = article(name, "Ölbar");
                article.minimum = (number > 0).then(|| units(number));
                Row::Article(acme(), Box::new(article))
            }
            1 => Row::ArticleRemoved(acme(), code(name)),
            2 => Row::Order(site_of(id as u8), Box::new(order(name, "saw", OrderState::ALL[id as usize]))),
            3 => Row::Movement(site_of(id as u8), Box::new(movement(id, name, location, number))),
            4 | 5 => Row::Level(site_of(id as u8), level(name, location, lot), units(number)),
            6 => {
                let mut alert = alert(id, "linz", number);
                if number > 1 {
                    alert.clear(at(5));
                    alert.ack("anna", at(6));
                }
                Row::Alert(acme(), Box::new(alert))
            }
            7 => Row::Stop(line("saw"), Box::new(stop(id, "s1", number, location.map(|_| number + 2)))),
            8 => Row::Sample(
                line("saw"),
                Box::new(sample("s1", "load", number, MeasureValue::Number(id as f64 / 3.0))),
            ),
            9 => Row::MachineState(
                line("saw"),
                Box::new(state_change(
                    if id > 2 { "s1" } else { "s2" },
                    number,
                    MachineState::ALL[id as usize],
                )),
            ),
            10 => Row::KpiHour(
                line(if id > 2 { "saw" } else { "mill" }),
                Box::new(hour_delta("s1", (id as i64 % 3) * 3_600_000, number, number)),
            ),
            _ if number > 0 => Row::DeadLetterResolved(acme(), uuid(id)),
            _ => Row::DeadLetter(Box::new(dead_letter(acme(), id, name, number))),
        },
    )
}

/// The id of a commit, and its appends: index of the stream, slip of the head, events, rows.
type Script = (u128, Vec<(usize, u64, Vec<String>, Vec<Row>)>);

prop_compose! {
    fn batches()(
        commit in 0..40_u128,
        appends in prop::collection::vec(
            (0..4_usize, 0..3_u64, prop::collection::vec("[a-z]{0,3}", 0..3), prop::collection::vec(rows(), 0..6)),
            0..4,
        ),
    ) -> Script {
        (commit, appends)
    }
}

type Answer = Result<(), String>;

fn answer(result: Result<(), CommitError>) -> Answer {
    result.map_err(|error| error.to_string())
}

/// Everything that can be read, as text.
async fn everything(store: &(impl EventLog + Queries)) -> Vec<String> {
    let mut read = Vec::new();
    for name in STREAMS {
        read.push(format!("{:?}", store.read(&stream(name), Seq(0), 1_000).await.unwrap()));
    }
    let mut heads = store.heads().await.unwrap();
    heads.sort();
    read.push(format!("{heads:?}"));
    let articles = ArticleFilter { search: Some("ö".to_owned()), category: None };
    read.push(pages(async |page| store.articles(&acme(), &articles, &page).await.unwrap()).await);
    read.push(
        pages(async |page| store.articles(&acme(), &ArticleFilter::default(), &page).await.unwrap()).await,
    );
    read.push(pages(async |page| store.orders(&acme(), &OrderFilter::default(), &page).await.unwrap()).await);
    let movements = MovementFilter { location: Some(code("x")), ..MovementFilter::default() };
    read.push(pages(async |page| store.movements(&acme(), &movements, &page).await.unwrap()).await);
    for below_minimum in [None, Some(true), Some(false)] {
        let levels = LevelFilter { below_minimum, ..LevelFilter::default() };
        read.push(pages(async |page| store.levels(&acme(), &levels, &page).await.unwrap()).await);
    }
    for open in [false, true] {
        let alerts = AlertFilter { open, ..AlertFilter::default() };
        read.push(pages(async |page| store.alerts(&acme(), &alerts, &page).await.unwrap()).await);
    }
    let stops = StopFilter { from: Some(at(0)), to: Some(at(2)), ..StopFilter::of(line("saw")) };
    read.push(pages(async |page| store.stops(&stops, &page).await.unwrap()).await);
    let letters = DeadLetterFilter { topic_prefix: Some("a".to_owned()), code: None };
    read.push(pages(async |page| store.dead_letters(&acme(), &letters, &page).await.unwrap()).await);
    let samples = SampleQuery {
        line: line("saw"),
        machine: None,
        metric: code("load"),
        from: at(-9),
        to: at(9),
        limit: 100,
    };
    read.push(format!("{:?}", store.samples(&samples).await.unwrap()));
    let states = StateQuery { line: line("saw"), machine: None, from: at(0), to: at(2) };
    read.push(format!("{:?}", store.machine_states(&states).await.unwrap()));
    let hours = HourQuery { site: site("linz"), line: None, from: at(0), to: at(7_200_000) };
    read.push(format!("{:?}", store.kpi_hours(&hours).await.unwrap()));
    for name in ["linz", "graz"] {
        read.push(format!("{:?}", store.all_levels(&site(name)).await.unwrap()));
        read.push(format!("{:?}", store.movement_sums(&site(name)).await.unwrap()));
    }
    read
}

async fn pages<T: std::fmt::Debug>(fetch: impl AsyncFn(PageRequest) -> Page<T>) -> String {
    format!("{:?}", all_pages(2, fetch).await)
}

async fn compare(script: Vec<Script>) {
    let directory = tempfile::tempdir().unwrap();
    let (memory, sqlite) = (MemoryStore::new(), open(directory.path()).await);
    for (commit, appends) in script {
        let mut heads: std::collections::BTreeMap<_, _> = memory.heads().await.unwrap().into_iter().collect();
        let appends = appends.into_iter().map(|(index, slip, texts, rows)| {
            let Some(name) = STREAMS.get(index) else {
                return Append { stream: None, events: Vec::new(), rows };
            };
            let head = heads.entry(stream(name)).or_default();
            // One move in three expects a head that is not there, unless the head is near zero.
            let expected = if slip == 0 { Seq(head.0.saturating_sub(1)) } else { *head };
            *head = head.plus(texts.len());
            Append {
                stream: Some(StreamMove { stream: stream(name), expected }),
                events: texts.iter().map(|text| event(text)).collect(),
                rows,
            }
        });
        let batch = Batch { commit_id: Uuid::from_u128(commit), appends: appends.collect() };
        let answers = (answer(memory.commit(&batch).await), answer(sqlite.commit(&batch).await));
        assert_eq!(answers.0, answers.1);
    }
    assert_eq!(everything(&memory).await, everything(&sqlite).await);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn both_stores_answer_alike(script in prop::collection::vec(batches(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(compare(script));
    }
}
