//! What a message costs inside the rules, without actors, store and sockets: decoding, deciding, applying, the view.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use domain::calendar::Plan;
use domain::ids::{LineAddress, MachineCode};
use domain::line::{LineEvent, LineSpec, LineState, MachineSpec, decide_message, decide_tick};
use domain::tenant::TimeZoneName;
use domain::view::LineView;
use domain::wire::merge_patch;
use domain::wire::payload::decode;
use domain::wire::topic::{Channel, DeviceTopic};
use domain::{DurationMs, Timestamp};
use serde_json::Value;

const MACHINES: usize = 5;
/// A machine remembers so many ids; a line that has worked for a while has them all.
const REMEMBERED_IDS: usize = 4_096;

fn must<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("the bench is wrong: {error:?}"),
    }
}

fn now() -> Timestamp {
    must("2026-11-22T12:50:00Z".parse())
}

fn code(machine: usize) -> MachineCode {
    must(format!("m{machine}").parse())
}

fn spec() -> LineSpec {
    let machine = |place: usize| MachineSpec {
        name: format!("Machine {place}"),
        output: place == 0,
        ideal_cycle_s: Some(1.0),
        ideal_cycles: Default::default(),
    };
    LineSpec {
        address: LineAddress {
            tenant: must("bench".parse()),
            site: must("plant".parse()),
            line: must("saw".parse()),
        },
        name: "Saw line".to_owned(),
        reasons: Vec::new(),
        oee_target: None,
        plan: Plan { time_zone: must(TimeZoneName::parse("Europe/Paris")), calendar: Arc::default() },
        machines: (0..MACHINES).map(|place| (code(place), machine(place))).collect(),
        rules: Vec::new(),
    }
}

fn count(id: usize) -> String {
    format!(r#"{{"id":"saw-{id}","good":1}}"#)
}

fn measure(id: usize) -> String {
    format!(r#"{{"id":"saw-{id}","values":{{"load":71.25,"feed":1200,"speed":8000.5,"program":"O1234"}}}}"#)
}

fn take(
    state: &mut LineState,
    spec: &LineSpec,
    channel: Channel,
    machine: usize,
    payload: &str,
) -> Vec<LineEvent> {
    let message = must(must(decode(channel, payload.as_bytes())).remove(0));
    let events = must(decide_message(state, spec, &code(machine), &message, now())).into_events();
    for event in &events {
        state.apply(event);
    }
    events
}

/// A line whose machines have reported for a while.
fn working_line(spec: &LineSpec) -> LineState {
    let mut state = LineState::new(spec.address.clone());
    for event in decide_tick(&state, spec, now()) {
        state.apply(&event);
    }
    for machine in 0..MACHINES {
        take(&mut state, spec, Channel::State, machine, r#"{"state":"running"}"#);
        for id in 0..REMEMBERED_IDS {
            take(&mut state, spec, Channel::Count, machine, &count(id));
        }
        take(&mut state, spec, Channel::Measure, machine, &measure(REMEMBERED_IDS));
    }
    state
}

fn view(state: &LineState, spec: &LineSpec, at: Timestamp) -> Value {
    must(serde_json::to_value(LineView::new(state, spec, at, |_| None)))
}

fn decoding(c: &mut Criterion) {
    let mut group = c.benchmark_group("decode");
    let topic = "hub/v1/bench/plant/saw/m1/count";
    group.bench_function("topic", |b| b.iter(|| DeviceTopic::parse(black_box(topic))));
    let array = format!("[{}]", (0..100).map(count).collect::<Vec<_>>().join(","));
    let payloads = [
        ("count", Channel::Count, count(1), 1),
        ("four measures", Channel::Measure, measure(1), 1),
        ("array of 100 counts", Channel::Count, array, 100),
    ];
    for (name, channel, payload, messages) in payloads {
        group.throughput(Throughput::Elements(messages));
        group.bench_function(name, |b| b.iter(|| decode(channel, black_box(payload.as_bytes()))));
    }
    group.finish();
}

fn deciding(c: &mut Criterion) {
    let spec = spec();
    let working = working_line(&spec);
    let mut group = c.benchmark_group("line");
    for (name, channel, payload) in [
        ("count", Channel::Count, count as fn(usize) -> String),
        ("four measures", Channel::Measure, measure),
    ] {
        // One state for all: like a line's, it stays as large as it is while ids come and go.
        let (mut state, mut next) = (working.clone(), REMEMBERED_IDS);
        group.bench_function(format!("decide and apply {name}"), |b| {
            let message = || {
                next += 1;
                must(must(decode(channel, payload(next).as_bytes())).remove(0))
            };
            b.iter_batched(
                message,
                |message| {
                    let events = must(decide_message(&state, &spec, &code(1), &message, now())).into_events();
                    for event in &events {
                        state.apply(event);
                    }
                    events
                },
                BatchSize::SmallInput,
            );
        });
    }
    let mut changed = working.clone();
    let event = take(&mut changed, &spec, Channel::Count, 1, &count(REMEMBERED_IDS + 1)).remove(0);
    group.bench_function("encode an event", |b| b.iter(|| serde_json::to_string(black_box(&event))));
    group.bench_function("snapshot", |b| b.iter(|| serde_json::to_string(black_box(&working))));
    group.finish();
}

fn viewing(c: &mut Criterion) {
    let spec = spec();
    let before = working_line(&spec);
    let mut after = before.clone();
    take(&mut after, &spec, Channel::Count, 1, &count(REMEMBERED_IDS + 1));
    let later = now() + DurationMs::from_secs(1);
    let (old, new) = (view(&before, &spec, now()), view(&after, &spec, later));
    let patch = merge_patch::diff(&old, &new).unwrap_or_default();
    let mut group = c.benchmark_group("view");
    group.bench_function("of a line", |b| b.iter(|| view(black_box(&after), &spec, later)));
    group.bench_function("merge patch", |b| b.iter(|| merge_patch::diff(black_box(&old), black_box(&new))));
    group.bench_function("encode the patch", |b| b.iter(|| serde_json::to_string(black_box(&patch))));
    group.finish();
}

criterion_group!(benches, decoding, deciding, viewing);
criterion_main!(benches);
