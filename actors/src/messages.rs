//! What actors say to each other; the actors that handle these messages do not know who sends them.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix::Message;
use domain::alert::Alert;
use domain::ids::{LineAddress, LineCode, MachineCode, Seq, SiteAddress, SiteCode};
use domain::line::{FoundStop, LineFact, LineSpec, StopChange, StopChanged};
use domain::message::DeviceMessage;
use domain::order::{Order, RunningOrder};
use domain::site::{SiteCommand, SiteEvent};
use domain::tenant::{Site, TenantCommand, TenantState};
use domain::view::LineTile;
use domain::{Code, Rejection, Timestamp};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::supervision::{ExitReport, MessageKey};

/// Nothing was decided: the queue to the log is full. Try again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saturated;

/// The answer to one element of a packet.
#[derive(Clone, Debug, PartialEq)]
pub enum ElementResult {
    /// Applied and durable.
    Accepted,
    /// Its id was accepted before, and that is durable.
    Duplicate,
    /// Nothing happened.
    Refused(Rejection),
}

/// What the sender of a packet hears when it is durable; a dropped sender says that the actor ended.
pub type PacketReply = oneshot::Sender<Result<Vec<ElementResult>, Saturated>>;

/// The elements of one packet, in order.
#[derive(Debug)]
pub struct Packet {
    /// The digest of topic and payload.
    pub digest: u64,
    /// The elements that could be decoded.
    pub elements: Vec<DeviceMessage>,
    /// When it was received.
    pub received_at: Timestamp,
}

impl Packet {
    /// Names an element across deliveries.
    pub fn key(&self, index: usize) -> MessageKey {
        MessageKey { packet: self.digest, index: u32::try_from(index).unwrap_or(u32::MAX) }
    }
}

/// Messages of a machine, for its line.
#[derive(Message)]
#[rtype(result = "()")]
pub struct LinePacket {
    /// The machine.
    pub machine: MachineCode,
    /// The messages.
    pub packet: Arc<Packet>,
    /// Where the answer goes.
    pub reply: PacketReply,
}

/// Order and stock messages of devices, for their site.
#[derive(Message)]
#[rtype(result = "()")]
pub struct SitePacket {
    /// The machine, or none for the site's own topic.
    pub machine: Option<(LineCode, MachineCode)>,
    /// The messages.
    pub packet: Arc<Packet>,
    /// Where the answer goes.
    pub reply: PacketReply,
}

/// A device's session was lost for longer than the grace time.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct ContactLost(pub MachineCode);

/// A device's session is alive.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct Contact(pub MachineCode);

/// What a line is: from the directory, by way of its site.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct ConfigureLine(pub Arc<LineSpec>);

/// Which order runs on a line, and the site's event that says so.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct SetRunningOrder {
    /// The order.
    pub order: Option<RunningOrder>,
    /// The event.
    pub site_seq: Seq,
}

/// What a line's stream says from one place to another.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct LineFacts {
    /// The line.
    pub line: LineCode,
    /// The first place it speaks of.
    pub from: Seq,
    /// The last one.
    pub to: Seq,
    /// What happened there; `None` says only that something did: read it in the log.
    pub facts: Option<Vec<LineFact>>,
}

/// A line's tile has changed.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct TileChanged {
    /// The line.
    pub line: LineCode,
    /// Its tile.
    pub tile: Box<LineTile>,
}

/// An alert of a line or site has changed.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct AlertChanged {
    /// The alert.
    pub id: Uuid,
    /// As it is now; none once it is closed.
    pub alert: Option<Alert>,
}

/// Every alert that a line or a site has open when it starts: of its earlier life some news may have been lost.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct OpenAlerts {
    /// The site.
    pub site: SiteCode,
    /// The line; none is the site itself.
    pub line: Option<LineCode>,
    /// Its alerts.
    pub alerts: Vec<Alert>,
}

/// Somebody is looking now: publish everything.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct Refresh;

/// A person acknowledges an alert. The answer is the alert as it is then.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct AckAlert {
    /// The alert.
    pub id: Uuid,
    /// Who.
    pub by: String,
    /// Where the answer goes.
    pub reply: oneshot::Sender<Result<Alert, CommandFailure>>,
}

