//! Refusals as RFC 9457 problem details, and the one table from stable codes to HTTP statuses.

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use actors::ports::StoreError;
use domain::{Code, Rejection};
use serde::Serialize;

/// The media type of every error.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What a refused request is answered with. The cause of a fault is logged, never shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    retry_after_s: Option<u64>,
}

/// One field at fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field, as the sender wrote it: `values.temp`, `roles[0]`.
    pub field: String,
    /// The stable code.
    pub code: &'static str,
    /// The rule that was broken.
    pub detail: String,
}

/// The stable code of an error, beside the answer, for the audit trail.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProblemCode(pub(crate) &'static str);

#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
}

/// The status of a domain refusal whose object the path names; references in a body are 422 instead.
fn status_of(code: Code) -> StatusCode {
    match code {
        Code::InvalidJson => StatusCode::BAD_REQUEST,
        Code::InvalidField
        | Code::UnknownField
        | Code::InvalidTopic
        | Code::UnitMismatch
        | Code::OutOfRange
        | Code::TooOld
        | Code::PoisonMessage
        | Code::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        Code::OutOfScope => StatusCode::FORBIDDEN,
        Code::UnknownTenant
        | Code::UnknownSite
        | Code::UnknownLine
        | Code::UnknownMachine
        | Code::UnknownArticle
        | Code::UnknownOrder
        | Code::UnknownAlert
        | Code::UnknownStop
        | Code::UnknownRule
        | Code::UnknownDeadLetter => StatusCode::NOT_FOUND,
        Code::AlreadyExists
        | Code::IllegalTransition
        | Code::LineBusy
        | Code::InsufficientStock
        | Code::InUse => StatusCode::CONFLICT,
        Code::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::LineQuarantined => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The field of a body that refers to the kind of object a code says is unknown.
fn reference_of(code: Code) -> Option<&'static str> {
    match code {
        Code::UnknownSite => Some("site"),
        Code::UnknownLine => Some("line"),
        Code::UnknownMachine => Some("machine"),
        Code::UnknownArticle => Some("article"),
        Code::UnknownOrder => Some("order"),
        _ => None,
    }
}

impl Problem {
    /// A problem with a status, a stable code and a sentence.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), errors: Vec::new(), retry_after_s: None }
    }

    /// A field that breaks its rule: 422.
    pub fn field(code: &'static str, field: impl Into<String>, detail: impl Into<String>) -> Self {
        let (field, detail) = (field.into(), detail.into());
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, format!("{field}: {detail}"));
        problem.errors.push(FieldError { field, code, detail });
        problem
    }

    /// A field with an invalid value: 422 `invalid_field`.
    pub fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::field(Code::InvalidField.as_str(), field, detail)
    }

    /// A field that refers to something that does not exist, or not for this caller: 422.
    pub fn unknown_reference(code: Code, field: impl Into<String>) -> Self {
        Self::field(code.as_str(), field, "does not exist")
    }

    /// A field whose value collides with something that exists: 409.
    pub fn conflict(code: Code, field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { status: StatusCode::CONFLICT, ..Self::field(code.as_str(), field, detail) }
    }

    /// A refusal of the domain. An unknown object is a 404, unless it is one of the `references` that the
    /// body made (`article` of an order): then it is a 422 that names the field.
    pub fn rejected(rejection: &Rejection, references: &[&str]) -> Self {
        let code = rejection.code;
        let reference = reference_of(code).filter(|field| references.contains(field));
        let field = rejection.field.as_deref().or(reference);
        let mut problem = Self::new(status_of(code), code.as_str(), rejection.to_string());
        if reference.is_some() {
            problem.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        if let (StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT, Some(field)) =
            (problem.status, field)
        {
            let detail = rejection.detail.clone();
            problem.errors.push(FieldError { field: field.to_owned(), code: code.as_str(), detail });
        }
        if problem.status == StatusCode::SERVICE_UNAVAILABLE {
            problem.retry_after_s = Some(5);
        }
        problem
    }

    /// No valid credential. The same for every cause, so that a caller learns nothing from it.
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "a valid credential is required")
    }

    /// The caller is known and may not do this.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "your roles do not allow this")
    }

    /// There is nothing here for this caller.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "there is no such resource")
    }

    /// Nothing was done; the same request may succeed later.
    pub fn unavailable(code: &'static str, retry_after_ms: u64) -> Self {
        let mut problem =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, code, "not available now, try again later");
        problem.retry_after_s = Some(retry_after_ms.div_ceil(1000).max(1));
        problem
    }

    /// Too many attempts; again after so many seconds.
    pub fn throttled(retry_after_s: u64) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_attempts",
            "too many failed attempts, try again later",
        );
        problem.retry_after_s = Some(retry_after_s.max(1));
        problem
    }

    /// A defect on our side; its cause goes to the log.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "an internal error occurred")
    }

    /// What stands for an answer of the framework that has no problem details of its own.
    pub fn of_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::BAD_REQUEST => ("bad_request", "the request cannot be read"),
            StatusCode::UNAUTHORIZED => return Self::unauthenticated(),
            StatusCode::FORBIDDEN => return Self::forbidden(),
            StatusCode::NOT_FOUND => return Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method_not_allowed", "the resource does not have this method")
            }
            StatusCode::REQUEST_TIMEOUT => ("request_timeout", "the request took too long to arrive"),
            StatusCode::PAYLOAD_TOO_LARGE => (Code::TooLarge.as_str(), "the body is too large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                ("unsupported_media_type", "the body must be application/json")
            }
            StatusCode::SERVICE_UNAVAILABLE => return Self::unavailable("unavailable", 1000),
            status if status.is_server_error() => return Self { status, ..Self::internal() },
            _ => ("refused", "the request is refused"),
        };
        Self::new(status, code, detail)
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The public sentence.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The fields at fault.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status);
        answer.insert_header((header::CONTENT_TYPE, PROBLEM_JSON));
        answer.insert_header((header::CACHE_CONTROL, "no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if let Some(seconds) = self.retry_after_s {
            answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        let body = Body {
            r#type: format!("urn:topsteel:problem:{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
            errors: &self.errors,
        };
        let mut answer = answer.body(serde_json::to_string(&body).unwrap_or_default());
        answer.extensions_mut().insert(ProblemCode(self.code));
        answer
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        Self::rejected(&rejection, &[])
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) => {
                tracing::warn!(%cause, "the store did not answer a request");
                Self::unavailable("store_unavailable", 1000)
            }
            StoreError::Corrupt(cause) => {
                tracing::error!(%cause, "stored data cannot be read");
                Self::internal()
            }
            StoreError::Conflict(_) => Self::new(
                StatusCode::CONFLICT,
                Code::AlreadyExists.as_str(),
                "an object with this key exists",
            ),
            StoreError::InvalidCursor => Self::invalid("cursor", "was not made by this list"),
            StoreError::TooMany { limit } => Self::invalid(
                "from",
                format!("the span holds more than {limit} rows; ask for less at a time"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use serde_json::{Value, json};

    use super::*;

    async fn body_of(problem: &Problem) -> (HttpResponse<()>, Value) {
        let (head, body) = problem.error_response().into_parts();
        let bytes = to_bytes(body).await.unwrap();
        (head, serde_json::from_slice(&bytes).unwrap())
    }

    #[actix_web::test]
    async fn names_the_field_and_the_rule() {
        let problem = Problem::from(Rejection::invalid("code", "must be a slug"));
        let (head, body) = body_of(&problem).await;
        assert_eq!(head.status(), 422);
        assert_eq!(head.headers().get("content-type").unwrap(), PROBLEM_JSON);
        assert_eq!(
            body,
            json!({
                "type": "urn:topsteel:problem:invalid_field", "title": "Unprocessable Entity", "status": 422,
                "detail": "code: must be a slug", "code": "invalid_field",
                "errors": [{"field": "code", "code": "invalid_field", "detail": "must be a slug"}],
            })
        );
    }

    #[actix_web::test]
    async fn an_unknown_object_is_404_in_a_path_and_422_in_a_body() {
        let unknown = Rejection::new(Code::UnknownArticle, Some("article"), "there is no article S");
        assert_eq!(Problem::rejected(&unknown, &[]).status(), 404);
        let reference = Problem::rejected(&unknown, &["site", "article"]);
        assert_eq!(reference.status(), 422);
        assert_eq!(reference.errors()[0].field, "article");
    }

    #[actix_web::test]
    async fn says_when_to_come_again() {
        let (head, body) = body_of(&Problem::unavailable("queue_full", 1500)).await;
        assert_eq!((head.status().as_u16(), body["code"].as_str()), (503, Some("queue_full")));
        assert_eq!(head.headers().get("retry-after").unwrap(), "2");
        let (head, _) = body_of(&Problem::throttled(90)).await;
        assert_eq!(
            (head.status().as_u16(), head.headers().get("retry-after").unwrap()),
            (429, &"90".parse().unwrap())
        );
        let (head, _) = body_of(&Problem::unauthenticated()).await;
        assert_eq!(head.headers().get("www-authenticate").unwrap(), "Bearer");
    }

    #[test]
    fn hides_the_cause_of_a_fault() {
        let problem = Problem::from(StoreError::Unavailable("secret path /var/lib".into()));
        assert!(!problem.to_string().contains("secret"));
        assert_eq!(Problem::from(StoreError::Corrupt("row 7".into())).detail(), "an internal error occurred");
    }
}
