//! The supervision tree over a real store: ingest, orders, stock, live topics, crashes, verification.

mod plant;
mod smoke;
