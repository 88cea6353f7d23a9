//! The topic of a site: its lines' tiles, put together.

use actix::{Context, Handler};
use domain::ids::{LineAddress, LineCode};
use domain::line::LineState;
use domain::view::{AlertCounts, LineTile, SiteHead, SiteView};
use serde_json::Value;

use super::SiteActor;
use crate::mailbox;
use crate::messages::{Refresh, TileChanged};

impl Handler<TileChanged> for SiteActor {
    type Result = ();

    fn handle(&mut self, TileChanged { line, tile }: TileChanged, _: &mut Context<Self>) {
        let Some(child) = self.children.get_mut(&line) else { return };
        let alerts_changed = child.tile.as_ref().is_none_or(|before| before.alerts != tile.alerts);
        child.tile = Some(*tile);
        self.publish_line(&line);
        if alerts_changed {
            let counts = self.alert_counts();
            self.publish(vec!["alerts".to_owned()], json(&counts));
        }
    }
}

impl Handler<Refresh> for SiteActor {
    type Result = ();

    fn handle(&mut self, _: Refresh, _: &mut Context<Self>) {
        for address in self.children.values().filter_map(|child| child.address.as_ref()) {
            // A line without room publishes its tile with its next change anyway.
            let _full = mailbox::post(address, Refresh);
        }
        self.publish_all();
    }
}

fn json<T: serde::Serialize>(value: &T) -> Option<Value> {
    serde_json::to_value(value).inspect_err(|error| tracing::error!(%error, "view cannot be encoded")).ok()
}

impl SiteActor {
    fn alert_counts(&self) -> AlertCounts {
        let own = self.stream.as_ref().map(|stream| AlertCounts::of(stream.committed().alerts()));
        let lines = self.children.values().filter_map(|child| child.tile.as_ref()).map(|tile| tile.alerts);
        lines.fold(own.unwrap_or_default(), AlertCounts::plus)
    }

    /// The tile of a line that has not sent one: nothing is known.
    fn blank_tile(&self, line: &LineCode) -> Option<LineTile> {
        let spec = self.spec.lines.get(line)?;
        let address = LineAddress {
            tenant: self.address.tenant.clone(),
            site: self.address.site.clone(),
            line: line.clone(),
        };
        Some(LineTile::new(&LineState::new(address), spec, self.shared.clock.now()))
    }

    /// Publishes the whole topic.
    pub(super) fn publish_all(&mut self) {
        let blank: Vec<_> = self
            .children
            .iter()
            .filter(|(_, child)| child.tile.is_none())
            .filter_map(|(line, _)| Some((line.clone(), self.blank_tile(line)?)))
            .collect();
        for (line, tile) in blank {
            if let Some(child) = self.children.get_mut(&line) {
                child.tile = Some(tile);
            }
        }
        let view = SiteView {
            site: SiteHead {
                code: &self.address.site,
                name: &self.spec.site.name,
                time_zone: self.spec.site.time_zone.as_str(),
            },
            lines: self
                .children
                .iter()
                .filter_map(|(line, child)| Some((line, child.tile.as_ref()?)))
                .collect(),
            alerts: self.alert_counts(),
        };
        let view = json(&view);
        self.publish(Vec::new(), view);
    }

    fn publish_line(&mut self, line: &LineCode) {
        let tile = self.children.get(line).and_then(|child| child.tile.as_ref()).and_then(json);
        self.publish(vec!["lines".to_owned(), line.to_string()], tile);
    }

    pub(super) fn publish_removed(&mut self, line: &LineCode) {
        self.publish(vec!["lines".to_owned(), line.to_string()], None);
    }

    fn publish(&mut self, path: Vec<String>, value: Option<Value>) {
        if self.shared.registry.gate(&self.topic).is_open() && !self.shared.publish(&self.topic, path, value)
        {
            self.republish = true;
        }
    }
}
