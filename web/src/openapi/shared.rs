//! What many operations have in common and refer to: headers and refusals.

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{ComponentsBuilder, ContentBuilder, Required};

use super::operation::{Schemas, collect, text};
use super::schema::service::Problem;
use crate::problem::PROBLEM_JSON;

pub(super) const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
pub(super) const IF_MATCH: &str = "If-Match";
pub(super) const TENANT: &str = "X-Tenant-ID";

/// The headers and refusals that operations share.
pub(super) fn all(components: ComponentsBuilder, schemas: &mut Schemas) -> ComponentsBuilder {
    let headers = [
        (IDEMPOTENCY_KEY, "1 to 255 characters. The same request with the same key is done once."),
        (IF_MATCH, "The ETag that the object had when it was read."),
        (TENANT, "Another tenant of the user."),
    ];
    let components = headers.into_iter().fold(components, |components, (name, description)| {
        let header = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(description))
            .schema(Some(text()));
        components.parameter(name, header.build())
    });
    let problem = ContentBuilder::new().schema(Some(collect::<Problem>(schemas))).build();
    let refused = Response::builder().description("Refused.").content(PROBLEM_JSON, problem).build();
    let seconds = HeaderBuilder::new().schema(Some(text())).description(Some("Seconds to wait.")).build();
    components
        .response(
            refusal_name(503),
            ResponseBuilder::from(refused.clone()).header("Retry-After", seconds).build(),
        )
        .response(refusal_name(400), refused)
}

/// The shared answer of a status: some say when to come again.
pub(super) fn refusal_name(status: u16) -> &'static str {
    if matches!(status, 429 | 503) { "NotNow" } else { "Refused" }
}
