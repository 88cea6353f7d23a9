//! Lists of articles and of production orders.

use actors::ports::{ArticleFilter, OrderFilter, OrderItem, PageRequest, StoreError};
use domain::ids::TenantCode;
use sqlx::sqlite::SqliteRow;

use super::select::{List, Select, doc};
use super::values::parsed;
use crate::store::cursor::key_of;

/// Articles, by code.
pub(super) fn articles<'a>(
    tenant: &TenantCode,
    filter: &ArticleFilter,
    request: &'a PageRequest,
) -> Result<List<'a>, StoreError> {
    let name = "articles";
    // A search walks the index that holds the text it looks into, not the much larger rows.
    let from = if filter.search.is_some() { "articles INDEXED BY articles_for_search" } else { "articles" };
    let matching = |columns| {
        let needle = filter.search.as_ref().map(|text| text.to_lowercase());
        let select = Select::of(columns, from, tenant);
        let select = match &filter.category {
            Some(category) if filter.search.is_some() => {
                select.sql(" AND +category = ").bind(category.as_str())
            }
            category => select.and(" AND category = ", category.as_deref()),
        };
        match needle {
            Some(needle) => select.sql(" AND instr(search_text, ").bind(needle).sql(") > 0"),
            None => select,
        }
    };
    let page = matching("doc").and(" AND code > ", key_of::<String>(name, request)?).page("code", request);
    Ok(List { name, request, page, count: matching("count(*)") })
}

/// Orders, by code; two sites may use the same one.
pub(super) fn orders<'a>(
    tenant: &TenantCode,
    filter: &OrderFilter,
    request: &'a PageRequest,
) -> Result<List<'a>, StoreError> {
    let name = "orders";
    let matching = |columns| {
        Select::of(columns, "orders", tenant).and_sites(filter.sites.as_deref()).map(|select| {
            select
                .and(" AND state = ", filter.state.map(|state| state.as_str()))
                .and(" AND line = ", filter.line.as_ref().map(|line| line.as_str()))
                .and(" AND article = ", filter.article.as_ref().map(|article| article.as_str()))
        })
    };
    let mut page = matching("site, doc")?;
    if let Some((code, site)) = key_of::<(String, String)>(name, request)? {
        page = page.sql(" AND (code, site) > (").bind(code).sql(", ").bind(site).sql(")");
    }
    Ok(List { name, request, page: page.page("code, site", request), count: matching("count(*)")? })
}

/// An order and its site.
pub(super) fn order_item(row: &SqliteRow) -> Result<OrderItem, StoreError> {
    Ok(OrderItem { site: parsed(row, "site")?, order: doc(row)? })
}
