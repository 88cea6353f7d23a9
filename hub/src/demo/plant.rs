//! The demo plant: what of it is missing is made, by the commands that people use too.

use actors::ports::{Membership, Role, Store};
use actors::{CommandError, HubHandle};
use domain::Quantity;
use domain::alert::{Condition, MeasureLimit};
use domain::ids::{LineCode, MachineCode, SiteAddress, TenantCode};
use domain::message::StockMessage;
use domain::tenant::{
    NewAlertRule, NewArticle, NewLine, NewMachine, NewSite, TenantCommand, TenantState, TimeZoneName,
};
use domain::vocabulary::{MovementKind, Severity};

use super::feeds::Feed;
use super::orders;
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

const TENANT_NAME: &str = "Acier du Nord";
const SITE_NAME: &str = "Acier du Nord, Dunkerque";
const TIME_ZONE: &str = "Europe/Paris";

const LINES: [(&str, &str); 3] =
    [("milling", "Milling"), ("turning", "Turning"), ("rolling", "Rolling mill")];

/// Code, name, whether it makes the line's output, and the shortest time of a part at the speed of the demo.
const MACHINES: [(&str, &str, bool, Option<f64>); 4] = [
    ("hurco-03", "Hurco VMX 03", true, Some(8.0)),
    ("hurco-06", "Hurco VMX 06", false, None),
    ("okuma-multus", "Okuma MULTUS U3000", true, Some(9.0)),
    ("mill-feeder", "Feeder of the mill", true, None),
];

struct DemoArticle {
    code: &'static str,
    designation: &'static str,
    unit: &'static str,
    category: &'static str,
    price: &'static str,
    minimum: Option<&'static str>,
}

const ARTICLES: [DemoArticle; 4] = [
    DemoArticle {
        code: orders::BRACKET,
        designation: "Bracket, milled, S355J2",
        unit: "pcs",
        category: "milled parts",
        price: "42.5",
        minimum: None,
    },
    DemoArticle {
        code: orders::SHAFT,
        designation: "Shaft, turned, 42CrMo4",
        unit: "pcs",
        category: "turned parts",
        price: "118",
        minimum: None,
    },
    DemoArticle {
        code: "PLT-20-S355",
        designation: "Plate 20 mm, S355J2",
        unit: "kg",
        category: "plate",
        price: "1.12",
        minimum: Some("8000"),
    },
    DemoArticle {
        code: "BAR-70-42CRMO4",
        designation: "Round bar 70 mm, 42CrMo4",
        unit: "kg",
        category: "bar",
        price: "1.95",
        minimum: Some("4000"),
    },
];

/// Article, quantity, lot and location of what lies in store when the demo begins.
const STOCK: [(&str, &str, &str, &str); 3] = [
    ("PLT-20-S355", "12400.5", "H24-0117", "plate-yard"),
    ("PLT-20-S355", "3150", "H24-0131", "plate-yard"),
    ("BAR-70-42CRMO4", "2875.25", "H24-0098", "bar-store"),
];

/// Makes what is missing: tenant, users, site, lines, machines, articles, rules, stock and orders.
pub(super) async fn prepare(hub: &HubHandle, feeds: &[Feed]) -> anyhow::Result<()> {
    let Some(site) = feeds.first().map(|feed| feed.line.site_address()) else { return Ok(()) };
    prepare_accounts(hub, &site.tenant).await?;
    let plant = Plant { hub, site };
    let directory = hub.directory(&plant.site.tenant).await?;
    plant.prepare_places(&directory, feeds).await?;
    plant.prepare_articles(&directory).await?;
    plant.prepare_rules(&directory).await?;
    plant.prepare_stock().await?;
    orders::prepare(hub, &plant.site).await?;
    Ok(())
}

async fn prepare_accounts(hub: &HubHandle, tenant: &TenantCode) -> anyhow::Result<()> {
    let store: &dyn Store = hub.store().as_ref();
    if !accounts::has_tenant(store, tenant).await? {
        accounts::create_tenant(store, tenant, TENANT_NAME).await?;
    }
    for (email, name, role) in USERS {
        if accounts::find_user(store, email).await?.is_none() {
            let membership = Membership { tenant: tenant.clone(), roles: vec![role], sites: None };
            let account = Account { email, name, membership };
            accounts::create_user_unchecked(store, account, PASSWORD.to_owned(), hub.clock().now()).await?;
        }
    }
    Ok(())
}

