//! The topic `site/{site}`: a tile for every line.

use std::collections::BTreeMap;

use serde::Serialize;

use super::line::{andon, expected_end};
use super::{AlertCounts, progress, rounded};
use crate::ids::{ArticleCode, LineCode, MachineCode, OrderCode, ReasonCode, SiteCode};
use crate::line::{LineSpec, LineState};
use crate::vocabulary::{AndonColor, MachineState};
use crate::{Quantity, Timestamp};

/// The view of a site.
#[derive(Clone, Debug, Serialize)]
pub struct SiteView<'a> {
    /// What the site is.
    pub site: SiteHead<'a>,
    /// Its lines.
    pub lines: BTreeMap<&'a LineCode, &'a LineTile>,
    /// The open alerts of the site and its lines.
    pub alerts: AlertCounts,
}

/// What a site is.
#[derive(Clone, Debug, Serialize)]
pub struct SiteHead<'a> {
    /// Its code.
    pub code: &'a SiteCode,
    /// Its name.
    pub name: &'a str,
    /// Its IANA time zone.
    pub time_zone: &'a str,
}

/// A line in short: what its tile shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LineTile {
    name: String,
    status: MachineState,
    andon: AndonColor,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<ReasonCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    planned_stop: Option<PlannedStopView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<TileOrder>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shift: Option<TileShift>,
    machines: MachineCounts,
    /// The open alerts of the line.
    pub alerts: AlertCounts,
}

/// A planned stop of the calendar that holds now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct PlannedStopView {
    name: String,
    to: Timestamp,
}

impl PlannedStopView {
    pub(super) fn at(state: &LineState, now: Timestamp) -> Option<Self> {
        let stop = state.shift.as_ref()?.planned_stop_at(now)?;
        Some(Self { name: stop.name.clone(), to: stop.to })
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct TileOrder {
    code: OrderCode,
    article: ArticleCode,
    quantity: Quantity,
    good: Quantity,
    scrap: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    progress_ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_end: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct TileShift {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    oee: Option<f64>,
    good: Quantity,
    scrap: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Quantity>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct MachineCounts {
    running: u32,
    idle: u32,
    setup: u32,
    down: u32,
    maintenance: u32,
    offline: u32,
}

impl MachineCounts {
    fn add(&mut self, state: MachineState) {
        match state {
            MachineState::Running => self.running += 1,
            MachineState::Idle => self.idle += 1,
            MachineState::Setup => self.setup += 1,
            MachineState::Down => self.down += 1,
            MachineState::Maintenance => self.maintenance += 1,
            MachineState::Offline => self.offline += 1,
        }
    }
}

impl LineTile {
    /// The tile at an instant.
    pub fn new(state: &LineState, spec: &LineSpec, now: Timestamp) -> Self {
        let (speaker, status) = Self::status(state, spec);
        let speaker = speaker.and_then(|code| state.machines.get(code));
        let mut machines = MachineCounts::default();
        for code in spec.machines.keys() {
            machines.add(state_of(state, code));
        }
        let shift = state.shift.as_ref().zip(state.kpi_inputs(spec, now)).map(|(shift, inputs)| TileShift {
            name: shift.name.clone(),
            oee: rounded(inputs.kpi().oee),
            good: inputs.good,
            scrap: inputs.scrap,
            target: inputs.target(state.aim(spec)),
        });
        let order = state.order.as_ref().map(|made| TileOrder {
            code: made.order.code.clone(),
            article: made.order.article.clone(),
            quantity: made.order.quantity,
            good: made.good,
            scrap: made.scrap,
            progress_ratio: rounded(progress(made.good, made.order.quantity)),
            expected_end: expected_end(made, now),
            due: made.order.due,
        });
        Self {
            name: spec.name.clone(),
            status,
            andon: andon(state, spec, now),
            planned_stop: PlannedStopView::at(state, now),
            since: speaker.and_then(|machine| machine.since),
            reason: speaker.and_then(|machine| machine.reason.clone()),
            reason_name: speaker
                .and_then(|machine| spec.reason_name(machine.reason.as_ref()?))
                .map(str::to_owned),
            order,
            shift,
            machines,
            alerts: AlertCounts::of(state.alerts.values()),
        }
    }

    /// The state that stands for the line, and the machine it comes from: its output machine's, or without
    /// one that of the machine that needs a person most.
    pub fn status<'a>(state: &LineState, spec: &'a LineSpec) -> (Option<&'a MachineCode>, MachineState) {
        let by_need = |code: &&MachineCode| need(state_of(state, code));
        match spec.output_machine().or_else(|| spec.machines.keys().max_by_key(by_need)) {
            Some(code) => (Some(code), state_of(state, code)),
            None => (None, MachineState::Offline),
        }
    }
}

fn state_of(state: &LineState, code: &MachineCode) -> MachineState {
    state.machines.get(code).map_or(MachineState::Offline, |machine| machine.state)
}

fn need(state: MachineState) -> u8 {
    match state {
        MachineState::Down => 5,
        MachineState::Maintenance => 4,
        MachineState::Setup => 3,
        MachineState::Idle => 2,
        MachineState::Running => 1,
        MachineState::Offline => 0,
    }
}
