//! Messages of devices, the live socket, health, and this document.

use crate::authorize::Action;
use crate::openapi::operation::{Operation, get, post};
use crate::openapi::schema::ingest::{DeviceMessage, DeviceMessages, MessageResult, MessageResults};
use crate::openapi::schema::service::{Liveness, Readiness};

const NDJSON: &str = "application/x-ndjson";

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        post("/api/v1/ingest", "ingest", "Takes messages of devices; the answer comes after the commit.")
            .about(
                "At most 1,000 messages and 1 MiB; as NDJSON one message and one result a line. 503 if nothing \
                 could be stored within 10 s.",
            )
            .may_and_devices(Action::Ingest)
            .unkeyed()
            .takes::<DeviceMessages>()
            .takes_as::<DeviceMessage>(&[NDJSON])
            .gives::<MessageResults>(200)
            .gives_as::<MessageResult>(200, NDJSON)
            .refuses(&[429]),
        get("/api/v1/live", "live", "Opens the live socket, sub-protocol `topsteel.v1`.")
            .about("The first frame is `auth`; see the schemas `ClientFrame` and `ServerFrame`.")
            .open()
            .gives_nothing(101)
            .refuses(&[400, 403, 426, 505]),
        get("/api/v1/openapi.json", "openapi", "This document.")
            .open()
            .gives_any(200)
            .gives_nothing(304),
        get("/health/live", "health_live", "Answers as long as the process does.")
            .open()
            .gives::<Liveness>(200),
        get("/health/ready", "health_ready", "Whether messages are taken and acknowledged.")
            .open()
            .gives::<Readiness>(200)
            .gives::<Readiness>(503),
        get("/metrics", "metrics", "Figures in the text format of Prometheus.")
            .open()
            .gives_text(200, "text/plain"),
    ]
}
