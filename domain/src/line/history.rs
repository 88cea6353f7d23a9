//! What an event adds to the history of a line: changes of state, and figures of the hours they concern.

use super::{LineEvent, LineState};
use crate::calendar::Slice;
use crate::history::{HourDelta, HourFigures, ShiftKey, SliceKey, StateChange};
use crate::ids::MachineCode;
use crate::kpi::run_time;
use crate::shift::Shift;
use crate::timeline::Correction;
use crate::vocabulary::MachineState;
use crate::{DurationMs, Quantity, Timestamp};

impl HourFigures {
    /// Planned time in a state, and what it lasted beside; unknown time counts for nothing.
    pub fn of_state(state: MachineState, planned: DurationMs, lasted: DurationMs) -> Self {
        let mut figures = Self::default();
        match state {
            MachineState::Running => {
                figures.running_ms = planned;
                figures.overtime_ms = lasted - planned;
            }
            MachineState::Idle => figures.idle_ms = planned,
            MachineState::Setup => figures.setup_ms = planned,
            MachineState::Down => figures.down_ms = planned,
            MachineState::Maintenance => figures.maintenance_ms = planned,
            MachineState::Offline => {}
        }
        figures
    }
}

impl LineState {
    /// The changes of state that an event tells of; to be asked before it is applied.
    pub(super) fn state_changes(&self, event: &LineEvent) -> Vec<StateChange> {
        let seq = self.seq.plus(1);
        match event {
            LineEvent::StateReported { machine, state, reason, late, receipt } => {
                let change =
                    |from, state, reason| StateChange { machine: machine.clone(), from, state, reason, seq };
                let told = change(receipt.at, *state, reason.clone());
                let Some(known) = self.machines.get(machine) else { return vec![told] };
                if let (true, Some(newest_at)) = (*late, known.state_at) {
                    let again = (!known.timeline.changes_at(newest_at))
                        .then(|| change(newest_at, known.state, known.reason.clone()));
                    return again.into_iter().chain([told]).collect();
                }
                if self.is_told_new(machine, *state, reason.as_ref()) { vec![told] } else { Vec::new() }
            }
            LineEvent::ContactLost { machine, at } => vec![StateChange {
                machine: machine.clone(),
                from: *at,
                state: MachineState::Offline,
                reason: None,
                seq,
            }],
            _ => Vec::new(),
        }
    }

    /// The figures that corrections of a machine's past add and take away.
    pub(super) fn hours_of_states(
        &self,
        machine: &MachineCode,
        corrections: &[Correction],
    ) -> Vec<HourDelta> {
        let mut deltas = Vec::new();
        for correction in corrections {
            let known = [Some(correction.is), correction.was].into_iter().flatten();
            if known.clone().all(|state| state == MachineState::Offline) {
                continue;
            }
            for slice in self.slices(correction.from, correction.to) {
                let of = |state| HourFigures::of_state(state, slice.planned_ms, slice.to - slice.from);
                let before = correction.was.map_or_else(HourFigures::default, of);
                let figures = of(correction.is) + -before;
                if !figures.is_nothing() {
                    deltas.push(HourDelta { machine: machine.clone(), slice: slice.key, figures });
                }
            }
        }
        deltas
    }

    /// The figures that a count adds to its hour.
    pub(super) fn hour_of_count(&self, event: &LineEvent) -> Option<HourDelta> {
        let LineEvent::Counted { machine, good, scrap, output, ideal_cycle_s, receipt, .. } = event else {
            return None;
        };
        let good = if *output { *good } else { Quantity::ZERO };
        if good.is_zero() && scrap.is_zero() {
            return None;
        }
        let planned_run_ms =
            ideal_cycle_s.map_or(DurationMs(0), |cycle_s| run_time(cycle_s, good.saturating_add(*scrap)));
        let figures = HourFigures { good, scrap: *scrap, planned_run_ms, ..HourFigures::default() };
        Some(HourDelta { machine: machine.clone(), slice: self.slice_at(receipt.at)?, figures })
    }

    /// The slices of a span; those of the shift that is on are at hand.
    fn slices(&self, from: Timestamp, to: Timestamp) -> Vec<Slice> {
        let Some(shift) = self.shift.as_ref().filter(|shift| shift.from <= from && to <= shift.to) else {
            return self.plan.slices(&self.address.line, from, to);
        };
        let mut slices = Vec::new();
        let mut at = from;
        while at < to {
            let Some(key) = self.slice_in(shift, at) else { break };
            let end = key.to.min(to);
            slices.push(Slice { from: at, to: end, planned_ms: shift.planned_between(at, end), key });
            at = end;
        }
        slices
    }

    fn slice_at(&self, at: Timestamp) -> Option<SliceKey> {
        let in_shift = self.shift.as_ref().and_then(|shift| self.slice_in(shift, at));
        in_shift.or_else(|| {
            let slices = self.plan.slices(&self.address.line, at, at + DurationMs(1));
            slices.into_iter().next().map(|slice| slice.key)
        })
    }

    fn slice_in(&self, shift: &Shift, at: Timestamp) -> Option<SliceKey> {
        let index = self.hours.partition_point(|bound| *bound <= at).checked_sub(1)?;
        Some(SliceKey {
            from: self.hours[index],
            to: *self.hours.get(index + 1)?,
            day: self.plan.date_of(at),
            shift: (!shift.off).then(|| ShiftKey { name: shift.name.clone(), from: shift.from }),
        })
    }
}
