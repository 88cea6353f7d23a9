//! `/audit`: the newest entries of a tenant's audit trail.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::ports::{AuditEntry, Page, Store};
use domain::Timestamp;
use serde::Serialize;

use super::reply;
use crate::auth::Caller;
use crate::authorize::Action;
use crate::extract::Query;
use crate::problem::Problem;

#[derive(Serialize)]
struct EntryView {
    at: Timestamp,
    actor: String,
    action: String,
    object: String,
    outcome: String,
    peer: String,
}

pub(super) async fn list(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::AuditRead, "audit.list", "audit")?;
    let mut query = Query::of(&req)?;
    let limit = query.number("limit", 1, 200)?.unwrap_or(50);
    query.finish()?;
    let items = store.audit_entries(&caller.tenant, limit).await?;
    let page = Page { items, next_cursor: None, total: None };
    Ok(reply::list(page, |entry: AuditEntry| EntryView {
        at: entry.at,
        actor: entry.actor,
        action: entry.action,
        object: entry.object,
        outcome: entry.outcome,
        peer: entry.peer,
    }))
}
