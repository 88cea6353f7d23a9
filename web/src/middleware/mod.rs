//! What happens around every request: observation, problem details, remembered answers.

mod idempotency;
mod observe;
mod problems;

pub use idempotency::{InFlight, idempotency};
pub use observe::{HttpMetrics, observe};
pub use problems::problems;
