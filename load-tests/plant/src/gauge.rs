//! A measured value: it follows its machine as a first-order lag, and readings are a little noisy.

use domain::vocabulary::MachineState;

use crate::dice::Dice;
use crate::model::GaugeModel;

/// A value and when it stood there.
#[derive(Clone, Debug)]
pub(crate) struct Gauge {
    value: f64,
    at_ms: i64,
}

impl Gauge {
    /// A machine that has been standing.
    pub(crate) fn new(model: &GaugeModel, at_ms: i64) -> Self {
        Self { value: model.standing, at_ms }
    }

    /// Follows what the machine did until now.
    pub(crate) fn follow(&mut self, model: &GaugeModel, state: MachineState, in_burst: bool, now_ms: i64) {
        let target = match state {
            MachineState::Running if in_burst => model.running + model.burst,
            MachineState::Running => model.running,
            MachineState::Idle | MachineState::Setup => model.standing,
            MachineState::Down | MachineState::Maintenance | MachineState::Offline => model.stopped,
        };
        let lasted_s = (now_ms - self.at_ms) as f64 / 1000.0;
        self.value = target + (self.value - target) * (-lasted_s / model.lag_s).exp();
        self.at_ms = now_ms;
    }

    /// What the sensor says; nothing measured here is below 0.
    pub(crate) fn read(&self, model: &GaugeModel, state: MachineState, dice: &mut Dice) -> f64 {
        let noise = if state == MachineState::Running { model.noise } else { model.noise * 0.2 };
        let scale = 10_f64.powi(i32::from(model.decimals));
        ((self.value + noise * dice.normal()).max(0.0) * scale).round() / scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_its_machine_with_a_lag() {
        let model = GaugeModel {
            metric: "oil_temp_c".parse().unwrap(),
            running: 60.0,
            standing: 20.0,
            stopped: 20.0,
            burst: 10.0,
            lag_s: 100.0,
            noise: 0.0,
            decimals: 1,
        };
        let mut dice = Dice::new(1, "gauge");
        let mut gauge = Gauge::new(&model, 0);
        gauge.follow(&model, MachineState::Running, false, 100_000);
        // After one time constant 1 - 1/e of the way is done: 20 + 40 · 0.632.
        assert_eq!(gauge.read(&model, MachineState::Running, &mut dice), 45.3);
        gauge.follow(&model, MachineState::Running, true, 2_000_000);
        assert_eq!(gauge.read(&model, MachineState::Running, &mut dice), 70.0);
        gauge.follow(&model, MachineState::Down, false, 4_000_000);
        assert_eq!(gauge.read(&model, MachineState::Down, &mut dice), 20.0);
    }
}
