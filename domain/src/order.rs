//! Production orders: what one is, which steps it may take, what of it may change and when.

use serde::{Deserialize, Serialize};

use crate::ids::{self, ArticleCode, LineCode, OrderCode};
use crate::patch::{clearable, set};
use crate::vocabulary::{OrderAction, OrderState};
use crate::{Code, Quantity, Rejection, Timestamp};

/// The priority of an order that names none; 0 is the least urgent, 999 the most.
pub const DEFAULT_PRIORITY: i32 = 100;
const MAX_PRIORITY: i32 = 999;
const MAX_CUSTOMER_CHARS: usize = 255;

/// The state an action leads to, or nothing where it is not allowed.
pub fn next(state: OrderState, action: OrderAction) -> Option<OrderState> {
    use OrderAction as A;
    use OrderState as S;
    match (action, state) {
        (A::Release, S::Created) => Some(S::Released),
        (A::Start, S::Released) | (A::Resume, S::Paused) => Some(S::Running),
        (A::Pause, S::Running) => Some(S::Paused),
        (A::Complete, S::Running | S::Paused) => Some(S::Completed),
        (A::Cancel, S::Created | S::Released | S::Running | S::Paused) => Some(S::Cancelled),
        (A::Release, S::Released | S::Running | S::Paused | S::Completed | S::Cancelled)
        | (A::Start, S::Created | S::Running | S::Paused | S::Completed | S::Cancelled)
        | (A::Resume, S::Created | S::Released | S::Running | S::Completed | S::Cancelled)
        | (A::Pause, S::Created | S::Released | S::Paused | S::Completed | S::Cancelled)
        | (A::Complete, S::Created | S::Released | S::Completed | S::Cancelled)
        | (A::Cancel, S::Completed | S::Cancelled) => None,
    }
}

/// A production order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its code, unique in the site.
    pub code: OrderCode,
    /// What is made.
    pub article: ArticleCode,
    /// How much of it.
    pub quantity: Quantity,
    /// Where.
    pub line: LineCode,
    /// When it should be complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// 0 to 999, higher first.
    pub priority: i32,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Where it stands.
    pub state: OrderState,
    /// Good parts made so far.
    pub good: Quantity,
    /// Scrap made so far.
    pub scrap: Quantity,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Timestamp>,
    /// When it was started for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it was completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// When it was cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<Timestamp>,
    /// Counts changes by people and steps, from 1; progress does not count.
    pub version: u64,
}

/// An order to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// Its code.
    pub code: OrderCode,
    /// What is made.
    pub article: ArticleCode,
    /// How much of it; positive.
    pub quantity: Quantity,
    /// Where.
    pub line: LineCode,
    /// When it should be complete.
    pub due: Option<Timestamp>,
    /// 0 to 999; 100 if absent.
    pub priority: Option<i32>,
    /// For whom.
    pub customer: Option<String>,
}

/// A change of an order's plan; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPatch {
    /// Another quantity: positive and not below what is already made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// Another due time, or none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "clearable")]
    pub due: Option<Option<Timestamp>>,
    /// Another priority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
    /// Another customer, or none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "clearable")]
    pub customer: Option<Option<String>>,
    /// Another line, only before the order was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineCode>,
}

/// What a line knows of the order that runs on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningOrder {
    /// The order.
    pub code: OrderCode,
    /// What is made.
    pub article: ArticleCode,
    /// How much of it.
    pub quantity: Quantity,
    /// When it was started for the first time.
    pub started_at: Timestamp,
    /// Good parts that the site knew of when it was started, resumed or changed.
    pub good: Quantity,
    /// Scrap that the site knew of when it was started, resumed or changed.
    pub scrap: Quantity,
    /// When it is to be complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

fn check_quantity(quantity: Quantity) -> Result<(), Rejection> {
    if quantity.is_positive() { Ok(()) } else { Err(Rejection::invalid("quantity", "must be more than 0")) }
}

fn check_priority(priority: i32) -> Result<(), Rejection> {
    if (0..=MAX_PRIORITY).contains(&priority) {
        Ok(())
    } else {
        Err(Rejection::invalid("priority", "must be 0 to 999"))
    }
}

