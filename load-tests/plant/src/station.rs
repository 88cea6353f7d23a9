//! What a machine does at a moment, and what it would tell of itself.

use std::collections::{BTreeMap, VecDeque};

use domain::ids::{ArticleCode, ReasonCode};
use domain::message::{AlarmMessage, Content, MeasureMessage, MeasureValue, StateMessage};
use domain::vocabulary::MachineState;

use crate::dice::{Dice, to_ms};
use crate::gauge::Gauge;
use crate::model::{Alarm, Spread, StationModel};
use crate::outbox::Voice;
use crate::sim::Sent;

/// Parts after a setup that are scrap more often, and how often.
const WARM_UP: (u32, f64) = (3, 0.15);

/// What a station is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// It works on its part, until then.
    Working { ends_ms: i64 },
    /// It has nothing to work on.
    Starved,
    /// It cannot get rid of its part.
    Blocked,
    /// A trouble or a setup holds it.
    Held,
    /// People pause.
    Paused,
}

/// The part in a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// So much work is left.
    Begun { left_ms: i64 },
    /// It waits for room behind the station.
    Done,
}

/// A machine of a line.
#[derive(Clone, Debug)]
pub(crate) struct Station {
    pub(crate) model: StationModel,
    pub(crate) voice: Voice,
    pub(crate) doing: Doing,
    /// Counts what it did: plans for something it no longer does are void.
    pub(crate) turn: u64,
    pub(crate) part: Option<Part>,
    pub(crate) pausing: bool,
    /// Where the calendar goes on after the pause that is planned.
    pub(crate) pauses_from_ms: i64,
    pub(crate) in_burst: bool,
    /// How a setup lasts that begins with the next part.
    pub(crate) setup_asked: Option<Spread>,
    pub(crate) alarm: Option<Alarm>,
    parts: u32,
    warm_up: u32,
    shown: Option<(MachineState, Option<ReasonCode>)>,
    gauges: Vec<Gauge>,
}

impl Station {
    pub(crate) fn new(model: StationModel, voice: Voice, at_ms: i64) -> Self {
        let gauges = model.gauges.iter().map(|gauge| Gauge::new(gauge, at_ms)).collect();
        Self {
            model,
            voice,
            doing: Doing::Starved,
            turn: 0,
            part: None,
            pausing: false,
            pauses_from_ms: at_ms,
            in_burst: false,
            setup_asked: None,
            alarm: None,
            parts: 0,
            warm_up: 0,
            shown: None,
            gauges,
        }
    }

    /// Begins something else.
    pub(crate) fn turn_to(&mut self, doing: Doing) -> u64 {
        self.doing = doing;
        self.turn += 1;
        self.turn
    }

    pub(crate) fn is_waiting(&self) -> bool {
        matches!(self.doing, Doing::Starved | Doing::Blocked)
    }

    /// Lays the part aside that it works on.
    pub(crate) fn interrupt(&mut self, now_ms: i64) {
        if let Doing::Working { ends_ms } = self.doing {
            self.part = Some(Part::Begun { left_ms: ends_ms - now_ms });
        }
    }

    /// What it said last; before it said anything, nothing is known.
    pub(crate) fn state(&self) -> MachineState {
        self.shown.as_ref().map_or(MachineState::Offline, |(state, _)| *state)
    }

    /// Says what it does, if that is news. What was made before belongs to before.
    pub(crate) fn show(
        &mut self,
        state: MachineState,
        reason: Option<&ReasonCode>,
        now_ms: i64,
        out: &mut VecDeque<Sent>,
    ) {
        let shown = Some((state, reason.cloned()));
        if self.shown == shown {
            return;
        }
        self.voice.tell_parts(now_ms, out);
        self.follow(now_ms);
        self.shown = shown;
        self.voice.say(Content::State(StateMessage { state, reason: reason.cloned() }), now_ms, out);
    }

    /// Raises the alarm of a trouble.
    pub(crate) fn raise(&mut self, alarm: Option<&Alarm>, now_ms: i64, out: &mut VecDeque<Sent>) {
        self.alarm = alarm.cloned();
        self.say_alarm(true, now_ms, out);
    }

    /// Ends the alarm that it raised.
    pub(crate) fn clear(&mut self, now_ms: i64, out: &mut VecDeque<Sent>) {
        self.say_alarm(false, now_ms, out);
        self.alarm = None;
    }

    fn say_alarm(&mut self, active: bool, now_ms: i64, out: &mut VecDeque<Sent>) {
        if let Some(Alarm { code, severity, text }) = self.alarm.clone() {
            self.voice.say(Content::Alarm(AlarmMessage { code, active, severity, text }), now_ms, out);
        }
    }

    /// Says what it measures.
    pub(crate) fn measure(&mut self, now_ms: i64, dice: &mut Dice, out: &mut VecDeque<Sent>) {
        self.follow(now_ms);
        let state = self.state();
        let read = |(model, gauge): (&_, &Gauge)| gauge.read(model, state, dice);
        let readings: Vec<f64> = self.model.gauges.iter().zip(&self.gauges).map(read).collect();
        let names = self.model.gauges.iter().map(|gauge| gauge.metric.clone());
        let values: BTreeMap<_, _> = names.zip(readings.into_iter().map(MeasureValue::Number)).collect();
        self.voice.say(Content::Measure(MeasureMessage { values }), now_ms, out);
    }

    fn follow(&mut self, now_ms: i64) {
        let (state, in_burst) = (self.state(), self.in_burst);
        for (model, gauge) in self.model.gauges.iter().zip(&mut self.gauges) {
            gauge.follow(model, state, in_burst, now_ms);
        }
    }

    /// Many parts are scrap from now on, or no longer.
    pub(crate) fn burst(&mut self, on: bool, now_ms: i64) {
        self.follow(now_ms);
        self.in_burst = on;
    }

    /// How long the next part takes.
    pub(crate) fn draw_cycle(&self, article: &ArticleCode, dice: &mut Dice) -> i64 {
        let median_s = self.model.ideal_cycle_of(article) * self.model.slowness;
        // Nothing is faster than ideal.
        let shortest = to_ms(self.model.ideal_cycle_of(article));
        dice.spread_ms(Spread { median_s, sigma: self.model.jitter }).max(shortest)
    }

    /// One more part is done: whether it is good. Asks for a setup when something is worn.
    pub(crate) fn judge_part(&mut self, dice: &mut Dice) -> bool {
        let mut scrap_ratio = match &self.model.bursts {
            Some(bursts) if self.in_burst => bursts.scrap_ratio,
            _ => self.model.scrap_ratio,
        };
        if self.warm_up > 0 {
            self.warm_up -= 1;
            scrap_ratio = scrap_ratio.max(WARM_UP.1);
        }
        self.parts += 1;
        if self.model.setup.as_ref().is_some_and(|setup| setup.parts.is_some_and(|n| self.parts >= n)) {
            self.ask_setup(false);
        }
        !dice.happens(scrap_ratio)
    }

    /// Asks for a setup: for another article, or shorter for more of the same.
    pub(crate) fn ask_setup(&mut self, whole: bool) {
        let Some(setup) = &self.model.setup else { return };
        let part = if whole { 1.0 } else { 1.0 / 3.0 };
        self.setup_asked = Some(Spread { median_s: setup.lasts.median_s * part, ..setup.lasts });
    }

    /// The setup begins.
    pub(crate) fn begin_setup(&mut self) {
        self.parts = 0;
        self.warm_up = WARM_UP.0;
    }
}
