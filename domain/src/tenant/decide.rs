//! What a tenant answers to a command: events, or a refusal that changes nothing.

use std::sync::Arc;

use super::{
    Article, ArticlePatch, Line, LineEntry, Machine, MachinePatch, NewAlertRule, NewMachine, RulePatch, Site,
    SiteEntry, TenantCommand, TenantEvent as E, TenantState,
};
use crate::alert::AlertRule;
use crate::calendar::Calendar;
use crate::ids::{ArticleCode, LineCode, MachineCode, RuleCode, SiteCode};
use crate::patch::{check_version, set};
use crate::{Code, Rejection, Timestamp};

/// Decides a command at this instant; no events if everything is already as the command wants it.
pub fn decide(state: &TenantState, command: TenantCommand, _now: Timestamp) -> Result<Vec<E>, Rejection> {
    use TenantCommand as C;
    match command {
        C::AddSite(new) => {
            check_free(state.site(&new.code).is_some(), "site", new.code.as_str())?;
            Ok(vec![E::SiteAdded { site: Site::new(new)? }])
        }
        C::PatchSite { site, patch, expected_version } => {
            let found = &find_site(state, &site)?.site;
            check_version(found.version, expected_version)?;
            Ok(found.patched(&patch)?.map(|site| E::SiteChanged { site }).into_iter().collect())
        }
        C::RemoveSite { site, expected_version } => {
            let found = find_site(state, &site)?;
            check_version(found.site.version, expected_version)?;
            remove_site(found)
        }
        C::SetCalendar { site, calendar, expected_version } => {
            let found = find_site(state, &site)?;
            check_version(found.calendar_version(), expected_version)?;
            set_calendar(found, calendar)
        }
        C::AddLine { site, line } => {
            check_free(find_site(state, &site)?.lines.contains_key(&line.code), "line", line.code.as_str())?;
            Ok(vec![E::LineAdded { site, line: Line::new(line)? }])
        }
        C::PatchLine { site, line, patch, expected_version } => {
            let found = &find_line(state, &site, &line)?.line;
            check_version(found.version, expected_version)?;
            Ok(found.patched(&patch)?.map(|line| E::LineChanged { site, line }).into_iter().collect())
        }
        C::RemoveLine { site, line, expected_version } => {
            check_version(find_line(state, &site, &line)?.line.version, expected_version)?;
            Ok(vec![E::LineRemoved { site, line }])
        }
        C::AddMachine { site, line, machine } => add_machine(state, site, line, machine),
        C::PatchMachine { site, line, machine, patch, expected_version } => {
            let entry = find_line(state, &site, &line)?;
            let found = find_machine(entry, &machine)?;
            check_version(found.version, expected_version)?;
            let changed = patch_machine(entry, found, &patch)?;
            Ok(changed.map(|machine| E::MachineChanged { site, line, machine }).into_iter().collect())
        }
        C::RemoveMachine { site, line, machine, expected_version } => {
            let entry = find_line(state, &site, &line)?;
            check_version(find_machine(entry, &machine)?.version, expected_version)?;
            Ok(vec![E::MachineRemoved { site, line, machine }])
        }
        C::AddArticle(new) => {
            check_free(state.article(&new.code).is_some(), "article", new.code.as_str())?;
            Ok(vec![E::ArticleAdded { article: new.into_article()? }])
        }
        C::PatchArticle { article, patch, has_movements, expected_version } => {
            let found = find_article(state, &article)?;
            check_version(found.version, expected_version)?;
            patch_article(found, &patch, has_movements)
        }
        C::RemoveArticle { article, has_movements, expected_version } => {
            check_version(find_article(state, &article)?.version, expected_version)?;
            remove_article(article, has_movements)
        }
        C::AddRule(new) => {
            check_free(state.rule(&new.code).is_some(), "alert rule", new.code.as_str())?;
            Ok(vec![E::RuleAdded { rule: new_rule(state, new)? }])
        }
        C::PatchRule { rule, patch, expected_version } => {
            let found = find_rule(state, &rule)?;
            check_version(found.version, expected_version)?;
            patch_rule(state, found, patch)
        }
        C::RemoveRule { rule, expected_version } => {
            check_version(find_rule(state, &rule)?.version, expected_version)?;
            Ok(vec![E::RuleRemoved { rule }])
        }
    }
}

fn check_free(taken: bool, what: &str, code: &str) -> Result<(), Rejection> {
    if taken {
        return Err(Rejection::new(
            Code::AlreadyExists,
            Some("code"),
            format!("{what} {code} exists already"),
        ));
    }
    Ok(())
}

fn in_use(detail: String) -> Rejection {
    Rejection::new(Code::InUse, None, detail)
}

fn find_site<'a>(state: &'a TenantState, site: &SiteCode) -> Result<&'a SiteEntry, Rejection> {
    state
        .site(site)
        .ok_or_else(|| Rejection::new(Code::UnknownSite, Some("site"), format!("there is no site {site}")))
}

fn find_line<'a>(
    state: &'a TenantState,
    site: &SiteCode,
    line: &LineCode,
) -> Result<&'a LineEntry, Rejection> {
    find_site(state, site)?.lines.get(line).ok_or_else(|| {
        Rejection::new(Code::UnknownLine, Some("line"), format!("there is no line {line} in site {site}"))
    })
}

