//! Turns observations of a machine into the hub's messages by a [`Mapping`]; it keeps what a machine's
//! gateway would keep: the last word of every item that decides the state, counters, and an open group of measures.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use super::mapping::{
    AlarmRule, CountField, LoadLimits, Mapping, MeasureKind, MeasureRule, Opinion, StateOutcome, StateRule,
};
use super::message::{Channel, CountFields, FeedMessage, Fields, MachineState, MeasureValue, Severity};
use super::observation::Observation;

/// Longest text of a measure and of an alarm, in characters.
const MAX_TEXT_CHARS: usize = 256;

/// What MTConnect sends for a value that nobody knows.
const UNAVAILABLE: &str = "UNAVAILABLE";

/// What became of the observations; all are counts of values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MappingReport {
    /// Values of items the mapping does not name.
    pub unmapped_items: u64,
    /// Values that a state rule does not list.
    pub unmapped_values: u64,
    /// Measures and counts that were `UNAVAILABLE`; nothing is sent for them.
    pub unavailable: u64,
    /// Measures and counts without text.
    pub empty: u64,
    /// Values that should be numbers and are not.
    pub not_numbers: u64,
    /// Measures dropped by `min_interval`.
    pub thinned: u64,
    /// Texts cut at 256 characters.
    pub cut_texts: u64,
}

/// One machine's gateway.
pub struct Mapper {
    mapping: Arc<Mapping>,
    targets: HashMap<String, Vec<Target>>,
    line: Option<(u64, Timestamp)>,
    state_inputs: Vec<Option<String>>,
    state_touched: bool,
    present: Option<(MachineState, Option<Arc<str>>)>,
    totals: Vec<Option<u64>>,
    alarms: Vec<Option<Fields>>,
    last_measured: Vec<Option<Timestamp>>,
    group: Option<Group>,
    report: MappingReport,
}

/// Index of the rule an item feeds.
#[derive(Debug, Clone, Copy)]
enum Target {
    State(usize),
    Count(usize),
    Measure(usize),
    Alarm(usize),
}

struct Group {
    from: Timestamp,
    at: Timestamp,
    /// It began with a step back; newer values do not join it, so that it stays late.
    late: bool,
    values: BTreeMap<Arc<str>, MeasureValue>,
}

impl Mapper {
    /// A gateway that has seen nothing yet.
    pub fn new(mapping: Arc<Mapping>) -> Self {
        let mut targets: HashMap<String, Vec<Target>> = HashMap::new();
        let mut add = |item: &str, target| targets.entry(item.to_owned()).or_default().push(target);
        mapping.state.iter().enumerate().for_each(|(index, rule)| add(&rule.item, Target::State(index)));
        mapping.count.iter().enumerate().for_each(|(index, rule)| add(&rule.item, Target::Count(index)));
        mapping.measure.iter().enumerate().for_each(|(index, rule)| add(&rule.item, Target::Measure(index)));
        mapping.alarm.iter().enumerate().for_each(|(index, rule)| add(&rule.item, Target::Alarm(index)));
        Self {
            targets,
            line: None,
            state_inputs: vec![None; mapping.state.len()],
            state_touched: false,
            present: None,
            totals: vec![None; mapping.count.len()],
            alarms: vec![None; mapping.alarm.len()],
            last_measured: vec![None; mapping.measure.len()],
            group: None,
            report: MappingReport::default(),
            mapping,
        }
    }

    /// What became of the observations so far.
    pub fn report(&self) -> &MappingReport {
        &self.report
    }

    /// Takes one observation in; messages that are complete are added to `out`.
    pub fn observe(&mut self, observation: &Observation, out: &mut VecDeque<FeedMessage>) {
        if self.line.is_some_and(|(line, _)| line != observation.line) {
            self.settle_state(out);
        }
        self.line = Some((observation.line, observation.at));
        let Some(targets) = self.targets.get(&observation.item).cloned() else {
            self.report.unmapped_items += 1;
            return;
        };
        for target in targets {
            match target {
                Target::State(index) => {
                    self.state_inputs[index] = Some(observation.value.trim().to_owned());
                    self.state_touched = true;
                }
                Target::Count(index) => self.count(index, observation, out),
                Target::Measure(index) => self.measure(index, observation, out),
                Target::Alarm(index) => self.alarm(index, observation, out),
            }
        }
    }

