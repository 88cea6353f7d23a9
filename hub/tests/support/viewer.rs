//! Somebody who watches live topics, with a copy of each that is checked frame by frame.

mod reluctant;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::soon;

/// A viewer's copy of a topic.
#[derive(Clone, Debug)]
pub struct TopicCopy {
    /// The incarnation of the topic's history.
    pub epoch: u64,
    /// The place in it.
    pub seq: u64,
    /// What the viewer shows.
    pub data: Value,
    /// Why it had to start afresh the last time.
    pub reset: Option<String>,
}

/// What came over the socket.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// A topic from its beginning.
    Snapshot(String),
    /// A change of a topic.
    Delta(String),
    /// The changes since the viewer's copy follow.
    Resumed(String),
    /// Something was refused.
    Error {
        /// The topic, if it is about one.
        topic: Option<String>,
        /// The stable code.
        code: String,
    },
    /// The hub is about to close.
    Closing {
        /// The stable code.
        code: String,
        /// When to come back.
        retry_after_ms: u64,
    },
    /// The hub has closed, with this code.
    Closed(u16),
    /// The socket ended without a close frame.
    Lost,
    /// Another frame.
    Other(Value),
}

/// A session of `/api/v1/live`.
pub struct Viewer {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    copies: BTreeMap<String, TopicCopy>,
}

impl Viewer {
    /// Opens a socket, says who it is, and waits for `ready`.
    pub async fn open(address: SocketAddr, token: &str) -> Self {
        Self::reopen(address, token, BTreeMap::new()).await
    }

    async fn reopen(address: SocketAddr, token: &str, copies: BTreeMap<String, TopicCopy>) -> Self {
        let mut request = format!("ws://{address}/api/v1/live").into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("topsteel.v1"));
        let (socket, _) = soon("a live session", connect_async(request)).await.unwrap();
        Self { socket, copies }.introduce(token).await
    }

    /// Says who it is, and waits for `ready`.
    async fn introduce(mut self, token: &str) -> Self {
        self.say(&json!({"type": "auth", "token": token})).await;
        let ready = self.next().await;
        assert!(matches!(&ready, Heard::Other(frame) if frame["type"] == "ready"), "{ready:?}");
        self
    }

    /// Comes back with a new socket and what it has copied; subscribes to every topic since where its copy stands.
    pub async fn resume(self, address: SocketAddr, token: &str) -> Self {
        let Self { socket, copies } = self;
        drop(socket);
        let mut viewer = Self::reopen(address, token, copies).await;
        let since: Vec<_> =
            viewer.copies.iter().map(|(topic, copy)| (topic.clone(), copy.epoch, copy.seq)).collect();
        for (topic, epoch, seq) in since {
            let since = json!({"epoch": epoch, "seq": seq});
            viewer.say(&json!({"type": "subscribe", "topic": topic, "since": since})).await;
        }
        viewer
    }

    /// Sends a frame.
    pub async fn say(&mut self, frame: &Value) {
        self.socket.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// Subscribes to a topic afresh, and waits for its snapshot.
    pub async fn watch(&mut self, topic: &str) {
        self.say(&json!({"type": "subscribe", "topic": topic})).await;
        while self.next().await != Heard::Snapshot(topic.to_owned()) {}
    }

    /// The copy of a topic.
    pub fn copy(&self, topic: &str) -> &TopicCopy {
        self.copies.get(topic).expect("a copy of the topic")
    }

    /// Reads until the copies fulfil a condition.
    pub async fn until(&mut self, what: &str, condition: impl Fn(&Self) -> bool) {
        soon(what, async {
            while !condition(self) {
                let heard = self.next().await;
                assert!(!matches!(heard, Heard::Closed(_) | Heard::Lost), "{what}: {heard:?}");
            }
        })
        .await;
    }

    /// The next frame; topics are applied to their copies, and everything that must hold is checked.
    pub async fn next(&mut self) -> Heard {
        loop {
            match soon("a frame", self.socket.next()).await {
                Some(Ok(Message::Text(text))) => {
                    return self.take(serde_json::from_str(&text).expect("frames are JSON"));
                }
                Some(Ok(Message::Close(Some(reason)))) => return Heard::Closed(reason.code.into()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(other)) => panic!("not a frame of the protocol: {other:?}"),
                Some(Err(_)) | None => return Heard::Lost,
            }
        }
    }

    fn take(&mut self, mut frame: Value) -> Heard {
        let topic = frame["topic"].as_str().map(str::to_owned);
        let number = |frame: &Value, field: &str| {
            frame[field].as_u64().unwrap_or_else(|| panic!("{field} is a number in {frame}"))
        };
        let text = |field: &str| frame[field].as_str().map(str::to_owned);
        match (frame["type"].as_str().unwrap_or_default(), topic) {
            ("snapshot", Some(topic)) => {
                let copy = TopicCopy {
                    epoch: number(&frame, "epoch"),
                    seq: number(&frame, "seq"),
                    reset: text("reset"),
                    data: frame["data"].take(),
                };
                assert!(is_whole(&copy.data), "no value in a snapshot is null or a list: {}", copy.data);
                let before = self.copies.insert(topic.clone(), copy);
                let after = &self.copies[&topic];
                if let Some(before) = before.filter(|before| before.epoch == after.epoch) {
                    assert!(
                        before.seq <= after.seq,
                        "{topic} goes back from {} to {}",
                        before.seq,
                        after.seq
                    );
                }
                Heard::Snapshot(topic)
            }
            ("delta", Some(topic)) => {
                let copy = self.copies.get_mut(&topic).expect("a delta follows a snapshot");
                assert_eq!(number(&frame, "epoch"), copy.epoch, "{topic}: {frame}");
                assert_eq!(number(&frame, "prev"), copy.seq, "a gap of {topic}: {frame}");
                let seq = number(&frame, "seq");
                assert!(seq > copy.seq, "{topic} stands still: {frame}");
                merge(&mut copy.data, frame["data"].take());
                assert!(is_whole(&copy.data), "no value of a copy is null or a list: {}", copy.data);
                copy.seq = seq;
                Heard::Delta(topic)
            }
            ("resumed", Some(topic)) => {
                let copy = self.copies.get(&topic).expect("only a copy can be resumed");
                assert_eq!(
                    (number(&frame, "epoch"), number(&frame, "seq")),
                    (copy.epoch, copy.seq),
                    "{topic}"
                );
                Heard::Resumed(topic)
            }
            ("error", topic) => Heard::Error { topic, code: text("code").expect("a code") },
            ("closing", _) => Heard::Closing {
                code: text("code").expect("a code"),
                retry_after_ms: number(&frame, "retry_after_ms"),
            },
            _ => Heard::Other(frame),
        }
    }
}

/// RFC 7396, written a second time on purpose: the hub's own would agree with its own mistakes.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (key, value) in patch {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(&key);
        } else {
            merge(&mut target[key], value);
        }
    }
}

fn is_whole(value: &Value) -> bool {
    match value {
        Value::Null | Value::Array(_) => false,
        Value::Object(fields) => fields.values().all(is_whole),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}
