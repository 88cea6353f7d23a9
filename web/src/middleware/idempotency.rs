//! `Idempotency-Key`: a write that is sent again gets the first answer, and is not done again.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::body::{BoxBody, EitherBody, MessageBody, to_bytes_limited};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use actors::clock::Clock;
use actors::hub::{By, CommandKey};
use actors::ports::{Store, StoredAnswer};
use domain::ids::{MessageId, TenantCode};
use domain::receipt::KEY_LIFE;
use futures::stream;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::auth::{Caller, caller};
use crate::extract::read_body;
use crate::problem::{PROBLEM_JSON, Problem};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const MAX_KEY_BYTES: usize = 255;
/// A longer answer is not remembered. None of ours to a write is.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;
/// Secrets are shown once and stored as digests only, so a replayed answer does not have them.
const SECRET_FIELDS: [&str; 1] = ["token"];

/// The keys whose first request is still being answered here.
#[derive(Clone, Default)]
pub(crate) struct InFlight(Arc<Mutex<HashSet<String>>>);

struct Turn {
    all: InFlight,
    key: String,
}

impl InFlight {
    fn enter(&self, key: &str) -> Option<Turn> {
        let entered = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned());
        entered.then(|| Turn { all: self.clone(), key: key.to_owned() })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

/// What a keyed write needs.
struct Memory {
    store: web::Data<Arc<dyn Store>>,
    clock: web::Data<Arc<dyn Clock>>,
    tenant: TenantCode,
    /// The user and their key.
    key: String,
    request_sha256: String,
}

/// The middleware.
pub(crate) async fn idempotency<B: MessageBody + 'static>(
    mut req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if !applies(&req) {
        return Ok(next.call(req).await?.map_into_left_body());
    }
    // Without a valid token the handler refuses; there is nothing to remember.
    let Ok(caller) = caller(req.request()).await else {
        return Ok(next.call(req).await?.map_into_left_body());
    };
    let (memory, turn) = match enter(&mut req, &caller).await {
        Ok(entered) => entered,
        Err(problem) => return Ok(refuse(req, &problem)),
    };
    match memory.recall().await {
        Ok(Some(answer)) => return Ok(req.into_response(answer).map_into_right_body()),
        Ok(None) => {}
        Err(problem) => return Ok(refuse(req, &problem)),
    }
    // A task of its own: a client that hangs up must not keep a write from being remembered.
    let work = actix_web::rt::spawn(async move {
        let _turn = turn;
        let answer = next.call(req).await?;
        memory.keep(answer).await
    });
    match work.await {
        Ok(answer) => answer,
        Err(_) => Err(Problem::internal().into()),
    }
}

fn applies(req: &ServiceRequest) -> bool {
    let is_write = matches!(*req.method(), Method::POST | Method::PUT | Method::PATCH | Method::DELETE);
    let path = req.path();
    let excepted = path.starts_with("/api/v1/auth/") || path == "/api/v1/ingest";
    is_write && !excepted && req.headers().contains_key(KEY)
}

fn refuse<B: MessageBody>(req: ServiceRequest, problem: &Problem) -> ServiceResponse<EitherBody<B>> {
    req.into_response(problem.error_response()).map_into_right_body()
}

async fn enter(req: &mut ServiceRequest, caller: &Caller) -> Result<(Memory, Turn), Problem> {
    let key = req.headers().get(KEY).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    if key.is_empty() || key.len() > MAX_KEY_BYTES {
        return Err(Problem::invalid("Idempotency-Key", "must be 1 to 255 printable ASCII characters"));
    }
    let shared = |name| {
        move || {
            tracing::error!(name, "missing from the application");
            Problem::internal()
        }
    };
    let in_flight = req.app_data::<web::Data<InFlight>>().ok_or_else(shared("keys in flight"))?.clone();
    let store = req.app_data::<web::Data<Arc<dyn Store>>>().ok_or_else(shared("store"))?.clone();
    let clock = req.app_data::<web::Data<Arc<dyn Clock>>>().ok_or_else(shared("clock"))?.clone();
    let key = format!("{}:{key}", caller.id);
    let turn = in_flight.enter(&format!("{}/{key}", caller.tenant)).ok_or_else(|| {
        Problem::new(
            StatusCode::CONFLICT,
            "idempotency_key_in_use",
            "a request with this key is being answered, try again later",
        )
    })?;
    let (request, payload) = req.parts_mut();
    let body = read_body(request, payload).await?;
    let mut digest = Sha256::new();
    for part in [req.method().as_str(), req.uri().path(), req.uri().query().unwrap_or_default()] {
        digest.update(part);
        digest.update(b"\n");
    }
    digest.update(&body);
    let request_sha256 = hex(&digest.finalize());
    // The body was decompressed on its way; whoever reads it next must not do it again.
    req.headers_mut().remove(header::CONTENT_ENCODING);
    let again = stream::once(std::future::ready(Ok(body)));
    req.set_payload(Payload::Stream { payload: Box::pin(again) });
    let tenant = caller.tenant.clone();
    req.extensions_mut().insert(command_key(&tenant, &key, &request_sha256)?);
    Ok((Memory { store, clock, tenant, key, request_sha256 }, turn))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The key as the log keeps it, where it also counts when the answer was lost before it could be remembered.
fn command_key(tenant: &TenantCode, key: &str, request_sha256: &str) -> Result<CommandKey, Problem> {
    // Half of a digest is plenty to tell the keys of a day apart.
    let id = |parts: &[&str]| MessageId::parse(&hex(&Sha256::digest(parts.join("\n"))[..16]));
    let tenant = tenant.as_str();
    let name = id(&[tenant, key])?;
    Ok(CommandKey { name, request: id(&[tenant, key, request_sha256])? })
}

/// Who gives the command in a request, and under which key.
pub(crate) fn by<'a>(req: &HttpRequest, caller: &'a Caller) -> By<'a> {
    By { email: &caller.email, key: req.extensions().get::<CommandKey>().cloned() }
}

