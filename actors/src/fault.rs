//! A fault that tests inject, absent from release builds: a message that makes its line or site panic.

use domain::message::{Content, DeviceMessage};

/// A state with this reason makes the line panic in debug builds, a movement of stock with this lot the site.
pub const PANIC_REASON: &str = "fault-injection-panic";

/// Panics if the message asks for it.
pub(crate) fn panic_if_asked(message: &DeviceMessage) {
    let asked = match &message.content {
        Content::State(state) => state.reason.as_ref().is_some_and(|reason| reason.as_str() == PANIC_REASON),
        Content::Stock(stock) => stock.lot.as_ref().is_some_and(|lot| lot.as_str() == PANIC_REASON),
        Content::Count(_) | Content::Measure(_) | Content::Alarm(_) | Content::Order(_) => false,
    };
    assert!(!asked, "a test asked this actor to panic");
}
