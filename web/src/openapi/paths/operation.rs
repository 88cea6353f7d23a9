//! Alert rules, alerts, dead letters, quarantine.

use crate::authorize::Action;
use crate::openapi::operation::{Operation, delete, get, post};
use crate::openapi::schema::List;
use crate::openapi::schema::ingest::MessageResult;
use crate::openapi::schema::operation::{Alert, AlertRule, DeadLetter, NewAlertRule, QuarantinedLine};
use crate::openapi::schema::words::{AlertState, Severity, Slug};

const RULES: &str = "/api/v1/alert-rules";
const RULE: &str = "/api/v1/alert-rules/{code}";
const LETTER: &str = "/api/v1/dead-letters/{id}";

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        get(RULES, "list_alert_rules", "The rules that raise alerts.").paged().gives::<List<AlertRule>>(200),
        post(RULES, "create_alert_rule", "Adds a rule.")
            .may(Action::RuleWrite)
            .takes::<NewAlertRule>()
            .creates::<AlertRule>(),
        get(RULE, "get_alert_rule", "A rule.").object::<AlertRule>(),
        delete(RULE, "remove_alert_rule", "Removes a rule.")
            .may(Action::RuleWrite)
            .guarded()
            .gives_nothing(204),
        get("/api/v1/alerts", "list_alerts", "Alerts, newest first; `open`: those that are not closed.")
            .filters::<Slug>(&["site", "line"])
            .filters::<AlertState>(&["state"])
            .filters::<Severity>(&["severity"])
            .flag("open")
            .paged()
            .gives::<List<Alert>>(200),
        get("/api/v1/alerts/{id}", "get_alert", "An alert.").gives::<Alert>(200),
        post(
            "/api/v1/alerts/{id}/ack",
            "acknowledge_alert",
            "Takes note of an alert; again changes nothing.",
        )
        .may(Action::AlertAck)
        .gives::<Alert>(200),
        get("/api/v1/dead-letters", "list_dead_letters", "Refused messages, newest first.")
            .about("Who sees several sites only must name one.")
            .may(Action::DeadLetterRead)
            .filters::<Slug>(&["site"])
            .words(&["code"])
            .paged()
            .gives::<List<DeadLetter>>(200),
        get(LETTER, "get_dead_letter", "A refused message.")
            .may(Action::DeadLetterRead)
            .gives::<DeadLetter>(200),
        delete(LETTER, "remove_dead_letter", "Discards a refused message.")
            .may(Action::DeadLetterResolve)
            .gives_nothing(204),
        post("/api/v1/dead-letters/{id}/retry", "retry_dead_letter", "Sends a refused message again.")
            .about("The letter stays if it is refused again.")
            .may(Action::DeadLetterResolve)
            .gives::<MessageResult>(200),
        post("/api/v1/dead-letters/{id}/discard", "discard_dead_letter", "Discards a refused message.")
            .may(Action::DeadLetterResolve)
            .gives_nothing(204),
        get("/api/v1/quarantine", "list_quarantine", "Lines that were restarted too often.")
            .may(Action::QuarantineRead)
            .gives::<List<QuarantinedLine>>(200),
        post("/api/v1/quarantine/{site}/{line}/release", "release_line", "Starts a quarantined line again.")
            .may(Action::QuarantineRelease)
            .gives_nothing(204),
    ]
}
