//! The messages of one connection that wait for their commit: placed in order, tried again in order, finished in order.

use std::collections::VecDeque;
use std::time::Duration;

use domain::Code;

use super::connection::Received;
use super::ingress::{ItemOutcome, Withheld};

const FIRST_BACKOFF: Duration = Duration::from_millis(100);
const LONGEST_BACKOFF: Duration = Duration::from_secs(5);

/// What the acknowledgement of a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Every element is committed or set aside; the note tells of those set aside.
    Accepted { note: Option<String> },
    /// The topic is outside the grammar.
    TopicInvalid(String),
    /// The topic is outside the scope.
    OutOfScope(String),
    /// The line is quarantined: nothing was promised.
    Quarantined(String),
}

impl Verdict {
    /// Sums up the outcomes of a message's elements.
    pub(super) fn of(outcomes: &[ItemOutcome]) -> Self {
        let mut refusals = outcomes.iter().filter_map(|outcome| match outcome {
            ItemOutcome::Refused(rejection) => Some(rejection),
            ItemOutcome::Accepted | ItemOutcome::Duplicate => None,
        });
        let Some(first) = refusals.next() else { return Self::Accepted { note: None } };
        match first.code {
            Code::InvalidTopic => Self::TopicInvalid(first.to_string()),
            Code::OutOfScope => Self::OutOfScope(first.to_string()),
            code => {
                let refused = 1 + refusals.count();
                let note = format!("{refused} of {} refused; {code}: {first}", outcomes.len());
                Self::Accepted { note: Some(note) }
            }
        }
    }
}

impl Verdict {
    /// The code of a refusal that the audit trail has to tell: the sender may not speak there, whatever it says.
    pub(super) fn audited_code(&self) -> Option<&'static str> {
        match self {
            Self::TopicInvalid(_) => Some(Code::InvalidTopic.as_str()),
            Self::OutOfScope(_) => Some(Code::OutOfScope.as_str()),
            Self::Accepted { .. } | Self::Quarantined(_) => None,
        }
    }
}

enum SlotState {
    Queued,
    Placing,
    Placed,
    Done(Verdict),
    GivenUp,
}

struct Slot {
    received: Received,
    state: SlotState,
}

/// The messages of one connection, oldest first. A message is named by its number since the connection began.
#[derive(Default)]
pub(super) struct Window {
    slots: VecDeque<Slot>,
    first: u64,
    /// A placement was withheld: nothing is placed until the outcomes of all that were placed are known, so that
    /// those to be tried again keep their order.
    holding: bool,
    failures: u32,
}

impl Window {
    pub(super) fn push(&mut self, received: Received) {
        self.slots.push_back(Slot { received, state: SlotState::Queued });
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Whether a message is in the hub's hands.
    fn is_underway(&self) -> bool {
        self.slots.iter().any(|slot| matches!(slot.state, SlotState::Placing | SlotState::Placed))
    }

    /// The next message to place, now marked as such; one at a time.
    pub(super) fn next_to_place(&mut self) -> Option<(u64, &Received)> {
        if self.holding || self.slots.iter().any(|slot| matches!(slot.state, SlotState::Placing)) {
            return None;
        }
        let index = self.slots.iter().position(|slot| matches!(slot.state, SlotState::Queued))?;
        let slot = &mut self.slots[index];
        slot.state = SlotState::Placing;
        Some((self.first + index as u64, &slot.received))
    }

    fn set(&mut self, number: u64, state: SlotState) {
        let index = number.checked_sub(self.first).and_then(|index| usize::try_from(index).ok());
        if let Some(slot) = index.and_then(|index| self.slots.get_mut(index)) {
            slot.state = state;
        }
    }

    pub(super) fn placed(&mut self, number: u64) {
        self.set(number, SlotState::Placed);
    }

    /// The outcome of a message, or why there is none.
    pub(super) fn outcome(&mut self, number: u64, outcome: Result<Verdict, Withheld>) {
        match outcome {
            Ok(verdict) => {
                self.failures = 0;
                self.set(number, SlotState::Done(verdict));
            }
            Err(Withheld::Quarantined(rejection)) => {
                self.set(number, SlotState::Done(Verdict::Quarantined(rejection.to_string())));
            }
            Err(Withheld::Unavailable { .. }) => {
                self.set(number, SlotState::Queued);
                self.holding = true;
            }
        }
    }

    /// How long to wait before the next try, if one is due: doubling, at least what the hub asked for.
    pub(super) fn backoff(&mut self, asked: Duration) -> Duration {
        let doubled = FIRST_BACKOFF.saturating_mul(1 << self.failures.min(6));
        self.failures = self.failures.saturating_add(1);
        doubled.min(LONGEST_BACKOFF).max(asked)
    }

    /// The time to wait is over; `false`: an outcome is still awaited.
    pub(super) fn resume(&mut self) -> bool {
        if !self.is_underway() {
            self.holding = false;
        }
        !self.holding
    }

    /// The oldest message, once it is done; without a verdict it was given up.
    pub(super) fn pop_done(&mut self) -> Option<(Received, Option<Verdict>)> {
        if !matches!(self.slots.front()?.state, SlotState::Done(_) | SlotState::GivenUp) {
            return None;
        }
        let slot = self.slots.pop_front()?;
        self.first += 1;
        match slot.state {
            SlotState::Done(verdict) => Some((slot.received, Some(verdict))),
            _ => Some((slot.received, None)),
        }
    }

    /// Gives up what is not in the hub's hands and does not pass `keep`; returns how many.
    pub(super) fn give_up(&mut self, keep: impl Fn(&Received) -> bool) -> usize {
        let mut given_up = 0;
        for slot in &mut self.slots {
            if matches!(slot.state, SlotState::Queued) && !keep(&slot.received) {
                slot.state = SlotState::GivenUp;
                given_up += 1;
            }
        }
        given_up
    }
}

#[cfg(test)]
mod tests {
    use domain::Rejection;

    use super::*;

    fn refused(code: Code) -> ItemOutcome {
        ItemOutcome::Refused(Rejection::new(code, None, "rule"))
    }

    #[test]
    fn a_verdict_tells_topics_from_payloads() {
        use ItemOutcome::{Accepted, Duplicate};
        assert_eq!(Verdict::of(&[Accepted, Duplicate]), Verdict::Accepted { note: None });
        assert_eq!(Verdict::of(&[refused(Code::InvalidTopic)]), Verdict::TopicInvalid("rule".to_owned()));
        assert_eq!(Verdict::of(&[refused(Code::OutOfScope)]), Verdict::OutOfScope("rule".to_owned()));
        let some = Verdict::of(&[Accepted, refused(Code::InvalidField), refused(Code::InvalidJson)]);
        assert_eq!(some, Verdict::Accepted { note: Some("2 of 3 refused; invalid_field: rule".to_owned()) });
    }

    #[test]
    fn the_back_off_doubles_up_to_its_limit_and_respects_what_was_asked_for() {
        let mut window = Window::default();
        let waits: Vec<u128> = (0..8).map(|_| window.backoff(Duration::ZERO).as_millis()).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
        assert_eq!(window.backoff(Duration::from_secs(9)), Duration::from_secs(9));
    }
}
