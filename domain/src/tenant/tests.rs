//! Properties of a tenant under any sequence of commands, and the rules of its directory.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::alert::{Condition, MeasureLimit};
use crate::ids::{ArticleCode, LineCode, MachineCode, RuleCode, SiteCode};
use crate::vocabulary::Severity;
use crate::{Code, Quantity, Rejection, Timestamp};

fn site(n: usize) -> SiteCode {
    format!("site-{n}").parse().unwrap()
}

fn line(n: usize) -> LineCode {
    format!("line-{n}").parse().unwrap()
}

fn machine(n: usize) -> MachineCode {
    format!("machine-{n}").parse().unwrap()
}

fn article(n: usize) -> ArticleCode {
    format!("ARTICLE {n}").parse().unwrap()
}

fn rule(n: usize) -> RuleCode {
    format!("rule-{n}").parse().unwrap()
}

fn new_site(n: usize) -> NewSite {
    let time_zone = TimeZoneName::parse("Europe/Paris").unwrap();
    NewSite { code: site(n), name: format!("Site {n}"), time_zone }
}

fn new_machine(n: usize, output: bool) -> NewMachine {
    NewMachine {
        code: machine(n),
        name: format!("Machine {n}"),
        output,
        ideal_cycle_s: Some(1.5),
        ideal_cycles: [(article(n), 2.5)].into(),
    }
}

fn new_line(n: usize) -> NewLine {
    NewLine { code: line(n), name: "Line".to_owned(), reasons: Vec::new(), oee_target: None }
}

fn new_article(n: usize) -> NewArticle {
    NewArticle {
        code: article(n),
        designation: format!("Article {n}"),
        unit: "kg".parse().unwrap(),
        category: None,
        price: Some("12.50".parse().unwrap()),
        minimum: None,
        allow_negative: false,
        metadata: Some(json!({"grade": "S235"})),
    }
}

fn new_rule(n: usize, condition: Condition) -> NewAlertRule {
    NewAlertRule { code: rule(n), condition, severity: Severity::High, site: None, line: None, machine: None }
}

fn hot(limit: f64) -> Condition {
    Condition::MeasureAbove(MeasureLimit {
        metric: "temp".parse().unwrap(),
        limit,
        deadband: 0.5,
        on_delay_s: 3,
    })
}

fn any_command() -> impl Strategy<Value = TenantCommand> {
    use TenantCommand as C;
    let version = prop::option::of(1u64..3);
    (0usize..17, (0usize..2, 0usize..2, 0usize..3), any::<bool>(), version).prop_map(
        |(what, (s, l, m), flag, expected_version)| {
            let name = Some(format!("Name {flag}"));
            match what {
                0 | 1 => C::AddSite(new_site(s)),
                2 => {
                    let patch = SitePatch { name, time_zone: None };
                    C::PatchSite { site: site(s), patch, expected_version }
                }
                3 => C::RemoveSite { site: site(s), expected_version },
                4 | 5 => C::AddLine { site: site(s), line: new_line(l) },
                6 => {
                    let patch = LinePatch { name, oee_target: Some(flag.then_some(0.8)), reasons: None };
                    C::PatchLine { site: site(s), line: line(l), patch, expected_version }
                }
                7 => C::RemoveLine { site: site(s), line: line(l), expected_version },
                8 | 9 => C::AddMachine { site: site(s), line: line(l), machine: new_machine(m, flag) },
                10 => {
                    let ideal_cycle_s = flag.then_some(None);
                    let ideal_cycles = (l == 0).then(|| Some([(article(m), flag.then_some(4.5))].into()));
                    let patch = MachinePatch { name: None, output: Some(flag), ideal_cycle_s, ideal_cycles };
                    C::PatchMachine {
                        site: site(s),
                        line: line(l),
                        machine: machine(m),
                        patch,
                        expected_version,
                    }
                }
                11 => {
                    C::RemoveMachine { site: site(s), line: line(l), machine: machine(m), expected_version }
                }
                12 => C::AddArticle(new_article(m)),
                13 => {
                    let unit = flag.then(|| "pcs".parse().unwrap());
                    let metadata = Some((!flag).then(|| json!({"grade": null, "heat": m})));
                    let patch = ArticlePatch { unit, metadata, ..ArticlePatch::default() };
                    C::PatchArticle { article: article(m), patch, has_movements: l == 0, expected_version }
                }
                14 => C::RemoveArticle { article: article(m), has_movements: flag, expected_version },
                15 => C::AddRule(new_rule(m, hot(m as f64))),
                _ if flag => C::RemoveRule { rule: rule(m), expected_version },
                _ => {
                    let patch = RulePatch { site: Some(Some(site(s))), ..RulePatch::default() };
                    C::PatchRule { rule: rule(m), patch, expected_version }
                }
            }
        },
    )
}

