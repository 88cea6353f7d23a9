//! The hub as one program: its configuration, how its parts are put together, and its commands.

pub mod accounts;
pub mod assembly;
pub mod cli;
pub mod commands;
pub mod config;
mod data_dir;
mod demo;
mod logging;
mod metrics;
mod mqtt_ingress;
mod shutdown;

pub use data_dir::Addresses;
