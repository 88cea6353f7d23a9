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
use crate::auth::{Caller, Logins, check_new_password};
use crate::authorize::Action;
use crate::extract::{JsonBody, Query, location};
use crate::problem::Problem;

const MAX_EMAIL_CHARS: usize = 254;
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

/// Lower case, one `@` with text around it, nothing that an address cannot hold unquoted.
fn checked_email(text: &str) -> Result<String, Problem> {
    let email = text.trim().to_lowercase();
    let parts = email.split_once('@');
    let valid = parts.is_some_and(|(local, host)| {
        !local.is_empty() && !host.is_empty() && !host.contains('@') && !host.starts_with('.')
    });
    let unusual = |c: char| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"".contains(c);
    if !valid || email.chars().any(unusual) || email.chars().count() > MAX_EMAIL_CHARS {
        return Err(Problem::invalid("email", "must be an e-mail address"));
    }
    Ok(email)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_and_lower_case() {
        assert_eq!(checked_email(" Eva.Stahl@Demo.Local ").unwrap(), "eva.stahl@demo.local");
        for bad in ["", "eva", "@demo", "eva@", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "<a@b>"] {
            assert!(checked_email(bad).is_err(), "{bad}");
        }
    }
}
