//! A store in memory: the same promises as the real one but durability; for tests of everything above the port.

mod history;
mod identities;
mod log;
mod queries;
mod rows;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use actors::ports::{Store, StoreError};
use async_trait::async_trait;

use self::identities::People;
use self::log::Log;
use self::rows::Projections;

/// A store that forgets everything when it is dropped. Everything is under one lock, so every call is a transaction.
#[derive(Default)]
pub struct MemoryStore {
    data: Mutex<Data>,
    fails: AtomicBool,
    closed: AtomicBool,
}

#[derive(Default)]
struct Data {
    log: Log,
    projections: Projections,
    people: People,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// A fault for tests: while set, `commit` and `ping` answer `Unavailable` and write nothing, as with a full disk.
    pub fn fail_commits(&self, fail: bool) {
        self.fails.store(fail, Ordering::SeqCst);
    }

    fn check_writable(&self) -> Result<(), StoreError> {
        if self.fails.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("a test makes commits fail".to_owned()));
        }
        Ok(())
    }

    /// A panic elsewhere leaves whole objects behind: every change is made after its last check.
    fn data(&self) -> Result<MutexGuard<'_, Data>, StoreError> {
        if self.closed.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("the store is closed".to_owned()));
        }
        Ok(self.data.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.check_writable()?;
        self.data().map(drop)
    }

    async fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }
}