struct Plant<'h> {
    hub: &'h HubHandle,
    site: SiteAddress,
}

impl Plant<'_> {
    async fn tell(&self, command: TenantCommand) -> Result<(), CommandError> {
        self.hub.tenant_command(&self.site.tenant, command).await.map(drop)
    }

    async fn prepare_places(&self, directory: &TenantState, feeds: &[Feed]) -> anyhow::Result<()> {
        let site = self.site.site.clone();
        if directory.site(&site).is_none() {
            let time_zone = TimeZoneName::parse(TIME_ZONE)?;
            let new = NewSite { code: site.clone(), name: SITE_NAME.to_owned(), time_zone };
            self.tell(TenantCommand::AddSite(new)).await?;
        }
        for (code, name) in LINES {
            let code: LineCode = code.parse()?;
            if directory.line(&site, &code).is_none() {
                let line = NewLine { code, name: name.to_owned(), reasons: Vec::new(), oee_target: None };
                self.tell(TenantCommand::AddLine { site: site.clone(), line }).await?;
            }
        }
        for feed in feeds {
            let line = feed.line.line.clone();
            if directory.machine(&site, &line, &feed.machine).is_none() {
                let machine = new_machine(&feed.machine);
                self.tell(TenantCommand::AddMachine { site: site.clone(), line, machine }).await?;
            }
        }
        Ok(())
    }

    async fn prepare_articles(&self, directory: &TenantState) -> anyhow::Result<()> {
        for article in ARTICLES {
            let new = NewArticle {
                code: article.code.parse()?,
                designation: article.designation.to_owned(),
                unit: article.unit.parse()?,
                category: Some(article.category.to_owned()),
                price: Some(article.price.parse()?),
                minimum: article.minimum.map(str::parse).transpose()?,
                allow_negative: false,
                metadata: None,
            };
            if directory.article(&new.code).is_none() {
                self.tell(TenantCommand::AddArticle(new)).await?;
            }
        }
        Ok(())
    }

    /// Short times, because the demo runs many times faster than its machines did.
    async fn prepare_rules(&self, directory: &TenantState) -> anyhow::Result<()> {
        let above = |metric: &str, limit, deadband| -> anyhow::Result<Condition> {
            let limit = MeasureLimit { metric: metric.parse()?, limit, deadband, on_delay_s: 1 };
            Ok(Condition::MeasureAbove(limit))
        };
        let rules = [
            ("down-too-long", Condition::DownLongerThan { duration_s: 1 }, Severity::High, None),
            ("spindle-load", above("s1_load_pct", 60.0, 20.0)?, Severity::Medium, Some("turning")),
            ("power-peak", above("power_kw", 430.0, 60.0)?, Severity::Low, Some("rolling")),
        ];
        for (code, condition, severity, line) in rules {
            let line = line.map(str::parse).transpose()?;
            let site = Some(self.site.site.clone());
            let rule = NewAlertRule { code: code.parse()?, condition, severity, site, line, machine: None };
            if directory.rule(&rule.code).is_none() {
                self.tell(TenantCommand::AddRule(rule)).await?;
            }
        }
        Ok(())
    }

    /// Books what lies in store, all of it or nothing, unless something was booked before.
    async fn prepare_stock(&self) -> anyhow::Result<()> {
        let store = self.hub.store();
        let mut movements = Vec::new();
        for (article, quantity, lot, location) in STOCK {
            let article = article.parse()?;
            if store.article_has_movements(&self.site.tenant, &article).await? {
                continue;
            }
            let quantity: Quantity = quantity.parse()?;
            let message = StockMessage {
                kind: MovementKind::Receive,
                article,
                quantity,
                unit: None,
                lot: Some(lot.parse()?),
                location: Some(location.parse()?),
                to_location: None,
                order: None,
            };
            movements.push((message, None));
        }
        if !movements.is_empty() {
            self.hub.move_stock(&self.site, movements, BOOKED_BY).await?;
        }
        Ok(())
    }
}

fn new_machine(code: &MachineCode) -> NewMachine {
    let known = MACHINES.iter().find(|(known, ..)| *known == code.as_str());
    let (name, output, ideal_cycle_s) =
        known.map_or((code.as_str(), false, None), |(_, name, output, cycle)| (*name, *output, *cycle));
    NewMachine {
        code: code.clone(),
        name: name.to_owned(),
        output,
        ideal_cycle_s,
        ideal_cycles: Default::default(),
    }
}
