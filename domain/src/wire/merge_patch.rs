//! JSON merge patches (RFC 7396): how a delta is made, and how a copy takes it.

use serde_json::{Map, Value};

/// Applies a patch: objects merge, null removes, everything else replaces.
pub fn apply(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(fields) = target else { return };
    for (name, change) in changes {
        if change.is_null() {
            fields.remove(name);
        } else {
            apply(fields.entry(name.as_str()).or_insert(Value::Null), change);
        }
    }
}

/// The patch that turns `old` into `new`, without the subtrees that are equal; `None` when nothing differs.
///
/// No object in `new` may hold a null, because in a patch null removes; nulls inside arrays are fine.
pub fn diff(old: &Value, new: &Value) -> Option<Value> {
    debug_assert!(!holds_null(new), "no object in a snapshot may hold a null: {new}");
    difference(old, new)
}

fn difference(old: &Value, new: &Value) -> Option<Value> {
    let (Value::Object(before), Value::Object(after)) = (old, new) else {
        return (old != new).then(|| new.clone());
    };
    let removed = before.keys().filter(|name| !after.contains_key(*name));
    let mut changes: Map<String, Value> = removed.map(|name| (name.clone(), Value::Null)).collect();
    for (name, value) in after {
        let change = match before.get(name) {
            Some(previous) => difference(previous, value),
            None => Some(value.clone()),
        };
        if let Some(change) = change {
            changes.insert(name.clone(), change);
        }
    }
    (!changes.is_empty()).then_some(Value::Object(changes))
}

fn holds_null(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.values().any(|field| field.is_null() || holds_null(field)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            (0i64..4).prop_map(Value::from),
            "[a-c]{0,2}".prop_map(Value::from),
            Just(json!([1, null, {"a": null}])),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop::collection::btree_map("[a-d]", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect()))
        })
    }

    #[test]
    fn applies_the_examples_of_the_rfc() {
        for (target, patch, expected) in [
            (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
            (json!({"a":"b"}), json!({"a":null}), json!({})),
            (json!({"a":"b","b":"c"}), json!({"a":null}), json!({"b":"c"})),
            (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":{"b":"c"}}), json!({"a":{"b":"d","c":null}}), json!({"a":{"b":"d"}})),
            (json!({"a":[{"b":"c"}]}), json!({"a":[1]}), json!({"a":[1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a":"foo"}), json!(null), json!(null)),
            (json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1})),
            (json!([1, 2]), json!({"a":"b","c":null}), json!({"a":"b"})),
            (json!({}), json!({"a":{"bb":{"ccc":null}}}), json!({"a":{"bb":{}}})),
        ] {
            let mut result = target;
            apply(&mut result, &patch);
            assert_eq!(result, expected, "{patch}");
        }
    }

    #[test]
    fn leaves_out_what_is_equal() {
        let old = json!({"machines":{"a":{"state":"running","good":1},"b":{"good":2}},"line":{"name":"x"}});
        let new = json!({"machines":{"a":{"state":"running","good":5}},"line":{"name":"x"}});
        assert_eq!(diff(&old, &new), Some(json!({"machines":{"a":{"good":5},"b":null}})));
        assert_eq!(diff(&old, &old), None);
    }

    proptest! {
        #[test]
        fn a_difference_leads_from_old_to_new(old in any_value(), new in any_value()) {
            let patch = diff(&old, &new);
            prop_assert_eq!(patch.is_none(), old == new);
            let mut copy = old;
            if let Some(patch) = patch {
                apply(&mut copy, &patch);
            }
            prop_assert_eq!(copy, new);
        }
    }
}
