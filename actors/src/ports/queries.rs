//! What REST lists read: pages of projections, by keyset, newest or smallest key first as each says.

use async_trait::async_trait;
use domain::alert::Alert;
use domain::history::{HourFigures, SliceKey, StateChange};
use domain::ids::{
    ArticleCode, LineAddress, LineCode, LocationCode, LotCode, MachineCode, MetricName, OrderCode,
    ReasonCode, Seq, SiteAddress, SiteCode, TenantCode,
};
use domain::order::Order;
use domain::stock::{LevelKey, Movement};
use domain::stop::Stop;
use domain::tenant::Article;
use domain::vocabulary::{AlertState, MovementKind, OrderState, Severity};
use domain::{Quantity, Timestamp};
use uuid::Uuid;

use super::{DeadLetter, Sample, StoreError};

/// Which page of a list.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// At most so many items (1–200).
    pub limit: u32,
    /// Where the page before ended: opaque, made by the store.
    pub cursor: Option<String>,
    /// Whether to count all items that match.
    pub total: bool,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { limit: 50, cursor: None, total: false }
    }
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The cursor of the next page, if there is one.
    pub next_cursor: Option<String>,
    /// How many match in all, if asked for.
    pub total: Option<u64>,
}

/// Which articles; ordered by code.
#[derive(Clone, Debug, Default)]
pub struct ArticleFilter {
    /// Text in the code or designation, whatever the case.
    pub search: Option<String>,
    /// Exact category.
    pub category: Option<String>,
}

/// Which orders; ordered by code.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// Only of these sites; `None` is every site.
    pub sites: Option<Vec<SiteCode>>,
    /// Only of this line.
    pub line: Option<LineCode>,
    /// Only in this state.
    pub state: Option<OrderState>,
    /// Only for this article.
    pub article: Option<ArticleCode>,
}

/// An order and where it is made.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderItem {
    /// The site.
    pub site: SiteCode,
    /// The order.
    pub order: Order,
}

/// Which movements; newest first (by recording).
#[derive(Clone, Debug, Default)]
pub struct MovementFilter {
    /// Only of these sites; `None` is every site.
    pub sites: Option<Vec<SiteCode>>,
    /// Only of this article.
    pub article: Option<ArticleCode>,
    /// Only of this lot.
    pub lot: Option<LotCode>,
    /// Only from or to this location.
    pub location: Option<LocationCode>,
    /// Only of this order.
    pub order: Option<OrderCode>,
    /// Only of this kind.
    pub kind: Option<MovementKind>,
}

/// A movement and its site.
#[derive(Clone, Debug, PartialEq)]
pub struct MovementItem {
    /// The site.
    pub site: SiteCode,
    /// The movement.
    pub movement: Movement,
}

/// Which levels; ordered by site, article, location, lot.
#[derive(Clone, Debug, Default)]
pub struct LevelFilter {
    /// Only of these sites; `None` is every site.
    pub sites: Option<Vec<SiteCode>>,
    /// Only of this article.
    pub article: Option<ArticleCode>,
    /// Only of this lot.
    pub lot: Option<LotCode>,
    /// Only at this location.
    pub location: Option<LocationCode>,
    /// Only (`true`) or only not (`false`) of articles whose sum over the site is under their minimum.
    pub below_minimum: Option<bool>,
}

/// A level of stock.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelItem {
    /// The site.
    pub site: SiteCode,
    /// Article, location and lot.
    pub key: LevelKey,
    /// How much lies there.
    pub quantity: Quantity,
    /// The article's unit, while the article exists.
    pub unit: Option<String>,
    /// Whether the article's sum over the site is under its minimum.
    pub below_minimum: bool,
}

/// Which alerts; newest first (by `raised_at`).
#[derive(Clone, Debug, Default)]
pub struct AlertFilter {
    /// Only of these sites; `None` is every site.
    pub sites: Option<Vec<SiteCode>>,
    /// Only of this line.
    pub line: Option<LineCode>,
    /// Only in this state.
    pub state: Option<AlertState>,
    /// Only of this severity.
    pub severity: Option<Severity>,
    /// Only those that are not yet both cleared and acknowledged.
    pub open: bool,
}

/// Which stops of a line; newest first (by `from`).
#[derive(Clone, Debug)]
pub struct StopFilter {
    /// The line.
    pub line: LineAddress,
    /// Only of this machine.
    pub machine: Option<MachineCode>,
    /// Only those that end after this.
    pub from: Option<Timestamp>,
    /// Only those that start before this.
    pub to: Option<Timestamp>,
    /// Only those with this reason.
    pub reason: Option<ReasonCode>,
    /// Only those without a reason.
    pub unclassified: bool,
}

impl StopFilter {
    /// Every stop of a line.
    pub fn of(line: LineAddress) -> Self {
        Self { line, machine: None, from: None, to: None, reason: None, unclassified: false }
    }
}

/// Which samples of a line: one metric, in time order.
#[derive(Clone, Debug)]
pub struct SampleQuery {
    /// The line.
    pub line: LineAddress,
    /// Only of this machine.
    pub machine: Option<MachineCode>,
    /// The metric.
    pub metric: MetricName,
    /// From here (inclusive).
    pub from: Timestamp,
    /// To here (exclusive).
    pub to: Timestamp,
    /// At most so many samples.
    pub limit: u32,
}

