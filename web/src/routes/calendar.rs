//! `/sites/{site}/calendar`: when a site works; `/sites/{site}/shifts`: what that means in instants.

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hub::HubHandle;
use domain::calendar::{Calendar, Plan};
use domain::ids::LineCode;
use domain::shift::Shift;
use domain::tenant::TenantCommand;
use domain::{DurationMs, Timestamp};
use jiff::civil::Date;
use serde::Serialize;

use super::directory::{find_line, find_site};
use super::reply;
use crate::auth::Caller;
use crate::authorize::Action;
use crate::extract::{JsonBody, Query, if_match};
use crate::problem::Problem;

/// The longest span of shifts in one answer: 62 days.
const MAX_SPAN: DurationMs = DurationMs::from_secs(62 * 86_400);
/// The span of shifts if none is named: a week from now.
const DEFAULT_SPAN: DurationMs = DurationMs::from_secs(7 * 86_400);

/// A planned stop of a shift, in instants.
#[derive(Serialize)]
struct PlannedStopView<'a> {
    name: &'a str,
    from: Timestamp,
    to: Timestamp,
}

/// A shift in instants, and the local day it belongs to.
#[derive(Serialize)]
pub(super) struct ShiftView<'a> {
    name: &'a str,
    date: Date,
    from: Timestamp,
    to: Timestamp,
    planned_stops: Vec<PlannedStopView<'a>>,
}

/// A shift of a plan.
pub(super) fn shift_view<'a>(shift: &'a Shift, plan: &Plan) -> ShiftView<'a> {
    let stops = shift.planned_stops.iter();
    ShiftView {
        name: &shift.name,
        date: plan.date_of(shift.from),
        from: shift.from,
        to: shift.to,
        planned_stops: stops
            .map(|stop| PlannedStopView { name: &stop.name, from: stop.from, to: stop.to })
            .collect(),
    }
}

pub(super) async fn get(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    Query::none(&req)?;
    let site = caller.site_in(&req)?.site;
    let state = hub.directory(&caller.tenant).await?;
    let entry = find_site(&state, &site)?;
    Ok(reply::object(&*entry.plan().calendar, entry.calendar_version()))
}

pub(super) async fn put(
    req: HttpRequest,
    caller: Caller,
    JsonBody(calendar): JsonBody<Calendar>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let site = caller.site_in(&req)?.site;
    caller.may(&req, Action::CalendarWrite, "calendar.set", site.as_str())?;
    let expected_version = if_match(&req)?;
    let command = TenantCommand::SetCalendar { site: site.clone(), calendar, expected_version };
    let changed = hub.tenant_command(&caller.tenant, command).await;
    let state = changed.map_err(reply::refused(&["line"]))?;
    let entry = find_site(&state, &site)?;
    Ok(reply::object(&*entry.plan().calendar, entry.calendar_version()))
}

pub(super) async fn shifts(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let site = caller.site_in(&req)?.site;
    let mut query = Query::of(&req)?;
    let line: Option<LineCode> = query.value("line")?;
    let from = query.time("from")?.unwrap_or_else(|| hub.clock().now());
    let to = query.time("to")?.unwrap_or(from + DEFAULT_SPAN);
    query.finish()?;
    if to <= from || to - from > MAX_SPAN {
        return Err(Problem::invalid("to", "must be after `from`, by 62 days at most"));
    }
    let state = hub.directory(&caller.tenant).await?;
    let plan = find_site(&state, &site)?.plan();
    let shifts = match &line {
        Some(line) => {
            find_line(&state, &site, line)?;
            plan.shifts(line, from, to)
        }
        None => plan.site_shifts(from, to),
    };
    let page = actors::ports::Page { items: shifts.iter().collect(), next_cursor: None, total: None };
    Ok(reply::list(page, |shift| shift_view(shift, &plan)))
}
