//! `/auth`: logging in, refreshing, logging out, and the list of one's sessions.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use actors::clock::Clock;
use actors::hub::HubHandle;
use actors::ports::{Role, SessionRecord, Store, UserRecord};
use domain::Timestamp;
use domain::ids::{SiteCode, TenantCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::auth::{Caller, Logins, RefreshRefused, Throttle, Tokens};
use crate::extract::{JsonBody, Query, segment_text};
use crate::problem::Problem;
use crate::trail::{self, Peer, clean};

const MAX_EMAIL_CHARS: usize = 254;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginBody {
    email: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefreshBody {
    refresh_token: String,
}

#[derive(Serialize)]
struct TokenView<'a> {
    access_token: &'a str,
    refresh_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserView<'a>>,
}

/// A user as they see themselves.
#[derive(Serialize)]
struct UserView<'a> {
    id: Uuid,
    email: &'a str,
    name: &'a str,
    tenant: &'a TenantCode,
    tenants: Vec<&'a TenantCode>,
    default_tenant: Option<&'a TenantCode>,
    roles: &'a [Role],
    /// Null: every site.
    sites: Option<&'a [SiteCode]>,
}

#[derive(Serialize)]
struct SessionView {
    id: Uuid,
    created_at: Timestamp,
    refreshed_at: Timestamp,
    expires_at: Timestamp,
    user_agent: String,
    current: bool,
}

fn token_answer(tokens: &Tokens, user: Option<UserView<'_>>) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(TokenView {
        access_token: &tokens.access_token,
        refresh_token: &tokens.refresh_token,
        token_type: "Bearer",
        expires_in: tokens.expires_in_s,
        user,
    })
}

fn user_view<'a>(user: &'a UserRecord, tenant: &'a TenantCode) -> UserView<'a> {
    let membership = user.memberships.iter().find(|membership| membership.tenant == *tenant);
    UserView {
        id: user.id,
        email: &user.email,
        name: &user.name,
        tenant,
        tenants: user.memberships.iter().map(|membership| &membership.tenant).collect(),
        default_tenant: user.memberships.first().map(|membership| &membership.tenant),
        roles: membership.map_or(&[], |membership| &membership.roles),
        sites: membership.and_then(|membership| membership.sites.as_deref()),
    }
}

pub(super) async fn login(
    req: HttpRequest,
    peer: Peer,
    JsonBody(body): JsonBody<LoginBody>,
    logins: web::Data<Logins>,
    throttle: web::Data<Throttle>,
    clock: web::Data<Arc<dyn Clock>>,
    hub: web::Data<HubHandle>,
) -> Result<HttpResponse, Problem> {
    let email = body.email.trim().to_lowercase();
    trail::tried(&req, "auth.login", "session");
    trail::note(&req, |trail| trail.actor = Some(clean(&email)));
    if email.is_empty() || email.chars().count() > MAX_EMAIL_CHARS {
        return Err(Problem::unauthenticated());
    }
    let ticket = throttle.admit(&email, peer.0, clock.now())?;
    let user_agent = req.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let login = logins.login(&email, body.password, user_agent.unwrap_or_default()).await;
    let (user, tenant, tokens) = match login {
        Ok(login) => login,
        Err(problem) => {
            // Asked for unknown accounts too, so that the time does not tell.
            let home = logins.home_of_email(&email).await;
            trail::note(&req, |trail| trail.tenant = home);
            return Err(problem);
        }
    };
    ticket.succeeded();
    trail::note(&req, |trail| trail.tenant = Some(tenant.clone()));
    // The tenant may be new in the store: another process made it.
    hub.ensure_tenant(&tenant).await?;
    Ok(token_answer(&tokens, Some(user_view(&user, &tenant))))
}

pub(super) async fn refresh(
    req: HttpRequest,
    JsonBody(body): JsonBody<RefreshBody>,
    logins: web::Data<Logins>,
) -> Result<HttpResponse, Problem> {
    trail::tried(&req, "auth.refresh", "session");
    match logins.refresh(&body.refresh_token).await {
        Ok((record, tokens)) => {
            trail::note(&req, |trail| {
                trail.tenant = Some(record.tenant);
                trail.actor = Some(format!("user:{}", record.user));
                trail.object = Some(format!("session {}", record.family));
            });
            Ok(token_answer(&tokens, None))
        }
        Err(RefreshRefused::Reused { family, user }) => {
            tracing::warn!(%family, %user, "a used refresh token was shown again; its session is revoked");
            let home = logins.home_of(user).await;
            trail::note(&req, |trail| {
                trail.tenant = home;
                trail.action = Some("auth.refresh_reuse");
                trail.actor = Some(format!("user:{user}"));
                trail.object = Some(format!("session {family} revoked"));
            });
            Err(Problem::unauthenticated())
        }
        Err(RefreshRefused::Invalid) => Err(Problem::unauthenticated()),
        Err(RefreshRefused::Other(problem)) => Err(problem),
    }
}

pub(super) async fn logout(
    req: HttpRequest,
    caller: Caller,
    logins: web::Data<Logins>,
) -> Result<HttpResponse, Problem> {
    trail::tried(&req, "auth.logout", format!("session {}", caller.session));
    logins.revoke(caller.id, caller.session).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(super) async fn me(req: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    Query::none(&req)?;
    Ok(HttpResponse::Ok().json(UserView {
        id: caller.id,
        email: &caller.email,
        name: &caller.name,
        tenant: &caller.tenant,
        tenants: caller.tenants.iter().collect(),
        default_tenant: caller.tenants.first(),
        roles: &caller.roles,
        sites: caller.sites.as_deref(),
    }))
}

pub(super) async fn sessions(
    req: HttpRequest,
    caller: Caller,
    store: web::Data<Arc<dyn Store>>,
    clock: web::Data<Arc<dyn Clock>>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&req)?;
    let page = query.page()?;
    query.finish()?;
    let mut sessions: Vec<(String, SessionRecord)> = store
        .sessions(caller.id, clock.now())
        .await?
        .into_iter()
        .map(|session| (session.id.to_string(), session))
        .collect();
    sessions.sort_by(|a, b| a.0.cmp(&b.0));
    let page = super::reply::page_of(sessions.into_iter(), |(id, _)| id, &page)?;
    Ok(super::reply::list(page, |(_, session)| SessionView {
        id: session.id,
        created_at: session.created_at,
        refreshed_at: session.refreshed_at,
        expires_at: session.expires_at,
        user_agent: session.user_agent,
        current: session.id == caller.session,
    }))
}

pub(super) async fn end_session(
    req: HttpRequest,
    caller: Caller,
    logins: web::Data<Logins>,
) -> Result<HttpResponse, Problem> {
    let id = segment_text(&req, "id")?;
    trail::tried(&req, "auth.end_session", format!("session {id}"));
    let id: Uuid = id.parse().map_err(|_| Problem::not_found())?;
    if logins.revoke(caller.id, id).await? {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Problem::not_found())
    }
}
