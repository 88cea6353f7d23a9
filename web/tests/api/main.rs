//! REST over real sockets: the production application on any free port, the real tree behind it, a store in memory.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod auth;
mod calendar;
mod contract;
mod devices;
mod directory;
mod errors;
mod helpers;
mod idempotency;
mod ingest;
mod kpi;
mod openapi;
mod operation;
mod planning;
mod press;
mod service;
mod stock;
mod stops;
mod tenancy;
mod timeline;
