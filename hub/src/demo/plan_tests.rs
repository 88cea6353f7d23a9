//! The plan in the binary is whole: what it names exists, and the directory would take it.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::message::{Content, CountMessage};
use domain::vocabulary::MachineState;
use domain::wire::topic::DeviceTopic;
use plant::{Plant, PlantModel, Reporting};

use super::*;

const DAY_MS: i64 = 86_400_000;

fn tenant() -> TenantCode {
    TENANT.parse().unwrap()
}

#[test]
fn what_the_plan_names_exists() {
    let plan = Plan::load().unwrap();
    let articles: BTreeSet<_> = plan.articles.iter().map(|article| &article.code).collect();
    assert_eq!(articles.len(), plan.articles.len());
    let zones: BTreeSet<_> = plan.sites.iter().map(|site| site.time_zone.as_str()).collect();
    assert_eq!(zones.len(), 2);
    assert!(plan.lines(&tenant()).count() >= 10);
    for site in &plan.sites {
        assert!(site.stock.iter().all(|stock| articles.contains(&stock.article)));
        assert!(site.shifts.iter().any(|shift| shift.to < shift.from), "a night shift over midnight");
        site.calendar().check().unwrap();
    }
    for (address, site, line) in plan.lines(&tenant()) {
        assert!(line.reasons.len() <= 20 && !line.reasons.is_empty(), "{address}");
        line.reasons.iter().for_each(|code| drop(plan.reason_name(code).unwrap()));
        let outputs = line.machines.iter().filter(|machine| machine.output).count();
        assert_eq!(outputs, 1, "{address}");
        let programs = line.program.iter().flat_map(|program| &program.orders);
        assert!(programs.clone().all(|order| articles.contains(&order.article)), "{address}");
        let Some(model) = plan.model(&address, site, line, 1.0).unwrap() else { continue };
        assert!((2..=5).contains(&model.stations.len()), "{address}");
        assert!(
            line.machines.last().unwrap().output,
            "what leaves the last station is the output: {address}"
        );
        let first = &line.program.as_ref().unwrap().orders[0].article;
        assert!(model.stations.iter().all(|station| !station.ideal_cycles.contains_key(first)), "{address}");
        let reasons = model.stations.iter().flat_map(|station| &station.troubles).map(|t| &t.reason);
        let setups = model.stations.iter().flat_map(|station| &station.setup).map(|setup| &setup.reason);
        for reason in reasons.chain(setups).chain([&model.starved, &model.blocked, &model.pauses.reason]) {
            assert!(line.reasons.contains(reason), "{address} cannot be told {reason}");
        }
    }
    for rule in &plan.rules {
        rule.condition.check().unwrap();
    }
}

/// Effectiveness figures of a line's output machine over a day: availability, effectiveness, quality.
fn figures(model: LineModel, seed: u64) -> (f64, f64, f64) {
    let start = Timestamp::parse("2026-11-23T00:00:00Z").unwrap();
    let end = Timestamp::from_millis(start.as_millis() + DAY_MS);
    let output = model.stations.last().unwrap().clone();
    let paused: f64 = 86_400.0 - 70.0 * 60.0;
    let mut times: BTreeMap<MachineState, f64> = BTreeMap::new();
    let (mut since, mut good, mut scrap) = (None, 0.0, 0.0);
    let plant = Plant::new(PlantModel { lines: vec![model] }, seed, start, Reporting::PAST);
    for sent in plant.take_while(|sent| sent.at < end) {
        let DeviceTopic::Machine { machine, .. } = &sent.topic else { continue };
        let (of_output, at) = (*machine == output.machine, sent.message.envelope.at.unwrap());
        match sent.message.content {
            Content::State(content) if of_output => {
                if let Some((state, from)) = since.replace((content.state, at)) {
                    *times.entry(state).or_default() += (at - from).as_secs_f64();
                }
            }
            Content::Count(CountMessage::Increment { good: more, scrap: lost }) => {
                good += if of_output { more.as_f64() } else { 0.0 };
                scrap += lost.as_f64();
            }
            _ => {}
        }
    }
    if let Some((state, from)) = since {
        *times.entry(state).or_default() += (end - from).as_secs_f64();
    }
    let running = times[&MachineState::Running];
    (running / paused, output.ideal_cycle_s * (good + scrap) / running, good / (good + scrap))
}

#[test]
fn lines_are_as_good_as_lines_of_real_plants() {
    let plan = Plan::load().unwrap();
    for (address, site, line) in plan.lines(&tenant()) {
        let Some(model) = plan.model(&address, site, line, 1.0).unwrap() else { continue };
        let (availability, effectiveness, quality) = figures(model, 1870);
        let oee = availability * effectiveness * quality;
        eprintln!("{address}: {availability:.3} × {effectiveness:.3} × {quality:.3} = {oee:.3}");
        assert!((0.35..0.88).contains(&oee), "{address}: {oee}");
    }
}
