//! The plant that is measured: lines with machines, their topics, and the messages they send.

use domain::Quantity;
use domain::ids::MessageId;
use domain::message::{Content, CountMessage, DeviceMessage};
use domain::receipt::Envelope;
use domain::wire::payload::encode;

/// The tenant of the measurements.
pub const TENANT: &str = "bench";
/// Its only site.
pub const SITE: &str = "plant";

/// How large the plant is.
#[derive(Clone, Copy, Debug)]
pub struct Plant {
    /// Lines of the site.
    pub lines: usize,
    /// Machines of each line; the first one is the line's output.
    pub machines_per_line: usize,
}

impl Plant {
    /// Machines of the plant; they are numbered from 0, line by line.
    pub fn machines(&self) -> usize {
        self.lines * self.machines_per_line
    }

    /// The code of a line.
    pub fn line_code(line: usize) -> String {
        format!("line-{line:03}")
    }

    /// The code of the machine at a place of a line.
    pub fn machine_code(place: usize) -> String {
        format!("m{place}")
    }

    /// The topic on which a machine reports what it made.
    pub fn count_topic(&self, machine: usize) -> String {
        let line = Self::line_code(machine / self.machines_per_line);
        let machine = Self::machine_code(machine % self.machines_per_line);
        format!("hub/v1/{TENANT}/{SITE}/{line}/{machine}/count")
    }

    /// The machines of a connection: the plant is dealt out evenly, neighbours together.
    pub fn machines_of(&self, connection: usize, connections: usize) -> std::ops::Range<usize> {
        let share = |index: usize| index * self.machines() / connections;
        share(connection)..share(connection + 1)
    }
}

/// A machine made one more part, and gives the message an id, so that it counts once whatever happens.
pub fn one_more(machine: usize, number: u64) -> anyhow::Result<String> {
    let id = MessageId::parse(&format!("{machine}-{number}"))?;
    let content = CountMessage::Increment { good: Quantity::from_units(1), scrap: Quantity::ZERO };
    let envelope = Envelope { id: Some(id), ..Envelope::default() };
    Ok(encode(&DeviceMessage { envelope, content: Content::Count(content) }))
}
