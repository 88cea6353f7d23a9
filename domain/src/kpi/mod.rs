//! Key performance indicators of ISO 22400-2, each with all its inputs. No data is no data, not 100 %.

pub mod history;
pub mod losses;

use serde::{Deserialize, Serialize};

use crate::timeline::StateTimes;
use crate::{DurationMs, Quantity};

/// What the indicators are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KpiInputs {
    /// How long each state lasted in the time planned for work, and how long it ran beside. Unknown time counts for
    /// nothing.
    pub times: StateTimes,
    /// Good quantity (GQ).
    pub good: Quantity,
    /// Scrap quantity (SQ).
    pub scrap: Quantity,
    /// What the parts should have taken, scrap included: the sum of their planned run times per item (PRI), where it
    /// is known.
    pub planned_run_ms: Option<DurationMs>,
}

/// What is aimed at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Aim {
    /// Planned run time per item now, in seconds.
    pub ideal_cycle_s: Option<f64>,
    /// The effectiveness of the whole equipment that is aimed at, as a ratio; 1 if none is set.
    pub oee_target: Option<f64>,
}

/// The indicators; absent where an input is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kpi {
    /// Actual production time / planned busy time (ISO 22400-2, availability).
    pub availability: Option<f64>,
    /// Planned run time per item × produced quantity / actual production time (effectiveness), held at
    /// the standard's maximum of 100 %: more says that the planned run time per item is too long.
    pub effectiveness: Option<f64>,
    /// Good quantity / produced quantity (quality ratio).
    pub quality: Option<f64>,
    /// Availability × effectiveness × quality (OEE index).
    pub oee: Option<f64>,
}

impl Aim {
    /// What should be made in a time, in whole items.
    pub fn items(self, busy: DurationMs) -> Option<Quantity> {
        let items = busy.as_secs_f64() / self.ideal_cycle_s? * self.oee_target.unwrap_or(1.0);
        #[expect(clippy::cast_possible_truncation, reason = "from_units clamps what is beyond every plant")]
        Some(Quantity::from_units(items.floor() as i64))
    }
}

impl KpiInputs {
    /// Planned busy time (PBT): the time planned for work in which the state was known, and what it ran beside.
    pub fn planned_busy_ms(&self) -> DurationMs {
        self.times.known_ms() + self.times.overtime_ms
    }

    /// Actual production time (APT).
    pub fn running_ms(&self) -> DurationMs {
        self.times.running_ms + self.times.overtime_ms
    }

    /// Produced quantity (PQ).
    pub fn produced(&self) -> Quantity {
        self.good.saturating_add(self.scrap)
    }

    /// What should have been made in the planned busy time, in whole items.
    pub fn target(&self, aim: Aim) -> Option<Quantity> {
        aim.items(self.planned_busy_ms())
    }

    /// The indicators.
    pub fn kpi(&self) -> Kpi {
        let running_s = self.running_ms().as_secs_f64();
        let availability = ratio(running_s, self.planned_busy_ms().as_secs_f64());
        let effectiveness =
            self.planned_run_ms.and_then(|planned_run| ratio(planned_run.as_secs_f64(), running_s));
        let quality = ratio(self.good.as_f64(), self.produced().as_f64());
        let oee = match (availability, effectiveness, quality) {
            (Some(a), Some(e), Some(q)) => Some(a * e * q),
            _ => None,
        };
        Kpi { availability, effectiveness, quality, oee }
    }
}

/// How long so many items take at a planned run time per item.
pub fn run_time(ideal_cycle_s: f64, items: Quantity) -> DurationMs {
    #[expect(clippy::cast_possible_truncation, reason = "a float beyond the range of integers is clamped")]
    DurationMs((ideal_cycle_s * 1000.0 * items.as_f64()).round() as i64)
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| (part / whole).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn inputs(running_s: i64, down_s: i64, good: i64, scrap: i64, cycle_s: Option<f64>) -> KpiInputs {
        KpiInputs {
            times: StateTimes {
                running_ms: DurationMs::from_secs(running_s),
                down_ms: DurationMs::from_secs(down_s),
                ..StateTimes::default()
            },
            good: Quantity::from_units(good),
            scrap: Quantity::from_units(scrap),
            planned_run_ms: cycle_s.map(|cycle_s| run_time(cycle_s, Quantity::from_units(good + scrap))),
        }
    }

    #[test]
    fn a_worked_example() {
        let kpi = inputs(360, 40, 54, 6, Some(4.8)).kpi();
        assert_eq!(kpi.availability, Some(0.9));
        assert_eq!(kpi.effectiveness, Some(0.8));
        assert_eq!(kpi.quality, Some(0.9));
        assert!((kpi.oee.unwrap() - 0.648).abs() < 1e-12);
        let aim = Aim { ideal_cycle_s: Some(4.8), oee_target: None };
        assert_eq!(inputs(360, 40, 54, 6, None).target(aim), Some(Quantity::from_units(83)));
        let aim = Aim { oee_target: Some(0.75), ..aim };
        assert_eq!(inputs(360, 40, 54, 6, None).target(aim), Some(Quantity::from_units(62)));
        assert_eq!(inputs(360, 40, 54, 6, None).target(Aim::default()), None);
    }

    #[test]
    fn no_data_is_no_data() {
        assert_eq!(inputs(0, 0, 0, 0, Some(1.0)).kpi(), Kpi::default());
        assert_eq!(inputs(10, 0, 0, 0, None).kpi().oee, None);
        let unknown = StateTimes { unknown_ms: DurationMs::from_secs(600), ..StateTimes::default() };
        assert_eq!(KpiInputs { times: unknown, ..KpiInputs::default() }.kpi().availability, None);
    }

    proptest! {
        #[test]
        fn every_indicator_is_between_0_and_1(
            running in 0_i64..1_000_000, down in 0_i64..1_000_000, good in 0_i64..1_000_000,
            scrap in 0_i64..1_000_000, cycle in prop::option::of(0.001_f64..10_000.0),
        ) {
            let kpi = inputs(running, down, good, scrap, cycle).kpi();
            for value in [kpi.availability, kpi.effectiveness, kpi.quality, kpi.oee].into_iter().flatten() {
                prop_assert!((0.0..=1.0).contains(&value));
            }
        }
    }
}
