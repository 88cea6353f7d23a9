//! Reads of the projections: lists by keyset, single objects, samples.

use actors::ports::{
    AlertFilter, ArticleFilter, DeadLetter, DeadLetterFilter, HourQuery, HourRow, LevelFilter, LevelItem,
    MovementFilter, MovementItem, OrderFilter, OrderItem, Page, PageRequest, Queries, Sample, SampleQuery,
    StateQuery, StopFilter, StoreError,
};
use async_trait::async_trait;
use domain::alert::Alert;
use domain::history::StateChange;
use domain::ids::{ArticleCode, LineAddress, OrderCode, Seq, SiteAddress, StreamId, TenantCode};
use domain::order::Order;
use domain::stock::LevelKey;
use domain::stop::Stop;
use domain::tenant::Article;
use domain::{Quantity, Timestamp};
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::select::{List, Select, doc};
use super::values::{get, id, instant, measure, parsed, unsigned};
use super::{SqliteStore, catalog, history, movements, stock};
use crate::store::cursor::key_of;
use crate::store::within_limit;

const DEAD_LETTER_COLUMNS: &str =
    "tenant, id, topic, payload, retryable, message_id, code, detail, sender, received_at_ms";

/// A query that goes on after an instant and an id, both falling.
fn before(select: Select, columns: &'static str, key: Option<(i64, Uuid)>) -> Select {
    match key {
        None => select,
        Some((ms, id)) => select.sql(columns).sql(" < (").bind(ms).sql(", ").bind(id.to_string()).sql(")"),
    }
}

/// Alerts, the newest first.
pub(super) fn alerts<'a>(
    tenant: &TenantCode,
    filter: &AlertFilter,
    request: &'a PageRequest,
) -> Result<List<'a>, StoreError> {
    let name = "alerts";
    let matching = |columns| {
        Select::of(columns, "alerts", tenant).and_sites(filter.sites.as_deref()).map(|select| {
            select
                .sql(if filter.open { " AND open = 1" } else { "" })
                .and(" AND line = ", filter.line.as_ref().map(|line| line.as_str()))
                .and(" AND state = ", filter.state.map(|state| state.as_str()))
                .and(" AND severity = ", filter.severity.map(|severity| severity.as_str()))
        })
    };
    let page = before(matching("doc")?, " AND (raised_at_ms, id)", key_of(name, request)?)
        .page("raised_at_ms DESC, id DESC", request);
    Ok(List { name, request, page, count: matching("count(*)")? })
}

/// Stops of a line, the newest first.
pub(super) fn stops<'a>(filter: &StopFilter, request: &'a PageRequest) -> Result<List<'a>, StoreError> {
    let name = "stops";
    let matching = |columns| {
        let select = Select::of(columns, "stops", &filter.line.tenant)
            .sql(" AND site = ")
            .bind(filter.line.site.as_str())
            .sql(" AND line = ")
            .bind(filter.line.line.as_str())
            .and(" AND machine = ", filter.machine.as_ref().map(|machine| machine.as_str()))
            .and(" AND reason = ", filter.reason.as_ref().map(|reason| reason.as_str()))
            .sql(if filter.unclassified { " AND reason IS NULL" } else { "" })
            .and(" AND from_ms < ", filter.to.map(|to| to.as_millis()));
        match filter.from {
            Some(from) => select.sql(" AND (to_ms IS NULL OR to_ms > ").bind(from.as_millis()).sql(")"),
            None => select,
        }
    };
    let page = before(matching("doc"), " AND (from_ms, id)", key_of(name, request)?)
        .page("from_ms DESC, id DESC", request);
    Ok(List { name, request, page, count: matching("count(*)") })
}

/// One stop of a line, with the head of the line's stream: one statement sees both at the same moment.
pub(super) fn stop(line: &LineAddress, id: Uuid) -> Select {
    Select::new("SELECT doc, coalesce((SELECT head_seq FROM streams WHERE name = ")
        .bind(StreamId::Line(line.clone()).to_string())
        .sql("), 0) AS head_seq FROM stops WHERE tenant = ")
        .bind(line.tenant.as_str())
        .sql(" AND site = ")
        .bind(line.site.as_str())
        .sql(" AND line = ")
        .bind(line.line.as_str())
        .sql(" AND id = ")
        .bind(id.to_string())
}

