//! The log in trouble: a store that does not commit, and a stream that somebody else writes.

use std::sync::Arc;
use std::time::Duration;

use actors::fault::PANIC_REASON;
use actors::ingest::ItemOutcome;
use actors::journal::Journal;
use actors::ports::{Append, Batch, EventLog, HourQuery, HourRow, NewEvent, Queries, Row, Store, StreamMove};
use connectors::store::MemoryStore;
use domain::Timestamp;
use domain::history::HourDelta;
use domain::ids::{Seq, StreamId};
use futures::FutureExt;
use uuid::Uuid;

use crate::plant::{Plant, eventually, line, site, tenant};

fn append(stream: &StreamId, expected: u64, events: Vec<NewEvent>) -> Append {
    let moved = StreamMove { stream: stream.clone(), expected: Seq(expected) };
    Append { stream: Some(moved), events, rows: Vec::new() }
}

fn event(kind: &'static str) -> NewEvent {
    NewEvent { at: Timestamp::default(), kind, payload: "{}".into() }
}

async fn head(store: &dyn Store, stream: &StreamId) -> Seq {
    let heads = store.heads().await.unwrap();
    heads.iter().find(|(known, _)| known == stream).map(|(_, head)| *head).unwrap_or_default()
}

#[actix_rt::test]
async fn nothing_is_acknowledged_while_nothing_is_stored() {
    let store = Arc::new(MemoryStore::default());
    let plant = Plant::start(store.clone()).await;
    plant.publish("press/m1/count", r#"{"id":"before","good":1}"#).await;
    store.fail_commits(true);
    let mut waiting = Vec::new();
    for n in 0..20 {
        let count = format!(r#"{{"id":"c{n}","good":1}}"#);
        waiting.push(plant.send("press/m1/count", &count).await.outcome().boxed_local());
        let stock = format!(r#"{{"id":"s{n}","kind":"receive","article":"beam","quantity":1}}"#);
        waiting.push(plant.send("stock", &stock).await.outcome().boxed_local());
    }
    // A refusal is an answer too: it says that the message was set aside.
    waiting.push(plant.send("press/m1/count", r#"{"good":-1}"#).await.outcome().boxed_local());
    let failures = || plant.handle().journal_stats().failures.load(std::sync::atomic::Ordering::Relaxed);
    eventually("commits fail", async || (failures() > 2).then_some(())).await;
    for outcome in &mut waiting {
        assert!(outcome.now_or_never().is_none(), "there is no outcome before the commit");
    }
    assert!(!plant.handle().health().await.ready);
    assert_eq!(plant.view("press").await["machines"]["m1"]["good"], "1", "nobody sees what is not committed");

    store.fail_commits(false);
    let outcomes = tokio::time::timeout(Duration::from_secs(10), futures::future::join_all(waiting));
    let outcomes = outcomes.await.expect("every message has its outcome when the store works again");
    let accepted =
        |o: &Result<Vec<ItemOutcome>, _>| matches!(o.as_deref(), Ok([ItemOutcome::Accepted { .. }]));
    assert_eq!(outcomes.iter().filter(|outcome| accepted(outcome)).count(), 40);
    assert_eq!(plant.view("press").await["machines"]["m1"]["good"], "21");
    assert_eq!(store.all_levels(&site()).await.unwrap()[0].1.to_string(), "20");
    assert!(plant.handle().health().await.ready);
    plant.stop().await;
    assert_eq!(actors::verify::run(&*store).await.unwrap().findings, vec![]);
}

#[actix_rt::test]
async fn a_stale_owner_writes_nothing_more_even_where_its_place_is_free() {
    let store = Arc::new(MemoryStore::default());
    let stream = StreamId::Line(line("press"));
    let (journal, _worker) = Journal::start(store.clone());
    let mut stale = journal.writer();
    let mut progress = stale.progress();
    let foreign =
        Batch { commit_id: Uuid::from_u128(1), appends: vec![append(&stream, 0, vec![event("foreign")])] };
    EventLog::commit(&*store, &foreign).await.unwrap();
    store.fail_commits(true);
    // The first append is on its way alone; the second waits behind it, and its place is where the stream's head is.
    let place = stale.reserve().unwrap();
    stale.append(place, append(&stream, 0, vec![event("stale")]));
    eventually("the first append is on its way", async || {
        (journal.stats().failures.load(std::sync::atomic::Ordering::Relaxed) > 0).then_some(())
    })
    .await;
    let place = stale.reserve().unwrap();
    stale.append(place, append(&stream, 1, vec![event("stale")]));
    store.fail_commits(false);
    progress.wait_for(|progress| progress.fenced).await.unwrap();
    actors::journal::Writer::barrier(&journal).await;
    assert_eq!(progress.borrow().committed, 0);
    assert_eq!(head(&*store, &stream).await, Seq(1), "only the other owner's event is there");
}

#[actix_rt::test]
async fn an_owner_whose_stream_moved_reloads_and_applies_what_was_sent() {
    let store = Arc::new(MemoryStore::default());
    let plant = Plant::start(store.clone()).await;
    plant.publish("press/m1/count", r#"{"id":"a","good":1}"#).await;
    let stream = StreamId::Line(line("press"));
    // Another node has counted one part: the same event again, under another id, with what follows from it.
    let events = store.read(&stream, Seq(0), 100).await.unwrap();
    let counted = events.iter().find(|event| event.kind == "counted").unwrap();
    let payload = counted.payload.replace(r#""a""#, r#""z""#);
    let foreign = NewEvent { at: counted.at, kind: "counted", payload };
    let at = head(&*store, &stream).await;
    let all_time = (Timestamp::from_millis(i64::MIN), Timestamp::from_millis(i64::MAX));
    let query =
        HourQuery { site: line("press").site_address(), line: None, from: all_time.0, to: all_time.1 };
    let HourRow { machine, slice, figures, .. } = store.kpi_hours(&query).await.unwrap().remove(0);
    let mut foreign = append(&stream, at.0, vec![foreign]);
    foreign.rows.push(Row::KpiHour(line("press"), Box::new(HourDelta { machine, slice, figures })));
    let batch = Batch { commit_id: Uuid::from_u128(2), appends: vec![foreign] };
    EventLog::commit(&*store, &batch).await.unwrap();

    let outcome = plant.publish("press/m1/count", r#"{"id":"b","good":5}"#).await;
    assert_eq!(outcome, [ItemOutcome::Accepted { id: Some("b".into()) }]);
    let view =
        eventually("the line is up again", async || plant.handle().line_view(&line("press")).await.ok())
            .await;
    assert_eq!(view["machines"]["m1"]["good"], "7", "one of its own, one of the other node, five sent");
    let outcome = plant.publish("press/m1/count", r#"{"id":"z","good":1}"#).await;
    assert_eq!(outcome, [ItemOutcome::Duplicate { id: Some("z".into()) }]);
    plant.stop().await;
    assert_eq!(actors::verify::run(&*store).await.unwrap().findings, vec![]);
}

#[actix_rt::test]
async fn quarantine_outlives_the_site_and_the_hub() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let plant = Plant::start(store.clone()).await;
    for n in 0..3 {
        let payload = format!(r#"{{"id":"p{n}","state":"down","reason":"{PANIC_REASON}"}}"#);
        // The last one is withheld: its line is quarantined by then.
        let _outcome = plant.send("press/m1/state", &payload).await.outcome().await;
    }
    let quarantined = async |plant: &Plant| plant.handle().quarantine(&tenant()).await.len();
    assert_eq!(quarantined(&plant).await, 1);
    let poison = format!(r#"{{"kind":"receive","article":"beam","quantity":1,"lot":"{PANIC_REASON}"}}"#);
    plant.publish("stock", &poison).await;
    eventually("still quarantined", async || (quarantined(&plant).await == 1).then_some(())).await;
    plant.stop().await;

    let plant = Plant::start(store.clone()).await;
    assert_eq!(quarantined(&plant).await, 1);
    plant.handle().release(&line("press"), "eva").await.unwrap();
    let outcome = plant.publish("press/m1/count", r#"{"id":"c","good":3}"#).await;
    assert_eq!(outcome, [ItemOutcome::Accepted { id: Some("c".into()) }]);
    assert_eq!(quarantined(&plant).await, 0);
    plant.stop().await;
    assert_eq!(actors::verify::run(&*store).await.unwrap().findings, vec![]);
}
