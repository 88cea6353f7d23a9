//! End to end: the hub as a process, with the faults that happen in a plant and clients as users have them.
//!
//! A new test is a module here, so that `hub/tests/support/` is compiled once.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod bad_input;
mod clients;
mod crash;
mod first_message;
mod live;
mod load;
mod offline;
mod shutdown;
#[path = "../support/mod.rs"]
mod support;
