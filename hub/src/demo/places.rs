//! What of the demo plant is missing is made, by the commands that people use too.

use std::collections::BTreeMap;

use actors::ports::{Membership, Role, Store};
use actors::{CommandError, HubHandle};
use domain::alert::Condition;
use domain::ids::{ArticleCode, LineCode, SiteCode, TenantCode};
use domain::message::StockMessage;
use domain::tenant::{
    LinePatch, Machine, MachinePatch, NewAlertRule, NewArticle, NewLine, NewMachine, NewSite, Reason,
    TenantCommand, TenantState,
};
use domain::vocabulary::MovementKind;

use super::plan::{LinePlan, MachinePlan, Plan, RulePlan, SitePlan};
use crate::accounts::{self, Account};

/// Who books what nobody booked by hand.
pub(super) const BOOKED_BY: &str = "demo";
/// The password of every user of the demo.
pub(super) const PASSWORD: &str = "demo";
/// Address, name and role of the users.
pub(super) const USERS: [(&str, &str, Role); 3] = [
    ("supervisor@demo.local", "Sophie Martin", Role::Supervisor),
    ("operator@demo.local", "Omar Benali", Role::Operator),
    ("admin@demo.local", "Anne Dubois", Role::Admin),
];

/// A plan that is being made true in a hub.
pub(super) struct Builder<'h> {
    pub(super) hub: &'h HubHandle,
    pub(super) tenant: &'h TenantCode,
    pub(super) plan: &'h Plan,
    /// How many times faster everything happens than the plan says.
    pub(super) speed: f64,
}

