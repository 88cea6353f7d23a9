//! Dead letters: what is refused is kept with its reason, and its sender is told.

use bytes::Bytes;
use domain::Rejection;
use domain::ids::{MessageId, TenantCode};
use domain::wire::outbound::{RefusedPayload, encode};
use domain::wire::payload::Refusal;
use domain::wire::topic::DeviceTopic;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{IngestGateway, ItemOutcome, Sender, Withheld};
use crate::ports::{Append, DeadLetter, OutgoingTopic, Row};

/// How much of a refused payload is kept.
const KEPT_BYTES: usize = 4 * 1024;

/// A packet some of whose messages were refused.
pub(super) struct Letter<'a> {
    pub(super) sender: &'a Sender,
    pub(super) topic: &'a str,
    pub(super) parsed: Option<&'a DeviceTopic>,
    pub(super) raw: &'a Bytes,
}

impl IngestGateway {
    /// Keeps what was refused, durably, then tells the sender on its `refused` topic.
    pub(super) async fn set_aside(
        &self,
        letter: &Letter<'_>,
        outcomes: &[ItemOutcome],
    ) -> Result<(), Withheld> {
        let refused: Vec<_> = outcomes
            .iter()
            .filter_map(|outcome| match outcome {
                ItemOutcome::Refused { id, index, rejection } => Some((id, *index, rejection)),
                ItemOutcome::Accepted { .. } | ItemOutcome::Duplicate { .. } => None,
            })
            .collect();
        if refused.is_empty() {
            return Ok(());
        }
        let tenant = letter.sender.scope.tenant().clone();
        let received_at = self.now();
        let elements = elements(letter.raw);
        let rows = refused.iter().map(|(id, index, rejection)| {
            let payload = index.and_then(|index| elements.get(index).copied()).unwrap_or(letter.raw);
            let text = String::from_utf8_lossy(payload);
            Row::DeadLetter(Box::new(DeadLetter {
                id: Uuid::now_v7(),
                tenant: tenant.clone(),
                topic: cut(letter.topic).to_owned(),
                retryable: payload.len() <= KEPT_BYTES && matches!(text, std::borrow::Cow::Borrowed(_)),
                payload: cut(&text).to_owned(),
                message_id: (*id).clone(),
                code: rejection.code.as_str().to_owned(),
                detail: rejection.to_string(),
                sender: letter.sender.name.clone(),
                received_at,
            }))
        });
        let append = Append { rows: rows.collect(), ..Append::default() };
        self.shared.journal.write_rows(append).await.map_err(|_| Withheld::overloaded())?;
        tracing::info!(
            tenant = %tenant,
            sender = letter.sender.name,
            topic = ?cut(letter.topic),
            refused = refused.len(),
            code = %refused[0].2.code,
            detail = %refused[0].2,
            "messages refused and set aside"
        );
        // A topic outside the sender's scope has no `refused` topic that the sender may see.
        if let Some(topic) = letter.parsed.filter(|topic| letter.sender.scope.covers(topic)) {
            for (id, index, rejection) in refused {
                self.tell(&tenant, topic, id.as_deref(), index, rejection);
            }
        }
        Ok(())
    }

    fn tell(
        &self,
        tenant: &TenantCode,
        topic: &DeviceTopic,
        id: Option<&str>,
        index: Option<usize>,
        rejection: &Rejection,
    ) {
        let id = id.and_then(|id| MessageId::parse(id).ok());
        let refusal = Refusal { id, index, rejection: rejection.clone() };
        self.shared.outbox.publish(OutgoingTopic {
            tenant: tenant.clone(),
            topic: topic.refused_topic().to_string(),
            payload: Bytes::from(encode(&RefusedPayload::from(&refusal))),
            retain: false,
        });
    }
}

/// The elements of an array as they were sent; nothing if it is not an array.
pub(super) fn elements(raw: &[u8]) -> Vec<&[u8]> {
    let parsed: Result<Vec<&RawValue>, _> = serde_json::from_slice(raw);
    parsed
        .map(|elements| elements.into_iter().map(|value| value.get().as_bytes()).collect())
        .unwrap_or_default()
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(KEPT_BYTES)]
}
