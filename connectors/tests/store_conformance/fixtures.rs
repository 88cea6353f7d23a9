//! Stores, rows and batches of the tests.

use std::path::Path;

use actors::ports::{
    Append, Batch, DeadLetter, EventLog, NewEvent, Page, PageRequest, Row, Sample, Store, StreamMove,
};
use connectors::store::{SqliteOptions, SqliteStore};
use domain::alert::Alert;
use domain::history::{HourDelta, HourFigures, ShiftKey, SliceKey, StateChange};
use domain::ids::{LineAddress, Seq, SiteAddress, StreamId, TenantCode};
use domain::message::MeasureValue;
use domain::order::Order;
use domain::origin::Origin;
use domain::stock::{Delta, LevelKey, Movement};
use domain::stop::Stop;
use domain::tenant::Article;
use domain::vocabulary::{AlertState, MachineState, MovementKind, OrderState, Severity};
use domain::{DurationMs, Quantity, Timestamp};
use uuid::Uuid;

pub(crate) async fn open(directory: &Path) -> SqliteStore {
    SqliteStore::open(directory, &SqliteOptions::default()).await.unwrap()
}

/// A code of any kind.
pub(crate) fn code<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

pub(crate) fn acme() -> TenantCode {
    code("acme")
}

pub(crate) fn site(site: &str) -> SiteAddress {
    SiteAddress { tenant: acme(), site: code(site) }
}

pub(crate) fn line(line: &str) -> LineAddress {
    LineAddress { tenant: acme(), site: code("linz"), line: code(line) }
}

pub(crate) fn stream(text: &str) -> StreamId {
    code(text)
}

pub(crate) fn at(ms: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + ms)
}

pub(crate) fn units(units: i64) -> Quantity {
    Quantity::from_units(units)
}

/// An id that sorts by its number.
pub(crate) fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn event(text: &str) -> NewEvent {
    NewEvent { at: at(0), kind: "noted", payload: format!("{{\"text\":\"{text}\"}}") }
}

pub(crate) fn append(stream_name: &str, expected: u64, texts: &[&str]) -> Append {
    Append {
        stream: Some(StreamMove { stream: stream(stream_name), expected: Seq(expected) }),
        events: texts.iter().map(|text| event(text)).collect(),
        rows: Vec::new(),
    }
}

pub(crate) fn batch(appends: Vec<Append>) -> Batch {
    Batch { commit_id: Uuid::now_v7(), appends }
}

pub(crate) async fn put(store: &(impl EventLog + ?Sized), rows: Vec<Row>) {
    let append = Append { stream: None, events: Vec::new(), rows };
    store.commit(&batch(vec![append])).await.unwrap();
}

pub(crate) fn first() -> PageRequest {
    PageRequest { limit: 200, cursor: None, total: true }
}

/// Every page of a list, put together; checks that each is full but the last.
pub(crate) async fn all_pages<T>(limit: u32, fetch: impl AsyncFn(PageRequest) -> Page<T>) -> Vec<T> {
    let mut items = Vec::new();
    let mut cursor = None;
    loop {
        let page = fetch(PageRequest { limit, cursor: cursor.take(), total: true }).await;
        let (length, total) = (page.items.len(), page.total.unwrap());
        items.extend(page.items);
        match page.next_cursor {
            Some(next) => {
                assert_eq!(length, limit as usize);
                cursor = Some(next);
            }
            None => {
                assert_eq!(items.len() as u64, total);
                return items;
            }
        }
    }
}

pub(crate) fn article(article: &str, designation: &str) -> Article {
    Article {
        code: code(article),
        designation: designation.to_owned(),
        unit: code("kg"),
        category: None,
        price: None,
        minimum: None,
        allow_negative: false,
        metadata: None,
        version: 1,
    }
}

pub(crate) fn order(order: &str, line: &str, state: OrderState) -> Order {
    Order {
        code: code(order),
        article: code("bar-20"),
        quantity: units(100),
        line: code(line),
        due: Some(at(1_000)),
        priority: 100,
        customer: Some("Voith".to_owned()),
        state,
        good: Quantity::from_thousandths(12_500).unwrap(),
        scrap: Quantity::ZERO,
        created_at: at(0),
        released_at: None,
        started_at: None,
        completed_at: None,
        cancelled_at: None,
        version: 3,
    }
}

