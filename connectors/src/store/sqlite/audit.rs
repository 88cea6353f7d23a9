//! The audit trail: entries that wait for the connection at the same time are written in one commit.

use std::sync::{Mutex, PoisonError};

use actors::ports::{AuditEntry, StoreError};
use sqlx::sqlite::SqliteConnection;
use tokio::sync::oneshot;

use super::SqliteStore;
use super::insert::RowsStatement;
use super::writer::WriteTransaction;

const AUDIT: RowsStatement = RowsStatement {
    before: "INSERT INTO audit (tenant, at_ms, actor, action, object, outcome, peer) VALUES",
    columns: 7,
    after: "",
};

type Outcome = Result<(), String>;

/// Entries whose callers wait for the connection that writes: no more than there are callers.
#[derive(Default)]
pub(super) struct WaitingEntries(Mutex<Vec<(AuditEntry, oneshot::Sender<Outcome>)>>);

impl WaitingEntries {
    fn push(&self, entry: AuditEntry) -> oneshot::Receiver<Outcome> {
        let (sender, receiver) = oneshot::channel();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((entry, sender));
        receiver
    }

    fn take(&self) -> (Vec<AuditEntry>, Vec<oneshot::Sender<Outcome>>) {
        let waiting = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        waiting.into_iter().unzip()
    }
}

async fn insert(connection: &mut SqliteConnection, entries: &[AuditEntry]) -> Result<(), StoreError> {
    AUDIT
        .run(connection, entries, |values, entry| {
            values.push(entry.tenant.as_ref().map(|tenant| tenant.as_str()))?.push(entry.at.as_millis())?;
            values.push(entry.actor.as_str())?.push(entry.action.as_str())?.push(entry.object.as_str())?;
            values.push(entry.outcome.as_str())?.push(entry.peer.as_str())?;
            Ok(())
        })
        .await
}

impl SqliteStore {
    /// Writes an entry. Whoever gets the connection first writes for all who wait for it.
    pub(super) async fn write_audit(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        let outcome = self.waiting_audit.push(entry.clone());
        let writer = self.writer.lock().await;
        let (entries, waiting) = self.waiting_audit.take();
        if entries.is_empty() {
            drop(writer);
        } else {
            let written = match WriteTransaction::begin(writer).await {
                Ok(mut transaction) => {
                    let result = match transaction.connection() {
                        Ok(connection) => insert(connection, &entries).await,
                        Err(error) => Err(error),
                    };
                    transaction.finish(result).await
                }
                Err(error) => Err(error),
            };
            let written = written.map_err(|error| error.to_string());
            for caller in waiting {
                // A caller that gave up does not need to know.
                let _gone = caller.send(written.clone());
            }
        }
        match outcome.await {
            Ok(outcome) => outcome.map_err(StoreError::Unavailable),
            Err(_) => Err(StoreError::Unavailable("the audit entry was not written".to_owned())),
        }
    }
}
