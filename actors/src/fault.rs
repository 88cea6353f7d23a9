//! A fault that tests inject, absent from release builds: a message that makes its line panic.

use domain::message::{Content, DeviceMessage};

/// A state with this reason makes the line panic in debug builds.
pub const PANIC_REASON: &str = "fault-injection-panic";

/// Panics if the message asks for it.
pub(crate) fn panic_if_asked(message: &DeviceMessage) {
    if let Content::State(state) = &message.content {
        let asked = state.reason.as_ref().is_some_and(|reason| reason.as_str() == PANIC_REASON);
        assert!(!asked, "a test asked this line to panic");
    }
}
