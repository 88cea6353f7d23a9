//! `/openapi.json` and `/docs`: what the API is, for programs and for people.

use std::sync::{Arc, LazyLock};

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use utoipa_swagger_ui::Config;

use crate::extract::{Query, segment_text};
use crate::openapi;
use crate::problem::Problem;

/// Where the pages are; their files are named relative to it.
const DOCS: &str = "/docs/";

struct Document {
    text: Bytes,
    tag: String,
}

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let text = openapi::document_json();
    let digest = Sha256::digest(text.as_bytes());
    let tag: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Document { text: text.into(), tag: format!("\"{tag}\"") }
});

/// The OpenAPI document.
pub(super) async fn openapi(req: HttpRequest) -> Result<HttpResponse, Problem> {
    Query::none(&req)?;
    let seen = req.headers().get(header::IF_NONE_MATCH).map(HeaderValue::as_bytes);
    let is_known = seen == Some(DOCUMENT.tag.as_bytes());
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((header::ETAG, DOCUMENT.tag.as_str()));
    answer.insert_header((header::CACHE_CONTROL, "no-cache"));
    Ok(if is_known {
        answer.finish()
    } else {
        answer.content_type("application/json").body(DOCUMENT.text.clone())
    })
}

/// The pages lie below `/docs/`, so that their files are found.
pub(super) async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, DOCS)).finish()
}

/// A file of Swagger UI.
pub(super) async fn docs(req: HttpRequest) -> Result<HttpResponse, Problem> {
    // Nothing is asked of the project behind the page: a plant is often without an Internet. The layout without
    // its bar, because the logo in it brings an inline style, which the content security policy refuses.
    static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
        let config = Config::new(["/api/v1/openapi.json"]);
        Arc::new(config.use_base_layout().validator_url("none").try_it_out_enabled(true))
    });
    let name = segment_text(&req, "file")?;
    let found = utoipa_swagger_ui::serve(&name, Arc::clone(&CONFIG)).map_err(|error| {
        tracing::error!(%error, "a file of the documentation cannot be read");
        Problem::internal()
    })?;
    let file = found.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type(file.content_type)
        .body(file.bytes.into_owned()))
}
