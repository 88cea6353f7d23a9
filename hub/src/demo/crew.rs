//! What the people of the demo do when nobody plays them: set up the alert rules, acknowledge what is over.

use std::time::Duration;

use actors::HubHandle;
use actors::ports::{AlertFilter, PageRequest};
use domain::DurationMs;
use domain::alert::Alert;
use domain::ids::TenantCode;
use domain::vocabulary::AlertState;
use tokio::sync::watch;

use super::places::{BOOKED_BY, Builder, USERS};
use super::plan::Plan;

const LOOK_EVERY: Duration = Duration::from_secs(60);
/// An alert that is over for this long needs nobody any more.
const OVER_FOR: DurationMs = DurationMs::from_secs(30 * 60);
/// The most alerts that are looked at in one go.
const PAGE: u32 = 200;

/// The crew of a demo.
pub(super) struct Crew {
    pub(super) hub: HubHandle,
    pub(super) tenant: TenantCode,
    pub(super) plan: Plan,
    pub(super) speed: f64,
    /// Whether the plant is new: somebody has taken note of what goes on.
    pub(super) is_new: bool,
    /// Gateways that have not told their past yet.
    pub(super) untold: watch::Receiver<usize>,
}

impl Crew {
    /// Begins when the past is told, and goes on for ever.
    pub(super) async fn work(mut self) -> anyhow::Result<()> {
        self.untold.wait_for(|gateways| *gateways == 0).await?;
        let Self { hub, tenant, plan, speed, .. } = &self;
        Builder { hub, tenant, plan, speed: *speed }.prepare_rules().await?;
        if self.is_new {
            self.take_note().await?;
        }
        tracing::info!(tenant = %self.tenant, "the demo's past is told");
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.acknowledge_what_is_over().await {
                tracing::warn!(tenant = %self.tenant, %error, "the demo's crew tries again");
            }
        }
    }

    async fn alerts(&self, state: AlertState) -> anyhow::Result<Vec<Alert>> {
        let filter = AlertFilter { sites: None, line: None, state: Some(state), severity: None, open: true };
        let page = PageRequest { limit: PAGE, ..PageRequest::default() };
        Ok(self.hub.store().alerts(&self.tenant, &filter, &page).await?.items)
    }

    /// Acknowledges one alert that stands, or else one that is over.
    async fn take_note(&self) -> anyhow::Result<()> {
        let mut standing = self.alerts(AlertState::Raised).await?;
        standing.extend(self.alerts(AlertState::Cleared).await?);
        if let Some(alert) = standing.first() {
            self.hub.ack_alert(&self.tenant, alert.id, USERS[0].0).await?;
        }
        Ok(())
    }

    async fn acknowledge_what_is_over(&self) -> anyhow::Result<()> {
        let now = self.hub.clock().now();
        let is_over = |alert: &Alert| alert.cleared_at.is_some_and(|at| now - at > OVER_FOR);
        for alert in self.alerts(AlertState::Cleared).await?.into_iter().filter(is_over) {
            self.hub.ack_alert(&self.tenant, alert.id, BOOKED_BY).await?;
        }
        Ok(())
    }
}
