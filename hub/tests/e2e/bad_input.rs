//! What no device should send: refused with its reason, told to the sender, set aside, and nothing else is touched.

use serde_json::{Value, json};

use crate::support::{Credential, LINE, Plant, SITE, Session, Setup, Version, count, eventually, topic};

/// How much more memory a hub may occupy after it has been sent everything here many times over.
const FLAT_BYTES: u64 = 24 * 1024 * 1024;
const TOPIC_INVALID: u8 = 0x90;
const NOT_AUTHORIZED: u8 = 0x87;
const PACKET_TOO_LARGE: u8 = 0x95;

/// A payload for a channel, and the code of its refusal.
struct Bad {
    channel: &'static str,
    payload: Vec<u8>,
    code: &'static str,
}

fn bad_payloads() -> Vec<Bad> {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let deep_object = format!("{{\"values\":{}1{}}}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let many = format!("[{}]", vec![r#"{"good":1}"#; 1_001].join(","));
    let payloads: [(&str, &[u8], &str); 27] = [
        ("count", b"", "invalid_json"),
        ("count", b"good: 5", "invalid_json"),
        ("count", br#"{"good":5"#, "invalid_json"),
        ("count", br#"{"good":5} {"good":5}"#, "invalid_json"),
        ("count", b"\xEF\xBB\xBF{\"good\":5}", "invalid_json"),
        ("count", b"{\"good\":5,\"id\":\"\xFF\xFE\"}", "invalid_json"),
        ("state", b"\xC0\x80", "invalid_json"),
        ("count", deep.as_bytes(), "invalid_json"),
        ("measure", deep_object.as_bytes(), "invalid_json"),
        ("count", br#"{"good":NaN}"#, "invalid_json"),
        ("measure", br#"{"values":{"load":NaN}}"#, "invalid_json"),
        ("measure", br#"{"values":{"load":-Infinity}}"#, "invalid_json"),
        ("measure", br#"{"values":{"load":1e400}}"#, "invalid_field"),
        ("count", br#"{"good":1e400}"#, "invalid_field"),
        ("count", br#"{"good":9223372036854775808}"#, "invalid_field"),
        ("count", br#"{"total_good":99999999999999999999999999}"#, "invalid_field"),
        ("count", br#"{"good":-1}"#, "invalid_field"),
        ("count", br#"{"good":1.0005}"#, "invalid_field"),
        ("count", br#"{"good":5,"good":6}"#, "invalid_field"),
        ("count", br#"{"good":5,"colour":"red"}"#, "unknown_field"),
        ("count", br#"{"good":5,"at":9223372036854775807}"#, "invalid_field"),
        ("count", br#"{"good":5,"id":""}"#, "invalid_field"),
        ("count", br#""good""#, "invalid_field"),
        ("count", many.as_bytes(), "too_large"),
        ("state", br#"{"state":"exploded"}"#, "invalid_field"),
        ("order", br#"{"order":"nowhere","action":"start"}"#, "unknown_order"),
        ("stock", br#"{"kind":"issue","article":"beam","quantity":1}"#, "insufficient_stock"),
    ];
    let bad = |(channel, payload, code): (_, &[u8], _)| Bad { channel, payload: payload.to_vec(), code };
    payloads.map(bad).into()
}

/// Everything that must stay as it is: all machines, the stock.
async fn everything(plant: &Plant) -> Value {
    let mut lines = Vec::new();
    for line in ["line-0", "line-1"] {
        let mut state = plant.rest.line_state(line).await;
        lines.push(state["machines"].take());
    }
    json!({"lines": lines, "stock": plant.rest.list("/stock/levels").await})
}

/// A plant in which every machine has a state and parts, and the device of one machine.
async fn working_plant() -> (Plant, Credential) {
    let plant = Plant::build(Setup::default(), 2, 2).await;
    for line in ["line-0", "line-1"] {
        for machine in ["m0", "m1"] {
            let messages = json!([
                {"topic": topic(line, machine, "state"), "state": "running"},
                {"topic": topic(line, machine, "count"), "good": 7, "scrap": 1},
            ]);
            let results = plant.rest.ingest(&messages).await;
            assert!(results.iter().all(|result| result["status"] == "accepted"), "{results:?}");
        }
    }
    let device = plant.machine_device(LINE, "m0").await;
    (plant, device)
}

async fn bad_payloads_are_refused(version: Version) {
    let (plant, device) = working_plant().await;
    let before = everything(&plant).await;
    let mut session = Session::connect(plant.hub.mqtt(), version, &device, "m0").await;
    assert_eq!(session.subscribe(&topic(LINE, "m0", "refused")).await, 1);
    let mut resident_bytes = 0;
    for round in 0..10 {
        for (number, Bad { channel, payload, code }) in bad_payloads().into_iter().enumerate() {
            let shown = String::from_utf8_lossy(&payload[..payload.len().min(80)]).into_owned();
            let reason = session.publish(topic(LINE, "m0", channel), payload).await;
            assert_eq!(reason, Some(0), "a bad payload is acknowledged: {shown}");
            let told = session.message().await;
            assert_eq!(told.topic, topic(LINE, "m0", "refused"));
            assert_eq!(told.payload["code"], code, "{number}: {shown}: {}", told.payload);
            assert!(told.payload["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
            assert!(!told.retain, "refusals are not kept");
        }
        if round == 1 {
            resident_bytes = plant.hub.resident_bytes();
        }
    }
    let grown = plant.hub.resident_bytes().saturating_sub(resident_bytes);
    assert!(grown < FLAT_BYTES, "the hub has grown by {grown} bytes");
    assert_eq!(everything(&plant).await, before);

    let letters = plant.rest.dead_letters().await;
    assert_eq!(letters.len(), 10 * bad_payloads().len());
    for Bad { channel, code, .. } in bad_payloads() {
        let of_this = letters.iter().filter(|letter| {
            letter["topic"] == topic(LINE, "m0", channel).as_str() && letter["code"] == code
        });
        assert!(of_this.count() >= 10, "{channel} {code}");
    }

    // Among good messages each bad one is refused by its place and id, and the good ones count.
    let mixed = json!([count("a", 1), {"id": "b", "god": 1}, count("c", 2), count("a", 1)]);
    assert_eq!(session.publish(topic(LINE, "m0", "count"), mixed.to_string()).await, Some(0));
    let told = session.message().await.payload;
    assert_eq!(
        (&told["id"], &told["index"], &told["code"]),
        (&json!("b"), &json!(1), &json!("unknown_field"))
    );
    assert_eq!(plant.rest.machine_state(LINE, "m0").await["good"], "10");
    // The id of a refused message is not used up.
    assert_eq!(session.publish(topic(LINE, "m0", "count"), count("b", 1).to_string()).await, Some(0));
    assert_eq!(plant.rest.machine_state(LINE, "m0").await["good"], "11");
    session.disconnect().await;
    plant.hub.verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_payloads_are_refused_over_mqtt_3() {
    bad_payloads_are_refused(Version::V3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_payloads_are_refused_over_mqtt_5() {
    bad_payloads_are_refused(Version::V5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packet_that_is_too_large_ends_its_connection_only() {
    let (plant, device) = working_plant().await;
    let before = everything(&plant).await;
    let bystander = plant.machine_device(LINE, "m1").await;
    let mut bystander = Session::connect(plant.hub.mqtt(), Version::V5, &bystander, "m1").await;
    let large = vec![b' '; 10 * 1024 * 1024];
    let resident_bytes = plant.hub.resident_bytes();
    for round in 0..10 {
        for version in [Version::V3, Version::V5] {
            let mut session = Session::connect(plant.hub.mqtt(), version, &device, "m0").await;
            session.announce(&topic(LINE, "m0", "count"), 10 * 1024 * 1024).await;
            let reason = session.closed().await;
            assert_eq!(reason, (version == Version::V5).then_some(PACKET_TOO_LARGE), "round {round}");
            let mut session = Session::connect(plant.hub.mqtt(), version, &device, "m0").await;
            assert_eq!(session.publish(topic(LINE, "m0", "count"), &large).await, None);
        }
    }
    let grown = plant.hub.resident_bytes().saturating_sub(resident_bytes);
    assert!(grown < FLAT_BYTES, "the hub has grown by {grown} bytes");
    assert_eq!(everything(&plant).await, before);
    assert_eq!(bystander.publish(topic(LINE, "m1", "count"), r#"{"good":1}"#).await, Some(0));
    assert_eq!(plant.rest.machine_state(LINE, "m1").await["good"], "8");
}

#[tokio::test(flavor = "multi_thread")]
async fn topics_of_others_and_no_topics_are_refused() {
    let (plant, device) = working_plant().await;
    let before = everything(&plant).await;
    let outside = [
        topic("line-1", "m0", "count"),
        topic(LINE, "m1", "count"),
        "hub/v1/other/lyon/line-0/m0/count".to_owned(),
        "hub/v1/acme/linz/line-0/m0/count".to_owned(),
        format!("hub/v1/acme/{SITE}/stock"),
    ];
    let no_topics = [
        "hub/v1/acme/lyon/line-0/m0",
        "hub/v1/acme/lyon/line-0/m0/count/x",
        "hub/v1/acme/lyon/line-0/m0/refused",
        "hub/v1/acme/lyon/line-0/andon",
        "hub/v1/acme/lyon/line-0//count",
        "/hub/v1/acme/lyon/line-0/m0/count",
        "hub/v1/acme/lyon/line-0/m0/count/",
        "hub/v1/acme/lyon/../line-0/m0/count",
        "hub/v1/acme/lyon/line-0/../m0/count",
        "hub/v1/acme/lyon/line-0/M0/count",
        "hub/v1/acme/lyon/line-0/m0/Count",
        "hub/v2/acme/lyon/line-0/m0/count",
        "hub/v1/acme/lyon/line-0/m0 /count",
        "$SYS/broker/uptime",
    ];
    // The protocol itself forbids these in a PUBLISH: the hub may refuse the message or the connection.
    let never: [&[u8]; 6] = [
        b"hub/v1/acme/lyon/+/m0/count",
        b"hub/v1/acme/lyon/line-0/m0/#",
        b"hub/v1/acme/lyon/line-0/m0\0/count",
        b"hub/v1/acme/lyon/line-0/m0/count\0",
        b"hub/v1/acme/lyon/line-0/\xFF/count",
        b"",
    ];
    let filters = ["#", "hub/#", "hub/v1/+/lyon/line-0/andon", "hub/v1/other/lyon/line-0/andon", "$SYS/#"];
    let payload = r#"{"good":1}"#;
    for version in [Version::V3, Version::V5] {
        let reason = |code| if version == Version::V5 { code } else { 0 };
        let connect = async || Session::connect(plant.hub.mqtt(), version, &device, "m0").await;
        let mut session = connect().await;
        for topic in &outside {
            assert_eq!(session.publish(topic, payload).await, Some(reason(NOT_AUTHORIZED)), "{topic}");
        }
        for topic in no_topics {
            assert_eq!(session.publish(topic, payload).await, Some(reason(TOPIC_INVALID)), "{topic}");
        }
        for filter in filters {
            assert!(session.subscribe(filter).await >= 0x80, "{filter}");
        }
        for topic in never {
            let answer = connect().await.publish(topic, payload).await;
            let refused = answer.is_none_or(|code| code == reason(TOPIC_INVALID));
            assert!(refused, "{}: {answer:?}", String::from_utf8_lossy(topic));
        }
    }
    assert_eq!(everything(&plant).await, before);
    let mut wrong = device.clone();
    wrong.token.push('x');
    for version in [Version::V3, Version::V5] {
        assert!(Session::try_connect(plant.hub.mqtt(), version, &wrong, "m0").await.is_err());
    }
    eventually("every kind of refusal is audited", async || {
        let audited = plant.rest.list("/audit").await;
        let is_there = |outcome: &&str| audited.iter().any(|entry| entry["outcome"] == **outcome);
        ["bad_credentials", "out_of_scope", "invalid_topic"].iter().all(is_there).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_over_rest() {
    let (plant, device) = working_plant().await;
    let before = everything(&plant).await;
    let device = plant.rest.as_device(&device);
    let (json, ndjson) = ("application/json", "application/x-ndjson");
    let post = async |media_type, body: Vec<u8>| {
        device.send(reqwest::Method::POST, "/ingest", Some((media_type, body))).await
    };
    let mut resident_bytes = 0;
    for round in 0..10 {
        // With its topic inside, an object is refused as over MQTT, and set aside.
        for Bad { channel, payload, code } in bad_payloads() {
            let Some(rest) = payload.strip_prefix(b"{").filter(|_| std::str::from_utf8(&payload).is_ok())
            else {
                continue;
            };
            let body = [format!("{{\"topic\":\"{}\",", topic(LINE, "m0", channel)).as_bytes(), rest].concat();
            let shown = String::from_utf8_lossy(&body[..body.len().min(120)]).into_owned();
            let answer = post(json, body.clone()).await;
            match answer.status {
                200 => assert_eq!(answer.body["results"][0]["code"], code, "{shown}: {}", answer.body),
                400 | 422 => {
                    assert_eq!((code, &answer.body["code"]), ("invalid_json", &json!("invalid_json")))
                }
                status => panic!("{status} {shown}: {}", answer.body),
            }
            let line = post(ndjson, body).await.expect(200);
            let line: Value = line.as_str().map_or(line.clone(), |text| serde_json::from_str(text).unwrap());
            assert_eq!((&line["status"], &line["code"]), (&json!("refused"), &json!(code)), "{shown}");
        }
        for body in [&b""[..], b"[", b"\xFF", b"5", "[".repeat(10_000).as_bytes()] {
            let answer = post(json, body.to_vec()).await;
            assert!([400, 422].contains(&answer.status), "{answer:?}");
        }
        assert_eq!(post(json, vec![b' '; 10 * 1024 * 1024]).await.status, 413);
        assert_eq!(post("text/plain", b"{}".to_vec()).await.status, 415);
        if round == 1 {
            resident_bytes = plant.hub.resident_bytes();
        }
    }
    let grown = plant.hub.resident_bytes().saturating_sub(resident_bytes);
    assert!(grown < FLAT_BYTES, "the hub has grown by {grown} bytes");
    let results = device
        .ingest(&json!([
            {"topic": topic(LINE, "m1", "count"), "good": 1},
            {"topic": "hub/v1/other/lyon/line-0/m0/count", "good": 1},
            {"topic": "hub/v1/acme/lyon/line-0/../count", "good": 1},
            {"topic": "hub/v1/acme/lyon/+/m0/count", "good": 1},
            {"topic": "hub/v1/acme/lyon/line-0/m0\u{0}/count", "good": 1},
            {"good": 1},
        ]))
        .await;
    let codes: Vec<_> = results.iter().map(|result| result["code"].as_str().unwrap_or_default()).collect();
    let invalid = "invalid_topic";
    assert_eq!(codes, ["out_of_scope", "out_of_scope", invalid, invalid, invalid, "invalid_field"]);
    assert_eq!(everything(&plant).await, before);
    assert!(!plant.rest.dead_letters().await.is_empty());
    plant.hub.verify().await;
}
