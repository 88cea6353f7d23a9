//! What happened in a site, as it is stored for ever: old kinds stay readable.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::SiteState;
use crate::alert::Alert;
use crate::ids::{LineCode, OrderCode, Seq};
use crate::order::{Order, OrderPatch, RunningOrder};
use crate::origin::Origin;
use crate::receipt::Receipt;
use crate::stock::Movement;
use crate::vocabulary::{OrderAction, OrderState};
use crate::{Quantity, Timestamp};

/// What happened in a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SiteEvent {
    /// An order was created.
    OrderCreated {
        /// The order.
        order: Order,
        /// By whom.
        by: Origin,
        /// How the request came in, if it had a key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<Receipt>,
    },
    /// An order's plan was changed.
    OrderPatched {
        /// The order.
        code: OrderCode,
        /// The change.
        patch: OrderPatch,
        /// By whom.
        by: Origin,
        /// When.
        at: Timestamp,
        /// How the request came in, if it had a key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<Receipt>,
    },
    /// An order took a step.
    OrderTransitioned {
        /// The order.
        code: OrderCode,
        /// The step.
        action: OrderAction,
        /// The state before.
        from: OrderState,
        /// The state after.
        to: OrderState,
        /// By whom.
        by: Origin,
        /// When.
        at: Timestamp,
        /// How the message came in, if a device sent it or it had a key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<Receipt>,
    },
    /// Stock moved.
    StockMoved {
        /// The movement.
        movement: Movement,
        /// How the message came in.
        receipt: Receipt,
    },
    /// A line made something; neighbouring facts of one order are taken together.
    ProgressTaken {
        /// The line.
        line: LineCode,
        /// The place in the line's stream up to which everything has now been taken.
        line_seq: Seq,
        /// The order that ran.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderCode>,
        /// Good parts.
        good: Quantity,
        /// Scrap.
        scrap: Quantity,
        /// When the last of it was made.
        at: Timestamp,
    },
    /// A line's stream went on without anything that the site must know.
    LineFollowed {
        /// The line.
        line: LineCode,
        /// The place in the line's stream up to which everything has now been taken.
        line_seq: Seq,
    },
    /// An alert was raised.
    AlertRaised {
        /// The alert.
        alert: Alert,
    },
    /// A person took note of an alert.
    AlertAcknowledged {
        /// The alert.
        id: Uuid,
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The condition of an alert ended.
    AlertCleared {
        /// The alert.
        id: Uuid,
        /// When.
        at: Timestamp,
    },
}

impl SiteEvent {
    /// The event's `kind`, as it is stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::OrderCreated { .. } => "order_created",
            Self::OrderPatched { .. } => "order_patched",
            Self::OrderTransitioned { .. } => "order_transitioned",
            Self::StockMoved { .. } => "stock_moved",
            Self::ProgressTaken { .. } => "progress_taken",
            Self::LineFollowed { .. } => "line_followed",
            Self::AlertRaised { .. } => "alert_raised",
            Self::AlertAcknowledged { .. } => "alert_acknowledged",
            Self::AlertCleared { .. } => "alert_cleared",
        }
    }

    /// The order it is about.
    pub fn order(&self) -> Option<&OrderCode> {
        match self {
            Self::OrderCreated { order, .. } => Some(&order.code),
            Self::OrderPatched { code, .. } | Self::OrderTransitioned { code, .. } => Some(code),
            Self::StockMoved { movement, .. } => movement.order.as_ref(),
            Self::ProgressTaken { order, .. } => order.as_ref(),
            Self::LineFollowed { .. }
            | Self::AlertRaised { .. }
            | Self::AlertAcknowledged { .. }
            | Self::AlertCleared { .. } => None,
        }
    }
}

/// What a line must be told after an event: the order that runs on it now, or none. `None` if the event
/// changes nothing that the line shows. `after` is the state with the event applied.
pub fn running_order_for(event: &SiteEvent, after: &SiteState) -> Option<(LineCode, Option<RunningOrder>)> {
    let code = match event {
        SiteEvent::OrderTransitioned { code, from, to, .. }
            if *from == OrderState::Running || *to == OrderState::Running =>
        {
            code
        }
        SiteEvent::OrderPatched { code, patch, .. } if patch.quantity.is_some() || patch.due.is_some() => {
            code
        }
        _ => return None,
    };
    let order = after.order(code)?;
    match event {
        SiteEvent::OrderPatched { .. } => {
            order.as_running().map(|running| (order.line.clone(), Some(running)))
        }
        _ => Some((order.line.clone(), order.as_running())),
    }
}

/// The alert that an event is about, as the event leaves it: a closed one is no longer in the state after it.
pub fn alert_after(event: &SiteEvent, before: &SiteState) -> Option<Alert> {
    match event {
        SiteEvent::AlertRaised { alert } => Some(alert.clone()),
        SiteEvent::AlertAcknowledged { id, by, at } => {
            let mut alert = before.alert(id)?.clone();
            alert.ack(by, *at);
            Some(alert)
        }
        SiteEvent::AlertCleared { id, at } => {
            let mut alert = before.alert(id)?.clone();
            alert.clear(*at);
            Some(alert)
        }
        SiteEvent::OrderCreated { .. }
        | SiteEvent::OrderPatched { .. }
        | SiteEvent::OrderTransitioned { .. }
        | SiteEvent::StockMoved { .. }
        | SiteEvent::ProgressTaken { .. }
        | SiteEvent::LineFollowed { .. } => None,
    }
}
