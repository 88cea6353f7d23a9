//! REST, the live socket and the embedded dashboard on actix-web; rules and state are elsewhere.

pub mod auth;
mod authorize;
mod dashboard;
mod extract;
pub mod live;
mod lttb;
mod middleware;
mod openapi;
mod options;
mod problem;
mod routes;
mod server;
mod trail;

pub use authorize::Action;
pub use dashboard::is_built as has_dashboard;
pub use openapi::document_json as openapi_json;
pub use options::{WebLimits, WebOptions};
pub use problem::{FieldError, PROBLEM_JSON, Problem};
pub use server::{Server, StartError};
