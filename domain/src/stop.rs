//! Stops: intervals in which a machine that should run does not, and what people say about them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;
use crate::ids::{MachineCode, ReasonCode, Seq};
use crate::vocabulary::MachineState;

/// An interval in which a machine was known not to run, in one state for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Its id.
    pub id: Uuid,
    /// The machine.
    pub machine: MachineCode,
    /// The state it stood in: idle, setup, down or maintenance.
    pub state: MachineState,
    /// Why; unclassified while absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReasonCode>,
    /// Since when.
    pub from: Timestamp,
    /// Until when; absent while it lasts. A stop that turned out not to have been one ends where it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// What a person wrote about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The person whose word the reason (or that there is none) is; absent while it is the machine's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classified_by: Option<String>,
    /// When that person said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classified_at: Option<Timestamp>,
    /// The machine's own reason, while a person's word stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine_reason: Option<ReasonCode>,
    /// The stop that a person split this one off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_from: Option<Uuid>,
    /// The events of the line's stream it is made of, in order: the first and the newest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seqs: Vec<Seq>,
}

/// What the machine says of the stop it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard<'a> {
    /// Nothing new.
    Again,
    /// A reason that the stop takes in.
    Reason(&'a ReasonCode),
    /// Another reason than the one it stands for: that is another stop.
    Other,
}

impl Stop {
    /// How many events are remembered besides the first one.
    pub const MAX_SEQS: usize = 64;

    /// A stop that begins, as the machine reports it.
    pub fn new(
        id: Uuid,
        machine: MachineCode,
        state: MachineState,
        reason: Option<ReasonCode>,
        from: Timestamp,
    ) -> Self {
        Self {
            id,
            machine,
            state,
            reason,
            from,
            to: None,
            comment: None,
            classified_by: None,
            classified_at: None,
            machine_reason: None,
            split_from: None,
            seqs: Vec::new(),
        }
    }

    /// Whether its reason is a person's word.
    pub fn is_classified(&self) -> bool {
        self.classified_by.is_some()
    }

    /// Whether it has no length: nothing is left of it.
    pub fn is_empty(&self) -> bool {
        self.to == Some(self.from)
    }

    /// Whether the machine stood in it at an instant.
    pub fn covers(&self, at: Timestamp) -> bool {
        self.from <= at && self.ends_after(at)
    }

    /// Whether it lasts, or ended after an instant.
    pub fn ends_after(&self, at: Timestamp) -> bool {
        self.to.is_none_or(|to| to > at)
    }

    /// What it means that the machine reports the same state again, with this reason.
    pub(crate) fn heard<'a>(&self, reason: Option<&'a ReasonCode>) -> Heard<'a> {
        let own = if self.is_classified() { &self.machine_reason } else { &self.reason };
        match reason {
            None => Heard::Again,
            Some(reason) if own.as_ref() == Some(reason) => Heard::Again,
            Some(reason) if self.reason.as_ref().is_none_or(|known| known == reason) => Heard::Reason(reason),
            Some(_) => Heard::Other,
        }
    }

    /// The machine gives its own reason. A person's reason stands.
    pub(crate) fn give_reason(&mut self, reason: &ReasonCode) {
        if self.is_classified() && self.reason.is_some() {
            self.machine_reason = Some(reason.clone());
        } else {
            self.reason = Some(reason.clone());
            (self.classified_by, self.classified_at, self.machine_reason) = (None, None, None);
        }
    }

    /// A person says why, or that nobody knows.
    pub(crate) fn classify(&mut self, reason: Option<ReasonCode>, by: &str, at: Timestamp) {
        let before = std::mem::replace(&mut self.reason, reason);
        if !self.is_classified() {
            self.machine_reason = before;
        }
        self.classified_by = Some(by.to_owned());
        self.classified_at = Some(at);
    }

    /// Cuts it in two; what lies after the instant is the other stop.
    #[must_use]
    pub(crate) fn split(&mut self, at: Timestamp, id: Uuid) -> Self {
        let later = Self { id, from: at, split_from: Some(self.id), ..self.clone() };
        self.to = Some(at);
        later
    }

    /// Remembers an event it is made of.
    pub(crate) fn made_of(&mut self, seq: Seq) {
        if self.seqs.contains(&seq) {
            return;
        }
        self.seqs.push(seq);
        if self.seqs.len() > Self::MAX_SEQS + 1 {
            self.seqs.remove(1);
        }
    }
}
