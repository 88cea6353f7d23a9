//! `/alerts`: conditions that need a person, and the person who takes note.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hub::HubHandle;
use actors::ports::{AlertFilter, Page, Store};
use domain::alert::Alert;
use domain::ids::{LineCode, MachineCode, SiteCode};
use domain::vocabulary::{AlertState, Severity};
use domain::{Code, Rejection, Timestamp};
use serde::Serialize;
use uuid::Uuid;

use super::reply;
use crate::auth::Caller;
use crate::authorize::Action;
use crate::extract::{Query, segment_text};
use crate::problem::Problem;

#[derive(Serialize)]
struct AlertView<'a> {
    id: Uuid,
    site: &'a SiteCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<&'a LineCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    machine: Option<&'a MachineCode>,
    rule: &'a str,
    severity: Severity,
    state: AlertState,
    text: &'a str,
    raised_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    acked_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acked_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cleared_at: Option<Timestamp>,
}

fn view(alert: &Alert) -> AlertView<'_> {
    AlertView {
        id: alert.id,
        site: &alert.site,
        line: alert.line.as_ref(),
        machine: alert.machine.as_ref(),
        rule: &alert.rule,
        severity: alert.severity,
        state: alert.state,
        text: &alert.text,
        raised_at: alert.raised_at,
        acked_at: alert.acked_at,
        acked_by: alert.acked_by.as_deref(),
        cleared_at: alert.cleared_at,
    }
}

/// The alert that the path names, where the caller may see it.
async fn find(req: &HttpRequest, caller: &Caller, store: &Arc<dyn Store>) -> Result<Alert, Problem> {
    let id = segment_text(req, "id")?;
    let unknown = || Rejection::new(Code::UnknownAlert, Some("id"), format!("there is no alert {id}"));
    let uuid: Uuid = id.parse().map_err(|_| unknown())?;
    let found = store.alert(&caller.tenant, uuid).await?;
    Ok(found.filter(|alert| caller.sees(&alert.site)).ok_or_else(unknown)?)
}

pub(super) async fn list(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&req)?;
    let filter = AlertFilter {
        sites: caller.listed_sites(query.value("site")?),
        line: query.value("line")?,
        state: query.value("state")?,
        severity: query.value("severity")?,
        open: query.flag("open")?.unwrap_or(false),
    };
    let page = query.page()?;
    query.finish()?;
    let found = store.alerts(&caller.tenant, &filter, &page).await?;
    let items: Vec<&Alert> = found.items.iter().collect();
    let page = Page { items, next_cursor: found.next_cursor.clone(), total: found.total };
    Ok(reply::list(page, view))
}

pub(super) async fn get(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    Query::none(&req)?;
    Ok(HttpResponse::Ok().json(view(&find(&req, &caller, &store).await?)))
}

pub(super) async fn ack(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::AlertAck, "alerts.ack", segment_text(&req, "id")?)?;
    let found = find(&req, &caller, &store).await?;
    if found.is_closed() {
        // Acknowledging again changes nothing, also once the alert has left the live state.
        return Ok(HttpResponse::Ok().json(view(&found)));
    }
    let alert = hub.ack_alert(&caller.tenant, found.id, &caller.email).await?;
    Ok(HttpResponse::Ok().json(view(&alert)))
}