/// A person changes a stop. The answer is the stop as it is then; none if what was read of it may be old: then
/// it is to be read again.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct ChangeStop {
    /// The stop as it was read.
    pub found: Box<FoundStop>,
    /// What to change.
    pub change: StopChange,
    /// Who.
    pub by: String,
    /// Where the answer goes.
    pub reply: oneshot::Sender<Result<Option<StopChanged>, CommandFailure>>,
}

/// The whole view of a line, as far as it is committed.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct ReadLine(pub oneshot::Sender<Value>);

/// Why a command had no effect.
#[derive(Clone, Debug, PartialEq)]
pub enum CommandFailure {
    /// It was refused.
    Rejected(Rejection),
    /// It was not decided: try again later.
    Saturated,
}

impl From<Rejection> for CommandFailure {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

/// What a site did for a command.
#[derive(Clone, Debug)]
pub struct SiteReply {
    /// What happened; nothing if everything was so already.
    pub events: Vec<SiteEvent>,
    /// The order it was about, as it is then.
    pub order: Option<Order>,
    /// The alert it was about, as it is then.
    pub alert: Option<Alert>,
    /// When a command with the same key was accepted, if this one is that one sent again.
    pub first_at: Option<Timestamp>,
}

/// A command for a site.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct SiteRequest {
    /// What to do.
    pub command: SiteCommand,
    /// Where the answer goes.
    pub reply: oneshot::Sender<Result<SiteReply, CommandFailure>>,
}

/// A command for a tenant. The answer is its directory after it, and every line knows of it by then.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct TenantRequest {
    /// What to do.
    pub command: TenantCommand,
    /// Where the answer goes.
    pub reply: oneshot::Sender<Result<Arc<TenantState>, CommandFailure>>,
}

/// What a site is: from the directory.
#[derive(Clone, Debug)]
pub struct SiteSpec {
    /// Where it is.
    pub address: SiteAddress,
    /// What it is.
    pub site: Site,
    /// Its lines.
    pub lines: BTreeMap<LineCode, Arc<LineSpec>>,
}

/// What a site is; `done` is told when its lines know what concerns them.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct ConfigureSite {
    /// The description.
    pub spec: Arc<SiteSpec>,
    /// Told when every line has been told.
    pub done: oneshot::Sender<()>,
}

/// A line has ended.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct LineExited {
    /// The line.
    pub line: LineCode,
    /// How.
    pub report: ExitReport,
}

/// A site has ended.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct SiteExited {
    /// The site.
    pub site: SiteCode,
    /// How.
    pub report: ExitReport,
}

/// A person releases a quarantined line.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct ReleaseLine {
    /// The line.
    pub line: LineCode,
    /// Where the answer goes.
    pub reply: oneshot::Sender<Result<(), Rejection>>,
}

/// A line that was restarted too often.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuarantineItem {
    /// Its site.
    pub site: SiteCode,
    /// The line.
    pub line: LineCode,
    /// Since when.
    pub since: Timestamp,
    /// How often it was restarted, all in all.
    pub restarts: u32,
    /// How it ended last.
    pub last_exit: String,
}

/// Which lines of a site are quarantined?
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct ReadQuarantine(pub oneshot::Sender<Vec<QuarantineItem>>);

/// The line has left the directory: close what is open, then end.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct LineRemoved;

/// The parent has ended or the object was removed: end as well.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct Terminate;

/// What do you see of yourself? Every actor answers it.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Inspect(pub oneshot::Sender<Inspection>);

/// An actor's observable state: for tests, health and the admin page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// Who.
    pub actor: String,
    /// Whether its stream is loaded and it takes messages.
    pub ready: bool,
    /// The last durable event of its stream.
    pub committed_seq: Seq,
    /// How many appends are on their way.
    pub in_flight: usize,
    /// Children that are up, by parents only.
    pub children_up: usize,
    /// Children that are waiting for a restart or quarantined, by parents only.
    pub children_away: usize,
}

/// The refusal of what is sent to a quarantined line.
pub fn line_quarantined(address: &LineAddress) -> Rejection {
    Rejection::new(
        Code::LineQuarantined,
        Some("line"),
        format!("line {address} is quarantined after too many restarts, a person must release it"),
    )
}
