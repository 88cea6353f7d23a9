//! Reads of the projections in memory: everything is looked at, which is fine for tests.

use std::collections::BTreeMap;

use actors::ports::{
    AlertFilter, ArticleFilter, DeadLetter, DeadLetterFilter, HourQuery, HourRow, LevelFilter, LevelItem,
    MovementFilter, MovementItem, OrderFilter, OrderItem, Page, PageRequest, Queries, Sample, SampleQuery,
    StateQuery, StopFilter, StoreError,
};
use async_trait::async_trait;
use domain::alert::Alert;
use domain::history::StateChange;
use domain::ids::{
    ArticleCode, LineAddress, LocationCode, LotCode, OrderCode, Seq, SiteAddress, SiteCode, StreamId,
    TenantCode,
};
use domain::order::Order;
use domain::stock::LevelKey;
use domain::stop::Stop;
use domain::tenant::Article;
use domain::{Quantity, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::MemoryStore;
use super::rows::Projections;
use crate::store::{cursor, search_text, within_limit};

/// Which way a list runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Rising,
    Falling,
}

/// A page of what matches.
fn page<T, K>(
    list: &str,
    request: &PageRequest,
    direction: Direction,
    matching: impl Iterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> Result<Page<T>, StoreError>
where
    K: Ord + Serialize + DeserializeOwned,
{
    let after: Option<K> = cursor::key_of(list, request)?;
    let mut items: Vec<T> = matching.collect();
    items.sort_by_key(&key);
    if direction == Direction::Falling {
        items.reverse();
    }
    let total = request.total.then_some(items.len() as u64);
    let is_after = |item: &T| match (&after, direction) {
        (None, _) => true,
        (Some(after), Direction::Rising) => key(item) > *after,
        (Some(after), Direction::Falling) => key(item) < *after,
    };
    items.retain(is_after);
    items.truncate(cursor::page_size(request) + 1);
    cursor::page(list, request, items, total, key)
}

fn is<T: PartialEq>(wanted: Option<&T>, actual: Option<&T>) -> bool {
    wanted.is_none_or(|wanted| Some(wanted) == actual)
}

fn is_at(wanted: Option<&Vec<SiteCode>>, site: &SiteCode) -> bool {
    wanted.is_none_or(|sites| sites.contains(site))
}

fn level_item(data: &Projections, site: &SiteAddress, key: &LevelKey, quantity: Quantity) -> LevelItem {
    let article = data.articles.get(&(site.tenant.clone(), key.article.clone()));
    let minimum = article.and_then(|article| article.minimum);
    LevelItem {
        site: site.site.clone(),
        key: key.clone(),
        quantity,
        unit: article.map(|article| article.unit.to_string()),
        below_minimum: minimum.is_some_and(|minimum| data.total(site, &key.article) < minimum),
    }
}

#[async_trait]
impl Queries for MemoryStore {
    async fn articles(
        &self,
        tenant: &TenantCode,
        filter: &ArticleFilter,
        request: &PageRequest,
    ) -> Result<Page<Article>, StoreError> {
        let data = self.data()?;
        let needle = filter.search.as_ref().map(|text| text.to_lowercase());
        let matching = data
            .projections
            .articles
            .iter()
            .filter(|((owner, _), article)| {
                owner == tenant
                    && is(filter.category.as_ref(), article.category.as_ref())
                    && needle.as_ref().is_none_or(|needle| search_text(article).contains(needle))
            })
            .map(|(_, article)| article.clone());
        page("articles", request, Direction::Rising, matching, |article| article.code.to_string())
    }

    async fn article_has_movements(
        &self,
        tenant: &TenantCode,
        article: &ArticleCode,
    ) -> Result<bool, StoreError> {
        let data = self.data()?;
        let mut movements = data.projections.movements.iter();
        Ok(movements.any(|(site, movement)| site.tenant == *tenant && movement.article == *article))
    }

    async fn orders(
        &self,
        tenant: &TenantCode,
        filter: &OrderFilter,
        request: &PageRequest,
    ) -> Result<Page<OrderItem>, StoreError> {
        let data = self.data()?;
        let matching = data
            .projections
            .orders
            .iter()
            .filter(|((owner, _, site), order)| {
                owner == tenant
                    && is_at(filter.sites.as_ref(), site)
                    && is(filter.line.as_ref(), Some(&order.line))
                    && is(filter.state.as_ref(), Some(&order.state))
                    && is(filter.article.as_ref(), Some(&order.article))
            })
            .map(|((_, _, site), order)| OrderItem { site: site.clone(), order: order.clone() });
        let key = |item: &OrderItem| (item.order.code.to_string(), item.site.to_string());
        page("orders", request, Direction::Rising, matching, key)
    }

    async fn order(&self, tenant: &TenantCode, code: &OrderCode) -> Result<Option<OrderItem>, StoreError> {
        let data = self.data()?;
        let found =
            data.projections.orders.iter().find(|((owner, other, _), _)| owner == tenant && other == code);
        Ok(found.map(|((_, _, site), order)| OrderItem { site: site.clone(), order: order.clone() }))
    }

    async fn orders_between(
        &self,
        line: &LineAddress,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Order>, StoreError> {
        let data = self.data()?;
        let of_line = data.projections.orders.iter().filter(|((tenant, _, site), order)| {
            *tenant == line.tenant && *site == line.site && order.line == line.line
        });
        let ran = of_line.filter(|(_, order)| {
            order.started_at.is_some_and(|start| start < to) && order.closed_at().is_none_or(|end| end > from)
        });
        let mut orders: Vec<Order> = ran.map(|(_, order)| order.clone()).collect();
        orders.sort_by(|a, b| (a.started_at, &a.code).cmp(&(b.started_at, &b.code)));
        within_limit(&orders).map(<[_]>::to_vec)
    }

    async fn movements(
        &self,
        tenant: &TenantCode,
        filter: &MovementFilter,
        request: &PageRequest,
    ) -> Result<Page<MovementItem>, StoreError> {
        let data = self.data()?;
        let has_location = |wanted: Option<&LocationCode>, from, to| is(wanted, from) || is(wanted, to);
        let matching = data
            .projections
            .movements
            .iter()
            .enumerate()
            .filter(|(_, (site, movement))| {
                site.tenant == *tenant
                    && is_at(filter.sites.as_ref(), &site.site)
                    && is(filter.article.as_ref(), Some(&movement.article))
                    && is(filter.lot.as_ref(), movement.lot.as_ref())
                    && has_location(
                        filter.location.as_ref(),
                        movement.location.as_ref(),
                        movement.to_location.as_ref(),
                    )
                    && is(filter.order.as_ref(), movement.order.as_ref())
                    && is(filter.kind.as_ref(), Some(&movement.kind))
            })
            .map(|(recording, (site, movement))| {
                (recording as u64, MovementItem { site: site.site.clone(), movement: movement.clone() })
            });
        let page = page("movements", request, Direction::Falling, matching, |(recording, _)| *recording)?;
        let items = page.items.into_iter().map(|(_, item)| item).collect();
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total })
    }

    async fn movements_by_id(
        &self,
        tenant: &TenantCode,
        ids: &[Uuid],
    ) -> Result<Vec<MovementItem>, StoreError> {
        let data = self.data()?;
        let find = |id: &Uuid| {
            let mut all = data.projections.movements.iter();
            all.find(|(site, movement)| site.tenant == *tenant && movement.id == *id)
        };
        Ok(ids
            .iter()
            .filter_map(find)
            .map(|(site, movement)| MovementItem { site: site.site.clone(), movement: movement.clone() })
            .collect())
    }

    async fn levels(
        &self,
        tenant: &TenantCode,
        filter: &LevelFilter,
        request: &PageRequest,
    ) -> Result<Page<LevelItem>, StoreError> {
        let data = self.data()?;
        let matching = data
            .projections
            .levels
            .iter()
            .filter(|((site, key), _)| {
                site.tenant == *tenant
                    && is_at(filter.sites.as_ref(), &site.site)
                    && is(filter.article.as_ref(), Some(&key.article))
                    && is(filter.lot.as_ref(), key.lot.as_ref())
                    && is(filter.location.as_ref(), key.location.as_ref())
            })
            .map(|((site, key), quantity)| level_item(&data.projections, site, key, *quantity))
            .filter(|item| is(filter.below_minimum.as_ref(), Some(&item.below_minimum)));
        page("levels", request, Direction::Rising, matching, |item| {
            (
                item.site.to_string(),
                item.key.article.to_string(),
                item.key.location.as_ref().map(LocationCode::to_string).unwrap_or_default(),
                item.key.lot.as_ref().map(LotCode::to_string).unwrap_or_default(),
            )
        })
    }

    async fn all_levels(&self, site: &SiteAddress) -> Result<Vec<(LevelKey, Quantity)>, StoreError> {
        let data = self.data()?;
        let levels = data.projections.levels.iter().filter(|((address, _), _)| address == site);
        Ok(levels.map(|((_, key), quantity)| (key.clone(), *quantity)).collect())
    }

    async fn movement_sums(&self, site: &SiteAddress) -> Result<Vec<(LevelKey, Quantity)>, StoreError> {
        let data = self.data()?;
        let mut sums: BTreeMap<LevelKey, Quantity> = BTreeMap::new();
        for (_, movement) in data.projections.movements.iter().filter(|(address, _)| address == site) {
            for (key, change) in movement.changes() {
                let sum = sums.entry(key).or_default();
                *sum = sum.saturating_add(change);
            }
        }
        Ok(sums.into_iter().collect())
    }

    async fn alerts(
        &self,
        tenant: &TenantCode,
        filter: &AlertFilter,
        request: &PageRequest,
    ) -> Result<Page<Alert>, StoreError> {
        let data = self.data()?;
        let matching = data
            .projections
            .alerts
            .iter()
            .filter(|((owner, _), alert)| {
                owner == tenant
                    && is_at(filter.sites.as_ref(), &alert.site)
                    && is(filter.line.as_ref(), alert.line.as_ref())
                    && is(filter.state.as_ref(), Some(&alert.state))
                    && is(filter.severity.as_ref(), Some(&alert.severity))
                    && !(filter.open && alert.is_closed())
            })
            .map(|(_, alert)| alert.clone());
        let key = |alert: &Alert| (alert.raised_at.as_millis(), alert.id);
        page("alerts", request, Direction::Falling, matching, key)
    }

    async fn alert(&self, tenant: &TenantCode, id: Uuid) -> Result<Option<Alert>, StoreError> {
        Ok(self.data()?.projections.alerts.get(&(tenant.clone(), id)).cloned())
    }

    async fn stops(&self, filter: &StopFilter, request: &PageRequest) -> Result<Page<Stop>, StoreError> {
        let data = self.data()?;
        let matching = data
            .projections
            .stops
            .iter()
            .filter(|((line, _), stop)| {
                *line == filter.line
                    && is(filter.machine.as_ref(), Some(&stop.machine))
                    && filter.from.is_none_or(|from| stop.to.is_none_or(|to| to > from))
                    && filter.to.is_none_or(|to| stop.from < to)
                    && is(filter.reason.as_ref(), stop.reason.as_ref())
                    && !(filter.unclassified && stop.reason.is_some())
            })
            .map(|(_, stop)| stop.clone());
        page("stops", request, Direction::Falling, matching, |stop| (stop.from.as_millis(), stop.id))
    }

    async fn stop(&self, line: &LineAddress, id: Uuid) -> Result<Option<(Stop, Seq)>, StoreError> {
        let data = self.data()?;
        let head = data.log.head(&StreamId::Line(line.clone()));
        let stop = data.projections.stops.get(&(line.clone(), id));
        Ok(stop.map(|stop| (stop.clone(), head)))
    }

    async fn samples(&self, query: &SampleQuery) -> Result<Vec<Sample>, StoreError> {
        let data = self.data()?;
        let series = data.projections.samples.iter().filter(|((line, metric, machine), _)| {
            *line == query.line && *metric == query.metric && is(query.machine.as_ref(), Some(machine))
        });
        let in_time = |sample: &&Sample| query.from <= sample.at && sample.at < query.to;
        let mut samples: Vec<Sample> =
            series.flat_map(|(_, samples)| samples.values().filter(in_time).cloned()).collect();
        samples.sort_by_key(|sample| (sample.at, sample.machine.clone()));
        samples.truncate(query.limit as usize);
        Ok(samples)
    }

    async fn machine_states(&self, query: &StateQuery) -> Result<Vec<StateChange>, StoreError> {
        let found = self.data()?.projections.history.states(query);
        within_limit(&found).map(<[_]>::to_vec)
    }

    async fn kpi_hours(&self, query: &HourQuery) -> Result<Vec<HourRow>, StoreError> {
        let found = self.data()?.projections.history.hours(query);
        within_limit(&found).map(<[_]>::to_vec)
    }

    async fn dead_letters(
        &self,
        tenant: &TenantCode,
        filter: &DeadLetterFilter,
        request: &PageRequest,
    ) -> Result<Page<DeadLetter>, StoreError> {
        let data = self.data()?;
        let matching = data
            .projections
            .dead_letters
            .values()
            .filter(|letter| {
                letter.tenant == *tenant
                    && is(filter.code.as_ref(), Some(&letter.code))
                    && filter.topic_prefix.as_ref().is_none_or(|prefix| letter.topic.starts_with(prefix))
            })
            .cloned();
        let key = |letter: &DeadLetter| (letter.received_at.as_millis(), letter.id);
        page("dead_letters", request, Direction::Falling, matching, key)
    }

    async fn dead_letter(&self, tenant: &TenantCode, id: Uuid) -> Result<Option<DeadLetter>, StoreError> {
        Ok(self.data()?.projections.dead_letters.get(&(tenant.clone(), id)).cloned())
    }
}
