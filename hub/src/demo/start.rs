//! How the demo begins: what is missing is made, and whoever has something to say begins to speak.

use std::sync::Arc;

use actors::HubHandle;
use anyhow::Context;
use domain::ids::{LineAddress, TenantCode};
use domain::{DurationMs, Timestamp};
use plant::LineModel;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::crew::Crew;
use super::devices;
use super::feeds::Feed;
use super::gateway::{Beginning, Gateway, LONGEST_PAST};
use super::orders::{self, Line};
use super::places::Builder;
use super::plan::{self, LinePlan, Plan};
use crate::assembly::Assembly;
use crate::cli::DemoArgs;
use crate::config::Config;

/// The shortest past of a new plant that runs faster than usual.
const SHORTEST_PAST: DurationMs = DurationMs::from_secs(2 * 3600);
/// The first orders were started within this part of the past, and at different times.
const STARTED_WITHIN: f64 = 0.25;

/// Makes what is missing of the plant and lets its machines talk.
pub(super) async fn open(
    config: &Config,
    assembly: &Assembly,
    plan: Plan,
    feeds: Vec<Feed>,
    args: &DemoArgs,
) -> anyhow::Result<JoinSet<anyhow::Result<()>>> {
    let endpoint = assembly.addresses().mqtt.context("the mqtt endpoint does not listen")?;
    let (hub, tenant) = (assembly.hub(), TenantCode::parse(plan::TENANT)?);
    let builder = Builder { hub, tenant: &tenant, plan: &plan, speed: args.speed };
    builder.prepare().await.context("cannot prepare the demo plant")?;
    let mut opening =
        Opening { hub, args, lines: Vec::new(), gateways: Vec::new(), untold: watch::Sender::new(0) };
    for (address, site, line) in plan.lines(&tenant) {
        let model = plan.model(&address, site, line, args.speed)?;
        opening.open_line(address, line, model).await.context("cannot prepare the demo's orders")?;
    }
    let Opening { lines, gateways, untold, .. } = opening;
    untold.send_replace(gateways.len());
    let scopes: Vec<_> = feeds.iter().map(Feed::scope).chain(gateways.iter().map(Gateway::scope)).collect();
    let mut credentials = devices::credentials(&config.data_dir, hub, &scopes).await?.into_iter();
    let mut players = JoinSet::new();
    for (feed, credential) in feeds.into_iter().zip(credentials.by_ref()) {
        players.spawn(feed.play(endpoint, credential, Arc::clone(hub.clock())));
    }
    let is_new = gateways.iter().any(|gateway| gateway.beginning.is_some());
    for (gateway, credential) in gateways.into_iter().zip(credentials) {
        players.spawn(gateway.run(endpoint, credential));
    }
    players.spawn(orders::keep_running(hub.clone(), lines, untold.subscribe()));
    let (hub, untold) = (hub.clone(), untold.subscribe());
    players.spawn(Crew { hub, tenant, plan, speed: args.speed, is_new, untold }.work());
    Ok(players)
}

/// Lines that are being opened.
struct Opening<'a> {
    hub: &'a HubHandle,
    args: &'a DemoArgs,
    lines: Vec<Line>,
    gateways: Vec<Gateway>,
    untold: watch::Sender<usize>,
}

impl Opening<'_> {
    async fn open_line(
        &mut self,
        address: LineAddress,
        plan: &LinePlan,
        model: Option<LineModel>,
    ) -> anyhow::Result<()> {
        let Some(program) = plan.program.clone() else { return Ok(()) };
        let line = Line::new(address.clone(), program, self.args.speed);
        let Some(model) = model else {
            line.prepare(self.hub).await?;
            self.lines.push(line);
            return Ok(());
        };
        let now = self.hub.clock().now();
        let heard = last_heard(&self.hub.line_view(&address).await?);
        let past = DurationMs(LONGEST_PAST.0.min(self.past_ms()));
        let from = heard.map_or(now - past, |heard| heard.max(now - LONGEST_PAST));
        let mut beginning = None;
        if heard.is_none() && line.is_new(self.hub).await? {
            let number = self.gateways.len();
            let order = line.prepare_first(self.hub, number).await?;
            let machine = plan.machines.iter().find(|machine| machine.output);
            beginning = order.zip(machine).map(|(order, machine)| Beginning {
                order,
                machine: machine.code.clone(),
                started: now - started_before(past, number),
                misfits: plan.misfits.clone(),
            });
        } else {
            line.prepare(self.hub).await?;
        }
        let (hub, job, untold) = (self.hub.clone(), line.job(), self.untold.clone());
        self.gateways.push(Gateway { hub, model, seed: self.args.seed, from, beginning, job, untold });
        self.lines.push(line);
        Ok(())
    }

    /// As many hours of a plant in any case, so that a fast one does not tell more than a slow one.
    fn past_ms(&self) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "ten days in milliseconds at the most")]
        let past_ms = (LONGEST_PAST.0 as f64 / self.args.speed) as i64;
        past_ms.max(SHORTEST_PAST.0)
    }
}

/// Different for neighbours: by the golden ratio.
fn started_before(past: DurationMs, number: usize) -> DurationMs {
    let part = 0.2 + 0.8 * (number as f64 * 0.618_034).fract();
    #[expect(clippy::cast_possible_truncation, reason = "a part of a day in milliseconds")]
    let before_ms = (past.0 as f64 * STARTED_WITHIN * part) as i64;
    DurationMs(before_ms)
}

/// Until when the hub has heard the machines of a line: their newest measure or change of state.
fn last_heard(view: &Value) -> Option<Timestamp> {
    let times_of = |machine: &Value| {
        let measures = machine["measures"].as_object().into_iter().flat_map(|all| all.values());
        let times = measures.map(|measure| &measure["at"]).chain([&machine["since"]]);
        times.filter_map(|at| Timestamp::parse(at.as_str()?).ok()).max()
    };
    view["machines"].as_object()?.values().filter_map(times_of).max()
}
