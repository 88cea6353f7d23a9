//! Viewers of lines: live sessions that notice in which frame each counted part is seen first.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::plant::{Plant, SITE};
use crate::rest::good_of;

/// When each message of a machine was sent that no frame has shown yet, oldest first, and what was seen.
#[derive(Debug, Default)]
struct Machine {
    sent: u64,
    unseen: VecDeque<Instant>,
}

/// The messages under way from publishers to viewers. A machine's message number n makes its counter n.
#[derive(Debug)]
pub struct UnderWay {
    machines: Vec<Mutex<Machine>>,
    machines_per_line: usize,
    seen: Mutex<Vec<(Instant, Duration)>>,
    frames: AtomicU64,
}

impl UnderWay {
    /// Nothing is under way.
    pub fn new(plant: &Plant) -> Self {
        Self {
            machines: (0..plant.machines()).map(|_| Mutex::default()).collect(),
            machines_per_line: plant.machines_per_line,
            seen: Mutex::default(),
            frames: AtomicU64::new(0),
        }
    }

    fn machine(&self, machine: usize) -> std::sync::MutexGuard<'_, Machine> {
        self.machines[machine].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A machine's next message leaves now; gives its number, from 1.
    pub fn leaves(&self, machine: usize, at: Instant) -> u64 {
        let mut machine = self.machine(machine);
        machine.sent += 1;
        machine.unseen.push_back(at);
        machine.sent
    }

    /// A frame shows a machine's counter: every message up to it is seen.
    fn shows(&self, machine: usize, counter: u64, at: Instant) -> anyhow::Result<()> {
        let mut machine = self.machine(machine);
        ensure!(counter <= machine.sent, "a frame shows {counter} parts after {} messages", machine.sent);
        let waiting = usize::try_from(machine.sent - counter)?;
        let newly_seen = machine.unseen.len().saturating_sub(waiting);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.extend(
            machine.unseen.drain(..newly_seen).map(|sent| (sent, at.saturating_duration_since(sent))),
        );
        Ok(())
    }

    /// How many messages no frame has shown yet.
    pub fn unseen(&self) -> usize {
        (0..self.machines.len()).map(|machine| self.machine(machine).unseen.len()).sum()
    }

    /// Deltas received so far.
    pub fn frames(&self) -> u64 {
        self.frames.load(Ordering::Relaxed)
    }

    /// Takes what was seen: when each message was sent, and how long it took.
    pub fn take_seen(&self) -> Vec<(Instant, Duration)> {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn frame(&self, line: usize, frame: &Value, at: Instant) -> anyhow::Result<()> {
        match frame["type"].as_str() {
            Some("snapshot") => ensure!(frame.get("reset").is_none(), "the generator was too slow: {frame}"),
            Some("delta") => {
                self.frames.fetch_add(1, Ordering::Relaxed);
            }
            Some("pong") => return Ok(()),
            _ => bail!("a viewer was sent {frame}"),
        }
        for place in 0..self.machines_per_line {
            let shown = &frame["data"]["machines"][Plant::machine_code(place)]["good"];
            if let Some(counter) = good_of(shown) {
                self.shows(line * self.machines_per_line + place, counter, at)?;
            }
        }
        Ok(())
    }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn next(socket: &mut Socket) -> anyhow::Result<(Value, Instant)> {
    loop {
        let message = socket.next().await.context("the live session ended")??;
        let at = Instant::now();
        if let Message::Text(text) = message {
            return Ok((serde_json::from_str(&text)?, at));
        }
    }
}

/// Opens a session that looks at one line, until its first snapshot is there.
pub async fn look_at(
    http: SocketAddr,
    token: &str,
    line: usize,
    under_way: &Arc<UnderWay>,
) -> anyhow::Result<impl Future<Output = anyhow::Result<()>> + use<>> {
    let mut request = format!("ws://{http}/api/v1/live").into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("topsteel.v1"));
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
    let topic = format!("line/{SITE}/{}", Plant::line_code(line));
    socket.send(Message::text(json!({"type": "auth", "token": token}).to_string())).await?;
    let (ready, _) = next(&mut socket).await?;
    ensure!(ready["type"] == "ready", "the live session was not accepted: {ready}");
    socket.send(Message::text(json!({"type": "subscribe", "topic": topic}).to_string())).await?;
    let (snapshot, at) = next(&mut socket).await?;
    ensure!(snapshot["type"] == "snapshot", "the first frame of {topic} is {snapshot}");
    under_way.frame(line, &snapshot, at)?;
    let under_way = Arc::clone(under_way);
    Ok(async move {
        loop {
            let (frame, at) = next(&mut socket).await?;
            under_way.frame(line, &frame, at)?;
        }
    })
}
