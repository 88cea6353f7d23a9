//! Who is calling: passwords, tokens, sessions and the throttle of failed attempts.

mod caller;
mod email;
mod keys;
mod login;
mod password;
mod throttle;
mod token;
mod verifier;

#[cfg(test)]
mod token_tests;

use actors::ports::{Role, StoreError};
use domain::Timestamp;
use domain::ids::{SiteCode, TenantCode};
use uuid::Uuid;

pub(crate) use caller::unknown_site;
pub use caller::{Caller, caller};
pub use email::checked_email;
pub use keys::{KeyRing, rotate_keys};
pub use login::{Logins, RefreshRefused, Tokens};
pub use password::Passwords;
pub use password::check_new as check_new_password;
pub use throttle::{Throttle, Ticket};
pub use verifier::TokenVerifier;

/// Who is behind an access token, in the tenant that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The user's id.
    pub id: Uuid,
    /// The email, in lower case.
    pub email: String,
    /// The name.
    pub name: String,
    /// The tenant that this request or session is about.
    pub tenant: TenantCode,
    /// Every tenant the user belongs to; the first is the default.
    pub tenants: Vec<TenantCode>,
    /// What they may do in it.
    pub roles: Vec<Role>,
    /// Only at these sites; `None` is every site.
    pub sites: Option<Vec<SiteCode>>,
    /// The login that the token descends from.
    pub session: Uuid,
    /// When the token ends.
    pub expires_at: Timestamp,
}

impl Principal {
    /// Whether objects of this site exist for the user.
    pub fn sees(&self, site: &SiteCode) -> bool {
        self.sites.as_ref().is_none_or(|sites| sites.contains(site))
    }

    /// Whether the user has one of the roles.
    pub fn has_any(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|role| roles.contains(role))
    }
}

/// Why a token does not let its bearer in.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// Not a valid token of a living session. The cause is for the log only; the answer is always the same.
    #[error("the token is not valid: {0}")]
    Invalid(&'static str),
    /// The user does not belong to the tenant that was asked for.
    #[error("the user does not belong to this tenant")]
    Forbidden,
    /// Whether the token is valid cannot be told now.
    #[error(transparent)]
    Store(#[from] StoreError),
}
