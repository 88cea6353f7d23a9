//! Bodies: their type, their size and the time they may take to arrive.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use super::parse_strict;
use crate::problem::Problem;

/// Until when a body must have come; in the application's data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyTimeout(pub Duration);

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// A JSON body, read strictly.
#[derive(Debug)]
pub(crate) struct JsonBody<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for JsonBody<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            check_json(&req)?;
            let bytes = read_body(&req, &mut payload).await?;
            parse_strict(&bytes).map(Self)
        })
    }
}

/// Whether the body says that it is JSON; a merge patch may say so too (RFC 7396).
fn check_json(req: &HttpRequest) -> Result<(), Problem> {
    match media_type(req).as_deref() {
        Some("application/json" | "application/merge-patch+json") => Ok(()),
        _ => Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)),
    }
}

/// The media type of a body without its parameters, in lower case; nothing for a charset other than UTF-8.
pub(crate) fn media_type(req: &HttpRequest) -> Option<String> {
    let text = req.headers().get(header::CONTENT_TYPE)?.to_str().ok()?.to_ascii_lowercase();
    let mut parts = text.split(';').map(str::trim);
    let media_type = parts.next()?.to_owned();
    let is_utf8 = |part: &str| {
        part.strip_prefix("charset=").is_none_or(|set| matches!(set.trim_matches('"'), "utf-8" | "utf8"))
    };
    parts.all(is_utf8).then_some(media_type)
}

/// Reads a whole body within the resource's limit and time.
pub(crate) async fn read_body(req: &HttpRequest, payload: &mut Payload) -> Result<Bytes, Problem> {
    let timeout = req.app_data::<BodyTimeout>().map_or(DEFAULT_TIMEOUT, |limit| limit.0);
    match tokio::time::timeout(timeout, Bytes::from_request(req, payload)).await {
        Err(_) => Err(Problem::of_status(StatusCode::REQUEST_TIMEOUT)),
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(match error.as_error::<PayloadError>() {
            Some(PayloadError::Overflow) => Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE),
            _ => match error.as_response_error().status_code() {
                status @ StatusCode::PAYLOAD_TOO_LARGE => Problem::of_status(status),
                _ => Problem::of_status(StatusCode::BAD_REQUEST),
            },
        }),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use actix_web::web::PayloadConfig;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Named {
        name: String,
    }

    async fn read(content_type: Option<&str>, body: &'static str) -> Result<String, u16> {
        let mut request = TestRequest::post().set_payload(body).app_data(PayloadConfig::new(32));
        if let Some(content_type) = content_type {
            request = request.insert_header((header::CONTENT_TYPE, content_type));
        }
        let (req, mut payload) = request.to_http_parts();
        let body = JsonBody::<Named>::from_request(&req, &mut payload).await;
        body.map(|JsonBody(named)| named.name).map_err(|problem| problem.status().as_u16())
    }

    #[actix_web::test]
    async fn checks_type_and_size() {
        let body = "{\"name\":\"saw\"}";
        assert_eq!(read(Some("application/json"), body).await, Ok("saw".to_owned()));
        assert_eq!(read(Some("Application/JSON; charset=UTF-8"), body).await, Ok("saw".to_owned()));
        assert_eq!(read(Some("application/merge-patch+json"), body).await, Ok("saw".to_owned()));
        assert_eq!(read(None, body).await, Err(415));
        assert_eq!(read(Some("text/plain"), body).await, Err(415));
        assert_eq!(read(Some("application/json; charset=latin1"), body).await, Err(415));
        let large = "{\"name\":\"0123456789012345678901234567890123456789\"}";
        assert_eq!(read(Some("application/json"), large).await, Err(413));
    }
}
