//! Who gives a command and under which key, and how the answer to a command that was given before is found.

use domain::ids::{MessageId, SiteAddress};
use domain::message::StockMessage;
use domain::stock::Movement;
use domain::{Code, Rejection, Timestamp};
use uuid::{Uuid, uuid};

use super::{CommandError, HubHandle};

/// The namespace of the ids of movements whose command had a key.
const MOVEMENT_IDS: Uuid = uuid!("6d1f3c52-8f0a-4f6e-9a57-2f1d0b7c4e91");

/// The key of a command: the same key later is the same command sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandKey {
    /// Names the user and the key. Stock goes by it: no other movement is booked under a key that was used.
    pub name: MessageId,
    /// Names the user, the key and the request. Orders go by it: another request is judged as what it is.
    pub request: MessageId,
}

/// Who gives a command.
#[derive(Clone, Debug)]
pub struct By<'a> {
    /// The person.
    pub email: &'a str,
    /// The key of the command, if it has one.
    pub key: Option<CommandKey>,
}

impl<'a> From<&'a str> for By<'a> {
    fn from(email: &'a str) -> Self {
        Self { email, key: None }
    }
}

/// The id of a movement, which follows from its key and the instant at which that was accepted first, so that it
/// can be found again. Keys come again after a day, and another site's keys are its own.
pub(super) fn movement_id(site: &SiteAddress, key: &MessageId, first_at: Timestamp, index: usize) -> Uuid {
    let name = format!("{}/{}#{key}@{}#{index}", site.tenant, site.site, first_at.as_millis());
    Uuid::new_v5(&MOVEMENT_IDS, name.as_bytes())
}

fn is_same(movement: &Movement, message: &StockMessage) -> bool {
    movement.kind == message.kind
        && movement.article == message.article
        && movement.quantity == message.quantity
        && movement.lot == message.lot
        && movement.location == message.location
        && movement.to_location == message.to_location
        && movement.order == message.order
}

impl HubHandle {
    /// What was booked when this command came for the first time.
    pub(super) async fn booked_before(
        &self,
        site: &SiteAddress,
        key: &MessageId,
        first_at: Timestamp,
        messages: &[StockMessage],
    ) -> Result<Vec<Movement>, CommandError> {
        // One more than there should be, to notice a batch that was longer.
        let ids: Vec<Uuid> =
            (0..=messages.len()).map(|index| movement_id(site, key, first_at, index)).collect();
        let found = self.shared.store.movements_by_id(&site.tenant, &ids).await?;
        let movements: Vec<Movement> = found.into_iter().map(|item| item.movement).collect();
        let same = movements.len() == messages.len()
            && movements.iter().zip(messages).all(|(movement, message)| is_same(movement, message));
        if same {
            return Ok(movements);
        }
        let detail = "this key was used for another request";
        Err(Rejection::new(Code::IdempotencyKeyReused, None, detail).into())
    }
}
