//! `/alert-rules`: when to raise an alert.

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hub::HubHandle;
use domain::alert::{AlertRule, Condition, MeasureLimit};
use domain::ids::{LineCode, MachineCode, MetricName, RuleCode, SiteCode};
use domain::tenant::{NewAlertRule, TenantCommand, TenantState};
use domain::vocabulary::Severity;
use domain::{Code, Rejection};
use serde::{Deserialize, Serialize};

use super::reply;
use crate::auth::Caller;
use crate::authorize::Action;
use crate::extract::{JsonBody, Query, if_match, location, segment};
use crate::problem::Problem;

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    DownLongerThan,
    MeasureAbove,
    MeasureBelow,
}

/// The fields of every kind together; which of them a rule may have, its kind decides.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleBody {
    code: RuleCode,
    kind: Kind,
    severity: Severity,
    #[serde(default)]
    site: Option<SiteCode>,
    #[serde(default)]
    line: Option<LineCode>,
    #[serde(default)]
    machine: Option<MachineCode>,
    #[serde(default)]
    duration_s: Option<u32>,
    #[serde(default)]
    metric: Option<MetricName>,
    #[serde(default)]
    limit: Option<f64>,
    #[serde(default)]
    deadband: Option<f64>,
    #[serde(default)]
    on_delay_s: Option<u32>,
}

#[derive(Serialize)]
struct RuleView<'a> {
    code: &'a RuleCode,
    kind: Kind,
    severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<&'a SiteCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<&'a LineCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    machine: Option<&'a MachineCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_s: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric: Option<&'a MetricName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deadband: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_delay_s: Option<u32>,
}

fn view(rule: &AlertRule) -> RuleView<'_> {
    let (kind, duration_s, limit) = match &rule.condition {
        Condition::DownLongerThan { duration_s } => (Kind::DownLongerThan, Some(*duration_s), None),
        Condition::MeasureAbove(limit) => (Kind::MeasureAbove, None, Some(limit)),
        Condition::MeasureBelow(limit) => (Kind::MeasureBelow, None, Some(limit)),
    };
    RuleView {
        code: &rule.code,
        kind,
        severity: rule.severity,
        site: rule.site.as_ref(),
        line: rule.line.as_ref(),
        machine: rule.machine.as_ref(),
        duration_s,
        metric: limit.map(|limit| &limit.metric),
        limit: limit.map(|limit| limit.limit),
        deadband: limit.map(|limit| limit.deadband),
        on_delay_s: limit.map(|limit| limit.on_delay_s),
    }
}

fn required<T>(field: &'static str, value: Option<T>) -> Result<T, Problem> {
    value.ok_or_else(|| Problem::invalid(field, "is required for this kind"))
}

/// Refuses the fields that belong to other kinds.
fn absent(fields: &[(&'static str, bool)]) -> Result<(), Problem> {
    match fields.iter().find(|(_, given)| *given) {
        Some((field, _)) => {
            Err(Problem::field(Code::UnknownField.as_str(), *field, "is not a field of this kind"))
        }
        None => Ok(()),
    }
}

fn condition(body: &RuleBody) -> Result<Condition, Problem> {
    if body.kind == Kind::DownLongerThan {
        absent(&[
            ("metric", body.metric.is_some()),
            ("limit", body.limit.is_some()),
            ("deadband", body.deadband.is_some()),
            ("on_delay_s", body.on_delay_s.is_some()),
        ])?;
        return Ok(Condition::DownLongerThan { duration_s: required("duration_s", body.duration_s)? });
    }
    absent(&[("duration_s", body.duration_s.is_some())])?;
    let limit = MeasureLimit {
        metric: required("metric", body.metric.clone())?,
        limit: required("limit", body.limit)?,
        deadband: body.deadband.unwrap_or(0.0),
        on_delay_s: body.on_delay_s.unwrap_or(0),
    };
    Ok(match body.kind {
        Kind::MeasureBelow => Condition::MeasureBelow(limit),
        Kind::MeasureAbove | Kind::DownLongerThan => Condition::MeasureAbove(limit),
    })
}

/// Rules of every site are shown to everybody; only who is not limited to sites may change them.
fn may_change(caller: &Caller, site: Option<&SiteCode>) -> Result<(), Problem> {
    match (&caller.sites, site) {
        (None, _) => Ok(()),
        (Some(sites), Some(site)) if sites.contains(site) => Ok(()),
        (Some(_), _) => Err(Problem::forbidden()),
    }
}

fn is_visible(caller: &Caller, rule: &AlertRule) -> bool {
    rule.site.as_ref().is_none_or(|site| caller.sees(site))
}

fn find<'a>(state: &'a TenantState, caller: &Caller, code: &RuleCode) -> Result<&'a AlertRule, Problem> {
    state.rule(code).filter(|rule| is_visible(caller, rule)).ok_or_else(|| {
        Rejection::new(Code::UnknownRule, Some("code"), format!("there is no alert rule {code}")).into()
    })
}

pub(super) async fn list(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&req)?;
    let page = query.page()?;
    query.finish()?;
    let state = hub.directory(&caller.tenant).await?;
    let visible = state.rules().filter(|rule| is_visible(&caller, rule));
    let page = reply::page_of(visible, |rule| rule.code.as_str(), &page)?;
    Ok(reply::list(page, view))
}

pub(super) async fn create(
    req: HttpRequest,
    caller: Caller,
    JsonBody(body): JsonBody<RuleBody>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::RuleWrite, "rules.create", body.code.as_str())?;
    let condition = condition(&body)?;
    let RuleBody { code, severity, site, line, machine, .. } = body;
    if let Some(site) = site.as_ref().filter(|site| !caller.sees(site)) {
        tracing::debug!(%site, "a rule names a site that its author does not see");
        return Err(Problem::unknown_reference(Code::UnknownSite, "site"));
    }
    may_change(&caller, site.as_ref())?;
    let new = NewAlertRule { code: code.clone(), condition, severity, site, line, machine };
    let state = hub
        .tenant_command(&caller.tenant, TenantCommand::AddRule(new))
        .await
        .map_err(reply::refused(&["site", "line", "machine"]))?;
    let rule = find(&state, &caller, &code)?;
    Ok(reply::created(&view(rule), location(&["alert-rules", code.as_str()]), Some(rule.version)))
}

pub(super) async fn get(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    Query::none(&req)?;
    let code: RuleCode = segment(&req, "code")?;
    let state = hub.directory(&caller.tenant).await?;
    let rule = find(&state, &caller, &code)?;
    Ok(reply::object(&view(rule), rule.version))
}

pub(super) async fn remove(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let rule: RuleCode = segment(&req, "code")?;
    caller.may(&req, Action::RuleWrite, "rules.remove", rule.as_str())?;
    let state = hub.directory(&caller.tenant).await?;
    may_change(&caller, find(&state, &caller, &rule)?.site.as_ref())?;
    let command = TenantCommand::RemoveRule { rule, expected_version: if_match(&req)? };
    hub.tenant_command(&caller.tenant, command).await?;
    Ok(HttpResponse::NoContent().finish())
}
