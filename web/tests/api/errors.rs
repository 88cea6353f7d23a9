//! What the framework refuses by itself is explained like everything else.

use reqwest::Method;
use serde_json::json;

use crate::helpers::TestHub;

#[actix_web::test]
async fn every_refusal_is_a_problem() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    let problem = |answer: crate::helpers::Answer| answer.problem();
    assert_eq!(problem(admin.get("/nothing").await).0, 404);
    let method = admin.call(Method::PUT, "/sites", None).await;
    assert_eq!(method.problem().1, "method_not_allowed");
    assert!(method.header("allow").contains("GET"), "{method:?}");
    let form = admin.post_text("/sites", "application/x-www-form-urlencoded", "code=a").await;
    assert_eq!(problem(form), (415, "unsupported_media_type".to_owned(), String::new()));
    let syntax = admin.post_text("/sites", "application/json", "{\"code\": ").await;
    assert_eq!(syntax.problem().1, "invalid_json");
    assert!(syntax.text.contains("line 1"), "{}", syntax.text);
    let large = format!("{{\"code\": \"{}\"}}", "x".repeat(1024 * 1024));
    assert_eq!(problem(admin.post_text("/sites", "application/json", &large).await).1, "too_large");
    assert_eq!(problem(admin.get("/sites?sort=code").await).2, "sort");
    assert_eq!(problem(admin.get("/sites?limit=201").await).2, "limit");
    assert_eq!(problem(admin.get("/sites?cursor=%25").await).2, "cursor");
    assert_eq!(problem(admin.get("/orders?cursor=made-up").await).2, "cursor");
    assert_eq!(problem(admin.get("/sites/NOT-A-SLUG").await).0, 404);
    let injected = admin.get("/articles?search=%27%3B%20DROP%20TABLE%20articles--").await;
    assert_eq!(injected.expect(200)["items"], json!([]));
    hub.stop().await;
}

#[actix_web::test]
async fn answers_carry_the_headers_of_a_careful_server() {
    let hub = TestHub::start().await;
    let answer = hub.anybody().with("x-request-id", "abc-1").get("/sites").await;
    assert_eq!(answer.header("x-request-id"), "abc-1");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"), "{policy}");
    let ours = hub.anybody().with("x-request-id", "a b\t").get("/sites").await;
    assert_ne!(ours.header("x-request-id"), "a b\t");
    hub.stop().await;
}

#[actix_web::test]
async fn only_listed_origins_may_read_answers() {
    let hub = TestHub::start().await;
    let preflight = |origin: &str| {
        let client = hub
            .anybody()
            .with("origin", origin)
            .with("access-control-request-method", "PATCH")
            .with("access-control-request-headers", "authorization,if-match,idempotency-key");
        async move { client.call(Method::OPTIONS, "/sites", None).await }
    };
    let listed = preflight("https://erp.example").await;
    assert_eq!(listed.header("access-control-allow-origin"), "https://erp.example", "{listed:?}");
    let foreign = preflight("https://evil.example").await;
    assert_eq!(foreign.header("access-control-allow-origin"), "", "{foreign:?}");
    hub.stop().await;
}
