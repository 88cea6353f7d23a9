//! Every live session of this process: who may still come in, who has to go, and how many there were.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actors::SessionId;
use tokio::sync::watch;
use uuid::Uuid;

use super::close::CloseCode;

/// Logins that ended lately are remembered, for sessions whose token was verified just before.
const REMEMBERED_LOGINS: usize = 1024;

/// The live sessions of a process; shared by the server's threads.
#[derive(Debug)]
pub struct LiveSessions {
    capacity: usize,
    state: Mutex<State>,
    opened: AtomicU64,
    turned_away: AtomicU64,
    frames_written: AtomicU64,
    left: AtomicU64,
    lost: AtomicU64,
    closed: [AtomicU64; CloseCode::ALL.len()],
}

#[derive(Debug, Default)]
struct State {
    last_id: u64,
    entries: HashMap<SessionId, Entry>,
    ended_logins: VecDeque<Uuid>,
    shutting_down: Option<Duration>,
}

#[derive(Debug)]
struct Entry {
    login: Option<Uuid>,
    order: watch::Sender<Option<Order>>,
}

/// A session is told to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) code: CloseCode,
    pub(super) retry_after_ms: Option<u64>,
}

/// Why nobody is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum TurnedAway {
    #[error("there are too many live sessions")]
    Full,
    #[error("the hub is about to restart")]
    ShuttingDown { retry_after_ms: u64 },
}

/// What live sessions did so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveFigures {
    /// Sessions that are open, authenticated or not.
    pub sessions: usize,
    /// Sessions that were ever opened.
    pub opened: u64,
    /// Handshakes refused for want of room or because of a restart.
    pub turned_away: u64,
    /// Text frames written.
    pub frames_written: u64,
    /// Sessions that the server closed, by reason.
    pub closed: [(CloseCode, u64); CloseCode::ALL.len()],
    /// Sessions that the client closed.
    pub left: u64,
    /// Sessions whose connection broke.
    pub lost: u64,
}

/// A wait between `base` and twice of it, so that clients do not all come back at once.
pub(super) fn jittered_ms(base: Duration) -> u64 {
    let base_ms = u64::try_from(base.as_millis()).unwrap_or(u64::MAX / 2);
    rand::random_range(base_ms..=base_ms.saturating_mul(2))
}

impl LiveSessions {
    /// No sessions yet, and room for so many.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            state: Mutex::default(),
            opened: AtomicU64::new(0),
            turned_away: AtomicU64::new(0),
            frames_written: AtomicU64::new(0),
            left: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            closed: Default::default(),
        }
    }

    /// Ends every session of a login (4409), also one whose token is being verified; how many there were.
    ///
    /// A session whose socket is blocked ends when it can write again, or when the kernel gives its peer up
    /// (`TCP_USER_TIMEOUT`); it writes no frame after this.
    pub fn revoke(&self, login: Uuid) -> usize {
        let mut state = self.state();
        if state.ended_logins.len() == REMEMBERED_LOGINS {
            state.ended_logins.pop_front();
        }
        state.ended_logins.push_back(login);
        let order = Order { code: CloseCode::Revoked, retry_after_ms: None };
        let bound: Vec<_> = state.entries.values().filter(|entry| entry.login == Some(login)).collect();
        bound.iter().for_each(|entry| {
            entry.order.send_replace(Some(order));
        });
        bound.len()
    }

    /// Ends every session and lets nobody in any more. Each client is asked to wait for `retry_after` to twice
    /// of it, at random. Blocked sessions are cut by the HTTP server's own shutdown time-out.
    pub fn close_all(&self, code: CloseCode, retry_after: Duration) {
        let mut state = self.state();
        state.shutting_down = Some(retry_after);
        for entry in state.entries.values() {
            let retry_after_ms = Some(jittered_ms(retry_after));
            entry.order.send_replace(Some(Order { code, retry_after_ms }));
        }
    }

    /// What the sessions did so far.
    pub fn figures(&self) -> LiveFigures {
        let closed = CloseCode::ALL.map(|code| (code, self.closed[code as usize].load(Relaxed)));
        LiveFigures {
            sessions: self.state().entries.len(),
            opened: self.opened.load(Relaxed),
            turned_away: self.turned_away.load(Relaxed),
            frames_written: self.frames_written.load(Relaxed),
            closed,
            left: self.left.load(Relaxed),
            lost: self.lost.load(Relaxed),
        }
    }

    /// Lets a session in; it counts until the ticket is dropped.
    pub(super) fn admit(self: &Arc<Self>) -> Result<Ticket, TurnedAway> {
        let mut state = self.state();
        let refusal = match state.shutting_down {
            Some(base) => Some(TurnedAway::ShuttingDown { retry_after_ms: jittered_ms(base) }),
            None => (state.entries.len() >= self.capacity).then_some(TurnedAway::Full),
        };
        if let Some(refusal) = refusal {
            self.turned_away.fetch_add(1, Relaxed);
            return Err(refusal);
        }
        state.last_id += 1;
        let id = SessionId(state.last_id);
        let (order, orders) = watch::channel(None);
        state.entries.insert(id, Entry { login: None, order });
        self.opened.fetch_add(1, Relaxed);
        Ok(Ticket { id, sessions: Arc::clone(self), orders, outcome: Outcome::Lost })
    }

    /// A text frame was handed to the socket.
    pub(super) fn count_frame(&self) {
        self.frames_written.fetch_add(1, Relaxed);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The maps are consistent after every statement, so a panic elsewhere does not spoil them.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The connection broke, or its task did.
    Lost,
    /// The client closed it.
    Left,
    /// The server closed it.
    Closed(CloseCode),
}