/// A tenant with its log.
#[derive(Default)]
struct Tenant {
    state: TenantState,
    log: Vec<TenantEvent>,
}

impl Tenant {
    fn tell(&mut self, command: TenantCommand) -> Result<usize, Rejection> {
        let events = decide(&self.state, command, Timestamp::default())?;
        for event in &events {
            apply(&mut self.state, event);
        }
        self.log.extend_from_slice(&events);
        Ok(events.len())
    }

    fn refuse(&mut self, command: TenantCommand) -> Code {
        self.tell(command).unwrap_err().code
    }
}

proptest! {
    #[test]
    fn any_history_replays_and_round_trips(commands in prop::collection::vec(any_command(), 1..80)) {
        let mut tenant = Tenant::default();
        for command in commands {
            let before = tenant.state.clone();
            if tenant.tell(command).is_err() {
                prop_assert_eq!(&tenant.state, &before);
            }
            for line in tenant.state.sites().flat_map(|entry| entry.lines.values()) {
                prop_assert!(line.machines.values().filter(|machine| machine.output).count() <= 1);
            }
        }
        let mut replayed = TenantState::default();
        for event in &tenant.log {
            let json = serde_json::to_value(event).unwrap();
            prop_assert_eq!(&json["kind"], event.kind());
            let stored: TenantEvent = serde_json::from_value(json).unwrap();
            prop_assert_eq!(&stored, event);
            apply(&mut replayed, &stored);
        }
        prop_assert_eq!(&replayed, &tenant.state);
        let json = serde_json::to_string(&tenant.state).unwrap();
        prop_assert_eq!(serde_json::from_str::<TenantState>(&json).unwrap(), tenant.state);
    }
}

#[test]
fn a_directory_is_added_from_the_top_and_removed_from_the_bottom() {
    use TenantCommand as C;
    let mut tenant = Tenant::default();
    let add_line = || C::AddLine { site: site(0), line: new_line(0) };
    let add_machine =
        |n, output| C::AddMachine { site: site(0), line: line(0), machine: new_machine(n, output) };
    assert_eq!(tenant.refuse(add_line()), Code::UnknownSite);
    tenant.tell(C::AddSite(new_site(0))).unwrap();
    assert_eq!(tenant.refuse(C::AddSite(new_site(0))), Code::AlreadyExists);
    assert_eq!(tenant.refuse(add_machine(0, false)), Code::UnknownLine);
    tenant.tell(add_line()).unwrap();
    tenant.tell(add_machine(0, false)).unwrap();
    let output = |tenant: &Tenant| {
        tenant.state.line(&site(0), &line(0)).unwrap().output_machine().map(|machine| machine.code.clone())
    };
    assert_eq!(output(&tenant), Some(machine(0)));
    tenant.tell(add_machine(1, false)).unwrap();
    assert_eq!(output(&tenant), None);
    tenant.tell(add_machine(2, true)).unwrap();
    assert_eq!(output(&tenant), Some(machine(2)));
    assert_eq!(tenant.refuse(add_machine(3, true)), Code::InvalidField);
    let mut idle = new_machine(3, false);
    idle.ideal_cycle_s = Some(0.0);
    assert_eq!(
        tenant.refuse(C::AddMachine { site: site(0), line: line(0), machine: idle }),
        Code::InvalidField
    );
    let remove_site = || C::RemoveSite { site: site(0), expected_version: None };
    assert_eq!(tenant.refuse(remove_site()), Code::InUse);
    let remove_line = |expected_version| C::RemoveLine { site: site(0), line: line(0), expected_version };
    assert_eq!(tenant.refuse(remove_line(Some(2))), Code::PreconditionFailed);
    tenant.tell(remove_line(Some(1))).unwrap();
    tenant.tell(remove_site()).unwrap();
    assert_eq!(tenant.state, TenantState::default());
}

