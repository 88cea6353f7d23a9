//! `/devices`: credentials of machines, scanners and gateways. A token is shown once, when it is made.

use std::collections::HashSet;
use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use actors::clock::Clock;
use actors::credentials::{new_token, new_username, token_digest};
use actors::hub::HubHandle;
use actors::ports::{DeviceConnection, DeviceRecord, NewDevice, Store};
use domain::ids;
use domain::tenant::TenantState;
use domain::wire::scope::DeviceScope;
use domain::{Code, Timestamp};
use serde::{Deserialize, Serialize};

use super::reply;
use crate::auth::Caller;
use crate::authorize::Action;
use crate::extract::{JsonBody, Query, location, segment_text};
use crate::problem::Problem;

const MAX_NAME_CHARS: usize = 255;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDeviceBody {
    name: String,
    /// `site[/line[/machine]]`; the whole tenant without it.
    #[serde(default)]
    scope: String,
}

#[derive(Serialize)]
struct DeviceView {
    username: String,
    name: String,
    scope: String,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl From<DeviceRecord> for DeviceView {
    fn from(device: DeviceRecord) -> Self {
        Self {
            username: device.username,
            name: device.name,
            scope: device.scope.path(),
            created_at: device.created_at,
            revoked_at: device.revoked_at,
            token: None,
        }
    }
}

#[derive(Serialize)]
struct ConnectionView {
    client_id: String,
    protocol: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    peer: Option<String>,
    since: Timestamp,
}

/// A credential in the list: with what is known of the device that uses it.
#[derive(Serialize)]
struct LiveDeviceView {
    #[serde(flatten)]
    device: DeviceView,
    connected: bool,
    connections: Vec<ConnectionView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_message_at: Option<Timestamp>,
}

impl From<DeviceConnection> for ConnectionView {
    fn from(connection: DeviceConnection) -> Self {
        let DeviceConnection { client_id, protocol, peer, since } = connection;
        let peer = peer.map(|peer| peer.to_string());
        Self { client_id, protocol: protocol.as_str(), peer, since }
    }
}

/// A user limited to sites reaches only credentials within one of them.
fn reaches(caller: &Caller, scope: &DeviceScope) -> bool {
    caller.sites.is_none() || scope.site().is_some_and(|site| caller.sees(site))
}

fn check_scope(directory: &TenantState, scope: &DeviceScope) -> Result<(), Problem> {
    let unknown =
        |code: Code, what: &str| Err(Problem::field(code.as_str(), "scope", format!("there is no {what}")));
    let Some(site) = scope.site() else { return Ok(()) };
    if directory.site(site).is_none() {
        return unknown(Code::UnknownSite, &format!("site {site}"));
    }
    let Some(line) = scope.line() else { return Ok(()) };
    if directory.line(site, line).is_none() {
        return unknown(Code::UnknownLine, &format!("line {line} in site {site}"));
    }
    let Some(machine) = scope.machine() else { return Ok(()) };
    if directory.machine(site, line, machine).is_none() {
        return unknown(Code::UnknownMachine, &format!("machine {machine} on line {line}"));
    }
    Ok(())
}

pub(super) async fn create(
    req: HttpRequest,
    caller: Caller,
    JsonBody(body): JsonBody<NewDeviceBody>,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
    clock: web::Data<Arc<dyn Clock>>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::DeviceManage, "devices.create", crate::trail::clean(&body.name))?;
    let name = ids::name("name", &body.name, MAX_NAME_CHARS)?;
    let scope = DeviceScope::parse(caller.tenant.clone(), &body.scope)?;
    if !reaches(&caller, &scope) {
        return Err(Problem::forbidden());
    }
    check_scope(hub.directory(&caller.tenant).await?.as_ref(), &scope)?;
    let token = new_token();
    let device = NewDevice {
        username: new_username(&caller.tenant),
        token_sha256: token_digest(&token),
        name,
        scope,
        created_at: clock.now(),
    };
    store.create_device(&device).await?;
    crate::trail::tried(&req, "devices.create", device.username.clone());
    let place = location(&["devices", &device.username]);
    let view = DeviceView {
        username: device.username,
        name: device.name,
        scope: device.scope.path(),
        created_at: device.created_at,
        revoked_at: None,
        token: Some(token),
    };
    let mut answer = reply::created(&view, place, None);
    answer.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(answer)
}

pub(super) async fn list(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::DeviceManage, "devices.list", "devices")?;
    let mut query = Query::of(&req)?;
    let page = query.page()?;
    query.finish()?;
    let mut devices = store.devices(&caller.tenant).await?;
    devices.retain(|device| reaches(&caller, &device.scope));
    devices.sort_by(|a, b| a.username.cmp(&b.username));
    let page = reply::page_of(devices.into_iter(), |device| &device.username, &page)?;
    let usernames: HashSet<_> = page.items.iter().map(|device| device.username.as_str()).collect();
    let connections = hub.device_connections(&usernames);
    Ok(reply::list(page, |device| {
        let connections = connections.get(&device.username).cloned().unwrap_or_default();
        LiveDeviceView {
            last_message_at: hub.ingest().last_message_at(&device.username),
            device: device.into(),
            connected: !connections.is_empty(),
            connections: connections.into_iter().map(ConnectionView::from).collect(),
        }
    }))
}

/// The credential that the path names, if it is this tenant's, alive, and within reach of the caller.
async fn found(req: &HttpRequest, caller: &Caller, store: &Arc<dyn Store>) -> Result<DeviceRecord, Problem> {
    let username = segment_text(req, "username")?;
    let device = store.device(&username).await?;
    device
        .filter(|device| device.scope.tenant() == &caller.tenant && device.revoked_at.is_none())
        .filter(|device| reaches(caller, &device.scope))
        .ok_or_else(Problem::not_found)
}

pub(super) async fn rotate(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::DeviceManage, "devices.rotate", segment_text(&req, "username")?)?;
    let device = found(&req, &caller, &store).await?;
    let token = new_token();
    if !store.rotate_device(&caller.tenant, &device.username, &token_digest(&token)).await? {
        return Err(Problem::not_found());
    }
    hub.end_device_sessions(&device.username);
    let view = DeviceView { token: Some(token), ..device.into() };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(view))
}

pub(super) async fn revoke(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
    clock: web::Data<Arc<dyn Clock>>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::DeviceManage, "devices.revoke", segment_text(&req, "username")?)?;
    let device = found(&req, &caller, &store).await?;
    if store.revoke_device(&caller.tenant, &device.username, clock.now()).await? {
        hub.end_device_sessions(&device.username);
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Problem::not_found())
    }
}
