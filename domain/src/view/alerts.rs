//! Alerts as dashboards show them.

use serde::Serialize;

use crate::Timestamp;
use crate::alert::Alert;
use crate::ids::{LineCode, MachineCode, SiteCode};
use crate::vocabulary::{AlertState, Severity};

/// How many alerts are open, by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AlertCounts {
    /// Act at once.
    pub critical: u32,
    /// Act soon.
    pub high: u32,
    /// Act today.
    pub medium: u32,
    /// Know about it.
    pub low: u32,
}

impl AlertCounts {
    /// Counts alerts that are still active.
    pub fn of<'a>(alerts: impl Iterator<Item = &'a Alert>) -> Self {
        let mut counts = Self::default();
        for alert in alerts.filter(|alert| alert.is_active()) {
            match alert.severity {
                Severity::Critical => counts.critical += 1,
                Severity::High => counts.high += 1,
                Severity::Medium => counts.medium += 1,
                Severity::Low => counts.low += 1,
            }
        }
        counts
    }

    /// The sum of two.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            critical: self.critical + other.critical,
            high: self.high + other.high,
            medium: self.medium + other.medium,
            low: self.low + other.low,
        }
    }
}

/// One alert in the topics `alerts` and `alerts/{site}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the alert")]
pub struct AlertView<'a> {
    pub site: &'a SiteCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<&'a LineCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<&'a MachineCode>,
    pub rule: &'a str,
    pub severity: Severity,
    pub state: AlertState,
    pub text: &'a str,
    pub raised_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acked_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acked_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleared_at: Option<Timestamp>,
}

impl<'a> From<&'a Alert> for AlertView<'a> {
    fn from(alert: &'a Alert) -> Self {
        Self {
            site: &alert.site,
            line: alert.line.as_ref(),
            machine: alert.machine.as_ref(),
            rule: &alert.rule,
            severity: alert.severity,
            state: alert.state,
            text: &alert.text,
            raised_at: alert.raised_at,
            acked_at: alert.acked_at,
            acked_by: alert.acked_by.as_deref(),
            cleared_at: alert.cleared_at,
        }
    }
}
