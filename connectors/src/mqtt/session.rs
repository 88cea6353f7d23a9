//! The task of one session: places messages in order, acknowledges after the commit, delivers, and ends the session.

use std::collections::HashSet;
use std::future::Future;
use std::num::NonZeroU16;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use domain::wire::topic::DeviceTopic;
use futures::StreamExt;
use futures::future::LocalBoxFuture;
use futures::stream::FuturesUnordered;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, Sleep, interval_at, sleep};

use super::connect::{Admission, Version, Will};
use super::connection::{Connection, ConnectionState, Ending, Received};
use super::ingress::{ItemOutcome, MachineAddress, Pending, Sender, Withheld};
use super::outbox::{Delivery, DeliveryQueue};
use super::presence::Departure;
use super::publishing::{Verdict, Window};
use super::registry::CloseReason;
use super::shared::Shared;
use super::stats::RefusalKind;

/// How long messages without acknowledgement are still placed after their connection ended.
const LINGER: Duration = Duration::from_secs(30);
/// Topics whose machine is known; more only cost parsing.
const KNOWN_TOPICS: usize = 1_024;
/// Tries to publish a will while the hub is not available.
const WILL_TRIES: u32 = 10;

/// The side of a connection that sends, in its version of the protocol.
pub(super) trait Link: 'static {
    /// Writes the acknowledgement of a message.
    fn acknowledge(&self, packet_id: NonZeroU16, verdict: &Verdict);
    /// Waits until the client takes another message; `false`: the connection is closed.
    fn ready(&self) -> LocalBoxFuture<'static, bool>;
    /// Sends a message and waits for its acknowledgement, where there is one.
    fn deliver(&self, delivery: Delivery) -> LocalBoxFuture<'static, Result<(), Undelivered>>;
    /// Says goodbye, where the version can, and closes.
    fn close(&self, reason: CloseReason);
}

/// A message that could not be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Undelivered {
    /// The client takes no packet that large, or refused it.
    Refused,
    /// The connection closed; what is retained comes again with the next session.
    Closed,
}

/// Starts the session of an admitted client; the connection returned receives for it.
pub(super) fn begin<L: Link>(shared: &Arc<Shared>, admission: Admission, link: L) -> Connection {
    let Admission { sender, client_id, version, will, peer, registered, place, .. } = admission;
    let state = ConnectionState::new(Arc::clone(shared), Arc::new(sender), client_id, peer);
    let (connection, inbound) = Connection::new(Rc::clone(&state));
    shared.stats.session_began();
    tracing::info!(
        user = %state.sender.device.username.escape_debug(),
        client = %state.client_id.escape_debug(),
        connection = state.sender.connection,
        version = version.as_str(),
        peer = ?peer,
        "mqtt session began"
    );
    let queue = shared.outbox.attach(state.sender.device.scope.tenant(), state.sender.connection);
    let task = SessionTask {
        state,
        version,
        link: Rc::new(link),
        window: Window::default(),
        placing: None,
        outcomes: FuturesUnordered::new(),
        backoff: None,
        topics: HashSet::new(),
        machines: HashSet::new(),
        open: true,
    };
    ntex::rt::spawn(async move {
        let shared = Arc::clone(&task.state.shared);
        task.run(inbound, registered.close, queue, will).await;
        drop(place);
        shared.stats.session_ended();
        shared.registry.finish();
    });
    connection
}

type Placement = (u64, Result<Box<dyn Pending>, Withheld>);
type Outcome = (u64, Result<Vec<ItemOutcome>, Withheld>);

struct SessionTask<L> {
    state: Rc<ConnectionState>,
    version: Version,
    link: Rc<L>,
    window: Window,
    placing: Option<LocalBoxFuture<'static, Placement>>,
    outcomes: FuturesUnordered<LocalBoxFuture<'static, Outcome>>,
    backoff: Option<Pin<Box<Sleep>>>,
    topics: HashSet<Arc<str>>,
    machines: HashSet<MachineAddress>,
    /// The client can still be told something.
    open: bool,
}