#[test]
fn lines_have_reasons_and_a_target_and_machines_a_cycle_for_each_article() {
    use TenantCommand as C;
    let mut tenant = Tenant::default();
    let reason = |n: usize| Reason { code: format!("r-{n}").parse().unwrap(), name: format!("Reason {n}") };
    tenant.tell(C::AddSite(new_site(0))).unwrap();
    let refused_changes: [fn(&mut NewLine); 5] = [
        |line| line.oee_target = Some(0.0),
        |line| line.oee_target = Some(1.01),
        |line| line.oee_target = Some(f64::NAN),
        |line| line.reasons[1].code = line.reasons[0].code.clone(),
        |line| line.reasons[0].name = "x".repeat(101),
    ];
    let filled =
        |count| NewLine { reasons: (0..count).map(reason).collect(), oee_target: Some(1.0), ..new_line(0) };
    for change in refused_changes {
        let mut refused = filled(20);
        change(&mut refused);
        assert_eq!(tenant.refuse(C::AddLine { site: site(0), line: refused }), Code::InvalidField);
    }
    assert_eq!(tenant.refuse(C::AddLine { site: site(0), line: filled(21) }), Code::InvalidField);
    tenant.tell(C::AddLine { site: site(0), line: filled(20) }).unwrap();
    let patch = |json: serde_json::Value| C::PatchLine {
        site: site(0),
        line: line(0),
        patch: serde_json::from_value(json).unwrap(),
        expected_version: None,
    };
    let reasons = json!([{"code": "jam", "name": "Jam"}, {"code": "blade", "name": "Blade change"}]);
    tenant.tell(patch(json!({"reasons": reasons}))).unwrap();
    let found =
        |tenant: &Tenant| serde_json::to_value(&tenant.state.line(&site(0), &line(0)).unwrap().line).unwrap();
    assert_eq!((&found(&tenant)["reasons"], &found(&tenant)["oee_target"]), (&reasons, &json!(1.0)));
    tenant.tell(patch(json!({"reasons": null, "oee_target": null}))).unwrap();
    assert_eq!(found(&tenant), json!({"code": "line-0", "name": "Line", "version": 3}));

    tenant.tell(C::AddMachine { site: site(0), line: line(0), machine: new_machine(0, true) }).unwrap();
    let patch = |json: serde_json::Value| C::PatchMachine {
        site: site(0),
        line: line(0),
        machine: machine(0),
        patch: serde_json::from_value(json).unwrap(),
        expected_version: None,
    };
    let many: serde_json::Map<_, _> = (0..201).map(|n| (format!("A{n}"), json!(1.0))).collect();
    for refused in [json!({"A": 0}), json!({"A": -1.5}), many.into()] {
        assert_eq!(tenant.refuse(patch(json!({"ideal_cycles": refused}))), Code::InvalidField);
    }
    tenant.tell(patch(json!({"ideal_cycles": {"A": 3.5, "B": 4, "ARTICLE 0": null}}))).unwrap();
    let cycles =
        |tenant: &Tenant| tenant.state.machine(&site(0), &line(0), &machine(0)).unwrap().ideal_cycles.clone();
    assert_eq!(serde_json::to_value(cycles(&tenant)).unwrap(), json!({"A": 3.5, "B": 4.0}));
    tenant.tell(patch(json!({"ideal_cycles": null}))).unwrap();
    assert!(cycles(&tenant).is_empty());
}

