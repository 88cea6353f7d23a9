//! Limits and times of the MQTT endpoint.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Limits and times of the MQTT endpoint.
#[derive(Clone, Debug)]
pub struct MqttOptions {
    /// Where to listen; port 0 takes any free port.
    pub listen: SocketAddr,
    /// Threads that serve connections.
    pub workers: usize,
    /// From the accepted socket to the end of CONNECT.
    pub connect_timeout: Duration,
    /// The longest keep-alive granted to a v5 client, and the one set for a v5 client that asks for none.
    pub max_keep_alive: Duration,
    /// The largest payload; a packet may be larger by its header and properties.
    pub max_payload_bytes: u32,
    /// Messages of one connection that may wait for their commit.
    pub receive_maximum: u16,
    /// Topic aliases of one connection.
    pub max_topic_aliases: u16,
    /// Sessions at the same time.
    pub max_connections: usize,
    /// Subscriptions of one session.
    pub max_subscriptions: usize,
    /// From a lost session to `contact_lost`.
    pub offline_grace: Duration,
    /// How often the hub hears that a session, and so its machines, is alive.
    pub contact_interval: Duration,
}

impl Default for MqttOptions {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 1883)),
            workers: 2,
            connect_timeout: Duration::from_secs(10),
            max_keep_alive: Duration::from_secs(600),
            max_payload_bytes: 256 * 1024,
            receive_maximum: 64,
            max_topic_aliases: 32,
            max_connections: 10_000,
            max_subscriptions: 64,
            offline_grace: Duration::from_secs(30),
            contact_interval: Duration::from_secs(30),
        }
    }
}

impl MqttOptions {
    /// Room for topic and properties beside the largest payload.
    const HEADER_ROOM_BYTES: u32 = 8 * 1024;

    /// The largest packet that is read.
    pub(super) fn max_packet_bytes(&self) -> u32 {
        self.max_payload_bytes.saturating_add(Self::HEADER_ROOM_BYTES)
    }
}
