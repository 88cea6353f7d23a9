//! Lists of movements, and the sums that levels are checked against.

use std::collections::{BTreeMap, HashMap};

use actors::ports::{MovementFilter, MovementItem, PageRequest, StoreError};
use domain::Quantity;
use domain::ids::{SiteAddress, TenantCode};
use domain::stock::{LevelKey, Movement};
use futures::TryStreamExt;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use uuid::Uuid;

use super::error::from_sqlx;
use super::select::{List, Select, doc};
use super::values::{get, parsed, to_json};
use crate::store::cursor::key_of;

/// Movements, the newest recording first.
pub(super) fn movements<'a>(
    tenant: &TenantCode,
    filter: &MovementFilter,
    request: &'a PageRequest,
) -> Result<List<'a>, StoreError> {
    let name = "movements";
    let matching = |columns| {
        let location = filter.location.as_ref().map(|location| location.as_str());
        Select::of(columns, "movements", tenant).and_sites(filter.sites.as_deref()).map(|select| {
            let select = select
                .and(" AND article = ", filter.article.as_ref().map(|article| article.as_str()))
                .and(" AND lot = ", filter.lot.as_ref().map(|lot| lot.as_str()))
                .and(" AND order_code = ", filter.order.as_ref().map(|order| order.as_str()))
                .and(" AND kind = ", filter.kind.map(|kind| kind.as_str()));
            match location {
                Some(location) => select.sql(" AND ").bind(location).sql(" IN (location, to_location)"),
                None => select,
            }
        })
    };
    let page = matching("recording, site, doc")?
        .and(" AND recording < ", key_of::<i64>(name, request)?)
        .page("recording DESC", request);
    Ok(List { name, request, page, count: matching("count(*)")? })
}

/// A movement, its site, and its place in the order of recording.
pub(super) fn movement_item(row: &SqliteRow) -> Result<(i64, MovementItem), StoreError> {
    let item = MovementItem { site: parsed(row, "site")?, movement: doc(row)? };
    Ok((get(row, "recording")?, item))
}

/// Movements by their ids, in the order of the ids.
pub(super) async fn by_id(
    pool: &SqlitePool,
    tenant: &TenantCode,
    ids: &[Uuid],
) -> Result<Vec<MovementItem>, StoreError> {
    let list = to_json(&ids.iter().map(Uuid::to_string).collect::<Vec<_>>())?;
    let select = Select::of("recording, site, doc", "movements", tenant)
        .sql(" AND id IN (SELECT value FROM json_each(")
        .bind(list)
        .sql("))");
    let rows = select.rows(pool).await?;
    let items = rows.iter().map(|row| movement_item(row).map(|(_, item)| (item.movement.id, item)));
    let mut found = items.collect::<Result<HashMap<Uuid, MovementItem>, StoreError>>()?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// The sums of the movements of a site, without holding them all.
pub(super) async fn sums(
    pool: &SqlitePool,
    site: &SiteAddress,
) -> Result<Vec<(LevelKey, Quantity)>, StoreError> {
    let mut sums: BTreeMap<LevelKey, Quantity> = BTreeMap::new();
    let mut rows = sqlx::query("SELECT doc FROM movements WHERE tenant = ? AND site = ?")
        .bind(site.tenant.as_str())
        .bind(site.site.as_str())
        .fetch(pool);
    while let Some(row) = rows.try_next().await.map_err(from_sqlx)? {
        let movement: Movement = doc(&row)?;
        for (key, change) in movement.changes() {
            let sum = sums.entry(key).or_default();
            *sum = sum.saturating_add(change);
        }
    }
    Ok(sums.into_iter().collect())
}
