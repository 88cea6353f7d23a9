//! Where planned time went: stops by reason, speed and scrap, the largest first.

use std::collections::BTreeMap;

use crate::ids::ReasonCode;
use crate::shift::Shift;
use crate::stop::Stop;
use crate::vocabulary::MachineState;
use crate::{DurationMs, Timestamp};

use super::history::Inputs;
use super::ratio;

/// What kind of loss.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LossKind {
    /// A machine stood in this state for this reason; without one nobody has said why.
    Stop(MachineState, Option<ReasonCode>),
    /// It ran slower than planned.
    Speed,
    /// It made what was thrown away.
    Scrap,
}

/// A loss of planned time.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// What it is.
    pub kind: LossKind,
    /// How long.
    pub duration_ms: DurationMs,
    /// How many stops.
    pub count: u64,
    /// Its share of all losses.
    pub share_ratio: f64,
    /// The share of this one and all larger ones.
    pub cumulative_ratio: f64,
}

/// The losses of one line or of several.
#[derive(Clone, Debug, Default)]
pub struct Losses(BTreeMap<LossKind, (i64, u64)>);

impl Losses {
    /// Adds those of a line in a span up to now: the stops as far as they lie in the span and in planned time
    /// (`shifts` are those of the span, in order), and what the sums of the span tell of speed and scrap.
    pub fn add(&mut self, stops: &[Stop], shifts: &[Shift], span: (Timestamp, Timestamp), inputs: &Inputs) {
        for stop in stops {
            let (from, to) = (stop.from.max(span.0), stop.to.map_or(span.1, |to| to.min(span.1)));
            let lost = planned_between(shifts, from, to);
            if lost > 0 {
                self.count(LossKind::Stop(stop.state, stop.reason.clone()), lost, 1);
            }
        }
        if inputs.kpi().effectiveness.is_some() {
            let (running, planned_run) = (inputs.running_ms().0, inputs.sums.planned_run_ms.0);
            self.count(LossKind::Speed, (running - planned_run).max(0), 0);
            let scrapped = ratio(inputs.sums.scrap.as_f64(), inputs.produced().as_f64()).unwrap_or_default();
            #[expect(clippy::cast_possible_truncation, reason = "a share of a number that fits")]
            self.count(LossKind::Scrap, (scrapped * planned_run as f64).round() as i64, 0);
        }
    }

    /// All of them, the largest first.
    pub fn ranked(self) -> Vec<Loss> {
        let total = self.total_ms().0;
        let mut sorted: Vec<_> = self.0.into_iter().filter(|(_, (lost, _))| *lost > 0).collect();
        sorted.sort_by_key(|(_, (lost, _))| std::cmp::Reverse(*lost));
        let mut so_far = 0;
        let of_total = |part: i64| ratio(part as f64, total as f64).unwrap_or_default();
        let loss = |(kind, (lost, count))| {
            so_far += lost;
            Loss {
                kind,
                duration_ms: DurationMs(lost),
                count,
                share_ratio: of_total(lost),
                cumulative_ratio: of_total(so_far),
            }
        };
        sorted.into_iter().map(loss).collect()
    }

    /// How much was lost in all.
    pub fn total_ms(&self) -> DurationMs {
        DurationMs(self.0.values().map(|(lost, _)| *lost).sum())
    }

    fn count(&mut self, kind: LossKind, lost: i64, stops: u64) {
        let sum = self.0.entry(kind).or_default();
        *sum = (sum.0 + lost, sum.1 + stops);
    }
}

fn planned_between(shifts: &[Shift], from: Timestamp, to: Timestamp) -> i64 {
    let first = shifts.partition_point(|shift| shift.to <= from);
    let overlapping = shifts[first..].iter().take_while(|shift| shift.from < to);
    overlapping.map(|shift| shift.planned_between(from, to).0).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quantity;
    use crate::history::HourFigures;
    use crate::shift::PlannedInterval;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_millis(minute * 60_000)
    }

    fn stop(reason: Option<&str>, from: i64, to: Option<i64>) -> Stop {
        let stop = serde_json::json!({
            "id": uuid::Uuid::nil(), "machine": "m", "state": "down", "reason": reason,
            "from": at(from), "to": to.map(at),
        });
        serde_json::from_value(stop).unwrap()
    }

    #[test]
    fn the_largest_comes_first_and_shares_add_up() {
        let pause = PlannedInterval { name: "pause".to_owned(), from: at(30), to: at(50) };
        let shift = |from, to, planned_stops| Shift {
            name: "early".to_owned(),
            from: at(from),
            to: at(to),
            planned_stops,
            off: false,
        };
        let shifts = [shift(0, 100, vec![pause]), shift(120, 200, vec![])];
        let stops = [
            stop(Some("jam"), -10, Some(5)), // 5 in the span
            stop(Some("jam"), 20, Some(40)), // 10 before the pause
            stop(None, 35, Some(45)),        // nothing: in the pause
            stop(None, 90, Some(130)),       // 10 + 10 around the time between shifts
            stop(Some("blade"), 170, None),  // 10 to the end of the span
        ];
        let inputs = Inputs {
            planned_ms: DurationMs(160 * 60_000),
            sums: HourFigures {
                running_ms: DurationMs(100 * 60_000),
                planned_run_ms: DurationMs(80 * 60_000),
                good: Quantity::from_units(70),
                scrap: Quantity::from_units(10),
                ..HourFigures::default()
            },
            ..Inputs::default()
        };
        let mut losses = Losses::default();
        losses.add(&stops, &shifts, (at(0), at(180)), &inputs);
        assert_eq!(losses.total_ms(), DurationMs(75 * 60_000));
        let found = losses.ranked();
        let told: Vec<_> = found.iter().map(|l| (l.duration_ms.0 / 60_000, l.count)).collect();
        assert_eq!(told, [(20, 1), (20, 0), (15, 2), (10, 1), (10, 0)]);
        assert_eq!(found[0].kind, LossKind::Stop(MachineState::Down, None));
        assert_eq!(found[1].kind, LossKind::Speed);
        assert_eq!((found[2].share_ratio, found[2].cumulative_ratio), (0.2, 55.0 / 75.0));
        assert!((found[4].cumulative_ratio - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn without_a_planned_time_per_item_speed_and_scrap_are_unknown() {
        let sums = HourFigures {
            running_ms: DurationMs(1),
            scrap: Quantity::from_units(1),
            ..HourFigures::default()
        };
        let inputs = Inputs { sums, ..Inputs::default() };
        let mut losses = Losses::default();
        losses.add(&[], &[], (at(0), at(1)), &inputs);
        assert!(losses.ranked().is_empty());
    }
}
