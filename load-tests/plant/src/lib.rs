//! A plant that is not there: lines of machines whose states, counts, measures and alarms follow from a model,
//! a seed and a start, and from nothing else. No I/O, no clock: whoever drives it waits and sends.

mod dice;
mod gauge;
mod line;
mod model;
mod outbox;
mod pauses;
mod sim;
mod station;

pub use model::{
    Alarm, Bursts, GaugeModel, LineModel, Outage, PlantModel, Reporting, Setup, Spread, StationModel, Trouble,
};
pub use pauses::{Pause, Pauses};
pub use sim::{Plant, Sent};
