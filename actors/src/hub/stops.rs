//! Stops in the hands of people: read from the projection, changed by the line that they belong to.

use domain::Code;
use domain::ids::LineAddress;
use domain::line::{FoundStop, StopChange, StopChanged, split_id};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::commands::unknown;
use super::{CommandError, HubHandle, busy};
use crate::mailbox;
use crate::messages::ChangeStop;

/// How often a stop is read again because it changed meanwhile.
const READS: u32 = 5;

impl HubHandle {
    /// Changes a stop: says why the machine stood, comments it, cuts it in two. The answer is the stop, durable.
    pub async fn change_stop(
        &self,
        line: &LineAddress,
        id: Uuid,
        change: StopChange,
        by: &str,
    ) -> Result<StopChanged, CommandError> {
        for _ in 0..READS {
            let found = Box::new(self.find_stop(line, id, &change).await?);
            let (reply, waiting) = oneshot::channel();
            let message = ChangeStop { found, change: change.clone(), by: by.to_owned(), reply };
            mailbox::post(&self.line(line)?, message).map_err(|_| busy())?;
            if let Some(changed) = self.answer(waiting).await? {
                return Ok(changed);
            }
        }
        Err(busy())
    }

    async fn find_stop(
        &self,
        line: &LineAddress,
        id: Uuid,
        change: &StopChange,
    ) -> Result<FoundStop, CommandError> {
        let store = &self.shared.store;
        let found = store.stop(line, id).await?;
        let (stop, read_at) = found.ok_or_else(|| unknown(Code::UnknownStop, "stop", &id))?;
        let split_off = match change.split_at {
            // It ends where it is to be cut: perhaps it was cut there before.
            Some(at) if stop.to == Some(at) => store.stop(line, split_id(line, id, at)).await?,
            _ => None,
        };
        Ok(FoundStop { stop, split_off: split_off.map(|(later, _)| later), read_at })
    }
}
