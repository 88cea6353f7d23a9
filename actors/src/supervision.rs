//! Supervision: how a parent learns that a child has ended, stop or panic, and what it does about it.
//!
//! actix closes the address of an actor that panics for good, and its own supervisor neither notices nor limits
//! restarts. Here a child carries an [`ExitGuard`]: dropping it, however that comes about, tells the parent.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::Timestamp;

/// Why an actor ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExitReason {
    /// It was asked to.
    Stopped,
    /// A message made it panic.
    Panicked,
    /// Its stream has another writer.
    Fenced,
    /// Its stream could not be read.
    LoadFailed(String),
}

impl std::fmt::Display for ExitReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stopped => f.write_str("stopped"),
            Self::Panicked => f.write_str("panicked"),
            Self::Fenced => f.write_str("fenced: its stream has another writer"),
            Self::LoadFailed(cause) => write!(f, "load failed: {cause}"),
        }
    }
}

/// Names one message across its deliveries: the digest of its packet, and its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessageKey {
    /// The digest of topic and payload.
    pub packet: u64,
    /// The place in the packet.
    pub index: u32,
}

/// What an actor was doing when it ended; shared with its parent.
#[derive(Debug, Default)]
pub struct BlackBox(Mutex<(Option<MessageKey>, Option<ExitReason>)>);

impl BlackBox {
    fn with<T>(&self, f: impl FnOnce(&mut (Option<MessageKey>, Option<ExitReason>)) -> T) -> T {
        // A panic elsewhere cannot leave two plain values half-written.
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A message is being handled.
    pub fn begin(&self, message: MessageKey) {
        self.with(|inner| inner.0 = Some(message));
    }

    /// No message is being handled any more.
    pub fn end(&self) {
        self.with(|inner| inner.0 = None);
    }

    /// The actor is about to stop for this reason.
    pub fn stopping(&self, reason: ExitReason) {
        self.with(|inner| inner.1 = Some(reason));
    }

    fn read(&self) -> (Option<MessageKey>, Option<ExitReason>) {
        self.with(|inner| inner.clone())
    }
}

/// What a parent is told.
#[derive(Clone, Debug)]
pub struct ExitReport {
    /// Which life of the child ended.
    pub incarnation: u64,
    /// Why.
    pub reason: ExitReason,
    /// The message that was being handled, if one was.
    pub handling: Option<MessageKey>,
}

/// Lives in the child; its end is the child's end.
pub struct ExitGuard {
    incarnation: u64,
    black_box: Arc<BlackBox>,
    tell: Option<Box<dyn FnOnce(ExitReport) + Send>>,
}

impl ExitGuard {
    /// A guard for one life of a child.
    pub fn new(incarnation: u64, tell: impl FnOnce(ExitReport) + Send + 'static) -> Self {
        Self { incarnation, black_box: Arc::default(), tell: Some(Box::new(tell)) }
    }

    /// Where the child notes what it is doing.
    pub fn black_box(&self) -> &BlackBox {
        &self.black_box
    }
}

impl Drop for ExitGuard {
    fn drop(&mut self) {
        let (handling, stated) = self.black_box.read();
        let reason = match stated {
            _ if std::thread::panicking() => ExitReason::Panicked,
            Some(reason) => reason,
            None => ExitReason::Stopped,
        };
        if let Some(tell) = self.tell.take() {
            tell(ExitReport { incarnation: self.incarnation, reason, handling });
        }
    }
}

/// How often and how fast a child is restarted.
#[derive(Clone, Copy, Debug)]
pub struct RestartPolicy {
    /// The wait before the first restart; it doubles with each further one inside the window.
    pub first_delay: Duration,
    /// The longest wait.
    pub max_delay: Duration,
    /// So many restarts inside the window are made; one more is not.
    pub max_restarts: usize,
    /// The window.
    pub window: Duration,
}

impl Default for RestartPolicy {
    fn default() -> Self {
        Self {
            first_delay: Duration::from_millis(50),
            max_delay: Duration::from_secs(5),
            max_restarts: 5,
            window: Duration::from_secs(60),
        }
    }
}

/// What to do about an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The report is about an earlier life.
    Ignore,
    /// It is over for good.
    Forget,
    /// Start it again after a while.
    RestartAfter(Duration),
    /// Too many restarts: leave it until a person releases it.
    Quarantine,
}

/// What a parent remembers of one child.
#[derive(Debug, Default)]
pub struct ChildRecord {
    incarnation: u64,
    restarts: VecDeque<Instant>,
    panicked_on: HashMap<MessageKey, u32>,
    poison: HashSet<MessageKey>,
    /// How often it was restarted, all in all.
    pub total_restarts: u32,
    /// Why it ended last.
    pub last_exit: Option<ExitReason>,
    /// Since when it is quarantined.
    pub quarantined_at: Option<Timestamp>,
}

impl ChildRecord {
    /// A message that makes the actor panic so often is set aside.
    const POISON_AFTER: u32 = 2;
    /// Suspicions beyond this number are forgotten: a message that matters comes again.
    const MAX_SUSPECTS: usize = 256;

