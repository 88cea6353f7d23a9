//! Segments of paths, read and written: codes may hold any character but control characters.

use std::str::FromStr;

use actix_web::HttpRequest;
use domain::Rejection;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::problem::Problem;

/// What needs no encoding in a segment (RFC 3986, unreserved).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A segment of the path as text.
pub(crate) fn segment_text(req: &HttpRequest, name: &str) -> Result<String, Problem> {
    // The router leaves `%2F`, `%25` and `%2B` encoded, so that a code may hold a slash; nothing is decoded twice.
    let raw = req.match_info().get(name).ok_or_else(Problem::not_found)?;
    percent_decode_str(raw).decode_utf8().map(String::from).map_err(|_| Problem::not_found())
}

/// A segment of the path. What breaks the rule of its kind cannot exist: 404.
pub(crate) fn segment<T: FromStr<Err = Rejection>>(req: &HttpRequest, name: &str) -> Result<T, Problem> {
    segment_text(req, name)?.parse().map_err(|_| Problem::not_found())
}

/// The path of an object, for `Location`.
pub(crate) fn location(segments: &[&str]) -> String {
    let mut path = String::from("/api/v1");
    for segment in segments {
        path.push('/');
        path.extend(utf8_percent_encode(segment, SEGMENT));
    }
    path
}

#[cfg(test)]
mod tests {
    use actix_web::{App, HttpResponse, test, web};
    use domain::ids::OrderCode;

    use super::*;

    async fn show(req: HttpRequest) -> Result<HttpResponse, Problem> {
        let code: OrderCode = segment(&req, "code")?;
        Ok(HttpResponse::Ok().body(code.as_str().to_owned()))
    }

    #[actix_web::test]
    async fn a_code_survives_its_path() {
        let app = test::init_service(App::new().route("/api/v1/orders/{code}", web::get().to(show))).await;
        for code in ["PO-1", "A/B 7", "100%", "%41", "ä+ö", "a?b#c"] {
            let path = location(&["orders", code]);
            let answer =
                test::call_and_read_body(&app, test::TestRequest::get().uri(&path).to_request()).await;
            assert_eq!(answer, code.as_bytes(), "{path}");
        }
    }
}
