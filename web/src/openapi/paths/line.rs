//! What a line does and did.

use crate::openapi::operation::{Operation, get};
use crate::openapi::schema::List;
use crate::openapi::schema::live::LineData;
use crate::openapi::schema::operation::{Samples, Stop};
use crate::openapi::schema::words::{MetricName, Slug};

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
        .paged()
        .gives::<List<Stop>>(200),
        get("/api/v1/sites/{site}/lines/{line}/samples", "samples", "One metric over time, downsampled.")
            .about("The last hour without `from` and `to`.")
            .asks::<MetricName>("metric")
            .filters::<Slug>(&["machine"])
            .span()
            .number("points", 3, 5000, 500)
            .gives::<Samples>(200),
    ]
}
