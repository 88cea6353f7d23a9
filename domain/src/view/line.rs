//! The topic `line/{site}/{line}`: everything about a line.

use std::collections::BTreeMap;

use serde::Serialize;

use super::site::PlannedStopView;
use super::{LineTile, rounded};
use crate::ids::{ArticleCode, LineCode, MachineCode, MetricName, OrderCode, ReasonCode};
use crate::line::{LineSpec, LineState, Machine, Measured, OrderProgress};
use crate::vocabulary::{AlertState, AndonColor, MachineState, Severity};
use crate::{DurationMs, Quantity, Timestamp};
use uuid::Uuid;

/// Without a sign of life for this long, what is known of a machine is stale.
pub const STALE_AFTER: DurationMs = DurationMs::from_secs(300);

/// Without a sign of life for this long, a machine is offline.
pub const SILENT_AFTER: DurationMs = DurationMs::from_secs(900);

/// How far what is shown of a machine can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Heard of lately.
    Good,
    /// Not heard of for a while.
    Stale,
    /// Nobody knows.
    Unknown,
}

/// The view of a line.
#[derive(Clone, Debug, Serialize)]
pub struct LineView<'a> {
    line: Head<'a>,
    machines: BTreeMap<&'a MachineCode, MachineView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<OrderView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shift: Option<ShiftView<'a>>,
    stops: BTreeMap<Uuid, StopView<'a>>,
    alerts: BTreeMap<Uuid, LineAlertView<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct Head<'a> {
    code: &'a LineCode,
    name: &'a str,
    status: MachineState,
    andon: AndonColor,
    #[serde(skip_serializing_if = "Option::is_none")]
    planned_stop: Option<PlannedStopView>,
}

#[derive(Clone, Debug, Serialize)]
struct MachineView<'a> {
    name: &'a str,
    state: MachineState,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a ReasonCode>,
    quality: Quality,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    clock_skew: bool,
    good: Quantity,
    scrap: Quantity,
    measures: BTreeMap<&'a MetricName, &'a Measured>,
}

#[derive(Clone, Debug, Serialize)]
struct OrderView<'a> {
    code: &'a OrderCode,
    article: &'a ArticleCode,
    quantity: Quantity,
    good: Quantity,
    scrap: Quantity,
    started_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_end: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize)]
struct ShiftView<'a> {
    name: &'a str,
    from: Timestamp,
    to: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    oee: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    availability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effectiveness: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quality: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Quantity>,
    good: Quantity,
    scrap: Quantity,
}

#[derive(Clone, Debug, Serialize)]
struct StopView<'a> {
    machine: &'a MachineCode,
    from: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a ReasonCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
    state: MachineState,
}

#[derive(Clone, Debug, Serialize)]
struct LineAlertView<'a> {
    severity: Severity,
    state: AlertState,
    rule: &'a str,
    text: &'a str,
    raised_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    machine: Option<&'a MachineCode>,
}

impl<'a> LineView<'a> {
    /// The view at an instant. `heard` tells when a machine's device last gave a sign of life without a
    /// message (its session is alive), if it did.
    pub fn new(
        state: &'a LineState,
        spec: &'a LineSpec,
        now: Timestamp,
        heard: impl Fn(&MachineCode) -> Option<Timestamp>,
    ) -> Self {
        let machines = spec.machines.iter().map(|(code, machine)| {
            (code, MachineView::new(&machine.name, state.machines.get(code), heard(code), now))
        });
        let in_spec = |machine: &MachineCode| spec.machines.contains_key(machine);
        let stops = state.stops.iter().filter(|(_, stop)| in_spec(&stop.machine)).map(|(id, stop)| {
            let view = StopView {
                machine: &stop.machine,
                from: stop.from,
                to: stop.to,
                reason: stop.reason.as_ref(),
                comment: stop.comment.as_deref(),
                state: stop.state,
            };
            (*id, view)
        });
        let alerts = state.alerts.iter().map(|(id, alert)| {
            let view = LineAlertView {
                severity: alert.severity,
                state: alert.state,
                rule: &alert.rule,
                text: &alert.text,
                raised_at: alert.raised_at,
                machine: alert.machine.as_ref(),
            };
            (*id, view)
        });
        Self {
            line: Head {
                code: &spec.address.line,
                name: &spec.name,
                status: LineTile::status(state, spec).1,
                andon: andon(state, spec, now),
                planned_stop: PlannedStopView::at(state, now),
            },
            machines: machines.collect(),
            order: state.order.as_ref().map(|progress| OrderView::new(progress, now)),
            shift: ShiftView::new(state, spec, now),
            stops: stops.collect(),
            alerts: alerts.collect(),
        }
    }
}

