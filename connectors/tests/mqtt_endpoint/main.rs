//! The MQTT endpoint against a scripted hub: raw packets, rumqttc, and everything a device may do wrong.

// Each module is marked as test code, so that its helpers may unwrap like the tests themselves.
#[cfg(test)]
mod clients;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod presence;
#[cfg(test)]
mod publishing;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod support;
#[cfg(test)]
mod to_devices;
