//! The plan of the demo plant, from the files in `config/demo`: what its directory holds and how machines behave.

use std::collections::BTreeMap;

use anyhow::Context;
use domain::Quantity;
use domain::alert::Condition;
use domain::calendar::{Calendar, DailyStop, LocalTime, ShiftPattern, Weekday};
use domain::ids::{
    ArticleCode, LineAddress, LineCode, LocationCode, LotCode, MachineCode, ReasonCode, RuleCode,
    SiteAddress, SiteCode, TenantCode, UnitCode,
};
use domain::tenant::TimeZoneName;
use domain::vocabulary::Severity;
use plant::{Bursts, GaugeModel, LineModel, Outage, Pause, Pauses, Setup, StationModel, Trouble};
use rust_embed::Embed;
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Embed)]
#[folder = "../config/demo"]
struct Files;

const PLANT: &str = "plant.toml";
const SITES: [&str; 2] = ["steelworks.toml", "trois-rivieres.toml"];
/// The tenant of the demo.
pub(super) const TENANT: &str = "demo";
/// How long a machine waits before it says so: so many cycles, and this.
const PATIENCE: (f64, f64) = (2.0, 20.0);

/// The plant.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    #[serde(rename = "tenant")]
    pub(super) tenant_name: String,
    reasons: BTreeMap<ReasonCode, String>,
    troubles: BTreeMap<String, Trouble>,
    setups: BTreeMap<String, Setup>,
    gauges: BTreeMap<String, GaugeModel>,
    bursts: Bursts,
    outage: Outage,
    pub(super) articles: Vec<ArticlePlan>,
    pub(super) rules: Vec<RulePlan>,
    #[serde(skip)]
    pub(super) sites: Vec<SitePlan>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArticlePlan {
    pub(super) code: ArticleCode,
    pub(super) designation: String,
    pub(super) unit: UnitCode,
    pub(super) category: String,
    pub(super) price: Quantity,
    pub(super) minimum: Option<Quantity>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RulePlan {
    pub(super) code: RuleCode,
    pub(super) severity: Severity,
    pub(super) site: Option<SiteCode>,
    pub(super) line: Option<LineCode>,
    #[serde(flatten)]
    pub(super) condition: Condition,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SitePlan {
    pub(super) code: SiteCode,
    pub(super) name: String,
    pub(super) time_zone: TimeZoneName,
    pub(super) shifts: Vec<ShiftPlan>,
    pub(super) stock: Vec<StockPlan>,
    pub(super) lines: Vec<LinePlan>,
}

/// A shift of every day.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShiftPlan {
    name: String,
    from: LocalTime,
    to: LocalTime,
    pauses: Vec<(LocalTime, LocalTime)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StockPlan {
    pub(super) article: ArticleCode,
    pub(super) quantity: Quantity,
    pub(super) lot: Option<LotCode>,
    pub(super) location: LocationCode,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinePlan {
    pub(super) code: LineCode,
    pub(super) name: String,
    pub(super) oee_target: Option<f64>,
    #[serde(default)]
    buffer: u32,
    pub(super) reasons: Vec<ReasonCode>,
    pub(super) program: Option<Program>,
    pub(super) machines: Vec<MachinePlan>,
    #[serde(default)]
    pub(super) misfits: Vec<Misfit>,
}

/// What a line makes, one order after the other.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Program {
    pub(super) prefix: String,
    pub(super) customer: String,
    pub(super) due_in_s: i64,
    pub(super) orders: Vec<OrderPlan>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderPlan {
    pub(super) article: ArticleCode,
    pub(super) quantity: Quantity,
}

/// A message that the hub refuses; the topic goes on below the line's.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Misfit {
    pub(super) topic: String,
    pub(super) payload: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MachinePlan {
    pub(super) code: MachineCode,
    pub(super) name: String,
    #[serde(default)]
    pub(super) output: bool,
    pub(super) ideal_cycle_s: Option<f64>,
    #[serde(default)]
    pub(super) ideal_cycles: BTreeMap<ArticleCode, f64>,
    station: Option<StationPlan>,
}

/// How a simulated machine behaves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StationPlan {
    /// How many times as often something goes wrong as the troubles say.
    #[serde(default = "one")]
    wear: f64,
    slowness: f64,
    jitter: f64,
    scrap_ratio: f64,
    setup: Option<String>,
    troubles: Vec<String>,
    gauges: Vec<String>,
    #[serde(default)]
    bursts: bool,
    #[serde(default)]
    outage: bool,
}

impl Plan {
    /// Reads the plan that is inside the binary.
    pub(super) fn load() -> anyhow::Result<Self> {
        let mut plan: Self = read(PLANT)?;
        plan.sites = SITES.into_iter().map(read).collect::<anyhow::Result<_>>()?;
        Ok(plan)
    }

    /// Every line with its address.
    pub(super) fn lines(
        &self,
        tenant: &TenantCode,
    ) -> impl Iterator<Item = (LineAddress, &SitePlan, &LinePlan)> {
        self.sites.iter().flat_map(move |site| {
            let address = move |line: &LinePlan| LineAddress {
                tenant: tenant.clone(),
                site: site.code.clone(),
                line: line.code.clone(),
            };
            site.lines.iter().map(move |line| (address(line), site, line))
        })
    }

    /// What people call a reason.
    pub(super) fn reason_name(&self, code: &ReasonCode) -> anyhow::Result<String> {
        self.reasons.get(code).cloned().with_context(|| format!("{PLANT} has no reason {code}"))
    }

    /// How a simulated line behaves at this speed; nothing for a line of recordings.
    pub(super) fn model(
        &self,
        address: &LineAddress,
        site: &SitePlan,
        line: &LinePlan,
        speed: f64,
    ) -> anyhow::Result<Option<LineModel>> {
        let Some(article) = line.program.as_ref().and_then(|program| program.orders.first()) else {
            return Ok(None);
        };
        let stations = line.machines.iter().map(|machine| self.station(machine));
        let Some(stations) = stations.collect::<anyhow::Result<Option<Vec<_>>>>()? else { return Ok(None) };
        let slowest_s = stations.iter().map(|station| station.ideal_cycle_s).fold(0.0, f64::max);
        let model = LineModel {
            address: address.clone(),
            stations,
            buffer: line.buffer,
            article: article.article.clone(),
            patience_s: PATIENCE.0 * slowest_s + PATIENCE.1,
            starved: "attente-amont".parse()?,
            blocked: "attente-aval".parse()?,
            pauses: site.pauses()?,
        };
        Ok(Some(model.times_faster(speed)))
    }

    fn station(&self, machine: &MachinePlan) -> anyhow::Result<Option<StationModel>> {
        let Some(station) = &machine.station else { return Ok(None) };
        let ideal_cycle_s =
            machine.ideal_cycle_s.with_context(|| format!("{} has no ideal_cycle_s", machine.code))?;
        let setup = station.setup.as_ref().map(|name| named(&self.setups, name)).transpose()?;
        let troubles = station.troubles.iter().map(|name| {
            let trouble = named(&self.troubles, name)?;
            anyhow::Ok(Trouble { every_s: trouble.every_s / station.wear, ..trouble })
        });
        let gauges = station.gauges.iter().map(|name| named(&self.gauges, name));
        Ok(Some(StationModel {
            machine: machine.code.clone(),
            ideal_cycle_s,
            ideal_cycles: machine.ideal_cycles.clone(),
            slowness: station.slowness,
            jitter: station.jitter,
            scrap_ratio: station.scrap_ratio,
            bursts: station.bursts.then_some(self.bursts),
            setup,
            troubles: troubles.collect::<anyhow::Result<_>>()?,
            gauges: gauges.collect::<anyhow::Result<_>>()?,
            outage: station.outage.then_some(self.outage),
        }))
    }
}

impl SitePlan {
    /// Its address.
    pub(super) fn address(&self, tenant: &TenantCode) -> SiteAddress {
        SiteAddress { tenant: tenant.clone(), site: self.code.clone() }
    }

    /// Its calendar: what people pause is planned.
    pub(super) fn calendar(&self) -> Calendar {
        let name = "Pause".to_owned();
        let stop = |(from, to): &_| DailyStop { name: name.clone(), from: *from, to: *to };
        let shift = |shift: &ShiftPlan| ShiftPattern {
            name: shift.name.clone(),
            days: Weekday::ALL.to_vec(),
            from: shift.from,
            to: shift.to,
            planned_stops: shift.pauses.iter().map(stop).collect(),
        };
        let shifts = self.shifts.iter().map(shift).collect();
        Calendar { shifts, exceptions: Vec::new(), planned_stops: Vec::new() }
    }

    fn pauses(&self) -> anyhow::Result<Pauses> {
        let all = self.shifts.iter().flat_map(|shift| &shift.pauses);
        let daily =
            all.map(|(from, to)| Ok(Pause { from: from.to_string().parse()?, to: to.to_string().parse()? }));
        Ok(Pauses {
            zone: self.time_zone.zone(),
            daily: daily.collect::<anyhow::Result<_>>()?,
            reason: "pause".parse()?,
        })
    }
}

fn one() -> f64 {
    1.0
}

fn named<T: Clone>(all: &BTreeMap<String, T>, name: &str) -> anyhow::Result<T> {
    all.get(name).cloned().with_context(|| format!("{PLANT} has no {name}"))
}

fn read<T: DeserializeOwned>(name: &str) -> anyhow::Result<T> {
    let file = Files::get(name).with_context(|| format!("{name} is not in the binary"))?;
    let text = std::str::from_utf8(&file.data).with_context(|| format!("{name} is not text"))?;
    toml::from_str(text).with_context(|| format!("config/demo/{name}"))
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
