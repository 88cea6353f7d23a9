//! The history of machines in memory.

use actors::ports::{HourQuery, HourRow, StateQuery};
use domain::Timestamp;
use domain::history::{HourDelta, HourFigures, SliceKey, StateChange};
use domain::ids::{LineAddress, LineCode, MachineCode, SiteAddress};
use std::collections::BTreeMap;

/// Changes of state and sums of slices, by the keys that they are read by.
#[derive(Default)]
pub(super) struct History {
    states: BTreeMap<(LineAddress, MachineCode), BTreeMap<Timestamp, StateChange>>,
    hours: BTreeMap<(SiteAddress, LineCode, Timestamp, MachineCode), (SliceKey, HourFigures)>,
}

impl History {
    pub(super) fn put_state(&mut self, line: &LineAddress, change: &StateChange) {
        let of_machine = self.states.entry((line.clone(), change.machine.clone())).or_default();
        of_machine.insert(change.from, change.clone());
    }

    pub(super) fn add_hour(&mut self, line: &LineAddress, delta: &HourDelta) {
        let key = (line.site_address(), line.line.clone(), delta.slice.from, delta.machine.clone());
        let (_, sum) = self.hours.entry(key).or_insert_with(|| (delta.slice.clone(), HourFigures::default()));
        *sum = sum.plus(delta.figures);
    }

    pub(super) fn states(&self, query: &StateQuery) -> Vec<StateChange> {
        let of_line = self.states.iter().filter(|((line, machine), _)| {
            *line == query.line && query.machine.as_ref().is_none_or(|wanted| wanted == machine)
        });
        let of_machine = |(_, changes): (_, &BTreeMap<Timestamp, StateChange>)| {
            let in_force = changes.range(..=query.from).next_back().map(|(_, change)| change.clone());
            let later = changes.values().filter(|change| query.from < change.from && change.from < query.to);
            in_force.into_iter().chain(later.cloned()).collect::<Vec<_>>()
        };
        of_line.flat_map(of_machine).collect()
    }

    pub(super) fn hours(&self, query: &HourQuery) -> Vec<HourRow> {
        let matching = self.hours.iter().filter(|((site, line, from, _), (slice, _))| {
            *site == query.site
                && query.line.as_ref().is_none_or(|wanted| wanted == line)
                && *from < query.to
                && slice.to > query.from
        });
        let row =
            |((_, line, _, machine), (slice, figures)): (&(_, LineCode, _, MachineCode), &(SliceKey, _))| {
                HourRow {
                    line: line.clone(),
                    machine: machine.clone(),
                    slice: slice.clone(),
                    figures: *figures,
                }
            };
        matching.map(row).collect()
    }
}