    /// The recording ended: what is still held is sent.
    pub fn finish(&mut self, out: &mut VecDeque<FeedMessage>) {
        self.settle_state(out);
        self.close_group(out);
    }

    /// All items of a line have been seen, so the state has one meaning.
    fn settle_state(&mut self, out: &mut VecDeque<FeedMessage>) {
        let Some((_, at)) = self.line else { return };
        if !std::mem::take(&mut self.state_touched) {
            return;
        }
        let Some((state, reason)) = self.judge_state() else { return };
        let stays_down_without_word = reason.is_none()
            && state == MachineState::Down
            && matches!(self.present, Some((MachineState::Down, _)));
        if stays_down_without_word || self.present == Some((state, reason.clone())) {
            return;
        }
        self.present = Some((state, reason.clone()));
        self.close_group(out);
        self.send(at, Channel::State, Fields::State { state, reason }, out);
    }

    fn judge_state(&mut self) -> Option<(MachineState, Option<Arc<str>>)> {
        let present = self.present.as_ref().map(|(state, _)| *state);
        for (rule, input) in self.mapping.state.iter().zip(&self.state_inputs) {
            let Some(value) = input else { continue };
            match judge(rule, value, present) {
                Verdict::State(state, reason) => return Some((state, reason)),
                Verdict::NoOpinion => {}
                Verdict::Unknown => self.report.unmapped_values += 1,
            }
        }
        None
    }

    fn count(&mut self, index: usize, observation: &Observation, out: &mut VecDeque<FeedMessage>) {
        let Some(number) = self.number(&observation.value) else { return };
        // Controls print whole counters as `1909.000000` too; a part of a part is a defect.
        if number < 0.0 || number.fract() != 0.0 || number > 9_007_199_254_740_992.0 {
            self.report.not_numbers += 1;
            return;
        }
        let total = number as u64;
        let previous = self.totals[index].replace(total);
        let increment = previous.map_or(0, |previous| total.checked_sub(previous).unwrap_or(total));
        let mut fields = CountFields::default();
        match self.mapping.count[index].field {
            CountField::TotalGood => fields.total_good = Some(total),
            CountField::TotalScrap => fields.total_scrap = Some(total),
            CountField::Good | CountField::Scrap if increment == 0 => return,
            CountField::Good => fields.good = Some(increment),
            CountField::Scrap => fields.scrap = Some(increment),
        }
        self.close_group(out);
        self.send(observation.at, Channel::Count, Fields::Count(fields), out);
    }

    fn alarm(&mut self, index: usize, observation: &Observation, out: &mut VecDeque<FeedMessage>) {
        let rule = &self.mapping.alarm[index];
        let Some((active, severity)) = alarm_level(rule, observation.value.trim()) else {
            if observation.value.trim() == UNAVAILABLE {
                self.report.unavailable += 1;
            } else {
                self.report.unmapped_values += 1;
            }
            return;
        };
        let code = rule.code.clone();
        let detail = observation.condition.as_ref();
        let text = detail.map(|detail| detail.text.trim()).filter(|text| !text.is_empty());
        let text = text.map(|text| self.cut(text));
        let fields = Fields::Alarm { code, active, severity, text };
        if self.alarms[index].as_ref() != Some(&fields) {
            self.alarms[index] = Some(fields.clone());
            self.close_group(out);
            self.send(observation.at, Channel::Alarm, fields, out);
        }
    }

