//! The MQTT endpoint against a scripted hub: raw packets, rumqttc, and everything a device may do wrong.

mod clients;
mod limits;
mod presence;
mod publishing;
mod sessions;
mod support;
mod to_devices;