/// The most rows of a history that are read for one answer; a span that holds more is refused.
pub const MAX_HISTORY_ROWS: usize = 200_000;

/// Which changes of state of a line: for each machine the one in force at `from`, and those until `to`.
#[derive(Clone, Debug)]
pub struct StateQuery {
    /// The line.
    pub line: LineAddress,
    /// Only of this machine.
    pub machine: Option<MachineCode>,
    /// From here (inclusive).
    pub from: Timestamp,
    /// To here (exclusive).
    pub to: Timestamp,
}

/// Which slices of hours of a site: those that overlap the span.
#[derive(Clone, Debug)]
pub struct HourQuery {
    /// The site.
    pub site: SiteAddress,
    /// Only of this line.
    pub line: Option<LineCode>,
    /// From here (inclusive).
    pub from: Timestamp,
    /// To here (exclusive).
    pub to: Timestamp,
}

/// What a machine's slice of an hour adds up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourRow {
    /// The line.
    pub line: LineCode,
    /// The machine.
    pub machine: MachineCode,
    /// The slice, as it was cut when it was first written.
    pub slice: SliceKey,
    /// The sums.
    pub figures: HourFigures,
}

/// Which dead letters; newest first.
#[derive(Clone, Debug, Default)]
pub struct DeadLetterFilter {
    /// Only those whose topic starts so.
    pub topic_prefix: Option<String>,
    /// Only with this code.
    pub code: Option<String>,
}

/// Reads of the projections.
#[async_trait]
pub trait Queries {
    /// Articles of a tenant.
    async fn articles(
        &self,
        tenant: &TenantCode,
        filter: &ArticleFilter,
        page: &PageRequest,
    ) -> Result<Page<Article>, StoreError>;
    /// Whether an article has movements at any site.
    async fn article_has_movements(
        &self,
        tenant: &TenantCode,
        article: &ArticleCode,
    ) -> Result<bool, StoreError>;
    /// Orders of a tenant.
    async fn orders(
        &self,
        tenant: &TenantCode,
        filter: &OrderFilter,
        page: &PageRequest,
    ) -> Result<Page<OrderItem>, StoreError>;
    /// One order, wherever it is made.
    async fn order(&self, tenant: &TenantCode, code: &OrderCode) -> Result<Option<OrderItem>, StoreError>;
    /// Orders of a line that had been started before `to` and were not closed by `from`, by their start; `TooMany`
    /// for more than [`MAX_HISTORY_ROWS`].
    async fn orders_between(
        &self,
        line: &LineAddress,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Order>, StoreError>;
    /// Movements of stock.
    async fn movements(
        &self,
        tenant: &TenantCode,
        filter: &MovementFilter,
        page: &PageRequest,
    ) -> Result<Page<MovementItem>, StoreError>;
    /// Movements by their ids, in the order of the ids; without those that the tenant does not have.
    async fn movements_by_id(
        &self,
        tenant: &TenantCode,
        ids: &[Uuid],
    ) -> Result<Vec<MovementItem>, StoreError>;
    /// Levels of stock.
    async fn levels(
        &self,
        tenant: &TenantCode,
        filter: &LevelFilter,
        page: &PageRequest,
    ) -> Result<Page<LevelItem>, StoreError>;
    /// Every level of one site, for `hub verify`.
    async fn all_levels(&self, site: &SiteAddress) -> Result<Vec<(LevelKey, Quantity)>, StoreError>;
    /// The sums of movements of one site by key, for `hub verify`.
    async fn movement_sums(&self, site: &SiteAddress) -> Result<Vec<(LevelKey, Quantity)>, StoreError>;
    /// Alerts of a tenant.
    async fn alerts(
        &self,
        tenant: &TenantCode,
        filter: &AlertFilter,
        page: &PageRequest,
    ) -> Result<Page<Alert>, StoreError>;
    /// One alert.
    async fn alert(&self, tenant: &TenantCode, id: Uuid) -> Result<Option<Alert>, StoreError>;
    /// Stops of a line.
    async fn stops(&self, filter: &StopFilter, page: &PageRequest) -> Result<Page<Stop>, StoreError>;
    /// One stop of a line, and the head of the line's stream at the moment of the read.
    async fn stop(&self, line: &LineAddress, id: Uuid) -> Result<Option<(Stop, Seq)>, StoreError>;
    /// Samples of a line.
    async fn samples(&self, query: &SampleQuery) -> Result<Vec<Sample>, StoreError>;
    /// Changes of state by machine, then in time order; `TooMany` for more than [`MAX_HISTORY_ROWS`].
    async fn machine_states(&self, query: &StateQuery) -> Result<Vec<StateChange>, StoreError>;
    /// Slices by line, in time order, then by machine; `TooMany` for more than [`MAX_HISTORY_ROWS`].
    async fn kpi_hours(&self, query: &HourQuery) -> Result<Vec<HourRow>, StoreError>;
    /// Messages that were set aside and neither retried nor discarded.
    async fn dead_letters(
        &self,
        tenant: &TenantCode,
        filter: &DeadLetterFilter,
        page: &PageRequest,
    ) -> Result<Page<DeadLetter>, StoreError>;
    /// One of them.
    async fn dead_letter(&self, tenant: &TenantCode, id: Uuid) -> Result<Option<DeadLetter>, StoreError>;
}
