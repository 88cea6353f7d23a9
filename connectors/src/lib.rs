//! The outside world behind ports: MQTT, stores, feeds.

pub mod feeds;
pub mod mqtt;
pub mod store;
