//! The state of a site and how each event changes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::SiteEvent;
use crate::Timestamp;
use crate::alert::Alert;
use crate::ids::{LineCode, OrderCode, Seq};
use crate::order::{Order, RunningOrder};
use crate::origin::{Origin, OriginKey};
use crate::receipt::{IdWindow, KeyWindow, Receipt};
use crate::stock::Ledger;
use crate::vocabulary::OrderState;

/// Everything a site knows: a replay of its stream, or a snapshot and the events after it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteState {
    orders: BTreeMap<OrderCode, Order>,
    running: BTreeMap<LineCode, OrderCode>,
    ledger: Ledger,
    windows: BTreeMap<OriginKey, IdWindow>,
    /// Snapshots of earlier versions have none.
    #[serde(default)]
    keys: KeyWindow,
    cursors: BTreeMap<LineCode, Seq>,
    alerts: BTreeMap<Uuid, Alert>,
}

impl SiteState {
    /// An order by its code.
    pub fn order(&self, code: &OrderCode) -> Option<&Order> {
        self.orders.get(code)
    }

    /// Every order, by code.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// The order that runs on a line.
    pub fn running_on(&self, line: &LineCode) -> Option<&Order> {
        self.running.get(line).and_then(|code| self.orders.get(code))
    }

    /// The order that runs on a line, as the line is to know it.
    pub fn running_order(&self, line: &LineCode) -> Option<RunningOrder> {
        self.running_on(line).and_then(Order::as_running)
    }

    /// The stock ledger.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The place in a line's stream up to which everything has been taken; 0 before the first.
    pub fn cursor(&self, line: &LineCode) -> Seq {
        self.cursors.get(line).copied().unwrap_or_default()
    }

    /// The alerts that are not closed.
    pub fn alerts(&self) -> impl Iterator<Item = &Alert> {
        self.alerts.values()
    }

    /// An alert that is not closed.
    pub fn alert(&self, id: &Uuid) -> Option<&Alert> {
        self.alerts.get(id)
    }

    /// Whether the message was accepted from this origin before.
    pub fn is_duplicate(&self, by: &Origin, receipt: &Receipt) -> bool {
        match (by.key(), &receipt.id) {
            (Some(key), Some(id)) => self.windows.get(key).is_some_and(|window| window.contains(id)),
            (None, Some(_)) => self.first_accepted_at(by, receipt).is_some(),
            (_, None) => false,
        }
    }

    /// When a person's command with the same key was accepted, if there was one.
    pub fn first_accepted_at(&self, by: &Origin, receipt: &Receipt) -> Option<Timestamp> {
        let Origin::User(_) = by else { return None };
        self.keys.accepted_at(receipt.id.as_ref()?, receipt.received_at)
    }

    fn remember(&mut self, by: &Origin, receipt: &Receipt) {
        match (by.key(), &receipt.id) {
            (Some(key), Some(id)) => self.windows.entry(key.clone()).or_default().insert(id),
            (None, Some(id)) => self.keys.insert(id, receipt.received_at),
            (_, None) => {}
        }
    }

    fn follow(&mut self, line: &LineCode, line_seq: Seq) {
        let cursor = self.cursors.entry(line.clone()).or_default();
        *cursor = (*cursor).max(line_seq);
    }
}

/// Changes the state as the event says. Never fails: what an event names and the state lacks is left alone.
pub fn apply(state: &mut SiteState, event: &SiteEvent) {
    match event {
        SiteEvent::OrderCreated { order, by, receipt } => {
            state.orders.insert(order.code.clone(), order.clone());
            if let Some(receipt) = receipt {
                state.remember(by, receipt);
            }
        }
        SiteEvent::OrderPatched { code, patch, by, at: _, receipt } => {
            if let Some(order) = state.orders.get_mut(code) {
                order.patch(patch);
            }
            if let Some(receipt) = receipt {
                state.remember(by, receipt);
            }
        }
        SiteEvent::OrderTransitioned { code, action: _, from, to, by, at, receipt } => {
            if let Some(order) = state.orders.get_mut(code) {
                order.enter(*to, *at);
                if *to == OrderState::Running {
                    state.running.insert(order.line.clone(), code.clone());
                } else if *from == OrderState::Running {
                    state.running.remove(&order.line);
                }
            }
            if let Some(receipt) = receipt {
                state.remember(by, receipt);
            }
        }
        SiteEvent::StockMoved { movement, receipt } => {
            state.ledger.apply(movement);
            state.remember(&movement.origin, receipt);
        }
        SiteEvent::ProgressTaken { line, line_seq, order, good, scrap, at: _ } => {
            if let Some(order) = order.as_ref().and_then(|code| state.orders.get_mut(code)) {
                order.good = order.good.saturating_add(*good);
                order.scrap = order.scrap.saturating_add(*scrap);
            }
            state.follow(line, *line_seq);
        }
        SiteEvent::LineFollowed { line, line_seq } => state.follow(line, *line_seq),
        SiteEvent::AlertRaised { alert } => {
            state.alerts.insert(alert.id, alert.clone());
        }
        SiteEvent::AlertAcknowledged { id, by, at } => {
            change_alert(state, id, |alert| alert.ack(by, *at));
        }
        SiteEvent::AlertCleared { id, at } => {
            change_alert(state, id, |alert| alert.clear(*at));
        }
    }
}

fn change_alert(state: &mut SiteState, id: &Uuid, change: impl FnOnce(&mut Alert) -> bool) {
    if let Some(alert) = state.alerts.get_mut(id) {
        change(alert);
        if alert.is_closed() {
            state.alerts.remove(id);
        }
    }
}
