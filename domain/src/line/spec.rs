//! What a line is told of itself by its tenant's directory: configuration, not history.

use std::collections::BTreeMap;

use crate::alert::AlertRule;
use crate::calendar::Plan;
use crate::ids::{ArticleCode, LineAddress, MachineCode, ReasonCode};
use crate::tenant::Reason;

/// A line as the directory describes it.
#[derive(Clone, Debug)]
pub struct LineSpec {
    /// Where it is.
    pub address: LineAddress,
    /// Its name.
    pub name: String,
    /// Why its machines stand, for people to choose from; with none, any reason will do.
    pub reasons: Vec<Reason>,
    /// The overall equipment effectiveness that it should reach, as a ratio.
    pub oee_target: Option<f64>,
    /// When the site works: shifts and figures follow it.
    pub plan: Plan,
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
    /// The same for items of some articles.
    pub ideal_cycles: BTreeMap<ArticleCode, f64>,
}

impl LineSpec {
    /// The machine whose good count is the line's output: the one marked, or the only one.
    pub fn output_machine(&self) -> Option<&MachineCode> {
        let marked = self.machines.iter().find(|(_, spec)| spec.output).map(|(code, _)| code);
        let only = (self.machines.len() == 1).then(|| self.machines.keys().next()).flatten();
        marked.or(only)
    }

    /// The planned run time per item of a machine, in seconds: the article's, else the machine's own.
    pub fn ideal_cycle_s(&self, machine: &MachineCode, article: Option<&ArticleCode>) -> Option<f64> {
        let machine = self.machines.get(machine)?;
        let of_article = article.and_then(|article| machine.ideal_cycles.get(article)).copied();
        of_article.or(machine.ideal_cycle_s)
    }

    /// What people of this line call a reason.
    pub fn reason_name(&self, code: &ReasonCode) -> Option<&str> {
        self.reasons.iter().find(|reason| reason.code == *code).map(|reason| reason.name.as_str())
    }

    /// The rules that watch a machine of this line.
    pub fn rules_of<'a>(&'a self, machine: &'a MachineCode) -> impl Iterator<Item = &'a AlertRule> {
        self.rules.iter().filter(move |rule| rule.matches(&self.address.site, &self.address.line, machine))
    }
}
