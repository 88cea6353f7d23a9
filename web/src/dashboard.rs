//! The dashboard inside the binary: its files, and what a hub built without it says.

use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use rust_embed::{Embed, EmbeddedFile};

use crate::problem::Problem;

#[derive(Embed)]
#[folder = "dashboard/dist"]
struct Files;

const INDEX: &str = "index.html";
/// Vite puts files whose names hold a hash of their content here.
const HASHED: &str = "assets/";

const NOT_BUILT: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
<title>TopSteel Hub</title></head><body><h1>TopSteel Hub</h1>\
<p>This hub was built without its dashboard. REST and the live socket work: see <code>/api/v1</code> and \
<code>/health/ready</code>.</p>\
<p>To build it: <code>cd web/dashboard &amp;&amp; npm ci &amp;&amp; npm run build</code>, then build the hub again \
(<code>make demo</code> does both).</p></body></html>\n";

/// Whether the dashboard is inside.
pub fn is_built() -> bool {
    Files::get(INDEX).is_some()
}

/// Answers every path that no route has: a file, the application for its own paths, or 404.
pub(crate) async fn serve(req: HttpRequest) -> HttpResponse {
    let path = req.path().trim_start_matches('/');
    let is_api =
        path == "api" || ["api/", "health/", "metrics"].iter().any(|prefix| path.starts_with(prefix));
    if is_api || !matches!(*req.method(), Method::GET | Method::HEAD) {
        return Problem::not_found().error_response();
    }
    let name = if path.is_empty() { INDEX } else { path };
    if let Some(file) = Files::get(name) {
        return answer(&req, name, file);
    }
    // A page of the application, opened by its address; a missing file stays missing.
    if !accepts_html(&req) || path.starts_with(HASHED) {
        return Problem::not_found().error_response();
    }
    match Files::get(INDEX) {
        Some(index) => answer(&req, INDEX, index),
        None if path.is_empty() => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .body(NOT_BUILT),
        None => Problem::not_found().error_response(),
    }
}

fn accepts_html(req: &HttpRequest) -> bool {
    let accept = req.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_none_or(|accept| accept.contains("text/html") || accept.contains("*/*"))
}

fn answer(req: &HttpRequest, name: &str, file: EmbeddedFile) -> HttpResponse {
    let tag: String = file.metadata.sha256_hash()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let caching = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let seen = req.headers().get(header::IF_NONE_MATCH).map(HeaderValue::as_bytes);
    let status = if seen == Some(tag.as_bytes()) { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let mut answer = HttpResponse::build(status);
    answer.insert_header((header::CACHE_CONTROL, caching)).insert_header((header::ETAG, tag));
    if status == StatusCode::NOT_MODIFIED {
        return answer.finish();
    }
    answer.insert_header((header::CONTENT_TYPE, file.metadata.mimetype()));
    answer.body(file.data.into_owned())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    async fn get(path: &str, accept: &str) -> HttpResponse {
        serve(TestRequest::with_uri(path).insert_header((header::ACCEPT, accept)).to_http_request()).await
    }

    #[actix_web::test]
    async fn pages_are_html_and_the_rest_is_404() {
        let root = get("/", "text/html").await;
        assert_eq!(root.status(), 200);
        assert!(root.headers().get(header::CONTENT_TYPE).unwrap().to_str().unwrap().starts_with("text/html"));
        assert_eq!(root.headers().get(header::CACHE_CONTROL).unwrap(), "no-cache");
        assert_eq!(get("/api/v1/nothing", "text/html").await.status(), 404);
        assert_eq!(get("/assets/gone-1234.js", "*/*").await.status(), 404);
        assert_eq!(get("/missing.json", "application/json").await.status(), 404);
        assert_eq!(get("/../../etc/passwd", "image/png").await.status(), 404);
        let page = get("/sites/linz", "text/html").await;
        assert_eq!(page.status().as_u16(), if is_built() { 200 } else { 404 });
        // Pages ask for it to learn of a new build, so that no cache may answer.
        let version = get("/version.json", "application/json").await;
        if is_built() {
            assert_eq!(version.status(), 200);
            assert_eq!(version.headers().get(header::CACHE_CONTROL).unwrap(), "no-cache");
            assert_eq!(version.headers().get(header::CONTENT_TYPE).unwrap(), "application/json");
        }
        let post = TestRequest::post().uri("/").to_http_request();
        assert_eq!(serve(post).await.status(), 404);
    }
}