fn find_machine<'a>(entry: &'a LineEntry, machine: &MachineCode) -> Result<&'a Machine, Rejection> {
    entry.machines.get(machine).ok_or_else(|| {
        Rejection::new(
            Code::UnknownMachine,
            Some("machine"),
            format!("there is no machine {machine} on line {}", entry.line.code),
        )
    })
}

fn find_article<'a>(state: &'a TenantState, code: &ArticleCode) -> Result<&'a Article, Rejection> {
    state.article(code).map(AsRef::as_ref).ok_or_else(|| {
        Rejection::new(Code::UnknownArticle, Some("article"), format!("there is no article {code}"))
    })
}

fn find_rule<'a>(state: &'a TenantState, code: &RuleCode) -> Result<&'a AlertRule, Rejection> {
    state.rule(code).ok_or_else(|| {
        Rejection::new(Code::UnknownRule, Some("code"), format!("there is no alert rule {code}"))
    })
}

fn remove_site(found: &SiteEntry) -> Result<Vec<E>, Rejection> {
    let site = found.site.code.clone();
    if !found.lines.is_empty() {
        return Err(in_use(format!("site {site} has {} lines", found.lines.len())));
    }
    Ok(vec![E::SiteRemoved { site }])
}

/// A calendar may speak of lines that the site has; one that is removed later is of no consequence.
fn set_calendar(found: &SiteEntry, calendar: Calendar) -> Result<Vec<E>, Rejection> {
    calendar.check()?;
    let named = calendar.planned_stops.iter().filter_map(|stop| stop.line.as_ref());
    if let Some(unknown) = named.into_iter().find(|line| !found.lines.contains_key(*line)) {
        let detail = format!("there is no line {unknown} in site {}", found.site.code);
        return Err(Rejection::new(Code::UnknownLine, Some("planned_stops"), detail));
    }
    if found.calendar.is_some() && *found.plan().calendar == calendar {
        return Ok(Vec::new());
    }
    let (site, version) = (found.site.code.clone(), found.calendar_version() + 1);
    Ok(vec![E::CalendarSet { site, calendar: Arc::new(calendar), version }])
}

fn remove_article(article: ArticleCode, has_movements: bool) -> Result<Vec<E>, Rejection> {
    if has_movements {
        return Err(in_use(format!("article {article} has stock movements")));
    }
    Ok(vec![E::ArticleRemoved { article }])
}

fn add_machine(
    state: &TenantState,
    site: SiteCode,
    line: LineCode,
    new: NewMachine,
) -> Result<Vec<E>, Rejection> {
    let entry = find_line(state, &site, &line)?;
    check_free(entry.machines.contains_key(&new.code), "machine", new.code.as_str())?;
    let machine = Machine::new(new)?;
    check_output(entry, &machine)?;
    Ok(vec![E::MachineAdded { site, line, machine }])
}

fn patch_machine(
    entry: &LineEntry,
    found: &Machine,
    patch: &MachinePatch,
) -> Result<Option<Machine>, Rejection> {
    let changed = found.patched(patch)?;
    changed.as_ref().map_or(Ok(()), |machine| check_output(entry, machine))?;
    Ok(changed)
}

/// A line has one output at most: the mark is taken from the other machine first.
fn check_output(entry: &LineEntry, machine: &Machine) -> Result<(), Rejection> {
    let other = entry.machines.values().find(|other| other.output && other.code != machine.code);
    match other {
        Some(other) if machine.output => Err(Rejection::invalid(
            "output",
            format!("machine {} is the output of the line already", other.code),
        )),
        _ => Ok(()),
    }
}

fn patch_article(found: &Article, patch: &ArticlePatch, has_movements: bool) -> Result<Vec<E>, Rejection> {
    let Some(article) = found.patched(patch)? else {
        return Ok(Vec::new());
    };
    if article.unit != found.unit && has_movements {
        return Err(in_use(format!("article {} has stock movements in {}", found.code, found.unit)));
    }
    Ok(vec![E::ArticleChanged { article }])
}

fn new_rule(state: &TenantState, new: NewAlertRule) -> Result<AlertRule, Rejection> {
    let NewAlertRule { code, condition, severity, site, line, machine } = new;
    let rule = AlertRule { code, condition, severity, site, line, machine, version: 1 };
    check_rule(state, &rule)?;
    Ok(rule)
}

fn patch_rule(state: &TenantState, found: &AlertRule, patch: RulePatch) -> Result<Vec<E>, Rejection> {
    let mut rule = found.clone();
    set(&mut rule.condition, patch.condition.as_ref());
    set(&mut rule.severity, patch.severity.as_ref());
    set(&mut rule.site, patch.site.as_ref());
    set(&mut rule.line, patch.line.as_ref());
    set(&mut rule.machine, patch.machine.as_ref());
    if rule == *found {
        return Ok(Vec::new());
    }
    check_rule(state, &rule)?;
    rule.version += 1;
    Ok(vec![E::RuleChanged { rule }])
}

/// Checks the condition, and the place as far as it is named from the site down.
fn check_rule(state: &TenantState, rule: &AlertRule) -> Result<(), Rejection> {
    rule.condition.check()?;
    let Some(site) = &rule.site else {
        return Ok(());
    };
    find_site(state, site)?;
    let Some(line) = &rule.line else {
        return Ok(());
    };
    let entry = find_line(state, site, line)?;
    rule.machine.as_ref().map_or(Ok(()), |machine| find_machine(entry, machine).map(drop))
}
