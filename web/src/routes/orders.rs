//! `/orders`: production orders and the steps of their life.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hub::HubHandle;
use actors::ports::{OrderFilter, OrderItem, Store};
use domain::ids::{ArticleCode, LineCode, OrderCode, SiteAddress, SiteCode};
use domain::order::{NewOrder, Order, OrderPatch};
use domain::patch::clearable;
use domain::vocabulary::{OrderAction, OrderState};
use domain::{Code, Quantity, Rejection, Timestamp};
use serde::{Deserialize, Serialize};

use super::reply;
use crate::auth::Caller;
use crate::authorize::Action;
use crate::extract::{JsonBody, Query, if_match, location, segment};
use crate::middleware::by;
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderBody {
    code: OrderCode,
    article: ArticleCode,
    quantity: Quantity,
    site: SiteCode,
    line: LineCode,
    #[serde(default)]
    due: Option<Timestamp>,
    #[serde(default)]
    priority: Option<i32>,
    #[serde(default)]
    customer: Option<String>,
}

/// A merge patch; what null may clear is an option in an option.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderPatchBody {
    #[serde(default)]
    quantity: Option<Quantity>,
    #[serde(default, deserialize_with = "clearable")]
    due: Option<Option<Timestamp>>,
    #[serde(default)]
    priority: Option<i32>,
    #[serde(default, deserialize_with = "clearable")]
    customer: Option<Option<String>>,
    #[serde(default)]
    line: Option<LineCode>,
}

#[derive(Serialize)]
struct OrderView<'a> {
    code: &'a OrderCode,
    site: &'a SiteCode,
    line: &'a LineCode,
    article: &'a ArticleCode,
    quantity: Quantity,
    good: Quantity,
    scrap: Quantity,
    state: OrderState,
    priority: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<&'a str>,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    released_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_at: Option<Timestamp>,
}

fn view<'a>(site: &'a SiteCode, order: &'a Order) -> OrderView<'a> {
    OrderView {
        code: &order.code,
        site,
        line: &order.line,
        article: &order.article,
        quantity: order.quantity,
        good: order.good,
        scrap: order.scrap,
        state: order.state,
        priority: order.priority,
        due: order.due,
        customer: order.customer.as_deref(),
        created_at: order.created_at,
        released_at: order.released_at,
        started_at: order.started_at,
        completed_at: order.completed_at,
        cancelled_at: order.cancelled_at,
    }
}

/// The order that the path names, where the caller may see it.
async fn find(req: &HttpRequest, caller: &Caller, store: &Arc<dyn Store>) -> Result<OrderItem, Problem> {
    let code: OrderCode = segment(req, "code")?;
    let found = store.order(&caller.tenant, &code).await?;
    found.filter(|item| caller.sees(&item.site)).ok_or_else(|| {
        Rejection::new(Code::UnknownOrder, Some("order"), format!("there is no order {code}")).into()
    })
}

pub(super) async fn list(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&req)?;
    let filter = OrderFilter {
        sites: caller.listed_sites(query.value("site")?),
        line: query.value("line")?,
        state: query.value("state")?,
        article: query.value("article")?,
    };
    let page = query.page()?;
    query.finish()?;
    let found = store.orders(&caller.tenant, &filter, &page).await?;
    let items: Vec<&OrderItem> = found.items.iter().collect();
    let page = actors::ports::Page { items, next_cursor: found.next_cursor.clone(), total: found.total };
    Ok(reply::list(page, |item| view(&item.site, &item.order)))
}

pub(super) async fn create(
    req: HttpRequest,
    caller: Caller,
    JsonBody(body): JsonBody<OrderBody>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    const REFERENCES: &[&str] = &["site", "line", "article"];
    caller.may(&req, Action::OrderPlan, "orders.create", body.code.as_str())?;
    let site = caller.site(&body.site).map_err(|_| Problem::unknown_reference(Code::UnknownSite, "site"))?;
    let new = NewOrder {
        code: body.code,
        article: body.article,
        quantity: body.quantity,
        line: body.line,
        due: body.due,
        priority: body.priority,
        customer: body.customer,
    };
    let order = hub.create_order(&site, new, by(&req, &caller)).await.map_err(reply::refused(REFERENCES))?;
    let place = location(&["orders", order.code.as_str()]);
    Ok(reply::created(&view(&site.site, &order), place, Some(order.version)))
}

pub(super) async fn get(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    Query::none(&req)?;
    let item = find(&req, &caller, &store).await?;
    Ok(reply::object(&view(&item.site, &item.order), item.order.version))
}

pub(super) async fn change(
    req: HttpRequest,
    caller: Caller,
    JsonBody(body): JsonBody<OrderPatchBody>,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    let OrderItem { site, order } = find(&req, &caller, &store).await?;
    caller.may(&req, Action::OrderPlan, "orders.change", order.code.as_str())?;
    let address = SiteAddress { tenant: caller.tenant.clone(), site };
    let OrderPatchBody { quantity, due, priority, customer, line } = body;
    let patch = OrderPatch { quantity, due, priority, customer, line };
    let changed = hub
        .patch_order(&address, &order.code, patch, if_match(&req)?, by(&req, &caller))
        .await
        .map_err(reply::refused(&["line"]))?;
    Ok(reply::object(&view(&address.site, &changed), changed.version))
}

pub(super) async fn step(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    let action: OrderAction = segment(&req, "action")?;
    let OrderItem { site, order } = find(&req, &caller, &store).await?;
    let (right, name) = match action {
        OrderAction::Release => (Action::OrderPlan, "orders.release"),
        OrderAction::Cancel => (Action::OrderPlan, "orders.cancel"),
        OrderAction::Start => (Action::OrderExecute, "orders.start"),
        OrderAction::Pause => (Action::OrderExecute, "orders.pause"),
        OrderAction::Resume => (Action::OrderExecute, "orders.resume"),
        OrderAction::Complete => (Action::OrderExecute, "orders.complete"),
    };
    caller.may(&req, right, name, order.code.as_str())?;
    let address = SiteAddress { tenant: caller.tenant.clone(), site };
    let changed =
        hub.transition_order(&address, &order.code, action, if_match(&req)?, by(&req, &caller)).await?;
    Ok(reply::object(&view(&address.site, &changed), changed.version))
}
