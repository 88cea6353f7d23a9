//! Access tokens: JWT (RFC 7519) signed with HS256 and nothing else; the rules of RFC 8725.

use actors::ports::SigningKey;
use domain::ids::TenantCode;
use domain::{DurationMs, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Issuer and audience of every token.
pub(super) const ISSUER: &str = "topsteel-hub";
/// What an access token says it is, so that nothing else is taken for one.
const ACCESS: &str = "access";
/// How far clocks may differ.
const LEEWAY_S: i64 = 5;
/// No token of ours is longer; a longer one is not read.
const MAX_TOKEN_BYTES: usize = 4096;

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    /// The user.
    pub(super) sub: Uuid,
    /// The tenant of the login.
    pub(super) tenant: TenantCode,
    /// The family of the login.
    pub(super) sid: Uuid,
    pub(super) typ: String,
    pub(super) iat: i64,
    pub(super) nbf: i64,
    pub(super) exp: i64,
}

impl Claims {
    pub(super) fn new(user: Uuid, tenant: TenantCode, family: Uuid, now: Timestamp, ttl: DurationMs) -> Self {
        let now_s = now.as_millis().div_euclid(1000);
        Self {
            iss: ISSUER.to_owned(),
            aud: ISSUER.to_owned(),
            sub: user,
            tenant,
            sid: family,
            typ: ACCESS.to_owned(),
            iat: now_s,
            nbf: now_s,
            exp: now_s + ttl.0 / 1000,
        }
    }

    pub(super) fn expires_at(&self) -> Timestamp {
        Timestamp::from_millis(self.exp.saturating_mul(1000))
    }
}

/// Signs the claims.
pub(super) fn sign(claims: &Claims, key: &SigningKey) -> Result<String, jsonwebtoken::errors::Error> {
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(key.kid.clone());
    encode(&header, claims, &EncodingKey::from_secret(&key.secret))
}

/// The name of the key in the token's header, if the header is one of ours: HS256, and no key of its own.
pub(super) fn key_id(token: &str) -> Result<String, &'static str> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err("too long");
    }
    let header = decode_header(token).map_err(|_| "the header cannot be read")?;
    if header.alg != Algorithm::HS256 {
        return Err("another algorithm");
    }
    if header.jwk.is_some() || header.jku.is_some() || header.x5u.is_some() || header.x5c.is_some() {
        return Err("the header brings its own key");
    }
    header.kid.ok_or("the header names no key")
}

/// Checks signature, issuer, audience, type and times against the key that the header named.
pub(super) fn verify(token: &str, key: &SigningKey, now: Timestamp) -> Result<Claims, &'static str> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[ISSUER]);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    // The library would ask the system's clock; the times are checked below against ours.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let claims = decode::<Claims>(token, &DecodingKey::from_secret(&key.secret), &validation)
        .map_err(|_| "the signature or a claim is wrong")?
        .claims;
    if claims.typ != ACCESS {
        return Err("not an access token");
    }
    let now_s = now.as_millis().div_euclid(1000);
    if now_s >= claims.exp.saturating_add(LEEWAY_S) {
        return Err("expired");
    }
    if now_s < claims.nbf.saturating_sub(LEEWAY_S) {
        return Err("not valid yet");
    }
    Ok(claims)
}
