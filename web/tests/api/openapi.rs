//! The OpenAPI document and its pages, as they are served.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::contract;
use crate::helpers::TestHub;

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
    assert_eq!(anybody.get("//docs/../Cargo.toml").await.status, 404);
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
