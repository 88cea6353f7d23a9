//! What a site is asked to do. Whoever asks looks articles and lines up in the tenant's directory.

use std::sync::Arc;

use uuid::Uuid;

use crate::alert::NewAlert;
use crate::ids::{LineCode, OrderCode, Seq};
use crate::message::StockMessage;
use crate::order::{NewOrder, OrderPatch};
use crate::origin::Origin;
use crate::receipt::Receipt;
use crate::tenant::Article;
use crate::vocabulary::OrderAction;
use crate::{Quantity, Timestamp};

/// What a site is asked to do.
#[derive(Clone, Debug, PartialEq)]
pub enum SiteCommand {
    /// A planner creates an order.
    CreateOrder {
        /// The order.
        order: NewOrder,
        /// Its article, if the tenant has it.
        article: Option<Arc<Article>>,
        /// Whether the site has the line.
        line_exists: bool,
        /// Who asks.
        by: Origin,
        /// How the request came in, if it has a key.
        receipt: Option<Receipt>,
    },
    /// A planner changes an order.
    PatchOrder {
        /// The order.
        code: OrderCode,
        /// The change.
        patch: OrderPatch,
        /// Whether the site has the line that the patch names; true if it names none.
        line_exists: bool,
        /// The version that the caller saw.
        expected_version: Option<u64>,
        /// Who asks.
        by: Origin,
        /// How the request came in, if it has a key.
        receipt: Option<Receipt>,
    },
    /// An order takes a step.
    TransitionOrder {
        /// The order.
        code: OrderCode,
        /// The step; devices may start, pause, resume and complete.
        action: OrderAction,
        /// The version that the caller saw.
        expected_version: Option<u64>,
        /// Who asks; a machine may only move orders of its own line.
        by: Origin,
        /// How the message came in, if a device sent it or it has a key: its id is checked against the window of `by`.
        receipt: Option<Receipt>,
    },
    /// Stock moves.
    MoveStock(StockMove),
    /// Stock moves, all of it or nothing; each movement sees those before it.
    MoveStockBatch(Vec<StockMove>),
    /// A line tells what its stream says from one place to another, both included.
    TakeLineFacts {
        /// The line.
        line: LineCode,
        /// The first place it speaks of; everything before it was told earlier.
        from: Seq,
        /// The last place it speaks of.
        to: Seq,
        /// What happened there, in order; places without a fact are left out.
        facts: Vec<LineFact>,
    },
    /// A condition of the site needs a person.
    RaiseAlert(NewAlert),
    /// A person takes note of an alert.
    AckAlert {
        /// The alert.
        id: Uuid,
        /// Who.
        by: String,
    },
    /// The condition of an alert ends.
    ClearAlert {
        /// The alert.
        id: Uuid,
    },
}

impl SiteCommand {
    /// Who sent it and how it came in, if it can be told from one that was sent before. A batch is of one sender.
    pub fn sender(&self) -> Option<(&Origin, &Receipt)> {
        match self {
            Self::CreateOrder { by, receipt, .. }
            | Self::PatchOrder { by, receipt, .. }
            | Self::TransitionOrder { by, receipt, .. } => receipt.as_ref().map(|receipt| (by, receipt)),
            Self::MoveStock(stock_move) => Some((&stock_move.by, &stock_move.receipt)),
            Self::MoveStockBatch(moves) => moves.first().map(|first| (&first.by, &first.receipt)),
            Self::TakeLineFacts { .. }
            | Self::RaiseAlert(_)
            | Self::AckAlert { .. }
            | Self::ClearAlert { .. } => None,
        }
    }
}

/// One change of stock with all that is needed to judge it.
#[derive(Clone, Debug, PartialEq)]
pub struct StockMove {
    /// The id that the movement gets.
    pub id: Uuid,
    /// What moves.
    pub message: StockMessage,
    /// Its article, if the tenant has it.
    pub article: Option<Arc<Article>>,
    /// Who asks.
    pub by: Origin,
    /// How the message came in.
    pub receipt: Receipt,
}

/// What a line's stream says that its site must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineFact {
    /// The line made something.
    Produced {
        /// The place in the line's stream.
        seq: Seq,
        /// The order that ran.
        order: Option<OrderCode>,
        /// Good parts.
        good: Quantity,
        /// Scrap.
        scrap: Quantity,
        /// When.
        at: Timestamp,
    },
}

impl LineFact {
    /// The place in the line's stream.
    pub fn seq(&self) -> Seq {
        match self {
            Self::Produced { seq, .. } => *seq,
        }
    }
}
