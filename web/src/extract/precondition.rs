//! `ETag` and `If-Match` (RFC 9110, 13.1.1): an object's version as a strong entity tag.

use actix_web::HttpRequest;
use actix_web::http::{StatusCode, header};
use domain::Code;

use crate::problem::Problem;

/// The entity tag of a version.
pub(crate) fn entity_tag(version: u64) -> String {
    format!("\"v{version}\"")
}

/// The version that the caller saw; nothing without `If-Match` and for `*`. A tag that was not made here matches
/// no version: 412. The precondition of several tags is not supported and never holds.
pub(crate) fn if_match(req: &HttpRequest) -> Result<Option<u64>, Problem> {
    let mut values = req.headers().get_all(header::IF_MATCH);
    let Some(value) = values.next() else { return Ok(None) };
    let failed = || {
        Problem::new(
            StatusCode::PRECONDITION_FAILED,
            Code::PreconditionFailed.as_str(),
            "the object does not have this entity tag",
        )
    };
    let tag = value.to_str().map_err(|_| failed())?.trim();
    if values.next().is_some() {
        return Err(failed());
    }
    if tag == "*" {
        return Ok(None);
    }
    let version = tag.strip_prefix("\"v").and_then(|rest| rest.strip_suffix('"'));
    version.and_then(|version| version.parse().ok()).map(Some).ok_or_else(failed)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn read(tag: Option<&str>) -> Result<Option<u64>, u16> {
        let mut request = TestRequest::default();
        if let Some(tag) = tag {
            request = request.insert_header((header::IF_MATCH, tag));
        }
        if_match(&request.to_http_request()).map_err(|problem| problem.status().as_u16())
    }

    #[test]
    fn reads_its_own_tags_only() {
        assert_eq!(read(None), Ok(None));
        assert_eq!(read(Some("*")), Ok(None));
        assert_eq!(read(Some(&entity_tag(7))), Ok(Some(7)));
        for foreign in ["v7", "W/\"v7\"", "\"7\"", "\"v7\", \"v8\"", "\"vx\"", ""] {
            assert_eq!(read(Some(foreign)), Err(412), "{foreign}");
        }
    }
}