impl Builder<'_> {
    /// Makes what is missing: tenant, users, sites, lines, machines, articles and stock.
    pub(super) async fn prepare(&self) -> anyhow::Result<()> {
        self.prepare_accounts().await?;
        let directory = self.hub.directory(self.tenant).await?;
        for site in &self.plan.sites {
            self.prepare_site(&directory, site).await?;
        }
        self.prepare_articles(&directory).await?;
        for site in &self.plan.sites {
            self.prepare_stock(site).await?;
        }
        Ok(())
    }

    async fn prepare_accounts(&self) -> anyhow::Result<()> {
        let (store, tenant): (&dyn Store, _) = (self.hub.store().as_ref(), self.tenant);
        if !accounts::has_tenant(store, tenant).await? {
            accounts::create_tenant(store, tenant, &self.plan.tenant_name).await?;
        }
        for (email, name, role) in USERS {
            if accounts::find_user(store, email).await?.is_none() {
                let membership = Membership { tenant: tenant.clone(), roles: vec![role], sites: None };
                let account = Account { email, name, membership };
                let now = self.hub.clock().now();
                accounts::create_user_unchecked(store, account, PASSWORD.to_owned(), now).await?;
            }
        }
        Ok(())
    }

    async fn tell(&self, command: TenantCommand) -> Result<(), CommandError> {
        self.hub.tenant_command(self.tenant, command).await.map(drop)
    }

    async fn prepare_site(&self, directory: &TenantState, site: &SitePlan) -> anyhow::Result<()> {
        if directory.site(&site.code).is_none() {
            let new = NewSite {
                code: site.code.clone(),
                name: site.name.clone(),
                time_zone: site.time_zone.clone(),
            };
            self.tell(TenantCommand::AddSite(new)).await?;
        }
        if directory.site(&site.code).is_none_or(|known| known.calendar.is_none()) {
            let calendar = site.calendar();
            let site = site.code.clone();
            self.tell(TenantCommand::SetCalendar { site, calendar, expected_version: None }).await?;
        }
        for line in &site.lines {
            self.prepare_line(directory, &site.code, line).await?;
        }
        Ok(())
    }

    async fn prepare_line(
        &self,
        directory: &TenantState,
        site: &SiteCode,
        line: &LinePlan,
    ) -> anyhow::Result<()> {
        match directory.line(site, &line.code) {
            None => {
                let new = NewLine {
                    code: line.code.clone(),
                    name: line.name.clone(),
                    reasons: self.reasons(line)?,
                    oee_target: line.oee_target,
                };
                self.tell(TenantCommand::AddLine { site: site.clone(), line: new }).await?;
            }
            // A line of an earlier version of the demo; what people have set is theirs.
            Some(known) if known.line.reasons.is_empty() && known.line.oee_target.is_none() => {
                let patch = LinePatch {
                    reasons: Some(Some(self.reasons(line)?)),
                    oee_target: Some(line.oee_target),
                    ..LinePatch::default()
                };
                let (site, line) = (site.clone(), line.code.clone());
                self.tell(TenantCommand::PatchLine { site, line, patch, expected_version: None }).await?;
            }
            Some(_) => {}
        }
        for machine in &line.machines {
            let known = directory.machine(site, &line.code, &machine.code);
            self.prepare_machine(known, site, &line.code, machine).await?;
        }
        Ok(())
    }

    fn reasons(&self, line: &LinePlan) -> anyhow::Result<Vec<Reason>> {
        let reason = |code: &_| Ok(Reason { name: self.plan.reason_name(code)?, code: code.clone() });
        line.reasons.iter().map(reason).collect()
    }

    /// A machine's cycle times are those of the speed that the demo runs at.
    async fn prepare_machine(
        &self,
        known: Option<&Machine>,
        site: &SiteCode,
        line: &LineCode,
        machine: &MachinePlan,
    ) -> anyhow::Result<()> {
        let (site, line) = (site.clone(), line.clone());
        let ideal_cycle_s = machine.ideal_cycle_s.map(|seconds| seconds / self.speed);
        let scaled = |(article, seconds): (&ArticleCode, &f64)| (article.clone(), seconds / self.speed);
        let ideal_cycles: BTreeMap<_, _> = machine.ideal_cycles.iter().map(scaled).collect();
        match known {
            None => {
                let machine = NewMachine {
                    code: machine.code.clone(),
                    name: machine.name.clone(),
                    output: machine.output,
                    ideal_cycle_s,
                    ideal_cycles,
                };
                self.tell(TenantCommand::AddMachine { site, line, machine }).await?;
            }
            Some(known) if known.ideal_cycle_s != ideal_cycle_s || known.ideal_cycles != ideal_cycles => {
                let cycles = ideal_cycles.into_iter().map(|(article, seconds)| (article, Some(seconds)));
                let patch = MachinePatch {
                    ideal_cycle_s: Some(ideal_cycle_s),
                    ideal_cycles: Some(Some(cycles.collect())),
                    ..MachinePatch::default()
                };
                let machine = machine.code.clone();
                let command =
                    TenantCommand::PatchMachine { site, line, machine, patch, expected_version: None };
                self.tell(command).await?;
            }
            Some(_) => {}
        }
        Ok(())
    }

    async fn prepare_articles(&self, directory: &TenantState) -> anyhow::Result<()> {
        for article in &self.plan.articles {
            if directory.article(&article.code).is_some() {
                continue;
            }
            let new = NewArticle {
                code: article.code.clone(),
                designation: article.designation.clone(),
                unit: article.unit.clone(),
                category: Some(article.category.clone()),
                price: Some(article.price),
                minimum: article.minimum,
                allow_negative: false,
                metadata: None,
            };
            self.tell(TenantCommand::AddArticle(new)).await?;
        }
        Ok(())
    }

    /// Makes the rules that are missing. Not before the past is told: a machine that was down last night is
    /// not down too long now.
    pub(super) async fn prepare_rules(&self) -> anyhow::Result<()> {
        let directory = self.hub.directory(self.tenant).await?;
        for RulePlan { code, severity, site, line, condition } in &self.plan.rules {
            if directory.rule(code).is_some() {
                continue;
            }
            let rule = NewAlertRule {
                code: code.clone(),
                condition: self.at_speed(condition.clone()),
                severity: *severity,
                site: site.clone(),
                line: line.clone(),
                machine: None,
            };
            self.tell(TenantCommand::AddRule(rule)).await?;
        }
        Ok(())
    }

    fn at_speed(&self, condition: Condition) -> Condition {
        match condition {
            Condition::DownLongerThan { duration_s } => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "held between 1 and what it was times ten at the most"
                )]
                let duration_s = (f64::from(duration_s) / self.speed).max(1.0) as u32;
                Condition::DownLongerThan { duration_s }
            }
            other => other,
        }
    }

    /// Books what lies in store, all of it or nothing, unless something was booked before.
    async fn prepare_stock(&self, site: &SitePlan) -> anyhow::Result<()> {
        let mut movements = Vec::new();
        for stock in &site.stock {
            if self.hub.store().article_has_movements(self.tenant, &stock.article).await? {
                continue;
            }
            let message = StockMessage {
                kind: MovementKind::Receive,
                article: stock.article.clone(),
                quantity: stock.quantity,
                unit: None,
                lot: stock.lot.clone(),
                location: Some(stock.location.clone()),
                to_location: None,
                order: None,
            };
            movements.push((message, None));
        }
        if !movements.is_empty() {
            self.hub.move_stock(&site.address(self.tenant), movements, BOOKED_BY).await?;
        }
        Ok(())
    }
}
