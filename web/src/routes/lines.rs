//! `/sites/{site}/lines/{line}/state` and `…/stops`: what a line does now and when it stood.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hub::HubHandle;
use actors::ports::{StopFilter, Store};
use domain::Timestamp;
use domain::ids::{LineAddress, MachineCode, ReasonCode};
use domain::stop::Stop;
use domain::vocabulary::MachineState;
use serde::Serialize;
use uuid::Uuid;

use super::directory::find_line;
use super::reply;
use crate::auth::Caller;
use crate::extract::Query;
use crate::problem::Problem;

#[derive(Serialize)]
struct StopView {
    id: Uuid,
    machine: MachineCode,
    state: MachineState,
    /// Null: unclassified.
    reason: Option<ReasonCode>,
    from: Timestamp,
    /// Null: it lasts.
    to: Option<Timestamp>,
}

/// The line that the path names, if it exists and the caller sees it.
pub(super) async fn existing_line(
    req: &HttpRequest,
    caller: &Caller,
    hub: &HubHandle,
) -> Result<LineAddress, Problem> {
    let address = caller.line_in(req)?;
    find_line(hub.directory(&caller.tenant).await?.as_ref(), &address.site, &address.line)?;
    Ok(address)
}

pub(super) async fn state(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    Query::none(&req)?;
    let line = existing_line(&req, &caller, &hub).await?;
    Ok(HttpResponse::Ok().json(hub.line_view(&line).await?))
}

pub(super) async fn stops(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&req)?;
    let (machine, from, to) = (query.value("machine")?, query.time("from")?, query.time("to")?);
    let page = query.page()?;
    query.finish()?;
    let line = existing_line(&req, &caller, &hub).await?;
    let page = store.stops(&StopFilter { machine, from, to, ..StopFilter::of(line) }, &page).await?;
    Ok(reply::list(page, |stop: Stop| StopView {
        id: stop.id,
        machine: stop.machine,
        state: stop.state,
        reason: stop.reason,
        from: stop.from,
        to: stop.to,
    }))
}
