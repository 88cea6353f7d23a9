//! Recordings of the hub's own messages.

use std::path::Path;
use std::sync::Arc;

use super::mapping_file;
use crate::feeds::message::{Channel, Fields};
use crate::feeds::recording::{Format, Recording};
use crate::feeds::{FeedError, Mapping};

fn read(text: &'static str, map: Option<Arc<Mapping>>) -> Vec<Result<crate::feeds::FeedMessage, FeedError>> {
    Recording::new(Path::new("messages.ndjson"), Box::new(text.as_bytes()), Format::Ndjson, map)
        .unwrap()
        .collect()
}

#[test]
fn a_message_keeps_its_fields_and_gets_another_id() {
    let line =
        r#"{"topic":"hub/v1/t/s/l/m/count","at":1500000000123,"id":"x","buffered":true,"good":3,"odd":[1]}"#;
    let messages = read(line, None);
    let message = messages[0].as_ref().unwrap();
    assert_eq!(message.topic(), "hub/v1/t/s/l/m/count");
    let payload = message.payload("run-0", Some(message.at)).unwrap();
    assert_eq!(payload, r#"{"id":"run-0","at":"2017-07-14T02:40:00.123Z","good":3,"odd":[1]}"#);
    assert_eq!(message.payload("run-0", None).unwrap(), r#"{"id":"run-0","good":3,"odd":[1]}"#);
}

#[test]
fn a_machine_can_stand_beside_the_channel_or_in_the_mapping() {
    let text = "{\"machine\":\"t/s/l/m\",\"channel\":\"state\",\"at\":\"2020-01-01T00:00:00Z\",\"state\":\"idle\"}\n\n\
                {\"channel\":\"order\",\"at\":\"2020-01-01T00:00:00Z\",\"order\":\"o1\",\"action\":\"start\"}\n";
    let messages = read(text, Some(mapping_file("hurco.toml")));
    let targets: Vec<_> = messages.iter().map(|message| message.as_ref().unwrap().topic()).collect();
    assert_eq!(targets, ["hub/v1/t/s/l/m/state", "hub/v1/demo/steelworks/milling/hurco-03/order"]);
    assert!(read(text, None)[1].is_err());
    let message = messages[1].as_ref().unwrap();
    assert!(message.channel == Channel::Order && matches!(message.fields, Fields::Raw(_)));
}

#[test]
fn a_bad_line_is_an_error_with_its_place_and_the_next_is_read() {
    let text = "{\"topic\":\"hub/v1/t/s/l/m/count\",\"good\":3}\n[]\n{\"topic\":\"other\",\"at\":1}\n{\"at\":1,\"channel\":3}\n\
                {\"topic\":\"hub/v1/t/s/l/m/count\",\"at\":\"noon\"}\n{\"topic\":\"hub/v1/t/s/l/m/dance\",\"at\":1}\n\
                {\"topic\":\"hub/v1/t/s/l/m/count\",\"at\":1}";
    let results = read(text, None);
    let shown: Vec<_> =
        results.iter().filter_map(|result| result.as_ref().err()).map(ToString::to_string).collect();
    assert_eq!(shown.len(), 6);
    assert_eq!(shown[0], "messages.ndjson:1: `at` is missing");
    assert!(shown[1].starts_with("messages.ndjson:2: "));
    assert_eq!(shown[5], "messages.ndjson:6: `dance` is not a channel");
    assert!(results[6].is_ok());
}

#[test]
fn a_table_needs_a_mapping_that_says_where_its_time_is() {
    let new =
        |map| Recording::new(Path::new("x"), Box::new(&b""[..]), Format::Csv, map).err().unwrap().to_string();
    assert_eq!(new(None), "a recording in csv needs a mapping file");
    assert_eq!(
        new(Some(mapping_file("hurco.toml"))),
        "a recording in csv needs a mapping file with a [csv] table"
    );
}
