//! What a line does and did.

use crate::authorize::Action;
use crate::openapi::operation::{Operation, get, patch};
use crate::openapi::schema::List;
use crate::openapi::schema::kpi::{LossAnalysis, OeeHistory, Timeline};
use crate::openapi::schema::live::LineData;
use crate::openapi::schema::operation::{ChangedStop, LineEvent, Samples, Stop, StopPatch, StopWithEvents};
use crate::openapi::schema::words::{FreeCode, KpiBucket, MetricName, Slug};

const STOP: &str = "/api/v1/sites/{site}/lines/{line}/stops/{id}";

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        get(
            "/api/v1/sites/{site}/lines/{line}/state",
            "line_state",
            "The data of the live topic of the line.",
        )
        .gives::<LineData>(200),
        get(
            "/api/v1/sites/{site}/lines/{line}/stops",
            "list_stops",
            "When the machines stood, newest first.",
        )
        .filters::<Slug>(&["machine"])
        .span()
        .filters::<FreeCode>(&["reason"])
        .flag("unclassified")
        .paged()
        .gives::<List<Stop>>(200),
        get(STOP, "stop", "One stop with the events it is made of.")
            .about("The first event and the newest 64; none of a stop that ended before the hub kept them.")
            .gives::<StopWithEvents>(200),
        patch(STOP, "change_stop", "Says why a machine stood, comments a stop, or cuts it in two.")
            .may(Action::StopWrite)
            .takes::<StopPatch>()
            .gives::<ChangedStop>(200),
        get("/api/v1/sites/{site}/lines/{line}/events", "line_events", "The log of the line, in order.")
            .about(
                "One request looks at 20,000 events at most: a page may be short, and its cursor leads on. \
                `total` is refused.",
            )
            .filters::<Slug>(&["machine"])
            .words(&["kind"])
            .span()
            .paged()
            .gives::<List<LineEvent>>(200),
        get("/api/v1/sites/{site}/lines/{line}/samples", "samples", "One metric over time, downsampled.")
            .about("The last hour without `from` and `to`.")
            .asks::<MetricName>("metric")
            .filters::<Slug>(&["machine"])
            .span()
            .number("points", 3, 5000, 500)
            .gives::<Samples>(200),
        get(
            "/api/v1/sites/{site}/lines/{line}/timeline",
            "timeline",
            "What the machines did, shifts and orders.",
        )
        .about("The shift that is on without `from` and `to`; at most 7 days.")
        .span()
        .gives::<Timeline>(200),
        get("/api/v1/kpi/oee", "kpi_oee", "OEE of a line, or of every line of a site, with all its inputs.")
            .about("The last 24 h without `from` and `to`; at most 2,000 items.")
            .asks::<Slug>("site")
            .filters::<Slug>(&["line"])
            .span()
            .filters::<KpiBucket>(&["bucket"])
            .refuses(&[404])
            .gives::<OeeHistory>(200),
        get("/api/v1/kpi/losses", "kpi_losses", "Where the time of a line, or of a site, went.")
            .about("The last 24 h without `from` and `to`.")
            .asks::<Slug>("site")
            .filters::<Slug>(&["line"])
            .span()
            .refuses(&[404])
            .gives::<LossAnalysis>(200),
    ]
}
