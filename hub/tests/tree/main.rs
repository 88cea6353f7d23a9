//! The supervision tree over a real store: ingest, orders, stock, live topics, crashes, verification.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod crashes;
mod log_trouble;
mod plant;
mod smoke;
