//! The protocol of a live session: every close code, limit and time-out, without a socket or a clock.

use actors::ports::{Role, StoreError};
use domain::{Code, DurationMs};
use serde_json::Value;

use super::super::rate::RateLimit;
use super::*;

const NOON: i64 = 1_800_000_000_000;

fn at(elapsed_s: u64) -> Moment {
    let elapsed = Duration::from_secs(elapsed_s);
    let time = Timestamp::from_millis(NOON) + DurationMs::from_secs(i64::try_from(elapsed_s).unwrap());
    Moment { elapsed, time }
}

fn viewer() -> Principal {
    Principal {
        id: Uuid::from_u128(1),
        email: "supervisor@demo.local".to_owned(),
        name: "Sam".to_owned(),
        tenant: "acme".parse().unwrap(),
        tenants: vec!["acme".parse().unwrap()],
        roles: vec![Role::Supervisor],
        sites: None,
        session: Uuid::from_u128(7),
        expires_at: at(900).time,
    }
}

fn store_away() -> AuthError {
    StoreError::Unavailable("database is locked".to_owned()).into()
}

fn options() -> LiveOptions {
    LiveOptions { rate: None, ..LiveOptions::default() }
}

fn watching(viewer: Principal) -> Protocol {
    let mut protocol = Protocol::new(&options());
    protocol.text(r#"{"type":"auth","token":"t"}"#, at(0));
    assert!(!protocol.verified(Ok(viewer), at(0)).is_empty());
    protocol
}

fn json(effect: &Effect) -> Value {
    match effect {
        Effect::Send(text) => serde_json::from_str(text).unwrap(),
        other => panic!("{other:?} is not a frame"),
    }
}

fn error_code(effects: &[Effect]) -> String {
    let [effect] = effects else { panic!("{effects:?}") };
    let frame = json(effect);
    assert_eq!(frame["type"], "error");
    frame["code"].as_str().unwrap().to_owned()
}

fn close_code(effects: &[Effect]) -> CloseCode {
    match effects {
        [Effect::Close { code, .. }] => *code,
        other => panic!("{other:?} does not close"),
    }
}

fn subscribe(protocol: &mut Protocol, topic: &str) -> Vec<Effect> {
    protocol.text(&format!(r#"{{"type":"subscribe","topic":"{topic}"}}"#), at(1))
}

fn subscribed(effects: &[Effect]) -> bool {
    matches!(effects, [Effect::Subscribe { .. }])
}

#[test]
fn a_good_token_opens_the_session() {
    let mut protocol = Protocol::new(&options());
    let effects = protocol.text(r#"{"type":"auth","token":"abc","tenant":"acme"}"#, at(1));
    let [Effect::Verify { token, tenant }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((token.expose(), tenant.as_ref().unwrap().as_str()), ("abc", "acme"));
    assert!(!format!("{effects:?}").contains("abc"), "a token is never printed");

    let effects = protocol.verified(Ok(viewer()), at(1));
    assert_eq!(effects[0], Effect::Bind(Uuid::from_u128(7)));
    let ready = json(&effects[1]);
    assert_eq!(
        (&ready["type"], &ready["server_time"]),
        (&json!("ready"), &json!("2027-01-15T08:00:01.000Z"))
    );
    assert_eq!(ready["user"]["email"], "supervisor@demo.local");
    assert_eq!((&ready["user"]["roles"], &ready["user"]["tenant"]), (&json!(["supervisor"]), &json!("acme")));
    assert_eq!(ready["user"].get("sites"), None);
}

#[test]
fn the_first_frame_must_be_auth_and_come_in_time() {
    for first in [
        r#"{"type":"ping"}"#,
        r#"{"type":"subscribe","topic":"alerts"}"#,
        r#"{"type":"auth"}"#,
        r#"{"type":"auth","token":"t","tenant":"No Such"}"#,
    ] {
        let mut protocol = Protocol::new(&options());
        assert_eq!(close_code(&protocol.text(first, at(1))), CloseCode::Unauthenticated, "{first}");
        assert!(protocol.is_closed() && protocol.tick(at(100)).is_empty());
    }
    let mut protocol = Protocol::new(&options());
    assert_eq!(protocol.delay(at(4)), Duration::from_secs(6));
    assert_eq!(protocol.tick(at(9)), []);
    assert_eq!(close_code(&protocol.tick(at(10))), CloseCode::AuthTimeout);
}

#[test]
fn a_token_that_is_not_good_closes() {
    let expired = Principal { expires_at: at(1).time, ..viewer() };
    for (answer, code) in [
        (Err(AuthError::Invalid("forged")), CloseCode::Unauthenticated),
        (Err(AuthError::Forbidden), CloseCode::Forbidden),
        (Ok(expired), CloseCode::Unauthenticated),
        (Err(store_away()), CloseCode::Overloaded),
    ] {
        let mut protocol = Protocol::new(&options());
        protocol.text(r#"{"type":"auth","token":"t"}"#, at(0));
        assert_eq!(close_code(&protocol.verified(answer, at(1))), code);
    }
}

#[test]
fn what_is_not_a_frame_closes_in_every_phase() {
    for bad in ["", "{", "null", "[]", "\"ping\"", "{}", r#"{"type":1}"#, r#"{"type":"Ping"}"#] {
        let mut opening = Protocol::new(&options());
        assert_eq!(close_code(&opening.text(bad, at(1))), CloseCode::BadFrame, "{bad}");
        let mut protocol = watching(viewer());
        assert_eq!(close_code(&protocol.text(bad, at(1))), CloseCode::BadFrame, "{bad}");
    }
}

#[test]
fn wrong_fields_are_answered_not_punished() {
    let mut protocol = watching(viewer());
    for (frame, code) in [
        (r#"{"type":"subscribe","topic":"nonsense/x"}"#, "invalid_topic"),
        (r#"{"type":"subscribe","topic":"alerts","sicne":1}"#, "unknown_field"),
        (r#"{"type":"subscribe","topic":"alerts","since":{"epoch":-1,"seq":0}}"#, "invalid_field"),
        (r#"{"type":"unsubscribe"}"#, "invalid_field"),
        (r#"{"type":"mark_read","id":"1"}"#, "unsupported"),
    ] {
        assert_eq!(error_code(&protocol.text(frame, at(1))), code, "{frame}");
    }
    let effects = subscribe(&mut protocol, "nonsense/x");
    assert_eq!(json(&effects[0])["topic"], "nonsense/x");
}

#[test]
fn subscribes_unsubscribes_and_answers_pings() {
    let mut protocol = watching(viewer());
    let since = r#"{"type":"subscribe","topic":"line/north/press-1","since":{"epoch":3,"seq":9}}"#;
    let topic: LiveTopic = "line/north/press-1".parse().unwrap();
    let tenant = viewer().tenant;
    let expected = Effect::Subscribe {
        tenant: tenant.clone(),
        topic: topic.clone(),
        since: Some(Position { epoch: 3, seq: 9 }),
    };
    let twice = [protocol.text(since, at(1)), protocol.text(since, at(1))].concat();
    assert_eq!(twice, [expected.clone(), expected], "the second time the topic starts afresh");
    let effects = protocol.text(r#"{"type":"unsubscribe","topic":"line/north/press-1"}"#, at(2));
    assert_eq!(effects, [Effect::Unsubscribe { tenant, topic }]);
    let pong = json(&protocol.text(r#"{"type":"ping"}"#, at(3))[0]);
    assert_eq!(pong, json!({"type": "pong", "server_time": "2027-01-15T08:00:03.000Z"}));
}

#[test]
fn counts_topics_and_forgets_those_the_hub_refuses() {
    let mut protocol = watching(viewer());
    for line in 0..128 {
        assert!(subscribed(&subscribe(&mut protocol, &format!("line/north/l{line}"))));
    }
    assert_eq!(error_code(&subscribe(&mut protocol, "alerts")), "too_many_topics");
    assert!(subscribed(&subscribe(&mut protocol, "line/north/l5")), "one of the 128");

    let unknown = Rejection::new(Code::UnknownLine, Some("topic"), "there is no such line");
    let effects = protocol.refused(&"line/north/l5".parse().unwrap(), &unknown.into());
    assert_eq!(error_code(&effects), "unknown_line");
    assert_eq!(json(&effects[0])["topic"], "line/north/l5");
    assert!(subscribed(&subscribe(&mut protocol, "alerts")), "its place is free again");

    let busy = CommandError::Unavailable { code: "overloaded", retry_after_ms: 500 };
    let effects = protocol.refused(&LiveTopic::Alerts, &busy);
    assert_eq!(error_code(&effects), "overloaded");
}

#[test]
fn shows_only_what_sites_and_roles_allow() {
    let mut one_site = watching(Principal { sites: Some(vec!["north".parse().unwrap()]), ..viewer() });
    for allowed in ["site/north", "line/north/l1", "stock/north", "orders/north", "alerts/north", "inbox"] {
        assert!(subscribed(&subscribe(&mut one_site, allowed)), "{allowed}");
    }
    for hidden in ["site/south", "line/south/l1", "stock/south", "orders/south", "alerts/south", "alerts"] {
        assert_eq!(error_code(&subscribe(&mut one_site, hidden)), "forbidden", "{hidden}");
    }
    let mut no_role = watching(Principal { roles: Vec::new(), ..viewer() });
    assert_eq!(error_code(&subscribe(&mut no_role, "site/north")), "forbidden");
}

#[test]
fn messages_of_devices_are_for_supervisors_and_admins_of_the_site() {
    let topics = ["messages/north", "messages/north/l1"];
    for (role, may) in [
        (Role::Viewer, false),
        (Role::Operator, false),
        (Role::Storekeeper, false),
        (Role::Planner, false),
        (Role::Supervisor, true),
        (Role::Admin, true),
    ] {
        let mut everywhere = watching(Principal { roles: vec![role], ..viewer() });
        let sites = Some(vec!["north".parse().unwrap()]);
        let mut one_site = watching(Principal { roles: vec![role], sites, ..viewer() });
        for topic in topics {
            assert_eq!(subscribed(&subscribe(&mut everywhere, topic)), may, "{role:?} {topic}");
            assert_eq!(subscribed(&subscribe(&mut one_site, topic)), may, "{role:?} {topic}");
        }
        assert_eq!(error_code(&subscribe(&mut one_site, "messages/south/l1")), "forbidden");
    }
    let mut demoted = watching(viewer());
    subscribe(&mut demoted, "messages/north");
    demoted.text(r#"{"type":"auth","token":"next"}"#, at(1));
    let effects = demoted.verified(Ok(Principal { roles: vec![Role::Operator], ..viewer() }), at(2));
    assert_eq!(
        (&json(&effects[2])["code"], &json(&effects[2])["topic"]),
        (&"forbidden".into(), &"messages/north".into())
    );
}

#[test]
fn an_expired_token_closes_unless_it_was_renewed() {
    let mut protocol = watching(Principal { expires_at: at(15).time, ..viewer() });
    assert_eq!(protocol.delay(at(5)), Duration::from_secs(10));
    assert_eq!(protocol.tick(at(14)), []);
    assert_eq!(close_code(&protocol.tick(at(15))), CloseCode::Unauthenticated);

    let mut protocol = watching(Principal { expires_at: at(15).time, ..viewer() });
    let effects = protocol.text(r#"{"type":"auth","token":"next"}"#, at(10));
    let [Effect::Verify { tenant, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(tenant.as_ref(), Some(&viewer().tenant), "the session's tenant, not the user's default");
    let second = protocol.text(r#"{"type":"auth","token":"next"}"#, at(10));
    assert_eq!(error_code(&second), "auth_in_progress");
    let effects = protocol.verified(Ok(viewer()), at(11));
    assert_eq!(effects[0], Effect::Bind(viewer().session));
    assert_eq!(json(&effects[1])["type"], "ready");
    assert_eq!(protocol.tick(at(15)), []);
}

#[test]
fn a_renewal_must_be_of_the_same_user_and_tenant() {
    let renew = |answer| {
        let mut protocol = watching(viewer());
        protocol.text(r#"{"type":"auth","token":"next"}"#, at(1));
        (protocol.verified(answer, at(2)), protocol)
    };
    let other = Principal { id: Uuid::from_u128(2), ..viewer() };
    assert_eq!(close_code(&renew(Ok(other)).0), CloseCode::Forbidden);
    let elsewhere = Principal { tenant: "other".parse().unwrap(), ..viewer() };
    assert_eq!(close_code(&renew(Ok(elsewhere)).0), CloseCode::Forbidden);
    assert_eq!(close_code(&renew(Err(AuthError::Forbidden)).0), CloseCode::Forbidden);
    assert_eq!(close_code(&renew(Err(AuthError::Invalid("forged"))).0), CloseCode::Unauthenticated);
    let (effects, mut protocol) = renew(Err(store_away()));
    assert_eq!(error_code(&effects), "unavailable");
    let again = protocol.text(r#"{"type":"auth","token":"next"}"#, at(3));
    assert!(matches!(again[..], [Effect::Verify { .. }]));
}

#[test]
fn a_renewal_ends_the_topics_it_no_longer_covers() {
    let mut protocol = watching(viewer());
    subscribe(&mut protocol, "site/north");
    subscribe(&mut protocol, "site/south");
    protocol.text(r#"{"type":"auth","token":"next"}"#, at(1));
    let effects =
        protocol.verified(Ok(Principal { sites: Some(vec!["north".parse().unwrap()]), ..viewer() }), at(2));
    let topic: LiveTopic = "site/south".parse().unwrap();
    assert_eq!(effects[1], Effect::Unsubscribe { tenant: viewer().tenant, topic });
    assert_eq!(json(&effects[2])["code"], "forbidden");
    assert_eq!(json(&effects[3])["type"], "ready");
    assert_eq!(effects.len(), 4);
}

#[test]
fn pings_and_gives_a_silent_peer_up() {
    let mut protocol = watching(viewer());
    let mut pings = Vec::new();
    let closed_at = (1..=100).find(|second| {
        let effects = protocol.tick(at(*second));
        protocol.delay(at(*second));
        match effects.as_slice() {
            [Effect::Ping] => pings.push(*second),
            [] => {}
            other => assert_eq!(close_code(other), CloseCode::Idle),
        }
        protocol.is_closed()
    });
    assert_eq!((pings, closed_at), (vec![20, 40], Some(60)));

    let mut protocol = watching(viewer());
    for second in 1..=200 {
        if protocol.tick(at(second)) == [Effect::Ping] {
            assert_eq!(protocol.heard(at(second)), []);
        }
        protocol.delay(at(second));
    }
    assert!(!protocol.is_closed());
}

#[test]
fn a_session_that_was_blocked_does_not_blame_its_peer() {
    let mut protocol = watching(viewer());
    protocol.delay(at(0));
    assert_eq!(protocol.tick(at(500)), [Effect::Ping]);
    protocol.delay(at(500));
    assert_eq!(protocol.tick(at(520)), [Effect::Ping]);
}

#[test]
fn a_flood_closes_whatever_it_is_made_of() {
    let limited = LiveOptions { rate: Some(RateLimit { per_second: 1, burst: 3 }), ..options() };
    let mut protocol = Protocol::new(&limited);
    for _ in 0..2 {
        assert_eq!(protocol.heard(at(0)), []);
    }
    assert!(matches!(protocol.text(r#"{"type":"auth","token":"t"}"#, at(0))[..], [Effect::Verify { .. }]));
    assert_eq!(close_code(&protocol.heard(at(0))), CloseCode::TooMany);
    assert!(protocol.verified(Ok(viewer()), at(0)).is_empty(), "a closed session stays closed");
}

#[test]
fn closes_once() {
    let mut protocol = watching(viewer());
    let effects = protocol.close_until(CloseCode::Restart, "restart", Some(5));
    assert!(matches!(effects[..], [Effect::Close { code: CloseCode::Restart, retry_after_ms: Some(5), .. }]));
    assert!(protocol.close(CloseCode::Revoked, "again").is_empty());
    assert!(protocol.text(r#"{"type":"ping"}"#, at(1)).is_empty());
}
