//! The stored form of every kind of event: what the golden files hold must be readable for ever.

use std::collections::BTreeSet;

use domain::line::LineEvent;
use domain::site::SiteEvent;
use domain::tenant::TenantEvent;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Names every variant of an event: a new one does not compile until it is listed here, and a listed one
/// fails the test until the golden file has a line of it.
macro_rules! variants {
    ($event:ident { $($variant:ident),+ $(,)? }) => {{
        let name: fn(&$event) -> &'static str = |event| match event {
            $($event::$variant { .. } => stringify!($variant),)+
        };
        (BTreeSet::from([$(stringify!($variant)),+]), name)
    }};
}

fn check<E: DeserializeOwned + Serialize>(
    golden: &str,
    (all, name): (BTreeSet<&'static str>, fn(&E) -> &'static str),
    kind: fn(&E) -> &'static str,
) -> Result<(), serde_json::Error> {
    let mut seen = BTreeSet::new();
    for stored in golden.lines() {
        let event: E = serde_json::from_str(stored).inspect_err(|_| eprintln!("cannot be read: {stored}"))?;
        let value: Value = serde_json::from_str(stored)?;
        assert_eq!(value["kind"], kind(&event));
        assert_eq!(serde_json::to_string(&event)?, stored);
        seen.insert(name(&event));
    }
    assert_eq!(seen, all, "every kind has its line");
    Ok(())
}

#[test]
fn events_of_a_line() -> Result<(), serde_json::Error> {
    let variants = variants!(LineEvent {
        StateReported,
        Counted,
        Measured,
        AlarmReported,
        ContactLost,
        StopStarted,
        StopEnded,
        StopReasonGiven,
        StopClassified,
        StopCommented,
        StopSplit,
        ConditionStarted,
        ConditionEnded,
        AlertRaised,
        AlertAcked,
        AlertCleared,
        PlanSet,
        ShiftChanged,
        ShiftStarted,
        RunningOrderSet,
    });
    check(include_str!("golden/events/line.ndjson"), variants, LineEvent::kind)
}

#[test]
fn events_of_a_site() -> Result<(), serde_json::Error> {
    let variants = variants!(SiteEvent {
        OrderCreated,
        OrderPatched,
        OrderTransitioned,
        StockMoved,
        ProgressTaken,
        LineFollowed,
        AlertRaised,
        AlertAcknowledged,
        AlertCleared,
    });
    check(include_str!("golden/events/site.ndjson"), variants, SiteEvent::kind)
}

#[test]
fn events_of_a_tenant() -> Result<(), serde_json::Error> {
    let variants = variants!(TenantEvent {
        SiteAdded,
        SiteChanged,
        SiteRemoved,
        CalendarSet,
        LineAdded,
        LineChanged,
        LineRemoved,
        MachineAdded,
        MachineChanged,
        MachineRemoved,
        ArticleAdded,
        ArticleChanged,
        ArticleRemoved,
        RuleAdded,
        RuleChanged,
        RuleRemoved,
    });
    check(include_str!("golden/events/tenant.ndjson"), variants, TenantEvent::kind)
}

#[test]
fn what_may_be_absent_is_read_as_nothing() -> Result<(), serde_json::Error> {
    let receipt = r#"{"at":"2026-11-22T12:50:00.000Z","received_at":"2026-11-22T12:50:00.000Z"}"#;
    for stored in [
        format!(r#"{{"kind":"state_reported","machine":"m1","state":"idle","receipt":{receipt}}}"#),
        format!(
            r#"{{"kind":"counted","machine":"m1","good":"1","scrap":"0","output":false,"receipt":{receipt}}}"#
        ),
        r#"{"kind":"running_order_set","order":null,"site_seq":1,"at":"2026-11-22T12:50:00.000Z"}"#
            .to_owned(),
    ] {
        let event: LineEvent = serde_json::from_str(&stored)?;
        assert_eq!(serde_json::to_string(&event)?, stored);
    }
    Ok(())
}
