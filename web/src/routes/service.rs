//! `/health/live`, `/health/ready` and `/metrics`: for whoever runs the hub.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use actors::hub::HubHandle;
use prometheus::{Registry, TextEncoder};
use serde_json::json;

use crate::problem::Problem;

/// Answers as long as the process does.
pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

/// Whether requests can be served now, with the state of everything that is needed for it.
pub(super) async fn ready(hub: web::Data<HubHandle>) -> HttpResponse {
    let report = hub.health().await;
    let mut answer = if report.ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    answer.insert_header((header::CACHE_CONTROL, "no-store")).json(report)
}

/// The figures in Prometheus' text format.
pub(super) async fn metrics(registry: web::Data<Registry>) -> Result<HttpResponse, Problem> {
    let text = TextEncoder::new().encode_to_string(&registry.gather()).map_err(|error| {
        tracing::error!(%error, "the figures could not be encoded");
        Problem::internal()
    })?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, prometheus::TEXT_FORMAT)).body(text))
}
