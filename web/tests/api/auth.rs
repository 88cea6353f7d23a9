//! Logging in and out, refreshing, sessions, tokens, the throttle and users.

use actors::ports::Role;
use serde_json::json;

use crate::helpers::{PASSWORD, TestHub, eventually, membership};

#[actix_web::test]
async fn a_login_gives_tokens_that_say_who_one_is() {
    let hub = TestHub::start().await;
    hub.add_user("eva@acme.example", vec![membership("acme", Role::Planner, Some("linz"))]).await;
    let body = hub.anybody().log_in(" Eva@ACME.example", PASSWORD).await.expect(200);
    assert_eq!((body["token_type"].as_str(), body["expires_in"].as_u64()), (Some("Bearer"), Some(900)));
    let eva = hub.anybody().with_token(body["access_token"].as_str().unwrap());
    let me = eva.get("/auth/me").await.expect(200);
    assert_eq!(me, body["user"]);
    assert_eq!(
        (&me["tenant"], &me["roles"], &me["sites"]),
        (&json!("acme"), &json!(["planner"]), &json!(["linz"]))
    );
    hub.stop().await;
}

#[actix_web::test]
async fn wrong_passwords_and_unknown_users_look_the_same_and_are_throttled() {
    let hub = TestHub::start().await;
    hub.add_user("eva@acme.example", vec![membership("acme", Role::Viewer, None)]).await;
    let wrong = hub.anybody().log_in("eva@acme.example", "wrong").await;
    let unknown = hub.anybody().log_in("nobody@acme.example", "wrong").await;
    assert_eq!(wrong.problem(), (401, "unauthenticated".to_owned(), String::new()));
    assert_eq!(wrong.text, unknown.text);
    assert_eq!(wrong.header("www-authenticate"), "Bearer");
    for _ in 0..9 {
        hub.anybody().log_in("eva@acme.example", "wrong").await.expect(401);
    }
    // X-Forwarded-For and another spelling change nothing.
    let elsewhere = hub.anybody().with("x-forwarded-for", "203.0.113.9");
    let throttled = elsewhere.log_in("EVA@acme.example", PASSWORD).await;
    assert_eq!(throttled.problem().0, 429);
    assert!(throttled.header("retry-after").parse::<u64>().unwrap() > 800);
    hub.later(15 * 60);
    hub.anybody().log_in("eva@acme.example", PASSWORD).await.expect(200);
    hub.stop().await;
}

#[actix_web::test]
async fn a_refresh_token_works_once_and_its_reuse_ends_the_session() {
    let hub = TestHub::start().await;
    hub.add_user("eva@acme.example", vec![membership("acme", Role::Admin, None)]).await;
    let first = hub.anybody().log_in("eva@acme.example", PASSWORD).await.expect(200);
    let refresh = |token: serde_json::Value| {
        let anybody = hub.anybody();
        async move { anybody.post("/auth/refresh", json!({"refresh_token": token})).await }
    };
    let second = refresh(first["refresh_token"].clone()).await.expect(200);
    let eva = hub.anybody().with_token(second["access_token"].as_str().unwrap());
    eva.get("/auth/me").await.expect(200);
    refresh(first["refresh_token"].clone()).await.expect(401);
    refresh(second["refresh_token"].clone()).await.expect(401);
    assert_eq!(eva.get("/auth/me").await.problem().0, 401, "the access token of the family too");
    refresh(json!("made up")).await.expect(401);
    let admin = hub.admin().await;
    eventually("the reuse is audited", async || {
        admin.get("/audit").await.text.contains("auth.refresh_reuse")
    })
    .await;
    hub.stop().await;
}

#[actix_web::test]
async fn sessions_are_listed_and_ended() {
    let hub = TestHub::start().await;
    hub.add_user("eva@acme.example", vec![membership("acme", Role::Viewer, None)]).await;
    let desk = hub.anybody().logged_in("eva@acme.example").await;
    let tablet = hub.anybody().logged_in("eva@acme.example").await;
    let sessions = desk.get("/auth/sessions").await.expect(200);
    let items = sessions["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    let other = items.iter().find(|item| item["current"] == false).unwrap();
    let path = format!("/auth/sessions/{}", other["id"].as_str().unwrap());
    let stranger = hub.user(Role::Admin).await;
    stranger.delete(&path).await.expect(404);
    desk.delete(&path).await.expect(204);
    tablet.get("/auth/me").await.expect(401);
    desk.press("/auth/logout").await.expect(204);
    desk.get("/auth/me").await.expect(401);
    hub.stop().await;
}

#[actix_web::test]
async fn a_token_ends_with_its_time_and_is_not_believed_when_changed() {
    let hub = TestHub::start().await;
    let eva = hub.user(Role::Viewer).await;
    let token = eva.token.clone().unwrap();
    let mut bodies = vec![hub.anybody().get("/sites").await.text];
    for bad in ["", "x", "a.b.c", &token[..token.len() - 4], &format!("{token}x")] {
        let answer = hub.anybody().with_token(bad).get("/sites").await;
        assert_eq!(answer.problem().0, 401, "{bad}");
        bodies.push(answer.text);
    }
    hub.later(904);
    eva.get("/sites").await.expect(200);
    hub.later(2);
    bodies.push(eva.get("/sites").await.text);
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "every refusal has the same body");
    hub.stop().await;
}

#[actix_web::test]
async fn an_admin_makes_users() {
    let hub = TestHub::start().await;
    let admin = hub.with_plant().await;
    let user = |password: &str, site: &str| json!({"email": "New@Acme.example", "name": "New", "password": password, "roles": ["operator"], "sites": [site]});
    admin.post("/users", user("short", "linz")).await.expect(422);
    let unknown = admin.post("/users", user("coil after coil", "graz")).await;
    assert_eq!(unknown.problem(), (422, "unknown_site".to_owned(), "sites[0]".to_owned()));
    let made = admin.post("/users", user("coil after coil", "linz")).await.expect(201);
    assert!(made.get("password").is_none() && made.get("password_hash").is_none());
    let again = admin.post("/users", user("coil after coil", "linz")).await;
    assert_eq!(again.problem(), (409, "already_exists".to_owned(), "email".to_owned()));
    hub.anybody().log_in("new@acme.example", "coil after coil").await.expect(200);
    let supervisor = hub.user(Role::Supervisor).await;
    supervisor.post("/users", user("coil after coil", "linz")).await.expect(403);
    supervisor.get("/users").await.expect(403);
    let list = admin.get("/users?total=true").await.expect(200);
    assert_eq!(list["total"], 3, "{list}");
    hub.stop().await;
}
