//! What the gateway shows of messages to whoever watches `messages/…`; while nobody does, one load a packet.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use domain::ids::{LineCode, SiteAddress};
use domain::wire::payload::Refusal;
use domain::wire::tail::{TailEntry, TailStatus};
use domain::wire::topic::{DeviceTopic, LiveTopic};
use domain::{Rejection, Timestamp};

use super::letters::elements;
use super::{IngestGateway, ItemOutcome, Sender};
use crate::live::Tail;
use crate::registry::TopicKey;

/// A packet whose outcomes are known.
pub(super) struct Shown<'a> {
    pub(super) sender: &'a Sender,
    pub(super) topic: &'a str,
    pub(super) parsed: Option<&'a DeviceTopic>,
    pub(super) raw: &'a Bytes,
    pub(super) received_at: Timestamp,
}

impl IngestGateway {
    /// Shows a packet to those who watch its site or line. Only within the sender's tenant: what somebody sends to
    /// another one's topics is nobody's to see.
    pub(super) fn show(&self, shown: &Shown<'_>, outcomes: &[ItemOutcome]) {
        if !self.shared.registry.is_tailed() {
            return;
        }
        let place = match shown.parsed {
            Some(topic) => Some((topic.site_address(), topic.line_address().map(|address| address.line))),
            None => DeviceTopic::place_of(shown.topic),
        };
        let Some((site, line)) = place.filter(|(site, _)| site.tenant == *shown.sender.scope.tenant()) else {
            return;
        };
        let tails = self.tails(site, line.as_ref());
        if !tails.is_empty() {
            show_to(&tails, shown, line.as_ref(), outcomes);
        }
    }

    /// Shows a message that was refused before it came here.
    pub fn show_refusal(&self, sender: &Sender, topic: &str, refusal: &Refusal, raw: &Bytes) {
        let Refusal { id, index, rejection } = refusal;
        let id = id.as_ref().map(ToString::to_string);
        let parsed = DeviceTopic::parse(topic).ok();
        let shown = Shown { sender, topic, parsed: parsed.as_ref(), raw, received_at: self.now() };
        self.show(&shown, &[ItemOutcome::Refused { id, index: *index, rejection: rejection.clone() }]);
    }

    fn tails(&self, SiteAddress { tenant, site }: SiteAddress, line: Option<&LineCode>) -> Vec<Arc<Tail>> {
        let of_line = line.map(|line| LiveTopic::LineMessages(site.clone(), line.clone()));
        let topics = of_line.into_iter().chain([LiveTopic::SiteMessages(site)]);
        let keys = topics.map(|topic| TopicKey { tenant: tenant.clone(), topic });
        keys.filter_map(|key| self.shared.registry.tail(&key)).collect()
    }
}

fn show_to(tails: &[Arc<Tail>], shown: &Shown<'_>, line: Option<&LineCode>, outcomes: &[ItemOutcome]) {
    let now = Instant::now();
    // Parsed a second time only for packets of which something is shown.
    let mut parts: Option<Vec<&[u8]>> = None;
    for (place, outcome) in outcomes.iter().enumerate() {
        let refused = matches!(outcome, ItemOutcome::Refused { .. });
        let admitting: Vec<_> = tails.iter().filter(|tail| tail.admits(refused, now)).collect();
        if admitting.is_empty() {
            continue;
        }
        let parts = parts.get_or_insert_with(|| elements(shown.raw));
        // A packet that was refused as a whole has one outcome, however many elements it has.
        let part = (parts.len() == outcomes.len()).then(|| parts[place]);
        let text = String::from_utf8_lossy(part.unwrap_or(shown.raw));
        let detail = refusal_of(outcome).map(ToString::to_string).unwrap_or_default();
        let entry = TailEntry::new(shown.received_at, shown.topic, &shown.sender.name, &text);
        let entry = entry.addressed(shown.parsed, line);
        let entry = match outcome {
            ItemOutcome::Accepted { id } => TailEntry { id: id.as_deref(), ..entry },
            ItemOutcome::Duplicate { id } => {
                TailEntry { id: id.as_deref(), status: TailStatus::Duplicate, ..entry }
            }
            ItemOutcome::Refused { id, rejection, .. } => {
                TailEntry { id: id.as_deref(), ..entry.refused(rejection.code.as_str(), &detail) }
            }
        };
        let entry = TailEntry { index: part.map(|_| place), ..entry };
        // Texts and numbers: nothing in an entry can fail to serialise.
        let Ok(value) = serde_json::to_value(&entry) else { continue };
        admitting.iter().for_each(|tail| tail.push(value.clone()));
    }
}

fn refusal_of(outcome: &ItemOutcome) -> Option<&Rejection> {
    match outcome {
        ItemOutcome::Refused { rejection, .. } => Some(rejection),
        ItemOutcome::Accepted { .. } | ItemOutcome::Duplicate { .. } => None,
    }
}
