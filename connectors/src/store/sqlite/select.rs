//! Queries put together from fixed pieces of SQL and bound values; no value ever becomes part of the text.

use actors::ports::{Page, PageRequest, StoreError};
use domain::ids::{SiteCode, TenantCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Encode, QueryBuilder, Sqlite, Type};

use super::error::from_sqlx;
use super::values::{from_json, to_json, unsigned};
use crate::store::cursor;

/// A query that is being put together.
pub(super) struct Select(QueryBuilder<Sqlite>);

impl Select {
    /// Starts with SQL.
    pub(super) fn new(sql: &'static str) -> Self {
        Self(QueryBuilder::new(sql))
    }

    /// Starts a query of a tenant's rows.
    pub(super) fn of(columns: &'static str, from: &'static str, tenant: &TenantCode) -> Self {
        Self::new("SELECT ")
            .sql(columns)
            .sql(" FROM ")
            .sql(from)
            .sql(" WHERE tenant = ")
            .bind(tenant.as_str())
    }

    /// Goes on with SQL.
    pub(super) fn sql(mut self, sql: &'static str) -> Self {
        self.0.push(sql);
        self
    }

    /// Goes on with a value.
    pub(super) fn bind<'t, T>(mut self, value: T) -> Self
    where
        T: Encode<'t, Sqlite> + Type<Sqlite>,
    {
        self.0.push_bind(value);
        self
    }

    /// Goes on with a condition, `AND column =` or the like, if there is a value for it.
    pub(super) fn and<'t, T>(self, condition: &'static str, value: Option<T>) -> Self
    where
        T: Encode<'t, Sqlite> + Type<Sqlite>,
    {
        match value {
            Some(value) => self.sql(condition).bind(value),
            None => self,
        }
    }

    /// Only these sites. Several of them are filtered while walking in the order of the list, which an index by
    /// site would not give; hence the `+`, which keeps SQLite from using one.
    pub(super) fn and_sites(self, sites: Option<&[SiteCode]>) -> Result<Self, StoreError> {
        Ok(match sites {
            None => self,
            Some([site]) => self.sql(" AND site = ").bind(site.as_str()),
            Some(sites) => {
                let list = to_json(sites)?;
                self.sql(" AND +site IN (SELECT value FROM json_each(").bind(list).sql("))")
            }
        })
    }

    /// Ends with the order and one item more than the page holds.
    pub(super) fn page(self, order: &'static str, request: &PageRequest) -> Self {
        self.sql(" ORDER BY ").sql(order).sql(" LIMIT ").bind(cursor::page_size(request) as i64 + 1)
    }

    /// The rows.
    pub(super) async fn rows(mut self, pool: &SqlitePool) -> Result<Vec<SqliteRow>, StoreError> {
        self.0.build().fetch_all(pool).await.map_err(from_sqlx)
    }

    /// The only value of the only row, as a count.
    pub(super) async fn count(mut self, pool: &SqlitePool) -> Result<u64, StoreError> {
        unsigned(self.0.build_query_scalar().fetch_one(pool).await.map_err(from_sqlx)?)
    }

    /// The text, for plans.
    #[cfg(test)]
    pub(super) fn text(&self) -> String {
        self.0.sql().as_str().to_owned()
    }
}

/// The queries of one list: its name in cursors, the query of a page and that of the count.
pub(super) struct List<'a> {
    pub(super) name: &'static str,
    pub(super) request: &'a PageRequest,
    pub(super) page: Select,
    pub(super) count: Select,
}

impl List<'_> {
    /// Runs the queries and reads each row as an item.
    pub(super) async fn read<T, K: Serialize>(
        self,
        pool: &SqlitePool,
        item: impl Fn(&SqliteRow) -> Result<T, StoreError> + Send,
        key: impl Fn(&T) -> K + Send,
    ) -> Result<Page<T>, StoreError> {
        let rows = self.page.rows(pool).await?;
        let items = rows.iter().map(item).collect::<Result<Vec<T>, StoreError>>()?;
        let total = if self.request.total { Some(self.count.count(pool).await?) } else { None };
        cursor::page(self.name, self.request, items, total, key)
    }
}

/// The object in a row.
pub(super) fn doc<T: DeserializeOwned>(row: &SqliteRow) -> Result<T, StoreError> {
    from_json(row, "doc")
}
