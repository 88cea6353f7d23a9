//! `/sites/{site}/lines/{line}/state`: what a line does now.

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hub::HubHandle;
use domain::ids::LineAddress;

use super::directory::find_line;
use crate::auth::Caller;
use crate::extract::Query;
use crate::problem::Problem;

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
