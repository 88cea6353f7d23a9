//! The plant: what all its lines say, in the order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use domain::Timestamp;
use domain::ids::{ArticleCode, LineAddress};
use domain::message::DeviceMessage;
use domain::wire::topic::DeviceTopic;

use crate::line::Line;
use crate::model::{PlantModel, Reporting};

/// A message of a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// When it leaves the machine; `message.envelope.at` is when it happened.
    pub at: Timestamp,
    /// On which topic.
    pub topic: DeviceTopic,
    /// What it says.
    pub message: DeviceMessage,
}

/// A plant that runs. The same model, seed, start and orders give the same messages.
#[derive(Clone, Debug)]
pub struct Plant {
    lines: Vec<Line>,
    /// The next message of each line.
    next: Vec<Option<Sent>>,
    due: BinaryHeap<Reverse<(Timestamp, usize)>>,
}

impl Plant {
    /// A plant that begins at this instant, all machines ready.
    pub fn new(model: PlantModel, seed: u64, start: Timestamp, reporting: Reporting) -> Self {
        let lines = model.lines.into_iter().map(|line| Line::new(line, seed, start, reporting)).collect();
        let mut plant = Self { lines, next: Vec::new(), due: BinaryHeap::new() };
        plant.next.resize(plant.lines.len(), None);
        for index in 0..plant.lines.len() {
            plant.look_ahead(index);
        }
        plant
    }

    fn look_ahead(&mut self, index: usize) {
        self.next[index] = self.lines[index].next_sent();
        if let Some(sent) = &self.next[index] {
            self.due.push(Reverse((sent.at, index)));
        }
    }

    /// When the next message leaves.
    pub fn due(&self) -> Option<Timestamp> {
        self.due.peek().map(|Reverse((at, _))| *at)
    }

    /// A line begins another order. A change of article is a changeover of its machines.
    pub fn take_order(&mut self, line: &LineAddress, article: &ArticleCode) {
        for line in self.lines.iter_mut().filter(|own| own.address == *line) {
            line.take_order(article.clone());
        }
    }

    /// From now on machines speak this often.
    pub fn report(&mut self, reporting: Reporting) {
        self.lines.iter_mut().for_each(|line| line.report(reporting));
    }
}

impl Iterator for Plant {
    type Item = Sent;

    /// The next message; a plant with machines always has one.
    fn next(&mut self) -> Option<Sent> {
        let Reverse((_, index)) = self.due.pop()?;
        let sent = self.next[index].take();
        self.look_ahead(index);
        sent
    }
}
