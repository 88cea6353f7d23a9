//! One log line, one measurement and, for writes and refusals, one audit entry a request; and the headers of every answer.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use actors::clock::Clock;
use actors::ports::AuditEntry;
use prometheus::{HistogramOpts, HistogramVec, IntCounter, Registry};
use uuid::Uuid;

use crate::problem::ProblemCode;
use crate::trail::{AuditTrail, Peer, Trail, clean};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const MAX_REQUEST_ID_BYTES: usize = 64;

const SECURITY_HEADERS: [(HeaderName, HeaderValue); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; object-src 'none'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

/// The server's own measurements.
#[derive(Clone)]
pub(crate) struct HttpMetrics {
    duration: HistogramVec,
    /// Audit entries that could not be stored.
    pub audit_lost: IntCounter,
}

impl HttpMetrics {
    /// Registers them.
    pub(crate) fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let duration = HistogramVec::new(
            HistogramOpts::new("http_request_duration_seconds", "time to answer a request")
                .buckets(vec![0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0]),
            &["method", "route", "status"],
        )?;
        let audit_lost = IntCounter::new("hub_audit_lost_total", "audit entries that could not be stored")?;
        registry.register(Box::new(duration.clone()))?;
        registry.register(Box::new(audit_lost.clone()))?;
        Ok(Self { duration, audit_lost })
    }
}

/// The middleware; it is the outermost.
pub(crate) async fn observe<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let request_id = request_id(req.headers());
    let mut answer = next.call(req).await?;
    let headers = answer.headers_mut();
    for (name, value) in SECURITY_HEADERS {
        headers.insert(name, value);
    }
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        headers.insert(REQUEST_ID, value);
    }
    let trail = answer.request().extensions().get::<Trail>().cloned().unwrap_or_default();
    measure_and_log(&answer, &trail, &request_id, started);
    audit(&answer, trail).await;
    Ok(answer)
}

/// The client's own id of the request if it is harmless, or a new one.
fn request_id(headers: &HeaderMap) -> String {
    let harmless = |id: &&str| {
        (1..=MAX_REQUEST_ID_BYTES).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    let own = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(harmless);
    own.map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

fn measure_and_log<B>(answer: &ServiceResponse<B>, trail: &Trail, request_id: &str, started: Instant) {
    let req = answer.request();
    let (elapsed, status) = (started.elapsed(), answer.status());
    // Paths are grouped by route, so that made-up paths cannot make new time series.
    let route = req.match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let method = match *req.method() {
        Method::GET
        | Method::POST
        | Method::PATCH
        | Method::PUT
        | Method::DELETE
        | Method::HEAD
        | Method::OPTIONS => req.method().as_str(),
        _ => "other",
    };
    if let Some(metrics) = req.app_data::<web::Data<HttpMetrics>>() {
        metrics.duration.with_label_values(&[method, &route, status.as_str()]).observe(elapsed.as_secs_f64());
    }
    tracing::info!(
        target: "hub::http",
        request_id,
        method,
        path = clean(req.path()),
        route,
        status = status.as_u16(),
        duration_ms = elapsed.as_secs_f64() * 1000.0,
        peer = %Peer::of(req),
        tenant = trail.tenant.as_ref().map(|tenant| tenant.as_str()),
        actor = trail.actor,
        "request"
    );
}

/// Writes and refusals leave an entry; what nobody named is named by its route.
async fn audit<B>(answer: &ServiceResponse<B>, trail: Trail) {
    let req = answer.request();
    let status = answer.status();
    let refused =
        matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS);
    let is_read = matches!(*req.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let write = !is_read && trail.action.is_some();
    let (Some(audit), Some(clock)) =
        (req.app_data::<web::Data<AuditTrail>>(), req.app_data::<web::Data<Arc<dyn Clock>>>())
    else {
        return;
    };
    if !write && !refused {
        return;
    }
    let code = answer.response().extensions().get::<ProblemCode>().map(|code| code.0.to_owned());
    let outcome =
        if status.is_success() { "ok".to_owned() } else { code.unwrap_or_else(|| status.to_string()) };
    let entry = AuditEntry {
        tenant: trail.tenant,
        at: clock.now(),
        actor: clean(trail.actor.as_deref().unwrap_or("anonymous")),
        action: trail.action.unwrap_or("auth.token").to_owned(),
        object: trail.object.map_or_else(|| clean(req.path()), |object| clean(&object)),
        outcome,
        peer: Peer::of(req).to_string(),
    };
    if refused {
        audit.refused(entry);
    } else {
        audit.written(entry).await;
    }
}
