//! Plays recordings: a thin driver that waits until a message is due and hands it to a [`Publisher`].

use std::sync::Arc;
use std::time::Duration;

use actors::clock::Clock;
use async_trait::async_trait;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::FeedError;
use super::message::FeedMessage;
use super::recording::Recording;
use super::schedule::{Schedule, Speed};

/// Where a replay's messages go.
#[async_trait]
pub trait Publisher: Send + Sync {
    /// Takes a message over; waits while too many are not acknowledged yet.
    async fn publish(&self, topic: String, payload: Bytes) -> Result<(), PublishError>;

    /// Waits until everything taken over is acknowledged.
    async fn drain(&self) -> Result<(), PublishError>;
}

/// The time a replay runs by.
#[async_trait]
pub trait Pace: Send + Sync {
    /// The present.
    fn now(&self) -> Timestamp;

    /// Waits until the present is at least `due`.
    async fn wait_until(&self, due: Timestamp);
}

/// The hub's clock and Tokio's timer.
pub struct ClockPace(Arc<dyn Clock>);

impl ClockPace {
    /// Runs by `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self(clock)
    }
}

#[async_trait]
impl Pace for ClockPace {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.now().as_millis()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    async fn wait_until(&self, due: Timestamp) {
        if let Ok(left) = Duration::try_from(due.duration_since(self.now()))
            && !left.is_zero()
        {
            tokio::time::sleep(left).await;
        }
    }
}

/// Why a message cannot be sent, now or ever.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// The broker does not let this device in.
    #[error("the broker refused the connection: {0}")]
    Refused(String),
    /// The hub accepts no payload of this size.
    #[error("a payload of {bytes} bytes is above the hub's limit")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// The publisher has been closed.
    #[error("the publisher is closed")]
    Closed,
}

/// Names one run of a replay: message ids are `{run}-{n}`, so a resend within the run is applied once, and
/// another run of the same recording is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunId(String);

impl RunId {
    /// A name no other run has.
    pub fn random() -> Self {
        Self(Uuid::new_v4().simple().to_string())
    }

    /// A given name: 1 to 40 printable ASCII characters.
    pub fn new(name: &str) -> Result<Self, FeedError> {
        let fits = (1..=40).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(name.to_owned())) } else { Err(FeedError::BadRunId(name.to_owned())) }
    }

    fn message_id(&self, number: u64) -> String {
        format!("{}-{number}", self.0)
    }
}

/// How a recording is played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReplayOptions {
    /// How many times faster than recorded.
    pub speed: Speed,
    /// Longer gaps of recorded time are shortened to this.
    pub max_gap: SignedDuration,
    /// Whether it begins again at its end, for ever.
    pub repeat: bool,
}

/// What a replay did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplayReport {
    /// Messages handed to the publisher.
    pub published: u64,
    /// Those among them that were older than one before.
    pub late: u64,
    /// Lines that were no message; each was logged.
    pub unreadable_lines: u64,
    /// Passes through the recording that came to its end.
    pub passes: u64,
}

/// Plays the recording that `open` opens, once or for ever, and waits for the last acknowledgement.
/// To stop it, drop the future: what was handed over is still the publisher's.
pub async fn play<P: Publisher + ?Sized>(
    mut open: impl FnMut() -> Result<Recording, FeedError> + Send,
    options: ReplayOptions,
    run: &RunId,
    publisher: &P,
    pace: &dyn Pace,
) -> Result<ReplayReport, FeedError> {
    let mut schedule = Schedule::new(options.speed, options.max_gap);
    let mut report = ReplayReport::default();
    loop {
        let before = report.published;
        for message in open()? {
            let message = match message {
                Ok(message) => message,
                Err(error) if error.is_one_line() => {
                    tracing::warn!(%error, "line of a recording skipped");
                    report.unreadable_lines += 1;
                    continue;
                }
                Err(error) => return Err(error),
            };
            let placed = schedule.place(message.at, pace.now());
            pace.wait_until(placed.due).await;
            publish(publisher, &message, &run.message_id(report.published), placed.at).await?;
            report.published += 1;
            report.late += u64::from(placed.late);
        }
        report.passes += 1;
        if !options.repeat || report.published == before {
            publisher.drain().await?;
            return Ok(report);
        }
        schedule.begin_pass();
    }
}

async fn publish<P: Publisher + ?Sized>(
    publisher: &P,
    message: &FeedMessage,
    id: &str,
    at: Option<Timestamp>,
) -> Result<(), FeedError> {
    let payload = message.payload(id, at)?;
    Ok(publisher.publish(message.topic(), payload).await?)
}
