//! The shapes of the live topics: exactly the keys of protocols.md, nothing null, unknown as unknown.

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::alert::{AlertRule, Condition, MeasureLimit};
use crate::calendar::Plan;
use crate::ids::{LineAddress, MachineCode, Seq};
use crate::line::{
    FoundStop, LineEvent, LineSpec, LineState, MachineSpec, StopChange, decide_message, decide_running_order,
    decide_stop_change, decide_tick,
};
use crate::message::{
    AlarmMessage, Content, CountMessage, DeviceMessage, MeasureMessage, MeasureValue, StateMessage,
};
use crate::order::RunningOrder;
use crate::receipt::Envelope;
use crate::tenant::TimeZoneName;
use crate::vocabulary::{AndonColor, MachineState, Severity};
use crate::{DurationMs, Timestamp};

const LINE_GOLDEN: &str = include_str!("../../tests/golden/line_view.json");
const SITE_GOLDEN: &str = include_str!("../../tests/golden/site_view.json");

fn after(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-11-22T13:00:00Z".parse().unwrap();
    start + DurationMs::from_secs(seconds)
}

fn spec() -> LineSpec {
    let machine = |name: &str, output| MachineSpec {
        name: name.to_owned(),
        output,
        ideal_cycle_s: Some(5.0),
        ideal_cycles: Default::default(),
    };
    LineSpec {
        address: LineAddress {
            tenant: "demo".parse().unwrap(),
            site: "lyon".parse().unwrap(),
            line: "saw".parse().unwrap(),
        },
        name: "Saw line".to_owned(),
        reasons: Vec::new(),
        oee_target: None,
        plan: Plan { time_zone: TimeZoneName::parse("Europe/Paris").unwrap(), calendar: Arc::default() },
        machines: [("m1", "Saw", true), ("m2", "Feeder", false), ("m3", "Printer", false)]
            .map(|(code, name, output)| (code.parse().unwrap(), machine(name, output)))
            .into(),
        rules: vec![AlertRule {
            code: "hot".parse().unwrap(),
            condition: Condition::MeasureAbove(MeasureLimit {
                metric: "temp".parse().unwrap(),
                limit: 80.0,
                deadband: 0.0,
                on_delay_s: 0,
            }),
            severity: Severity::High,
            site: None,
            line: None,
            machine: None,
            version: 1,
        }],
    }
}

struct Floor {
    spec: LineSpec,
    state: LineState,
}

impl Floor {
    fn new() -> Self {
        let spec = spec();
        let state = LineState::new(spec.address.clone());
        Self { spec, state }
    }

    fn take(&mut self, events: &[LineEvent]) {
        for event in events {
            self.state.apply(event);
        }
    }

    fn tick(&mut self, second: i64) {
        let events = decide_tick(&self.state, &self.spec, after(second));
        self.take(&events);
    }

    fn say(&mut self, machine: &str, second: i64, content: Content) {
        let message = DeviceMessage { envelope: Envelope::default(), content };
        let code: MachineCode = machine.parse().unwrap();
        let decision = decide_message(&self.state, &self.spec, &code, &message, after(second)).unwrap();
        self.take(decision.events());
    }

    fn state(&mut self, machine: &str, second: i64, state: MachineState, reason: Option<&str>) {
        let reason = reason.map(|reason| reason.parse().unwrap());
        self.say(machine, second, Content::State(StateMessage { state, reason }));
    }

    fn alarm(&mut self, severity: Severity) {
        let code = severity.as_str().parse().unwrap();
        self.say(
            "m1",
            0,
            Content::Alarm(AlarmMessage { code, active: true, severity, text: "look".to_owned() }),
        );
    }

    fn line_view(&self, second: i64) -> Value {
        serde_json::to_value(LineView::new(&self.state, &self.spec, after(second), |_| None)).unwrap()
    }

    fn tile(&self, second: i64) -> Value {
        serde_json::to_value(LineTile::new(&self.state, &self.spec, after(second))).unwrap()
    }

