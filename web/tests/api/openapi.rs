//! The OpenAPI document and its pages, as they are served.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::contract;
use crate::helpers::{Client, TestHub, eventually};

#[actix_web::test]
async fn the_document_is_for_everybody_and_cached() {
    let hub = TestHub::start().await;
    let anybody = hub.anybody();
    let answer = anybody.get("/openapi.json").await;
    assert_eq!(answer.text, web::openapi_json());
    assert_eq!(answer.header("content-type"), "application/json");
    let again = anybody.with("if-none-match", answer.header("etag")).get("/openapi.json").await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    hub.stop().await;
}

#[actix_web::test]
async fn the_pages_come_with_the_hub_and_keep_its_policy() {
    let hub = TestHub::start().await;
    let anybody = hub.anybody();
    // The client follows the redirect from `/docs`.
    let page = anybody.get("//docs").await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html"));
    assert!(page.text.contains("swagger-ui"), "{}", page.text);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert!(!page.text.contains("<style") && !page.text.contains("<script>"), "{}", page.text);
    let settings = anybody.get("//docs/swagger-initializer.js").await;
    assert!(settings.text.contains("/api/v1/openapi.json"), "{}", settings.text);
    assert_eq!(anybody.get("//docs/none.js").await.problem().0, 404);
    // What lies outside is the dashboard's, if it is built.
    assert!(!anybody.get("//docs/%2e%2e/Cargo.toml").await.text.contains("[package]"));
    hub.stop().await;
}

/// The hub names the parameters that it knows when it refuses one: they are those of the document.
#[actix_web::test]
async fn the_document_names_the_parameters_that_the_hub_knows() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    let (mut checked, mut parameters) = (0, 0);
    for (template, item) in contract::document()["paths"].as_object().unwrap() {
        let Some(operation) = item.get("get").filter(|_| template.starts_with("/api/v1/")) else { continue };
        let path = template.replace("{site}", "linz").replace("{line}", "saw").replace("{machine}", "s1");
        let path = path.replace("{code}", "x").replace("{id}", "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3");
        let given = operation["parameters"].as_array().into_iter().flatten();
        let in_query: Vec<&Value> = given.filter(|parameter| parameter["in"] == "query").collect();
        let documented: BTreeSet<&str> =
            in_query.iter().filter_map(|parameter| parameter["name"].as_str()).collect();
        let required = in_query.iter().filter(|parameter| parameter["required"] == true);
        let required: String =
            required.map(|parameter| format!("&{}=x", parameter["name"].as_str().unwrap())).collect();
        let path = path.trim_start_matches("/api/v1");
        let answer = admin.get(&format!("{path}?no-such-parameter=1{required}")).await;
        if answer.status != 422 {
            assert!(documented.is_empty(), "{template}: {answer:?}");
            continue;
        }
        let detail = answer.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
        let known: BTreeSet<&str> = match detail.split_once("there are ") {
            Some((_, names)) if !names.contains("none") => names.split(", ").collect(),
            _ => BTreeSet::new(),
        };
        assert_eq!(known, documented, "{template}: {detail}");
        (checked, parameters) = (checked + 1, parameters + documented.len());
    }
    assert!(checked >= 25 && parameters >= 60, "{checked} routes, {parameters} parameters");
    hub.stop().await;
}

/// Something of everything: an alert, a stop, an order that runs, stock, a credential, a refused message.
async fn fill(admin: &Client) {
    let rule =
        json!({"code": "hot", "kind": "measure_above", "severity": "high", "metric": "load", "limit": 90});
    admin.post("/alert-rules", rule).await.expect(201);
    let order = json!({"code": "PO-1", "article": "BAR", "quantity": 9, "site": "linz", "line": "saw"});
    admin.post("/orders", order).await.expect(201);
    admin.press("/orders/PO-1/release").await.expect(200);
    admin.press("/orders/PO-1/start").await.expect(200);
    let movement =
        json!({"site": "linz", "kind": "receive", "article": "BAR", "quantity": "2.5", "location": "A1"});
    admin.post("/stock/movements", movement).await.expect(201);
    admin.post("/devices", json!({"name": "Saw", "scope": "linz/saw"})).await.expect(201);
    let of = |channel: &str| format!("hub/v1/acme/linz/saw/s1/{channel}");
    let messages = json!([
        {"topic": of("state"), "state": "running"},
        {"topic": of("count"), "good": 3, "scrap": 1},
        {"topic": of("measure"), "values": {"load": 95.5, "on": true, "program": "cut 7"}},
        {"topic": of("state"), "state": "down", "reason": "jam"},
        {"topic": "hub/v1/acme/linz/saw/s9/count", "good": 1},
    ]);
    admin.post("/ingest", messages).await.expect(200);
    eventually("the alert is raised", async || {
        admin.get("/alerts").await.json()["items"][0]["rule"] == "hot"
    })
    .await;
    eventually("the dead letter is there", async || {
        admin.get("/dead-letters").await.json()["items"].as_array().is_some_and(|items| !items.is_empty())
    })
    .await;
}

/// A path of this template that exists: a parameter is the code or id of what the list before it shows first.
async fn existing(admin: &Client, template: &str) -> String {
    let mut path = String::new();
    for part in template.trim_start_matches("/api/v1/").split('/') {
        let next = if part.starts_with('{') {
            let first = admin.get(&path).await.expect(200)["items"][0].clone();
            let name = first["id"].as_str().or(first["code"].as_str());
            name.unwrap_or_else(|| panic!("{path} shows nothing for {template}")).to_owned()
        } else {
            part.to_owned()
        };
        path = format!("{path}/{next}");
    }
    path
}

/// The client holds each answer to the document; what is asked for here is that every GET has one that tells something.
#[actix_web::test]
async fn everything_that_can_be_read_is_as_the_document_says() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    fill(&admin).await;
    hub.later(90);
    let mut lists = 0;
    for (template, item) in contract::document()["paths"].as_object().unwrap() {
        let Some(operation) = item.get("get").filter(|_| template.starts_with("/api/v1/")) else { continue };
        if template == "/api/v1/live" {
            continue;
        }
        let given = operation["parameters"].as_array().into_iter().flatten();
        let required = given.filter(|given| given["in"] == "query" && given["required"] == true);
        let query: Vec<&str> = required
            .map(|given| match given["name"].as_str().unwrap() {
                "site" => "site=linz",
                "metric" => "metric=load",
                name => panic!("{template} asks for {name}: say here what"),
            })
            .collect();
        let path = existing(&admin, template).await;
        let answer = admin.get(&format!("{path}?{}", query.join("&"))).await.expect(200);
        if let Some(items) = answer["items"].as_array() {
            // Nothing is quarantined in this plant.
            assert!(!items.is_empty() || template.ends_with("/quarantine"), "{template} shows nothing");
            lists += 1;
        }
    }
    assert!(lists >= 15, "{lists} lists");
    hub.stop().await;
}
