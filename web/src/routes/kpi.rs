//! `/kpi/oee` and `/kpi/losses`: the indicators of lines over time with all their inputs, and where their time went.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::clock::Clock;
use actors::hub::HubHandle;
use actors::ports::Store;
use domain::ids::{LineCode, ReasonCode, SiteCode};
use domain::kpi::history::{Inputs, Piece};
use domain::kpi::losses::{Loss, LossKind, Losses};
use domain::vocabulary::{KpiBucket, MachineState};
use domain::{DurationMs, Quantity, Timestamp};
use serde::Serialize;

use super::history::{LineHistory, check_span, day_span};
use crate::auth::Caller;
use crate::extract::Query;
use crate::problem::Problem;

const DAY: DurationMs = DurationMs::from_secs(86_400);
const MAX_ITEMS: usize = 2_000;
const MAX_HOUR_DAYS: i64 = 31;
const MAX_DAYS: i64 = 400;
const MAX_LOSS_DAYS: i64 = 92;

#[derive(Serialize)]
struct OeeView<'a> {
    bucket: KpiBucket,
    from: Timestamp,
    to: Timestamp,
    items: Vec<ItemView<'a>>,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct ItemView<'a> {
    site: &'a SiteCode,
    line: &'a LineCode,
    from: Timestamp,
    to: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    shift: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oee: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    availability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effectiveness: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quality: Option<f64>,
    inputs: InputsView,
}

#[derive(Serialize)]
struct InputsView {
    planned_ms: DurationMs,
    planned_busy_ms: DurationMs,
    running_ms: DurationMs,
    idle_ms: DurationMs,
    setup_ms: DurationMs,
    down_ms: DurationMs,
    maintenance_ms: DurationMs,
    unknown_ms: DurationMs,
    planned_stop_ms: DurationMs,
    overtime_ms: DurationMs,
    planned_run_ms: DurationMs,
    good: Quantity,
    scrap: Quantity,
    produced: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Quantity>,
}

#[derive(Serialize)]
struct LossesView {
    from: Timestamp,
    to: Timestamp,
    planned_busy_ms: DurationMs,
    loss_ms: DurationMs,
    items: Vec<LossView>,
}

#[derive(Serialize)]
struct LossView {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<MachineState>,
    /// Absent of a stop: unclassified.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<ReasonCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    duration_ms: DurationMs,
    count: u64,
    share_ratio: f64,
    cumulative_ratio: f64,
}

/// A ratio with four decimals.
fn rounded(ratio: f64) -> f64 {
    (ratio * 10_000.0).round() / 10_000.0
}

fn item<'a>(site: &'a SiteCode, line: &'a LineCode, piece: Piece) -> ItemView<'a> {
    let kpi = piece.inputs.kpi();
    ItemView {
        site,
        line,
        from: piece.from,
        to: piece.to,
        shift: piece.shift,
        oee: kpi.oee.map(rounded),
        availability: kpi.availability.map(rounded),
        effectiveness: kpi.effectiveness.map(rounded),
        quality: kpi.quality.map(rounded),
        inputs: inputs_view(&piece.inputs),
    }
}

fn inputs_view(inputs: &Inputs) -> InputsView {
    InputsView {
        planned_ms: inputs.planned_ms,
        planned_busy_ms: inputs.planned_busy_ms(),
        running_ms: inputs.running_ms(),
        idle_ms: inputs.sums.idle_ms,
        setup_ms: inputs.sums.setup_ms,
        down_ms: inputs.sums.down_ms,
        maintenance_ms: inputs.sums.maintenance_ms,
        unknown_ms: inputs.unknown_ms,
        planned_stop_ms: inputs.planned_stop_ms,
        overtime_ms: inputs.sums.overtime_ms,
        planned_run_ms: inputs.sums.planned_run_ms,
        good: inputs.sums.good,
        scrap: inputs.sums.scrap,
        produced: inputs.produced(),
        target: inputs.target(),
    }
}

