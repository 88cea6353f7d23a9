//! Rules of the shop floor: what a line, a site and a tenant are, and how each message changes them.
//!
//! Pure: no I/O, no async, no clock. The time comes in as an argument, effects go out as values:
//! `decide(&state, …, now) -> Result<Vec<Event>, Rejection>` and `apply(&mut state, &event)`.

pub mod alert;
pub mod calendar;
pub mod decision;
pub mod history;
pub mod ids;
pub mod kpi;
pub mod line;
pub mod message;
pub mod order;
pub mod origin;
pub mod patch;
pub mod quantity;
pub mod receipt;
pub mod rejection;
pub mod shift;
pub mod site;
pub mod stock;
pub mod stop;
pub mod tenant;
pub mod time;
pub mod timeline;
pub mod view;
pub mod vocabulary;
pub mod wire;

pub use decision::Decision;
pub use quantity::Quantity;
pub use receipt::{IdWindow, Receipt};
pub use rejection::{Code, Rejection};
pub use time::{DurationMs, Timestamp};
