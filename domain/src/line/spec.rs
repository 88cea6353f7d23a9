//! What a line is told of itself by its tenant's directory: configuration, not history.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::alert::AlertRule;
use crate::ids::{LineAddress, MachineCode};

/// A line as the directory describes it.
#[derive(Clone, Debug)]
pub struct LineSpec {
    /// Where it is.
    pub address: LineAddress,
    /// Its name.
    pub name: String,
    /// The site's time zone: shifts follow it.
    pub zone: TimeZone,
    /// Its machines.
    pub machines: BTreeMap<MachineCode, MachineSpec>,
    /// The alert rules that may concern it.
    pub rules: Vec<AlertRule>,
}

/// A machine as the directory describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct MachineSpec {
    /// Its name.
    pub name: String,
    /// Whether its good count is marked as the line's output.
    pub output: bool,
    /// Planned run time per item, in seconds.
    pub ideal_cycle_s: Option<f64>,
}

impl LineSpec {
    /// The machine whose good count is the line's output: the one marked, or the only one.
    pub fn output_machine(&self) -> Option<&MachineCode> {
        let marked = self.machines.iter().find(|(_, spec)| spec.output).map(|(code, _)| code);
        let only = (self.machines.len() == 1).then(|| self.machines.keys().next()).flatten();
        marked.or(only)
    }

    /// The rules that watch a machine of this line.
    pub fn rules_of<'a>(&'a self, machine: &'a MachineCode) -> impl Iterator<Item = &'a AlertRule> {
        self.rules.iter().filter(move |rule| rule.matches(&self.address.site, &self.address.line, machine))
    }
}
