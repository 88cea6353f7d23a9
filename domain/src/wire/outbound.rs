//! Payloads to devices: the light of a line, the job of a machine, and refusals.

use serde::Serialize;

use super::payload::Refusal;
use crate::ids::{ArticleCode, OrderCode};
use crate::vocabulary::AndonColor;
use crate::{Quantity, Timestamp};

/// Payload of `andon`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AndonPayload {
    /// What the light shows.
    pub color: AndonColor,
    /// Why, for people.
    pub text: String,
}

/// The running order, as a machine is told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JobOrder {
    /// The order.
    pub code: OrderCode,
    /// What is made.
    pub article: ArticleCode,
    /// How much is wanted.
    pub quantity: Quantity,
    /// How much is made.
    pub good: Quantity,
    /// How much was scrap.
    pub scrap: Quantity,
    /// Since when the order runs.
    pub started_at: Timestamp,
}

/// Payload of `job`: the running order, or `{}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JobPayload {
    /// The running order, if one runs.
    #[serde(flatten)]
    pub order: Option<JobOrder>,
}

/// Payload of `refused`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedPayload<'a> {
    /// The device's id of the message, if it could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    /// The place in the array, from 0, if the packet was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
    /// The stable code.
    code: &'static str,
    /// The field and the rule, for people.
    detail: String,
}

impl<'a> From<&'a Refusal> for RefusedPayload<'a> {
    fn from(refusal: &'a Refusal) -> Self {
        Self {
            id: refusal.id.as_ref().map(|id| id.as_str()),
            index: refusal.index,
            code: refusal.rejection.code.as_str(),
            detail: refusal.rejection.to_string(),
        }
    }
}

/// Writes a payload to a device as JSON.
pub fn encode<T: Serialize>(payload: &T) -> String {
    // The payloads above are plain structs, which always serialise.
    serde_json::to_string(payload).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, Rejection};

    #[test]
    fn writes_the_shapes_of_the_protocol() {
        let andon = AndonPayload { color: AndonColor::Red, text: "down".into() };
        assert_eq!(encode(&andon), r#"{"color":"red","text":"down"}"#);
        assert_eq!(encode(&JobPayload::default()), "{}");
        let order = JobOrder {
            code: "PO-1".parse().unwrap(),
            article: "A-1".parse().unwrap(),
            quantity: Quantity::from_units(10),
            good: Quantity::from_units(2),
            scrap: Quantity::ZERO,
            started_at: Timestamp::from_millis(0),
        };
        assert_eq!(
            encode(&JobPayload { order: Some(order) }),
            r#"{"code":"PO-1","article":"A-1","quantity":"10","good":"2","scrap":"0","started_at":"1970-01-01T00:00:00.000Z"}"#
        );
        let rejection = Rejection::new(Code::UnknownField, Some("x"), "is not a field");
        let refusal = Refusal { id: None, index: Some(3), rejection };
        assert_eq!(
            encode(&RefusedPayload::from(&refusal)),
            r#"{"index":3,"code":"unknown_field","detail":"x: is not a field"}"#
        );
    }
}