    fn measure(&mut self, index: usize, observation: &Observation, out: &mut VecDeque<FeedMessage>) {
        let mapping = Arc::clone(&self.mapping);
        let rule = &mapping.measure[index];
        let Some(value) = self.measured(rule, &observation.value) else { return };
        let since = self.last_measured[index].map(|last| observation.at.duration_since(last));
        if since.is_some_and(|since| !since.is_negative() && since < rule.min_interval) {
            self.report.thinned += 1;
            return;
        }
        self.last_measured[index] = Some(observation.at);
        let closes = self.group.as_ref().is_some_and(|group| {
            observation.at < group.at
                || (group.late && observation.at > group.at)
                || observation.at.duration_since(group.from) > mapping.group_window
                || group.values.contains_key(&rule.name)
        });
        let at = observation.at;
        let late = self.group.as_ref().is_some_and(|group| at < group.at);
        if closes {
            self.close_group(out);
        }
        let group = self.group.get_or_insert_with(|| Group { from: at, at, late, values: BTreeMap::new() });
        group.at = at;
        group.values.insert(Arc::clone(&rule.name), value);
    }

    fn measured(&mut self, rule: &MeasureRule, text: &str) -> Option<MeasureValue> {
        let text = match rule.part {
            Some(part) if text.trim() != UNAVAILABLE => text.split_whitespace().nth(part).unwrap_or_default(),
            _ => text.trim(),
        };
        match rule.kind {
            MeasureKind::Number => {
                let scaled = self.number(text)? * rule.scale.unwrap_or(1.0);
                if !scaled.is_finite() {
                    self.report.not_numbers += 1;
                    return None;
                }
                Some(MeasureValue::Number(scaled))
            }
            MeasureKind::Text => {
                let text = self.known(text)?;
                Some(MeasureValue::Text(self.cut(text)))
            }
        }
    }

    fn known<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        match text.trim() {
            "" => self.report.empty += 1,
            UNAVAILABLE => self.report.unavailable += 1,
            text => return Some(text),
        }
        None
    }

    fn number(&mut self, text: &str) -> Option<f64> {
        let text = self.known(text)?;
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        if number.is_none() {
            self.report.not_numbers += 1;
        }
        number
    }

    fn cut(&mut self, text: &str) -> String {
        match text.char_indices().nth(MAX_TEXT_CHARS) {
            Some((end, _)) => {
                self.report.cut_texts += 1;
                text[..end].to_owned()
            }
            None => text.to_owned(),
        }
    }

    fn close_group(&mut self, out: &mut VecDeque<FeedMessage>) {
        if let Some(group) = self.group.take() {
            self.send(group.at, Channel::Measure, Fields::Measure { values: group.values }, out);
        }
    }

    fn send(&self, at: Timestamp, channel: Channel, fields: Fields, out: &mut VecDeque<FeedMessage>) {
        out.push_back(FeedMessage { at, machine: Arc::clone(&self.mapping.address), channel, fields });
    }
}

enum Verdict {
    State(MachineState, Option<Arc<str>>),
    NoOpinion,
    Unknown,
}

fn judge(rule: &StateRule, value: &str, present: Option<MachineState>) -> Verdict {
    if let Some(limits) = rule.load {
        return judge_load(limits, value, present);
    }
    let Some(outcome) = rule.values.get(value) else { return Verdict::Unknown };
    let StateOutcome { state, reason, after, otherwise } = outcome;
    match (state, otherwise) {
        (_, Some(otherwise)) if !present.is_some_and(|present| after.contains(&present)) => {
            Verdict::State(*otherwise, None)
        }
        (Opinion::Is(state), _) => Verdict::State(*state, reason.clone()),
        (Opinion::Next, _) => Verdict::NoOpinion,
    }
}

fn judge_load(limits: LoadLimits, value: &str, present: Option<MachineState>) -> Verdict {
    let state = match value.parse::<f64>() {
        Ok(load) if load >= limits.running_from => MachineState::Running,
        Ok(load) if load < limits.idle_below => MachineState::Idle,
        Ok(load) if load.is_finite() => match present {
            Some(MachineState::Running) => MachineState::Running,
            _ => MachineState::Idle,
        },
        _ => return Verdict::Unknown,
    };
    Verdict::State(state, None)
}

fn alarm_level(rule: &AlarmRule, level: &str) -> Option<(bool, Severity)> {
    match level {
        "NORMAL" => Some((false, rule.fault_severity)),
        "WARNING" => Some((true, Severity::Low)),
        "FAULT" => Some((true, rule.fault_severity)),
        _ => None,
    }
}
