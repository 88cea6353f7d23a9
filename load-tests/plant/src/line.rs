//! A line as discrete events: parts go from station to station, troubles strike, people pause.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use domain::Timestamp;
use domain::ids::{ArticleCode, LineAddress, ReasonCode};
use domain::vocabulary::MachineState;

use crate::dice::{Dice, to_ms};
use crate::model::{LineModel, Reporting};
use crate::outbox::Voice;
use crate::sim::Sent;
use crate::station::{Doing, Part, Station};

/// Stations begin within this, one after the other.
const BEGIN_WITHIN_S: f64 = 5.0;
/// People leave and come back within this.
const PAUSE_WITHIN_S: f64 = 40.0;
/// Somebody tells a machine why it stands within this.
const TOLD_WITHIN_S: f64 = 240.0;

/// Something that will happen to a station.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// It looks for work, unless it has some.
    Look,
    /// Its part is done.
    PartDone {
        turn: u64,
    },
    /// It has waited for so long that it says so.
    PatienceEnds {
        turn: u64,
    },
    /// What held it is over.
    HoldEnds {
        turn: u64,
    },
    /// Somebody tells it why it stands.
    ReasonTold {
        turn: u64,
        trouble: usize,
    },
    TroubleStrikes(usize),
    Measure,
    BurstBegins,
    BurstEnds,
    LinkLost,
    LinkBack,
    PauseBegins,
    PauseEnds,
}

/// An entry of the agenda; the number keeps what happens at the same time in order.
type Entry = Reverse<(i64, u64, usize, What)>;

#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) address: LineAddress,
    model: LineModel,
    stations: Vec<Station>,
    /// Parts between a station and the next.
    buffers: Vec<u32>,
    article: ArticleCode,
    reporting: Reporting,
    dice: Dice,
    agenda: BinaryHeap<Entry>,
    planned: u64,
    now_ms: i64,
    out: VecDeque<Sent>,
}

impl Line {
    pub(crate) fn new(model: LineModel, seed: u64, start: Timestamp, reporting: Reporting) -> Self {
        let now_ms = start.as_millis();
        let run = format!("{seed:x}-{now_ms:x}");
        let voice = |machine| Voice::new(model.address.clone(), machine, &run, now_ms);
        let station = |station: &crate::StationModel| {
            Station::new(station.clone(), voice(station.machine.clone()), now_ms)
        };
        let stations: Vec<Station> = model.stations.iter().map(station).collect();
        let buffers = vec![model.buffer.max(2) / 2; stations.len().saturating_sub(1)];
        let dice = Dice::new(seed, &model.address.to_string());
        let mut line = Self {
            address: model.address.clone(),
            article: model.article.clone(),
            stations,
            buffers,
            reporting,
            dice,
            agenda: BinaryHeap::new(),
            planned: 0,
            now_ms,
            out: VecDeque::new(),
            model,
        };
        for index in 0..line.stations.len() {
            line.begin(index);
        }
        line
    }

    fn begin(&mut self, index: usize) {
        let look_in_ms = self.dice.up_to_ms(BEGIN_WITHIN_S);
        self.plan(look_in_ms, index, What::Look);
        self.plan_pause(index);
        let station = self.stations[index].model.clone();
        for (trouble, model) in station.troubles.iter().enumerate() {
            let strikes_in_ms = self.dice.exponential_ms(model.every_s);
            self.plan(strikes_in_ms, index, What::TroubleStrikes(trouble));
        }
        if !station.gauges.is_empty() {
            let measure_in_ms = look_in_ms + self.dice.up_to_ms(self.reporting.measure_every_s);
            self.plan(measure_in_ms, index, What::Measure);
        }
        if let Some(bursts) = station.bursts {
            let in_ms = self.dice.exponential_ms(bursts.every_s);
            self.plan(in_ms, index, What::BurstBegins);
        }
        if let Some(outage) = station.outage {
            let in_ms = self.dice.exponential_ms(outage.every_s);
            self.plan(in_ms, index, What::LinkLost);
        }
    }

    fn plan(&mut self, in_ms: i64, station: usize, what: What) {
        self.planned += 1;
        self.agenda.push(Reverse((self.now_ms + in_ms.max(0), self.planned, station, what)));
    }

    /// The next message. A line without machines has none.
    pub(crate) fn next_sent(&mut self) -> Option<Sent> {
        loop {
            if let Some(sent) = self.out.pop_front() {
                return Some(sent);
            }
            let Reverse((at_ms, _, station, what)) = self.agenda.pop()?;
            self.now_ms = at_ms;
            self.happens(station, what);
        }
    }

