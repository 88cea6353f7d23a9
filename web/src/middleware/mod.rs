//! What happens around every request: observation, problem details, remembered answers.

mod idempotency;
mod observe;
mod problems;

pub(crate) use idempotency::{InFlight, by, idempotency};
pub(crate) use observe::{HttpMetrics, observe};
pub(crate) use problems::problems;
