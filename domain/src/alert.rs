//! Alert rules and alerts: when a condition needs a person, and the life of that need (ISA-18.2).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{AlarmCode, LineCode, MachineCode, MetricName, RuleCode, SiteCode};
use crate::vocabulary::{AlertState, Severity};
use crate::{DurationMs, Rejection, Timestamp};

/// The `rule` of an alert about a line that was restarted too often.
pub const QUARANTINE: &str = "quarantine";
/// The longest time a rule may wait, in seconds.
const MAX_WAIT_S: u32 = 86_400;

/// The `rule` of an alert that a machine's own alarm raised.
pub fn alarm_rule(code: &AlarmCode) -> String {
    format!("alarm:{code}")
}

/// A condition that needs a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Its id.
    pub id: Uuid,
    /// Where.
    pub site: SiteCode,
    /// The line, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineCode>,
    /// The machine, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<MachineCode>,
    /// What raised it: a rule's code, `alarm:CODE` of a machine, or `quarantine`.
    pub rule: String,
    /// How urgent it is.
    pub severity: Severity,
    /// Where it stands.
    pub state: AlertState,
    /// For people.
    pub text: String,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// When it was acknowledged first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acked_at: Option<Timestamp>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acked_by: Option<String>,
    /// When its condition ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleared_at: Option<Timestamp>,
}

/// An alert to be raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAlert {
    /// Its id.
    pub id: Uuid,
    /// Where.
    pub site: SiteCode,
    /// The line, if it is about one.
    pub line: Option<LineCode>,
    /// The machine, if it is about one.
    pub machine: Option<MachineCode>,
    /// A rule's code, `alarm:CODE` of a machine, or `quarantine`.
    pub rule: String,
    /// How urgent it is.
    pub severity: Severity,
    /// For people.
    pub text: String,
}

impl NewAlert {
    /// The alert as it is raised at this instant.
    pub fn raise(self, at: Timestamp) -> Alert {
        Alert {
            id: self.id,
            site: self.site,
            line: self.line,
            machine: self.machine,
            rule: self.rule,
            severity: self.severity,
            state: AlertState::Raised,
            text: self.text,
            raised_at: at,
            acked_at: None,
            acked_by: None,
            cleared_at: None,
        }
    }

    /// Whether an alert already stands for the same condition of the same place.
    pub fn is_active_in<'a>(&self, mut alerts: impl Iterator<Item = &'a Alert>) -> bool {
        alerts.any(|alert| {
            alert.is_active()
                && alert.rule == self.rule
                && alert.line == self.line
                && alert.machine == self.machine
        })
    }
}

impl Alert {
    /// Whether the condition still holds.
    pub fn is_active(&self) -> bool {
        self.cleared_at.is_none()
    }

    /// The line that keeps it in its stream; the site keeps the others, also those about a quarantined line.
    pub fn owning_line(&self) -> Option<&LineCode> {
        self.line.as_ref().filter(|_| self.rule != QUARANTINE)
    }

    /// Whether nobody needs to do anything any more: cleared and acknowledged.
    pub fn is_closed(&self) -> bool {
        self.cleared_at.is_some() && self.acked_at.is_some()
    }

    /// A person takes note. Only the first one counts; false if there was one before.
    pub fn ack(&mut self, by: &str, at: Timestamp) -> bool {
        if self.acked_at.is_some() {
            return false;
        }
        self.acked_at = Some(at);
        self.acked_by = Some(by.to_owned());
        if self.is_active() {
            self.state = AlertState::Acknowledged;
        }
        true
    }

    /// The condition ends. Only the first end counts; false if there was one before.
    pub fn clear(&mut self, at: Timestamp) -> bool {
        if self.cleared_at.is_some() {
            return false;
        }
        self.cleared_at = Some(at);
        self.state = AlertState::Cleared;
        true
    }
}

/// When to raise an alert, and how urgent it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertRule {
    /// Its code, unique in the tenant.
    pub code: RuleCode,
    /// The condition, as `kind` and its fields.
    #[serde(flatten)]
    pub condition: Condition,
    /// How urgent its alerts are.
    pub severity: Severity,
    /// Only this site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteCode>,
    /// Only lines with this code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineCode>,
    /// Only machines with this code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<MachineCode>,
    /// Counts changes, from 1.
    pub version: u64,
}

/// The condition of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Condition {
    /// A machine is down for longer than this.
    DownLongerThan {
        /// How long, in seconds; more than 0.
        duration_s: u32,
    },
    /// A measure is above a limit.
    MeasureAbove(MeasureLimit),
    /// A measure is below a limit.
    MeasureBelow(MeasureLimit),
}

/// A limit of a measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureLimit {
    /// The measure.
    pub metric: MetricName,
    /// The limit itself is not beyond the limit.
    pub limit: f64,
    /// How far the value must come back before the condition ends; 0 or more.
    #[serde(default)]
    pub deadband: f64,
    /// How long the value must be beyond the limit before the alert is raised, in seconds.
    #[serde(default)]
    pub on_delay_s: u32,
}