    /// Another order: what it makes, and whether machines must be changed for it.
    pub(crate) fn take_order(&mut self, article: ArticleCode) {
        let whole = self.article != article;
        self.article = article;
        for index in 0..self.stations.len() {
            self.stations[index].ask_setup(whole);
            self.plan(0, index, What::Look);
        }
    }

    pub(crate) fn report(&mut self, reporting: Reporting) {
        self.reporting = reporting;
        // Measures were planned at the pace before.
        self.agenda.retain(|Reverse((_, _, _, what))| *what != What::Measure);
        for index in 0..self.stations.len() {
            if !self.stations[index].model.gauges.is_empty() {
                let in_ms = self.dice.up_to_ms(reporting.measure_every_s);
                self.plan(in_ms, index, What::Measure);
            }
        }
    }

    fn happens(&mut self, index: usize, what: What) {
        let (now_ms, station) = (self.now_ms, &mut self.stations[index]);
        let current = station.turn;
        match what {
            What::Look if station.is_waiting() => self.resume(index),
            What::PartDone { turn } if turn == current => self.part_done(index),
            What::PatienceEnds { turn } if turn == current => self.say_why_it_waits(index),
            What::HoldEnds { turn } if turn == current => {
                station.clear(now_ms, &mut self.out);
                self.resume(index);
            }
            What::ReasonTold { turn, trouble } if turn == current => {
                let (state, reason) = {
                    let trouble = &station.model.troubles[trouble];
                    (trouble.state, trouble.reason.clone())
                };
                station.show(state, Some(&reason), now_ms, &mut self.out);
            }
            What::TroubleStrikes(trouble) => self.strike(index, trouble),
            What::Measure => self.measure(index),
            What::BurstBegins | What::BurstEnds => self.burst(index, what == What::BurstBegins),
            What::LinkLost => {
                station.voice.lose_connection();
                if let Some(outage) = station.model.outage {
                    let back_in_ms = self.dice.spread_ms(outage.lasts);
                    self.plan(back_in_ms, index, What::LinkBack);
                }
            }
            What::LinkBack => {
                station.voice.regain_connection(now_ms, &mut self.out);
                if let Some(outage) = station.model.outage {
                    let lost_in_ms = self.dice.exponential_ms(outage.every_s);
                    self.plan(lost_in_ms, index, What::LinkLost);
                }
            }
            What::PauseBegins => self.begin_pause(index),
            What::PauseEnds => self.end_pause(index),
            // It does something else by now.
            What::Look
            | What::PartDone { .. }
            | What::PatienceEnds { .. }
            | What::HoldEnds { .. }
            | What::ReasonTold { .. } => {}
        }
    }

    /// Does what there is to do: nothing in a pause, a setup, the part in hand, the next part; or waits.
    fn resume(&mut self, index: usize) {
        let station = &mut self.stations[index];
        if station.pausing {
            station.turn_to(Doing::Paused);
            let reason = &self.model.pauses.reason;
            station.show(MachineState::Idle, Some(reason), self.now_ms, &mut self.out);
            return;
        }
        if station.part == Some(Part::Done) {
            if self.buffers[index] >= self.model.buffer.max(1) {
                return self.wait(index, Doing::Blocked);
            }
            self.buffers[index] += 1;
            self.stations[index].part = None;
            self.plan(0, index + 1, What::Look);
        }
        if let Some(Part::Begun { left_ms }) = self.stations[index].part {
            self.work(index, left_ms);
        } else if self.stations[index].setup_asked.is_some() {
            self.set_up(index);
        } else if self.take_part(index) {
            let cycle_ms = self.stations[index].draw_cycle(&self.article, &mut self.dice);
            self.work(index, cycle_ms);
        } else {
            self.wait(index, Doing::Starved);
        }
    }

