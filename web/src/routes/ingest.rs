//! `POST /ingest`: the messages of devices over HTTP; each stands alone, the answer comes after the commit.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use actors::clock::Clock;
use actors::credentials::authenticate_device;
use actors::hub::HubHandle;
use actors::ingest::{ItemOutcome, Pending, Sender, Withheld};
use actors::ports::{Role, Store};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::wire::payload::{IngestForm, IngestItem, Refusal, decode_ingest};
use domain::wire::scope::DeviceScope;
use domain::wire::topic::{Channel, DeviceTopic};
use domain::{Code, Rejection};
use serde::Serialize;
use tokio::time::Instant;

use crate::auth::{Caller, Throttle, caller};
use crate::authorize::Action;
use crate::extract::{Query, media_type, read_body};
use crate::problem::Problem;
use crate::trail::{self, Peer, clean};

const NDJSON: &str = "application/x-ndjson";

/// Until when the commits of a request must have come; in the application's data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IngestTimeout(pub(crate) Duration);

/// What came of one message.
#[derive(Serialize)]
pub(super) struct ResultView {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

#[derive(Serialize)]
struct ResultsView {
    results: Vec<ResultView>,
}

impl From<ItemOutcome> for ResultView {
    fn from(outcome: ItemOutcome) -> Self {
        match outcome {
            ItemOutcome::Accepted { id } => Self { status: "accepted", id, code: None, detail: None },
            ItemOutcome::Duplicate { id } => Self { status: "duplicate", id, code: None, detail: None },
            ItemOutcome::Refused { id, rejection, .. } => Self::refused(id, &rejection),
        }
    }
}

impl ResultView {
    fn refused(id: Option<String>, rejection: &Rejection) -> Self {
        let detail = Some(rejection.to_string());
        Self { status: "refused", id, code: Some(rejection.code.as_str()), detail }
    }

    /// Not stored, and not at fault either: to be sent again.
    fn withheld(id: Option<String>, withheld: &Withheld) -> Self {
        match withheld {
            Withheld::Unavailable { code, .. } => {
                let detail = Some("was not stored; send it again later".to_owned());
                Self { status: "refused", id, code: Some(code), detail }
            }
            Withheld::Quarantined(rejection) => Self::refused(id, rejection),
        }
    }
}

/// Who sends: a device, or a user whose roles and sites are looked at per message.
enum Source {
    Device(Sender),
    User(Caller, Sender),
}

impl Source {
    fn sender(&self) -> &Sender {
        match self {
            Self::Device(sender) | Self::User(_, sender) => sender,
        }
    }

    /// A user speaks for the sites they see; a storekeeper only about stock. A device's scope is checked at the
    /// gateway. Refused like a topic out of a device's scope, so that nothing is told about other tenants.
    fn check(&self, topic: &DeviceTopic) -> Result<(), Rejection> {
        let Self::User(caller, _) = self else { return Ok(()) };
        let is_stock = topic.channel() == Channel::Stock;
        let has_role = caller.has_any(&[Role::Operator, Role::Supervisor, Role::Admin])
            || (is_stock && caller.has_any(&[Role::Storekeeper]));
        if has_role && topic.tenant() == &caller.tenant && caller.sees(topic.site()) {
            return Ok(());
        }
        Err(Rejection::new(Code::OutOfScope, Some("topic"), "is not within what you may speak for"))
    }
}

pub(super) async fn ingest(
    req: HttpRequest,
    payload: web::Payload,
    hub: web::Data<HubHandle>,
    timeout: web::Data<IngestTimeout>,
) -> Result<HttpResponse, Problem> {
    Query::none(&req)?;
    let source = source(&req).await?;
    let form = match media_type(&req).as_deref() {
        Some("application/json") => IngestForm::Json,
        Some(NDJSON) => IngestForm::NdJson,
        _ => return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)),
    };
    let body = read_body(&req, &mut payload.into_inner()).await?;
    let items = decode_ingest(form, &body)?;
    trail::tried(&req, "ingest", format!("{} messages", items.len()));
    let deadline = Instant::now() + timeout.0;
    let sent = send_all(&source, &hub, &body, items, deadline).await;
    let (results, stored, withheld) = outcomes(sent, deadline).await;
    if !stored && let Some(withheld) = withheld {
        return Err(match withheld {
            Withheld::Unavailable { code, retry_after_ms } => Problem::unavailable(code, retry_after_ms),
            Withheld::Quarantined(rejection) => Problem::from(rejection),
        });
    }
    Ok(match form {
        IngestForm::Json => HttpResponse::Ok().json(ResultsView { results }),
        IngestForm::NdJson => {
            let lines = results.iter().filter_map(|result| serde_json::to_string(result).ok());
            let body: String = lines.map(|line| line + "\n").collect();
            HttpResponse::Ok().insert_header((header::CONTENT_TYPE, NDJSON)).body(body)
        }
    })
}

/// One message on its way: waiting for its commit, or already answered.
enum Sent {
    Pending(Option<String>, Box<Pending>),
    Refused(ResultView),
    Withheld(Option<String>, Withheld),
}

