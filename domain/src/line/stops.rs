//! What people do with stops: say why, comment, split; and how reports of machines end what people split.
//!
//! A stop may have left the live state long ago. Then the command brings it as the projection has it, with how
//! far the stream was when that was read, and the state knows whether a stop that left has changed since.

use uuid::Uuid;

use super::{LineEvent, LineSpec, LineState};
use crate::ids::{LineAddress, ReasonCode, Seq};
use crate::stop::Stop;
use crate::{Rejection, Timestamp};

const MAX_COMMENT_CHARS: usize = 500;

/// A stop as the projection has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundStop {
    /// The stop.
    pub stop: Stop,
    /// What was split off at the instant that the change names, if it was.
    pub split_off: Option<Stop>,
    /// The head of the line's stream when they were read.
    pub read_at: Seq,
}

/// What a person changes; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StopChange {
    /// Another reason, or none.
    pub reason: Option<Option<ReasonCode>>,
    /// Another comment, or none.
    pub comment: Option<Option<String>>,
    /// Where it is to be cut in two; reason and comment above are the earlier part's.
    pub split_at: Option<Timestamp>,
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq)]
pub struct StopChanged {
    /// What happened; nothing if everything was so already.
    pub events: Vec<LineEvent>,
    /// The stop as it is then.
    pub stop: Stop,
    /// What was split off.
    pub split_off: Option<Stop>,
}

/// Why a stop was not changed.
#[derive(Clone, Debug, PartialEq)]
pub enum StopRefusal {
    /// A rule was broken.
    Rejected(Rejection),
    /// The stop may have changed since it was read: read it again.
    Stale,
}

impl From<Rejection> for StopRefusal {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

/// The id of what is split off a stop at an instant: the same split sent again names the same stop.
pub fn split_id(line: &LineAddress, stop: Uuid, at: Timestamp) -> Uuid {
    Uuid::new_v5(&super::state::EVENT_IDS, format!("{line}#{stop}@{}", at.as_millis()).as_bytes())
}

/// A person changes a stop.
pub fn decide_stop_change(
    state: &LineState,
    spec: &LineSpec,
    found: &FoundStop,
    change: &StopChange,
    by: &str,
    now: Timestamp,
) -> Result<StopChanged, StopRefusal> {
    let stop = current(state, &found.stop, found.read_at)?.clone();
    let mut changed = StopChanged { events: Vec::new(), stop, split_off: None };
    if let Some(at) = change.split_at {
        changed.split(state, found, at, by, now)?;
    }
    if let Some(reason) = &change.reason {
        check_reason(spec, reason.as_ref())?;
        changed.classify(state, reason, by, now);
    }
    if let Some(comment) = &change.comment {
        let comment = comment.as_deref().map(str::trim).filter(|comment| !comment.is_empty());
        check_comment(comment)?;
        changed.comment(state, comment, by, now);
    }
    Ok(changed)
}

/// A stop as it is now: the state's, or the one that was read if it has left the state and not changed since.
fn current<'a>(state: &'a LineState, read: &'a Stop, read_at: Seq) -> Result<&'a Stop, StopRefusal> {
    match state.stops.get(&read.id) {
        Some(known) => Ok(known),
        None if read_at < state.stops_left_at || read.to.is_none() => Err(StopRefusal::Stale),
        None => Ok(read),
    }
}

fn check_reason(spec: &LineSpec, reason: Option<&ReasonCode>) -> Result<(), Rejection> {
    match reason {
        Some(code) if !spec.reasons.is_empty() && spec.reasons.iter().all(|known| known.code != *code) => {
            let known: Vec<&str> = spec.reasons.iter().map(|reason| reason.code.as_str()).collect();
            Err(Rejection::invalid("reason", format!("must be one of the line's: {}", known.join(", "))))
        }
        _ => Ok(()),
    }
}

fn check_comment(comment: Option<&str>) -> Result<(), Rejection> {
    match comment {
        Some(text) if text.chars().count() > MAX_COMMENT_CHARS || text.chars().any(char::is_control) => {
            let rule = format!("must be at most {MAX_COMMENT_CHARS} characters without control characters");
            Err(Rejection::invalid("comment", rule))
        }
        _ => Ok(()),
    }
}

impl StopChanged {
    /// The place of the event that is decided next: the stop remembers it, as its event carries it whole.
    fn next_seq(&self, state: &LineState) -> Seq {
        state.seq.plus(self.events.len() + 1)
    }

    fn split(
        &mut self,
        state: &LineState,
        found: &FoundStop,
        at: Timestamp,
        by: &str,
        now: Timestamp,
    ) -> Result<(), StopRefusal> {
        let id = split_id(&state.address, self.stop.id, at);
        if self.stop.to == Some(at) {
            // Sent again: it was cut here before.
            let read = found.split_off.as_ref().filter(|later| later.id == id);
            self.split_off = match state.stops.get(&id) {
                Some(later) => Some(later.clone()),
                None => read.map(|later| current(state, later, found.read_at)).transpose()?.cloned(),
            };
        }
        if self.split_off.is_some() {
            return Ok(());
        }
        let end = self.stop.to.unwrap_or(now);
        if at <= self.stop.from || at >= end {
            let until = if self.stop.to.is_some() { "its end" } else { "now" };
            let rule =
                format!("must lie after the begin of the stop ({}) and before {until}", self.stop.from);
            return Err(Rejection::invalid("split_at", rule).into());
        }
        let seq = self.next_seq(state);
        self.stop.made_of(seq);
        let split_off = self.stop.split(at, id);
        self.split_off = Some(split_off.clone());
        self.events.push(LineEvent::StopSplit {
            stop: self.stop.clone(),
            split_off,
            by: by.to_owned(),
            at: now,
        });
        Ok(())
    }

    fn classify(&mut self, state: &LineState, reason: &Option<ReasonCode>, by: &str, now: Timestamp) {
        if self.stop.is_classified() && self.stop.reason == *reason {
            return;
        }
        let seq = self.next_seq(state);
        self.stop.made_of(seq);
        self.stop.classify(reason.clone(), by, now);
        self.events.push(LineEvent::StopClassified { stop: self.stop.clone() });
    }

    fn comment(&mut self, state: &LineState, comment: Option<&str>, by: &str, now: Timestamp) {
        if self.stop.comment.as_deref() == comment {
            return;
        }
        let seq = self.next_seq(state);
        self.stop.made_of(seq);
        self.stop.comment = comment.map(str::to_owned);
        self.events.push(LineEvent::StopCommented { stop: self.stop.clone(), by: by.to_owned(), at: now });
    }
}

/// Ends the stop that lasts, and the parts before it that a person cut where the machine had not reported
/// anything yet. The answer is from when on the machine is in its new state.
pub(super) fn end_open(
    state: &LineState,
    open: &Stop,
    at: Timestamp,
    events: &mut Vec<LineEvent>,
) -> Timestamp {
    let mut parts = vec![open];
    let mut first = open;
    while first.from > at
        && let Some(earlier) = first.split_from.and_then(|id| state.stops.get(&id))
        && earlier.to == Some(first.from)
    {
        parts.push(earlier);
        first = earlier;
    }
    // From the earliest on: a stop that ends may push another one out of the state.
    let ends = parts.iter().rev().map(|part| LineEvent::StopEnded { id: part.id, to: at.max(part.from) });
    events.extend(ends);
    at.max(first.from)
}
