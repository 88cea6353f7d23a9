//! What holds for every plant, seed and start: order of time, honest counts, valid payloads, the same again.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::ids::{ArticleCode, LineAddress};
use domain::message::{Content, CountMessage};
use domain::vocabulary::{MachineState, Severity};
use domain::wire::payload::{decode, encode};
use domain::wire::topic::{Channel, DeviceTopic};
use jiff::tz::TimeZone;
use plant::{
    Alarm, Bursts, GaugeModel, LineModel, Outage, Pause, Pauses, Plant, PlantModel, Reporting, Sent, Setup,
    Spread, StationModel, Trouble,
};
use proptest::prelude::*;

const DAY_MS: i64 = 86_400_000;

fn trouble(state: MachineState, reason: &str, every_s: f64, known_ratio: f64) -> Trouble {
    let alarm = (state == MachineState::Down).then(|| Alarm {
        code: "E42".parse().unwrap(),
        severity: Severity::High,
        text: "pression d’huile basse".to_owned(),
    });
    let lasts = Spread { median_s: 150.0, sigma: 0.8 };
    Trouble { state, reason: reason.parse().unwrap(), every_s, lasts, known_ratio, told_ratio: 0.5, alarm }
}

fn station(number: usize, cycle_s: f64) -> StationModel {
    StationModel {
        machine: format!("m{number}").parse().unwrap(),
        ideal_cycle_s: cycle_s,
        ideal_cycles: BTreeMap::from([("B".parse().unwrap(), cycle_s * 1.5)]),
        slowness: 1.1,
        jitter: 0.1,
        scrap_ratio: 0.02,
        bursts: Some(Bursts {
            every_s: 7_200.0,
            lasts: Spread { median_s: 600.0, sigma: 0.5 },
            scrap_ratio: 0.3,
        }),
        setup: Some(Setup {
            lasts: Spread { median_s: 300.0, sigma: 0.3 },
            reason: "changement-serie".parse().unwrap(),
            parts: Some(400),
        }),
        troubles: vec![
            trouble(MachineState::Down, "panne-hydraulique", 3_000.0, 0.5),
            trouble(MachineState::Idle, "attente-cariste", 2_000.0, 0.2),
        ],
        gauges: vec![GaugeModel {
            metric: "oil_temp_c".parse().unwrap(),
            running: 60.0,
            standing: 35.0,
            stopped: 20.0,
            burst: 8.0,
            lag_s: 600.0,
            noise: 0.4,
            decimals: 1,
        }],
        outage: (number == 0)
            .then_some(Outage { every_s: 9_000.0, lasts: Spread { median_s: 180.0, sigma: 0.3 } }),
    }
}

fn line(code: &str, stations: usize) -> LineModel {
    let pause = |from: &str, to: &str| Pause { from: from.parse().unwrap(), to: to.parse().unwrap() };
    LineModel {
        address: LineAddress {
            tenant: "demo".parse().unwrap(),
            site: "nord".parse().unwrap(),
            line: code.parse().unwrap(),
        },
        stations: (0..stations).map(|number| station(number, 9.0 + number as f64)).collect(),
        buffer: 6,
        article: "A".parse().unwrap(),
        patience_s: 30.0,
        starved: "attente-amont".parse().unwrap(),
        blocked: "attente-aval".parse().unwrap(),
        pauses: Pauses {
            zone: TimeZone::get("Europe/Paris").unwrap(),
            daily: vec![pause("09:00", "09:20"), pause("23:50", "00:20")],
            reason: "pause".parse().unwrap(),
        },
    }
}

fn plant(lines: &[usize], seed: u64, start: Timestamp, reporting: Reporting) -> Plant {
    let lines = lines.iter().enumerate().map(|(n, stations)| line(&format!("line-{n}"), *stations));
    Plant::new(PlantModel { lines: lines.collect() }, seed, start, reporting)
}

fn until(plant: &mut Plant, end: Timestamp) -> Vec<Sent> {
    plant.take_while(|sent| sent.at < end).collect()
}

