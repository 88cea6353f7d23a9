//! `/users`: the users of a tenant.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::clock::Clock;
use actors::hub::HubHandle;
use actors::ports::{Membership, NewUser, Role, Store, StoreError, UserRecord};
use domain::Code;
use domain::ids::{self, SiteCode, TenantCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::reply;
use crate::auth::{Caller, Logins, check_new_password, checked_email};
use crate::authorize::Action;
use crate::extract::{JsonBody, Query, location};
use crate::problem::Problem;

const MAX_NAME_CHARS: usize = 255;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewUserBody {
    email: String,
    name: String,
    password: String,
    roles: Vec<Role>,
    #[serde(default)]
    sites: Option<Vec<SiteCode>>,
}

#[derive(Serialize)]
struct UserView<'a> {
    id: Uuid,
    email: &'a str,
    name: &'a str,
    roles: &'a [Role],
    sites: Option<&'a [SiteCode]>,
    disabled: bool,
}

pub(super) async fn create(
    req: HttpRequest,
    caller: Caller,
    JsonBody(body): JsonBody<NewUserBody>,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
    clock: web::Data<Arc<dyn Clock>>,
    logins: web::Data<Logins>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::UserManage, "users.create", crate::trail::clean(&body.email))?;
    let email = checked_email(&body.email)?;
    let name = ids::name("name", &body.name, MAX_NAME_CHARS)?;
    check_new_password(&body.password, &email)?;
    let mut roles = body.roles;
    roles.sort();
    roles.dedup();
    if roles.is_empty() {
        return Err(Problem::invalid("roles", "must name at least one role"));
    }
    let directory = hub.directory(&caller.tenant).await?;
    for (index, site) in body.sites.iter().flatten().enumerate() {
        if directory.site(site).is_none() {
            let field = format!("sites[{index}]");
            return Err(Problem::field(
                Code::UnknownSite.as_str(),
                field,
                format!("there is no site {site}"),
            ));
        }
    }
    let membership = Membership { tenant: caller.tenant.clone(), roles, sites: body.sites };
    let user = NewUser {
        id: Uuid::now_v7(),
        email,
        name,
        password_hash: logins.hash_password(body.password).await?,
        memberships: vec![membership.clone()],
        created_at: clock.now(),
    };
    store.create_user(&user).await.map_err(|error| match error {
        StoreError::Conflict(_) => Problem::conflict(Code::AlreadyExists, "email", "is taken"),
        other => other.into(),
    })?;
    let view = UserView {
        id: user.id,
        email: &user.email,
        name: &user.name,
        roles: &membership.roles,
        sites: membership.sites.as_deref(),
        disabled: false,
    };
    Ok(reply::created(&view, location(&["users", &user.id.to_string()]), None))
}

fn in_tenant<'a>(user: &'a UserRecord, tenant: &TenantCode) -> Option<&'a Membership> {
    user.memberships.iter().find(|membership| membership.tenant == *tenant)
}

pub(super) async fn list(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    caller.may(&req, Action::UserManage, "users.list", "users")?;
    let mut query = Query::of(&req)?;
    let page = query.page()?;
    query.finish()?;
    let mut users = store.users(&caller.tenant).await?;
    users.sort_by(|a, b| a.email.cmp(&b.email));
    let page = reply::page_of(users.iter(), |user| &user.email, &page)?;
    Ok(reply::list(page, |user| {
        let membership = in_tenant(user, &caller.tenant);
        UserView {
            id: user.id,
            email: &user.email,
            name: &user.name,
            roles: membership.map_or(&[], |membership| &membership.roles),
            sites: membership.and_then(|membership| membership.sites.as_deref()),
            disabled: user.disabled,
        }
    }))
}
