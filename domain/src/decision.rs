//! The outcome of a decision that was not refused: news, or a message that was heard before.

/// What a command comes to when it is not refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision<E> {
    /// The id of the message is in its sender's window: acknowledge it, change nothing.
    Duplicate,
    /// These events, in order; empty when everything is already as the command wants it.
    Accepted(Vec<E>),
}

impl<E> Decision<E> {
    /// The events to append; none for a duplicate.
    pub fn into_events(self) -> Vec<E> {
        match self {
            Self::Duplicate => Vec::new(),
            Self::Accepted(events) => events,
        }
    }

    /// The events to append; none for a duplicate.
    pub fn events(&self) -> &[E] {
        match self {
            Self::Duplicate => &[],
            Self::Accepted(events) => events,
        }
    }

    /// Whether the message was heard before.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Duplicate)
    }
}
