//! Attacks on access tokens (reliability.md, row 19): each is refused.

use actors::ports::SigningKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{DurationMs, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::token::{Claims, key_id, sign, verify};

fn now() -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000)
}

fn key(kid: &str, secret: u8) -> SigningKey {
    SigningKey { kid: kid.to_owned(), secret: vec![secret; 32], created_at: now(), retired_at: None }
}

fn claims() -> Claims {
    Claims::new(Uuid::from_u128(1), "acme".parse().unwrap(), Uuid::from_u128(2), now(), DurationMs(900_000))
}

/// What the server does: the header names the key, the key checks the token.
fn check(token: &str, at: Timestamp) -> Result<Claims, &'static str> {
    let ring = [key("k1", 1), key("k2", 2)];
    let kid = key_id(token)?;
    let key = ring.iter().find(|key| key.kid == kid).ok_or("unknown key")?;
    verify(token, key, at)
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token with this header and these claims, signed with HMAC-SHA-256 whatever the header says.
fn forge(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let key = jsonwebtoken::EncodingKey::from_secret(secret);
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &key, jsonwebtoken::Algorithm::HS256).unwrap();
    format!("{message}.{signature}")
}

fn header() -> Value {
    json!({"alg": "HS256", "typ": "JWT", "kid": "k1"})
}

fn payload() -> Value {
    serde_json::to_value(claims()).unwrap()
}

fn with(mut base: Value, name: &str, value: Value) -> Value {
    base[name] = value;
    base
}

fn without(mut base: Value, name: &str) -> Value {
    base.as_object_mut().unwrap().remove(name);
    base
}

#[test]
fn takes_its_own_tokens() {
    let token = sign(&claims(), &key("k2", 2)).unwrap();
    assert_eq!(check(&token, now()).unwrap(), claims());
    assert_eq!(check(&forge(&header(), &payload(), &[1; 32]), now()).unwrap(), claims());
}

#[test]
fn refuses_forged_headers() {
    let good = [1; 32];
    let jwk = json!({"kty": "oct", "alg": "HS256", "k": URL_SAFE_NO_PAD.encode([9; 32])});
    for (name, token) in [
        ("none", forge(&with(header(), "alg", json!("none")), &payload(), &good)),
        ("None", forge(&with(header(), "alg", json!("None")), &payload(), &good)),
        ("NONE", forge(&with(header(), "alg", json!("NONE")), &payload(), &good)),
        ("nOnE", forge(&with(header(), "alg", json!("nOnE")), &payload(), &good)),
        ("rs256", forge(&with(header(), "alg", json!("RS256")), &payload(), &good)),
        ("es256", forge(&with(header(), "alg", json!("ES256")), &payload(), &good)),
        ("hs384", forge(&with(header(), "alg", json!("HS384")), &payload(), &good)),
        ("no alg", forge(&without(header(), "alg"), &payload(), &good)),
        ("jwk", forge(&with(header(), "jwk", jwk.clone()), &payload(), &[9; 32])),
        ("jwk and a good signature", forge(&with(header(), "jwk", jwk), &payload(), &good)),
        ("jku", forge(&with(header(), "jku", json!("https://evil.example/jwks")), &payload(), &good)),
        ("x5u", forge(&with(header(), "x5u", json!("https://evil.example/x5u")), &payload(), &good)),
        ("no kid", forge(&without(header(), "kid"), &payload(), &good)),
        ("other kid", forge(&with(header(), "kid", json!("k9")), &payload(), &good)),
        ("kid path", forge(&with(header(), "kid", json!("../../dev/null")), &payload(), b"")),
        ("kid sql", forge(&with(header(), "kid", json!("x' UNION SELECT 'a'--")), &payload(), b"a")),
        ("kid empty", forge(&with(header(), "kid", json!("")), &payload(), b"")),
        ("kid of another key", forge(&with(header(), "kid", json!("k2")), &payload(), &good)),
        ("empty secret", forge(&header(), &payload(), b"")),
    ] {
        assert!(check(&token, now()).is_err(), "{name}");
    }
}

#[test]
fn refuses_broken_signatures() {
    let token = forge(&header(), &payload(), &[1; 32]);
    let (message, signature) = token.rsplit_once('.').unwrap();
    let edited = part(&with(payload(), "tenant", json!("other")));
    let head = message.split_once('.').unwrap().0;
    for (name, token) in [
        ("stripped", message.to_owned()),
        ("blank", format!("{message}.")),
        ("short", format!("{message}.{}", &signature[..10])),
        ("two", format!("{message}.{signature}.{signature}")),
        ("edited tenant", format!("{head}.{edited}.{signature}")),
        ("empty", String::new()),
        ("dots", "..".to_owned()),
        ("long", format!("{token}{}", "A".repeat(10_000))),
        ("not base64", format!("{message}.!!!!")),
    ] {
        assert!(check(&token, now()).is_err(), "{name}");
    }
}

#[test]
fn refuses_wrong_claims() {
    let mut wrong: Vec<(String, Value)> = vec![
        ("refresh".to_owned(), with(payload(), "typ", json!("refresh"))),
        ("iss".to_owned(), with(payload(), "iss", json!("other"))),
        ("aud".to_owned(), with(payload(), "aud", json!("other"))),
        ("exp text".to_owned(), with(payload(), "exp", json!("soon"))),
        ("exp huge".to_owned(), with(payload(), "exp", json!(1e300))),
        ("tenant".to_owned(), with(payload(), "tenant", json!("Not A Slug"))),
        ("sub".to_owned(), with(payload(), "sub", json!("1"))),
    ];
    for name in ["iss", "aud", "sub", "tenant", "sid", "typ", "iat", "nbf", "exp"] {
        wrong.push((format!("no {name}"), without(payload(), name)));
    }
    for (name, claims) in wrong {
        assert!(check(&forge(&header(), &claims, &[1; 32]), now()).is_err(), "{name}");
    }
}

#[test]
fn keeps_to_the_times_with_five_seconds_of_leeway() {
    let token = sign(&claims(), &key("k1", 1)).unwrap();
    let at = |seconds: i64| now() + DurationMs::from_secs(seconds);
    assert!(check(&token, at(904)).is_ok());
    assert_eq!(check(&token, at(905)), Err("expired"));
    assert!(check(&token, at(-5)).is_ok());
    assert_eq!(check(&token, at(-6)), Err("not valid yet"));
}
