//! `/quarantine`: lines that were restarted too often, and their release.

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hub::HubHandle;
use actors::ports::Page;
use domain::Timestamp;
use domain::ids::{LineCode, SiteCode};
use serde::Serialize;

use super::lines::existing_line;
use super::reply;
use crate::auth::Caller;
use crate::authorize::Action;
use crate::extract::Query;
use crate::problem::Problem;

#[derive(Serialize)]
struct QuarantineView {
    site: SiteCode,
    line: LineCode,
    since: Timestamp,
    restarts: u32,
    last_exit: String,
}

pub(super) async fn list(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::QuarantineRead, "quarantine.list", "quarantine")?;
    Query::none(&req)?;
    let mut items = hub.quarantine(&caller.tenant).await;
    items.retain(|item| caller.sees(&item.site));
    let page = Page { items, next_cursor: None, total: None };
    Ok(reply::list(page, |item| QuarantineView {
        site: item.site,
        line: item.line,
        since: item.since,
        restarts: item.restarts,
        last_exit: item.last_exit,
    }))
}

pub(super) async fn release(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let line = existing_line(&req, &caller, &hub).await?;
    caller.may(&req, Action::QuarantineRelease, "quarantine.release", line.to_string())?;
    hub.release(&line, &caller.email).await?;
    Ok(HttpResponse::NoContent().finish())
}
