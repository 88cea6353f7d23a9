//! `/articles`: what is made or stocked.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hub::HubHandle;
use actors::ports::{ArticleFilter, Store};
use domain::ids::{ArticleCode, UnitCode};
use domain::tenant::{Article, ArticlePatch, NewArticle, TenantCommand, TenantState};
use domain::{Code, Quantity, Rejection};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::reply;
use crate::auth::Caller;
use crate::authorize::Action;
use crate::extract::{JsonBody, Query, if_match, location, segment};
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArticleBody {
    code: ArticleCode,
    designation: String,
    unit: UnitCode,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    price: Option<Quantity>,
    #[serde(default)]
    minimum: Option<Quantity>,
    #[serde(default)]
    allow_negative: bool,
    #[serde(default)]
    metadata: Option<Value>,
}

#[derive(Serialize)]
struct ArticleView<'a> {
    code: &'a ArticleCode,
    designation: &'a str,
    unit: &'a UnitCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<Quantity>,
    allow_negative: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Value>,
}

fn view(article: &Article) -> ArticleView<'_> {
    ArticleView {
        code: &article.code,
        designation: &article.designation,
        unit: &article.unit,
        category: article.category.as_deref(),
        price: article.price,
        minimum: article.minimum,
        allow_negative: article.allow_negative,
        metadata: article.metadata.as_ref(),
    }
}

fn unknown(code: &ArticleCode) -> Problem {
    Rejection::new(Code::UnknownArticle, Some("article"), format!("there is no article {code}")).into()
}

fn find<'a>(state: &'a TenantState, code: &ArticleCode) -> Result<&'a Article, Problem> {
    state.article(code).map(AsRef::as_ref).ok_or_else(|| unknown(code))
}

pub(super) async fn list(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&req)?;
    let filter = ArticleFilter { search: query.text("search")?, category: query.text("category")? };
    let page = query.page()?;
    query.finish()?;
    let page = store.articles(&caller.tenant, &filter, &page).await?;
    let items: Vec<&Article> = page.items.iter().collect();
    let page = actors::ports::Page { items, next_cursor: page.next_cursor.clone(), total: page.total };
    Ok(reply::list(page, view))
}

pub(super) async fn create(
    req: HttpRequest,
    caller: Caller,
    JsonBody(body): JsonBody<ArticleBody>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::ArticleWrite, "articles.create", body.code.as_str())?;
    let code = body.code.clone();
    let new = NewArticle {
        code: body.code,
        designation: body.designation,
        unit: body.unit,
        category: body.category,
        price: body.price,
        minimum: body.minimum,
        allow_negative: body.allow_negative,
        metadata: body.metadata,
    };
    let state = hub.tenant_command(&caller.tenant, TenantCommand::AddArticle(new)).await?;
    let article = find(&state, &code)?;
    Ok(reply::created(&view(article), location(&["articles", code.as_str()]), Some(article.version)))
}

pub(super) async fn get(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    Query::none(&req)?;
    let code: ArticleCode = segment(&req, "code")?;
    let article = hub.article(&caller.tenant, &code).await?.ok_or_else(|| unknown(&code))?;
    Ok(reply::object(&view(&article), article.version))
}

pub(super) async fn change(
    req: HttpRequest,
    caller: Caller,
    JsonBody(patch): JsonBody<ArticlePatch>,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    let code: ArticleCode = segment(&req, "code")?;
    caller.may(&req, Action::ArticleWrite, "articles.change", code.as_str())?;
    let has_movements = store.article_has_movements(&caller.tenant, &code).await?;
    let expected_version = if_match(&req)?;
    let command =
        TenantCommand::PatchArticle { article: code.clone(), patch, has_movements, expected_version };
    let state = hub.tenant_command(&caller.tenant, command).await?;
    let article = find(&state, &code)?;
    Ok(reply::object(&view(article), article.version))
}

pub(super) async fn remove(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    let article: ArticleCode = segment(&req, "code")?;
    caller.may(&req, Action::ArticleWrite, "articles.remove", article.as_str())?;
    let has_movements = store.article_has_movements(&caller.tenant, &article).await?;
    let expected_version = if_match(&req)?;
    let command = TenantCommand::RemoveArticle { article, has_movements, expected_version };
    hub.tenant_command(&caller.tenant, command).await?;
    Ok(HttpResponse::NoContent().finish())
}
