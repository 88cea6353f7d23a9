//! Articles, orders and stock.

use utoipa::ToSchema;
use uuid::Uuid;

use super::words::{
    ArticleCode, FreeCode, Instant, InstantInput, MovementKind, OrderState, Quantity, QuantityInput, Slug,
    UnitCode,
};

#[derive(ToSchema)]
pub(crate) struct Article {
    code: ArticleCode,
    designation: String,
    unit: UnitCode,
    category: Option<String>,
    price: Option<Quantity>,
    /// What the stock of a site should not fall below.
    minimum: Option<Quantity>,
    allow_negative: bool,
    #[schema(value_type = Option<Object>)]
    metadata: Option<serde_json::Value>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewArticle {
    code: ArticleCode,
    designation: String,
    unit: UnitCode,
    category: Option<String>,
    price: Option<QuantityInput>,
    minimum: Option<QuantityInput>,
    #[serde(default)]
    allow_negative: bool,
    #[schema(value_type = Option<Object>)]
    metadata: Option<serde_json::Value>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArticlePatch {
    designation: Option<String>,
    /// Only while the article has no movements.
    unit: Option<UnitCode>,
    /// Null clears it.
    category: Option<String>,
    /// Null clears it.
    price: Option<QuantityInput>,
    /// Null clears it.
    minimum: Option<QuantityInput>,
    allow_negative: Option<bool>,
    /// A merge patch of the metadata; null clears all of it.
    #[schema(value_type = Option<Object>)]
    metadata: Option<serde_json::Value>,
}

#[derive(ToSchema)]
pub(crate) struct Order {
    code: FreeCode,
    site: Slug,
    line: Slug,
    article: ArticleCode,
    quantity: Quantity,
    good: Quantity,
    scrap: Quantity,
    state: OrderState,
    priority: i32,
    due: Option<Instant>,
    customer: Option<String>,
    created_at: Instant,
    released_at: Option<Instant>,
    started_at: Option<Instant>,
    completed_at: Option<Instant>,
    cancelled_at: Option<Instant>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOrder {
    code: FreeCode,
    article: ArticleCode,
    quantity: QuantityInput,
    site: Slug,
    line: Slug,
    due: Option<InstantInput>,
    /// 100 without it.
    #[schema(minimum = 0, maximum = 999)]
    priority: Option<i32>,
    customer: Option<String>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderPatch {
    /// Not below what is made.
    quantity: Option<QuantityInput>,
    /// Null clears it.
    due: Option<InstantInput>,
    #[schema(minimum = 0, maximum = 999)]
    priority: Option<i32>,
    /// Null clears it.
    customer: Option<String>,
    /// Before the start only.
    line: Option<Slug>,
}

#[derive(ToSchema)]
pub(crate) struct StockLevel {
    site: Slug,
    article: ArticleCode,
    /// Absent: the site's unnamed location.
    location: Option<FreeCode>,
    lot: Option<FreeCode>,
    quantity: Quantity,
    unit: Option<UnitCode>,
    /// Whether the article's sum over the site is below its minimum.
    below_minimum: bool,
}

#[derive(ToSchema)]
pub(crate) struct Movement {
    id: Uuid,
    site: Slug,
    kind: MovementKind,
    article: ArticleCode,
    quantity: Quantity,
    unit: UnitCode,
    lot: Option<FreeCode>,
    location: Option<FreeCode>,
    to_location: Option<FreeCode>,
    order: Option<FreeCode>,
    at: Instant,
    /// The user or device that booked it.
    by: String,
    /// What it did to the levels.
    changes: Vec<LevelChange>,
}

#[derive(ToSchema)]
struct LevelChange {
    location: Option<FreeCode>,
    quantity: Quantity,
}

/// What was booked, in the order of the request.
#[derive(ToSchema)]
pub(crate) struct Movements {
    items: Vec<Movement>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMovement {
    site: Slug,
    kind: MovementKind,
    article: ArticleCode,
    /// More than 0; `adjust`: a signed difference, not 0; `stocktake`: what was counted, 0 or more.
    quantity: QuantityInput,
    /// If given, the article's.
    unit: Option<UnitCode>,
    lot: Option<FreeCode>,
    location: Option<FreeCode>,
    /// With `transfer`, and only there.
    to_location: Option<FreeCode>,
    order: Option<FreeCode>,
    at: Option<InstantInput>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NamedMovements {
    #[schema(min_items = 1, max_items = 1000)]
    movements: Vec<NewMovement>,
}

/// 1 to 1,000 movements of one site, all or nothing.
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum NewMovements {
    Named(NamedMovements),
    Alone(Vec<NewMovement>),
}
