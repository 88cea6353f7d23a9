//! Topics and filters: what the grammar takes, what it refuses, and what a scope lets through.

use super::*;
use proptest::prelude::*;

#[test]
fn reads_what_it_writes() {
    for channel in Channel::ALL {
        let text = format!("hub/v1/acme/linz/saw/s-1/{channel}");
        let topic = DeviceTopic::parse(&text).unwrap();
        assert_eq!((topic.channel(), topic.to_string()), (channel, text));
        assert_eq!(topic.refused_topic().to_string(), "hub/v1/acme/linz/saw/s-1/refused");
    }
    let stock = DeviceTopic::parse("hub/v1/acme/linz/stock").unwrap();
    assert_eq!(stock.channel(), Channel::Stock);
    assert_eq!(stock.refused_topic().to_string(), "hub/v1/acme/linz/refused");
    assert!(stock.line_address().is_none());
}

#[test]
fn refuses_tricks() {
    let long = format!("hub/v1/{}/s/l/m/state", "a".repeat(64));
    let very_long = format!("hub/v1/acme/linz/saw/s1/state{}", "/".repeat(70_000));
    for topic in [
        "",
        "/",
        "hub",
        "hub/v1",
        "hub/v1/acme",
        "hub/v1/acme/linz",
        "hub/v1/acme/linz/saw",
        "hub/v1/acme/linz/saw/s1",
        "hub/v1/acme/linz/saw/s1/states",
        "hub/v1/acme/linz/saw/s1/State",
        "hub/v1/acme/linz/saw/s1/state/",
        "hub/v1/acme/linz/saw/s1/state/x",
        "hub/v1/acme/linz/stock/",
        "hub/v1/acme/linz/stock/stock",
        "hub/v1/acme/linz/refused",
        "hub/v1/acme/linz/saw/s1/job",
        "/hub/v1/acme/linz/saw/s1/state",
        "hub/v2/acme/linz/saw/s1/state",
        "HUB/v1/acme/linz/saw/s1/state",
        "hub/v1/+/linz/saw/s1/state",
        "hub/v1/acme/#",
        "hub/v1/acme/linz/saw/s1/+",
        "hub/v1/acme//saw/s1/state",
        "hub/v1/acme/../saw/s1/state",
        "hub/v1/acme/linz/./s1/state",
        "hub/v1/acme/linz/saw/s1\0/state",
        "hub/v1/acme/linz/saw/s 1/state",
        "hub/v1/acme/linz/saw/-s1/state",
        "hub/v1/acme/linz/säge/s1/state",
        "$SYS/v1/acme/linz/saw/s1/state",
        &long,
        &very_long,
    ] {
        let rejection = DeviceTopic::parse(topic).unwrap_err();
        assert_eq!(rejection.code, Code::InvalidTopic, "{topic}");
    }
    let longest = format!("hub/v1/{0}/{0}/{0}/{0}/measure", "a".repeat(63));
    assert!(DeviceTopic::parse(&longest).is_ok());
}

fn filter(text: &str) -> TopicFilter {
    TopicFilter::parse(text).unwrap()
}

#[test]
fn filters_follow_mqtt() {
    for text in ["", "a#", "a/#/b", "a+", "+a/b", "a/b\0", "##", "a/#/"] {
        assert!(TopicFilter::parse(text).is_err(), "{text}");
    }
    for (text, topic, expected) in [
        ("a/b", "a/b", true),
        ("a/b", "a/b/c", false),
        ("a/b/c", "a/b", false),
        ("a/+", "a/b", true),
        ("a/+", "a", false),
        ("a/+", "a/b/c", false),
        ("a/+", "a/", true),
        ("+/+", "/b", true),
        ("a/#", "a", true),
        ("a/#", "a/b/c", true),
        ("a/#", "ab", false),
        ("#", "a/b", true),
        ("#", "$SYS/x", false),
        ("+/x", "$SYS/x", false),
        ("$SYS/#", "$SYS/x", true),
        ("a/+/c/#", "a/b/c", true),
        ("a/+/c/#", "a/b/d/e", false),
    ] {
        assert_eq!(filter(text).matches(topic), expected, "{text} {topic}");
    }
}

