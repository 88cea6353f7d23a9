//! A packet on its way: placed with its owner, answered by it, and what was refused set aside.

use std::sync::atomic::Ordering;

use domain::Rejection;

use super::letters::Letter;
use super::route::{self, Undeliverable};
use super::tail::Shown;
use super::{FIRST_RETRY, ItemOutcome, LAST_RETRY, PATIENCE, Pending, Slot, Withheld};
use crate::messages::{ElementResult, Saturated};

impl Pending {
    /// Puts the packet into its owner's mailbox, waiting for room and for an owner that restarts.
    pub(super) async fn place(&mut self) -> Result<(), Withheld> {
        if self.packet.elements.is_empty() {
            return Ok(());
        }
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let mut delay = FIRST_RETRY;
        loop {
            let Some(topic) = &self.parsed else { return Ok(()) };
            match route::place(&self.gateway.shared, topic, &self.packet) {
                Ok(waiting) => {
                    self.waiting = Some(waiting);
                    return Ok(());
                }
                Err(Undeliverable::Refused(rejection)) => {
                    self.refuse_all(&rejection);
                    return Ok(());
                }
                Err(Undeliverable::Quarantined(rejection)) => return Err(Withheld::Quarantined(rejection)),
                Err(Undeliverable::Restarting) if self.in_order => return Err(Withheld::owner_restarts()),
                Err(Undeliverable::Full | Undeliverable::Restarting)
                    if tokio::time::Instant::now() >= deadline =>
                {
                    self.gateway.stats.withheld.fetch_add(1, Ordering::Relaxed);
                    return Err(Withheld::overloaded());
                }
                Err(Undeliverable::Full | Undeliverable::Restarting) => tokio::time::sleep(delay).await,
            }
            delay = (delay * 2).min(LAST_RETRY);
        }
    }

    fn refuse_all(&mut self, rejection: &Rejection) {
        for slot in self.slots.iter_mut().filter(|slot| slot.refusal.is_none()) {
            slot.refusal = Some(rejection.clone());
        }
    }

    /// Waits until every message is applied and durable, a duplicate, or set aside.
    pub async fn outcome(self) -> Result<Vec<ItemOutcome>, Withheld> {
        let context = (self.gateway.clone(), self.sender.clone(), self.topic.clone(), self.parsed.clone());
        let (raw, received_at) = (self.raw.clone(), self.packet.received_at);
        let outcomes = self.decided().await?;
        let (gateway, sender, topic, parsed) = context;
        let letter = Letter { sender: &sender, topic: &topic, parsed: parsed.as_ref(), raw: &raw };
        gateway.set_aside(&letter, &outcomes).await?;
        gateway.count(&outcomes);
        gateway.heard_of(&sender, received_at);
        let (sender, topic, parsed, raw) = (&sender, topic.as_str(), parsed.as_ref(), &raw);
        gateway.show(&Shown { sender, topic, parsed, raw, received_at }, &outcomes);
        Ok(outcomes)
    }

    /// Waits until everything that was accepted is durable.
    pub(super) async fn decided(mut self) -> Result<Vec<ItemOutcome>, Withheld> {
        let mut results = Vec::new();
        while let Some(waiting) = self.waiting.take() {
            match waiting.await {
                Ok(Ok(answer)) => results = answer,
                Ok(Err(Saturated)) | Err(_) if self.in_order => return Err(Withheld::owner_restarts()),
                // The log is busy or the owner has ended: it is tried again, in a moment.
                Ok(Err(Saturated)) | Err(_) => {
                    tokio::time::sleep(FIRST_RETRY).await;
                    self.place().await?;
                }
            }
        }
        let mut results = results.into_iter();
        let outcomes = self.slots.into_iter().map(|Slot { id, index, refusal }| match refusal {
            Some(rejection) => ItemOutcome::Refused { id, index, rejection },
            None => match results.next() {
                Some(ElementResult::Accepted) => ItemOutcome::Accepted { id },
                Some(ElementResult::Duplicate) => ItemOutcome::Duplicate { id },
                Some(ElementResult::Refused(rejection)) => ItemOutcome::Refused { id, index, rejection },
                None => unreachable!("an owner answers every element of a packet"),
            },
        });
        Ok(outcomes.collect())
    }
}
