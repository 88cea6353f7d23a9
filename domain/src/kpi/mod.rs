//! Key performance indicators of ISO 22400-2, each with all its inputs. No data is no data, not 100 %.

use serde::{Deserialize, Serialize};

use crate::timeline::StateTimes;
use crate::{DurationMs, Quantity};

/// What the indicators are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KpiInputs {
    /// How long each state lasted. Unknown time counts for nothing.
    pub times: StateTimes,
    /// Good quantity (GQ).
    pub good: Quantity,
    /// Scrap quantity (SQ).
    pub scrap: Quantity,
    /// Planned run time per item (PRI), in seconds, where it is known.
    pub ideal_cycle_s: Option<f64>,
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

impl KpiInputs {
    /// Planned busy time (PBT): without a shift calendar, all time in which the state was known.
    pub fn planned_busy_ms(&self) -> DurationMs {
        self.times.known_ms()
    }

    /// Produced quantity (PQ).
    pub fn produced(&self) -> Quantity {
        self.good.saturating_add(self.scrap)
    }

    /// What could have been made in the planned busy time at the planned run time per item, in whole items.
    pub fn target(&self) -> Option<Quantity> {
        let items = self.planned_busy_ms().as_secs_f64() / self.ideal_cycle_s?;
        #[expect(clippy::cast_possible_truncation, reason = "from_units clamps what is beyond every plant")]
        Some(Quantity::from_units(items.floor() as i64))
    }

    /// The indicators.
    pub fn kpi(&self) -> Kpi {
        let running_s = self.times.running_ms.as_secs_f64();
        let availability = ratio(running_s, self.planned_busy_ms().as_secs_f64());
        let effectiveness =
            self.ideal_cycle_s.and_then(|cycle_s| ratio(cycle_s * self.produced().as_f64(), running_s));
        let quality = ratio(self.good.as_f64(), self.produced().as_f64());
        let oee = match (availability, effectiveness, quality) {
            (Some(a), Some(e), Some(q)) => Some(a * e * q),
            _ => None,
        };
        Kpi { availability, effectiveness, quality, oee }
    }
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
            ideal_cycle_s: cycle_s,
        }
    }

    #[test]
    fn a_worked_example() {
        let kpi = inputs(360, 40, 54, 6, Some(4.8)).kpi();
        assert_eq!(kpi.availability, Some(0.9));
        assert_eq!(kpi.effectiveness, Some(0.8));
        assert_eq!(kpi.quality, Some(0.9));
        assert!((kpi.oee.unwrap() - 0.648).abs() < 1e-12);
        assert_eq!(inputs(360, 40, 54, 6, Some(4.8)).target(), Some(Quantity::from_units(83)));
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
