//! `/sites/{site}/lines/{line}/samples`: one metric over time, downsampled to what a chart can show.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::clock::Clock;
use actors::hub::HubHandle;
use actors::ports::{SampleQuery, Store};
use domain::ids::{MachineCode, MetricName};
use domain::{DurationMs, Timestamp};
use serde::Serialize;

use super::lines::existing_line;
use crate::auth::Caller;
use crate::extract::Query;
use crate::lttb::{Point, downsample};
use crate::problem::Problem;

const DEFAULT_SPAN: DurationMs = DurationMs::from_secs(3600);
const DEFAULT_POINTS: u32 = 500;
const MAX_POINTS: u32 = 5_000;
/// The most samples that are read for an answer; a longer span must be asked for in parts.
const MAX_READ: u32 = 200_000;

#[derive(Serialize)]
struct SamplesView {
    metric: MetricName,
    from: Timestamp,
    to: Timestamp,
    /// Whether the span held more samples than are read for one answer; what follows the last one is missing.
    truncated: bool,
    items: Vec<SeriesView>,
}

#[derive(Serialize)]
struct SeriesView {
    machine: MachineCode,
    /// How many numbers there were before downsampling.
    samples: usize,
    points: Vec<PointView>,
}

#[derive(Serialize)]
struct PointView {
    at: Timestamp,
    value: f64,
}

pub(super) async fn samples(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
    clock: web::Data<Arc<dyn Clock>>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&req)?;
    let metric: MetricName = query.required("metric")?;
    let machine = query.value("machine")?;
    let to = query.time("to")?.unwrap_or_else(|| clock.now());
    let from = query.time("from")?.unwrap_or(to - DEFAULT_SPAN);
    let points = query.number("points", 3, MAX_POINTS)?.unwrap_or(DEFAULT_POINTS);
    query.finish()?;
    if from >= to {
        return Err(Problem::invalid("from", "must be before to"));
    }
    let line = existing_line(&req, &caller, &hub).await?;
    let read = SampleQuery { line, machine, metric: metric.clone(), from, to, limit: MAX_READ };
    let found = store.samples(&read).await?;
    let truncated = found.len() >= MAX_READ as usize;
    let mut series: BTreeMap<MachineCode, Vec<Point>> = BTreeMap::new();
    for sample in found {
        // Flags and texts have no triangle.
        if let Some(value) = sample.value.as_number() {
            series.entry(sample.machine).or_default().push(Point { at: sample.at.as_millis(), value });
        }
    }
    let items = series
        .into_iter()
        .map(|(machine, all)| SeriesView {
            machine,
            samples: all.len(),
            points: downsample(&all, points as usize)
                .into_iter()
                .map(|point| PointView { at: Timestamp::from_millis(point.at), value: point.value })
                .collect(),
        })
        .collect();
    Ok(HttpResponse::Ok().json(SamplesView { metric, from, to, truncated, items }))
}
