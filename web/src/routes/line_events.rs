//! `/sites/{site}/lines/{line}/events`: the log of a line, as it was written.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hub::HubHandle;
use actors::ports::{LogEvent, Page, Store};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Timestamp;
use domain::ids::{LineAddress, MachineCode, Seq, StreamId};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::lines::existing_line;
use super::reply;
use crate::auth::Caller;
use crate::extract::Query;
use crate::problem::Problem;

/// How many events are read at once.
const READ_EVENTS: usize = 1_000;
/// How many events one request looks at; where few match, a page is short and its cursor leads on.
const MAX_SEEN_EVENTS: usize = 20_000;

/// An event of the log.
#[derive(Serialize)]
pub(super) struct EventView {
    seq: Seq,
    at: Timestamp,
    kind: String,
    data: Map<String, Value>,
}

impl EventView {
    /// The event as it is shown: its kind stands beside its data.
    pub(super) fn of(event: LogEvent) -> Result<Self, Problem> {
        let mut data: Map<String, Value> = serde_json::from_str(&event.payload).map_err(|error| {
            tracing::error!(%error, seq = %event.seq, "an event of the log cannot be read");
            Problem::internal()
        })?;
        data.remove("kind");
        Ok(Self { seq: event.seq, at: event.at, kind: event.kind, data })
    }

    /// The machine that the event itself names.
    fn machine(&self) -> Option<&str> {
        let within = |name| self.data.get(name)?.get("machine");
        self.data.get("machine").or_else(|| within("stop")).or_else(|| within("alert"))?.as_str()
    }

    fn id(&self) -> Option<Uuid> {
        self.data.get("id")?.as_str()?.parse().ok()
    }
}

/// Only events of one machine. Those that name a stop or an alert alone are found by it.
struct OfMachine<'a> {
    machine: MachineCode,
    line: &'a LineAddress,
    store: &'a dyn Store,
    /// The machine of the newest report of a state: what happens to stops after it is that machine's.
    reported: Option<String>,
}

impl OfMachine<'_> {
    async fn matches(&mut self, event: &EventView) -> Result<bool, Problem> {
        if let Some(machine) = event.machine() {
            if matches!(event.kind.as_str(), "state_reported" | "contact_lost") {
                self.reported = Some(machine.to_owned());
            }
            return Ok(machine == self.machine.as_str());
        }
        let Some(id) = event.id() else { return Ok(false) };
        Ok(match event.kind.as_str() {
            "stop_ended" | "stop_reason_given" => match &self.reported {
                Some(reported) => reported == self.machine.as_str(),
                None => {
                    let stop = self.store.stop(self.line, id).await?;
                    stop.is_some_and(|(stop, _)| stop.machine == self.machine)
                }
            },
            "alert_acked" | "alert_cleared" => {
                let alert = self.store.alert(&self.line.tenant, id).await?;
                alert.is_some_and(|alert| alert.machine.as_ref() == Some(&self.machine))
            }
            _ => false,
        })
    }
}

/// The place that a page goes on after.
fn place(cursor: Option<&str>) -> Result<Seq, Problem> {
    let Some(cursor) = cursor else { return Ok(Seq(0)) };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let seq = bytes.and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok());
    seq.map(Seq).ok_or_else(|| Problem::invalid("cursor", "was not made by this list"))
}

/// Which events of a line.
struct Reading<'a> {
    stream: StreamId,
    store: &'a dyn Store,
    after: Seq,
    last: Seq,
    kind: Option<String>,
    of_machine: Option<OfMachine<'a>>,
}

impl Reading<'_> {
    async fn matches(&mut self, event: &EventView) -> Result<bool, Problem> {
        // Also where the kind does not match: it may be the report that tells what the next one is about.
        let is_machines = match &mut self.of_machine {
            Some(of_machine) => of_machine.matches(event).await?,
            None => true,
        };
        Ok(is_machines && self.kind.as_ref().is_none_or(|kind| *kind == event.kind))
    }

    async fn page(mut self, limit: usize) -> Result<Page<EventView>, Problem> {
        let (mut items, mut seen) = (Vec::new(), 0);
        let page = |items, next: Option<Seq>| {
            let next_cursor = next.map(|place| URL_SAFE_NO_PAD.encode(place.to_string()));
            Page { items, next_cursor, total: None }
        };
        let last = self.last;
        while self.after < last {
            if seen >= MAX_SEEN_EVENTS {
                return Ok(page(items, Some(self.after)));
            }
            let events = self.store.read(&self.stream, self.after, READ_EVENTS).await?;
            let is_end = events.len() < READ_EVENTS;
            seen += events.len();
            for event in events.into_iter().take_while(|event| event.seq <= last) {
                let before = std::mem::replace(&mut self.after, event.seq);
                let event = EventView::of(event)?;
                if !self.matches(&event).await? {
                    continue;
                }
                if items.len() == limit {
                    return Ok(page(items, Some(before)));
                }
                items.push(event);
            }
            if is_end {
                break;
            }
        }
        Ok(page(items, None))
    }
}

pub(super) async fn list(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&req)?;
    let (machine, kind) = (query.value::<MachineCode>("machine")?, query.text("kind")?);
    let (from, to) = (query.time("from")?, query.time("to")?);
    let request = query.page()?;
    query.finish()?;
    if request.total {
        return Err(Problem::invalid("total", "is not counted for a log"));
    }
    let line = existing_line(&req, &caller, &hub).await?;
    let stream = StreamId::Line(line.clone());
    let store: &dyn Store = store.as_ref().as_ref();
    let mut after = place(request.cursor.as_deref())?;
    if let Some(from) = from {
        after = after.max(store.last_before(&stream, from).await?);
    }
    let last = match to {
        Some(to) => store.last_before(&stream, to).await?,
        None => Seq(u64::MAX),
    };
    let of_machine = machine.map(|machine| OfMachine { machine, line: &line, store, reported: None });
    let reading = Reading { stream, store, after, last, kind, of_machine };
    let page = reading.page(request.limit as usize).await?;
    Ok(reply::list(page, |event| event))
}
