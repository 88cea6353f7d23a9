//! The projections in memory: one map for each kind of row, by the key that it is listed by.

use std::collections::BTreeMap;

use actors::ports::{DeadLetter, Row, Sample};
use domain::alert::Alert;
use domain::ids::{
    ArticleCode, LineAddress, MachineCode, MetricName, OrderCode, SiteAddress, SiteCode, TenantCode,
};
use domain::order::Order;
use domain::stock::{LevelKey, Movement};
use domain::stop::Stop;
use domain::tenant::Article;
use domain::{Quantity, Timestamp};
use uuid::Uuid;

use super::history::History;
use crate::store::is_kept;

/// A series of samples.
pub(super) type Series = (LineAddress, MetricName, MachineCode);

#[derive(Default)]
pub(super) struct Projections {
    pub(super) articles: BTreeMap<(TenantCode, ArticleCode), Article>,
    pub(super) orders: BTreeMap<(TenantCode, OrderCode, SiteCode), Order>,
    /// In the order of recording.
    pub(super) movements: Vec<(SiteAddress, Movement)>,
    pub(super) levels: BTreeMap<(SiteAddress, LevelKey), Quantity>,
    pub(super) alerts: BTreeMap<(TenantCode, Uuid), Alert>,
    pub(super) stops: BTreeMap<(LineAddress, Uuid), Stop>,
    pub(super) samples: BTreeMap<Series, BTreeMap<Timestamp, Sample>>,
    pub(super) history: History,
    pub(super) dead_letters: BTreeMap<(TenantCode, Uuid), DeadLetter>,
}

impl Projections {
    pub(super) fn write(&mut self, row: &Row) {
        match row {
            Row::Article(tenant, article) => {
                self.articles.insert((tenant.clone(), article.code.clone()), (**article).clone());
            }
            Row::ArticleRemoved(tenant, code) => {
                self.articles.remove(&(tenant.clone(), code.clone()));
            }
            Row::Order(site, order) => {
                let key = (site.tenant.clone(), order.code.clone(), site.site.clone());
                self.orders.insert(key, (**order).clone());
            }
            Row::Movement(site, movement) => self.add_movement(site, movement),
            Row::Level(site, key, quantity) if is_kept(key, *quantity) => {
                self.levels.insert((site.clone(), key.clone()), *quantity);
            }
            Row::Level(site, key, _) => {
                self.levels.remove(&(site.clone(), key.clone()));
            }
            Row::Alert(tenant, alert) => {
                self.alerts.insert((tenant.clone(), alert.id), (**alert).clone());
            }
            Row::Stop(line, stop) => {
                self.stops.insert((line.clone(), stop.id), (**stop).clone());
            }
            Row::Sample(line, sample) => {
                let series = (line.clone(), sample.metric.clone(), sample.machine.clone());
                let samples = self.samples.entry(series).or_default();
                samples.entry(sample.at).or_insert_with(|| (**sample).clone());
            }
            Row::MachineState(line, change) => self.history.put_state(line, change),
            Row::KpiHour(line, delta) => self.history.add_hour(line, delta),
            Row::DeadLetter(letter) => {
                self.dead_letters.insert((letter.tenant.clone(), letter.id), (**letter).clone());
            }
            Row::DeadLetterResolved(tenant, id) => {
                self.dead_letters.remove(&(tenant.clone(), *id));
            }
        }
    }

    fn add_movement(&mut self, site: &SiteAddress, movement: &Movement) {
        let is_known =
            |(other, known): &(SiteAddress, Movement)| other.tenant == site.tenant && known.id == movement.id;
        if !self.movements.iter().any(is_known) {
            self.movements.push((site.clone(), movement.clone()));
        }
    }

    /// How much of an article a site has.
    pub(super) fn total(&self, site: &SiteAddress, article: &ArticleCode) -> Quantity {
        self.levels
            .iter()
            .filter(|((address, key), _)| address == site && key.article == *article)
            .fold(Quantity::ZERO, |sum, (_, level)| sum.saturating_add(*level))
    }
}
