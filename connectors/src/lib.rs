//! The outside world behind ports: MQTT, stores, feeds of machines.

pub mod feeds;
pub mod mqtt;
pub mod store;