fn day(seed: u64, start_ms: i64, reporting: Reporting) -> Vec<Sent> {
    let start = Timestamp::from_millis(start_ms);
    until(&mut plant(&[3, 2], seed, start, reporting), Timestamp::from_millis(start_ms + DAY_MS / 3))
}

/// The machine that speaks, and on which channel.
fn speaker(sent: &Sent) -> (String, Channel) {
    let DeviceTopic::Machine { line, machine, channel, .. } = &sent.topic else {
        panic!("{} is no topic of a machine", sent.topic);
    };
    (format!("{line}/{machine}"), *channel)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_same_seed_and_start_give_the_same_messages(seed: u64, start in 0..2_000_000_000_000_i64) {
        let messages = day(seed, start, Reporting::PAST);
        prop_assert_eq!(&messages, &day(seed, start, Reporting::PAST));
        prop_assert_ne!(&messages, &day(seed.wrapping_add(1), start, Reporting::PAST));
    }

    #[test]
    fn every_message_is_honest_and_valid(seed: u64, start in 0..2_000_000_000_000_i64, live: bool) {
        let reporting = if live { Reporting::LIVE } else { Reporting::PAST };
        let mut sent_at = Timestamp::from_millis(start);
        let mut happened: BTreeMap<String, Timestamp> = BTreeMap::new();
        let mut states: BTreeMap<String, MachineState> = BTreeMap::new();
        let mut ids = std::collections::HashSet::new();
        for sent in day(seed, start, reporting) {
            prop_assert!(sent.at >= sent_at, "messages leave in order");
            sent_at = sent.at;
            let (machine, channel) = speaker(&sent);
            let at = sent.message.envelope.at.unwrap();
            prop_assert!(at <= sent.at && (sent.message.envelope.buffered || at == sent.at));
            let before = happened.insert(machine.clone(), at);
            prop_assert!(before.is_none_or(|before| before <= at), "time never runs back for {machine}");
            prop_assert!(ids.insert((machine.clone(), sent.message.envelope.id.clone().unwrap())));
            match &sent.message.content {
                Content::State(content) => drop(states.insert(machine, content.state)),
                Content::Count(CountMessage::Increment { good, scrap }) => {
                    prop_assert!(!good.is_negative() && !scrap.is_negative());
                    prop_assert!(good.is_positive() || scrap.is_positive(), "no empty counts");
                    prop_assert_eq!(states.get(&machine), Some(&MachineState::Running));
                }
                Content::Count(CountMessage::Total { .. }) => prop_assert!(false, "only increments"),
                Content::Measure(_) | Content::Alarm(_) => {}
                Content::Order(_) | Content::Stock(_) => prop_assert!(false, "no such message"),
            }
            let text = encode(&sent.message);
            let decoded = decode(channel, text.as_bytes()).unwrap();
            prop_assert_eq!(decoded, vec![Ok(sent.message)]);
            prop_assert_eq!(sent.topic.to_string().parse::<DeviceTopic>(), Ok(sent.topic));
        }
    }
}

#[test]
fn a_day_has_everything_that_happens_in_a_plant() {
    let start = Timestamp::parse("2026-11-24T03:00:00Z").unwrap();
    let end = Timestamp::from_millis(start.as_millis() + DAY_MS);
    let messages = until(&mut plant(&[3], 7, start, Reporting::PAST), end);
    let reasons = |state: MachineState| {
        let of = |sent: &Sent| match &sent.message.content {
            Content::State(content) if content.state == state => {
                Some(content.reason.as_ref().map_or_else(String::new, ToString::to_string))
            }
            _ => None,
        };
        messages.iter().filter_map(of).collect::<std::collections::BTreeSet<_>>()
    };
    let has = |set: &std::collections::BTreeSet<String>, reason: &str| set.contains(reason);
    assert!(has(&reasons(MachineState::Running), ""));
    let down = reasons(MachineState::Down);
    assert!(has(&down, "panne-hydraulique") && has(&down, ""), "with a reason and without: {down:?}");
    let idle = reasons(MachineState::Idle);
    for reason in ["attente-amont", "attente-aval", "attente-cariste", "pause"] {
        assert!(has(&idle, reason), "{reason} is not in {idle:?}");
    }
    assert!(has(&reasons(MachineState::Setup), "changement-serie"));
    assert!(messages.iter().any(|sent| sent.message.envelope.buffered), "a connection was lost");
    let alarms = |active: bool| {
        let is = |sent: &&Sent| matches!(&sent.message.content, Content::Alarm(a) if a.active == active);
        messages.iter().filter(is).count()
    };
    assert!(alarms(true) > 0 && alarms(true) - alarms(false) <= 3, "alarms end with their trouble");
    assert!(messages.len() < 9_000, "the past is told in few messages: {}", messages.len());
}

