//! The stock ledger: movements are the truth, levels are their sums, and nothing is moved that is not there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{ArticleCode, LocationCode, LotCode, OrderCode, UnitCode};
use crate::message::StockMessage;
use crate::origin::Origin;
use crate::tenant::Article;
use crate::vocabulary::MovementKind;
use crate::{Code, Quantity, Rejection, Timestamp};

/// What a level is counted for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LevelKey {
    /// What lies there.
    pub article: ArticleCode,
    /// Where; the site's unnamed location if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationCode>,
    /// Which lot of it, if it is traced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotCode>,
}

/// The change of one location's level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delta {
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationCode>,
    /// By how much, signed.
    pub quantity: Quantity,
}

/// A booked change of stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// Its id.
    pub id: Uuid,
    /// What kind of change.
    pub kind: MovementKind,
    /// What moved.
    pub article: ArticleCode,
    /// As its sender wrote it: see [`StockMessage::quantity`].
    pub quantity: Quantity,
    /// What it did to the levels: one location, or two for a transfer.
    pub deltas: Vec<Delta>,
    /// The article's unit.
    pub unit: UnitCode,
    /// The lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotCode>,
    /// Where, or where from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationCode>,
    /// Where to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_location: Option<LocationCode>,
    /// The order it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderCode>,
    /// When it happened.
    pub at: Timestamp,
    /// Who booked it.
    pub origin: Origin,
}

impl Movement {
    /// The levels it changes, with the change of each.
    pub fn changes(&self) -> impl Iterator<Item = (LevelKey, Quantity)> + '_ {
        self.deltas.iter().map(|delta| {
            let key = LevelKey {
                article: self.article.clone(),
                location: delta.location.clone(),
                lot: self.lot.clone(),
            };
            (key, delta.quantity)
        })
    }
}

/// The levels of a site. A level that is nothing is kept unless it is a lot's: lots come and go for ever.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(LevelKey, Quantity)>", into = "Vec<(LevelKey, Quantity)>")]
pub struct Ledger {
    levels: BTreeMap<LevelKey, Quantity>,
}

impl From<Vec<(LevelKey, Quantity)>> for Ledger {
    fn from(levels: Vec<(LevelKey, Quantity)>) -> Self {
        Self { levels: levels.into_iter().collect() }
    }
}

impl From<Ledger> for Vec<(LevelKey, Quantity)> {
    fn from(ledger: Ledger) -> Self {
        ledger.levels.into_iter().collect()
    }
}

impl Ledger {
    /// The level of a key; nothing if it never moved.
    pub fn level(&self, key: &LevelKey) -> Quantity {
        self.levels.get(key).copied().unwrap_or_default()
    }

    /// Every level, by article, location and lot.
    pub fn levels(&self) -> impl Iterator<Item = (&LevelKey, Quantity)> {
        self.levels.iter().map(|(key, level)| (key, *level))
    }

    /// The levels of one article.
    pub fn levels_of(&self, article: &ArticleCode) -> impl Iterator<Item = (&LevelKey, Quantity)> {
        let first = LevelKey { article: article.clone(), location: None, lot: None };
        let article = article.clone();
        self.levels
            .range(first..)
            .take_while(move |(key, _)| key.article == article)
            .map(|(key, level)| (key, *level))
    }

    /// How much of an article there is in the whole site.
    pub fn total(&self, article: &ArticleCode) -> Quantity {
        self.levels_of(article).fold(Quantity::ZERO, |sum, (_, level)| sum.saturating_add(level))
    }

    /// A ledger of only those levels that the messages touch: enough to plan them one after the other.
    pub(crate) fn part<'a>(&self, messages: impl Iterator<Item = &'a StockMessage>) -> Self {
        let keys = messages.flat_map(|message| {
            [&message.location, &message.to_location].map(|location| LevelKey {
                article: message.article.clone(),
                location: location.clone(),
                lot: message.lot.clone(),
            })
        });
        Self { levels: keys.map(|key| (key.clone(), self.level(&key))).collect() }
    }

    /// Checks a change of stock against the rules and the levels, and says what it does to them.
    pub fn plan(&self, message: &StockMessage, article: &Article) -> Result<Vec<Delta>, Rejection> {
        check_message(message, article)?;
        let at = |location: &Option<LocationCode>, quantity| Delta { location: location.clone(), quantity };
        let key = LevelKey {
            article: message.article.clone(),
            location: message.location.clone(),
            lot: message.lot.clone(),
        };
        let amount = message.quantity;
        let deltas = match message.kind {
            MovementKind::Receive | MovementKind::Produce | MovementKind::Adjust => {
                vec![at(&message.location, amount)]
            }
            MovementKind::Issue | MovementKind::Consume | MovementKind::Scrap => {
                vec![at(&message.location, amount.negated())]
            }
            MovementKind::Stocktake => {
                vec![at(&message.location, amount.checked_sub(self.level(&key))?)]
            }
            MovementKind::Transfer => {
                vec![at(&message.location, amount.negated()), at(&message.to_location, amount)]
            }
        };
        for delta in &deltas {
            let key = LevelKey { location: delta.location.clone(), ..key.clone() };
            let level = self.level(&key);
            let after = level.checked_add(delta.quantity)?;
            if after.is_negative() && delta.quantity.is_negative() && !article.allow_negative {
                return Err(Rejection::new(
                    Code::InsufficientStock,
                    Some("quantity"),
                    format!("only {level} {} of {} there", article.unit, article.code),
                ));
            }
        }
        Ok(deltas)
    }

    /// Books a movement that was planned before.
    pub(crate) fn apply(&mut self, movement: &Movement) {
        for (key, change) in movement.changes() {
            let after = self.level(&key).saturating_add(change);
            if after.is_zero() && key.lot.is_some() {
                self.levels.remove(&key);
            } else {
                self.levels.insert(key, after);
            }
        }
    }
}

fn check_message(message: &StockMessage, article: &Article) -> Result<(), Rejection> {
    if message.unit.as_ref().is_some_and(|unit| *unit != article.unit) {
        return Err(Rejection::new(
            Code::UnitMismatch,
            Some("unit"),
            format!("{} is counted in {}", article.code, article.unit),
        ));
    }
    let (fits, rule) = match message.kind {
        MovementKind::Adjust => (!message.quantity.is_zero(), "must not be 0"),
        MovementKind::Stocktake => (!message.quantity.is_negative(), "must be 0 or more"),
        MovementKind::Receive
        | MovementKind::Issue
        | MovementKind::Produce
        | MovementKind::Consume
        | MovementKind::Scrap
        | MovementKind::Transfer => (message.quantity.is_positive(), "must be more than 0"),
    };
    if !fits {
        return Err(Rejection::invalid("quantity", rule));
    }
    match (message.kind, &message.to_location) {
        (MovementKind::Transfer, None) => {
            Err(Rejection::invalid("to_location", "is required for a transfer"))
        }
        (MovementKind::Transfer, to) if *to == message.location => {
            Err(Rejection::invalid("to_location", "must differ from location"))
        }
        (MovementKind::Transfer, _) | (_, None) => Ok(()),
        (_, Some(_)) => Err(Rejection::invalid("to_location", "is for transfers only")),
    }
}
