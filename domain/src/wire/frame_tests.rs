//! Frames of clients, good and bad, and the exact text of the server's.

use super::*;
use proptest::prelude::*;
use serde_json::json;

#[test]
fn reads_every_frame() {
    let topic: LiveTopic = "line/linz/saw".parse().unwrap();
    for (text, expected) in [
        (r#"{"type":"ping"}"#, ClientFrame::Ping),
        (
            r#"{"topic":"line/linz/saw","type":"subscribe"}"#,
            ClientFrame::Subscribe { topic: topic.clone(), since: None },
        ),
        (
            r#"{"type":"subscribe","topic":"line/linz/saw","since":{"epoch":3,"seq":17}}"#,
            ClientFrame::Subscribe { topic: topic.clone(), since: Some(Position { epoch: 3, seq: 17 }) },
        ),
        (r#"{"type":"unsubscribe","topic":"line/linz/saw"}"#, ClientFrame::Unsubscribe { topic }),
        (r#"{"type":"mark_read","id":"n1"}"#, ClientFrame::MarkRead { id: "n1".into() }),
        (
            r#"{"type":"auth","token":"t.o.k","tenant":"acme"}"#,
            ClientFrame::Auth { token: AccessToken("t.o.k".into()), tenant: Some("acme".parse().unwrap()) },
        ),
    ] {
        assert_eq!(ClientFrame::decode(text), Ok(expected), "{text}");
    }
    let auth = ClientFrame::decode(r#"{"type":"auth","token":"secret"}"#).unwrap();
    assert!(!format!("{auth:?}").contains("secret"));
}

#[test]
fn bad_frames_close_the_session() {
    let deep = "[".repeat(10_000);
    let deep_field = format!(r#"{{"type":"ping","x":{}{}"#, "[".repeat(10_000), "]".repeat(9_999));
    for text in [
        "",
        "x",
        "{",
        "[]",
        "1",
        "null",
        "{}",
        r#"{"type":1}"#,
        r#"{"type":"hello"}"#,
        r#"{"type":"ping"} x"#,
        r#"{"type":"ping","type":"ping"}"#,
        &deep,
        &deep_field,
    ] {
        assert!(matches!(ClientFrame::decode(text), Err(FrameError::Bad(_))), "{text:.60}");
    }
}

#[test]
fn wrong_fields_are_named() {
    for (text, code, field) in [
        (r#"{"type":"ping","x":1}"#, Code::UnknownField, "x"),
        (r#"{"type":"auth"}"#, Code::InvalidField, "token"),
        (r#"{"type":"auth","token":null}"#, Code::InvalidField, "token"),
        (r#"{"type":"auth","token":"t","tenant":"A B"}"#, Code::InvalidField, "tenant"),
        (r#"{"type":"subscribe"}"#, Code::InvalidField, "topic"),
        (r#"{"type":"subscribe","topic":"lines/x"}"#, Code::InvalidTopic, "topic"),
        (r#"{"type":"subscribe","topic":"inbox","topic":"inbox"}"#, Code::InvalidField, "topic"),
        (r#"{"type":"subscribe","topic":"inbox","since":{"epoch":1}}"#, Code::InvalidField, "since"),
        (r#"{"type":"subscribe","topic":"inbox","since":{"epoch":1,"seq":-1}}"#, Code::InvalidField, "since"),
        (
            r#"{"type":"subscribe","topic":"inbox","since":{"epoch":1,"seq":1,"x":1}}"#,
            Code::InvalidField,
            "since",
        ),
        (r#"{"type":"subscribe","topic":"inbox","since":null}"#, Code::InvalidField, "since"),
        (r#"{"type":"mark_read","id":""}"#, Code::InvalidField, "id"),
    ] {
        let Err(FrameError::Invalid { rejection, .. }) = ClientFrame::decode(text) else {
            panic!("{text} must be refused as invalid");
        };
        assert_eq!((rejection.code, rejection.field.as_deref()), (code, Some(field)), "{text}");
    }
    let Err(FrameError::Invalid { topic, .. }) =
        ClientFrame::decode(r#"{"type":"subscribe","topic":"lines/x"}"#)
    else {
        panic!("must be refused");
    };
    assert_eq!(topic.as_deref(), Some("lines/x"));
}

#[test]
fn server_frames_keep_the_order_of_the_protocol() {
    let topic: LiveTopic = "line/linz/saw".parse().unwrap();
    let at = Timestamp::from_millis(0);
    let position = Position { epoch: 2, seq: 9 };
    let raw = serde_json::value::to_raw_value(&json!({"good":"1"})).unwrap();
    let tree = json!({"machines":{"s1":{"good":"2"}}});
    let (text, value) = (Data::Text(&raw), Data::Value(&tree));
    let snapshot = |reset| ServerFrame::Snapshot { topic: &topic, position, at, reset, data: text };
    for (frame, expected) in [
        (
            snapshot(None),
            r#"{"type":"snapshot","topic":"line/linz/saw","epoch":2,"seq":9,"at":"1970-01-01T00:00:00.000Z","data":{"good":"1"}}"#,
        ),
        (
            snapshot(Some(Reset::Slow)),
            r#"{"type":"snapshot","topic":"line/linz/saw","epoch":2,"seq":9,"at":"1970-01-01T00:00:00.000Z","reset":"slow","data":{"good":"1"}}"#,
        ),
        (
            ServerFrame::Delta { topic: &topic, position, prev: 8, at, data: value },
            r#"{"type":"delta","topic":"line/linz/saw","epoch":2,"seq":9,"prev":8,"at":"1970-01-01T00:00:00.000Z","data":{"machines":{"s1":{"good":"2"}}}}"#,
        ),
        (
            ServerFrame::Resumed { topic: &topic, position },
            r#"{"type":"resumed","topic":"line/linz/saw","epoch":2,"seq":9}"#,
        ),
        (
            ServerFrame::Ready { server_time: at, user: text },
            r#"{"type":"ready","server_time":"1970-01-01T00:00:00.000Z","user":{"good":"1"}}"#,
        ),
        (
            ServerFrame::Pong { server_time: at },
            r#"{"type":"pong","server_time":"1970-01-01T00:00:00.000Z"}"#,
        ),
        (
            ServerFrame::Error { topic: None, code: "forbidden", detail: "\"no\"" },
            r#"{"type":"error","code":"forbidden","detail":"\"no\""}"#,
        ),
        (
            ServerFrame::Error { topic: Some("x"), code: "forbidden", detail: "no" },
            r#"{"type":"error","topic":"x","code":"forbidden","detail":"no"}"#,
        ),
        (
            ServerFrame::Closing { code: "restart", retry_after_ms: 500 },
            r#"{"type":"closing","code":"restart","retry_after_ms":500}"#,
        ),
    ] {
        assert_eq!(frame.encode(), expected);
    }
}

proptest! {
    #[test]
    fn any_text_is_decoded_without_panic(text in "\\PC{0,200}", fields in "[\\[\\]{}\",:a-z0-9]{0,60}") {
        let _ = ClientFrame::decode(&text);
        let _ = ClientFrame::decode(&format!(r#"{{"type":"subscribe",{fields}}}"#));
    }
}
