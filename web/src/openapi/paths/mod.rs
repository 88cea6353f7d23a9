//! The operations, in the order of `routes/mod.rs`.

pub(super) mod directory;
pub(super) mod hub;
pub(super) mod line;
pub(super) mod operation;
pub(super) mod planning;
pub(super) mod session;