    /// Takes a part from the buffer before the station; the first one always finds material.
    fn take_part(&mut self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1) else { return true };
        if self.buffers[before] == 0 {
            return false;
        }
        self.buffers[before] -= 1;
        self.plan(0, before, What::Look);
        true
    }

    fn work(&mut self, index: usize, left_ms: i64) {
        let station = &mut self.stations[index];
        let turn = station.turn_to(Doing::Working { ends_ms: self.now_ms + left_ms });
        station.part = Some(Part::Begun { left_ms });
        station.show(MachineState::Running, None, self.now_ms, &mut self.out);
        self.plan(left_ms, index, What::PartDone { turn });
    }

    fn wait(&mut self, index: usize, doing: Doing) {
        let station = &mut self.stations[index];
        if station.doing == doing && station.state() != MachineState::Offline {
            return;
        }
        let turn = station.turn_to(doing);
        if station.state() == MachineState::Running {
            self.plan(to_ms(self.model.patience_s), index, What::PatienceEnds { turn });
        } else {
            self.say_why_it_waits(index);
        }
    }

    fn say_why_it_waits(&mut self, index: usize) {
        let station = &mut self.stations[index];
        let reason = if station.doing == Doing::Blocked { &self.model.blocked } else { &self.model.starved };
        station.show(MachineState::Idle, Some(reason), self.now_ms, &mut self.out);
    }

    fn part_done(&mut self, index: usize) {
        let is_last = index + 1 == self.stations.len();
        let every_ms = to_ms(self.reporting.count_every_s);
        let station = &mut self.stations[index];
        let good = station.judge_part(&mut self.dice);
        station.voice.count(good, every_ms, self.now_ms, &mut self.out);
        station.part = (good && !is_last).then_some(Part::Done);
        self.resume(index);
    }

    fn set_up(&mut self, index: usize) {
        let station = &mut self.stations[index];
        let asked = station.setup_asked.take().zip(station.model.setup.as_ref());
        let Some((lasts, reason)) = asked.map(|(lasts, setup)| (lasts, setup.reason.clone())) else { return };
        station.begin_setup();
        self.hold(index, MachineState::Setup, Some(&reason), lasts);
    }

    /// A trouble strikes a machine that works; otherwise it comes later, as likely as before.
    fn strike(&mut self, index: usize, number: usize) {
        let station = &mut self.stations[index];
        let trouble = station.model.troubles[number].clone();
        let next_in_ms = self.dice.exponential_ms(trouble.every_s);
        self.plan(next_in_ms, index, What::TroubleStrikes(number));
        let station = &mut self.stations[index];
        if !matches!(station.doing, Doing::Working { .. }) {
            return;
        }
        station.interrupt(self.now_ms);
        let known = self.dice.happens(trouble.known_ratio);
        let told = !known && self.dice.happens(trouble.told_ratio);
        let turn = self.hold(index, trouble.state, known.then_some(&trouble.reason), trouble.lasts);
        self.stations[index].raise(trouble.alarm.as_ref(), self.now_ms, &mut self.out);
        if told {
            let told_in_ms = self.dice.up_to_ms(TOLD_WITHIN_S);
            self.plan(told_in_ms, index, What::ReasonTold { turn, trouble: number });
        }
    }

    fn hold(
        &mut self,
        index: usize,
        state: MachineState,
        reason: Option<&ReasonCode>,
        lasts: crate::Spread,
    ) -> u64 {
        let lasts_ms = self.dice.spread_ms(lasts);
        let station = &mut self.stations[index];
        let turn = station.turn_to(Doing::Held);
        station.show(state, reason, self.now_ms, &mut self.out);
        self.plan(lasts_ms, index, What::HoldEnds { turn });
        turn
    }

    fn measure(&mut self, index: usize) {
        let station = &mut self.stations[index];
        station.measure(self.now_ms, &mut self.dice, &mut self.out);
        let runs = station.state() == MachineState::Running;
        let Reporting { measure_every_s, measure_standing_every_s, .. } = self.reporting;
        self.plan(to_ms(if runs { measure_every_s } else { measure_standing_every_s }), index, What::Measure);
    }

    fn burst(&mut self, index: usize, begins: bool) {
        let station = &mut self.stations[index];
        let Some(bursts) = station.model.bursts else { return };
        station.burst(begins, self.now_ms);
        let (in_ms, next) = if begins {
            (self.dice.spread_ms(bursts.lasts), What::BurstEnds)
        } else {
            (self.dice.exponential_ms(bursts.every_s), What::BurstBegins)
        };
        self.plan(in_ms, index, next);
    }

    /// Plans the next pause of the calendar.
    fn plan_pause(&mut self, index: usize) {
        let from = Timestamp::from_millis(self.stations[index].pauses_from_ms);
        let Some((from_ms, to_ms)) = self.model.pauses.next(from) else { return };
        let late = |dice: &mut Dice| dice.up_to_ms(PAUSE_WITHIN_S).min((to_ms - from_ms) / 4);
        let begins_ms = (from_ms + late(&mut self.dice)).max(self.now_ms);
        let ends_ms = (to_ms + late(&mut self.dice)).max(begins_ms);
        self.stations[index].pauses_from_ms = to_ms;
        self.plan(begins_ms - self.now_ms, index, What::PauseBegins);
        self.plan(ends_ms - self.now_ms, index, What::PauseEnds);
    }

    fn begin_pause(&mut self, index: usize) {
        let station = &mut self.stations[index];
        station.pausing = true;
        // A repair goes on.
        if station.doing != Doing::Held {
            station.interrupt(self.now_ms);
            self.resume(index);
        }
    }

    fn end_pause(&mut self, index: usize) {
        let station = &mut self.stations[index];
        station.pausing = false;
        if station.doing == Doing::Paused {
            self.resume(index);
        }
        self.plan_pause(index);
    }
}
