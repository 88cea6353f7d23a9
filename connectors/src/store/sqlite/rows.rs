//! The rows of projections: what a batch says about one object is written once, as it stands in the end.

use std::collections::BTreeMap;

use actors::ports::{DeadLetter, Row, Sample, StoreError};
use domain::alert::Alert;
use domain::history::{HourFigures, SliceKey, StateChange};
use domain::ids::{ArticleCode, LineAddress, MachineCode, OrderCode, SiteAddress, TenantCode};
use domain::order::Order;
use domain::stock::{LevelKey, Movement};
use domain::stop::Stop;
use domain::tenant::Article;
use domain::{Quantity, Timestamp};
use uuid::Uuid;

use super::error::from_sqlx;
use super::writer::WriteTransaction;
use super::{history, tables};
use crate::store::is_kept;

/// How many rows are written at a time where all are replaced.
const REPLACE_CHUNK: usize = 10_000;

/// Dead letters follow from no event and stay; so do the names of series, whose ids other processes know.
const PROJECTIONS: [&str; 9] = [
    "DELETE FROM articles",
    "DELETE FROM orders",
    "DELETE FROM movements",
    "DELETE FROM stock_levels",
    "DELETE FROM alerts",
    "DELETE FROM stops",
    "DELETE FROM samples",
    "DELETE FROM machine_states",
    "DELETE FROM kpi_hours",
];

