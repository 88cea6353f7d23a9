//! Helpers for typed merge patches: absent keeps, null clears, a value replaces.

use serde::{Deserialize, Deserializer};

use crate::{Code, Rejection};

/// Reads a field of a patch that may be cleared; with `#[serde(default)]`, absent is `None`, null is `Some(None)`.
pub fn clearable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// Sets a field if the patch names it.
pub fn set<T: Clone>(field: &mut T, patch: Option<&T>) {
    if let Some(value) = patch {
        field.clone_from(value);
    }
}

/// Refuses the change if the caller saw another version than there is.
pub fn check_version(current: u64, expected: Option<u64>) -> Result<(), Rejection> {
    match expected {
        Some(expected) if expected != current => Err(Rejection::new(
            Code::PreconditionFailed,
            None,
            format!("the object has version {current}, not {expected}"),
        )),
        _ => Ok(()),
    }
}