/// A receipt of so many units at a location.
pub(crate) fn movement(id: u128, article: &str, location: Option<&str>, quantity: i64) -> Movement {
    let location = location.map(code);
    Movement {
        id: uuid(id),
        kind: MovementKind::Receive,
        article: code(article),
        quantity: units(quantity),
        deltas: vec![Delta { location: location.clone(), quantity: units(quantity) }],
        unit: code("kg"),
        lot: None,
        location,
        to_location: None,
        order: None,
        at: at(0),
        origin: Origin::User("keeper@acme.example".to_owned()),
    }
}

pub(crate) fn level(article: &str, location: Option<&str>, lot: Option<&str>) -> LevelKey {
    LevelKey { article: code(article), location: location.map(code), lot: lot.map(code) }
}

pub(crate) fn alert(id: u128, site: &str, raised_at_ms: i64) -> Alert {
    Alert {
        id: uuid(id),
        site: code(site),
        line: Some(code("saw")),
        machine: None,
        rule: "down-long".to_owned(),
        severity: Severity::High,
        state: AlertState::Raised,
        text: "the saw stands".to_owned(),
        raised_at: at(raised_at_ms),
        acked_at: None,
        acked_by: None,
        cleared_at: None,
    }
}

pub(crate) fn stop(id: u128, machine: &str, from_ms: i64, to_ms: Option<i64>) -> Stop {
    let begun = Stop::new(uuid(id), code(machine), MachineState::Down, Some(code("blade")), at(from_ms));
    Stop { to: to_ms.map(at), ..begun }
}

pub(crate) fn sample(machine: &str, metric: &str, at_ms: i64, value: MeasureValue) -> Sample {
    Sample { machine: code(machine), metric: code(metric), at: at(at_ms), value }
}

pub(crate) fn state_change(machine: &str, from_ms: i64, state: MachineState) -> StateChange {
    let reason = state.is_stop().then(|| code("blade"));
    StateChange { machine: code(machine), from: at(from_ms), state, reason, seq: Seq(3) }
}

/// Figures that all follow from two numbers.
pub(crate) fn hour_figures(ms: i64, parts: i64) -> HourFigures {
    HourFigures {
        running_ms: DurationMs(ms),
        idle_ms: DurationMs(2 * ms),
        setup_ms: DurationMs(3 * ms),
        down_ms: DurationMs(4 * ms),
        maintenance_ms: DurationMs(5 * ms),
        overtime_ms: DurationMs(6 * ms),
        good: units(parts),
        scrap: units(2 * parts),
        planned_run_ms: DurationMs(7 * ms),
    }
}

/// An addition to the slice of an hour that begins there.
pub(crate) fn hour_delta(machine: &str, from_ms: i64, ms: i64, parts: i64) -> HourDelta {
    let slice = SliceKey {
        from: at(from_ms),
        to: at(from_ms + 3_600_000),
        day: jiff::civil::date(2023, 11, 14),
        shift: Some(ShiftKey { name: "late".to_owned(), from: at(from_ms) }),
    };
    HourDelta { machine: code(machine), slice, figures: hour_figures(ms, parts) }
}

pub(crate) fn dead_letter(tenant: TenantCode, id: u128, topic: &str, received_at_ms: i64) -> DeadLetter {
    DeadLetter {
        id: uuid(id),
        tenant,
        topic: topic.to_owned(),
        payload: "{\"state\":\0}".to_owned(),
        retryable: true,
        message_id: Some("m-1".to_owned()),
        code: "invalid_json".to_owned(),
        detail: "is not JSON".to_owned(),
        sender: "saw-1".to_owned(),
        received_at: at(received_at_ms),
    }
}

/// Every event of a stream.
pub(crate) async fn texts(store: &dyn Store, stream_name: &str) -> Vec<(u64, String)> {
    let events = store.read(&stream(stream_name), Seq(0), 10_000).await.unwrap();
    events.into_iter().map(|event| (event.seq.0, event.payload)).collect()
}
