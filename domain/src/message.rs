//! What devices say, after decoding: one type per channel, checked, without transport.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Quantity;
use crate::ids::{
    AlarmCode, ArticleCode, LocationCode, LotCode, MetricName, OrderCode, ReasonCode, UnitCode,
};
use crate::receipt::Envelope;
use crate::vocabulary::{MachineState, MovementKind, OrderAction, Severity};

/// One message of a device: its envelope and its content.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceMessage {
    /// Id, time and whether it was buffered.
    pub envelope: Envelope,
    /// The content, by channel.
    pub content: Content,
}

/// The content of a message, by channel.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Channel `state`.
    State(StateMessage),
    /// Channel `count`.
    Count(CountMessage),
    /// Channel `measure`.
    Measure(MeasureMessage),
    /// Channel `alarm`.
    Alarm(AlarmMessage),
    /// Channel `order`.
    Order(OrderMessage),
    /// Channel `stock`, and the stock topic of a site.
    Stock(StockMessage),
}

/// A machine says what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateMessage {
    /// The state from now on.
    pub state: MachineState,
    /// Why.
    pub reason: Option<ReasonCode>,
}

/// A machine says what it made: increments, or running totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CountMessage {
    /// So many more; never negative.
    Increment {
        /// Good parts.
        good: Quantity,
        /// Scrap.
        scrap: Quantity,
    },
    /// The counters of the machine stand here; the hub takes differences.
    Total {
        /// Good parts since the counter's last reset.
        good: Option<Quantity>,
        /// Scrap since the counter's last reset.
        scrap: Option<Quantity>,
    },
}

/// Values a machine measured at one instant; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureMessage {
    /// By name, 1 to 256 of them.
    pub values: BTreeMap<MetricName, MeasureValue>,
}

/// One measured value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MeasureValue {
    /// On or off.
    Flag(bool),
    /// A finite number.
    Number(f64),
    /// A text of at most 256 characters.
    Text(String),
}

impl MeasureValue {
    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(*value),
            Self::Flag(_) | Self::Text(_) => None,
        }
    }
}

/// A machine's own alarm starts or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmMessage {
    /// The machine's code of it.
    pub code: AlarmCode,
    /// Whether it is active now.
    pub active: bool,
    /// How urgent it is; `medium` where the device does not say.
    pub severity: Severity,
    /// For people; empty where the device says nothing.
    pub text: String,
}

/// A terminal or machine moves an order along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderMessage {
    /// The order.
    pub order: OrderCode,
    /// What happens to it; devices may start, pause, resume and complete.
    pub action: OrderAction,
}

/// A change of stock, as its sender wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockMessage {
    /// What kind of change.
    pub kind: MovementKind,
    /// What moves.
    pub article: ArticleCode,
    /// Positive, but for `adjust` (a signed difference) and `stocktake` (zero or more: what was counted).
    pub quantity: Quantity,
    /// If given, it must be the article's.
    pub unit: Option<UnitCode>,
    /// The lot, if the article is traced.
    pub lot: Option<LotCode>,
    /// Where; the site's unnamed location if absent.
    pub location: Option<LocationCode>,
    /// Where to, for `transfer`.
    pub to_location: Option<LocationCode>,
    /// The order it belongs to.
    pub order: Option<OrderCode>,
}
