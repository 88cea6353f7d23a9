//! The one table of who may do what.

use actors::ports::Role;

use crate::auth::Principal;
use crate::problem::Problem;

/// What can be done over REST, named as the audit trail names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the table below says what each is")]
pub enum Action {
    Read,
    SiteWrite,
    LineWrite,
    CalendarWrite,
    DeviceManage,
    ArticleWrite,
    OrderPlan,
    OrderExecute,
    StockWrite,
    Ingest,
    AlertAck,
    StopWrite,
    RuleWrite,
    DeadLetterRead,
    DeadLetterResolve,
    MessageWatch,
    QuarantineRead,
    QuarantineRelease,
    UserManage,
    AuditRead,
    SessionEnd,
}

use Role::{Admin, Operator, Planner, Storekeeper, Supervisor, Viewer};

/// Every role.
pub(crate) const EVERYBODY: &[Role] = &[Viewer, Operator, Storekeeper, Planner, Supervisor, Admin];

impl Action {
    /// Every action, for tests and documentation.
    pub const ALL: [Self; 21] = [
        Self::Read,
        Self::SiteWrite,
        Self::LineWrite,
        Self::CalendarWrite,
        Self::DeviceManage,
        Self::ArticleWrite,
        Self::OrderPlan,
        Self::OrderExecute,
        Self::StockWrite,
        Self::Ingest,
        Self::AlertAck,
        Self::StopWrite,
        Self::RuleWrite,
        Self::DeadLetterRead,
        Self::DeadLetterResolve,
        Self::MessageWatch,
        Self::QuarantineRead,
        Self::QuarantineRelease,
        Self::UserManage,
        Self::AuditRead,
        Self::SessionEnd,
    ];

    /// The roles that may do it.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Read | Self::SessionEnd => EVERYBODY,
            Self::SiteWrite | Self::LineWrite | Self::DeviceManage | Self::UserManage | Self::AuditRead => {
                &[Admin]
            }
            Self::ArticleWrite => &[Planner, Admin],
            Self::OrderPlan | Self::CalendarWrite => &[Planner, Supervisor, Admin],
            Self::OrderExecute => &[Operator, Supervisor, Admin],
            Self::StockWrite => &[Storekeeper, Supervisor, Admin],
            Self::Ingest => &[Operator, Storekeeper, Supervisor, Admin],
            Self::AlertAck | Self::StopWrite => &[Operator, Supervisor, Admin],
            Self::RuleWrite
            | Self::DeadLetterRead
            | Self::DeadLetterResolve
            | Self::MessageWatch
            | Self::QuarantineRead
            | Self::QuarantineRelease => &[Supervisor, Admin],
        }
    }

    /// Whether it concerns the whole tenant, so that a user limited to sites may not do it.
    pub fn is_tenant_wide(self) -> bool {
        matches!(self, Self::SiteWrite | Self::ArticleWrite | Self::UserManage | Self::AuditRead)
    }
}

/// Whether the caller may do this; site limits of single objects are checked where the object is found.
pub(crate) fn authorize(principal: &Principal, action: Action) -> Result<(), Problem> {
    let reaches = principal.sites.is_none() || !action.is_tenant_wide();
    if principal.has_any(action.roles()) && reaches { Ok(()) } else { Err(Problem::forbidden()) }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn with(role: Role, sites: Option<&str>) -> Principal {
        let tenant: domain::ids::TenantCode = "acme".parse().unwrap();
        Principal {
            id: Uuid::nil(),
            email: "a@b.c".to_owned(),
            name: "A".to_owned(),
            tenants: vec![tenant.clone()],
            tenant,
            roles: vec![role],
            sites: sites.map(|site| vec![site.parse().unwrap()]),
            session: Uuid::nil(),
            expires_at: Timestamp::default(),
        }
    }

    fn allowed(role: Role) -> Vec<Action> {
        Action::ALL.into_iter().filter(|action| authorize(&with(role, None), *action).is_ok()).collect()
    }

    #[test]
    fn each_role_does_its_work_and_no_more() {
        use Action as A;
        assert_eq!(allowed(Viewer), [A::Read, A::SessionEnd]);
        assert_eq!(
            allowed(Operator),
            [A::Read, A::OrderExecute, A::Ingest, A::AlertAck, A::StopWrite, A::SessionEnd]
        );
        assert_eq!(allowed(Storekeeper), [A::Read, A::StockWrite, A::Ingest, A::SessionEnd]);
        assert_eq!(
            allowed(Planner),
            [A::Read, A::CalendarWrite, A::ArticleWrite, A::OrderPlan, A::SessionEnd]
        );
        assert_eq!(allowed(Admin), A::ALL);
        assert!(!allowed(Supervisor).contains(&A::UserManage));
        assert!(!allowed(Supervisor).contains(&A::SiteWrite));
    }

    #[test]
    fn a_user_limited_to_sites_leaves_the_tenant_alone() {
        let limited = with(Admin, Some("linz"));
        for action in Action::ALL {
            assert_eq!(authorize(&limited, action).is_ok(), !action.is_tenant_wide(), "{action:?}");
        }
        assert!(limited.sees(&"linz".parse().unwrap()));
        assert!(!limited.sees(&"graz".parse().unwrap()));
    }
}