#[test]
fn articles_are_checked() {
    use TenantCommand as C;
    let mut tenant = Tenant::default();
    let refused_changes: [fn(&mut NewArticle); 7] = [
        |article| article.designation = "x".repeat(256),
        |article| article.price = Some("-1".parse().unwrap()),
        |article| article.price = Some("1.001".parse().unwrap()),
        |article| article.price = Some("10000000000".parse().unwrap()),
        |article| article.minimum = Some("-0.001".parse().unwrap()),
        |article| article.metadata = Some(json!([])),
        |article| article.metadata = Some(json!({"text": "x".repeat(16 * 1024)})),
    ];
    for change in refused_changes {
        let mut refused = new_article(0);
        change(&mut refused);
        assert_eq!(tenant.refuse(C::AddArticle(refused)), Code::InvalidField);
    }
    tenant.tell(C::AddArticle(new_article(0))).unwrap();
    let patch = |json: serde_json::Value, has_movements, expected_version| C::PatchArticle {
        article: article(0),
        patch: serde_json::from_value(json).unwrap(),
        has_movements,
        expected_version,
    };
    assert_eq!(tenant.refuse(patch(json!({"unit": "pcs"}), true, None)), Code::InUse);
    assert_eq!(tenant.refuse(patch(json!({"price": 1}), true, Some(2))), Code::PreconditionFailed);
    assert_eq!(tenant.tell(patch(json!({"price": "12.5"}), true, Some(1))).unwrap(), 0);
    let change = json!({"price": null, "minimum": "7", "metadata": {"grade": null, "heat": {"from": 1}}});
    tenant.tell(patch(change, true, Some(1))).unwrap();
    let found = tenant.state.article(&article(0)).unwrap();
    assert_eq!((found.price, found.minimum, found.version), (None, Some(Quantity::from_units(7)), 2));
    assert_eq!(found.metadata, Some(json!({"heat": {"from": 1}})));
    let remove =
        |has_movements| C::RemoveArticle { article: article(0), has_movements, expected_version: None };
    assert_eq!(tenant.refuse(remove(true)), Code::InUse);
    tenant.tell(remove(false)).unwrap();
    assert_eq!(tenant.refuse(remove(false)), Code::UnknownArticle);
}

#[test]
fn rules_watch_places_that_exist() {
    use TenantCommand as C;
    let mut tenant = Tenant::default();
    assert_eq!(tenant.refuse(C::AddRule(new_rule(0, hot(f64::NAN)))), Code::InvalidField);
    let elsewhere = NewAlertRule { site: Some(site(0)), ..new_rule(0, hot(80.0)) };
    assert_eq!(tenant.refuse(C::AddRule(elsewhere.clone())), Code::UnknownSite);
    tenant.tell(C::AddSite(new_site(0))).unwrap();
    tenant.tell(C::AddRule(elsewhere)).unwrap();
    let patch = |condition| C::PatchRule {
        rule: rule(0),
        patch: RulePatch { condition: Some(condition), ..RulePatch::default() },
        expected_version: None,
    };
    assert_eq!(tenant.refuse(patch(Condition::DownLongerThan { duration_s: 0 })), Code::InvalidField);
    tenant.tell(patch(Condition::DownLongerThan { duration_s: 60 })).unwrap();
    assert_eq!(tenant.state.rule(&rule(0)).unwrap().version, 2);
}

#[test]
fn time_zones_come_from_the_database_that_is_built_in() {
    assert_eq!(TimeZoneName::parse("Europe/Paris").unwrap().zone().iana_name(), Some("Europe/Paris"));
    for unknown in ["", "Mars/Olympus", "+01:00", "../etc/passwd"] {
        assert!(TimeZoneName::parse(unknown).is_err(), "{unknown}");
    }
}
