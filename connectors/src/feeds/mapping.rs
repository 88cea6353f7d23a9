//! The mapping file of a recording (TOML): which items of a machine mean what in the hub's words.
//! Strict: an unknown key, a bad name or a contradiction is an error, before anything is published.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::FeedError;
use super::message::{MachineAddress, MachineState, Severity};
use super::schedule::Speed;

/// Most entries of one measure message.
const MAX_MEASURES: usize = 256;

/// A whole mapping file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The machine the recording is replayed as.
    #[serde(deserialize_with = "parsed")]
    pub address: Arc<MachineAddress>,
    /// How the recording is best replayed.
    #[serde(default)]
    pub replay: ReplayHints,
    /// Only for CSV: where the time stands and what it means.
    pub csv: Option<CsvLayout>,
    /// How long measures are collected into one message, in recorded time.
    #[serde(default, deserialize_with = "duration")]
    pub group_window: SignedDuration,
    /// Items that decide the state; the first that has an opinion wins.
    #[serde(default)]
    pub state: Vec<StateRule>,
    /// Items that count parts.
    #[serde(default)]
    pub count: Vec<CountRule>,
    /// Items that are measured.
    #[serde(default)]
    pub measure: Vec<MeasureRule>,
    /// MTConnect conditions.
    #[serde(default)]
    pub alarm: Vec<AlarmRule>,
}

/// Pace that suits a recording.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReplayHints {
    /// How many times faster than it was recorded.
    pub speed: Speed,
    /// Longer gaps of recorded time are shortened to this.
    #[serde(deserialize_with = "duration")]
    pub max_gap: SignedDuration,
}

impl Default for ReplayHints {
    fn default() -> Self {
        Self { speed: Speed::default(), max_gap: SignedDuration::from_mins(1) }
    }
}

/// Where a CSV file has its time.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CsvLayout {
    /// Column of the time.
    pub time_column: String,
    /// Its form, as of `strptime`: `%d/%m/%Y %H:%M`.
    pub time_format: String,
    /// IANA name of the zone of its local times.
    pub time_zone: String,
    /// Whether a row of 00:00 closes the day whose date it carries, instead of opening it.
    #[serde(default)]
    pub midnight_closes_day: bool,
}

/// One item's part in the machine's state: a table of values, or limits of a number.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateRule {
    /// The item.
    pub item: String,
    /// What each of its values means.
    #[serde(default)]
    pub values: BTreeMap<String, StateOutcome>,
    /// What its number means.
    pub load: Option<LoadLimits>,
}

/// What a value says about the state.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateOutcome {
    /// The state, or `next` for no opinion.
    pub state: Opinion,
    /// Code of the reason.
    pub reason: Option<Arc<str>>,
    /// If given: only a machine in one of these states changes to `state`; any other to `otherwise`.
    #[serde(default)]
    pub after: Vec<MachineState>,
    /// See `after`.
    pub otherwise: Option<MachineState>,
}

/// A state, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opinion {
    /// The next rule decides.
    Next,
    /// This is the state.
    Is(MachineState),
}

impl<'de> Deserialize<'de> for Opinion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Word {
            Next,
            Running,
            Idle,
            Setup,
            Down,
            Maintenance,
            Offline,
        }
        Ok(match Word::deserialize(deserializer)? {
            Word::Next => Self::Next,
            Word::Running => Self::Is(MachineState::Running),
            Word::Idle => Self::Is(MachineState::Idle),
            Word::Setup => Self::Is(MachineState::Setup),
            Word::Down => Self::Is(MachineState::Down),
            Word::Maintenance => Self::Is(MachineState::Maintenance),
            Word::Offline => Self::Is(MachineState::Offline),
        })
    }
}

/// Running from one limit on, idle below another; between them the state stays (hysteresis).
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadLimits {
    /// At and above it the machine runs; in the item's own unit.
    pub running_from: f64,
    /// Below it the machine is idle; in the item's own unit.
    pub idle_below: f64,
}

/// An item that is a counter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountRule {
    /// The item; its value is a running total.
    pub item: String,
    /// What is sent.
    pub field: CountField,
}

/// Totals are passed on as they are; for increments the reader takes the differences itself, with the
/// hub's own rule: the first total is a baseline, a falling one is a reset and adds the new total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountField {
    /// Increments of good parts.
    Good,
    /// Increments of scrapped parts.
    Scrap,
    /// Running total of good parts.
    TotalGood,
    /// Running total of scrapped parts.
    TotalScrap,
}

/// An item that is a measured value.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureRule {
    /// The item.
    pub item: String,
    /// Name in the hub, `^[a-z][a-z0-9_]{0,63}$`, by habit with the unit at its end.
    pub name: Arc<str>,
    /// The unit after `scale`, as people write it.
    pub unit: Option<String>,
    /// Number or text.
    #[serde(default)]
    pub kind: MeasureKind,
    /// Factor from the recorded unit to `unit`.
    pub scale: Option<f64>,
    /// Which part of a vector, from 0.
    pub part: Option<usize>,
    /// Values that come sooner after the one before are thinned out; in recorded time.
    #[serde(default, deserialize_with = "duration")]
    pub min_interval: SignedDuration,
}

