//! The supervision tree, the journal, the registry, live topics, and the ports to the outside.

pub mod clock;
pub mod ports;
