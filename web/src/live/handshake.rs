//! Which requests may become live sessions: HTTP/1.1, a known origin, the sub-protocol `topsteel.v1`.

use actix_web::HttpRequest;
use actix_web::http::{StatusCode, Version, header};
use actix_web_actors::ws;

use crate::problem::Problem;

/// The sub-protocol of [RFC 6455 section 1.9] that live sessions speak.
///
/// [RFC 6455 section 1.9]: https://www.rfc-editor.org/rfc/rfc6455#section-1.9
pub const SUBPROTOCOL: &str = "topsteel.v1";

/// Checks a request; `Ok(true)` if it offers the sub-protocol, which the answer then has to name. A client
/// that offers none is taken to speak it.
pub(super) fn check(request: &HttpRequest, allowed_origins: &[String]) -> Result<bool, Problem> {
    if request.version() != Version::HTTP_11 {
        return Err(refusal(
            StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            "http_version",
            "live sessions need HTTP/1.1",
        ));
    }
    if !is_known_origin(request, allowed_origins) {
        return Err(refusal(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            "this origin may not open live sessions",
        ));
    }
    ws::handshake(request).map_err(|error| match error {
        ws::HandshakeError::GetMethodRequired => Problem::of_status(StatusCode::METHOD_NOT_ALLOWED),
        ws::HandshakeError::NoWebsocketUpgrade | ws::HandshakeError::NoConnectionUpgrade => {
            refusal(StatusCode::UPGRADE_REQUIRED, "upgrade_required", "this is a WebSocket endpoint")
        }
        other => refusal(StatusCode::BAD_REQUEST, "bad_handshake", &other.to_string()),
    })?;
    match offered_protocols(request).collect::<Vec<_>>().as_slice() {
        [] => Ok(false),
        offered if offered.contains(&SUBPROTOCOL) => Ok(true),
        _ => Err(refusal(StatusCode::BAD_REQUEST, "unknown_subprotocol", "the sub-protocol is topsteel.v1")),
    }
}

fn refusal(status: StatusCode, code: &'static str, detail: &str) -> Problem {
    Problem::new(status, code, detail)
}

fn offered_protocols(request: &HttpRequest) -> impl Iterator<Item = &str> {
    let lines = request.headers().get_all(header::SEC_WEBSOCKET_PROTOCOL);
    let names = lines.flat_map(|line| line.to_str().unwrap_or_default().split(','));
    names.map(str::trim).filter(|name| !name.is_empty())
}

/// Browsers always send `Origin` with a handshake, and pages cannot forge it; other clients may leave it out.
/// The scheme is not compared with ours, because TLS may end before us.
fn is_known_origin(request: &HttpRequest, allowed_origins: &[String]) -> bool {
    let mut origins = request.headers().get_all(header::ORIGIN);
    let Some(origin) = origins.next() else { return true };
    let (Ok(origin), None) = (origin.to_str(), origins.next()) else { return false };
    if allowed_origins.iter().any(|allowed| allowed.trim_end_matches('/').eq_ignore_ascii_case(origin)) {
        return true;
    }
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    match (origin.split_once("://"), host) {
        (Some(("http" | "https", authority)), Some(host)) => authority.eq_ignore_ascii_case(host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn upgrade() -> TestRequest {
        TestRequest::get()
            .insert_header((header::HOST, "hub.example:8080"))
            .insert_header((header::UPGRADE, "websocket"))
            .insert_header((header::CONNECTION, "Upgrade"))
            .insert_header((header::SEC_WEBSOCKET_VERSION, "13"))
            .insert_header((header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="))
    }

    fn answer(request: TestRequest) -> Result<bool, (u16, &'static str)> {
        let allowed = ["https://erp.example/".to_owned()];
        check(&request.to_http_request(), &allowed)
            .map_err(|problem| (problem.status().as_u16(), problem.code()))
    }

    #[test]
    fn knows_its_own_and_the_allowed_origins() {
        let with_origin = |origin: &str| answer(upgrade().insert_header((header::ORIGIN, origin)));
        for known in ["http://hub.example:8080", "https://HUB.example:8080", "https://erp.example"] {
            assert_eq!(with_origin(known), Ok(false), "{known}");
        }
        for foreign in [
            "http://evil.example",
            "http://hub.example",
            "http://hub.example:8080.evil.example",
            "https://erp.example.evil.example",
            "http://erp.example",
            "null",
            "",
            "file://hub.example:8080",
        ] {
            assert_eq!(with_origin(foreign), Err((403, "foreign_origin")), "{foreign}");
        }
        let two = upgrade()
            .append_header((header::ORIGIN, "http://hub.example:8080"))
            .append_header((header::ORIGIN, "http://evil.example"));
        assert_eq!(answer(two), Err((403, "foreign_origin")));
        assert_eq!(answer(upgrade()), Ok(false));
    }

    #[test]
    fn agrees_on_the_subprotocol() {
        let offering = |names: &str| answer(upgrade().insert_header((header::SEC_WEBSOCKET_PROTOCOL, names)));
        assert_eq!(offering("topsteel.v1"), Ok(true));
        assert_eq!(offering("mqtt, topsteel.v1"), Ok(true));
        assert_eq!(offering("topsteel.v2,mqtt"), Err((400, "unknown_subprotocol")));
        let second_line = upgrade()
            .append_header((header::SEC_WEBSOCKET_PROTOCOL, "mqtt"))
            .append_header((header::SEC_WEBSOCKET_PROTOCOL, "topsteel.v1"));
        assert_eq!(answer(second_line), Ok(true));
    }

    #[test]
    fn refuses_what_is_not_an_upgrade() {
        assert_eq!(answer(upgrade().version(Version::HTTP_10)), Err((505, "http_version")));
        assert_eq!(answer(upgrade().version(Version::HTTP_2)), Err((505, "http_version")));
        assert_eq!(answer(TestRequest::get()), Err((426, "upgrade_required")));
        let old = upgrade().insert_header((header::SEC_WEBSOCKET_VERSION, "6"));
        assert_eq!(answer(old), Err((400, "bad_handshake")));
    }
}
