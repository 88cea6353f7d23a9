//! The stream of a tenant: its directory of sites, lines and machines, its articles and its alert rules.

mod article;
mod command;
mod decide;
mod directory;
mod event;
mod reasons;
mod state;
#[cfg(test)]
mod tests;

pub use article::{Article, ArticlePatch, NewArticle};
pub use command::{NewAlertRule, RulePatch, TenantCommand};
pub use decide::decide;
pub use directory::{
    Line, LineEntry, LinePatch, Machine, MachinePatch, NewLine, NewMachine, NewSite, Site, SiteCalendar,
    SiteEntry, SitePatch, TimeZoneName,
};
pub use event::TenantEvent;
pub use reasons::Reason;
pub use state::{TenantState, apply};
