//! `hub verify` and `hub rebuild`: the projections against a replay of the log, gaps, and conservation of stock.

mod history;

use std::collections::BTreeMap;

use domain::Quantity;
use domain::alert::Alert;
use domain::ids::{LineAddress, LineCode, OrderCode, Seq, SiteAddress, StreamId};
use domain::line::LineState;
use domain::site::SiteState;
use domain::stop::Stop;
use domain::tenant::TenantState;
use uuid::Uuid;

use crate::ports::{
    AlertFilter, ArticleFilter, EventLog, OrderFilter, Page, PageRequest, Row, StopFilter, Store, StoreError,
};
use crate::stream::{LoadError, StreamState, decode};

/// How many events or rows are read at once.
const READ_PAGE: usize = 5_000;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: String,
    /// What.
    pub what: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// What came of a check.
#[derive(Debug, Default)]
pub struct Report {
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
    /// How many streams were replayed.
    pub streams: u64,
    /// How many events were replayed.
    pub events: u64,
}

/// One stream, replayed from its first event without snapshots.
struct Replayed<S> {
    state: S,
    seq: Seq,
    rows: Vec<Row>,
}

/// Replays one stream; `see` sees every event.
async fn replay<S: StreamState>(
    store: &dyn Store,
    stream: &StreamId,
    report: &mut Report,
    mut see: impl FnMut(Seq, &S::Event),
) -> Result<Replayed<S>, StoreError> {
    let mut replayed = Replayed { state: S::empty(stream), seq: Seq(0), rows: Vec::new() };
    report.streams += 1;
    loop {
        let events = EventLog::read(store, stream, replayed.seq, READ_PAGE).await?;
        for logged in &events {
            if logged.seq != replayed.seq.plus(1) {
                report.add(stream, format!("gap: after event {} comes {}", replayed.seq, logged.seq));
            }
            replayed.seq = logged.seq;
            report.events += 1;
            match decode::<S>(stream, logged) {
                Ok(event) => {
                    see(logged.seq, &event);
                    replayed.state.apply_and_project(stream, &event, &mut replayed.rows);
                }
                Err(LoadError::Store(error)) => return Err(error),
                Err(error @ LoadError::Event { .. }) => report.add(stream, error.to_string()),
            }
        }
        if events.len() < READ_PAGE {
            return Ok(replayed);
        }
    }
}

impl Report {
    fn add(&mut self, place: &impl ToString, what: String) {
        self.findings.push(Finding { place: place.to_string(), what });
    }
}

/// What the lines of a site counted for one order: the seq of each count, with good parts and scrap.
type Counted = BTreeMap<OrderCode, BTreeMap<LineCode, Vec<(Seq, Quantity, Quantity)>>>;

/// Checks everything that is stored. Run it while no hub writes, or take what is under way for wrong.
pub async fn run(store: &dyn Store) -> Result<Report, StoreError> {
    let mut report = Report::default();
    let heads = store.heads().await?;
    let mut counted: BTreeMap<SiteAddress, Counted> = BTreeMap::new();
    let mut alerts = BTreeMap::new();
    for (stream, head) in heads.iter().filter(|(stream, _)| matches!(stream, StreamId::Line(_))) {
        let StreamId::Line(address) = stream else { continue };
        let mut facts = Vec::new();
        let line =
            replay::<LineState>(store, stream, &mut report, |seq, event| facts.extend(event.fact(seq)))
                .await?;
        check_head(stream, line.seq, *head, &mut report);
        for domain::line::LineFact::Produced { seq, order, good, scrap, .. } in facts {
            let Some(order) = order else { continue };
            let of_site = counted.entry(address.site_address()).or_default();
            of_site
                .entry(order)
                .or_default()
                .entry(address.line.clone())
                .or_default()
                .push((seq, good, scrap));
        }
        check_stops(store, address, &line.rows, &mut report).await?;
        history::check(store, address, &line.rows, &mut report).await?;
        collect_alerts(line.rows, &mut alerts);
        check_snapshot(store, stream, &line.state, line.seq, &mut report).await?;
    }
    for (stream, head) in &heads {
        match stream {
            StreamId::Line(_) => {}
            StreamId::Tenant(tenant) => {
                let replayed = replay::<TenantState>(store, stream, &mut report, |_, _| {}).await?;
                check_head(stream, replayed.seq, *head, &mut report);
                check_articles(store, tenant, &replayed.state, &mut report).await?;
                check_snapshot(store, stream, &replayed.state, replayed.seq, &mut report).await?;
            }
            StreamId::Site(site) => {
                let replayed = replay::<SiteState>(store, stream, &mut report, |_, _| {}).await?;
                check_head(stream, replayed.seq, *head, &mut report);
                check_stock(store, site, &replayed.state, &mut report).await?;
                check_orders(
                    store,
                    site,
                    &replayed.state,
                    counted.remove(site).unwrap_or_default(),
                    &mut report,
                )
                .await?;
                collect_alerts(replayed.rows, &mut alerts);
                check_snapshot(store, stream, &replayed.state, replayed.seq, &mut report).await?;
            }
        }
    }
    check_alerts(store, &alerts, &mut report).await?;
    Ok(report)
}

