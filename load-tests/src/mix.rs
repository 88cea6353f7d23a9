//! What is sent: bare counts, or what the machines of a simulated plant say.

use std::collections::BTreeMap;

use ::plant::{
    Alarm, Bursts, GaugeModel, LineModel, Pauses, PlantModel, Reporting, Setup, Spread, StationModel, Trouble,
};
use anyhow::Context;
use clap::ValueEnum;
use domain::Timestamp;
use domain::ids::{LineAddress, ReasonCode};
use domain::message::{Content, CountMessage};
use domain::receipt::Envelope;
use domain::vocabulary::{MachineState, Severity};
use domain::wire::payload::encode;
use domain::wire::topic::DeviceTopic;
use serde::Serialize;

use crate::plant::{self, Plant, SITE, TENANT};

/// The same plant in every run, so that runs can be compared.
const SEED: u64 = 1;

/// Which messages are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Mix {
    /// Every message counts one part
    Counts,
    /// States, counts, measures and alarms as a plant has them (load-tests/plant)
    Model,
}

impl Mix {
    /// How the result is called.
    pub fn result_name(self) -> &'static str {
        match self {
            Self::Counts => "ingest",
            Self::Model => "ingest-model",
        }
    }

    /// The messages of every connection.
    pub fn messages(self, plant: &Plant, connections: usize, number: usize) -> anyhow::Result<Vec<Messages>> {
        match self {
            Self::Counts => (0..connections)
                .map(|connection| {
                    let share = |index: usize| index * number / connections;
                    counts(plant, connection, connections, share(connection + 1) - share(connection))
                })
                .collect(),
            Self::Model => modelled(plant, connections, number),
        }
    }
}

/// The messages of one connection, in their order.
#[derive(Debug, Default)]
pub struct Messages {
    /// Topic and payload of each.
    pub all: Vec<(String, String)>,
    /// Good parts that they count.
    pub good: u64,
}

fn counts(plant: &Plant, connection: usize, connections: usize, number: usize) -> anyhow::Result<Messages> {
    let machines = plant.machines_of(connection, connections);
    let mut messages = Messages { all: Vec::with_capacity(number), good: number as u64 };
    for index in 0..number {
        let machine = machines.start + index % machines.len().max(1);
        messages.all.push((plant.count_topic(machine), plant::one_more(machine, index as u64)?));
    }
    Ok(messages)
}

/// Every machine's messages leave by its own connection. Their times are left out: the hub's are true.
fn modelled(plant: &Plant, connections: usize, number: usize) -> anyhow::Result<Vec<Messages>> {
    let mut owner = BTreeMap::new();
    for connection in 0..connections {
        for machine in plant.machines_of(connection, connections) {
            owner.insert(plant.count_topic(machine), connection);
        }
    }
    let mut all: Vec<Messages> = std::iter::repeat_with(Messages::default).take(connections).collect();
    let lines = (0..plant.lines).map(|line| line_model(plant, line)).collect::<anyhow::Result<_>>()?;
    let start = Timestamp::from_millis(0);
    let said = ::plant::Plant::new(PlantModel { lines }, SEED, start, Reporting::LIVE);
    for sent in said.take(number) {
        let counts_on = match &sent.topic {
            DeviceTopic::Machine { tenant, site, line, machine, .. } => {
                format!("hub/v1/{tenant}/{site}/{line}/{machine}/count")
            }
            DeviceTopic::SiteStock { .. } => continue,
        };
        let connection = owner.get(&counts_on).with_context(|| format!("nobody sends {counts_on}"))?;
        let mut message = sent.message;
        message.envelope = Envelope { id: message.envelope.id, ..Envelope::default() };
        let messages = &mut all[*connection];
        if let Content::Count(CountMessage::Increment { good, .. }) = &message.content {
            messages.good += u64::try_from(good.thousandths() / 1000)?;
        }
        messages.all.push((sent.topic.to_string(), encode(&message)));
    }
    Ok(all)
}

/// A line like those of the demo, without people who pause.
fn line_model(plant: &Plant, line: usize) -> anyhow::Result<LineModel> {
    let address =
        LineAddress { tenant: TENANT.parse()?, site: SITE.parse()?, line: Plant::line_code(line).parse()? };
    let pauses = Pauses { zone: jiff::tz::TimeZone::UTC, daily: Vec::new(), reason: "pause".parse()? };
    Ok(LineModel {
        address,
        stations: (0..plant.machines_per_line).map(station).collect::<anyhow::Result<_>>()?,
        buffer: 4,
        article: "A-100".parse()?,
        patience_s: 30.0,
        starved: "starved".parse()?,
        blocked: "blocked".parse()?,
        pauses,
    })
}

fn station(place: usize) -> anyhow::Result<StationModel> {
    let spread = |median_s| Spread { median_s, sigma: 0.6 };
    let alarm = Alarm { code: "E-104".parse()?, severity: Severity::High, text: "drive fault".to_owned() };
    let trouble = |state, reason: &str, every_s, alarm| {
        let (reason, lasts): (ReasonCode, _) = (reason.parse()?, spread(180.0));
        anyhow::Ok(Trouble { state, reason, every_s, lasts, known_ratio: 0.5, told_ratio: 0.4, alarm })
    };
    let gauge = |metric: &str, running, noise| {
        let (metric, standing, stopped) = (metric.parse()?, running * 0.2, 0.0);
        anyhow::Ok(GaugeModel {
            metric,
            running,
            standing,
            stopped,
            burst: 0.0,
            lag_s: 60.0,
            noise,
            decimals: 2,
        })
    };
    Ok(StationModel {
        machine: Plant::machine_code(place).parse()?,
        ideal_cycle_s: 8.0,
        ideal_cycles: BTreeMap::new(),
        slowness: 1.08,
        jitter: 0.1,
        scrap_ratio: 0.01,
        bursts: Some(Bursts { every_s: 24_000.0, lasts: spread(900.0), scrap_ratio: 0.16 }),
        setup: Some(Setup { lasts: spread(500.0), reason: "setup".parse()?, parts: Some(900) }),
        troubles: vec![
            trouble(MachineState::Down, "breakdown", 9_000.0, Some(alarm))?,
            trouble(MachineState::Idle, "no-material", 8_000.0, None)?,
        ],
        gauges: vec![
            gauge("power_kw", 60.0, 3.0)?,
            gauge("oil_temp_c", 54.0, 0.3)?,
            gauge("vibration_mm_s", 2.6, 0.2)?,
        ],
        outage: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_connection_sends_what_its_own_machines_say() {
        let plant = Plant { lines: 4, machines_per_line: 5 };
        for mix in [Mix::Counts, Mix::Model] {
            let all = mix.messages(&plant, 3, 5_000).unwrap();
            assert_eq!(all.iter().map(|messages| messages.all.len()).sum::<usize>(), 5_000);
            for (connection, messages) in all.iter().enumerate() {
                let own: Vec<_> =
                    plant.machines_of(connection, 3).map(|machine| plant.count_topic(machine)).collect();
                let is_own =
                    |topic: &str| own.iter().any(|own| own.starts_with(&topic[..topic.rfind('/').unwrap()]));
                assert!(messages.all.iter().all(|(topic, _)| is_own(topic)), "{mix:?}");
                assert!(messages.good > 0, "{mix:?}");
            }
        }
    }
}
