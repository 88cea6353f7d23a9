//! The voice of one machine: its topics, ids and times, parts that are not told yet, and a connection that fails.

use std::collections::VecDeque;

use domain::ids::{LineAddress, MachineCode, MessageId};
use domain::message::{Content, CountMessage, DeviceMessage};
use domain::receipt::Envelope;
use domain::wire::topic::{Channel, DeviceTopic};
use domain::{Quantity, Timestamp};

use crate::sim::Sent;

/// What a machine says, and what it could not say yet.
#[derive(Clone, Debug)]
pub(crate) struct Voice {
    line: LineAddress,
    machine: MachineCode,
    run: String,
    said: u64,
    good: i64,
    scrap: i64,
    counted_ms: i64,
    /// What was said while the connection was lost; none while it stands.
    held: Option<Vec<(Channel, DeviceMessage)>>,
}

impl Voice {
    /// A machine that has said nothing. `run` makes its ids those of this run.
    pub(crate) fn new(line: LineAddress, machine: MachineCode, run: &str, at_ms: i64) -> Self {
        let run = run.to_owned();
        Self { line, machine, run, said: 0, good: 0, scrap: 0, counted_ms: at_ms, held: None }
    }

    /// Says something now, or keeps it until the connection is back.
    pub(crate) fn say(&mut self, content: Content, now_ms: i64, out: &mut VecDeque<Sent>) {
        self.said += 1;
        let channel = match &content {
            Content::State(_) => Channel::State,
            Content::Count(_) => Channel::Count,
            Content::Measure(_) => Channel::Measure,
            Content::Alarm(_) => Channel::Alarm,
            Content::Order(_) => Channel::Order,
            Content::Stock(_) => Channel::Stock,
        };
        let at = Timestamp::from_millis(now_ms);
        let buffered = self.held.is_some();
        // Hexadecimal digits, hyphens and a number are an id.
        let id = MessageId::parse(&format!("{}-{}", self.run, self.said)).ok();
        let message = DeviceMessage { envelope: Envelope { id, at: Some(at), buffered }, content };
        match &mut self.held {
            Some(held) => held.push((channel, message)),
            None => out.push_back(self.send(channel, message, at)),
        }
    }

    fn send(&self, channel: Channel, message: DeviceMessage, at: Timestamp) -> Sent {
        let LineAddress { tenant, site, line } = self.line.clone();
        let topic = DeviceTopic::Machine { tenant, site, line, machine: self.machine.clone(), channel };
        Sent { at, topic, message }
    }

    /// One more part; it is told if the last one was told long enough ago.
    pub(crate) fn count(&mut self, good: bool, every_ms: i64, now_ms: i64, out: &mut VecDeque<Sent>) {
        if good {
            self.good += 1;
        } else {
            self.scrap += 1;
        }
        if now_ms - self.counted_ms >= every_ms {
            self.tell_parts(now_ms, out);
        }
    }

    /// Tells the parts that are not told yet.
    pub(crate) fn tell_parts(&mut self, now_ms: i64, out: &mut VecDeque<Sent>) {
        let (good, scrap) = (std::mem::take(&mut self.good), std::mem::take(&mut self.scrap));
        if good + scrap > 0 {
            self.counted_ms = now_ms;
            let (good, scrap) = (Quantity::from_units(good), Quantity::from_units(scrap));
            self.say(Content::Count(CountMessage::Increment { good, scrap }), now_ms, out);
        }
    }

    /// The connection is lost.
    pub(crate) fn lose_connection(&mut self) {
        self.held.get_or_insert_default();
    }

    /// The connection is back: what was kept leaves at once.
    pub(crate) fn regain_connection(&mut self, now_ms: i64, out: &mut VecDeque<Sent>) {
        let at = Timestamp::from_millis(now_ms);
        for (channel, message) in self.held.take().unwrap_or_default() {
            out.push_back(self.send(channel, message, at));
        }
    }
}