fn check_customer(customer: Option<&String>) -> Result<(), Rejection> {
    customer.map_or(Ok(()), |text| ids::name("customer", text, MAX_CUSTOMER_CHARS).map(drop))
}

impl NewOrder {
    /// The order as it is created at this instant.
    pub fn into_order(self, now: Timestamp) -> Result<Order, Rejection> {
        let priority = self.priority.unwrap_or(DEFAULT_PRIORITY);
        check_quantity(self.quantity)?;
        check_priority(priority)?;
        check_customer(self.customer.as_ref())?;
        Ok(Order {
            code: self.code,
            article: self.article,
            quantity: self.quantity,
            line: self.line,
            due: self.due,
            priority,
            customer: self.customer,
            state: OrderState::Created,
            good: Quantity::ZERO,
            scrap: Quantity::ZERO,
            created_at: now,
            released_at: None,
            started_at: None,
            completed_at: None,
            cancelled_at: None,
            version: 1,
        })
    }
}

impl Order {
    /// Whether the order may still change.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, OrderState::Completed | OrderState::Cancelled)
    }

    /// When the order was completed or cancelled.
    pub fn closed_at(&self) -> Option<Timestamp> {
        self.completed_at.or(self.cancelled_at)
    }

    /// The state an action leads to, or the refusal that names both.
    pub fn step(&self, action: OrderAction) -> Result<OrderState, Rejection> {
        next(self.state, action).ok_or_else(|| {
            Rejection::new(
                Code::IllegalTransition,
                Some("action"),
                format!("cannot {action} an order that is {}", self.state),
            )
        })
    }

    /// Whether the patch may be made now; `Ok(false)` if it would change nothing.
    pub fn check_patch(&self, patch: &OrderPatch) -> Result<bool, Rejection> {
        if !self.is_open() {
            return Err(Rejection::new(
                Code::IllegalTransition,
                None,
                format!("the order is {} and cannot change", self.state),
            ));
        }
        if let Some(quantity) = patch.quantity {
            check_quantity(quantity)?;
            if quantity < self.good {
                return Err(Rejection::invalid(
                    "quantity",
                    format!("must not be below {}, which is already made", self.good),
                ));
            }
        }
        patch.priority.map_or(Ok(()), check_priority)?;
        check_customer(patch.customer.as_ref().and_then(Option::as_ref))?;
        if patch.line.as_ref().is_some_and(|line| *line != self.line)
            && !matches!(self.state, OrderState::Created | OrderState::Released)
        {
            return Err(Rejection::new(
                Code::IllegalTransition,
                Some("line"),
                "may change only before the order is started",
            ));
        }
        let mut patched = self.clone();
        patched.patch(patch);
        patched.version = self.version;
        Ok(patched != *self)
    }

    /// Makes a patch that was checked before.
    pub(crate) fn patch(&mut self, patch: &OrderPatch) {
        set(&mut self.quantity, patch.quantity.as_ref());
        set(&mut self.due, patch.due.as_ref());
        set(&mut self.priority, patch.priority.as_ref());
        set(&mut self.customer, patch.customer.as_ref());
        set(&mut self.line, patch.line.as_ref());
        self.version += 1;
    }

    /// Makes a step that was checked before.
    pub(crate) fn enter(&mut self, state: OrderState, at: Timestamp) {
        self.state = state;
        self.version += 1;
        match state {
            OrderState::Released => self.released_at = Some(at),
            OrderState::Running => self.started_at = self.started_at.or(Some(at)),
            OrderState::Completed => self.completed_at = Some(at),
            OrderState::Cancelled => self.cancelled_at = Some(at),
            OrderState::Created | OrderState::Paused => {}
        }
    }

    /// What its line is to know of it while it runs.
    pub fn as_running(&self) -> Option<RunningOrder> {
        (self.state == OrderState::Running).then(|| RunningOrder {
            code: self.code.clone(),
            article: self.article.clone(),
            quantity: self.quantity,
            started_at: self.started_at.unwrap_or(self.created_at),
            good: self.good,
            scrap: self.scrap,
            due: self.due,
        })
    }
}
