//! Gives errors of the framework (404, 405, 413 …) the problem details that our own errors have.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError};

use crate::problem::{PROBLEM_JSON, Problem};

/// The middleware.
pub(crate) async fn problems<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let answer = next.call(req).await?;
    let status = answer.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let content_type = answer.headers().get(header::CONTENT_TYPE).map(|value| value.as_bytes().to_vec());
    let explains_itself = content_type
        .is_some_and(|value| value == PROBLEM_JSON.as_bytes() || value.starts_with(b"application/json"));
    if !is_error || explains_itself {
        return Ok(answer.map_into_left_body());
    }
    let allow = answer.headers().get(header::ALLOW).cloned();
    let mut explained = Problem::of_status(status).error_response();
    if let Some(allow) = allow {
        explained.headers_mut().insert(header::ALLOW, allow);
    }
    Ok(answer.into_response(explained).map_into_right_body())
}
