//! How actors talk: bounded, counted, and what does not fit is told to the sender.

use std::sync::atomic::{AtomicU64, Ordering};

use actix::dev::ToEnvelope;
use actix::prelude::SendError;
use actix::{Actor, Addr, Handler, Message};

use crate::messages::Terminate;

/// The bound of a line's and a site's mailbox, per sender.
pub const CAPACITY: usize = 1_024;

/// Why a message was not delivered.
#[derive(Debug)]
pub enum Undelivered<M> {
    /// The mailbox is full: try again later.
    Full(M),
    /// The actor has ended: ask the registry for the next one.
    Closed(M),
}

static FULL: AtomicU64 = AtomicU64::new(0);

/// How often a mailbox was full.
pub fn times_full() -> u64 {
    FULL.load(Ordering::Relaxed)
}

/// Puts a message into a mailbox, or gives it back.
pub fn post<A, M>(address: &Addr<A>, message: M) -> Result<(), Undelivered<M>>
where
    A: Actor + Handler<M>,
    M: Message + Send + 'static,
    M::Result: Send,
    A::Context: ToEnvelope<A, M>,
{
    address.try_send(message).map_err(|error| match error {
        SendError::Full(message) => {
            FULL.fetch_add(1, Ordering::Relaxed);
            Undelivered::Full(message)
        }
        SendError::Closed(message) => Undelivered::Closed(message),
    })
}

/// Tells an actor to end: like [`report_exit`] sent once, and never lost.
#[expect(clippy::disallowed_methods, reason = "a message that must not be lost and cannot be retried")]
pub fn terminate<A>(actor: &Addr<A>)
where
    A: Actor + Handler<Terminate>,
    A::Context: ToEnvelope<A, Terminate>,
{
    actor.do_send(Terminate);
}

/// Tells a parent that a child has ended. It may exceed the bound: it is sent once for each end, from a
/// destructor that cannot wait, and supervision depends on it.
#[expect(clippy::disallowed_methods, reason = "a message that must not be lost and cannot be retried")]
pub fn report_exit<A, M>(parent: &Addr<A>, message: M)
where
    A: Actor + Handler<M>,
    M: Message + Send + 'static,
    M::Result: Send,
    A::Context: ToEnvelope<A, M>,
{
    parent.do_send(message);
}
