//! `/stock`: levels, and the movements they are the sums of.

use std::fmt;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hub::HubHandle;
use actors::ports::{LevelFilter, LevelItem, MovementFilter, MovementItem, Page, Store};
use domain::ids::{ArticleCode, LocationCode, LotCode, OrderCode, SiteCode, UnitCode};
use domain::message::StockMessage;
use domain::stock::Movement;
use domain::vocabulary::MovementKind;
use domain::{Code, Quantity, Timestamp};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserializer, MapAccess, SeqAccess};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::reply;
use crate::auth::Caller;
use crate::authorize::Action;
use crate::extract::{JsonBody, Query, location};
use crate::middleware::by;
use crate::problem::Problem;

/// The most movements of one batch.
const MAX_BATCH: usize = 1000;
const REFERENCES: &[&str] = &["site", "article", "order"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MovementBody {
    site: SiteCode,
    kind: MovementKind,
    article: ArticleCode,
    quantity: Quantity,
    #[serde(default)]
    unit: Option<UnitCode>,
    #[serde(default)]
    lot: Option<LotCode>,
    #[serde(default)]
    location: Option<LocationCode>,
    #[serde(default)]
    to_location: Option<LocationCode>,
    #[serde(default)]
    order: Option<OrderCode>,
    #[serde(default)]
    at: Option<Timestamp>,
}

/// `{"movements":[…]}`, or the array alone.
pub(super) struct BatchBody {
    movements: Vec<MovementBody>,
}

impl<'de> Deserialize<'de> for BatchBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Named {
            movements: Vec<MovementBody>,
        }
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = BatchBody;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with movements, or an array of movements")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<BatchBody, A::Error> {
                let Named { movements } = Named::deserialize(MapAccessDeserializer::new(map))?;
                Ok(BatchBody { movements })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<BatchBody, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(|movements| BatchBody { movements })
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[derive(Serialize)]
struct MovementView<'a> {
    id: Uuid,
    site: &'a SiteCode,
    kind: MovementKind,
    article: &'a ArticleCode,
    quantity: Quantity,
    unit: &'a UnitCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    lot: Option<&'a LotCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a LocationCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_location: Option<&'a LocationCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<&'a OrderCode>,
    at: Timestamp,
    by: String,
    /// What it did to the levels.
    changes: Vec<ChangeView<'a>>,
}

#[derive(Serialize)]
struct ChangeView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a LocationCode>,
    quantity: Quantity,
}

#[derive(Serialize)]
struct LevelView<'a> {
    site: &'a SiteCode,
    article: &'a ArticleCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a LocationCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lot: Option<&'a LotCode>,
    quantity: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    below_minimum: bool,
}

fn movement_view<'a>(site: &'a SiteCode, movement: &'a Movement) -> MovementView<'a> {
    let change = |delta: &'a domain::stock::Delta| ChangeView {
        location: delta.location.as_ref(),
        quantity: delta.quantity,
    };
    MovementView {
        id: movement.id,
        site,
        kind: movement.kind,
        article: &movement.article,
        quantity: movement.quantity,
        unit: &movement.unit,
        lot: movement.lot.as_ref(),
        location: movement.location.as_ref(),
        to_location: movement.to_location.as_ref(),
        order: movement.order.as_ref(),
        at: movement.at,
        by: movement.origin.to_string(),
        changes: movement.deltas.iter().map(change).collect(),
    }
}

fn level_view(item: &LevelItem) -> LevelView<'_> {
    LevelView {
        site: &item.site,
        article: &item.key.article,
        location: item.key.location.as_ref(),
        lot: item.key.lot.as_ref(),
        quantity: item.quantity,
        unit: item.unit.as_deref(),
        below_minimum: item.below_minimum,
    }
}

fn into_message(body: MovementBody) -> (StockMessage, Option<Timestamp>) {
    let message = StockMessage {
        kind: body.kind,
        article: body.article,
        quantity: body.quantity,
        unit: body.unit,
        lot: body.lot,
        location: body.location,
        to_location: body.to_location,
        order: body.order,
    };
    (message, body.at)
}

pub(super) async fn levels(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&req)?;
    let filter = LevelFilter {
        sites: caller.listed_sites(query.value("site")?),
        article: query.value("article")?,
        lot: query.value("lot")?,
        location: query.value("location")?,
        below_minimum: query.flag("below_minimum")?,
    };
    let page = query.page()?;
    query.finish()?;
    let found = store.levels(&caller.tenant, &filter, &page).await?;
    let items: Vec<&LevelItem> = found.items.iter().collect();
    let page = Page { items, next_cursor: found.next_cursor.clone(), total: found.total };
    Ok(reply::list(page, level_view))
}

pub(super) async fn movements(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&req)?;
    let filter = MovementFilter {
        sites: caller.listed_sites(query.value("site")?),
        article: query.value("article")?,
        lot: query.value("lot")?,
        location: query.value("location")?,
        order: query.value("order")?,
        kind: query.value("kind")?,
    };
    let page = query.page()?;
    query.finish()?;
    let found = store.movements(&caller.tenant, &filter, &page).await?;
    let items: Vec<&MovementItem> = found.items.iter().collect();
    let page = Page { items, next_cursor: found.next_cursor.clone(), total: found.total };
    Ok(reply::list(page, |item| movement_view(&item.site, &item.movement)))
}

pub(super) async fn move_one(
    req: HttpRequest,
    caller: Caller,
    JsonBody(body): JsonBody<MovementBody>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let object = format!("{} {} {}", body.kind, body.quantity, body.article);
    caller.may(&req, Action::StockWrite, "stock.move", object)?;
    let site = caller.site(&body.site).map_err(|_| Problem::unknown_reference(Code::UnknownSite, "site"))?;
    let moved = hub
        .move_stock(&site, vec![into_message(body)], by(&req, &caller))
        .await
        .map_err(reply::refused(REFERENCES))?;
    let movement = moved.first().ok_or_else(Problem::internal)?;
    let place = location(&["stock", "movements", &movement.id.to_string()]);
    Ok(reply::created(&movement_view(&site.site, movement), place, None))
}

#[derive(Serialize)]
struct BatchView<'a> {
    items: Vec<MovementView<'a>>,
}

pub(super) async fn move_all(
    req: HttpRequest,
    caller: Caller,
    JsonBody(body): JsonBody<BatchBody>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let count = body.movements.len();
    caller.may(&req, Action::StockWrite, "stock.move_batch", format!("{count} movements"))?;
    if !(1..=MAX_BATCH).contains(&count) {
        return Err(Problem::invalid("movements", format!("must be 1 to {MAX_BATCH} movements")));
    }
    let first = body.movements.first().map(|movement| movement.site.clone()).ok_or_else(Problem::internal)?;
    if let Some(index) = body.movements.iter().position(|movement| movement.site != first) {
        let rule = "must be the same in a whole batch, because a batch is booked as one";
        return Err(Problem::invalid(format!("movements[{index}].site"), rule));
    }
    let site = caller
        .site(&first)
        .map_err(|_| Problem::unknown_reference(Code::UnknownSite, "movements[0].site"))?;
    let messages = body.movements.into_iter().map(into_message).collect();
    let moved =
        hub.move_stock(&site, messages, by(&req, &caller)).await.map_err(reply::refused(REFERENCES))?;
    let items = moved.iter().map(|movement| movement_view(&site.site, movement)).collect();
    Ok(HttpResponse::Created().json(BatchView { items }))
}
