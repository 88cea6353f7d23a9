//! What every reader of a recording yields: one value of one item at one time.

use jiff::Timestamp;

/// One value as it was recorded, unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The line of the file it stands on, from 1.
    pub line: u64,
    /// The machine's time.
    pub at: Timestamp,
    /// Name of the data item or column.
    pub item: String,
    /// Its text; for an MTConnect condition its level (`NORMAL`, `WARNING`, `FAULT`, `UNAVAILABLE`).
    pub value: String,
    /// Present for an MTConnect condition.
    pub condition: Option<ConditionDetail>,
}

/// What an MTConnect condition says beside its level; empty where the machine says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConditionDetail {
    /// The controller's own alarm number.
    pub native_code: String,
    /// The controller's own severity.
    pub native_severity: String,
    /// `HIGH` or `LOW` for a limit.
    pub qualifier: String,
    /// The alarm's text.
    pub text: String,
}
