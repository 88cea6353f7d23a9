//! What a plant is made of. Lengths are in seconds, ratios from 0 to 1.

use std::collections::BTreeMap;

use domain::ids::{AlarmCode, ArticleCode, LineAddress, MachineCode, MetricName, ReasonCode};
use domain::vocabulary::{MachineState, Severity};
use serde::Deserialize;

use crate::pauses::Pauses;

/// A plant.
#[derive(Clone, Debug, Default)]
pub struct PlantModel {
    /// Its lines; what one does never depends on another.
    pub lines: Vec<LineModel>,
}

/// Stations in a row: each takes from the buffer before it and gives to the one behind it.
#[derive(Clone, Debug)]
pub struct LineModel {
    /// Where it is.
    pub address: LineAddress,
    /// First to last.
    pub stations: Vec<StationModel>,
    /// Parts that fit between two stations, at least 1.
    pub buffer: u32,
    /// What is made at first.
    pub article: ArticleCode,
    /// How long a station waits before it says that it is idle.
    pub patience_s: f64,
    /// Why a station that has nothing to work on is idle.
    pub starved: ReasonCode,
    /// Why a station that cannot get rid of its part is idle.
    pub blocked: ReasonCode,
    /// When people pause.
    pub pauses: Pauses,
}

/// One machine.
#[derive(Clone, Debug)]
pub struct StationModel {
    /// Its code.
    pub machine: MachineCode,
    /// The shortest time of a part.
    pub ideal_cycle_s: f64,
    /// The same for articles that differ.
    pub ideal_cycles: BTreeMap<ArticleCode, f64>,
    /// How many times longer a part takes on average: 1 is ideal.
    pub slowness: f64,
    /// How much the time of a part differs, as the sigma of a log-normal distribution.
    pub jitter: f64,
    /// How many of its parts are scrap.
    pub scrap_ratio: f64,
    /// Times in which many more are.
    pub bursts: Option<Bursts>,
    /// The change to another order, and of what wears out.
    pub setup: Option<Setup>,
    /// What can go wrong.
    pub troubles: Vec<Trouble>,
    /// What it measures.
    pub gauges: Vec<GaugeModel>,
    /// How its connection is lost now and then.
    pub outage: Option<Outage>,
}

/// A length with a long tail.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Half of the lengths are shorter.
    pub median_s: f64,
    /// 0: all the same; 1: one in six is shorter than a third, one in six longer than three times.
    pub sigma: f64,
}

/// Times in which a machine makes more scrap.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bursts {
    /// Mean time between them.
    pub every_s: f64,
    /// How long they last.
    pub lasts: Spread,
    /// How many of the parts are scrap meanwhile.
    pub scrap_ratio: f64,
}

/// How a machine is prepared.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// How long the change to another article takes.
    pub lasts: Spread,
    /// Why.
    pub reason: ReasonCode,
    /// Parts between two changes of what wears out (tool, roll, coil), which take a third of that.
    pub parts: Option<u32>,
}

/// Something that stops a machine while it works.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trouble {
    /// What the machine says of itself: `down`, `idle`, `setup` or `maintenance`.
    pub state: MachineState,
    /// Why, if anybody says.
    pub reason: ReasonCode,
    /// Mean working time between two.
    pub every_s: f64,
    /// How long it lasts.
    pub lasts: Spread,
    /// How often the machine knows the reason at once.
    pub known_ratio: f64,
    /// How often somebody tells it the reason within minutes, if the machine did not know.
    #[serde(default)]
    pub told_ratio: f64,
    /// The alarm of the machine while it lasts.
    pub alarm: Option<Alarm>,
}

/// An alarm of a machine.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    /// Its code.
    pub code: AlarmCode,
    /// How urgent it is.
    pub severity: Severity,
    /// For people.
    pub text: String,
}

/// A value that follows what the machine does, as a first-order lag.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GaugeModel {
    /// Its name.
    pub metric: MetricName,
    /// Where it tends to while the machine works.
    pub running: f64,
    /// Where it tends to while the machine stands ready.
    pub standing: f64,
    /// Where it tends to while the machine is down or maintained.
    pub stopped: f64,
    /// How much more while many parts are scrap.
    #[serde(default)]
    pub burst: f64,
    /// The time constant: two thirds of the way.
    pub lag_s: f64,
    /// The standard deviation of a reading while the machine works.
    #[serde(default)]
    pub noise: f64,
    /// Decimals of a reading.
    #[serde(default)]
    pub decimals: u8,
}

/// Lost connections: what is said meanwhile comes afterwards, all at once, as `buffered`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outage {
    /// Mean time between two.
    pub every_s: f64,
    /// How long they last.
    pub lasts: Spread,
}

/// How often machines speak; it changes how many messages there are, and nothing of what happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reporting {
    /// Parts within this are one message.
    pub count_every_s: f64,
    /// Measures of a machine that works come this often.
    pub measure_every_s: f64,
    /// Measures of a machine that stands come this often.
    pub measure_standing_every_s: f64,
}

impl Reporting {
    /// For people who watch.
    pub const LIVE: Self = Self { count_every_s: 1.0, measure_every_s: 10.0, measure_standing_every_s: 30.0 };
    /// For what is over: enough for figures of hours and for a trend.
    pub const PAST: Self =
        Self { count_every_s: 60.0, measure_every_s: 120.0, measure_standing_every_s: 300.0 };
}

impl LineModel {
    /// The same line where everything happens so many times as often: cycles, troubles and their lengths,
    /// setups, bursts, outages, and how fast values follow. Pauses are people's and stay with the clock.
    #[must_use]
    pub fn times_faster(mut self, times: f64) -> Self {
        self.patience_s /= times;
        for station in &mut self.stations {
            station.speed_up(times);
        }
        self
    }
}

impl StationModel {
    fn speed_up(&mut self, times: f64) {
        self.ideal_cycle_s /= times;
        self.ideal_cycles.values_mut().for_each(|cycle_s| *cycle_s /= times);
        let faster = |spread: &mut Spread| spread.median_s /= times;
        if let Some(bursts) = &mut self.bursts {
            bursts.every_s /= times;
            faster(&mut bursts.lasts);
        }
        if let Some(setup) = &mut self.setup {
            faster(&mut setup.lasts);
        }
        if let Some(outage) = &mut self.outage {
            outage.every_s /= times;
            faster(&mut outage.lasts);
        }
        for trouble in &mut self.troubles {
            trouble.every_s /= times;
            faster(&mut trouble.lasts);
        }
        self.gauges.iter_mut().for_each(|gauge| gauge.lag_s /= times);
    }

    /// The shortest time of a part of this article.
    pub fn ideal_cycle_of(&self, article: &ArticleCode) -> f64 {
        self.ideal_cycles.get(article).copied().unwrap_or(self.ideal_cycle_s)
    }
}
