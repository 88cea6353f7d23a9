//! Holds every call of these tests to the OpenAPI document: what was answered, and what was accepted.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::Answer;

/// The document, made strict: a field that a schema does not name is an error, so that none goes untold.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document: Value = serde_json::from_str(&web::openapi_json()).unwrap();
    for schema in document["components"]["schemas"].as_object_mut().unwrap().values_mut() {
        close(schema);
    }
    document
});

static VALIDATORS: LazyLock<Mutex<HashMap<String, &'static Validator>>> = LazyLock::new(Mutex::default);

fn close(schema: &mut Value) {
    if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
        schema["additionalProperties"] = json!(false);
    }
    for part in schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
        close(part);
    }
}

/// The document, as it is handed out.
pub fn document() -> &'static Value {
    &DOCUMENT
}

/// Fails the test if the call is not as the document says.
#[track_caller]
pub fn check(method: &Method, path: &str, body: Option<&(&'static str, String)>, answer: &Answer) {
    let path = path.split('?').next().unwrap_or_default();
    let status = answer.status.as_u16();
    if *method == Method::OPTIONS {
        // A preflight of a browser is answered before any route.
        return;
    }
    let Some((template, item)) = find(path) else {
        assert!(status == 404 || !path.starts_with("/api/"), "{method} {path} is not documented: {answer:?}");
        return;
    };
    let name = method.as_str().to_lowercase();
    let Some(operation) = item.get(&name) else {
        assert_eq!(status, 405, "{method} {template} is not documented: {answer:?}");
        return;
    };
    let place = format!("/paths/{}/{name}", escaped(template));
    let answered = format!("{place}/responses/{status}");
    let Some(documented) = operation["responses"].get(status.to_string()) else {
        panic!("{method} {template} answered {status}, which is not documented: {answer:?}");
    };
    let answered = match documented["$ref"].as_str() {
        Some(reference) => reference.trim_start_matches('#').to_owned(),
        None => answered,
    };
    check_content(
        &answered,
        answer.header("content-type"),
        &answer.text,
        &format!("{method} {path} {status}"),
    );
    // Messages at `/ingest` stand alone: one that is refused does not refuse the body.
    let accepted = answer.status.is_success() && !answer.text.contains("\"status\":\"refused\"");
    if let Some((media_type, text)) = body.filter(|_| accepted) {
        let place = format!("{place}/requestBody");
        check_content(&place, media_type, text, &format!("the accepted body of {method} {path}"));
    }
}

/// The path template that this path is one of; fixed parts go before parameters.
fn find(path: &str) -> Option<(&'static str, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let matching = paths.iter().filter(|(template, _)| {
        let (template, path): (Vec<&str>, Vec<&str>) =
            (template.split('/').collect(), path.split('/').collect());
        template.len() == path.len()
            && template.iter().zip(path).all(|(part, given)| part.starts_with('{') || *part == given)
    });
    matching
        .min_by_key(|(template, _)| template.matches('{').count())
        .map(|(path, item)| (path.as_str(), item))
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[track_caller]
fn check_content(place: &str, media_type: &str, text: &str, what: &str) {
    let media_type = media_type.split(';').next().unwrap_or_default();
    let documented = DOCUMENT.pointer(place).unwrap();
    let Some(content) = documented.get("content") else {
        assert!(text.is_empty(), "{what}: a body that is not documented: {text}");
        return;
    };
    assert!(content.get(media_type).is_some(), "{what}: {media_type:?} is not documented");
    if !media_type.ends_with("json") {
        return;
    }
    let validator = validator(&format!("{place}/content/{}/schema", escaped(media_type)));
    let values: Vec<&str> = if media_type.ends_with("ndjson") {
        text.lines().filter(|line| !line.is_empty()).collect()
    } else {
        vec![text]
    };
    for value in values {
        let value: Value = serde_json::from_str(value).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{what} is not as the document says: {errors:#?}\n{value:#}");
    }
}

/// Made once a place, because every test of this binary asks for the same ones.
fn validator(place: &str) -> &'static Validator {
    let mut validators = VALIDATORS.lock().unwrap();
    validators.entry(place.to_owned()).or_insert_with(|| {
        let schema = json!({"components": DOCUMENT["components"], "allOf": [DOCUMENT.pointer(place)]});
        Box::leak(Box::new(jsonschema::options().should_validate_formats(true).build(&schema).unwrap()))
    })
}
