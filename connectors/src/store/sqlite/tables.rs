//! One statement for each projection: which column holds what, and what happens where the key exists.

use actors::ports::{DeadLetter, Sample, StoreError};
use domain::alert::Alert;
use domain::ids::{ArticleCode, LineAddress, LocationCode, LotCode, SiteAddress, TenantCode};
use domain::message::MeasureValue;
use domain::order::Order;
use domain::stock::{LevelKey, Movement};
use domain::stop::Stop;
use domain::tenant::Article;
use domain::{Quantity, Timestamp};
use sqlx::sqlite::SqliteConnection;
use uuid::Uuid;

use super::error::from_sqlx;
use super::insert::RowsStatement;
use super::values::to_json;
use crate::store::search_text;

/// An upsert: key columns, then the columns that are replaced where the key exists.
macro_rules! upsert {
    ($table:literal ($key0:ident $(, $key:ident)*) set ($col0:ident $(, $col:ident)*)) => {
        RowsStatement {
            before: concat!(
                "INSERT INTO ", $table, " (", stringify!($key0), $(", ", stringify!($key),)*
                ", ", stringify!($col0), $(", ", stringify!($col),)* ") VALUES"
            ),
            columns: [stringify!($key0), $(stringify!($key),)* stringify!($col0), $(stringify!($col),)*].len(),
            after: concat!(
                "ON CONFLICT (", stringify!($key0), $(", ", stringify!($key),)* ") DO UPDATE SET ",
                stringify!($col0), " = excluded.", stringify!($col0),
                $(", ", stringify!($col), " = excluded.", stringify!($col),)*
            ),
        }
    };
}

const ARTICLES: RowsStatement = upsert!("articles" (tenant, code) set (
    designation, unit, category, price_thousandths, minimum_thousandths, allow_negative, search_text, doc));

const ORDERS: RowsStatement = upsert!("orders" (tenant, code, site) set (
    line, article, state, quantity_thousandths, good_thousandths, scrap_thousandths, priority, customer,
    due_ms, created_at_ms, started_at_ms, completed_at_ms, doc));

const MOVEMENTS: RowsStatement = RowsStatement {
    before: "INSERT INTO movements (id, tenant, site, kind, article, quantity_thousandths, unit, lot, location, \
             to_location, order_code, at_ms, origin, doc) VALUES",
    columns: 14,
    after: "ON CONFLICT (tenant, id) DO NOTHING",
};

const LEVELS: RowsStatement =
    upsert!("stock_levels" (tenant, site, article, location, lot) set (quantity_thousandths));

const ALERTS: RowsStatement = upsert!("alerts" (tenant, id) set (
    site, line, machine, rule, severity, state, open, raised_at_ms, acked_at_ms, acked_by, cleared_at_ms, doc));

const STOPS: RowsStatement =
    upsert!("stops" (tenant, site, line, id) set (machine, state, reason, from_ms, to_ms, doc));

const SAMPLES: RowsStatement = RowsStatement {
    before: "INSERT INTO samples (series_id, at_ms, number, flag, text) VALUES",
    columns: 5,
    after: "ON CONFLICT (series_id, at_ms) DO NOTHING",
};

const DEAD_LETTERS: RowsStatement = upsert!("dead_letters" (tenant, id) set (
    topic, payload, retryable, message_id, code, detail, sender, received_at_ms));

fn ms(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_millis)
}

fn location_text(location: Option<&LocationCode>) -> &str {
    location.map_or("", LocationCode::as_str)
}

fn lot_text(lot: Option<&LotCode>) -> &str {
    lot.map_or("", LotCode::as_str)
}

pub(super) async fn put_articles(
    connection: &mut SqliteConnection,
    rows: &[(&TenantCode, &Article)],
) -> Result<(), StoreError> {
    ARTICLES
        .run(connection, rows, |values, (tenant, article)| {
            values.push(tenant.as_str())?.push(article.code.as_str())?;
            values.push(article.designation.as_str())?.push(article.unit.as_str())?;
            values.push(article.category.as_deref())?;
            values.push(article.price.map(Quantity::thousandths))?;
            values.push(article.minimum.map(Quantity::thousandths))?;
            values.push(article.allow_negative)?.push(search_text(article))?.push(to_json(*article)?)?;
            Ok(())
        })
        .await
}

pub(super) async fn remove_article(
    connection: &mut SqliteConnection,
    tenant: &TenantCode,
    code: &ArticleCode,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM articles WHERE tenant = ? AND code = ?")
        .bind(tenant.as_str())
        .bind(code.as_str())
        .execute(connection)
        .await
        .map(drop)
        .map_err(from_sqlx)
}

pub(super) async fn put_orders(
    connection: &mut SqliteConnection,
    rows: &[(&SiteAddress, &Order)],
) -> Result<(), StoreError> {
    ORDERS
        .run(connection, rows, |values, (site, order)| {
            values.push(site.tenant.as_str())?.push(order.code.as_str())?.push(site.site.as_str())?;
            values.push(order.line.as_str())?.push(order.article.as_str())?.push(order.state.as_str())?;
            values.push(order.quantity.thousandths())?.push(order.good.thousandths())?;
            values.push(order.scrap.thousandths())?.push(order.priority)?.push(order.customer.as_deref())?;
            values.push(ms(order.due))?.push(order.created_at.as_millis())?.push(ms(order.started_at))?;
            values.push(ms(order.completed_at))?.push(to_json(*order)?)?;
            Ok(())
        })
        .await
}