    /// A line where everything that a view can show has happened.
    fn busy() -> Self {
        let mut floor = Self::new();
        floor.tick(0);
        let order = RunningOrder {
            code: "PO-1".parse().unwrap(),
            article: "plate 3 mm".parse().unwrap(),
            quantity: Quantity::from_units(100),
            started_at: after(0),
            good: Quantity::ZERO,
            scrap: Quantity::ZERO,
            due: Some(after(1200)),
        };
        let events = decide_running_order(&floor.state, Some(order), Seq(1), after(0));
        floor.take(&events);
        floor.state("m1", 0, MachineState::Running, None);
        floor.state("m2", 60, MachineState::Down, Some("jam"));
        floor.state("m2", 120, MachineState::Running, None);
        let count =
            CountMessage::Increment { good: Quantity::from_units(45), scrap: Quantity::from_units(5) };
        floor.say("m1", 400, Content::Count(count));
        let values = [
            ("temp".parse().unwrap(), MeasureValue::Number(81.5)),
            ("coolant".parse().unwrap(), MeasureValue::Flag(true)),
            ("program".parse().unwrap(), MeasureValue::Text("cut 7".to_owned())),
        ];
        floor.say("m1", 420, Content::Measure(MeasureMessage { values: values.into() }));
        floor.state("m1", 480, MachineState::Down, Some("blade"));
        let stop = floor.state.stops.values().find(|stop| stop.to.is_some()).unwrap().clone();
        let found = FoundStop { stop, split_off: None, read_at: floor.state.seq };
        let change =
            StopChange { comment: Some(Some("cleared by hand".to_owned())), ..StopChange::default() };
        let changed =
            decide_stop_change(&floor.state, &floor.spec, &found, &change, "anna@demo.local", after(500));
        floor.take(&changed.unwrap().events);
        floor
    }