impl MeasureLimit {
    fn check(&self) -> Result<(), Rejection> {
        if !self.limit.is_finite() {
            return Err(Rejection::invalid("limit", "must be a finite number"));
        }
        if !self.deadband.is_finite() || self.deadband < 0.0 {
            return Err(Rejection::invalid("deadband", "must be a finite number, 0 or more"));
        }
        if self.on_delay_s > MAX_WAIT_S {
            return Err(Rejection::invalid("on_delay_s", "must be 0 to 86400"));
        }
        Ok(())
    }
}

impl Condition {
    /// Checks the numbers of the condition.
    pub fn check(&self) -> Result<(), Rejection> {
        match self {
            Self::DownLongerThan { duration_s: 1..=MAX_WAIT_S } => Ok(()),
            Self::DownLongerThan { .. } => Err(Rejection::invalid("duration_s", "must be 1 to 86400")),
            Self::MeasureAbove(limit) | Self::MeasureBelow(limit) => limit.check(),
        }
    }

    /// Whether a value is beyond the limit; once it was, it must come back by the deadband. Always false for
    /// conditions that are not about a measure.
    pub fn crosses(&self, value: f64, was_active: bool) -> bool {
        match self {
            Self::DownLongerThan { .. } => false,
            Self::MeasureAbove(l) => value > l.limit || (was_active && value > l.limit - l.deadband),
            Self::MeasureBelow(l) => value < l.limit || (was_active && value < l.limit + l.deadband),
        }
    }

    /// The measure it is about.
    pub fn metric(&self) -> Option<&MetricName> {
        match self {
            Self::DownLongerThan { .. } => None,
            Self::MeasureAbove(limit) | Self::MeasureBelow(limit) => Some(&limit.metric),
        }
    }

    /// How long the condition must hold before the alert is raised.
    pub fn delay(&self) -> DurationMs {
        let seconds = match self {
            Self::DownLongerThan { duration_s } => *duration_s,
            Self::MeasureAbove(limit) | Self::MeasureBelow(limit) => limit.on_delay_s,
        };
        DurationMs::from_secs(i64::from(seconds))
    }
}

impl AlertRule {
    /// Whether the rule watches this machine.
    pub fn matches(&self, site: &SiteCode, line: &LineCode, machine: &MachineCode) -> bool {
        self.site.as_ref().is_none_or(|own| own == site)
            && self.line.as_ref().is_none_or(|own| own == line)
            && self.machine.as_ref().is_none_or(|own| own == machine)
    }

    /// Whether a value is beyond the rule's limit: see [`Condition::crosses`].
    pub fn crosses(&self, value: f64, was_active: bool) -> bool {
        self.condition.crosses(value, was_active)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn above(limit: f64, deadband: f64) -> Condition {
        let metric = "temp".parse().unwrap();
        Condition::MeasureAbove(MeasureLimit { metric, limit, deadband, on_delay_s: 0 })
    }

    #[test]
    fn a_value_must_come_back_by_the_deadband() {
        let hot = above(80.0, 5.0);
        for (value, was_active, is_active) in [
            (80.0, false, false),
            (80.1, false, true),
            (76.0, true, true),
            (75.0, true, false),
            (76.0, false, false),
        ] {
            assert_eq!(hot.crosses(value, was_active), is_active, "{value} {was_active}");
        }
    }

    #[test]
    fn a_rule_is_flat_and_checked() {
        let rule: AlertRule = serde_json::from_value(json!({
            "code": "too-cold", "kind": "measure_below", "metric": "temp", "limit": 5, "severity": "high",
            "site": "lyon", "version": 1,
        }))
        .unwrap();
        assert!(rule.condition.check().is_ok());
        assert!(rule.crosses(4.9, false) && !rule.crosses(5.0, false));
        let json = serde_json::to_value(&rule).unwrap();
        assert_eq!(json["kind"], "measure_below");
        assert_eq!(serde_json::from_value::<AlertRule>(json).unwrap(), rule);
        let (line, machine) = ("saw".parse().unwrap(), "m1".parse().unwrap());
        assert!(rule.matches(&"lyon".parse().unwrap(), &line, &machine));
        assert!(!rule.matches(&"metz".parse().unwrap(), &line, &machine));
        for bad in [
            above(f64::NAN, 0.0),
            above(1.0, -1.0),
            above(1.0, f64::INFINITY),
            Condition::DownLongerThan { duration_s: 0 },
            Condition::DownLongerThan { duration_s: 86_401 },
        ] {
            assert!(bad.check().is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn above_and_below_mirror_each_other(limit in -1e6..1e6f64, deadband in 0.0..1e3f64, value in -1e6..1e6f64, was: bool) {
            let Condition::MeasureAbove(mirrored) = above(-limit, deadband) else { unreachable!() };
            let below = Condition::MeasureBelow(MeasureLimit { limit, ..mirrored });
            prop_assert_eq!(above(-limit, deadband).crosses(-value, was), below.crosses(value, was));
        }
    }
}
