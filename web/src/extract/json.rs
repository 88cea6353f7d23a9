//! Strict JSON: one value, no key twice, no unknown field, and errors that name the field at fault.

use std::fmt;

use actix_web::http::StatusCode;
use domain::Code;
use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, MapAccess, SeqAccess};
use serde_json::{Map, Value};

use crate::problem::Problem;

/// How much of a sender's text an error repeats, in characters.
const MAX_ECHO_CHARS: usize = 100;

/// Reads a body. Not JSON: 400 `invalid_json` with the position; a field at fault: 422 that names it.
pub(crate) fn parse_strict<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let tree: Unique = serde_json::from_slice(bytes).map_err(|error| syntax_problem(&error))?;
    serde_path_to_error::deserialize(tree.0).map_err(|error| {
        let path = error.path().to_string();
        field_problem(if path == "." { "" } else { &path }, &error.into_inner().to_string())
    })
}

fn syntax_problem(error: &serde_json::Error) -> Problem {
    // A duplicate key is the only error of data that building a tree can have.
    let text = error.to_string();
    match text.split(" at line ").next().and_then(|text| text.strip_prefix("duplicate key ")) {
        Some(key) => Problem::invalid(key, "appears twice"),
        None => Problem::new(StatusCode::BAD_REQUEST, Code::InvalidJson.as_str(), echo(&text)),
    }
}

/// Turns serde's sentence into a field, a code and a rule. Serde has no structured errors, but its sentences for
/// unknown and missing fields are fixed.
fn field_problem(path: &str, message: &str) -> Problem {
    let quoted = |prefix: &str| message.strip_prefix(prefix).and_then(|rest| rest.split_once('`'));
    if let Some((name, rest)) = quoted("unknown field `") {
        let expected = rest.trim_start_matches(", ");
        let detail = format!("is not a field here; {expected}");
        return Problem::field(Code::UnknownField.as_str(), child_of(path, name), echo(&detail));
    }
    if let Some((name, _)) = quoted("missing field `") {
        return Problem::invalid(child_of(path, name), "is required");
    }
    let field = if path.is_empty() { "body" } else { path };
    // A rejection of the domain that went through serde starts with its own name of the field.
    let detail = message.split_once(": ").filter(|(name, _)| is_name(name)).map_or(message, |(_, rule)| rule);
    Problem::invalid(echo(field), echo(detail))
}

fn is_name(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

/// The path of a field below `parent`. The path may already end in the field, when its key was at fault.
fn child_of(parent: &str, name: &str) -> String {
    let name = echo(name);
    if parent.is_empty() || parent == name {
        name
    } else if parent.ends_with(&format!(".{name}")) {
        parent.to_owned()
    } else {
        format!("{parent}.{name}")
    }
}

fn echo(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_ECHO_CHARS).collect()
}

/// A JSON tree in which no object has a key twice.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor).map(Self)
    }
}

struct TreeVisitor;

impl<'de> de::Visitor<'de> for TreeVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Unique(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if fields.contains_key(&key) {
                return Err(de::Error::custom(format_args!("duplicate key {}", echo(&key))));
            }
            let Unique(value) = map.next_value()?;
            fields.insert(key, value);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use domain::Quantity;
    use domain::ids::SiteCode;
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        quantity: Quantity,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        site: SiteCode,
        #[serde(default)]
        items: Vec<Inner>,
    }

    fn refused(body: &str) -> (u16, &'static str, String) {
        let problem = parse_strict::<Outer>(body.as_bytes()).unwrap_err();
        let field = problem.errors().first().map_or_else(String::new, |error| error.field.clone());
        (problem.status().as_u16(), problem.code(), field)
    }

    #[test]
    fn names_what_is_wrong() {
        for (body, status, code, field) in [
            ("{", 400, "invalid_json", ""),
            ("", 400, "invalid_json", ""),
            ("{\"site\":\"a\"} x", 400, "invalid_json", ""),
            ("{\"site\":1e400}", 400, "invalid_json", ""),
            ("{\"site\":NaN}", 400, "invalid_json", ""),
            ("{\"site\":\"a\",\"site\":\"b\"}", 422, "invalid_field", "site"),
            ("{\"site\":\"a\",\"extra\":1}", 422, "unknown_field", "extra"),
            ("{\"items\":[]}", 422, "invalid_field", "site"),
            ("{\"site\":\"Not A Slug\"}", 422, "invalid_field", "site"),
            ("{\"site\":7}", 422, "invalid_field", "site"),
            (
                "{\"site\":\"a\",\"items\":[{\"quantity\":1},{\"quantity\":1.2345}]}",
                422,
                "invalid_field",
                "items[1].quantity",
            ),
            ("{\"site\":\"a\",\"items\":[{\"quantity\":1,\"x\":1}]}", 422, "unknown_field", "items[0].x"),
            ("{\"site\":\"a\",\"items\":[{}]}", 422, "invalid_field", "items[0].quantity"),
            ("[]", 422, "invalid_field", "body"),
            ("null", 422, "invalid_field", "body"),
        ] {
            assert_eq!(refused(body), (status, code, field.to_owned()), "{body}");
        }
    }

    #[test]
    fn refuses_deep_nesting_and_bytes_that_are_not_text() {
        let deep = "[".repeat(10_000);
        assert_eq!(refused(&deep).1, "invalid_json");
        let problem = parse_strict::<Outer>(b"{\"site\":\"\xff\"}").unwrap_err();
        assert_eq!(problem.code(), "invalid_json");
        assert!(problem.detail().contains("line 1"), "{}", problem.detail());
    }

    #[test]
    fn keeps_the_rule_of_the_domain() {
        let problem = parse_strict::<Outer>(b"{\"site\":\"UPPER\"}").unwrap_err();
        assert_eq!(problem.errors()[0].detail, domain::ids::SLUG_RULE);
    }

    proptest! {
        #[test]
        fn never_panics_and_agrees_with_serde(text in "\\PC{0,60}") {
            let ours = parse_strict::<Value>(text.as_bytes());
            let theirs = serde_json::from_str::<Value>(&text);
            if let Ok(ours) = ours {
                prop_assert_eq!(ours, theirs.unwrap());
            }
        }
    }
}
