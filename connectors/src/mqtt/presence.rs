//! Which machines a credential speaks for, and when a lost session turns them offline.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use super::ingress::{Ingress, MachineAddress};
use super::outbox::lock;

/// Machines of one session that are followed; beyond it only `stale` data shows that a machine is silent.
const MACHINES_PER_SESSION: usize = 4_096;

/// How a session ended, as far as its machines are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Departure {
    /// By DISCONNECT, or because the hub stops: nobody is missing.
    Left,
    /// A newer session of the same client speaks for its machines.
    Replaced,
    /// Nobody said goodbye.
    Lost,
}

struct Loss {
    machines: HashSet<MachineAddress>,
    timer: AbortHandle,
}

#[derive(Default)]
struct Credential {
    /// The machines of each session: those it published for, and those it answers for since it came back.
    sessions: HashMap<u64, HashSet<MachineAddress>>,
    losses: HashMap<u64, Loss>,
}

#[derive(Default)]
struct Credentials {
    by_username: HashMap<String, Credential>,
    /// The hub stops: a device that goes now is not missed.
    stopped: bool,
}

/// Follows the sessions of every credential.
pub(super) struct Presence {
    credentials: Mutex<Credentials>,
    ingress: Arc<dyn Ingress>,
    runtime: Handle,
    grace: Duration,
}

impl Presence {
    pub(super) fn new(ingress: Arc<dyn Ingress>, runtime: Handle, grace: Duration) -> Arc<Self> {
        Arc::new(Self { credentials: Mutex::default(), ingress, runtime, grace })
    }

    /// A session began: losses of its credential that are still in their grace time are forgiven, and it answers
    /// for their machines, so that they are not forgotten if it is lost as well.
    pub(super) fn arrived(&self, username: &str, connection: u64, own: Option<MachineAddress>) {
        let mut credentials = lock(&self.credentials);
        let credential = credentials.by_username.entry(username.to_owned()).or_default();
        let mut machines: HashSet<_> = own.into_iter().collect();
        for (_, loss) in credential.losses.drain() {
            loss.timer.abort();
            machines.extend(loss.machines);
        }
        credential.sessions.insert(connection, machines);
    }

    /// A session published for a machine.
    pub(super) fn spoke(&self, username: &str, connection: u64, machine: MachineAddress) {
        let mut credentials = lock(&self.credentials);
        let session = credentials.by_username.get_mut(username).and_then(|c| c.sessions.get_mut(&connection));
        if let Some(machines) = session
            && machines.len() < MACHINES_PER_SESSION
        {
            machines.insert(machine);
        }
    }

    /// The machines a session answers for.
    pub(super) fn machines_of(&self, username: &str, connection: u64) -> Vec<MachineAddress> {
        let credentials = lock(&self.credentials);
        let session = credentials.by_username.get(username).and_then(|c| c.sessions.get(&connection));
        session.map(|machines| machines.iter().cloned().collect()).unwrap_or_default()
    }

    /// A session ended.
    pub(super) fn departed(self: &Arc<Self>, username: &str, connection: u64, departure: Departure) {
        let mut credentials = lock(&self.credentials);
        let stopped = credentials.stopped;
        let credentials = &mut credentials.by_username;
        let Some(credential) = credentials.get_mut(username) else { return };
        let machines = credential.sessions.remove(&connection).unwrap_or_default();
        match departure {
            Departure::Left => {}
            Departure::Replaced => {
                if let Some(newest) = credential.sessions.keys().max().copied()
                    && let Some(heir) = credential.sessions.get_mut(&newest)
                {
                    heir.extend(machines);
                }
            }
            Departure::Lost if machines.is_empty() || stopped => {}
            Departure::Lost => {
                let timer = self.runtime.spawn(Arc::clone(self).expire(username.to_owned(), connection));
                credential.losses.insert(connection, Loss { machines, timer: timer.abort_handle() });
            }
        }
        if credential.sessions.is_empty() && credential.losses.is_empty() {
            credentials.remove(username);
        }
    }

    /// The hub stops: no loss is reported any more, also none that happens from now on. A timer would keep the hub.
    pub(super) fn stop(&self) {
        let mut credentials = lock(&self.credentials);
        credentials.stopped = true;
        for credential in credentials.by_username.values_mut() {
            for (_, loss) in credential.losses.drain() {
                loss.timer.abort();
            }
        }
    }

    async fn expire(self: Arc<Self>, username: String, connection: u64) {
        tokio::time::sleep(self.grace).await;
        let silent = self.take_silent(&username, connection);
        for machine in silent {
            tracing::info!(user = %username.escape_debug(), machine = %machine, "contact with machine lost");
            self.ingress.contact_lost(&machine).await;
        }
    }

    /// The machines of a loss for which no other session of the credential speaks.
    fn take_silent(&self, username: &str, connection: u64) -> Vec<MachineAddress> {
        let credentials = &mut lock(&self.credentials).by_username;
        let Some(credential) = credentials.get_mut(username) else { return Vec::new() };
        let Some(loss) = credential.losses.remove(&connection) else { return Vec::new() };
        let spoken_for = |machine: &MachineAddress| credential.sessions.values().any(|m| m.contains(machine));
        let silent = loss.machines.into_iter().filter(|machine| !spoken_for(machine)).collect();
        if credential.sessions.is_empty() && credential.losses.is_empty() {
            credentials.remove(username);
        }
        silent
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::super::ingress::{
        AccessRefusal, BoxFuture, Device, IngressUnavailable, Pending, Sender, Withheld,
    };
    use super::*;

    struct NobodyAsks;

    impl Ingress for NobodyAsks {
        fn authenticate<'a>(
            &'a self,
            _: &'a str,
            _: &'a str,
        ) -> BoxFuture<'a, Result<Option<Device>, IngressUnavailable>> {
            unreachable!("no device logs in")
        }

        fn send<'a>(
            &'a self,
            _: &'a Sender,
            _: &'a str,
            _: Bytes,
        ) -> BoxFuture<'a, Result<Box<dyn Pending>, Withheld>> {
            unreachable!("no device publishes")
        }

        fn contact_lost<'a>(&'a self, _: &'a MachineAddress) -> BoxFuture<'a, ()> {
            unreachable!("the grace time does not end")
        }

        fn contact(&self, _: &MachineAddress) {}

        fn refused(&self, _: AccessRefusal) {}
    }

    #[tokio::test]
    async fn a_device_that_goes_while_the_hub_stops_does_not_keep_the_hub() {
        let grace = Duration::from_secs(3_600);
        let presence = Presence::new(Arc::new(NobodyAsks), Handle::current(), grace);
        let line = domain::ids::LineAddress {
            tenant: "acme".parse().unwrap(),
            site: "lyon".parse().unwrap(),
            line: "saw".parse().unwrap(),
        };
        let machine = MachineAddress { line, machine: "m1".parse().unwrap() };
        for (connection, device) in [(1, "before"), (2, "after")] {
            presence.arrived(device, connection, Some(machine.clone()));
        }
        presence.departed("before", 1, Departure::Lost);
        presence.stop();
        presence.departed("after", 2, Departure::Lost);
        // The timer of the first one is dropped by the runtime, as soon as it gets to it.
        let kept = async {
            while Arc::strong_count(&presence) > 1 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), kept).await.unwrap();
    }
}