fn stop_and_head(row: &SqliteRow) -> Result<(Stop, Seq), StoreError> {
    Ok((doc(row)?, Seq(unsigned(get(row, "head_seq")?)?)))
}

/// Dead letters, the newest first.
pub(super) fn dead_letters<'a>(
    tenant: &TenantCode,
    filter: &DeadLetterFilter,
    request: &'a PageRequest,
) -> Result<List<'a>, StoreError> {
    let name = "dead_letters";
    let matching = |columns| {
        let select = Select::of(columns, "dead_letters", tenant).and(" AND code = ", filter.code.as_deref());
        match &filter.topic_prefix {
            // An empty prefix is found nowhere by `instr`, though every topic starts with it.
            Some(prefix) if !prefix.is_empty() => {
                select.sql(" AND instr(topic, ").bind(prefix.as_str()).sql(") = 1")
            }
            _ => select,
        }
    };
    let page = before(matching(DEAD_LETTER_COLUMNS), " AND (received_at_ms, id)", key_of(name, request)?)
        .page("received_at_ms DESC, id DESC", request);
    Ok(List { name, request, page, count: matching("count(*)") })
}

fn dead_letter(row: &SqliteRow) -> Result<DeadLetter, StoreError> {
    Ok(DeadLetter {
        id: id(row, "id")?,
        tenant: parsed(row, "tenant")?,
        topic: get(row, "topic")?,
        payload: get(row, "payload")?,
        retryable: get(row, "retryable")?,
        message_id: get(row, "message_id")?,
        code: get(row, "code")?,
        detail: get(row, "detail")?,
        sender: get(row, "sender")?,
        received_at: instant(row, "received_at_ms")?,
    })
}

/// Samples of one metric of a line, in time order.
pub(super) fn samples(query: &SampleQuery) -> Select {
    Select::new(
        "SELECT machine, metric, at_ms, number, flag, text FROM series \
        JOIN samples ON samples.series_id = series.id WHERE tenant = ",
    )
    .bind(query.line.tenant.as_str())
    .sql(" AND site = ")
    .bind(query.line.site.as_str())
    .sql(" AND line = ")
    .bind(query.line.line.as_str())
    .sql(" AND metric = ")
    .bind(query.metric.as_str())
    .and(" AND machine = ", query.machine.as_ref().map(|machine| machine.as_str()))
    .sql(" AND at_ms >= ")
    .bind(query.from.as_millis())
    .sql(" AND at_ms < ")
    .bind(query.to.as_millis())
    .sql(" ORDER BY at_ms, machine LIMIT ")
    .bind(i64::from(query.limit))
}

#[async_trait]
impl Queries for SqliteStore {
    async fn articles(
        &self,
        tenant: &TenantCode,
        filter: &ArticleFilter,
        page: &PageRequest,
    ) -> Result<Page<Article>, StoreError> {
        let list = catalog::articles(tenant, filter, page)?;
        list.read(&self.readers, doc::<Article>, |article| article.code.to_string()).await
    }

    async fn article_has_movements(
        &self,
        tenant: &TenantCode,
        article: &ArticleCode,
    ) -> Result<bool, StoreError> {
        let select = Select::of("1", "movements", tenant).sql(" AND article = ").bind(article.as_str());
        Ok(!select.sql(" LIMIT 1").rows(&self.readers).await?.is_empty())
    }

    async fn orders(
        &self,
        tenant: &TenantCode,
        filter: &OrderFilter,
        page: &PageRequest,
    ) -> Result<Page<OrderItem>, StoreError> {
        let key = |item: &OrderItem| (item.order.code.to_string(), item.site.to_string());
        catalog::orders(tenant, filter, page)?.read(&self.readers, catalog::order_item, key).await
    }

    async fn order(&self, tenant: &TenantCode, code: &OrderCode) -> Result<Option<OrderItem>, StoreError> {
        let select = Select::of("site, doc", "orders", tenant).sql(" AND code = ").bind(code.as_str());
        let rows = select.sql(" ORDER BY site LIMIT 1").rows(&self.readers).await?;
        rows.first().map(catalog::order_item).transpose()
    }