fn check_head(stream: &StreamId, replayed: Seq, head: Seq, report: &mut Report) {
    if replayed != head {
        report.add(stream, format!("its head is {head}, its last event is {replayed}"));
    }
}

/// A snapshot at the head must be what the replay gives.
async fn check_snapshot<S: StreamState + PartialEq>(
    store: &dyn Store,
    stream: &StreamId,
    replayed: &S,
    seq: Seq,
    report: &mut Report,
) -> Result<(), StoreError> {
    let Some(snapshot) = EventLog::snapshot(store, stream).await?.filter(|s| s.version == S::VERSION) else {
        return Ok(());
    };
    let Ok(mut state) = serde_json::from_str::<S>(&snapshot.state) else {
        report.add(stream, format!("the snapshot at {} cannot be read", snapshot.seq));
        return Ok(());
    };
    let mut at = snapshot.seq;
    while at < seq {
        let events = EventLog::read(store, stream, at, READ_PAGE).await?;
        let Some(last) = events.last() else { break };
        at = last.seq;
        // What cannot be decoded was reported by the replay.
        events
            .iter()
            .filter_map(|logged| decode::<S>(stream, logged).ok())
            .for_each(|event| state.apply(&event));
    }
    if state != *replayed {
        report.add(
            stream,
            format!("the snapshot at {} and the events after it differ from a replay", snapshot.seq),
        );
    }
    Ok(())
}

/// Reads every page of a list.
macro_rules! all_pages {
    ($read:expr) => {{
        let mut items = Vec::new();
        let mut page = PageRequest { limit: 200, cursor: None, total: false };
        loop {
            let read: Page<_> = $read(&page).await?;
            items.extend(read.items);
            page.cursor = read.next_cursor;
            if page.cursor.is_none() {
                break items;
            }
        }
    }};
}

async fn check_articles(
    store: &dyn Store,
    tenant: &domain::ids::TenantCode,
    state: &TenantState,
    report: &mut Report,
) -> Result<(), StoreError> {
    let filter = ArticleFilter::default();
    let rows = all_pages!(|page| store.articles(tenant, &filter, page));
    let stored: BTreeMap<_, _> = rows.into_iter().map(|article| (article.code.clone(), article)).collect();
    let replayed: BTreeMap<_, _> = state.articles().map(|a| (a.code.clone(), a.as_ref().clone())).collect();
    compare(&format!("articles of {tenant}"), &stored, &replayed, report);
    Ok(())
}

async fn check_stock(
    store: &dyn Store,
    site: &SiteAddress,
    state: &SiteState,
    report: &mut Report,
) -> Result<(), StoreError> {
    let not_zero = |(_, quantity): &(_, Quantity)| !quantity.is_zero();
    let stored: BTreeMap<_, _> = store.all_levels(site).await?.into_iter().filter(not_zero).collect();
    let sums: BTreeMap<_, _> = store.movement_sums(site).await?.into_iter().filter(not_zero).collect();
    let ledger = state.ledger().levels().map(|(key, quantity)| (key.clone(), quantity));
    let replayed: BTreeMap<_, _> = ledger.filter(not_zero).collect();
    compare(&format!("stock levels of {site}"), &stored, &replayed, report);
    compare(&format!("sums of stock movements of {site}"), &sums, &replayed, report);
    Ok(())
}