/// A session's place among the others, given back when it is dropped, also by a panic.
#[derive(Debug)]
pub(super) struct Ticket {
    id: SessionId,
    sessions: Arc<LiveSessions>,
    orders: watch::Receiver<Option<Order>>,
    outcome: Outcome,
}

impl Ticket {
    pub(super) fn id(&self) -> SessionId {
        self.id
    }

    /// The session belongs to this login; false if that login has ended meanwhile.
    pub(super) fn bind(&self, login: Uuid) -> bool {
        let mut state = self.sessions.state();
        if state.ended_logins.contains(&login) {
            return false;
        }
        if let Some(entry) = state.entries.get_mut(&self.id) {
            entry.login = Some(login);
        }
        true
    }

    /// The order to end, if one was given.
    pub(super) fn order(&self) -> Option<Order> {
        *self.orders.borrow()
    }

    /// Waits for the order to end.
    pub(super) fn ordered(&self) -> impl Future<Output = Option<Order>> + 'static {
        let mut orders = self.orders.clone();
        async move { orders.wait_for(Option::is_some).await.ok().and_then(|order| *order) }
    }

    /// How the session ends; unless told it counts as lost.
    pub(super) fn end(&mut self, outcome: Outcome) {
        self.outcome = outcome;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.sessions.state().entries.remove(&self.id);
        let counter = match self.outcome {
            Outcome::Lost => &self.sessions.lost,
            Outcome::Left => &self.sessions.left,
            Outcome::Closed(code) => &self.sessions.closed[code as usize],
        };
        counter.fetch_add(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_room_back_and_counts_how_sessions_ended() {
        let sessions = Arc::new(LiveSessions::new(2));
        let mut first = sessions.admit().unwrap();
        let second = sessions.admit().unwrap();
        assert_ne!(first.id(), second.id());
        assert_eq!(sessions.admit().unwrap_err(), TurnedAway::Full);
        first.end(Outcome::Closed(CloseCode::TooMany));
        drop(first);
        let mut third = sessions.admit().unwrap();
        third.end(Outcome::Left);
        drop((second, third));

        let figures = sessions.figures();
        assert_eq!((figures.sessions, figures.opened, figures.turned_away), (0, 3, 1));
        assert_eq!((figures.left, figures.lost), (1, 1));
        let closed: Vec<_> = figures.closed.into_iter().filter(|(_, count)| *count > 0).collect();
        assert_eq!(closed, [(CloseCode::TooMany, 1)]);
    }

    #[test]
    fn ends_the_sessions_of_a_login_and_no_others() {
        let sessions = Arc::new(LiveSessions::new(10));
        let [login, other] = [Uuid::from_u128(1), Uuid::from_u128(2)];
        let tickets: Vec<_> = (0..3).map(|_| sessions.admit().unwrap()).collect();
        assert!(tickets[0].bind(login) && tickets[1].bind(login) && tickets[2].bind(other));
        assert_eq!(sessions.revoke(login), 2);
        let order = Some(Order { code: CloseCode::Revoked, retry_after_ms: None });
        assert_eq!(tickets.iter().map(Ticket::order).collect::<Vec<_>>(), [order, order, None]);
    }

    #[test]
    fn a_login_that_ended_during_verification_is_not_bound() {
        let sessions = Arc::new(LiveSessions::new(10));
        let ticket = sessions.admit().unwrap();
        assert_eq!(sessions.revoke(Uuid::from_u128(1)), 0);
        assert!(!ticket.bind(Uuid::from_u128(1)));
        assert!(ticket.bind(Uuid::from_u128(2)));
        (0..2 * REMEMBERED_LOGINS as u128).for_each(|login| {
            sessions.revoke(Uuid::from_u128(login));
        });
        assert_eq!(sessions.state().ended_logins.len(), REMEMBERED_LOGINS);
    }

    #[tokio::test]
    async fn a_shutdown_reaches_everybody_at_different_times() {
        let sessions = Arc::new(LiveSessions::new(100));
        let tickets: Vec<_> = (0..50).map(|_| sessions.admit().unwrap()).collect();
        sessions.close_all(CloseCode::Restart, Duration::from_secs(2));
        let mut waits = Vec::new();
        for ticket in &tickets {
            let order = ticket.ordered().await.unwrap();
            assert_eq!(order.code, CloseCode::Restart);
            waits.push(order.retry_after_ms.unwrap());
        }
        assert!(waits.iter().all(|wait| (2_000..=4_000).contains(wait)), "{waits:?}");
        waits.sort_unstable();
        waits.dedup();
        assert!(waits.len() > 10, "{waits:?}");
        assert!(matches!(sessions.admit(), Err(TurnedAway::ShuttingDown { .. })));
    }
}