#[test]
fn filters_stay_within_the_scope() {
    for (text, scope, expected) in [
        ("hub/v1/acme/#", "acme", true),
        ("hub/v1/acme/linz/#", "acme", true),
        ("hub/v1/acme/+/+/andon", "acme", true),
        ("hub/v1/acme/+/refused", "acme", true),
        ("hub/v1/acme/linz/saw/+/job", "acme/linz/saw", true),
        ("hub/v1/acme/linz/saw/#", "acme/linz/saw", true),
        ("hub/v1/acme/linz/saw/andon", "acme/linz/saw", true),
        ("hub/v1/acme/linz/saw/s1/+", "acme/linz/saw/s1", true),
        ("hub/v1/acme/linz/saw/s1/#", "acme/linz/saw/s1", true),
        ("#", "acme", false),
        ("hub/#", "acme", false),
        ("hub/v1/#", "acme", false),
        ("hub/v1/+/linz/refused", "acme", false),
        ("+/v1/acme/#", "acme", false),
        ("$share/g/hub/v1/acme/#", "acme", false),
        ("hub/v1/other/#", "acme", false),
        ("hub/v1/acme/#", "acme/linz", false),
        ("hub/v1/acme/+/saw/andon", "acme/linz", false),
        ("hub/v1/acme/linz/#", "acme/linz/saw", false),
        ("hub/v1/acme/linz/refused", "acme/linz/saw", false),
        ("hub/v1/acme/linz/saw/andon", "acme/linz/saw/s1", false),
        ("hub/v1/acme/linz/saw/+/job", "acme/linz/saw/s1", false),
        ("hub/v1/acme/linz/saw/s1/state", "acme", false),
        ("hub/v1/acme/linz/stock", "acme", false),
        ("hub/v1/acme/linz/saw/s1/job/x", "acme", false),
        ("hub/v1/acme/linz/saw/s1/job/x/#", "acme", false),
        ("hub/v1/acme/linz/refused", "acme/linz/refused", false),
        ("hub/v1/acme/linz/refused/#", "acme/linz/refused", false),
        ("hub/v1/acme/linz/refused/+/job", "acme/linz/refused", true),
        ("hub/v1/acme/linz/saw/andon/#", "acme/linz/saw/andon", false),
    ] {
        let scope: DeviceScope = scope.parse().unwrap();
        assert_eq!(filter_within_scope(&filter(text), &scope), expected, "{text} {scope}");
    }
}

#[test]
fn live_topics_read_what_they_write() {
    for text in [
        "site/linz",
        "line/linz/saw",
        "stock/linz",
        "orders/linz",
        "messages/linz",
        "messages/linz/saw",
        "alerts",
        "alerts/linz",
        "inbox",
    ] {
        assert_eq!(text.parse::<LiveTopic>().unwrap().to_string(), text);
    }
    for text in [
        "",
        "site",
        "site/",
        "site/linz/x",
        "line/linz",
        "line/linz/saw/x",
        "inbox/x",
        "messages",
        "messages/",
        "messages/linz/",
        "messages/linz/saw/s1",
        "messages/Linz",
        "alerts/",
        "line/../x",
        "Site/linz",
    ] {
        assert_eq!(text.parse::<LiveTopic>().unwrap_err().code, Code::InvalidTopic, "{text}");
    }
}

#[test]
fn topics_of_messages_are_of_a_site_and_within_it() {
    let (of_site, of_line): (LiveTopic, LiveTopic) =
        ("messages/linz".parse().unwrap(), "messages/linz/saw".parse().unwrap());
    for topic in [&of_site, &of_line] {
        assert_eq!(topic.site().map(SiteCode::as_str), Some("linz"));
        assert!(topic.is_tail() && !topic.keeps_every_change());
    }
    assert!(!"line/linz/saw".parse::<LiveTopic>().unwrap().is_tail());
}

