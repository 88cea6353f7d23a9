//! What people see: the shapes of the live topics (protocols.md), made from state, configuration and the time.
//!
//! Collections are objects keyed by code or id, and what is not known is absent, so that merge patches work.

mod alerts;
mod line;
mod site;

pub use alerts::{AlertCounts, AlertView};
pub use line::{LineView, Quality, SILENT_AFTER, STALE_AFTER, andon};
pub use site::{LineTile, SiteHead, SiteView};

use crate::Quantity;

/// Ratios leave with four decimals: enough for a board, and no frame for noise.
fn rounded(ratio: Option<f64>) -> Option<f64> {
    ratio.map(|ratio| (ratio * 10_000.0).round() / 10_000.0)
}

/// How much of a planned quantity is made, from 0 to more than 1.
fn progress(good: Quantity, planned: Quantity) -> Option<f64> {
    planned.is_positive().then(|| good.as_f64() / planned.as_f64())
}

#[cfg(test)]
mod tests;