/// How a measure's text is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// A decimal number.
    #[default]
    Number,
    /// Text, cut at 256 characters.
    Text,
}

/// An MTConnect condition.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmRule {
    /// The item.
    pub item: String,
    /// Code of the alarm.
    pub code: String,
    /// Severity of a `FAULT`; a `WARNING` is `low`.
    pub fault_severity: Severity,
}

impl Mapping {
    /// Reads and checks a mapping file.
    pub fn load(path: &Path) -> Result<Self, FeedError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| FeedError::Open { path: path.to_owned(), source })?;
        Self::parse(&text, path)
    }

    /// Checks a mapping's text; `path` is for the error.
    pub fn parse(text: &str, path: &Path) -> Result<Self, FeedError> {
        let invalid = |detail: String| FeedError::Mapping { path: path.to_owned(), detail };
        let mapping: Self = toml::from_str(text).map_err(|error| invalid(error.to_string()))?;
        mapping.check().map_err(invalid)?;
        Ok(mapping)
    }

    /// The same mapping for another machine.
    pub fn with_address(mut self, address: MachineAddress) -> Self {
        self.address = Arc::new(address);
        self
    }

    /// Items that are MTConnect conditions.
    pub fn conditions(&self) -> impl Iterator<Item = &str> {
        self.alarm.iter().map(|rule| rule.item.as_str())
    }

    /// Every item that is mapped.
    pub fn items(&self) -> BTreeSet<&str> {
        let states = self.state.iter().map(|rule| rule.item.as_str());
        let counts = self.count.iter().map(|rule| rule.item.as_str());
        let measures = self.measure.iter().map(|rule| rule.item.as_str());
        states.chain(counts).chain(measures).chain(self.conditions()).collect()
    }

    fn check(&self) -> Result<(), String> {
        if self.items().is_empty() {
            return Err("no item is mapped".to_owned());
        }
        if self.replay.max_gap <= SignedDuration::ZERO {
            return Err("replay.max_gap must be positive".to_owned());
        }
        self.check_states()?;
        self.check_measures()?;
        let mut fields = HashSet::new();
        if let Some(twice) = self.count.iter().find(|rule| !fields.insert(rule.field)) {
            return Err(format!("count: `{}` feeds a field that another item feeds", twice.item));
        }
        let mut alarms = HashSet::new();
        if let Some(twice) = self.alarm.iter().find(|rule| !alarms.insert(rule.item.as_str())) {
            return Err(format!("alarm: `{}` is mapped twice", twice.item));
        }
        Ok(())
    }

    fn check_states(&self) -> Result<(), String> {
        for rule in &self.state {
            if rule.values.is_empty() == rule.load.is_none() {
                return Err(format!("state: `{}` needs either `values` or `load`", rule.item));
            }
            if let Some(load) = rule.load
                && (!load.running_from.is_finite()
                    || !load.idle_below.is_finite()
                    || load.idle_below > load.running_from)
            {
                return Err(format!("state: `{}` needs idle_below up to running_from", rule.item));
            }
            for (value, outcome) in &rule.values {
                if outcome.after.is_empty() != outcome.otherwise.is_none() {
                    return Err(format!("state: `{}` {value} needs both `after` and `otherwise`", rule.item));
                }
            }
        }
        Ok(())
    }

    fn check_measures(&self) -> Result<(), String> {
        if self.measure.len() > MAX_MEASURES {
            return Err(format!("more than {MAX_MEASURES} measures"));
        }
        let mut names = HashSet::new();
        for rule in &self.measure {
            if !is_measure_name(&rule.name) {
                return Err(format!("measure: `{}` is not a name like `feed_mm_s`", rule.name));
            }
            if !names.insert(&rule.name) {
                return Err(format!("measure: `{}` is used twice", rule.name));
            }
            if rule.scale.is_some_and(|scale| !scale.is_finite() || rule.kind == MeasureKind::Text) {
                return Err(format!("measure: `{}` cannot be scaled so", rule.name));
            }
        }
        Ok(())
    }
}

/// `^[a-z][a-z0-9_]{0,63}$`
fn is_measure_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn parsed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<MachineAddress>, D::Error> {
    String::deserialize(deserializer)?.parse().map(Arc::new).map_err(D::Error::custom)
}

/// A length of time as people write it: `250ms`, `15m`, `1h 30m`.
fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SignedDuration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let length: SignedDuration = text.parse().map_err(D::Error::custom)?;
    if length.is_negative() { Err(D::Error::custom("a length of time is not negative")) } else { Ok(length) }
}
