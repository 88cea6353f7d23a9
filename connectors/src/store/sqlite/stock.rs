//! Lists of stock levels, with what the article adds: its unit, and whether the site has too little of it.

use actors::ports::{LevelFilter, LevelItem, PageRequest, StoreError};
use domain::Quantity;
use domain::ids::{SiteAddress, TenantCode};
use domain::stock::LevelKey;
use sqlx::sqlite::{SqlitePool, SqliteRow};

use super::error::from_sqlx;
use super::select::{List, Select};
use super::values::{get, parsed, parsed_unless_empty, quantity};
use crate::store::cursor::key_of;

type Key = (String, String, String, String);

/// The articles of which a site has less than the minimum. `total` does not overflow as `sum` does.
const BELOW: &str = "(site, article) IN (SELECT l.site, l.article FROM articles AS a \
    JOIN stock_levels AS l ON l.tenant = a.tenant AND l.article = a.code \
    WHERE a.minimum_thousandths IS NOT NULL AND a.tenant = ";
const BELOW_END: &str =
    " GROUP BY l.site, l.article HAVING total(l.quantity_thousandths) < max(a.minimum_thousandths))";

/// Around the levels of a page: the sum of each of its articles is made once.
const PAGE: &str = "WITH page AS MATERIALIZED (\
    SELECT tenant, site, article, location, lot, quantity_thousandths";
const PAGE_END: &str = "), sums AS MATERIALIZED (\
    SELECT site, article, (SELECT total(l.quantity_thousandths) FROM stock_levels AS l \
        WHERE l.tenant = k.tenant AND l.site = k.site AND l.article = k.article) AS quantity \
    FROM (SELECT DISTINCT tenant, site, article FROM page) AS k) \
    SELECT page.site, page.article, page.location, page.lot, page.quantity_thousandths, a.unit, \
        coalesce(sums.quantity < a.minimum_thousandths, 0) AS below_minimum \
    FROM page JOIN sums ON sums.site = page.site AND sums.article = page.article \
    LEFT JOIN articles AS a ON a.tenant = page.tenant AND a.code = page.article \
    ORDER BY page.site, page.article, page.location, page.lot";

/// Levels, by site, article, location and lot.
pub(super) fn levels<'a>(
    tenant: &TenantCode,
    filter: &LevelFilter,
    request: &'a PageRequest,
) -> Result<List<'a>, StoreError> {
    let name = "levels";
    let matching = |start| {
        Select::new(start)
            .sql(" FROM stock_levels WHERE tenant = ")
            .bind(tenant.as_str())
            .and_sites(filter.sites.as_deref())
            .map(|select| {
                let select = select
                    .and(" AND article = ", filter.article.as_ref().map(|article| article.as_str()))
                    .and(" AND lot <> '' AND lot = ", filter.lot.as_ref().map(|lot| lot.as_str()))
                    .and(" AND location = ", filter.location.as_ref().map(|location| location.as_str()));
                match filter.below_minimum {
                    None => select,
                    Some(true) => select.sql(" AND ").sql(BELOW).bind(tenant.as_str()).sql(BELOW_END),
                    Some(false) => select.sql(" AND NOT ").sql(BELOW).bind(tenant.as_str()).sql(BELOW_END),
                }
            })
    };
    let page = matching(PAGE)?;
    let page = page_after(page, key_of::<Key>(name, request)?)
        .page("site, article, location, lot", request)
        .sql(PAGE_END);
    Ok(List { name, request, page, count: matching("SELECT count(*)")? })
}

fn page_after(select: Select, after: Option<Key>) -> Select {
    match after {
        None => select,
        Some((site, article, location, lot)) => select
            .sql(" AND (site, article, location, lot) > (")
            .bind(site)
            .sql(", ")
            .bind(article)
            .sql(", ")
            .bind(location)
            .sql(", ")
            .bind(lot)
            .sql(")"),
    }
}

fn level_key(row: &SqliteRow) -> Result<LevelKey, StoreError> {
    Ok(LevelKey {
        article: parsed(row, "article")?,
        location: parsed_unless_empty(row, "location")?,
        lot: parsed_unless_empty(row, "lot")?,
    })
}

/// A level with what its article adds.
pub(super) fn level_item(row: &SqliteRow) -> Result<LevelItem, StoreError> {
    Ok(LevelItem {
        site: parsed(row, "site")?,
        key: level_key(row)?,
        quantity: quantity(row, "quantity_thousandths")?,
        unit: get(row, "unit")?,
        below_minimum: get(row, "below_minimum")?,
    })
}

/// The place of a level in the list.
pub(super) fn key(item: &LevelItem) -> Key {
    let text = |code: Option<&str>| code.unwrap_or_default().to_owned();
    (
        item.site.to_string(),
        item.key.article.to_string(),
        text(item.key.location.as_ref().map(|location| location.as_str())),
        text(item.key.lot.as_ref().map(|lot| lot.as_str())),
    )
}

/// Every level of a site.
pub(super) async fn all(
    pool: &SqlitePool,
    site: &SiteAddress,
) -> Result<Vec<(LevelKey, Quantity)>, StoreError> {
    let rows = sqlx::query(
        "SELECT article, location, lot, quantity_thousandths FROM stock_levels \
         WHERE tenant = ? AND site = ? ORDER BY article, location, lot",
    )
    .bind(site.tenant.as_str())
    .bind(site.site.as_str())
    .fetch_all(pool)
    .await
    .map_err(from_sqlx)?;
    rows.iter().map(|row| Ok((level_key(row)?, quantity(row, "quantity_thousandths")?))).collect()
}
