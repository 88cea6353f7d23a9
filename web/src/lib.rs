//! REST, the live socket and the embedded dashboard on actix-web; rules and state are elsewhere.

pub mod auth;
mod authorize;
mod dashboard;
mod extract;
pub mod live;
mod middleware;
mod options;
mod problem;
mod trail;

pub use authorize::Action;
pub use dashboard::is_built as has_dashboard;
pub use options::{WebLimits, WebOptions};
pub use problem::{FieldError, PROBLEM_JSON, Problem};