async fn check_orders(
    store: &dyn Store,
    site: &SiteAddress,
    state: &SiteState,
    counted: Counted,
    report: &mut Report,
) -> Result<(), StoreError> {
    let filter = OrderFilter { sites: Some(vec![site.site.clone()]), ..OrderFilter::default() };
    let rows = all_pages!(|page| store.orders(&site.tenant, &filter, page));
    let stored: BTreeMap<_, _> = rows.into_iter().map(|item| (item.order.code.clone(), item.order)).collect();
    let replayed: BTreeMap<_, _> = state.orders().map(|order| (order.code.clone(), order.clone())).collect();
    compare(&format!("orders of {site}"), &stored, &replayed, report);
    for order in state.orders() {
        let none = BTreeMap::new();
        let lines = counted.get(&order.code).unwrap_or(&none);
        // What a line counted after the site's cursor is still on its way.
        let taken = lines.iter().flat_map(|(line, counts)| {
            let cursor = state.cursor(line);
            counts.iter().filter(move |(seq, ..)| *seq <= cursor)
        });
        let (good, scrap) = taken.fold((Quantity::ZERO, Quantity::ZERO), |(good, scrap), (_, g, s)| {
            (good.saturating_add(*g), scrap.saturating_add(*s))
        });
        if (good, scrap) != (order.good, order.scrap) {
            report.add(
                &format!("order {} of {site}", order.code),
                format!(
                    "its progress is {} good and {} scrap, its lines counted {good} and {scrap}",
                    order.good, order.scrap
                ),
            );
        }
    }
    Ok(())
}

async fn check_stops(
    store: &dyn Store,
    line: &LineAddress,
    rows: &[Row],
    report: &mut Report,
) -> Result<(), StoreError> {
    let filter = StopFilter::of(line.clone());
    let stored = all_pages!(|page| store.stops(&filter, page));
    let stored: BTreeMap<Uuid, Stop> = stored.into_iter().map(|stop| (stop.id, stop)).collect();
    let replayed = rows.iter().filter_map(|row| match row {
        Row::Stop(_, stop) => Some((stop.id, stop.as_ref().clone())),
        _ => None,
    });
    let mut replayed: BTreeMap<Uuid, Stop> = replayed.collect();
    // Rows that an older hub wrote do not name the events of a stop; nothing else follows from those.
    for (id, stop) in &mut replayed {
        if stored.get(id).is_some_and(|stored| stored.seqs.is_empty()) {
            stop.seqs.clear();
        }
    }
    compare(&format!("stops of {line}"), &stored, &replayed, report);
    Ok(())
}

type AlertsByTenant = BTreeMap<domain::ids::TenantCode, BTreeMap<Uuid, Alert>>;

fn collect_alerts(rows: Vec<Row>, alerts: &mut AlertsByTenant) {
    for row in rows {
        if let Row::Alert(tenant, alert) = row {
            alerts.entry(tenant).or_default().insert(alert.id, *alert);
        }
    }
}

async fn check_alerts(
    store: &dyn Store,
    replayed: &AlertsByTenant,
    report: &mut Report,
) -> Result<(), StoreError> {
    for tenant in store.tenants().await? {
        let filter = AlertFilter::default();
        let rows = all_pages!(|page| store.alerts(&tenant.code, &filter, page));
        let stored: BTreeMap<_, _> = rows.into_iter().map(|alert| (alert.id, alert)).collect();
        let none = BTreeMap::new();
        let replayed = replayed.get(&tenant.code).unwrap_or(&none);
        compare(&format!("alerts of {}", tenant.code), &stored, replayed, report);
    }
    Ok(())
}

/// Every key of either side must have the same value on the other.
fn compare<K, V>(place: &str, stored: &BTreeMap<K, V>, replayed: &BTreeMap<K, V>, report: &mut Report)
where
    K: Ord + std::fmt::Debug,
    V: PartialEq + std::fmt::Debug,
{
    for (key, value) in replayed {
        match stored.get(key) {
            None => report.add(&place, format!("{key:?} is missing, the log says {value:?}")),
            Some(other) if other != value => {
                report.add(&place, format!("{key:?} is {other:?}, the log says {value:?}"));
            }
            Some(_) => {}
        }
    }
    for (key, value) in stored.iter().filter(|(key, _)| !replayed.contains_key(*key)) {
        report.add(&place, format!("{key:?} is {value:?}, the log has nothing of it"));
    }
}

/// Makes the projections anew from the log. No hub may run on the store meanwhile.
pub async fn rebuild(store: &dyn Store) -> Result<Report, StoreError> {
    let mut report = Report::default();
    let mut rows = Vec::new();
    for (stream, _) in store.heads().await? {
        rows.extend(match &stream {
            StreamId::Tenant(_) => replay::<TenantState>(store, &stream, &mut report, |_, _| {}).await?.rows,
            StreamId::Site(_) => replay::<SiteState>(store, &stream, &mut report, |_, _| {}).await?.rows,
            StreamId::Line(_) => replay::<LineState>(store, &stream, &mut report, |_, _| {}).await?.rows,
        });
    }
    store.replace_projections(&rows).await?;
    Ok(report)
}
