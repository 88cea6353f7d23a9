//! The planner of the demo: every machining line has a running order, and the next one when it is made.

use std::time::Duration;

use actors::ports::{OrderFilter, OrderItem, PageRequest};
use actors::{CommandError, HubHandle};
use domain::ids::{LineCode, OrderCode, SiteAddress};
use domain::order::NewOrder;
use domain::vocabulary::{OrderAction, OrderState};
use domain::{Code, DurationMs, Quantity};

use super::plant::BOOKED_BY;

pub(super) const BRACKET: &str = "BRK-40-S355";
pub(super) const SHAFT: &str = "SHF-65-42CRMO4";

const SITE: (&str, &str) = ("demo", "steelworks");
/// How often the planner looks at the lines.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How many codes are tried for a new order before the planner looks again.
const CODES_TRIED: u64 = 20;

struct Program {
    line: &'static str,
    prefix: &'static str,
    article: &'static str,
    quantity: i64,
    customer: &'static str,
    due_in: DurationMs,
}

const PROGRAMS: [Program; 2] = [
    Program {
        line: "milling",
        prefix: "PO-M",
        article: BRACKET,
        quantity: 40,
        customer: "Ponts et Charpentes SA",
        due_in: DurationMs::from_secs(15 * 60),
    },
    Program {
        line: "turning",
        prefix: "PO-T",
        article: SHAFT,
        quantity: 30,
        customer: "Énergie du Littoral",
        due_in: DurationMs::from_secs(12 * 60),
    },
];

/// A first running order and a released one behind it on each machining line.
pub(super) async fn prepare(hub: &HubHandle, site: &SiteAddress) -> anyhow::Result<()> {
    for program in &PROGRAMS {
        let planner = Planner { hub, site, program, line: program.line.parse()? };
        planner.look().await?;
        if planner.first(OrderState::Released).await?.is_none() {
            planner.create().await?;
        }
    }
    Ok(())
}

/// Looks after the orders for ever. What people do with them is respected: a paused order stays paused.
pub(super) async fn keep_running(hub: HubHandle) -> anyhow::Result<()> {
    let site = SiteAddress { tenant: SITE.0.parse()?, site: SITE.1.parse()? };
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        for program in &PROGRAMS {
            let planner = Planner { hub: &hub, site: &site, program, line: program.line.parse()? };
            if let Err(error) = planner.look().await {
                tracing::warn!(%site, line = program.line, %error, "the demo's planner tries again");
            }
        }
    }
}

struct Planner<'h> {
    hub: &'h HubHandle,
    site: &'h SiteAddress,
    program: &'static Program,
    line: LineCode,
}

impl Planner<'_> {
    /// Completes an order that is made, and starts the next one on a line without any.
    async fn look(&self) -> Result<(), CommandError> {
        match self.first(OrderState::Running).await? {
            Some(item) if item.order.good < item.order.quantity => return Ok(()),
            Some(item) => self.step(&item.order.code, OrderAction::Complete).await?,
            None if self.first(OrderState::Paused).await?.is_some() => return Ok(()),
            None => {}
        }
        let next = match self.first(OrderState::Released).await? {
            Some(item) => Some(item.order.code),
            None => self.create().await?,
        };
        match next {
            Some(code) => self.step(&code, OrderAction::Start).await,
            None => Ok(()),
        }
    }

    async fn first(&self, state: OrderState) -> Result<Option<OrderItem>, CommandError> {
        let filter = self.filter(Some(state));
        let page = PageRequest { limit: 1, ..PageRequest::default() };
        Ok(self.hub.store().orders(&self.site.tenant, &filter, &page).await?.items.pop())
    }

    fn filter(&self, state: Option<OrderState>) -> OrderFilter {
        let (sites, line) = (Some(vec![self.site.site.clone()]), Some(self.line.clone()));
        OrderFilter { sites, line, state, article: None }
    }

    /// Creates and releases an order; nothing if no code is free, which the next look tries again.
    async fn create(&self) -> Result<Option<OrderCode>, CommandError> {
        let page = PageRequest { limit: 1, cursor: None, total: true };
        let orders = self.hub.store().orders(&self.site.tenant, &self.filter(None), &page).await?;
        let first = orders.total.unwrap_or_default() + 1;
        for number in first..first + CODES_TRIED {
            let code: OrderCode = format!("{}{number:04}", self.program.prefix).parse()?;
            let order = NewOrder {
                code: code.clone(),
                article: self.program.article.parse()?,
                quantity: Quantity::from_units(self.program.quantity),
                line: self.line.clone(),
                due: Some(self.hub.clock().now() + self.program.due_in),
                priority: None,
                customer: Some(self.program.customer.to_owned()),
            };
            match self.hub.create_order(self.site, order, BOOKED_BY).await {
                Ok(_) => {
                    self.step(&code, OrderAction::Release).await?;
                    return Ok(Some(code));
                }
                // Somebody used the code by hand.
                Err(CommandError::Rejected(rejection)) if rejection.code == Code::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    async fn step(&self, code: &OrderCode, action: OrderAction) -> Result<(), CommandError> {
        self.hub.transition_order(self.site, code, action, None, BOOKED_BY).await.map(drop)
    }
}
