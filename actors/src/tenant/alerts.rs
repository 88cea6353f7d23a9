//! The open alerts of a tenant and its topics: every change is a frame of its own.

use actix::{Context, Handler};
use domain::alert::Alert;
use domain::ids::SiteCode;
use domain::view::AlertView;
use domain::wire::topic::LiveTopic;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::TenantActor;
use crate::messages::{AlertChanged, OpenAlerts, Refresh};
use crate::registry::TopicKey;

impl Handler<AlertChanged> for TenantActor {
    type Result = ();

    fn handle(&mut self, AlertChanged { id, alert }: AlertChanged, _: &mut Context<Self>) {
        self.take_alert(id, alert);
    }
}

impl Handler<OpenAlerts> for TenantActor {
    type Result = ();

    fn handle(&mut self, OpenAlerts { site, line, alerts }: OpenAlerts, _: &mut Context<Self>) {
        let of_owner = |alert: &&Alert| alert.site == site && alert.owning_line() == line.as_ref();
        let known = self.alerts.values().filter(of_owner).map(|alert| alert.id);
        let gone: Vec<_> = known.filter(|id| alerts.iter().all(|alert| alert.id != *id)).collect();
        for id in gone {
            self.take_alert(id, None);
        }
        for alert in alerts {
            self.take_alert(alert.id, Some(alert));
        }
    }
}

impl Handler<Refresh> for TenantActor {
    type Result = ();

    fn handle(&mut self, _: Refresh, _: &mut Context<Self>) {
        self.publish_alerts();
    }
}

fn shown(alert: &Alert) -> Option<Value> {
    serde_json::to_value(AlertView::from(alert))
        .inspect_err(|error| tracing::error!(alert = %alert.id, %error, "alert cannot be encoded"))
        .ok()
}

impl TenantActor {
    fn take_alert(&mut self, id: Uuid, alert: Option<Alert>) {
        let before = match &alert {
            Some(alert) => self.alerts.insert(id, alert.clone()),
            None => self.alerts.remove(&id),
        };
        let Some(site) = alert.as_ref().or(before.as_ref()).map(|alert| alert.site.clone()) else { return };
        let value = alert.as_ref().and_then(shown);
        for topic in [LiveTopic::Alerts, LiveTopic::SiteAlerts(site)] {
            self.publish(topic, vec!["alerts".to_owned(), id.to_string()], value.clone());
        }
    }

    /// Publishes the whole of every topic of alerts that somebody looks at.
    pub(super) fn publish_alerts(&mut self) {
        self.publish(LiveTopic::Alerts, Vec::new(), Some(self.all_alerts(None)));
        let sites: Vec<SiteCode> = self.children.keys().cloned().collect();
        for site in sites {
            let alerts = self.all_alerts(Some(&site));
            self.publish(LiveTopic::SiteAlerts(site), Vec::new(), Some(alerts));
        }
    }

    fn all_alerts(&self, site: Option<&SiteCode>) -> Value {
        let wanted = self.alerts.values().filter(|alert| site.is_none_or(|site| *site == alert.site));
        let alerts: Map<String, Value> =
            wanted.filter_map(|alert| Some((alert.id.to_string(), shown(alert)?))).collect();
        json!({ "alerts": alerts })
    }

    fn publish(&mut self, topic: LiveTopic, path: Vec<String>, value: Option<Value>) {
        let key = TopicKey { tenant: self.code.clone(), topic };
        if self.shared.registry.gate(&key).is_open() && !self.shared.publish(&key, path, value) {
            self.republish = true;
        }
    }
}
