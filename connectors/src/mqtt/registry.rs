//! The sessions that are alive: who is there, takeover by client id, and the call to end them all.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::Mutex;

use actors::ports::{DeviceConnection, DevicePresence, MqttVersion};
use domain::Timestamp;
use tokio::sync::watch;

use super::outbox::lock;

/// Sessions of one credential that are told of at most: gateways have one or a few, a list of thousands helps nobody.
const TOLD_SESSIONS: usize = 100;

/// Why the endpoint ends a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CloseReason {
    /// A newer session has the same client id.
    TakenOver,
    /// The endpoint stops: what was received is finished first.
    ShuttingDown,
    /// A message for a quarantined line cannot be refused in MQTT 3.1.1.
    Quarantined,
    /// The credential was revoked, or its token replaced.
    Revoked,
}

/// A client id belongs to its credential.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ClientKey {
    username: String,
    client_id: String,
}

/// Where a session comes from, and since when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub(super) protocol: MqttVersion,
    pub(super) peer: Option<SocketAddr>,
    pub(super) since: Timestamp,
}

struct Entry {
    connection: u64,
    origin: Origin,
    close: watch::Sender<Option<CloseReason>>,
}

#[derive(Default)]
struct State {
    sessions: HashMap<ClientKey, Entry>,
    /// Sessions that entered and did not finish, those that were replaced among them.
    alive: usize,
    stopping: bool,
}

/// The sessions that are alive.
pub(super) struct Registry {
    state: Mutex<State>,
    alive: watch::Sender<usize>,
}

/// A session's place in the registry.
pub(super) struct Registered {
    pub(super) close: watch::Receiver<Option<CloseReason>>,
    pub(super) took_over: bool,
}

impl Registry {
    pub(super) fn new() -> Self {
        Self { state: Mutex::default(), alive: watch::Sender::new(0) }
    }

    /// Enters a session and ends the one that had its client id; `None`: the endpoint stops.
    pub(super) fn enter(
        &self,
        username: &str,
        client_id: &str,
        connection: u64,
        origin: Origin,
    ) -> Option<Registered> {
        let mut state = lock(&self.state);
        if state.stopping {
            return None;
        }
        let (sender, close) = watch::channel(None);
        let key = ClientKey { username: username.to_owned(), client_id: client_id.to_owned() };
        let replaced = state.sessions.insert(key, Entry { connection, origin, close: sender });
        if let Some(older) = &replaced {
            older.close.send_replace(Some(CloseReason::TakenOver));
        }
        state.alive += 1;
        self.alive.send_replace(state.alive);
        Some(Registered { close, took_over: replaced.is_some() })
    }

    /// The client id is free; messages of the session may still be finished.
    pub(super) fn leave(&self, username: &str, client_id: &str, connection: u64) {
        let mut state = lock(&self.state);
        let key = ClientKey { username: username.to_owned(), client_id: client_id.to_owned() };
        if state.sessions.get(&key).is_some_and(|entry| entry.connection == connection) {
            state.sessions.remove(&key);
        }
    }

    /// Nothing of a session is left.
    pub(super) fn finish(&self) {
        let mut state = lock(&self.state);
        state.alive -= 1;
        self.alive.send_replace(state.alive);
    }

    pub(super) fn is_stopping(&self) -> bool {
        lock(&self.state).stopping
    }

    /// Asks every session to finish what it received and end; later sessions are refused.
    pub(super) fn stop(&self) {
        let mut state = lock(&self.state);
        state.stopping = true;
        for entry in state.sessions.values() {
            entry.close.send_replace(Some(CloseReason::ShuttingDown));
        }
    }

    /// Ends the sessions of a credential.
    pub(super) fn revoke(&self, username: &str) {
        let state = lock(&self.state);
        for (_, entry) in state.sessions.iter().filter(|(key, _)| key.username == username) {
            entry.close.send_replace(Some(CloseReason::Revoked));
        }
    }

    /// Waits until no session is left.
    pub(super) async fn emptied(&self) {
        let mut alive = self.alive.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = alive.wait_for(|alive| *alive == 0).await;
    }
}

impl DevicePresence for Registry {
    fn connections(&self, usernames: &HashSet<&str>) -> HashMap<String, Vec<DeviceConnection>> {
        let mut found: HashMap<String, Vec<DeviceConnection>> = HashMap::new();
        let state = lock(&self.state);
        for (key, entry) in state.sessions.iter().filter(|(key, _)| usernames.contains(key.username.as_str()))
        {
            let Origin { protocol, peer, since } = entry.origin;
            let connection = DeviceConnection { client_id: key.client_id.clone(), protocol, peer, since };
            found.entry(key.username.clone()).or_default().push(connection);
        }
        drop(state);
        for connections in found.values_mut() {
            connections.sort_by(|a, b| (a.since, &a.client_id).cmp(&(b.since, &b.client_id)));
            connections.truncate(TOLD_SESSIONS);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(since_ms: i64) -> Origin {
        let peer = Some(([10, 0, 0, 7], 4_711).into());
        Origin { protocol: MqttVersion::V5, peer, since: Timestamp::from_millis(since_ms) }
    }

    #[test]
    fn tells_who_is_there_until_they_have_left() {
        let registry = Registry::new();
        for (username, client_id, connection) in
            [("saw", "b", 1), ("saw", "a", 2), ("mill", "m", 3), ("else", "x", 4)]
        {
            registry.enter(username, client_id, connection, origin(10 - connection as i64)).unwrap();
        }
        let asked = HashSet::from(["saw", "mill", "nobody"]);
        let there = registry.connections(&asked);
        let ids = |username: &str| there[username].iter().map(|c| c.client_id.as_str()).collect::<Vec<_>>();
        assert_eq!(
            (there.len(), ids("saw"), ids("mill")),
            (2, vec!["a", "b"], vec!["m"]),
            "the oldest first"
        );
        assert_eq!(there["mill"][0].peer.unwrap().to_string(), "10.0.0.7:4711");
        // The session that was taken over leaves after the newer one has entered.
        registry.enter("mill", "m", 5, origin(20)).unwrap();
        registry.leave("mill", "m", 3);
        assert_eq!(registry.connections(&asked)["mill"][0].since, Timestamp::from_millis(20));
        registry.leave("mill", "m", 5);
        registry.leave("saw", "a", 2);
        let there = registry.connections(&asked);
        assert_eq!((there.len(), there["saw"].len()), (1, 1));
        for more in 0..2 * TOLD_SESSIONS as u64 {
            registry.enter("saw", &format!("c{more}"), 100 + more, origin(0)).unwrap();
        }
        assert_eq!(registry.connections(&asked)["saw"].len(), TOLD_SESSIONS);
    }

    #[test]
    fn a_client_id_is_taken_over_within_its_credential_only() {
        let registry = Registry::new();
        let first = registry.enter("saw", "c1", 1, origin(0)).unwrap();
        let other = registry.enter("mill", "c1", 2, origin(0)).unwrap();
        let second = registry.enter("saw", "c1", 3, origin(0)).unwrap();
        assert!(second.took_over && !other.took_over);
        assert_eq!(*first.close.borrow(), Some(CloseReason::TakenOver));
        assert_eq!(*other.close.borrow(), None);
        registry.leave("saw", "c1", 1);
        registry.revoke("mill");
        assert_eq!(*other.close.borrow(), Some(CloseReason::Revoked));
        assert_eq!(*second.close.borrow(), None);
        registry.stop();
        assert_eq!(*second.close.borrow(), Some(CloseReason::ShuttingDown));
        assert!(registry.enter("saw", "c9", 4, origin(0)).is_none());
    }
}
