//! placeholder
pub mod live;
pub mod problem;
