//! The state of a tenant and how each event changes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Article, LineEntry, Machine, SiteCalendar, SiteEntry, TenantEvent};
use crate::alert::AlertRule;
use crate::ids::{ArticleCode, LineCode, MachineCode, RuleCode, SiteCode};

/// Everything a tenant's stream says. Articles are shared, so that a site can keep them beside its commands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TenantState {
    sites: BTreeMap<SiteCode, SiteEntry>,
    articles: BTreeMap<ArticleCode, Arc<Article>>,
    rules: BTreeMap<RuleCode, AlertRule>,
}

impl TenantState {
    /// A site with its lines.
    pub fn site(&self, site: &SiteCode) -> Option<&SiteEntry> {
        self.sites.get(site)
    }

    /// Every site, by code.
    pub fn sites(&self) -> impl Iterator<Item = &SiteEntry> {
        self.sites.values()
    }

    /// A line with its machines.
    pub fn line(&self, site: &SiteCode, line: &LineCode) -> Option<&LineEntry> {
        self.sites.get(site)?.lines.get(line)
    }

    /// A machine.
    pub fn machine(&self, site: &SiteCode, line: &LineCode, machine: &MachineCode) -> Option<&Machine> {
        self.line(site, line)?.machines.get(machine)
    }

    /// An article.
    pub fn article(&self, code: &ArticleCode) -> Option<&Arc<Article>> {
        self.articles.get(code)
    }

    /// Every article, by code.
    pub fn articles(&self) -> impl Iterator<Item = &Arc<Article>> {
        self.articles.values()
    }

    /// An alert rule.
    pub fn rule(&self, code: &RuleCode) -> Option<&AlertRule> {
        self.rules.get(code)
    }

    /// Every alert rule, by code.
    pub fn rules(&self) -> impl Iterator<Item = &AlertRule> {
        self.rules.values()
    }

    fn line_mut(&mut self, site: &SiteCode, line: &LineCode) -> Option<&mut LineEntry> {
        self.sites.get_mut(site)?.lines.get_mut(line)
    }
}

/// Changes the state as the event says. Never fails: what an event names and the state lacks is left alone.
pub fn apply(state: &mut TenantState, event: &TenantEvent) {
    use TenantEvent as E;
    match event {
        E::SiteAdded { site } | E::SiteChanged { site } => {
            let empty = || SiteEntry { site: site.clone(), calendar: None, lines: BTreeMap::new() };
            state.sites.entry(site.code.clone()).or_insert_with(empty).site = site.clone();
        }
        E::SiteRemoved { site } => {
            state.sites.remove(site);
        }
        E::CalendarSet { site, calendar, version } => {
            if let Some(entry) = state.sites.get_mut(site) {
                entry.calendar = Some(SiteCalendar { calendar: calendar.clone(), version: *version });
            }
        }
        E::LineAdded { site, line } | E::LineChanged { site, line } => {
            if let Some(entry) = state.sites.get_mut(site) {
                let empty = || LineEntry { line: line.clone(), machines: BTreeMap::new() };
                entry.lines.entry(line.code.clone()).or_insert_with(empty).line = line.clone();
            }
        }
        E::LineRemoved { site, line } => {
            if let Some(entry) = state.sites.get_mut(site) {
                entry.lines.remove(line);
            }
        }
        E::MachineAdded { site, line, machine } | E::MachineChanged { site, line, machine } => {
            if let Some(entry) = state.line_mut(site, line) {
                entry.machines.insert(machine.code.clone(), machine.clone());
            }
        }
        E::MachineRemoved { site, line, machine } => {
            if let Some(entry) = state.line_mut(site, line) {
                entry.machines.remove(machine);
            }
        }
        E::ArticleAdded { article } | E::ArticleChanged { article } => {
            state.articles.insert(article.code.clone(), Arc::new(article.clone()));
        }
        E::ArticleRemoved { article } => {
            state.articles.remove(article);
        }
        E::RuleAdded { rule } | E::RuleChanged { rule } => {
            state.rules.insert(rule.code.clone(), rule.clone());
        }
        E::RuleRemoved { rule } => {
            state.rules.remove(rule);
        }
    }
}