#[test]
fn nobody_counts_in_a_pause() {
    let start = Timestamp::parse("2026-11-24T07:30:00Z").unwrap();
    let (from, to) = ("2026-11-24T08:01:00Z", "2026-11-24T08:20:00Z");
    let (from, to) = (Timestamp::parse(from).unwrap(), Timestamp::parse(to).unwrap());
    let mut plant = plant(&[3, 3], 11, start, Reporting::LIVE);
    let before = until(&mut plant, from);
    let counts = |messages: &[Sent]| {
        messages.iter().filter(|sent| matches!(sent.message.content, Content::Count(_))).count()
    };
    assert!(counts(&before) > 0);
    assert_eq!(counts(&until(&mut plant, to)), 0);
}

/// Seconds in each state and parts of one machine until the end.
fn figures(messages: &[Sent], machine: &str, end: Timestamp) -> (BTreeMap<MachineState, f64>, f64) {
    let (mut times, mut parts, mut state) = (BTreeMap::new(), 0.0, None);
    let mut spend = |state: Option<(MachineState, Timestamp)>, until: Timestamp| {
        if let Some((state, from)) = state {
            *times.entry(state).or_insert(0.0) += (until - from).as_secs_f64();
        }
    };
    for sent in messages.iter().filter(|sent| speaker(sent).0 == machine) {
        let at = sent.message.envelope.at.unwrap();
        match &sent.message.content {
            Content::State(content) => {
                spend(state, at);
                state = Some((content.state, at));
            }
            Content::Count(CountMessage::Increment { good, scrap }) => {
                parts += good.as_f64() + scrap.as_f64()
            }
            _ => {}
        }
    }
    spend(state, end);
    (times, parts)
}

#[test]
fn a_faster_plant_has_the_same_ratios() {
    let start = Timestamp::parse("2026-11-24T01:00:00Z").unwrap();
    let run = |times: f64| {
        let end = Timestamp::from_millis(start.as_millis() + DAY_MS / 4);
        let model = PlantModel { lines: vec![line("line-0", 3).times_faster(times)] };
        let mut plant = Plant::new(model, 5, start, Reporting::PAST);
        let (states, parts) = figures(&until(&mut plant, end), "line-0/m2", end);
        (states[&MachineState::Running] / states.values().sum::<f64>(), parts)
    };
    let ((slow, slow_parts), (fast, fast_parts)) = (run(1.0), run(10.0));
    assert!((slow - fast).abs() < 0.15, "{slow} {fast}");
    let ratio = fast_parts / slow_parts;
    assert!((7.5..13.0).contains(&ratio), "{ratio} times as many parts");
}

#[test]
fn another_article_is_a_changeover_and_has_its_own_cycle() {
    let start = Timestamp::parse("2026-11-24T01:00:00Z").unwrap();
    let mut plant = plant(&[1], 3, start, Reporting::LIVE);
    let address = line("line-0", 1).address;
    let first = until(&mut plant, Timestamp::from_millis(start.as_millis() + 600_000));
    plant.take_order(&address, &ArticleCode::parse("B").unwrap());
    let second = until(&mut plant, Timestamp::from_millis(start.as_millis() + 1_800_000));
    let setups = |messages: &[Sent]| {
        let is = |sent: &&Sent| matches!(&sent.message.content, Content::State(s) if s.state == MachineState::Setup);
        messages.iter().filter(is).count()
    };
    assert_eq!((setups(&first), setups(&second)), (0, 1));
}
