//! Sites, lines and machines: what the tenant calls them and what the hub must know of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

use super::reasons::{Reason, check_reasons};
use crate::Rejection;
use crate::calendar::{Calendar, Plan};
use crate::ids::{self, ArticleCode, LineCode, MachineCode, SiteCode};
use crate::patch::{clearable, set};

const MAX_NAME_CHARS: usize = 255;
const MAX_IDEAL_CYCLES: usize = 200;

/// The IANA name of a time zone that the hub knows, such as `Europe/Paris`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeZoneName(String);

impl TimeZoneName {
    /// Looks the name up in the database that is built in.
    pub fn parse(name: &str) -> Result<Self, Rejection> {
        let zone = TimeZoneDatabase::bundled().get(name).ok();
        zone.as_ref()
            .and_then(TimeZone::iana_name)
            .map(|name| Self(name.to_owned()))
            .ok_or_else(|| Rejection::invalid("time_zone", "must be the name of an IANA time zone"))
    }

    /// Universal time.
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The zone, for calendar arithmetic.
    pub fn zone(&self) -> TimeZone {
        TimeZoneDatabase::bundled().get(&self.0).unwrap_or(TimeZone::UTC)
    }
}

impl TryFrom<String> for TimeZoneName {
    type Error = Rejection;
    fn try_from(name: String) -> Result<Self, Rejection> {
        Self::parse(&name)
    }
}

impl From<TimeZoneName> for String {
    fn from(name: TimeZoneName) -> Self {
        name.0
    }
}

/// A plant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Its code, unique in the tenant.
    pub code: SiteCode,
    /// What people call it.
    pub name: String,
    /// Where its days and shifts begin.
    pub time_zone: TimeZoneName,
    /// Counts changes, from 1.
    pub version: u64,
}

/// A production line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Its code, unique in the site.
    pub code: LineCode,
    /// What people call it.
    pub name: String,
    /// Why its machines stand, for people to choose from; with none, any reason will do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// The overall equipment effectiveness that it should reach: more than 0, at most 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oee_target: Option<f64>,
    /// Counts changes, from 1.
    pub version: u64,
}

/// A machine of a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// Its code, unique in the line.
    pub code: MachineCode,
    /// What people call it.
    pub name: String,
    /// Whether its counts are the line's output; at most one machine of a line.
    pub output: bool,
    /// The shortest time a part can take, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ideal_cycle_s: Option<f64>,
    /// The same for parts of some articles, in seconds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ideal_cycles: BTreeMap<ArticleCode, f64>,
    /// Counts changes, from 1.
    pub version: u64,
}

/// A site with its lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SiteEntry {
    /// The site itself.
    pub site: Site,
    /// When it works, if it has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<SiteCalendar>,
    /// Its lines.
    pub lines: BTreeMap<LineCode, LineEntry>,
}

/// A calendar as a site has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteCalendar {
    /// The calendar; shared with every line.
    pub calendar: Arc<Calendar>,
    /// Counts changes, from 1.
    pub version: u64,
}

impl SiteEntry {
    /// What is planned here: its calendar, or the default one, on its clock.
    pub fn plan(&self) -> Plan {
        let calendar = self.calendar.as_ref().map(|set| set.calendar.clone()).unwrap_or_default();
        Plan { time_zone: self.site.time_zone.clone(), calendar }
    }

    /// How often the calendar was changed.
    pub fn calendar_version(&self) -> u64 {
        self.calendar.as_ref().map_or(0, |set| set.version)
    }
}

/// A line with its machines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineEntry {
    /// The line itself.
    pub line: Line,
    /// Its machines.
    pub machines: BTreeMap<MachineCode, Machine>,
}

impl LineEntry {
    /// The machine whose counts are the line's output: the one that is marked, or the only one.
    pub fn output_machine(&self) -> Option<&Machine> {
        let only = || self.machines.values().next().filter(|_| self.machines.len() == 1);
        self.machines.values().find(|machine| machine.output).or_else(only)
    }
}

/// A site to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSite {
    /// Its code.
    pub code: SiteCode,
    /// At most 255 characters.
    pub name: String,
    /// Where its days and shifts begin.
    pub time_zone: TimeZoneName,
}

/// A line to be created.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLine {
    /// Its code.
    pub code: LineCode,
    /// At most 255 characters.
    pub name: String,
    /// At most 20, each code once.
    pub reasons: Vec<Reason>,
    /// More than 0, at most 1.
    pub oee_target: Option<f64>,
}

/// A machine to be created.
#[derive(Clone, Debug, PartialEq)]
pub struct NewMachine {
    /// Its code.
    pub code: MachineCode,
    /// At most 255 characters.
    pub name: String,
    /// Whether its counts are the line's output.
    pub output: bool,
    /// More than 0.
    pub ideal_cycle_s: Option<f64>,
    /// At most 200, each more than 0.
    pub ideal_cycles: BTreeMap<ArticleCode, f64>,
}