/// Hands the messages over one after the other, which keeps their order.
async fn send_all(
    source: &Source,
    hub: &HubHandle,
    body: &Bytes,
    items: Vec<IngestItem<'_>>,
    deadline: Instant,
) -> Vec<Sent> {
    let mut sent = Vec::with_capacity(items.len());
    for IngestItem { raw, topic, decoded } in items {
        let (topic, message, id) = match decoded {
            Ok((address, message)) => {
                let id = message.envelope.id.as_ref().map(ToString::to_string);
                if let Err(rejection) = source.check(&address) {
                    let refusal = Refusal { id: message.envelope.id, index: None, rejection };
                    let (topic, raw) = (topic.unwrap_or_default(), body.slice_ref(raw));
                    hub.ingest().show_refusal(source.sender(), &topic, &refusal, &raw);
                    sent.push(Sent::Refused(ResultView::refused(id, &refusal.rejection)));
                    continue;
                }
                (topic.unwrap_or_default(), Ok(message), id)
            }
            Err(refusal) => match topic.as_deref().and_then(|topic| DeviceTopic::parse(topic).ok()) {
                // A bad message on a topic of the sender's is set aside as a dead letter by the gateway.
                Some(address) if is_own(source, &address) => {
                    let id = refusal.id.as_ref().map(ToString::to_string);
                    (topic.unwrap_or_default(), Err(refusal), id)
                }
                _ => {
                    let (topic, raw) = (topic.unwrap_or_default(), body.slice_ref(raw));
                    hub.ingest().show_refusal(source.sender(), &topic, &refusal, &raw);
                    sent.push(Sent::Refused(unaddressed(&refusal)));
                    continue;
                }
            },
        };
        let raw = body.slice_ref(raw);
        sent.push(
            match in_time(deadline, hub.ingest().send_item(source.sender(), &topic, message, raw)).await {
                Ok(pending) => Sent::Pending(id, Box::new(pending)),
                Err(withheld) => Sent::Withheld(id, withheld),
            },
        );
    }
    sent
}

/// What takes too long may still happen: the sender is told to send it again, and its id keeps it from counting twice.
async fn in_time<T>(
    deadline: Instant,
    work: impl Future<Output = Result<T, Withheld>>,
) -> Result<T, Withheld> {
    let late = Withheld::Unavailable { code: "store_unavailable", retry_after_ms: 1000 };
    tokio::time::timeout_at(deadline, work).await.unwrap_or(Err(late))
}

fn is_own(source: &Source, topic: &DeviceTopic) -> bool {
    source.check(topic).is_ok() && source.sender().scope.covers(topic)
}

fn unaddressed(refusal: &Refusal) -> ResultView {
    ResultView::refused(refusal.id.as_ref().map(ToString::to_string), &refusal.rejection)
}

/// The results in order, whether anything was stored (or needed no storing), and a reason why something was not.
async fn outcomes(sent: Vec<Sent>, deadline: Instant) -> (Vec<ResultView>, bool, Option<Withheld>) {
    let (mut stored, mut reason) = (false, None);
    let mut results = Vec::with_capacity(sent.len());
    for item in sent {
        let (id, withheld) = match item {
            Sent::Refused(view) => {
                stored = true;
                results.push(view);
                continue;
            }
            Sent::Pending(id, pending) => match in_time(deadline, pending.outcome()).await {
                Ok(outcomes) => {
                    stored = true;
                    results.extend(outcomes.into_iter().map(ResultView::from));
                    continue;
                }
                Err(withheld) => (id, withheld),
            },
            Sent::Withheld(id, withheld) => (id, withheld),
        };
        results.push(ResultView::withheld(id, &withheld));
        reason.get_or_insert(withheld);
    }
    (results, stored, reason)
}

async fn source(req: &HttpRequest) -> Result<Source, Problem> {
    trail::tried(req, "ingest", "messages");
    if let Some((username, token)) = basic(req) {
        return device(req, &username, &token).await.map(Source::Device);
    }
    let caller = caller(req).await?;
    caller.may(req, Action::Ingest, "ingest", "messages")?;
    let sender = Sender { name: caller.email.clone(), scope: DeviceScope::of_tenant(caller.tenant.clone()) };
    Ok(Source::User(caller, sender))
}

fn basic(req: &HttpRequest) -> Option<(String, String)> {
    let value = req.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    text.split_once(':').map(|(username, token)| (username.to_owned(), token.to_owned()))
}

/// A device by its credential. An unknown one takes as long and is answered the same.
async fn device(req: &HttpRequest, username: &str, token: &str) -> Result<Sender, Problem> {
    trail::note(req, |trail| trail.actor = Some(clean(username)));
    let store = req.app_data::<web::Data<Arc<dyn Store>>>().ok_or_else(Problem::internal)?;
    let throttle = req.app_data::<web::Data<Throttle>>().ok_or_else(Problem::internal)?;
    let clock = req.app_data::<web::Data<Arc<dyn Clock>>>().ok_or_else(Problem::internal)?;
    let ticket = throttle.admit(&format!("device {username}"), Peer::of(req).0, clock.now())?;
    let record = authenticate_device(store.as_ref().as_ref(), username, token).await?;
    let record = record.ok_or_else(Problem::unauthenticated)?;
    ticket.succeeded();
    trail::note(req, |trail| trail.tenant = Some(record.scope.tenant().clone()));
    Ok(Sender { name: record.username, scope: record.scope })
}
