//! A line: its machines, what they count and measure, the order that runs on it, its stops and its alerts.

mod alerts;
mod apply;
mod decide;
mod event;
mod history;
mod machine;
mod spec;
mod state;
mod stops;

pub use alerts::next_deadline;
pub use apply::{Changed, Told};
pub use decide::{
    decide_ack, decide_contact_lost, decide_message, decide_removed, decide_running_order, decide_tick,
};
pub use event::{LineEvent, LineFact};
pub use machine::{Machine, Measured, Totals};
pub use spec::{LineSpec, MachineSpec};
pub use state::{ConditionKey, LineState, OrderProgress};
pub use stops::{FoundStop, StopChange, StopChanged, StopRefusal, decide_stop_change, split_id};

#[cfg(test)]
mod tests;