/// A change of a site; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SitePatch {
    /// Another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Another time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<TimeZoneName>,
}

/// A change of a line; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinePatch {
    /// Another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Other reasons, all of them, or none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "clearable")]
    pub reasons: Option<Option<Vec<Reason>>>,
    /// Another target, or none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "clearable")]
    pub oee_target: Option<Option<f64>>,
}

/// A change of a machine; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachinePatch {
    /// Another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether its counts are the line's output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<bool>,
    /// Another ideal cycle time, or none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "clearable")]
    pub ideal_cycle_s: Option<Option<f64>>,
    /// Other ideal cycle times of articles: one that is not named stays, null takes one away, or all of them.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "clearable")]
    pub ideal_cycles: Option<Option<BTreeMap<ArticleCode, Option<f64>>>>,
}

/// Gives a patched object its next version, or nothing if the patch changed nothing.
macro_rules! next_version {
    ($before:expr, $after:expr) => {{
        let mut after = $after;
        if after == *$before {
            return Ok(None);
        }
        after.check()?;
        after.version += 1;
        Ok(Some(after))
    }};
}

impl Site {
    pub(super) fn new(new: NewSite) -> Result<Self, Rejection> {
        let site = Self { code: new.code, name: new.name, time_zone: new.time_zone, version: 1 };
        site.check()?;
        Ok(site)
    }

    fn check(&self) -> Result<(), Rejection> {
        ids::name("name", &self.name, MAX_NAME_CHARS).map(drop)
    }

    pub(super) fn patched(&self, patch: &SitePatch) -> Result<Option<Self>, Rejection> {
        let mut site = self.clone();
        set(&mut site.name, patch.name.as_ref());
        set(&mut site.time_zone, patch.time_zone.as_ref());
        next_version!(self, site)
    }
}

impl Line {
    pub(super) fn new(new: NewLine) -> Result<Self, Rejection> {
        let NewLine { code, name, reasons, oee_target } = new;
        let line = Self { code, name, reasons, oee_target, version: 1 };
        line.check()?;
        Ok(line)
    }

    fn check(&self) -> Result<(), Rejection> {
        ids::name("name", &self.name, MAX_NAME_CHARS)?;
        check_reasons(&self.reasons)?;
        match self.oee_target {
            Some(ratio) if !(ratio > 0.0 && ratio <= 1.0) => {
                Err(Rejection::invalid("oee_target", "must be a ratio, more than 0 and at most 1"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn patched(&self, patch: &LinePatch) -> Result<Option<Self>, Rejection> {
        let mut line = self.clone();
        set(&mut line.name, patch.name.as_ref());
        if let Some(reasons) = &patch.reasons {
            line.reasons = reasons.clone().unwrap_or_default();
        }
        set(&mut line.oee_target, patch.oee_target.as_ref());
        next_version!(self, line)
    }
}

impl Machine {
    pub(super) fn new(new: NewMachine) -> Result<Self, Rejection> {
        let NewMachine { code, name, output, ideal_cycle_s, ideal_cycles } = new;
        let machine = Self { code, name, output, ideal_cycle_s, ideal_cycles, version: 1 };
        machine.check()?;
        Ok(machine)
    }

    fn check(&self) -> Result<(), Rejection> {
        ids::name("name", &self.name, MAX_NAME_CHARS)?;
        self.ideal_cycle_s.map_or(Ok(()), |seconds| check_cycle("ideal_cycle_s", seconds))?;
        if self.ideal_cycles.len() > MAX_IDEAL_CYCLES {
            return Err(Rejection::invalid(
                "ideal_cycles",
                format!("must have at most {MAX_IDEAL_CYCLES} articles"),
            ));
        }
        self.ideal_cycles.values().try_for_each(|seconds| check_cycle("ideal_cycles", *seconds))
    }

    pub(super) fn patched(&self, patch: &MachinePatch) -> Result<Option<Self>, Rejection> {
        let mut machine = self.clone();
        set(&mut machine.name, patch.name.as_ref());
        set(&mut machine.output, patch.output.as_ref());
        set(&mut machine.ideal_cycle_s, patch.ideal_cycle_s.as_ref());
        match &patch.ideal_cycles {
            None => {}
            Some(None) => machine.ideal_cycles.clear(),
            Some(Some(cycles)) => {
                for (article, seconds) in cycles {
                    match seconds {
                        Some(seconds) => drop(machine.ideal_cycles.insert(article.clone(), *seconds)),
                        None => drop(machine.ideal_cycles.remove(article)),
                    }
                }
            }
        }
        next_version!(self, machine)
    }
}

fn check_cycle(field: &'static str, seconds: f64) -> Result<(), Rejection> {
    if !seconds.is_finite() || seconds <= 0.0 {
        return Err(Rejection::invalid(field, "must be a finite number of seconds, more than 0"));
    }
    Ok(())
}
