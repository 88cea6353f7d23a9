//! Counters and gauges of the endpoint, read by the metrics exporter.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a refusal was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// User name or token.
    Credentials,
    /// Too many connections, shutting down, or credentials cannot be looked up.
    Busy,
    /// A client id or will that is not allowed.
    Connect,
    /// A topic outside the grammar.
    Topic,
    /// A topic or filter outside the scope.
    Scope,
    /// An element of a payload.
    Payload,
    /// A packet that breaks the protocol or its limits.
    Protocol,
    /// The line is quarantined.
    Quarantine,
}

impl RefusalKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Credentials,
        Self::Busy,
        Self::Connect,
        Self::Topic,
        Self::Scope,
        Self::Payload,
        Self::Protocol,
        Self::Quarantine,
    ];

    /// The kind as a metric label.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Busy => "busy",
            Self::Connect => "connect",
            Self::Topic => "topic",
            Self::Scope => "scope",
            Self::Payload => "payload",
            Self::Protocol => "protocol",
            Self::Quarantine => "quarantine",
        }
    }
}

/// Counters and gauges of the endpoint.
#[derive(Debug, Default)]
pub struct Stats {
    connections: AtomicU64,
    in_flight: AtomicU64,
    received: AtomicU64,
    acknowledged: AtomicU64,
    delivered: AtomicU64,
    deliveries_dropped: AtomicU64,
    placements_retried: AtomicU64,
    unfinished: AtomicU64,
    taken_over: AtomicU64,
    lost: AtomicU64,
    refused: [AtomicU64; RefusalKind::ALL.len()],
}

macro_rules! readings {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        $($(#[$doc])* pub fn $name(&self) -> u64 { self.$name.load(Ordering::Relaxed) })+
    };
}

impl Stats {
    readings! {
        /// Gauge: sessions, each until its last message is finished.
        connections,
        /// Gauge: messages received and not yet finished.
        in_flight,
        /// Messages received.
        received,
        /// Messages acknowledged, whatever their reason code.
        acknowledged,
        /// Messages sent to devices.
        delivered,
        /// Messages to devices that were dropped: the queue was full, or larger than the client takes.
        deliveries_dropped,
        /// Placements that had to be tried again.
        placements_retried,
        /// Messages given up unacknowledged because their connection ended.
        unfinished,
        /// Sessions ended by a new one with the same client id.
        taken_over,
        /// Sessions that ended without DISCONNECT.
        lost,
    }

    /// Refusals of one kind.
    pub fn refused(&self, kind: RefusalKind) -> u64 {
        self.refused[kind as usize].load(Ordering::Relaxed)
    }

    pub(super) fn count_refused(&self, kind: RefusalKind) {
        add(&self.refused[kind as usize]);
    }

    pub(super) fn session_began(&self) {
        add(&self.connections);
    }

    pub(super) fn session_ended(&self) {
        self.connections.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn count_received(&self) {
        add(&self.received);
        add(&self.in_flight);
    }

    pub(super) fn count_finished(&self) {
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn count_unfinished(&self, messages: u64) {
        self.unfinished.fetch_add(messages, Ordering::Relaxed);
    }

    pub(super) fn count_acknowledged(&self) {
        add(&self.acknowledged);
    }

    pub(super) fn count_delivered(&self) {
        add(&self.delivered);
    }

    pub(super) fn count_delivery_dropped(&self) {
        add(&self.deliveries_dropped);
    }

    pub(super) fn count_retry(&self) {
        add(&self.placements_retried);
    }

    pub(super) fn count_taken_over(&self) {
        add(&self.taken_over);
    }

    pub(super) fn count_lost(&self) {
        add(&self.lost);
    }
}

fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