impl Memory {
    /// The first answer, if there was one to the same request.
    async fn recall(&self) -> Result<Option<HttpResponse<BoxBody>>, Problem> {
        let not_before = self.clock.now() - KEY_LIFE;
        let Some(stored) = self.store.stored_answer(&self.tenant, &self.key, not_before).await? else {
            return Ok(None);
        };
        if stored.request_sha256 != self.request_sha256 {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
                "this key was used for another request",
            ));
        }
        let status = StatusCode::from_u16(stored.status).map_err(|_| Problem::internal())?;
        let mut answer = HttpResponse::build(status);
        answer.insert_header((REPLAYED, HeaderValue::from_static("true")));
        if let Some(location) = stored.location {
            answer.insert_header((header::LOCATION, location));
        }
        if stored.body.is_empty() {
            return Ok(Some(answer.finish()));
        }
        let media_type = if status.is_success() { "application/json" } else { PROBLEM_JSON };
        answer.insert_header((header::CONTENT_TYPE, media_type));
        Ok(Some(answer.body(stored.body)))
    }

    /// Remembers an answer, unless trying again may end otherwise.
    async fn keep<B: MessageBody + 'static>(
        self,
        answer: ServiceResponse<B>,
    ) -> Result<ServiceResponse<EitherBody<B>>, Error> {
        let status = answer.status();
        let is_final = status.is_success()
            || (status.is_client_error()
                && !matches!(
                    status,
                    StatusCode::UNAUTHORIZED
                        | StatusCode::FORBIDDEN
                        | StatusCode::REQUEST_TIMEOUT
                        | StatusCode::TOO_MANY_REQUESTS
                ));
        if !is_final {
            return Ok(answer.map_into_left_body());
        }
        let (req, response) = answer.into_parts();
        let (head, body) = response.into_parts();
        let bytes = match to_bytes_limited(body, MAX_ANSWER_BYTES).await {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(_)) | Err(_) => return Err(Problem::internal().into()),
        };
        let location = head.headers().get(header::LOCATION);
        let stored = StoredAnswer {
            request_sha256: self.request_sha256,
            status: status.as_u16(),
            location: location.and_then(|value| value.to_str().ok()).map(str::to_owned),
            body: without_secrets(&bytes),
            at: self.clock.now(),
        };
        if let Err(error) = self.store.store_answer(&self.tenant, &self.key, &stored).await {
            tracing::warn!(%error, tenant = %self.tenant, "an answer could not be remembered for its key");
        }
        let response = head.set_body(BoxBody::new(bytes));
        Ok(ServiceResponse::new(req, response).map_into_right_body())
    }
}

fn without_secrets(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body).into_owned();
    match serde_json::from_str::<Value>(&text) {
        Ok(Value::Object(mut fields)) if SECRET_FIELDS.iter().any(|name| fields.contains_key(*name)) => {
            for name in SECRET_FIELDS {
                fields.remove(name);
            }
            Value::Object(fields).to_string()
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_turn_a_key() {
        let all = InFlight::default();
        let first = all.enter("acme/u:k");
        assert!(first.is_some());
        assert!(all.enter("acme/u:k").is_none());
        assert!(all.enter("acme/v:k").is_some());
        drop(first);
        assert!(all.enter("acme/u:k").is_some());
    }

    #[test]
    fn secrets_are_not_remembered() {
        assert_eq!(without_secrets(b"{\"token\":\"x\",\"username\":\"d1\"}"), "{\"username\":\"d1\"}");
        assert_eq!(without_secrets(b"{\"code\":\"a\"}"), "{\"code\":\"a\"}");
        assert_eq!(without_secrets(b""), "");
    }
}
