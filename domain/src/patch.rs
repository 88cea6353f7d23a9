//! Helpers for typed merge patches (RFC 7396): absent keeps, null clears, a value replaces.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

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

/// Merges a patch into a JSON value as RFC 7396, section 2, says.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    if let Value::Object(target) = target {
        for (key, value) in patch {
            if value.is_null() {
                target.remove(key);
            } else {
                merge(target.entry(key.as_str()).or_insert(Value::Null), value);
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn merges_as_the_rfc_says() {
        for (target, patch, expected) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!(["a"]), json!({"a": 1}), json!({"a": 1})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            let mut merged = target;
            merge(&mut merged, &patch);
            assert_eq!(merged, expected);
        }
    }
}
