//! `/sites/{site}/lines/{line}/stops`: when machines stood, and what people say about it.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hub::HubHandle;
use actors::ports::{StopFilter, Store};
use domain::ids::{LineAddress, MachineCode, ReasonCode, StreamId};
use domain::line::StopChange;
use domain::patch::clearable;
use domain::stop::Stop;
use domain::vocabulary::MachineState;
use domain::{Code, Rejection, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::line_events::EventView;
use super::lines::existing_line;
use super::reply;
use crate::auth::Caller;
use crate::authorize::Action;
use crate::extract::{JsonBody, Query, segment_text};
use crate::problem::Problem;

#[derive(Serialize)]
struct StopView {
    id: Uuid,
    machine: MachineCode,
    state: MachineState,
    /// Null: unclassified.
    reason: Option<ReasonCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    classified_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    classified_at: Option<Timestamp>,
    from: Timestamp,
    /// Null: it lasts.
    to: Option<Timestamp>,
}

impl From<Stop> for StopView {
    fn from(stop: Stop) -> Self {
        Self {
            id: stop.id,
            machine: stop.machine,
            state: stop.state,
            reason: stop.reason,
            comment: stop.comment,
            classified_by: stop.classified_by,
            classified_at: stop.classified_at,
            from: stop.from,
            to: stop.to,
        }
    }
}

/// A stop and the events of the log that it is made of.
#[derive(Serialize)]
struct StopHistory {
    #[serde(flatten)]
    stop: StopView,
    events: Vec<EventView>,
}

/// A stop after a change, and what was cut off it.
#[derive(Serialize)]
struct ChangedStop {
    #[serde(flatten)]
    stop: StopView,
    #[serde(skip_serializing_if = "Option::is_none")]
    split_off: Option<StopView>,
}

/// What a person changes of a stop; what is absent stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StopPatch {
    #[serde(default, deserialize_with = "clearable")]
    reason: Option<Option<ReasonCode>>,
    #[serde(default, deserialize_with = "clearable")]
    comment: Option<Option<String>>,
    #[serde(default)]
    split_at: Option<Timestamp>,
}

pub(super) async fn list(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&req)?;
    let (machine, from, to) = (query.value("machine")?, query.time("from")?, query.time("to")?);
    let (reason, unclassified) = (query.value("reason")?, query.flag("unclassified")?.unwrap_or(false));
    let page = query.page()?;
    query.finish()?;
    let line = existing_line(&req, &caller, &hub).await?;
    let filter = StopFilter { line, machine, from, to, reason, unclassified };
    let page = store.stops(&filter, &page).await?;
    Ok(reply::list(page, StopView::from))
}

/// The id in the path. What is none cannot exist.
fn stop_id(req: &HttpRequest) -> Result<Uuid, Problem> {
    let id = segment_text(req, "id")?;
    id.parse().map_err(|_| unknown(&id))
}

fn unknown(id: &dyn std::fmt::Display) -> Problem {
    Rejection::new(Code::UnknownStop, Some("id"), format!("there is no stop {id}")).into()
}

async fn find(store: &Arc<dyn Store>, line: &LineAddress, id: Uuid) -> Result<Stop, Problem> {
    Ok(store.stop(line, id).await?.ok_or_else(|| unknown(&id))?.0)
}

pub(super) async fn get(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    Query::none(&req)?;
    let line = existing_line(&req, &caller, &hub).await?;
    let stop = find(&store, &line, stop_id(&req)?).await?;
    let events = store.read_at(&StreamId::Line(line), &stop.seqs).await?;
    let events = events.into_iter().map(EventView::of).collect::<Result<_, Problem>>()?;
    Ok(HttpResponse::Ok().json(StopHistory { stop: stop.into(), events }))
}

pub(super) async fn change(
    req: HttpRequest,
    caller: Caller,
    JsonBody(patch): JsonBody<StopPatch>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let line = caller.line_in(&req)?;
    caller.may(&req, Action::StopWrite, "stops.change", format!("{line}/{}", segment_text(&req, "id")?))?;
    let line = existing_line(&req, &caller, &hub).await?;
    let StopPatch { reason, comment, split_at } = patch;
    let change = StopChange { reason, comment, split_at };
    let changed = hub.change_stop(&line, stop_id(&req)?, change, &caller.email).await?;
    let split_off = changed.split_off.map(StopView::from);
    Ok(HttpResponse::Ok().json(ChangedStop { stop: changed.stop.into(), split_off }))
}