/// The rows of a batch by object; of several rows of one object the last counts, of movements and samples the first,
/// and of slices of hours the sum.
#[derive(Default)]
struct Changes<'a> {
    articles: BTreeMap<(&'a TenantCode, &'a ArticleCode), Option<&'a Article>>,
    orders: BTreeMap<(&'a SiteAddress, &'a OrderCode), &'a Order>,
    movements: Vec<(&'a SiteAddress, &'a Movement)>,
    levels: BTreeMap<(&'a SiteAddress, &'a LevelKey), Quantity>,
    alerts: BTreeMap<(&'a TenantCode, Uuid), &'a Alert>,
    stops: BTreeMap<(&'a LineAddress, Uuid), &'a Stop>,
    samples: Vec<(&'a LineAddress, &'a Sample)>,
    states: BTreeMap<(&'a LineAddress, &'a MachineCode, Timestamp), &'a StateChange>,
    hours: BTreeMap<(&'a LineAddress, Timestamp, &'a MachineCode), (&'a SliceKey, HourFigures)>,
    dead_letters: BTreeMap<(&'a TenantCode, Uuid), Option<&'a DeadLetter>>,
}

impl<'a> Changes<'a> {
    fn of(rows: impl Iterator<Item = &'a Row>) -> Self {
        let mut changes = Self::default();
        for row in rows {
            match row {
                Row::Article(tenant, article) => {
                    changes.articles.insert((tenant, &article.code), Some(article));
                }
                Row::ArticleRemoved(tenant, code) => {
                    changes.articles.insert((tenant, code), None);
                }
                Row::Order(site, order) => {
                    changes.orders.insert((site, &order.code), order);
                }
                Row::Movement(site, movement) => changes.movements.push((site, movement)),
                Row::Level(site, key, quantity) => {
                    changes.levels.insert((site, key), *quantity);
                }
                Row::Alert(tenant, alert) => {
                    changes.alerts.insert((tenant, alert.id), alert);
                }
                Row::Stop(line, stop) => {
                    changes.stops.insert((line, stop.id), stop);
                }
                Row::Sample(line, sample) => changes.samples.push((line, sample)),
                Row::MachineState(line, change) => {
                    changes.states.insert((line, &change.machine, change.from), change);
                }
                Row::KpiHour(line, delta) => {
                    let key = (line, delta.slice.from, &delta.machine);
                    let (_, sum) = changes.hours.entry(key).or_insert((&delta.slice, HourFigures::default()));
                    *sum = sum.plus(delta.figures);
                }
                Row::DeadLetter(letter) => {
                    changes.dead_letters.insert((&letter.tenant, letter.id), Some(letter));
                }
                Row::DeadLetterResolved(tenant, id) => {
                    changes.dead_letters.insert((tenant, *id), None);
                }
            }
        }
        changes
    }

    async fn write(&self, transaction: &mut WriteTransaction<'_>) -> Result<(), StoreError> {
        let connection = transaction.connection()?;
        let (articles, removed) = split(&self.articles);
        tables::put_articles(connection, &articles).await?;
        for (tenant, code) in removed {
            tables::remove_article(connection, tenant, code).await?;
        }
        let orders: Vec<_> = self.orders.iter().map(|((site, _), order)| (*site, *order)).collect();
        tables::put_orders(connection, &orders).await?;
        tables::add_movements(connection, &self.movements).await?;
        let (levels, gone): (Vec<_>, Vec<_>) = self
            .levels
            .iter()
            .map(|((site, key), quantity)| (*site, *key, *quantity))
            .partition(|(_, key, quantity)| is_kept(key, *quantity));
        tables::put_levels(connection, &levels).await?;
        for (site, key, _) in gone {
            tables::remove_level(connection, site, key).await?;
        }
        let alerts: Vec<_> = self.alerts.iter().map(|((tenant, _), alert)| (*tenant, *alert)).collect();
        tables::put_alerts(connection, &alerts).await?;
        let stops: Vec<_> = self.stops.iter().map(|((line, _), stop)| (*line, *stop)).collect();
        tables::put_stops(connection, &stops).await?;
        let states: Vec<_> = self.states.iter().map(|((line, ..), change)| (*line, *change)).collect();
        history::put_machine_states(connection, &states).await?;
        let hours: Vec<_> = self
            .hours
            .iter()
            .map(|((line, _, machine), (slice, figures))| (*line, *machine, *slice, *figures))
            .collect();
        history::add_kpi_hours(connection, &hours).await?;
        let (letters, resolved) = split(&self.dead_letters);
        tables::put_dead_letters(connection, &letters).await?;
        for (tenant, id) in resolved {
            tables::remove_dead_letter(connection, tenant, id).await?;
        }
        let mut samples = Vec::with_capacity(self.samples.len());
        for (line, sample) in &self.samples {
            let key = ((*line).clone(), sample.metric.clone(), sample.machine.clone());
            samples.push((transaction.series_id(key).await?, *sample));
        }
        tables::add_samples(transaction.connection()?, &samples).await
    }
}

/// What is put, with whose it is, and the keys of what is removed.
fn split<'a, K: Copy, V>(changes: &BTreeMap<(&'a TenantCode, K), Option<&'a V>>) -> Split<'a, K, V> {
    let mut put = Vec::new();
    let mut removed = Vec::new();
    for ((tenant, key), value) in changes {
        match value {
            Some(value) => put.push((*tenant, *value)),
            None => removed.push((*tenant, *key)),
        }
    }
    (put, removed)
}

type Split<'a, K, V> = (Vec<(&'a TenantCode, &'a V)>, Vec<(&'a TenantCode, K)>);

/// Writes rows of one batch.
pub(super) async fn write<'a>(
    transaction: &mut WriteTransaction<'_>,
    rows: impl Iterator<Item = &'a Row> + Send,
) -> Result<(), StoreError> {
    Changes::of(rows).write(transaction).await
}

/// Writes rows in place of all there are.
pub(super) async fn replace(transaction: &mut WriteTransaction<'_>, rows: &[Row]) -> Result<(), StoreError> {
    for statement in PROJECTIONS {
        sqlx::query(statement).execute(transaction.connection()?).await.map_err(from_sqlx)?;
    }
    let is_projection = |row: &&Row| !matches!(row, Row::DeadLetter(_) | Row::DeadLetterResolved(..));
    for chunk in rows.chunks(REPLACE_CHUNK) {
        write(transaction, chunk.iter().filter(is_projection)).await?;
    }
    Ok(())
}
