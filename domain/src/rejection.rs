//! Why a command or message is refused: a stable code, the field, and a sentence that names the rule.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Stable codes of refusals; the same over MQTT, REST and WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The body is not JSON, or not UTF-8.
    InvalidJson,
    /// A field is missing, has a wrong type or breaks its rule.
    InvalidField,
    /// A field that the message does not have.
    UnknownField,
    /// More elements or bytes than the limit.
    TooLarge,
    /// The topic is outside the grammar.
    InvalidTopic,
    /// The credential does not cover the address.
    OutOfScope,
    /// No such tenant.
    UnknownTenant,
    /// No such site.
    UnknownSite,
    /// No such line.
    UnknownLine,
    /// No such machine.
    UnknownMachine,
    /// No such article.
    UnknownArticle,
    /// No such order.
    UnknownOrder,
    /// No such alert.
    UnknownAlert,
    /// No such stop.
    UnknownStop,
    /// No such rule.
    UnknownRule,
    /// No such dead letter.
    UnknownDeadLetter,
    /// The code is taken.
    AlreadyExists,
    /// The order cannot go from its state to the one asked for.
    IllegalTransition,
    /// Another order runs on the line.
    LineBusy,
    /// The stock would fall below zero.
    InsufficientStock,
    /// The unit differs from the article's.
    UnitMismatch,
    /// The object is still referred to.
    InUse,
    /// The key of a command was used for another one.
    IdempotencyKeyReused,
    /// The object changed since it was read.
    PreconditionFailed,
    /// A sum would leave the range of a quantity.
    OutOfRange,
    /// The line is quarantined after too many restarts.
    LineQuarantined,
    /// The message made its actor panic twice and was set aside.
    PoisonMessage,
    /// The device's time is older than the retention limit.
    TooOld,
}

impl Code {
    /// The code as text, as it appears in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidJson => "invalid_json",
            Self::InvalidField => "invalid_field",
            Self::UnknownField => "unknown_field",
            Self::TooLarge => "too_large",
            Self::InvalidTopic => "invalid_topic",
            Self::OutOfScope => "out_of_scope",
            Self::UnknownTenant => "unknown_tenant",
            Self::UnknownSite => "unknown_site",
            Self::UnknownLine => "unknown_line",
            Self::UnknownMachine => "unknown_machine",
            Self::UnknownArticle => "unknown_article",
            Self::UnknownOrder => "unknown_order",
            Self::UnknownAlert => "unknown_alert",
            Self::UnknownStop => "unknown_stop",
            Self::UnknownRule => "unknown_rule",
            Self::UnknownDeadLetter => "unknown_dead_letter",
            Self::AlreadyExists => "already_exists",
            Self::IllegalTransition => "illegal_transition",
            Self::LineBusy => "line_busy",
            Self::InsufficientStock => "insufficient_stock",
            Self::UnitMismatch => "unit_mismatch",
            Self::InUse => "in_use",
            Self::IdempotencyKeyReused => "idempotency_key_reused",
            Self::PreconditionFailed => "precondition_failed",
            Self::OutOfRange => "out_of_range",
            Self::LineQuarantined => "line_quarantined",
            Self::PoisonMessage => "poison_message",
            Self::TooOld => "too_old",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A refusal: nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{detail}", .field.as_deref().map(|f| format!("{f}: ")).unwrap_or_default())]
pub struct Rejection {
    /// The stable code.
    pub code: Code,
    /// The field at fault, as the sender wrote it (`values.temp`), if one is.
    pub field: Option<String>,
    /// The rule that was broken, for people.
    pub detail: String,
}

impl Rejection {
    /// A refusal with a code, maybe a field, and the rule.
    pub fn new(code: Code, field: Option<&str>, detail: impl Into<String>) -> Self {
        Self { code, field: field.map(str::to_owned), detail: detail.into() }
    }

    /// A field that breaks its rule.
    pub fn invalid(field: &str, rule: impl Into<String>) -> Self {
        Self::new(Code::InvalidField, Some(field), rule)
    }
}