    fn site_view(&self, second: i64) -> Value {
        let (site, time_zone) = (self.spec.address.site.clone(), "Europe/Paris");
        let tile = LineTile::new(&self.state, &self.spec, after(second));
        let view = SiteView {
            site: SiteHead { code: &site, name: "Lyon", time_zone },
            lines: [(&self.spec.address.line, &tile)].into(),
            alerts: tile.alerts,
        };
        serde_json::to_value(view).unwrap()
    }
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(fields) => fields.values().any(has_null),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn first(value: &Value) -> &Value {
    value.as_object().unwrap().values().next().unwrap()
}

/// The keys as protocols.md lists them, in the order of the alphabet.
fn listed(keys: &'static str) -> Vec<&'static str> {
    let mut keys: Vec<_> = keys.split(',').collect();
    keys.sort_unstable();
    keys
}

#[test]
fn a_line_and_a_tile_are_as_they_always_were() {
    let floor = Floor::busy();
    let (line, site) = (floor.line_view(600), floor.site_view(600));
    assert_eq!(line, serde_json::from_str::<Value>(LINE_GOLDEN).unwrap(), "{line:#}");
    assert_eq!(site, serde_json::from_str::<Value>(SITE_GOLDEN).unwrap(), "{site:#}");
}

#[test]
fn the_keys_are_those_of_the_protocol() {
    let floor = Floor::busy();
    let line = floor.line_view(600);
    let machine = &line["machines"]["m1"];
    let ended = line["stops"].as_object().unwrap().values().find(|stop| stop.get("to").is_some()).unwrap();
    for (part, expected) in [
        (&line, "line,machines,order,shift,stops,alerts"),
        (&line["line"], "code,name,status,andon"),
        (machine, "name,state,since,reason,quality,good,scrap,measures"),
        (&machine["measures"]["temp"], "value,at"),
        (&line["order"], "code,article,quantity,good,scrap,started_at,expected_end,due"),
        (&line["shift"], "name,from,to,oee,availability,effectiveness,quality,target,good,scrap"),
        (ended, "machine,from,to,reason,comment,state"),
        (first(&line["alerts"]), "severity,state,rule,text,raised_at,machine"),
    ] {
        assert_eq!(keys(part), listed(expected));
    }
    let site = floor.site_view(600);
    let tile = first(&site["lines"]);
    for (part, expected) in [
        (&site, "site,lines,alerts"),
        (&site["site"], "code,name,time_zone"),
        (tile, "name,status,andon,since,reason,order,shift,machines,alerts"),
        (&tile["order"], "code,article,quantity,good,scrap,progress_ratio,expected_end,due"),
        (&tile["shift"], "name,oee,good,scrap,target"),
        (&tile["machines"], "running,idle,setup,down,maintenance,offline"),
        (&tile["alerts"], "critical,high,medium,low"),
    ] {
        assert_eq!(keys(part), listed(expected));
    }
    let alert = floor.state.alerts.values().next().unwrap();
    let mut alert = alert.clone();
    alert.ack("anna@demo.local", after(500));
    alert.clear(after(510));
    let alert = serde_json::to_value(AlertView::from(&alert)).unwrap();
    let expected = "site,line,machine,rule,severity,state,text,raised_at,acked_at,acked_by,cleared_at";
    assert_eq!(keys(&alert), listed(expected));
}

#[test]
fn nothing_is_null_and_nothing_known_is_absent() {
    let mut floor = Floor::new();
    for view in [floor.line_view(0), floor.tile(0)] {
        assert!(!has_null(&view), "{view:#}");
    }
    assert_eq!(floor.line_view(0)["machines"]["m3"]["quality"], "unknown");
    assert_eq!(
        floor.line_view(0)["line"],
        json!({"code":"saw","name":"Saw line","status":"offline","andon":"grey"})
    );
    assert_eq!(keys(&floor.line_view(0)), ["alerts", "line", "machines", "stops"]);
    floor.tick(0);
    for view in [floor.line_view(5), floor.tile(5), Floor::busy().line_view(5), Floor::busy().site_view(900)]
    {
        assert!(!has_null(&view), "{view:#}");
    }
    for absent in ["oee", "availability", "quality", "effectiveness"] {
        assert_eq!(floor.line_view(5)["shift"].get(absent), None);
    }
}

#[test]
fn a_silent_machine_turns_stale_and_an_offline_one_unknown() {
    let mut floor = Floor::new();
    floor.state("m1", 0, MachineState::Running, None);
    let quality = |floor: &Floor, second| floor.line_view(second)["machines"]["m1"]["quality"].clone();
    assert_eq!(quality(&floor, 300), "good");
    assert_eq!(quality(&floor, 301), "stale");
    let heard = LineView::new(&floor.state, &floor.spec, after(301), |_| Some(after(300)));
    assert_eq!(serde_json::to_value(heard).unwrap()["machines"]["m1"]["quality"], "good");
    floor.state("m1", 302, MachineState::Offline, None);
    assert_eq!(quality(&floor, 302), "unknown");
}

#[test]
fn the_light_follows_the_worst_that_is_known() {
    use AndonColor::{Amber, Green, Grey, Red};
    use MachineState::{Down, Idle, Offline, Running, Setup};
    for (states, severity, color) in [
        ([Offline, Offline], None, Grey),
        ([Running, Offline], None, Green),
        ([Running, Running], Some(Severity::Low), Green),
        ([Running, Running], Some(Severity::Medium), Amber),
        ([Running, Running], Some(Severity::Critical), Red),
        ([Running, Idle], None, Amber),
        ([Setup, Running], None, Amber),
        ([Running, Down], None, Red),
        ([Offline, Down], None, Red),
    ] {
        let mut floor = Floor::new();
        floor.state("m1", 0, states[0], None);
        floor.state("m2", 0, states[1], None);
        severity.into_iter().for_each(|severity| floor.alarm(severity));
        assert_eq!(andon(&floor.state, &floor.spec, after(0)), color, "{states:?} {severity:?}");
    }
}

#[test]
fn a_forecast_goes_on_at_the_pace_since_the_start() {
    let floor = Floor::busy();
    let end = |floor: &Floor| floor.line_view(900)["order"].get("expected_end").cloned();
    // 45 of 100 in 15 minutes: 55 more take 18 min 20 s.
    assert_eq!(end(&floor), Some(json!("2026-11-22T13:33:00.000Z")));
    let mut changed = Floor::busy();
    let order = changed.state.order.clone().unwrap();
    let order = RunningOrder { good: order.good, scrap: order.scrap, ..order.order };
    let events = decide_running_order(&changed.state, Some(order), Seq(2), after(880));
    assert_eq!(events.len(), 1);
    changed.take(&events);
    assert_eq!(end(&changed), end(&floor), "what the site knew when it spoke again changes no pace");
    assert_eq!(Floor::new().line_view(0).get("order"), None);
}
