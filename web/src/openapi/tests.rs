//! The document against the table of routes, the views of the domain, and itself.

use std::collections::BTreeSet;

use actix_web::App;
use jsonschema::Validator;
use serde_json::{Value, json};

use super::*;
use crate::routes;

fn parsed() -> Value {
    serde_json::from_str(&document_json()).unwrap()
}

/// Every operation as `GET /path`.
fn documented(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    operations.collect()
}

/// Every route of the real tables as `GET /path`.
fn served() -> BTreeSet<String> {
    let mut served = BTreeSet::new();
    let _app = App::new().configure(|config| {
        served.extend(routes::service(config).into_iter().map(|(method, path)| format!("{method} {path}")));
        let api = routes::api(config, 1024).into_iter();
        served.extend(api.map(|(method, path)| format!("{method} /api/v1{path}")));
    });
    served
}

#[test]
fn every_route_is_documented_and_every_operation_is_served() {
    let (documented, served) = (documented(&parsed()), served());
    let missing: Vec<_> = served.difference(&documented).collect();
    assert!(missing.is_empty(), "routes without an operation in web/src/openapi/paths: {missing:#?}");
    let gone: Vec<_> = documented.difference(&served).collect();
    assert!(gone.is_empty(), "operations that no route of web/src/routes/mod.rs serves: {gone:#?}");
    assert!(served.contains("POST /api/v1/orders/{code}/{action}"), "{served:#?}");
}

#[test]
fn names_are_unique_and_references_lead_somewhere() {
    let document = parsed();
    let mut ids = BTreeSet::new();
    for operation in
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap())
    {
        let id = operation.1["operationId"].as_str().unwrap();
        assert!(ids.insert(id), "{id} is given twice");
    }
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document.pointer(reference).is_some(), "{reference} leads nowhere");
    }
    // A schema of requests and one of answers must not go by the same name.
    let (mut taken, mut given) = (Schemas::new(), Schemas::new());
    for operation in
        tagged().into_iter().flat_map(|(tag, _, all)| all.into_iter().map(move |one| one.finish(tag)))
    {
        taken.extend(operation.2);
        given.extend(operation.3);
    }
    let mut seen: BTreeMap<String, Value> = BTreeMap::new();
    for (name, schema) in taken.into_iter().chain(given) {
        let schema = json!(schema);
        let before = seen.entry(name.clone()).or_insert_with(|| schema.clone());
        assert_eq!(*before, schema, "{name} names two schemas");
    }
}

/// A validator of one schema, which refuses fields that the schema does not have.
fn strict(name: &str) -> Validator {
    let mut document = parsed();
    for schema in document["components"]["schemas"].as_object_mut().unwrap().values_mut() {
        if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
            schema["additionalProperties"] = json!(false);
        }
    }
    document["$ref"] = json!(format!("#/components/schemas/{name}"));
    jsonschema::options().should_validate_formats(true).build(&document).unwrap()
}

#[track_caller]
fn check(validator: &Validator, value: &Value) {
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn the_golden_views_are_as_the_document_says() {
    let golden = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let line = golden(include_str!("../../../domain/tests/golden/line_view.json"));
    let site = golden(include_str!("../../../domain/tests/golden/site_view.json"));
    let (line_data, site_data) = (strict("LineData"), strict("SiteData"));
    check(&line_data, &line);
    check(&site_data, &site);
    assert!(!line_data.is_valid(&site));
    let mut wrong = line.clone();
    wrong["machines"]["m1"]["state"] = json!("on fire");
    assert!(!line_data.is_valid(&wrong));
    let mut more = line;
    more["machines"]["m1"]["mood"] = json!("good");
    assert!(!line_data.is_valid(&more), "a field that is not in the schema");
}

#[test]
fn a_change_is_null_where_it_clears_and_an_answer_never_is() {
    let patch = strict("MachinePatch");
    check(&patch, &json!({"ideal_cycle_s": null}));
    assert!(!patch.is_valid(&json!({"idle_cycle_s": 3})));
    let machine = json!({"code": "s1", "name": "Saw", "output": true, "ideal_cycles": {}});
    check(&strict("Machine"), &machine);
    let mut with_null = machine;
    with_null["ideal_cycle_s"] = Value::Null;
    assert!(!strict("Machine").is_valid(&with_null));
}