impl<'a> MachineView<'a> {
    fn new(name: &'a str, machine: Option<&'a Machine>, heard: Option<Timestamp>, now: Timestamp) -> Self {
        let Some(machine) = machine else {
            return Self {
                name,
                state: MachineState::Offline,
                since: None,
                reason: None,
                quality: Quality::Unknown,
                clock_skew: false,
                good: Quantity::ZERO,
                scrap: Quantity::ZERO,
                measures: BTreeMap::new(),
            };
        };
        let last = machine.last_seen.max(heard);
        let quality = match last {
            _ if machine.state == MachineState::Offline => Quality::Unknown,
            Some(last) if now - last <= STALE_AFTER => Quality::Good,
            _ => Quality::Stale,
        };
        Self {
            name,
            state: machine.state,
            since: machine.since,
            reason: machine.reason.as_ref(),
            quality,
            clock_skew: machine.clock_skew,
            good: machine.good,
            scrap: machine.scrap,
            measures: machine.measures.iter().collect(),
        }
    }
}

/// When an order will be complete if it goes on at the pace since its start; unknown until something is made.
pub(super) fn expected_end(progress: &OrderProgress, now: Timestamp) -> Option<Timestamp> {
    let elapsed_ms = (now - progress.order.started_at).0;
    let made = progress.good.thousandths().max(0);
    let missing = (progress.order.quantity.thousandths() - progress.good.thousandths()).max(0);
    if made == 0 || elapsed_ms <= 0 {
        return None;
    }
    let remaining_ms = i128::from(elapsed_ms) * i128::from(missing) / i128::from(made);
    // Whole minutes: a forecast is no more exact than that, and it makes no frame of its own.
    let end_ms = now.as_millis().checked_add(i64::try_from(remaining_ms).ok()?)?;
    Timestamp::checked_from_millis(end_ms.div_euclid(60_000).checked_mul(60_000)?)
}

impl<'a> OrderView<'a> {
    fn new(progress: &'a OrderProgress, now: Timestamp) -> Self {
        let order = &progress.order;
        Self {
            code: &order.code,
            article: &order.article,
            quantity: order.quantity,
            good: progress.good,
            scrap: progress.scrap,
            started_at: order.started_at,
            expected_end: expected_end(progress, now),
            due: order.due,
        }
    }
}

impl<'a> ShiftView<'a> {
    fn new(state: &'a LineState, spec: &LineSpec, now: Timestamp) -> Option<Self> {
        let shift = state.shift.as_ref()?;
        let inputs = state.kpi_inputs(spec, now)?;
        let kpi = inputs.kpi();
        Some(Self {
            name: &shift.name,
            from: shift.from,
            to: shift.to,
            oee: rounded(kpi.oee),
            availability: rounded(kpi.availability),
            effectiveness: rounded(kpi.effectiveness),
            quality: rounded(kpi.quality),
            target: inputs.target(state.aim(spec)),
            good: inputs.good,
            scrap: inputs.scrap,
        })
    }
}

/// What the line's light shows: red if a machine is down or an alert is critical, amber if a machine stands
/// otherwise in planned time or an alert is open, green if one runs, grey if nothing is known or nothing is planned.
pub fn andon(state: &LineState, spec: &LineSpec, now: Timestamp) -> AndonColor {
    let state_of = |code| state.machines.get(code).map_or(MachineState::Offline, |machine| machine.state);
    let states: Vec<MachineState> = spec.machines.keys().map(state_of).collect();
    let mut active = state.alerts.values().filter(|alert| alert.is_active()).map(|alert| alert.severity);
    let urgent = active.clone().any(|severity| severity == Severity::Critical);
    if urgent || states.contains(&MachineState::Down) {
        return AndonColor::Red;
    }
    if states.iter().all(|state| *state == MachineState::Offline) {
        return AndonColor::Grey;
    }
    let planned = state.shift.as_ref().is_none_or(|shift| !shift.off && shift.planned_stop_at(now).is_none());
    let stands = planned && states.iter().any(|state| state.is_stop());
    if stands || active.any(|severity| severity != Severity::Low) {
        return AndonColor::Amber;
    }
    if states.contains(&MachineState::Running) { AndonColor::Green } else { AndonColor::Grey }
}