pub(super) async fn oee(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
    clock: web::Data<Arc<dyn Clock>>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let mut query = Query::of(&req)?;
    let (site, line) = (query.required("site")?, query.value("line")?);
    let (from, to) = day_span(&mut query, now)?;
    let bucket = query.value("bucket")?.unwrap_or(KpiBucket::Hour);
    query.finish()?;
    let most_days = if bucket == KpiBucket::Hour { MAX_HOUR_DAYS } else { MAX_DAYS };
    check_span(from, to, DurationMs(DAY.0 * most_days))?;
    let directory = hub.directory(&caller.tenant).await?;
    let lines = LineHistory::of_query(&directory, &caller, &site, line.as_ref())?;
    let pieces: Vec<_> = lines.iter().map(|line| (line, line.pieces(bucket, from, to, now))).collect();
    let count: usize = pieces.iter().map(|(_, pieces)| pieces.len()).sum();
    if count > MAX_ITEMS {
        let rule =
            format!("the span has {count} items, at most {MAX_ITEMS} are told; ask for less at a time");
        return Err(Problem::invalid("from", rule));
    }
    let mut items = Vec::with_capacity(count);
    for (line, pieces) in pieces {
        let summed = line.sum(store.as_ref().as_ref(), pieces).await?;
        items.extend(summed.into_iter().map(|piece| item(&site, line.code(), piece)));
    }
    Ok(HttpResponse::Ok().json(OeeView { bucket, from, to, items, next_cursor: None }))
}

pub(super) async fn losses(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
    clock: web::Data<Arc<dyn Clock>>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let mut query = Query::of(&req)?;
    let (site, line): (SiteCode, Option<LineCode>) = (query.required("site")?, query.value("line")?);
    let (from, to) = day_span(&mut query, now)?;
    query.finish()?;
    check_span(from, to, DurationMs(DAY.0 * MAX_LOSS_DAYS))?;
    let directory = hub.directory(&caller.tenant).await?;
    let lines = LineHistory::of_query(&directory, &caller, &site, line.as_ref())?;
    let store = store.as_ref().as_ref();
    let mut losses = Losses::default();
    let mut busy = DurationMs(0);
    let mut names: BTreeMap<ReasonCode, String> = BTreeMap::new();
    let mut span = (from, to);
    for line in &lines {
        // Figures are kept by the hour, so the span is made of whole ones.
        let pieces = line.pieces(KpiBucket::Hour, from, to, now);
        let Some((begin, end)) = pieces.span() else { continue };
        span = (begin, end.min(now));
        let summed = line.sum(store, pieces).await?;
        let inputs = summed.iter().fold(Inputs::default(), |sum, piece| sum.plus(piece.inputs));
        busy = busy + inputs.planned_busy_ms();
        let stops = line.stops(store, span).await?;
        losses.add(&stops, &line.shifts(span), span, &inputs);
        names.extend(line.reasons().iter().map(|reason| (reason.code.clone(), reason.name.clone())));
    }
    let loss_ms = losses.total_ms();
    let items = losses.ranked().into_iter().map(|loss| loss_view(loss, &names)).collect();
    Ok(HttpResponse::Ok().json(LossesView {
        from: span.0,
        to: span.1,
        planned_busy_ms: busy,
        loss_ms,
        items,
    }))
}

fn loss_view(loss: Loss, names: &BTreeMap<ReasonCode, String>) -> LossView {
    let (kind, state, reason) = match loss.kind {
        LossKind::Stop(state, reason) => ("stop", Some(state), reason),
        LossKind::Speed => ("speed", None, None),
        LossKind::Scrap => ("scrap", None, None),
    };
    LossView {
        kind,
        state,
        name: reason.as_ref().and_then(|reason| names.get(reason)).cloned(),
        reason,
        duration_ms: loss.duration_ms,
        count: loss.count,
        share_ratio: rounded(loss.share_ratio),
        cumulative_ratio: rounded(loss.cumulative_ratio),
    }
}
