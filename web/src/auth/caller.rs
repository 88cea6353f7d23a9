//! The caller of a request, as handlers take it: checked once, asked often.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use domain::Code;
use domain::ids::{LineAddress, LineCode, SiteAddress, SiteCode, TenantCode};

use super::{AuthError, Principal, TokenVerifier};
use crate::authorize::{Action, authorize};
use crate::extract::segment;
use crate::problem::Problem;
use crate::trail;

/// Names the tenant that a request is about.
pub(crate) const TENANT_HEADER: &str = "x-tenant-id";

/// Who calls: a user with a valid access token.
#[derive(Clone, Debug)]
pub struct Caller(Arc<Principal>);

impl Deref for Caller {
    type Target = Principal;
    fn deref(&self) -> &Principal {
        &self.0
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { caller(&req).await })
    }
}

/// The caller of a request; the token is checked once a request.
pub async fn caller(req: &HttpRequest) -> Result<Caller, Problem> {
    if let Some(caller) = req.extensions().get::<Caller>() {
        return Ok(caller.clone());
    }
    let verifier = req.app_data::<web::Data<TokenVerifier>>().ok_or_else(Problem::internal)?;
    let token = bearer(req).ok_or_else(Problem::unauthenticated)?;
    let tenant = chosen_tenant(req)?;
    match verifier.verify(token, tenant.as_ref()).await {
        Ok(principal) => {
            trail::note(req, |trail| {
                trail.tenant = Some(principal.tenant.clone());
                trail.actor = Some(principal.email.clone());
            });
            let caller = Caller(Arc::new(principal));
            req.extensions_mut().insert(caller.clone());
            Ok(caller)
        }
        Err(AuthError::Invalid(cause)) => {
            tracing::debug!(cause, "an access token was refused");
            trail::note(req, |trail| {
                trail.action.get_or_insert("auth.token");
                trail.object.get_or_insert_with(|| cause.to_owned());
            });
            Err(Problem::unauthenticated())
        }
        Err(AuthError::Forbidden) => Err(Problem::forbidden()),
        Err(AuthError::Store(error)) => Err(error.into()),
    }
}

fn bearer(req: &HttpRequest) -> Option<&str> {
    let value = req.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// A tenant that cannot exist is answered like one that the caller does not belong to.
fn chosen_tenant(req: &HttpRequest) -> Result<Option<TenantCode>, Problem> {
    let Some(value) = req.headers().get(TENANT_HEADER) else { return Ok(None) };
    let tenant = value.to_str().ok().and_then(|text| text.parse().ok());
    tenant.map(Some).ok_or_else(Problem::forbidden)
}

impl Caller {
    /// Whether the caller may do this; the attempt is named for the audit trail.
    pub fn may(
        &self,
        req: &HttpRequest,
        action: Action,
        name: &'static str,
        object: impl Into<String>,
    ) -> Result<(), Problem> {
        trail::tried(req, name, object);
        authorize(self, action)
    }

    /// The address of a site that the caller sees; for others it does not exist.
    pub fn site(&self, site: &SiteCode) -> Result<SiteAddress, Problem> {
        if !self.sees(site) {
            return Err(unknown_site(site));
        }
        Ok(SiteAddress { tenant: self.tenant.clone(), site: site.clone() })
    }

    /// The site that the path names.
    pub fn site_in(&self, req: &HttpRequest) -> Result<SiteAddress, Problem> {
        self.site(&segment(req, "site")?)
    }

    /// The line that the path names, whether it exists or not.
    pub fn line_in(&self, req: &HttpRequest) -> Result<LineAddress, Problem> {
        let SiteAddress { tenant, site } = self.site_in(req)?;
        let line: LineCode = segment(req, "line")?;
        Ok(LineAddress { tenant, site, line })
    }

    /// The sites that a list may show: the one asked for, as far as the caller sees it, or all that they see.
    pub fn listed_sites(&self, asked: Option<SiteCode>) -> Option<Vec<SiteCode>> {
        match (asked, &self.sites) {
            (Some(site), Some(sites)) if !sites.contains(&site) => Some(Vec::new()),
            (Some(site), _) => Some(vec![site]),
            (None, sites) => sites.clone(),
        }
    }
}

/// The answer for a site that does not exist, or not for this caller.
pub(crate) fn unknown_site(site: &SiteCode) -> Problem {
    Problem::from(domain::Rejection::new(Code::UnknownSite, Some("site"), format!("there is no site {site}")))
}
