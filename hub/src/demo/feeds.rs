//! The recordings of the demo, inside the binary, and how each is played: over MQTT, for ever.

use std::borrow::Cow;
use std::io::Cursor;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use actors::clock::Clock;
use anyhow::Context;
use connectors::feeds::mqtt_publisher::{MqttPublisher, MqttTarget};
use connectors::feeds::replay::{ClockPace, ReplayOptions, RunId, play};
use connectors::feeds::schedule::Speed;
use connectors::feeds::{FeedError, Format, MachineAddress, Mapping, Recording};
use domain::ids::{LineAddress, MachineCode};
use jiff::SignedDuration;
use rust_embed::Embed;

use super::devices::Scope;
use crate::accounts::DeviceCredential;

/// Mapping files, recordings, and where they come from.
#[derive(Embed)]
#[folder = "../config/recordings"]
struct Files;

/// A value of each measure so often is enough to see it move, and keeps the database of a demo small.
const MEASURE_INTERVAL: SignedDuration = SignedDuration::from_millis(500);
const MAX_IN_FLIGHT: u16 = 16;

/// A recording of the demo: long pauses shortened, and fast enough that parts are made while one watches.
struct Source {
    recording: &'static str,
    format: Format,
    mapping: &'static str,
    /// The machine, if it is not the mapping's.
    address: Option<&'static str>,
    speed: f64,
    max_gap: SignedDuration,
}

const SOURCES: [Source; 4] = [
    Source {
        recording: "data/nist-smstestbed-hurco/mtc_adapter007.txt",
        format: Format::Shdr,
        mapping: "hurco.toml",
        address: None,
        speed: 100.0,
        max_gap: SignedDuration::from_secs(20),
    },
    // The adapter of a machine that was switched off: all it ever says is UNAVAILABLE.
    Source {
        recording: "data/nist-smstestbed-hurco/mtc_adapter010.txt",
        format: Format::Shdr,
        mapping: "hurco.toml",
        address: Some("demo/steelworks/milling/hurco-06"),
        speed: 1.0,
        max_gap: SignedDuration::from_secs(30),
    },
    Source {
        recording: "data/mtconnect-okuma/okuma.txt",
        format: Format::Shdr,
        mapping: "okuma.toml",
        address: None,
        speed: 30.0,
        max_gap: SignedDuration::from_secs(20),
    },
    Source {
        recording: "data/steel-industry-energy/Steel_industry_data.csv",
        format: Format::Csv,
        mapping: "steel-energy.toml",
        address: None,
        speed: 7200.0,
        max_gap: SignedDuration::from_mins(15),
    },
];

/// A machine of the demo and what it says.
#[derive(Debug)]
pub(super) struct Feed {
    /// Its line.
    pub(super) line: LineAddress,
    /// Its code.
    pub(super) machine: MachineCode,
    recording: &'static str,
    format: Format,
    mapping: Arc<Mapping>,
    options: ReplayOptions,
}

/// Every feed of the demo, so many times faster than usual.
pub(super) fn all(speed: f64) -> anyhow::Result<Vec<Feed>> {
    SOURCES.iter().map(|source| Feed::new(source, speed)).collect()
}

impl Feed {
    fn new(source: &Source, speed: f64) -> anyhow::Result<Self> {
        let speed = source.speed * speed;
        let mapping = file(source.mapping)?;
        let text =
            std::str::from_utf8(&mapping).with_context(|| format!("{} is not text", source.mapping))?;
        let mut mapping = Mapping::parse(text, Path::new(source.mapping))?;
        if let Some(address) = source.address {
            mapping = mapping.with_address(address.parse::<MachineAddress>()?);
        }
        let recorded = MEASURE_INTERVAL.mul_f64(speed);
        for rule in &mut mapping.measure {
            rule.min_interval = rule.min_interval.max(recorded);
        }
        mapping.group_window = mapping.group_window.max(recorded);
        let address = mapping.address.to_string();
        let [tenant, site, line, machine] = address.split('/').collect::<Vec<_>>()[..] else {
            anyhow::bail!("{address} is not the address of a machine");
        };
        Ok(Self {
            line: LineAddress { tenant: tenant.parse()?, site: site.parse()?, line: line.parse()? },
            machine: machine.parse()?,
            recording: source.recording,
            format: source.format,
            mapping: Arc::new(mapping),
            options: ReplayOptions { speed: Speed::times(speed)?, max_gap: source.max_gap, repeat: true },
        })
    }

    /// What it speaks for.
    pub(super) fn scope(&self) -> Scope {
        Scope { line: self.line.clone(), machine: Some(self.machine.clone()) }
    }

    fn open(&self) -> Result<Recording, FeedError> {
        let path = Path::new(self.recording);
        let content = Files::get(self.recording).map_or_else(|| Cow::Borrowed(&[][..]), |file| file.data);
        Recording::new(path, Box::new(Cursor::new(content)), self.format, Some(Arc::clone(&self.mapping)))
    }

    /// Plays the recording over MQTT, for ever.
    pub(super) async fn play(
        self,
        endpoint: SocketAddr,
        credential: DeviceCredential,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<()> {
        let publisher = MqttPublisher::start(MqttTarget {
            host: endpoint.ip().to_string(),
            port: endpoint.port(),
            client_id: self.scope().client_id(),
            credentials: Some((credential.username, credential.token)),
            max_in_flight: MAX_IN_FLIGHT,
        });
        let pace = ClockPace::new(clock);
        let played = play(|| self.open(), self.options, &RunId::random(), &publisher, &pace).await;
        played.map(drop).with_context(|| format!("the feed of {}/{}", self.line, self.machine))
    }
}

fn file(name: &str) -> anyhow::Result<Cow<'static, [u8]>> {
    Ok(Files::get(name).with_context(|| format!("{name} is not in the binary"))?.data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recording_is_in_the_binary_and_has_messages() {
        let feeds = all(1.0).unwrap();
        let machines: Vec<_> = feeds.iter().map(|feed| feed.machine.to_string()).collect();
        assert_eq!(machines, ["hurco-03", "hurco-06", "okuma-multus", "mill-feeder"]);
        for feed in &feeds {
            let messages = feed.open().unwrap().filter(|message| message.is_ok()).count();
            assert!(messages > 0, "{}", feed.recording);
        }
    }
}