    /// Begins the next life; its guard carries this number.
    pub fn next_incarnation(&mut self) -> u64 {
        self.incarnation += 1;
        self.incarnation
    }

    /// The messages that are set aside.
    pub fn poison(&self) -> HashSet<MessageKey> {
        self.poison.clone()
    }

    /// Judges an end.
    pub fn judge(&mut self, report: &ExitReport, policy: &RestartPolicy, now: Instant) -> Verdict {
        if report.incarnation != self.incarnation {
            return Verdict::Ignore;
        }
        self.last_exit = Some(report.reason.clone());
        match &report.reason {
            ExitReason::Stopped => Verdict::Forget,
            // The store was away or another owner writes: that is no fault of the child's, it waits its turn.
            ExitReason::LoadFailed(_) => Verdict::RestartAfter(policy.max_delay.min(Duration::from_secs(1))),
            ExitReason::Fenced | ExitReason::Panicked => {
                self.suspect(report.handling);
                self.restart(policy, now)
            }
        }
    }

    fn suspect(&mut self, handling: Option<MessageKey>) {
        let Some(message) = handling else { return };
        if self.panicked_on.len() >= Self::MAX_SUSPECTS {
            self.panicked_on.clear();
        }
        let times = self.panicked_on.entry(message).or_default();
        *times += 1;
        if *times >= Self::POISON_AFTER {
            if self.poison.len() >= Self::MAX_SUSPECTS {
                self.poison.clear();
            }
            self.poison.insert(message);
        }
    }

    fn restart(&mut self, policy: &RestartPolicy, now: Instant) -> Verdict {
        while self.restarts.pop_front_if(|at| now.duration_since(*at) > policy.window).is_some() {}
        if self.restarts.len() >= policy.max_restarts {
            return Verdict::Quarantine;
        }
        let doublings = u32::try_from(self.restarts.len()).unwrap_or(u32::MAX).min(16);
        self.restarts.push_back(now);
        self.total_restarts += 1;
        Verdict::RestartAfter((policy.first_delay * 2_u32.pow(doublings)).min(policy.max_delay))
    }

    /// A person lets a quarantined child go on: its record is clean again.
    pub fn release(&mut self) {
        self.restarts.clear();
        self.panicked_on.clear();
        self.quarantined_at = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panic_on(incarnation: u64, index: u32) -> ExitReport {
        let handling = Some(MessageKey { packet: 7, index });
        ExitReport { incarnation, reason: ExitReason::Panicked, handling }
    }

    #[test]
    fn restarts_with_growing_delay_then_quarantines() {
        let policy = RestartPolicy::default();
        let start = Instant::now();
        let mut child = ChildRecord::default();
        for n in 0..5 {
            let life = child.next_incarnation();
            let delay = policy.first_delay * 2_u32.pow(n);
            assert_eq!(child.judge(&panic_on(life, n), &policy, start), Verdict::RestartAfter(delay));
        }
        let life = child.next_incarnation();
        assert_eq!(child.judge(&panic_on(life, 9), &policy, start), Verdict::Quarantine);
        child.release();
        assert_eq!(
            child.judge(&panic_on(life, 9), &policy, start),
            Verdict::RestartAfter(policy.first_delay)
        );
    }

    #[test]
    fn restarts_outside_the_window_do_not_count() {
        let policy = RestartPolicy::default();
        let mut now = Instant::now();
        let mut child = ChildRecord::default();
        for n in 0..20 {
            now += policy.window;
            let life = child.next_incarnation();
            assert!(matches!(child.judge(&panic_on(life, n), &policy, now), Verdict::RestartAfter(_)));
        }
    }

    #[test]
    fn a_message_that_panics_twice_is_poison_and_stale_reports_are_not_heard() {
        let policy = RestartPolicy::default();
        let mut child = ChildRecord::default();
        let first = child.next_incarnation();
        child.judge(&panic_on(first, 3), &policy, Instant::now());
        assert!(child.poison().is_empty());
        let second = child.next_incarnation();
        assert_eq!(child.judge(&panic_on(first, 3), &policy, Instant::now()), Verdict::Ignore);
        child.judge(&panic_on(second, 3), &policy, Instant::now());
        assert!(child.poison().contains(&MessageKey { packet: 7, index: 3 }));
    }

    #[test]
    fn the_guard_tells_of_panics_and_stops() {
        let (tell, told) = std::sync::mpsc::sync_channel(2);
        for panics in [true, false] {
            let tell = tell.clone();
            let child = std::thread::spawn(move || {
                let guard = ExitGuard::new(1, move |report| tell.send(report).unwrap());
                guard.black_box().begin(MessageKey { packet: 1, index: 0 });
                assert!(!panics, "the child panics on purpose");
            });
            assert_eq!(child.join().is_err(), panics);
            let report = told.recv().unwrap();
            assert_eq!(report.reason == ExitReason::Panicked, panics);
            assert_eq!(report.handling, Some(MessageKey { packet: 1, index: 0 }));
        }
    }
}
