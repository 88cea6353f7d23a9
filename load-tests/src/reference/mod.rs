//! What the hub is compared with: the least that an endpoint, and that a database, can be made to do.

pub mod endpoint;
pub mod inserts;
