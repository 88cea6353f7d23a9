//! What a tenant is asked to do: add, change and remove what its directory holds.

use serde::{Deserialize, Serialize};

use super::{ArticlePatch, LinePatch, MachinePatch, NewArticle, NewLine, NewMachine, NewSite, SitePatch};
use crate::alert::Condition;
use crate::calendar::Calendar;
use crate::ids::{ArticleCode, LineCode, MachineCode, RuleCode, SiteCode};
use crate::patch::clearable;
use crate::vocabulary::Severity;

/// What a tenant is asked to do. `expected_version` is the version that the caller saw, if it says so.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are the address of the object and what to do with it")]
pub enum TenantCommand {
    /// A new site.
    AddSite(NewSite),
    /// Change a site.
    PatchSite { site: SiteCode, patch: SitePatch, expected_version: Option<u64> },
    /// Remove a site that has no lines.
    RemoveSite { site: SiteCode, expected_version: Option<u64> },
    /// Another calendar for a site.
    SetCalendar { site: SiteCode, calendar: Calendar, expected_version: Option<u64> },
    /// A new line.
    AddLine { site: SiteCode, line: NewLine },
    /// Change a line.
    PatchLine { site: SiteCode, line: LineCode, patch: LinePatch, expected_version: Option<u64> },
    /// Remove a line and its machines.
    RemoveLine { site: SiteCode, line: LineCode, expected_version: Option<u64> },
    /// A new machine.
    AddMachine { site: SiteCode, line: LineCode, machine: NewMachine },
    /// Change a machine.
    PatchMachine {
        site: SiteCode,
        line: LineCode,
        machine: MachineCode,
        patch: MachinePatch,
        expected_version: Option<u64>,
    },
    /// Remove a machine.
    RemoveMachine { site: SiteCode, line: LineCode, machine: MachineCode, expected_version: Option<u64> },
    /// A new article.
    AddArticle(NewArticle),
    /// Change an article; its unit only while it has no movements.
    PatchArticle {
        article: ArticleCode,
        patch: ArticlePatch,
        has_movements: bool,
        expected_version: Option<u64>,
    },
    /// Remove an article that has no movements.
    RemoveArticle { article: ArticleCode, has_movements: bool, expected_version: Option<u64> },
    /// A new alert rule.
    AddRule(NewAlertRule),
    /// Change an alert rule.
    PatchRule { rule: RuleCode, patch: RulePatch, expected_version: Option<u64> },
    /// Remove an alert rule.
    RemoveRule { rule: RuleCode, expected_version: Option<u64> },
}

/// An alert rule to be created.
#[derive(Clone, Debug, PartialEq)]
pub struct NewAlertRule {
    /// Its code.
    pub code: RuleCode,
    /// The condition.
    pub condition: Condition,
    /// How urgent its alerts are.
    pub severity: Severity,
    /// Only this site.
    pub site: Option<SiteCode>,
    /// Only lines with this code.
    pub line: Option<LineCode>,
    /// Only machines with this code.
    pub machine: Option<MachineCode>,
}

/// A change of an alert rule; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RulePatch {
    /// Another condition, whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Another severity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Another site, or every one.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "clearable")]
    pub site: Option<Option<SiteCode>>,
    /// Another line, or every one.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "clearable")]
    pub line: Option<Option<LineCode>>,
    /// Another machine, or every one.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "clearable")]
    pub machine: Option<Option<MachineCode>>,
}
