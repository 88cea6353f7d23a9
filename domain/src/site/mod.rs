//! The stream of a site: its order book, its stock ledger, what it took from its lines, and its own alerts.

mod command;
mod decide;
mod event;
mod state;
#[cfg(test)]
mod tests;

pub use command::{LineFact, SiteCommand, StockMove};
pub use decide::decide;
pub use event::{SiteEvent, alert_after, running_order_for};
pub use state::{SiteState, apply};
