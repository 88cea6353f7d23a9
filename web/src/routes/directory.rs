//! `/sites`, their lines and the lines' machines.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hub::HubHandle;
use domain::ids::{ArticleCode, LineCode, MachineCode, SiteCode};
use domain::tenant::{
    Line, LineEntry, LinePatch, Machine, MachinePatch, NewLine, NewMachine, NewSite, Reason, Site, SiteEntry,
    SitePatch, TenantCommand, TenantState, TimeZoneName,
};
use domain::{Code, Rejection};
use serde::{Deserialize, Serialize};

use super::reply;
use crate::auth::{Caller, unknown_site};
use crate::authorize::Action;
use crate::extract::{JsonBody, Query, if_match, location, segment};
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteBody {
    code: SiteCode,
    name: String,
    time_zone: TimeZoneName,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineBody {
    code: LineCode,
    name: String,
    #[serde(default)]
    reasons: Vec<Reason>,
    #[serde(default)]
    oee_target: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MachineBody {
    code: MachineCode,
    name: String,
    #[serde(default)]
    output: bool,
    #[serde(default)]
    ideal_cycle_s: Option<f64>,
    #[serde(default)]
    ideal_cycles: BTreeMap<ArticleCode, f64>,
}

#[derive(Serialize)]
struct SiteView<'a> {
    code: &'a SiteCode,
    name: &'a str,
    time_zone: &'a str,
}

#[derive(Serialize)]
struct LineView<'a> {
    code: &'a LineCode,
    name: &'a str,
    reasons: &'a [Reason],
    #[serde(skip_serializing_if = "Option::is_none")]
    oee_target: Option<f64>,
}

#[derive(Serialize)]
struct MachineView<'a> {
    code: &'a MachineCode,
    name: &'a str,
    output: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ideal_cycle_s: Option<f64>,
    ideal_cycles: &'a BTreeMap<ArticleCode, f64>,
}

fn site_view(site: &Site) -> SiteView<'_> {
    SiteView { code: &site.code, name: &site.name, time_zone: site.time_zone.as_str() }
}

fn line_view(line: &Line) -> LineView<'_> {
    LineView { code: &line.code, name: &line.name, reasons: &line.reasons, oee_target: line.oee_target }
}

fn machine_view(machine: &Machine) -> MachineView<'_> {
    MachineView {
        code: &machine.code,
        name: &machine.name,
        output: machine.output,
        ideal_cycle_s: machine.ideal_cycle_s,
        ideal_cycles: &machine.ideal_cycles,
    }
}

/// A site of the directory; the answer for one that is not there.
pub(super) fn find_site<'a>(state: &'a TenantState, site: &SiteCode) -> Result<&'a SiteEntry, Problem> {
    state.site(site).ok_or_else(|| unknown_site(site))
}

/// A line of the directory; the answer for one that is not there.
pub(super) fn find_line<'a>(
    state: &'a TenantState,
    site: &SiteCode,
    line: &LineCode,
) -> Result<&'a LineEntry, Problem> {
    find_site(state, site)?.lines.get(line).ok_or_else(|| {
        let detail = format!("there is no line {line} in site {site}");
        Rejection::new(Code::UnknownLine, Some("line"), detail).into()
    })
}

fn find_machine<'a>(entry: &'a LineEntry, machine: &MachineCode) -> Result<&'a Machine, Problem> {
    entry.machines.get(machine).ok_or_else(|| {
        let detail = format!("there is no machine {machine} on line {}", entry.line.code);
        Rejection::new(Code::UnknownMachine, Some("machine"), detail).into()
    })
}

pub(super) async fn sites(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&req)?;
    let page = query.page()?;
    query.finish()?;
    let state = hub.directory(&caller.tenant).await?;
    let visible = state.sites().filter(|entry| caller.sees(&entry.site.code));
    let page = reply::page_of(visible, |entry| entry.site.code.as_str(), &page)?;
    Ok(reply::list(page, |entry| site_view(&entry.site)))
}

pub(super) async fn add_site(
    req: HttpRequest,
    caller: Caller,
    JsonBody(body): JsonBody<SiteBody>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::SiteWrite, "sites.create", body.code.as_str())?;
    let SiteBody { code, name, time_zone } = body;
    let new = NewSite { code: code.clone(), name, time_zone };
    let state = hub.tenant_command(&caller.tenant, TenantCommand::AddSite(new)).await?;
    let site = &find_site(&state, &code)?.site;
    Ok(reply::created(&site_view(site), location(&["sites", code.as_str()]), Some(site.version)))
}

pub(super) async fn site(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    Query::none(&req)?;
    let address = caller.site_in(&req)?;
    let state = hub.directory(&caller.tenant).await?;
    let site = &find_site(&state, &address.site)?.site;
    Ok(reply::object(&site_view(site), site.version))
}

pub(super) async fn patch_site(
    req: HttpRequest,
    caller: Caller,
    JsonBody(patch): JsonBody<SitePatch>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let site = caller.site_in(&req)?.site;
    caller.may(&req, Action::SiteWrite, "sites.change", site.as_str())?;
    let command = TenantCommand::PatchSite { site: site.clone(), patch, expected_version: if_match(&req)? };
    let state = hub.tenant_command(&caller.tenant, command).await?;
    let site = &find_site(&state, &site)?.site;
    Ok(reply::object(&site_view(site), site.version))
}