    async fn orders_between(
        &self,
        line: &LineAddress,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Order>, StoreError> {
        let rows = history::orders_between(line, from, to).rows(&self.readers).await?;
        let orders = within_limit(&rows)?.iter().map(doc::<Order>).collect::<Result<Vec<_>, _>>()?;
        // When an order was cancelled is in the document alone.
        Ok(orders.into_iter().filter(|order| order.closed_at().is_none_or(|end| end > from)).collect())
    }

    async fn movements(
        &self,
        tenant: &TenantCode,
        filter: &MovementFilter,
        page: &PageRequest,
    ) -> Result<Page<MovementItem>, StoreError> {
        let list = movements::movements(tenant, filter, page)?;
        let read = list.read(&self.readers, movements::movement_item, |(recording, _)| *recording).await?;
        let items = read.items.into_iter().map(|(_, item)| item).collect();
        Ok(Page { items, next_cursor: read.next_cursor, total: read.total })
    }

    async fn movements_by_id(
        &self,
        tenant: &TenantCode,
        ids: &[Uuid],
    ) -> Result<Vec<MovementItem>, StoreError> {
        movements::by_id(&self.readers, tenant, ids).await
    }

    async fn levels(
        &self,
        tenant: &TenantCode,
        filter: &LevelFilter,
        page: &PageRequest,
    ) -> Result<Page<LevelItem>, StoreError> {
        stock::levels(tenant, filter, page)?.read(&self.readers, stock::level_item, stock::key).await
    }

    async fn all_levels(&self, site: &SiteAddress) -> Result<Vec<(LevelKey, Quantity)>, StoreError> {
        stock::all(&self.readers, site).await
    }

    async fn movement_sums(&self, site: &SiteAddress) -> Result<Vec<(LevelKey, Quantity)>, StoreError> {
        movements::sums(&self.readers, site).await
    }

    async fn alerts(
        &self,
        tenant: &TenantCode,
        filter: &AlertFilter,
        page: &PageRequest,
    ) -> Result<Page<Alert>, StoreError> {
        let key = |alert: &Alert| (alert.raised_at.as_millis(), alert.id);
        alerts(tenant, filter, page)?.read(&self.readers, doc::<Alert>, key).await
    }

    async fn alert(&self, tenant: &TenantCode, id: Uuid) -> Result<Option<Alert>, StoreError> {
        let select = Select::of("doc", "alerts", tenant).sql(" AND id = ").bind(id.to_string());
        select.rows(&self.readers).await?.first().map(doc).transpose()
    }

    async fn stops(&self, filter: &StopFilter, page: &PageRequest) -> Result<Page<Stop>, StoreError> {
        let key = |stop: &Stop| (stop.from.as_millis(), stop.id);
        stops(filter, page)?.read(&self.readers, doc::<Stop>, key).await
    }

    async fn stop(&self, line: &LineAddress, id: Uuid) -> Result<Option<(Stop, Seq)>, StoreError> {
        stop(line, id).rows(&self.readers).await?.first().map(stop_and_head).transpose()
    }

    async fn samples(&self, query: &SampleQuery) -> Result<Vec<Sample>, StoreError> {
        let rows = samples(query).rows(&self.readers).await?;
        rows.iter()
            .map(|row| {
                Ok(Sample {
                    machine: parsed(row, "machine")?,
                    metric: parsed(row, "metric")?,
                    at: instant(row, "at_ms")?,
                    value: measure(row)?,
                })
            })
            .collect()
    }

    async fn machine_states(&self, query: &StateQuery) -> Result<Vec<StateChange>, StoreError> {
        history::read_machine_states(&history::machine_states(query).rows(&self.readers).await?)
    }

    async fn kpi_hours(&self, query: &HourQuery) -> Result<Vec<HourRow>, StoreError> {
        history::read_kpi_hours(&history::kpi_hours(query).rows(&self.readers).await?)
    }

    async fn dead_letters(
        &self,
        tenant: &TenantCode,
        filter: &DeadLetterFilter,
        page: &PageRequest,
    ) -> Result<Page<DeadLetter>, StoreError> {
        let key = |letter: &DeadLetter| (letter.received_at.as_millis(), letter.id);
        dead_letters(tenant, filter, page)?.read(&self.readers, dead_letter, key).await
    }

    async fn dead_letter(&self, tenant: &TenantCode, id: Uuid) -> Result<Option<DeadLetter>, StoreError> {
        let select = Select::of(DEAD_LETTER_COLUMNS, "dead_letters", tenant);
        let rows = select.sql(" AND id = ").bind(id.to_string()).rows(&self.readers).await?;
        rows.first().map(dead_letter).transpose()
    }
}
