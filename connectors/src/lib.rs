//! The outside world behind ports: stores, MQTT, feeds of recordings.

pub mod store;