#[test]
fn the_place_of_a_topic_is_read_as_far_as_it_goes() {
    for (topic, expected) in [
        ("hub/v1/acme/linz/saw/s1/count", Some("acme/linz saw")),
        ("hub/v1/acme/linz/saw/s1/speed", Some("acme/linz saw")),
        ("hub/v1/acme/linz/saw/s1/count/x", Some("acme/linz saw")),
        ("hub/v1/acme/linz/saw", Some("acme/linz saw")),
        ("hub/v1/acme/linz/stock", Some("acme/linz -")),
        ("hub/v1/acme/linz/stock/s1/count", Some("acme/linz stock")),
        ("hub/v1/acme/linz/+/s1/count", Some("acme/linz -")),
        ("hub/v1/acme/linz", Some("acme/linz -")),
        ("hub/v1/acme", None),
        ("hub/v1/acme/+/saw/s1/count", None),
        ("hub/v2/acme/linz/saw/s1/count", None),
        ("", None),
    ] {
        let place = DeviceTopic::place_of(topic);
        let text =
            place.map(|(site, line)| format!("{site} {}", line.as_ref().map_or("-", LineCode::as_str)));
        assert_eq!(text.as_deref(), expected, "{topic}");
    }
}

fn level() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "refused", "andon", "job", "stock"])
}

prop_compose! {
    fn outbound()(kind in 0..4, t in level(), s in level(), l in level(), m in level()) -> (TopicToDevice, DeviceScope) {
        let site = SiteAddress { tenant: t.parse().unwrap(), site: s.parse().unwrap() };
        let line = LineAddress { tenant: t.parse().unwrap(), site: s.parse().unwrap(), line: l.parse().unwrap() };
        match kind {
            0 => (TopicToDevice::Andon(line), format!("{t}/{s}/{l}").parse().unwrap()),
            1 => (TopicToDevice::SiteRefused(site), format!("{t}/{s}").parse().unwrap()),
            2 => (TopicToDevice::Job(line, m.parse().unwrap()), format!("{t}/{s}/{l}/{m}").parse().unwrap()),
            _ => (TopicToDevice::MachineRefused(line, m.parse().unwrap()), format!("{t}/{s}/{l}/{m}").parse().unwrap()),
        }
    }
}

proptest! {
    #[test]
    fn no_filter_reaches_outside_its_scope(
        (topic, place) in outbound(),
        other in prop::collection::vec(level(), 1..5),
        own in prop::option::of(1usize..5),
        wildcards in prop::collection::vec(prop::bool::weighted(0.2), 7),
        cut in prop::option::of(0usize..8),
    ) {
        let name = topic.to_string();
        let mut levels: Vec<&str> = name.split('/').collect();
        let scope = match own {
            Some(depth) => levels[2..(2 + depth).min(levels.len()).min(6)].join("/"),
            None => other.join("/"),
        };
        let scope: DeviceScope = scope.parse().unwrap();
        for (level, _) in levels.iter_mut().zip(&wildcards).filter(|(_, wildcard)| **wildcard) {
            *level = "+";
        }
        if let Some(cut) = cut {
            levels.truncate(cut);
            levels.push("#");
        }
        let filter = filter(&levels.join("/"));
        prop_assert!(filter.matches(&name), "{} {}", filter.as_str(), name);
        if filter.is_within(&scope) {
            prop_assert!(format!("{place}/").starts_with(&format!("{scope}/")), "{:?} {} {}", filter, scope, name);
        }
    }

    #[test]
    fn any_text_is_parsed_without_panic(text in "\\PC{0,80}", slashes in "[a-z/+#$\\x00]{0,80}") {
        for text in [text, slashes] {
            let _ = (DeviceTopic::parse(&text), TopicFilter::parse(&text), text.parse::<LiveTopic>());
        }
    }
}