/// Waits for a future that may not be there; without one for ever.
async fn optional<F: Future + Unpin>(future: &mut Option<F>) -> F::Output {
    match future {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

impl<L: Link> SessionTask<L> {
    async fn run(
        mut self,
        mut inbound: mpsc::Receiver<Received>,
        mut close: tokio::sync::watch::Receiver<Option<CloseReason>>,
        queue: Arc<DeliveryQueue>,
        will: Option<Will>,
    ) {
        let shared = Arc::clone(&self.state.shared);
        self.serve(&mut inbound, &mut close, &queue).await;
        let ending = self.state.ending().unwrap_or(Ending::PeerGone);
        let (sender, client_id) = (Arc::clone(&self.state.sender), self.state.client_id.clone());
        let username = &sender.device.username;
        shared.registry.leave(username, &client_id, sender.connection);
        shared.outbox.detach(sender.device.scope.tenant(), sender.connection);
        tracing::info!(
            user = %username.escape_debug(),
            client = %client_id.escape_debug(),
            connection = sender.connection,
            reason = ending.as_str(),
            unfinished = self.window.len(),
            "mqtt session ended"
        );
        let departure = departure(ending);
        if departure == Departure::Lost {
            shared.stats.count_lost();
            if let Some(will) = will {
                shared.runtime.spawn(publish_will(Arc::clone(&shared), Arc::clone(&sender), will));
            }
        }
        shared.presence.departed(username, sender.connection, departure);
        self.linger(ending).await;
    }

    /// Runs until the connection is gone.
    async fn serve(
        &mut self,
        inbound: &mut mpsc::Receiver<Received>,
        close: &mut tokio::sync::watch::Receiver<Option<CloseReason>>,
        queue: &Arc<DeliveryQueue>,
    ) {
        let period = self.state.shared.options.contact_interval;
        let mut contact = interval_at(Instant::now() + period, period);
        contact.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let deliveries = deliver(Rc::clone(&self.link), Arc::clone(queue), Arc::clone(&self.state.shared));
        tokio::pin!(deliveries);
        let mut delivering = true;
        let mut draining = false;
        loop {
            self.settle();
            if draining && self.open && self.window.is_empty() && inbound.is_empty() {
                self.close(CloseReason::ShuttingDown);
            }
            tokio::select! {
                biased;
                Ok(reason) = changed(close), if self.open && !draining => match reason {
                    CloseReason::ShuttingDown => draining = true,
                    reason => self.close(reason),
                },
                // Before new messages, so that what must be placed again goes ahead of them.
                () = self.progress() => {}
                received = inbound.recv() => match received {
                    Some(received) => self.window.push(received),
                    None => return,
                },
                () = &mut deliveries, if delivering => delivering = false,
                _ = contact.tick() => self.report_contact(),
            }
        }
    }

    /// After the connection is gone: messages that nobody will send again are finished, the others given up.
    async fn linger(&mut self, ending: Ending) {
        self.open = false;
        let polite = ending == Ending::Disconnected;
        let stats = &self.state.shared.stats;
        // A device sends what was not acknowledged again; placing it here as well could only disturb the order.
        stats.count_unfinished(self.window.give_up(|r| polite || r.packet_id.is_none()) as u64);
        let deadline = sleep(LINGER);
        tokio::pin!(deadline);
        loop {
            self.settle();
            if self.window.is_empty() {
                return;
            }
            if self.backoff.take().is_some() {
                let given_up = self.window.give_up(|_| false) as u64;
                self.state.shared.stats.count_unfinished(given_up);
                self.window.resume();
                continue;
            }
            tokio::select! {
                () = self.progress() => {}
                () = &mut deadline => break,
            }
        }
        let left = self.window.len();
        self.state.shared.stats.count_unfinished(left as u64);
        (0..left).for_each(|_| self.state.shared.stats.count_finished());
    }

    /// Waits for the next step of any message.
    async fn progress(&mut self) {
        tokio::select! {
            (number, placement) = optional(&mut self.placing) => {
                self.placing = None;
                self.on_placement(number, placement);
            }
            Some((number, outcome)) = self.outcomes.next() => self.on_outcome(number, outcome),
            () = optional(&mut self.backoff) => {
                self.backoff = None;
                if !self.window.resume() {
                    // What is still underway answers first; look again soon.
                    self.backoff = Some(Box::pin(sleep(Duration::from_millis(10))));
                }
            }
        }
    }

    fn on_placement(&mut self, number: u64, placement: Result<Box<dyn Pending>, Withheld>) {
        match placement {
            Ok(pending) => {
                self.window.placed(number);
                self.outcomes.push(Box::pin(async move { (number, pending.outcome().await) }));
            }
            Err(withheld) => self.on_outcome(number, Err(withheld)),
        }
    }

    fn on_outcome(&mut self, number: u64, outcome: Result<Vec<ItemOutcome>, Withheld>) {
        let stats = &self.state.shared.stats;
        if let Ok(outcomes) = &outcome {
            let refused = outcomes.iter().filter_map(|outcome| match outcome {
                ItemOutcome::Refused(rejection) => Some(rejection.code),
                ItemOutcome::Accepted | ItemOutcome::Duplicate => None,
            });
            for code in refused {
                stats.count_refused(match code {
                    domain::Code::InvalidTopic => RefusalKind::Topic,
                    domain::Code::OutOfScope => RefusalKind::Scope,
                    _ => RefusalKind::Payload,
                });
            }
        }
        match &outcome {
            Err(Withheld::Unavailable { retry_after }) => {
                stats.count_retry();
                if self.backoff.is_none() {
                    // Jitter, so that the sessions of a plant do not come back in step.
                    let wait = self.window.backoff(*retry_after).mul_f64(rand::random_range(0.8..1.2));
                    self.backoff = Some(Box::pin(sleep(wait)));
                }
            }
            Err(Withheld::Quarantined(_)) => stats.count_refused(RefusalKind::Quarantine),
            Ok(_) => {}
        }
        self.window.outcome(number, outcome.map(|outcomes| Verdict::of(&outcomes)));
    }

    /// Acknowledges what is done and places what comes next.
    fn settle(&mut self) {
        while let Some((received, verdict)) = self.window.pop_done() {
            self.state.shared.stats.count_finished();
            let Some(packet_id) = received.packet_id else { continue };
            self.state.release(packet_id);
            let Some(verdict) = verdict.filter(|_| self.open) else { continue };
            if self.version == Version::V311 && matches!(verdict, Verdict::Quarantined(_)) {
                self.close(CloseReason::Quarantined);
            } else {
                self.link.acknowledge(packet_id, &verdict);
                self.state.shared.stats.count_acknowledged();
            }
        }
        if self.placing.is_some() {
            return;
        }
        let Some((number, received)) = self.window.next_to_place() else { return };
        let (topic, payload) = (Arc::clone(&received.topic), received.payload.clone());
        self.note_machine(&topic);
        let (ingress, sender) = (Arc::clone(&self.state.shared.ingress), Arc::clone(&self.state.sender));
        self.placing = Some(Box::pin(async move { (number, ingress.send(&sender, &topic, payload).await) }));
    }

    /// Ends the connection from this side: what was not placed yet is given up.
    fn close(&mut self, reason: CloseReason) {
        self.state.end(match reason {
            CloseReason::TakenOver => Ending::TakenOver,
            CloseReason::ShuttingDown => Ending::ShuttingDown,
            CloseReason::Quarantined => Ending::Quarantined,
            CloseReason::Revoked => Ending::Revoked,
        });
        self.open = false;
        self.link.close(reason);
        let given_up = self.window.give_up(|received| received.packet_id.is_none());
        self.state.shared.stats.count_unfinished(given_up as u64);
    }

    fn note_machine(&mut self, topic: &Arc<str>) {
        if self.topics.contains(topic) {
            return;
        }
        if self.topics.len() >= KNOWN_TOPICS {
            self.topics.clear();
        }
        self.topics.insert(Arc::clone(topic));
        let Ok(parsed) = DeviceTopic::parse(topic) else { return };
        let device = &self.state.sender.device;
        if let DeviceTopic::Machine { machine, .. } = &parsed
            && let Some(line) = parsed.line_address()
            && device.scope.covers(&parsed)
        {
            let address = MachineAddress { line, machine: machine.clone() };
            let presence = &self.state.shared.presence;
            presence.spoke(&device.username, self.state.sender.connection, address.clone());
            self.machines.insert(address);
        }
    }

    /// Also for machines that it has not published for since it came back: they are silent, not out of reach.
    fn report_contact(&self) {
        let shared = &self.state.shared;
        let sender = &self.state.sender;
        for machine in shared.presence.machines_of(&sender.device.username, sender.connection) {
            shared.ingress.contact(&machine);
        }
    }
}

/// The next wish that this session ends.
async fn changed(close: &mut tokio::sync::watch::Receiver<Option<CloseReason>>) -> Result<CloseReason, ()> {
    let reason = close.wait_for(Option::is_some).await.map_err(|_| ())?;
    reason.ok_or(())
}

fn departure(ending: Ending) -> Departure {
    match ending {
        Ending::Disconnected | Ending::ShuttingDown => Departure::Left,
        Ending::TakenOver => Departure::Replaced,
        Ending::DisconnectedWithWill
        | Ending::Quarantined
        | Ending::Revoked
        | Ending::KeepAlive
        | Ending::Protocol
        | Ending::PeerGone => Departure::Lost,
    }
}

/// Sends what the queue holds as fast as the client takes it, until the connection closes.
async fn deliver<L: Link>(link: Rc<L>, queue: Arc<DeliveryQueue>, shared: Arc<Shared>) {
    let mut unacknowledged = FuturesUnordered::new();
    loop {
        tokio::select! {
            biased;
            Some(result) = unacknowledged.next() => match result {
                Ok(()) => shared.stats.count_delivered(),
                Err(Undelivered::Refused) => shared.stats.count_delivery_dropped(),
                Err(Undelivered::Closed) => return,
            },
            ready = async { queue.filled().await; link.ready().await } => {
                if !ready {
                    return;
                }
                if let Some(delivery) = queue.pop() {
                    unacknowledged.push(link.deliver(delivery));
                }
            }
        }
    }
}

/// Publishes the will of a lost session as if the device had sent it.
async fn publish_will(shared: Arc<Shared>, sender: Arc<Sender>, will: Will) {
    for attempt in 0..WILL_TRIES {
        let outcome = match shared.ingress.send(&sender, &will.topic, will.payload.clone()).await {
            Ok(pending) => pending.outcome().await,
            Err(withheld) => Err(withheld),
        };
        match outcome {
            Ok(_) => return,
            Err(Withheld::Quarantined(_)) => break,
            Err(Withheld::Unavailable { retry_after }) => {
                sleep(retry_after.max(Duration::from_millis(200) * (attempt + 1))).await;
            }
        }
    }
    shared.stats.count_unfinished(1);
    tracing::warn!(
        user = %sender.device.username.escape_debug(),
        topic = %will.topic.escape_debug(),
        "will of a lost session was not taken"
    );
}
