//! Payloads good and bad: what is refused names its field, stands alone, and never brings the decoder down.

use super::*;
use crate::message::{
    AlarmMessage, Content, CountMessage, MeasureMessage, MeasureValue, OrderMessage, StateMessage,
    StockMessage,
};
use crate::receipt::Envelope;
use crate::vocabulary::{MachineState, MovementKind, OrderAction, Severity};
use crate::{Quantity, Timestamp};
use proptest::prelude::*;

fn one(channel: Channel, text: &str) -> Result<DeviceMessage, Rejection> {
    let mut results = decode(channel, text.as_bytes())?;
    assert_eq!(results.len(), 1);
    results.remove(0).map_err(|refusal| refusal.rejection)
}

#[test]
fn reads_every_channel() {
    for (channel, text) in [
        (Channel::State, r#"{"state":"down","reason":"E-12","id":"a1","at":1700000000000,"buffered":true}"#),
        (Channel::State, r#" {"state" : "running" , "at":"2026-11-22T14:00:00+01:00", "buffered":false} "#),
        (Channel::Count, r#"{"good":3}"#),
        (Channel::Count, r#"{"scrap":"0.5"}"#),
        (Channel::Count, r#"{"total_good":100.25,"total_scrap":0}"#),
        (Channel::Measure, r#"{"values":{"temp_1":21.5,"on":true,"program":"A\n7","n":-3}}"#),
        (Channel::Alarm, r#"{"code":"4711","active":false,"severity":"low","text":"Öl"}"#),
        (Channel::Order, r#"{"order":"PO-1","action":"complete"}"#),
        (
            Channel::Stock,
            r#"{"kind":"adjust","article":"A","quantity":-3,"unit":"kg","lot":"H1","location":"L","order":"PO"}"#,
        ),
        (Channel::Stock, r#"{"kind":"stocktake","article":"A","quantity":0}"#),
        (Channel::Stock, r#"{"kind":"transfer","article":"A","quantity":"1.125","to_location":"B"}"#),
    ] {
        let message = one(channel, text).unwrap_or_else(|rejection| panic!("{text}: {rejection}"));
        assert_eq!(one(channel, &encode(&message)).unwrap(), message, "{text}");
    }
    let message = one(Channel::Alarm, r#"{"code":"c","active":true}"#).unwrap();
    let Content::Alarm(alarm) = message.content else { panic!("an alarm was read") };
    assert_eq!((alarm.severity, alarm.text.as_str()), (Severity::Medium, ""));
    let message = one(Channel::Count, r#"{"good":0.1}"#).unwrap();
    let good = Quantity::from_thousandths(100).unwrap();
    assert_eq!(message.content, Content::Count(CountMessage::Increment { good, scrap: Quantity::ZERO }));
}

#[test]
fn names_the_field_at_fault() {
    use Channel::{Alarm, Count, Measure, Order, State, Stock};
    let long_alarm = format!(r#"{{"code":"c","active":true,"text":"{}"}}"#, "x".repeat(501));
    let long_value = format!(r#"{{"values":{{"v":"{}"}}}}"#, "x".repeat(257));
    let long_id = format!(r#"{{"good":1,"id":"{}"}}"#, "x".repeat(65));
    let many: Vec<_> = (0..257).map(|n| format!(r#""v{n}":{n}"#)).collect();
    let many = format!(r#"{{"values":{{{}}}}}"#, many.join(","));
    for (channel, text, field) in [
        (State, r#"{}"#, "state"),
        (State, r#"{"state":"flying"}"#, "state"),
        (State, r#"{"state":null}"#, "state"),
        (State, r#"{"state":3}"#, "state"),
        (State, r#"{"state":["running"]}"#, "state"),
        (State, r#"{"state":"down","reason":null}"#, "reason"),
        (State, r#"{"state":"down","reason":" "}"#, "reason"),
        (State, r#"{"state":"down","state":"down"}"#, "state"),
        (State, r#"{"state":"down","id":""}"#, "id"),
        (State, r#"{"state":"down","id":"ü"}"#, "id"),
        (State, r#"{"state":"down","id":7}"#, "id"),
        (State, r#"{"state":"down","at":"2026-11-22T14:00:00"}"#, "at"),
        (State, r#"{"state":"down","at":9223372036854775808}"#, "at"),
        (State, r#"{"state":"down","at":1.5}"#, "at"),
        (State, r#"{"state":"down","buffered":"yes"}"#, "buffered"),
        (State, r#"{"state":"down","buffered":null}"#, "buffered"),
        (Count, r#"{}"#, "good"),
        (Count, r#"{"good":-1}"#, "good"),
        (Count, r#"{"good":1,"scrap":-0.5}"#, "scrap"),
        (Count, r#"{"good":1,"total_good":1}"#, "total_good"),
        (Count, r#"{"scrap":1,"total_scrap":1}"#, "total_scrap"),
        (Count, r#"{"total_good":-1}"#, "total_good"),
        (Count, r#"{"good":1e400}"#, "good"),
        (Count, r#"{"scrap":1,"good":9223372036854775808}"#, "good"),
        (Count, r#"{"good":-9223372036854775809}"#, "good"),
        (Count, r#"{"good":0.0001}"#, "good"),
        (Count, r#"{"good":"NaN"}"#, "good"),
        (Count, r#"{"good":true}"#, "good"),
        (Count, &long_id, "id"),
        (Measure, r#"{}"#, "values"),
        (Measure, r#"{"values":{}}"#, "values"),
        (Measure, r#"{"values":[1]}"#, "values"),
        (Measure, &many, "values"),
        (Measure, r#"{"values":{"a":1,"a":2}}"#, "values.a"),
        (Measure, r#"{"values":{"Temp":1}}"#, "values.Temp"),
        (Measure, r#"{"values":{"":1}}"#, "values."),
        (Measure, r#"{"values":{"t":null}}"#, "values.t"),
        (Measure, r#"{"values":{"t":{}}}"#, "values.t"),
        (Measure, r#"{"values":{"t":[1]}}"#, "values.t"),
        (Measure, r#"{"values":{"t":-1e400}}"#, "values.t"),
        (Measure, &long_value, "values.v"),
        (Alarm, r#"{"code":"c"}"#, "active"),
        (Alarm, r#"{"code":"c","active":1}"#, "active"),
        (Alarm, r#"{"code":"c","active":true,"severity":"urgent"}"#, "severity"),
        (Alarm, &long_alarm, "text"),
        (Order, r#"{"order":"o"}"#, "action"),
        (Order, r#"{"order":"o","action":"release"}"#, "action"),
        (Order, r#"{"order":"o","action":"cancel"}"#, "action"),
        (Stock, r#"{"kind":"receive","article":"a","quantity":0}"#, "quantity"),
        (Stock, r#"{"kind":"issue","article":"a","quantity":-1}"#, "quantity"),
        (Stock, r#"{"kind":"stocktake","article":"a","quantity":-1}"#, "quantity"),
        (Stock, r#"{"kind":"transfer","article":"a","quantity":1}"#, "to_location"),
        (
            Stock,
            r#"{"kind":"transfer","article":"a","quantity":1,"location":"x","to_location":"x"}"#,
            "to_location",
        ),
        (Stock, r#"{"kind":"receive","article":"a","quantity":1,"to_location":"x"}"#, "to_location"),
        (Stock, r#"{"kind":"receive","quantity":1}"#, "article"),
    ] {
        let rejection = one(channel, text).unwrap_err();
        assert_eq!(
            (rejection.code, rejection.field.as_deref()),
            (Code::InvalidField, Some(field)),
            "{text:.80}"
        );
    }
    for (channel, text, field) in [
        (State, r#"{"state":"down","colour":1}"#, "colour"),
        (State, r#"{"state":"down","topic":"x"}"#, "topic"),
        (Count, r#"{"values":{}}"#, "values"),
        (Alarm, r#"{"code":"c","active":true,"order":"o"}"#, "order"),
    ] {
        let rejection = one(channel, text).unwrap_err();
        assert_eq!((rejection.code, rejection.field.as_deref()), (Code::UnknownField, Some(field)), "{text}");
    }
}

#[test]
fn refuses_a_packet_as_a_whole() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = format!("{}1{}", r#"{"good":"#.repeat(10_000), "}".repeat(10_000));
    let beside = format!(r#"[{{"good":1}},{}]"#, nested(10_000));
    let field = format!(r#"{{"good":{}}}"#, nested(10_000));
    let unknown = format!(r#"{{"x":{}}}"#, nested(10_000));
    let many = format!("[{}]", vec![r#"{"good":1}"#; 1001].join(","));
    let large = format!(r#"{{"good":1{}}}"#, " ".repeat(MAX_PAYLOAD_BYTES));
    let huge = vec![b'['; 10 * 1024 * 1024];
    for (payload, code) in [
        (&b""[..], Code::InvalidJson),
        (b"running", Code::InvalidJson),
        (b"{", Code::InvalidJson),
        (b"[{\"good\":1}", Code::InvalidJson),
        (b"[{\"good\":1},]", Code::InvalidJson),
        (b"{\"good\":1} {\"good\":1}", Code::InvalidJson),
        (b"{\"good\":1}x", Code::InvalidJson),
        (b"{\"good\":\xff}", Code::InvalidJson),
        (b"{\"go\xc3\x28od\":1}", Code::InvalidJson),
        (b"{\"good\":NaN}", Code::InvalidJson),
        (b"{\"good\":Infinity}", Code::InvalidJson),
        (b"[{\"good\":-Infinity}]", Code::InvalidJson),
        (b"{\"good\":01}", Code::InvalidJson),
        (b"\xef\xbb\xbf{\"good\":1}", Code::InvalidJson),
        (b"{\"x\":1", Code::InvalidJson),
        (b"42", Code::InvalidField),
        (b"null", Code::InvalidField),
        (b"\"running\"", Code::InvalidField),
        (nested(10_000).as_bytes(), Code::InvalidJson),
        ("[".repeat(10_000).as_bytes(), Code::InvalidJson),
        (objects.as_bytes(), Code::InvalidJson),
        (beside.as_bytes(), Code::InvalidJson),
        (field.as_bytes(), Code::InvalidJson),
        (unknown.as_bytes(), Code::InvalidJson),
        (many.as_bytes(), Code::TooLarge),
        (large.as_bytes(), Code::TooLarge),
        (&huge, Code::TooLarge),
    ] {
        let rejection = decode(Channel::Count, payload).unwrap_err();
        assert_eq!(rejection.code, code, "{:.60}", String::from_utf8_lossy(payload));
    }
    let rejection = decode(Channel::Count, b"{\"good\":NaN}").unwrap_err();
    assert_eq!(rejection.field.as_deref(), Some("good"));
}

#[test]
fn elements_stand_alone() {
    let payload = br#"[{"good":1,"id":"a"},{"good":-1,"id":"b"},7,{"good":1e400,"id":"d"},{"id":"e","x":1},{"good":2}]"#;
    let results = decode(Channel::Count, payload).unwrap();
    let refused: Vec<_> = results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .map(|refusal| {
            (refusal.index, refusal.id.as_ref().map(MessageId::as_str), refusal.rejection.field.as_deref())
        })
        .collect();
    assert_eq!(
        refused,
        [
            (Some(1), Some("b"), Some("good")),
            (Some(2), None, None),
            (Some(3), Some("d"), Some("good")),
            (Some(4), Some("e"), Some("x")),
        ]
    );
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 2);
    let single = decode(Channel::Count, br#"{"good":-1,"id":"b"}"#).unwrap().remove(0).unwrap_err();
    assert_eq!((single.index, single.id.is_some()), (None, true));
    assert_eq!(decode(Channel::Count, b" [ ] ").unwrap(), []);
    let full = format!("[{}]", vec![r#"{"good":1}"#; MAX_ELEMENTS].join(","));
    assert_eq!(decode(Channel::Count, full.as_bytes()).unwrap().len(), MAX_ELEMENTS);
}

#[test]
fn ingest_takes_three_forms() {
    let good = r#"{"good":1,"topic":"hub/v1/acme/linz/saw/s1/count"}"#;
    let stock = r#"{"topic":"hub/v1/acme/linz/stock","kind":"receive","article":"A","quantity":1}"#;
    let bad = r#"{"topic":"hub/v1/acme/linz/saw/s1/state","state":"flying","id":"x"}"#;
    let array = format!("[{good},{bad},{stock}]");
    let lines = format!("{good}\r\n\n{bad}\n{stock}\n");
    for (form, body) in [(IngestForm::Json, &array), (IngestForm::NdJson, &lines)] {
        let items = decode_ingest(form, body.as_bytes()).unwrap();
        let topics: Vec<_> = items.iter().map(|item| item.topic.as_deref().unwrap()).collect();
        assert_eq!(topics[1], "hub/v1/acme/linz/saw/s1/state");
        assert_eq!(items[0].decoded.as_ref().unwrap().0.to_string(), topics[0]);
        assert_eq!(items[2].decoded.as_ref().unwrap().0.channel(), Channel::Stock);
        let refused = items[1].decoded.as_ref().unwrap_err();
        assert_eq!((refused.index, refused.rejection.field.as_deref()), (Some(1), Some("state")));
        assert_eq!(items[1].raw, bad.as_bytes());
    }
    assert_eq!(decode_ingest(IngestForm::Json, good.as_bytes()).unwrap().len(), 1);
    assert_eq!(decode_ingest(IngestForm::Json, b"{\"topic\":").unwrap_err().code, Code::InvalidJson);
}

#[test]
fn ingest_refuses_lines_one_by_one() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let lines: [(&[u8], Code, Option<&str>); 8] = [
        (b"{\"good\":1}", Code::InvalidField, Some("topic")),
        (b"{\"topic\":1,\"good\":1}", Code::InvalidField, Some("topic")),
        (b"{\"topic\":\"hub/v1/a/+/l/m/count\",\"good\":1}", Code::InvalidTopic, Some("topic")),
        (b"{\"topic\":\"hub/v1/a/s/l/m/count\",\"good\":1,\"x\":1}", Code::UnknownField, Some("x")),
        (b"{\"topic\":\"hub/v1/a/s/l/m/count\",\"good\":NaN}", Code::InvalidJson, None),
        (b"{\"topic\":\"\xff\"}", Code::InvalidJson, None),
        (b"nonsense", Code::InvalidJson, None),
        (deep.as_bytes(), Code::InvalidJson, None),
    ];
    let body = lines.map(|(line, ..)| line).join(&b'\n');
    let items = decode_ingest(IngestForm::NdJson, &body).unwrap();
    assert_eq!(items.len(), lines.len());
    for (item, (line, code, field)) in items.iter().zip(lines) {
        let rejection = &item.decoded.as_ref().unwrap_err().rejection;
        let text = String::from_utf8_lossy(line);
        assert_eq!((rejection.code, rejection.field.as_deref()), (code, field), "{text:.60}");
    }
    let many = "{}\n".repeat(MAX_ELEMENTS + 1);
    assert_eq!(decode_ingest(IngestForm::NdJson, many.as_bytes()).unwrap_err().code, Code::TooLarge);
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let keys = prop::sample::select(vec![
        "id",
        "at",
        "state",
        "reason",
        "good",
        "scrap",
        "total_good",
        "values",
        "code",
        "active",
        "kind",
        "article",
        "quantity",
        "order",
        "action",
        "topic",
        "x",
    ]);
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        "\\PC{0,8}".prop_map(Into::into),
        prop::sample::select(vec!["running", "start", "adjust", "hub/v1/a/s/l/m/count"]).prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(keys.clone(), inner, 0..6).prop_map(|fields| {
                serde_json::Value::Object(fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
            }),
        ]
    })
}

fn channel() -> impl Strategy<Value = Channel> {
    prop::sample::select(Channel::ALL.to_vec())
}

fn decode_every_way(channel: Channel, bytes: &[u8]) {
    let _ = decode(channel, bytes);
    let _ = decode_ingest(IngestForm::Json, bytes);
    let _ = decode_ingest(IngestForm::NdJson, bytes);
}

fn code<T: std::str::FromStr<Err = Rejection> + std::fmt::Debug>() -> impl Strategy<Value = T> {
    "[!-~äß€\u{1F600}]{1,12}".prop_map(|text| text.parse().unwrap())
}

prop_compose! {
    fn envelope()(id in prop::option::of("[ -~]{1,64}"), at in prop::option::of(0i64..4_000_000_000_000), buffered in any::<bool>()) -> Envelope {
        Envelope { id: id.map(|id| id.parse().unwrap()), at: at.map(Timestamp::from_millis), buffered }
    }
}

prop_compose! {
    fn stock()(
        kind in prop::sample::select(MovementKind::ALL), article in code(), thousandths in 1i64..1_000_000_000,
        unit in prop::option::of(code()), lot in prop::option::of(code()), order in prop::option::of(code()),
    ) -> StockMessage {
        let quantity = Quantity::from_thousandths(thousandths).unwrap();
        let quantity = if kind == MovementKind::Adjust { quantity.negated() } else { quantity };
        let to_location = (kind == MovementKind::Transfer).then(|| "to".parse().unwrap());
        let location = Some("from".parse().unwrap());
        StockMessage { kind, article, quantity, unit, lot, location, to_location, order }
    }
}

fn content() -> impl Strategy<Value = (Channel, Content)> {
    use OrderAction::{Complete, Pause, Resume, Start};
    let value = prop_oneof![
        (-1e300..1e300f64).prop_map(MeasureValue::Number),
        any::<bool>().prop_map(MeasureValue::Flag),
        "\\PC{0,40}".prop_map(MeasureValue::Text),
    ];
    prop_oneof![
        (prop::sample::select(MachineState::ALL), prop::option::of(code()))
            .prop_map(|(state, reason)| (Channel::State, Content::State(StateMessage { state, reason }))),
        prop::collection::btree_map("[a-z][a-z0-9_]{0,10}", value, 1..8).prop_map(|values| {
            let values = values.into_iter().map(|(name, value)| (name.parse().unwrap(), value)).collect();
            (Channel::Measure, Content::Measure(MeasureMessage { values }))
        }),
        (code(), any::<bool>(), prop::sample::select(Severity::ALL), "\\PC{0,40}").prop_map(
            |(code, active, severity, text)| {
                (Channel::Alarm, Content::Alarm(AlarmMessage { code, active, severity, text }))
            }
        ),
        (code(), prop::sample::select(vec![Start, Pause, Resume, Complete]))
            .prop_map(|(order, action)| (Channel::Order, Content::Order(OrderMessage { order, action }))),
        stock().prop_map(|stock| (Channel::Stock, Content::Stock(stock))),
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_decoded_without_panic(channel in channel(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        decode_every_way(channel, &bytes);
    }

    #[test]
    fn any_json_is_decoded_without_panic(channel in channel(), value in any_json(), cut in 0usize..200) {
        let text = value.to_string();
        decode_every_way(channel, text.as_bytes());
        decode_every_way(channel, &text.as_bytes()[..cut.min(text.len())]);
    }

    #[test]
    fn messages_read_back_exactly(envelope in envelope(), (channel, content) in content()) {
        let message = DeviceMessage { envelope, content };
        prop_assert_eq!(one(channel, &encode(&message)).unwrap(), message);
    }

    #[test]
    fn counts_read_back_exactly(good in 0i64..1_000_000_000_000_000, scrap in 0i64..1_000_000, totals in any::<bool>()) {
        let good = Quantity::from_thousandths(good).unwrap();
        let scrap = Quantity::from_thousandths(scrap).unwrap();
        let count = if totals {
            CountMessage::Total { good: Some(good), scrap: Some(scrap) }
        } else {
            CountMessage::Increment { good, scrap }
        };
        let message = DeviceMessage { envelope: Envelope::default(), content: Content::Count(count) };
        prop_assert_eq!(one(Channel::Count, &encode(&message)).unwrap(), message.clone());
        let bare = format!(r#"{{"good":{good},"scrap":{scrap}}}"#);
        let Content::Count(read) = one(Channel::Count, &bare).unwrap().content else { panic!("a count was read") };
        prop_assert_eq!(read, CountMessage::Increment { good, scrap });
    }
}
