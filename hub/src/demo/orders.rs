//! The planner of the demo: every line with a programme has a running order, and the next one when it is made.

use std::time::Duration;

use actors::ports::{OrderFilter, OrderItem, PageRequest};
use actors::{CommandError, HubHandle};
use domain::ids::{ArticleCode, LineAddress, OrderCode, SiteAddress};
use domain::order::NewOrder;
use domain::vocabulary::{OrderAction, OrderState};
use domain::{Code, DurationMs, Timestamp};
use tokio::sync::watch;

use super::places::BOOKED_BY;
use super::plan::Program;

/// How often the planner looks at the lines.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How many codes are tried for a new order before the planner looks again.
const CODES_TRIED: u64 = 20;
/// Orders that wait behind the running one: released, and only planned.
const WAITING: [OrderState; 2] = [OrderState::Released, OrderState::Created];
/// Every so many-th line begins with an order that is late, by this.
const LATE: (usize, DurationMs) = (4, DurationMs::from_secs(40 * 60));

/// What a line makes now, for the machines of a simulated line.
pub(super) type Job = Option<(OrderCode, ArticleCode)>;

/// A line and what the planner lets it make.
#[derive(Debug)]
pub(super) struct Line {
    address: LineAddress,
    program: Program,
    /// How many times faster orders are due than the programme says.
    speed: f64,
    job: watch::Sender<Job>,
}

impl Line {
    pub(super) fn new(address: LineAddress, program: Program, speed: f64) -> Self {
        Self { address, program, speed, job: watch::Sender::new(None) }
    }

    /// What the line makes, as the planner last saw it.
    pub(super) fn job(&self) -> watch::Receiver<Job> {
        self.job.subscribe()
    }

    /// Whether its orders have never been.
    pub(super) async fn is_new(&self, hub: &HubHandle) -> Result<bool, CommandError> {
        Ok(Planner::new(hub, self).count().await? == 0)
    }

    /// The first order, released and for somebody else to start, with others behind it. Some are late.
    pub(super) async fn prepare_first(
        &self,
        hub: &HubHandle,
        number: usize,
    ) -> anyhow::Result<Option<OrderCode>> {
        let planner = Planner::new(hub, self);
        let now = hub.clock().now();
        let due = if number % LATE.0 == 1 { now - LATE.1 } else { planner.due(now) };
        let first = planner.create(due, OrderState::Released).await?;
        planner.look_ahead().await?;
        Ok(first)
    }

    /// A running order, and others behind it.
    pub(super) async fn prepare(&self, hub: &HubHandle) -> anyhow::Result<()> {
        let planner = Planner::new(hub, self);
        planner.look().await?;
        Ok(planner.look_ahead().await?)
    }
}

/// Looks after the orders for ever, from when the past is told: until then gateways start the first ones. What
/// people do with them is respected: a paused order stays paused.
pub(super) async fn keep_running(
    hub: HubHandle,
    lines: Vec<Line>,
    mut untold: watch::Receiver<usize>,
) -> anyhow::Result<()> {
    untold.wait_for(|gateways| *gateways == 0).await?;
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        for line in &lines {
            if let Err(error) = Planner::new(&hub, line).look().await {
                tracing::warn!(line = %line.address, %error, "the demo's planner tries again");
            }
        }
    }
}

struct Planner<'h> {
    hub: &'h HubHandle,
    line: &'h Line,
    site: SiteAddress,
}

impl<'h> Planner<'h> {
    fn new(hub: &'h HubHandle, line: &'h Line) -> Self {
        Self { hub, line, site: line.address.site_address() }
    }

    /// Completes an order that is made, and starts the next one on a line without any.
    async fn look(&self) -> Result<(), CommandError> {
        match self.first(OrderState::Running).await? {
            Some(item) if item.order.good < item.order.quantity => {
                self.tell_job(item.order.code, item.order.article);
                return Ok(());
            }
            Some(item) => self.step(&item.order.code, OrderAction::Complete).await?,
            None if self.first(OrderState::Paused).await?.is_some() => return Ok(()),
            None => {}
        }
        let next = match self.first(OrderState::Released).await? {
            Some(item) => Some(item.order.code),
            None => self.create(self.due(self.hub.clock().now()), OrderState::Released).await?,
        };
        if let Some(code) = next {
            self.step(&code, OrderAction::Start).await?;
            self.look_ahead().await?;
        }
        Ok(())
    }

    fn tell_job(&self, code: OrderCode, article: ArticleCode) {
        let job = Some((code, article));
        self.line.job.send_if_modified(|known| {
            *known != job && {
                *known = job;
                true
            }
        });
    }

    /// Something to come is always planned.
    async fn look_ahead(&self) -> Result<(), CommandError> {
        let now = self.hub.clock().now();
        let after_that = DurationMs((self.due(now) - now).0 * 2);
        for (state, due) in WAITING.into_iter().zip([self.due(now), now + after_that]) {
            if self.first(state).await?.is_none() {
                self.create(due, state).await?;
            }
        }
        Ok(())
    }

    fn due(&self, now: Timestamp) -> Timestamp {
        #[expect(clippy::cast_possible_truncation, reason = "days in milliseconds")]
        let due_in_ms = (self.line.program.due_in_s as f64 * 1000.0 / self.line.speed) as i64;
        now + DurationMs(due_in_ms)
    }

    async fn count(&self) -> Result<u64, CommandError> {
        let page = PageRequest { limit: 1, cursor: None, total: true };
        let orders = self.hub.store().orders(&self.site.tenant, &self.filter(None), &page).await?;
        Ok(orders.total.unwrap_or_default())
    }

    async fn first(&self, state: OrderState) -> Result<Option<OrderItem>, CommandError> {
        let filter = self.filter(Some(state));
        let page = PageRequest { limit: 1, ..PageRequest::default() };
        Ok(self.hub.store().orders(&self.site.tenant, &filter, &page).await?.items.pop())
    }

    fn filter(&self, state: Option<OrderState>) -> OrderFilter {
        let LineAddress { site, line, .. } = self.line.address.clone();
        OrderFilter { sites: Some(vec![site]), line: Some(line), state, article: None }
    }

    /// Creates an order and releases it if asked to; nothing if no code is free, which the next look tries again.
    async fn create(&self, due: Timestamp, state: OrderState) -> Result<Option<OrderCode>, CommandError> {
        let Program { prefix, customer, orders, .. } = &self.line.program;
        let first = self.count().await? + 1;
        for number in first..first + CODES_TRIED {
            let code: OrderCode = format!("{prefix}{number:04}").parse()?;
            let turn = usize::try_from(number - 1).unwrap_or_default() % orders.len().max(1);
            let Some(order) = orders.get(turn) else { return Ok(None) };
            let order = NewOrder {
                code: code.clone(),
                article: order.article.clone(),
                quantity: order.quantity,
                line: self.line.address.line.clone(),
                due: Some(due),
                priority: None,
                customer: Some(customer.clone()),
            };
            match self.hub.create_order(&self.site, order, BOOKED_BY).await {
                Ok(_) if state == OrderState::Created => return Ok(Some(code)),
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
        self.hub.transition_order(&self.site, code, action, None, BOOKED_BY).await.map(drop)
    }
}
