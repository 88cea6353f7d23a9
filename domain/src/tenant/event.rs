//! What happened in a tenant's directory, as it is stored for ever. A change carries the whole object.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Article, Line, Machine, Site};
use crate::alert::AlertRule;
use crate::calendar::Calendar;
use crate::ids::{ArticleCode, LineCode, MachineCode, RuleCode, SiteCode};

/// What happened in a tenant's directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the address of the object and the object as it is now")]
pub enum TenantEvent {
    /// A site was added.
    SiteAdded { site: Site },
    /// A site was changed.
    SiteChanged { site: Site },
    /// A site was removed.
    SiteRemoved { site: SiteCode },
    /// A site's calendar was set; `version` counts how often, from 1.
    CalendarSet { site: SiteCode, calendar: Arc<Calendar>, version: u64 },
    /// A line was added.
    LineAdded { site: SiteCode, line: Line },
    /// A line was changed.
    LineChanged { site: SiteCode, line: Line },
    /// A line and its machines were removed.
    LineRemoved { site: SiteCode, line: LineCode },
    /// A machine was added.
    MachineAdded { site: SiteCode, line: LineCode, machine: Machine },
    /// A machine was changed.
    MachineChanged { site: SiteCode, line: LineCode, machine: Machine },
    /// A machine was removed.
    MachineRemoved { site: SiteCode, line: LineCode, machine: MachineCode },
    /// An article was added.
    ArticleAdded { article: Article },
    /// An article was changed.
    ArticleChanged { article: Article },
    /// An article was removed.
    ArticleRemoved { article: ArticleCode },
    /// An alert rule was added.
    RuleAdded { rule: AlertRule },
    /// An alert rule was changed.
    RuleChanged { rule: AlertRule },
    /// An alert rule was removed.
    RuleRemoved { rule: RuleCode },
}

impl TenantEvent {
    /// The event's `kind`, as it is stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::SiteAdded { .. } => "site_added",
            Self::SiteChanged { .. } => "site_changed",
            Self::SiteRemoved { .. } => "site_removed",
            Self::CalendarSet { .. } => "calendar_set",
            Self::LineAdded { .. } => "line_added",
            Self::LineChanged { .. } => "line_changed",
            Self::LineRemoved { .. } => "line_removed",
            Self::MachineAdded { .. } => "machine_added",
            Self::MachineChanged { .. } => "machine_changed",
            Self::MachineRemoved { .. } => "machine_removed",
            Self::ArticleAdded { .. } => "article_added",
            Self::ArticleChanged { .. } => "article_changed",
            Self::ArticleRemoved { .. } => "article_removed",
            Self::RuleAdded { .. } => "rule_added",
            Self::RuleChanged { .. } => "rule_changed",
            Self::RuleRemoved { .. } => "rule_removed",
        }
    }
}
