//! The three kinds of streams, and which rows follow from each of their events.

use domain::alert::Alert;
use domain::ids::StreamId;
use domain::line::{Changed, LineEvent, LineState};
use domain::site::{SiteEvent, SiteState, alert_after};
use domain::tenant::{TenantEvent, TenantState};

use crate::ports::{Row, Sample};
use crate::stream::StreamState;

impl StreamState for LineState {
    type Event = LineEvent;
    const VERSION: u32 = Self::VERSION;

    fn empty(stream: &StreamId) -> Self {
        match stream {
            StreamId::Line(address) => Self::new(address.clone()),
            StreamId::Site(_) | StreamId::Tenant(_) => {
                unreachable!("a line's state is made of a line's stream")
            }
        }
    }

    fn kind(event: &LineEvent) -> &'static str {
        event.kind()
    }

    fn apply(&mut self, event: &LineEvent) {
        Self::apply(self, event);
    }

    fn apply_and_project(&mut self, stream: &StreamId, event: &LineEvent, rows: &mut Vec<Row>) {
        let told = self.apply_and_tell(event);
        let address = &self.address;
        rows.extend(told.changed.into_iter().map(|changed| match changed {
            Changed::Stop(stop) => Row::Stop(address.clone(), Box::new(stop)),
            Changed::Alert(alert) => alert_row(stream, alert),
        }));
        rows.extend(
            told.states.into_iter().map(|change| Row::MachineState(address.clone(), Box::new(change))),
        );
        rows.extend(told.hours.into_iter().map(|delta| Row::KpiHour(address.clone(), Box::new(delta))));
        if let LineEvent::Measured { machine, values, receipt } = event {
            rows.extend(values.iter().map(|(metric, value)| {
                let sample = Sample {
                    machine: machine.clone(),
                    metric: metric.clone(),
                    at: receipt.at,
                    value: value.clone(),
                };
                Row::Sample(self.address.clone(), Box::new(sample))
            }));
        }
    }
}

impl StreamState for SiteState {
    type Event = SiteEvent;
    const VERSION: u32 = 1;

    fn empty(_stream: &StreamId) -> Self {
        Self::default()
    }

    fn kind(event: &SiteEvent) -> &'static str {
        event.kind()
    }

    fn apply(&mut self, event: &SiteEvent) {
        domain::site::apply(self, event);
    }

    fn apply_and_project(&mut self, stream: &StreamId, event: &SiteEvent, rows: &mut Vec<Row>) {
        let StreamId::Site(site) = stream else { return };
        rows.extend(alert_after(event, self).map(|alert| alert_row(stream, alert)));
        domain::site::apply(self, event);
        match event {
            SiteEvent::OrderCreated { .. }
            | SiteEvent::OrderPatched { .. }
            | SiteEvent::OrderTransitioned { .. }
            | SiteEvent::ProgressTaken { .. } => {
                if let Some(order) = event.order().and_then(|code| self.order(code)) {
                    rows.push(Row::Order(site.clone(), Box::new(order.clone())));
                }
            }
            SiteEvent::StockMoved { movement, .. } => {
                rows.push(Row::Movement(site.clone(), Box::new(movement.clone())));
                rows.extend(movement.changes().map(|(key, _)| {
                    let level = self.ledger().level(&key);
                    Row::Level(site.clone(), key, level)
                }));
            }
            SiteEvent::LineFollowed { .. }
            | SiteEvent::AlertRaised { .. }
            | SiteEvent::AlertAcknowledged { .. }
            | SiteEvent::AlertCleared { .. } => {}
        }
    }
}

fn alert_row(stream: &StreamId, alert: Alert) -> Row {
    Row::Alert(stream.tenant().clone(), Box::new(alert))
}

impl StreamState for TenantState {
    type Event = TenantEvent;
    const VERSION: u32 = 1;

    fn empty(_stream: &StreamId) -> Self {
        Self::default()
    }

    fn kind(event: &TenantEvent) -> &'static str {
        event.kind()
    }

    fn apply(&mut self, event: &TenantEvent) {
        domain::tenant::apply(self, event);
    }

    fn apply_and_project(&mut self, stream: &StreamId, event: &TenantEvent, rows: &mut Vec<Row>) {
        domain::tenant::apply(self, event);
        let tenant = stream.tenant().clone();
        match event {
            TenantEvent::ArticleAdded { article } | TenantEvent::ArticleChanged { article } => {
                rows.push(Row::Article(tenant, Box::new(article.clone())));
            }
            TenantEvent::ArticleRemoved { article } => {
                rows.push(Row::ArticleRemoved(tenant, article.clone()))
            }
            _ => {}
        }
    }
}