pub(super) async fn add_movements(
    connection: &mut SqliteConnection,
    rows: &[(&SiteAddress, &Movement)],
) -> Result<(), StoreError> {
    MOVEMENTS
        .run(connection, rows, |values, (site, movement)| {
            values.push(movement.id.to_string())?.push(site.tenant.as_str())?.push(site.site.as_str())?;
            values.push(movement.kind.as_str())?.push(movement.article.as_str())?;
            values.push(movement.quantity.thousandths())?.push(movement.unit.as_str())?;
            values.push(movement.lot.as_ref().map(|lot| lot.as_str()))?;
            values.push(movement.location.as_ref().map(|location| location.as_str()))?;
            values.push(movement.to_location.as_ref().map(|location| location.as_str()))?;
            values.push(movement.order.as_ref().map(|order| order.as_str()))?;
            values.push(movement.at.as_millis())?.push(movement.origin.to_string())?;
            values.push(to_json(*movement)?)?;
            Ok(())
        })
        .await
}

pub(super) async fn put_levels(
    connection: &mut SqliteConnection,
    rows: &[(&SiteAddress, &LevelKey, Quantity)],
) -> Result<(), StoreError> {
    LEVELS
        .run(connection, rows, |values, (site, key, quantity)| {
            values.push(site.tenant.as_str())?.push(site.site.as_str())?.push(key.article.as_str())?;
            values.push(location_text(key.location.as_ref()))?.push(lot_text(key.lot.as_ref()))?;
            values.push(quantity.thousandths())?;
            Ok(())
        })
        .await
}

pub(super) async fn remove_level(
    connection: &mut SqliteConnection,
    site: &SiteAddress,
    key: &LevelKey,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM stock_levels WHERE tenant = ? AND site = ? AND article = ? AND location = ? AND lot = ?",
    )
    .bind(site.tenant.as_str())
    .bind(site.site.as_str())
    .bind(key.article.as_str())
    .bind(location_text(key.location.as_ref()))
    .bind(lot_text(key.lot.as_ref()))
    .execute(connection)
    .await
    .map(drop)
    .map_err(from_sqlx)
}

pub(super) async fn put_alerts(
    connection: &mut SqliteConnection,
    rows: &[(&TenantCode, &Alert)],
) -> Result<(), StoreError> {
    ALERTS
        .run(connection, rows, |values, (tenant, alert)| {
            values.push(tenant.as_str())?.push(alert.id.to_string())?.push(alert.site.as_str())?;
            values.push(alert.line.as_ref().map(|line| line.as_str()))?;
            values.push(alert.machine.as_ref().map(|machine| machine.as_str()))?;
            values.push(alert.rule.as_str())?.push(alert.severity.as_str())?.push(alert.state.as_str())?;
            values.push(!alert.is_closed())?.push(alert.raised_at.as_millis())?;
            values.push(ms(alert.acked_at))?.push(alert.acked_by.as_deref())?;
            values.push(ms(alert.cleared_at))?.push(to_json(*alert)?)?;
            Ok(())
        })
        .await
}

pub(super) async fn put_stops(
    connection: &mut SqliteConnection,
    rows: &[(&LineAddress, &Stop)],
) -> Result<(), StoreError> {
    STOPS
        .run(connection, rows, |values, (line, stop)| {
            values.push(line.tenant.as_str())?.push(line.site.as_str())?.push(line.line.as_str())?;
            values.push(stop.id.to_string())?.push(stop.machine.as_str())?.push(stop.state.as_str())?;
            values.push(stop.reason.as_ref().map(|reason| reason.as_str()))?;
            values.push(stop.from.as_millis())?.push(ms(stop.to))?.push(to_json(*stop)?)?;
            Ok(())
        })
        .await
}

pub(super) async fn add_samples(
    connection: &mut SqliteConnection,
    rows: &[(i64, &Sample)],
) -> Result<(), StoreError> {
    SAMPLES
        .run(connection, rows, |values, (series, sample)| {
            let (number, flag, text) = match &sample.value {
                MeasureValue::Number(number) => (Some(*number), None, None),
                MeasureValue::Flag(flag) => (None, Some(*flag), None),
                MeasureValue::Text(text) => (None, None, Some(text.as_str())),
            };
            values.push(*series)?.push(sample.at.as_millis())?.push(number)?.push(flag)?.push(text)?;
            Ok(())
        })
        .await
}

pub(super) async fn put_dead_letters(
    connection: &mut SqliteConnection,
    rows: &[(&TenantCode, &DeadLetter)],
) -> Result<(), StoreError> {
    DEAD_LETTERS
        .run(connection, rows, |values, (tenant, letter)| {
            values.push(tenant.as_str())?.push(letter.id.to_string())?.push(letter.topic.as_str())?;
            values.push(letter.payload.as_str())?.push(letter.retryable)?;
            values.push(letter.message_id.as_deref())?.push(letter.code.as_str())?;
            values.push(letter.detail.as_str())?.push(letter.sender.as_str())?;
            values.push(letter.received_at.as_millis())?;
            Ok(())
        })
        .await
}

pub(super) async fn remove_dead_letter(
    connection: &mut SqliteConnection,
    tenant: &TenantCode,
    id: Uuid,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM dead_letters WHERE tenant = ? AND id = ?")
        .bind(tenant.as_str())
        .bind(id.to_string())
        .execute(connection)
        .await
        .map(drop)
        .map_err(from_sqlx)
}
