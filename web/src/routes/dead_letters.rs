//! `/dead-letters`: messages that were refused and set aside, to be retried or discarded.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hub::HubHandle;
use actors::ingest::ItemOutcome;
use actors::ports::{DeadLetter, DeadLetterFilter, Store};
use domain::Timestamp;
use domain::ids::SiteCode;
use serde::Serialize;
use uuid::Uuid;

use super::ingest::ResultView;
use super::reply;
use crate::auth::Caller;
use crate::authorize::Action;
use crate::extract::{Query, segment_text};
use crate::problem::Problem;

#[derive(Serialize)]
struct DeadLetterView {
    id: Uuid,
    topic: String,
    payload: String,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<String>,
    code: String,
    detail: String,
    sender: String,
    received_at: Timestamp,
}

fn view(letter: DeadLetter) -> DeadLetterView {
    DeadLetterView {
        id: letter.id,
        topic: letter.topic,
        payload: letter.payload,
        retryable: letter.retryable,
        message_id: letter.message_id,
        code: letter.code,
        detail: letter.detail,
        sender: letter.sender,
        received_at: letter.received_at,
    }
}

fn site_prefix(caller: &Caller, site: &SiteCode) -> String {
    format!("hub/v1/{}/{site}/", caller.tenant)
}

/// A user limited to sites sees what was sent to topics of these.
fn sees(caller: &Caller, letter: &DeadLetter) -> bool {
    caller
        .sites
        .as_ref()
        .is_none_or(|sites| sites.iter().any(|site| letter.topic.starts_with(&site_prefix(caller, site))))
}

async fn find(req: &HttpRequest, caller: &Caller, store: &Arc<dyn Store>) -> Result<DeadLetter, Problem> {
    let id: Uuid = segment_text(req, "id")?.parse().map_err(|_| Problem::not_found())?;
    let found = store.dead_letter(&caller.tenant, id).await?;
    found.filter(|letter| sees(caller, letter)).ok_or_else(Problem::not_found)
}

pub(super) async fn list(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::DeadLetterRead, "dead_letters.list", "dead letters")?;
    let mut query = Query::of(&req)?;
    let (site, code) = (query.value::<SiteCode>("site")?, query.text("code")?);
    let page = query.page()?;
    query.finish()?;
    let site = match (site, caller.sites.as_deref()) {
        (Some(site), _) => Some(caller.site(&site)?.site),
        (None, None) => None,
        (None, Some([only])) => Some(only.clone()),
        (None, Some(_)) => {
            return Err(Problem::invalid("site", "is required, because you see some sites only"));
        }
    };
    let topic_prefix = site.map(|site| site_prefix(&caller, &site));
    let filter = DeadLetterFilter { topic_prefix, code };
    Ok(reply::list(store.dead_letters(&caller.tenant, &filter, &page).await?, view))
}

pub(super) async fn get(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::DeadLetterRead, "dead_letters.get", segment_text(&req, "id")?)?;
    Ok(HttpResponse::Ok().json(view(find(&req, &caller, &store).await?)))
}

pub(super) async fn retry(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::DeadLetterResolve, "dead_letters.retry", segment_text(&req, "id")?)?;
    let letter = find(&req, &caller, &store).await?;
    if !letter.retryable {
        return Err(Problem::new(
            actix_web::http::StatusCode::CONFLICT,
            "not_retryable",
            "the message was cut when it was set aside and cannot be sent again",
        ));
    }
    let outcome: Option<ItemOutcome> =
        hub.retry_dead_letter(&caller.tenant, letter.id, &caller.email).await?;
    let outcome = outcome.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(ResultView::from(outcome)))
}

pub(super) async fn discard(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::DeadLetterResolve, "dead_letters.discard", segment_text(&req, "id")?)?;
    let letter = find(&req, &caller, &store).await?;
    hub.discard_dead_letter(&caller.tenant, letter.id, &caller.email).await?;
    Ok(HttpResponse::NoContent().finish())
}