pub(super) async fn remove_site(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let site = caller.site_in(&req)?.site;
    caller.may(&req, Action::SiteWrite, "sites.remove", site.as_str())?;
    let command = TenantCommand::RemoveSite { site, expected_version: if_match(&req)? };
    hub.tenant_command(&caller.tenant, command).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(super) async fn lines(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let site = caller.site_in(&req)?.site;
    let mut query = Query::of(&req)?;
    let page = query.page()?;
    query.finish()?;
    let state = hub.directory(&caller.tenant).await?;
    let lines = find_site(&state, &site)?.lines.values();
    let page = reply::page_of(lines, |entry| entry.line.code.as_str(), &page)?;
    Ok(reply::list(page, |entry| line_view(&entry.line)))
}

pub(super) async fn add_line(
    req: HttpRequest,
    caller: Caller,
    JsonBody(body): JsonBody<LineBody>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let site = caller.site_in(&req)?.site;
    let LineBody { code, name, reasons, oee_target } = body;
    caller.may(&req, Action::LineWrite, "lines.create", format!("{site}/{code}"))?;
    let line = NewLine { code: code.clone(), name, reasons, oee_target };
    let state =
        hub.tenant_command(&caller.tenant, TenantCommand::AddLine { site: site.clone(), line }).await?;
    let line = &find_line(&state, &site, &code)?.line;
    let place = location(&["sites", site.as_str(), "lines", code.as_str()]);
    Ok(reply::created(&line_view(line), place, Some(line.version)))
}

pub(super) async fn line(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    Query::none(&req)?;
    let address = caller.line_in(&req)?;
    let state = hub.directory(&caller.tenant).await?;
    let line = &find_line(&state, &address.site, &address.line)?.line;
    Ok(reply::object(&line_view(line), line.version))
}

pub(super) async fn patch_line(
    req: HttpRequest,
    caller: Caller,
    JsonBody(patch): JsonBody<LinePatch>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let address = caller.line_in(&req)?;
    caller.may(&req, Action::LineWrite, "lines.change", address.to_string())?;
    let (site, line) = (address.site, address.line);
    let command = TenantCommand::PatchLine {
        site: site.clone(),
        line: line.clone(),
        patch,
        expected_version: if_match(&req)?,
    };
    let state = hub.tenant_command(&caller.tenant, command).await?;
    let line = &find_line(&state, &site, &line)?.line;
    Ok(reply::object(&line_view(line), line.version))
}

pub(super) async fn remove_line(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let address = caller.line_in(&req)?;
    caller.may(&req, Action::LineWrite, "lines.remove", address.to_string())?;
    let (site, line) = (address.site, address.line);
    let command = TenantCommand::RemoveLine { site, line, expected_version: if_match(&req)? };
    hub.tenant_command(&caller.tenant, command).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(super) async fn machines(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let address = caller.line_in(&req)?;
    let mut query = Query::of(&req)?;
    let page = query.page()?;
    query.finish()?;
    let state = hub.directory(&caller.tenant).await?;
    let machines = find_line(&state, &address.site, &address.line)?.machines.values();
    let page = reply::page_of(machines, |machine| machine.code.as_str(), &page)?;
    Ok(reply::list(page, machine_view))
}

pub(super) async fn add_machine(
    req: HttpRequest,
    caller: Caller,
    JsonBody(body): JsonBody<MachineBody>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let address = caller.line_in(&req)?;
    let MachineBody { code, name, output, ideal_cycle_s, ideal_cycles } = body;
    caller.may(&req, Action::LineWrite, "machines.create", format!("{address}/{code}"))?;
    let (site, line) = (address.site, address.line);
    let machine = NewMachine { code: code.clone(), name, output, ideal_cycle_s, ideal_cycles };
    let command = TenantCommand::AddMachine { site: site.clone(), line: line.clone(), machine };
    let state = hub.tenant_command(&caller.tenant, command).await?;
    let machine = find_machine(find_line(&state, &site, &line)?, &code)?;
    let place = location(&["sites", site.as_str(), "lines", line.as_str(), "machines", code.as_str()]);
    Ok(reply::created(&machine_view(machine), place, Some(machine.version)))
}

pub(super) async fn machine(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    Query::none(&req)?;
    let address = caller.line_in(&req)?;
    let code: MachineCode = segment(&req, "machine")?;
    let state = hub.directory(&caller.tenant).await?;
    let machine = find_machine(find_line(&state, &address.site, &address.line)?, &code)?;
    Ok(reply::object(&machine_view(machine), machine.version))
}

pub(super) async fn patch_machine(
    req: HttpRequest,
    caller: Caller,
    JsonBody(patch): JsonBody<MachinePatch>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let address = caller.line_in(&req)?;
    let machine: MachineCode = segment(&req, "machine")?;
    caller.may(&req, Action::LineWrite, "machines.change", format!("{address}/{machine}"))?;
    let (site, line) = (address.site, address.line);
    let command = TenantCommand::PatchMachine {
        site: site.clone(),
        line: line.clone(),
        machine: machine.clone(),
        patch,
        expected_version: if_match(&req)?,
    };
    let state = hub.tenant_command(&caller.tenant, command).await?;
    let machine = find_machine(find_line(&state, &site, &line)?, &machine)?;
    Ok(reply::object(&machine_view(machine), machine.version))
}

pub(super) async fn remove_machine(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let address = caller.line_in(&req)?;
    let machine: MachineCode = segment(&req, "machine")?;
    caller.may(&req, Action::LineWrite, "machines.remove", format!("{address}/{machine}"))?;
    let (site, line) = (address.site, address.line);
    let command = TenantCommand::RemoveMachine { site, line, machine, expected_version: if_match(&req)? };
    hub.tenant_command(&caller.tenant, command).await?;
    Ok(HttpResponse::NoContent().finish())
}
