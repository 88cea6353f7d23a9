//! One MQTT connection packet by packet, 3.1.1 or 5: it can also send what a library refuses to send.

use std::collections::VecDeque;
use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::device::Credential;
use super::soon;

/// The versions of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 3.1.1
    V3 = 4,
    /// 5
    V5 = 5,
}

/// What the hub publishes.
#[derive(Clone, Debug)]
pub struct Message {
    /// The topic.
    pub topic: String,
    /// The payload.
    pub payload: Value,
    /// Whether it is the kept value of the topic.
    pub retain: bool,
}

/// A connection that was let in. Dropping it closes the socket without DISCONNECT.
pub struct Session {
    stream: TcpStream,
    version: Version,
    /// Read while something else was waited for.
    inbox: VecDeque<Message>,
    last_id: u16,
    goodbye: Option<u8>,
}

impl Session {
    /// Connects with a clean session; the reason code if the hub refuses.
    pub async fn try_connect(
        address: SocketAddr,
        version: Version,
        credential: &Credential,
        client_id: &str,
    ) -> Result<Self, u8> {
        let stream = soon("a connection", TcpStream::connect(address)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut session = Self { stream, version, inbox: VecDeque::new(), last_id: 0, goodbye: None };
        let mut body = Vec::new();
        text(&mut body, b"MQTT");
        body.extend_from_slice(&[version as u8, 0xC2, 0, 60]);
        session.no_properties(&mut body);
        for field in [client_id, &credential.username, &credential.token] {
            text(&mut body, field.as_bytes());
        }
        session.write(0x10, &body).await;
        let (kind, body) = session.packet().await.expect("a CONNACK");
        assert_eq!(kind, 0x20, "a CONNACK");
        if body[1] == 0 { Ok(session) } else { Err(body[1]) }
    }

    /// Connects with a clean session.
    pub async fn connect(
        address: SocketAddr,
        version: Version,
        credential: &Credential,
        client_id: &str,
    ) -> Self {
        match Self::try_connect(address, version, credential, client_id).await {
            Ok(session) => session,
            Err(code) => panic!("the hub refuses the connection: {code:#x}"),
        }
    }

    /// Publishes with QoS 1, whatever topic and payload are; the reason code of the PUBACK (0 in 3.1.1), or nothing
    /// if the hub closes the connection.
    pub async fn publish(&mut self, topic: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> Option<u8> {
        self.last_id += 1;
        let id = self.last_id;
        let mut body = Vec::new();
        text(&mut body, topic.as_ref());
        body.extend_from_slice(&id.to_be_bytes());
        self.no_properties(&mut body);
        body.extend_from_slice(payload.as_ref());
        self.write(0x32, &body).await;
        loop {
            let (kind, body) = self.packet().await?;
            match kind & 0xF0 {
                0x40 => {
                    assert_eq!(body[..2], id.to_be_bytes(), "the PUBACK of another message");
                    return Some(body.get(2).copied().unwrap_or(0));
                }
                0x30 => self.receive(kind, &body).await,
                0xE0 => self.goodbye = body.first().copied(),
                _ => panic!("an answer to a PUBLISH, not {kind:#x} {body:x?}"),
            }
        }
    }

    /// Begins a PUBLISH of this length and goes no further than the topic.
    pub async fn announce(&mut self, topic: &str, bytes: u32) {
        let mut packet = vec![0x32];
        let mut rest = bytes;
        while rest > 127 {
            packet.push((rest % 128) as u8 | 0x80);
            rest /= 128;
        }
        packet.push(rest as u8);
        text(&mut packet, topic.as_bytes());
        self.stream.write_all(&packet).await.unwrap();
    }

    /// Waits until the hub closes the connection; the reason code of its DISCONNECT (5 only).
    pub async fn closed(&mut self) -> Option<u8> {
        while let Some((kind, body)) = self.packet().await {
            match kind & 0xF0 {
                0xE0 => self.goodbye = body.first().copied(),
                _ => self.receive(kind, &body).await,
            }
        }
        self.goodbye
    }

    /// Subscribes with QoS 1; the reason code of the SUBACK.
    pub async fn subscribe(&mut self, filter: &str) -> u8 {
        self.last_id += 1;
        let mut body = self.last_id.to_be_bytes().to_vec();
        self.no_properties(&mut body);
        text(&mut body, filter.as_bytes());
        body.push(1);
        self.write(0x82, &body).await;
        loop {
            let (kind, body) = self.packet().await.expect("a SUBACK");
            match kind & 0xF0 {
                0x90 => return body[body.len() - 1],
                _ => self.receive(kind, &body).await,
            }
        }
    }

    /// The next message that the hub publishes.
    pub async fn message(&mut self) -> Message {
        loop {
            if let Some(message) = self.inbox.pop_front() {
                return message;
            }
            let (kind, body) = self.packet().await.expect("a message");
            self.receive(kind, &body).await;
        }
    }

    /// Takes leave.
    pub async fn disconnect(mut self) {
        self.write(0xE0, &[]).await;
        assert!(self.packet().await.is_none(), "nothing comes after DISCONNECT");
    }

    async fn receive(&mut self, kind: u8, body: &[u8]) {
        assert_eq!(kind & 0xF0, 0x30, "a PUBLISH, not {kind:#x} {body:x?}");
        let topic_end = 2 + usize::from(u16::from_be_bytes([body[0], body[1]]));
        let mut rest = topic_end;
        if kind & 0x06 > 0 {
            let id = [body[rest], body[rest + 1]];
            rest += 2;
            self.write(0x40, &id).await;
        }
        if self.version == Version::V5 {
            rest += 1 + usize::from(body[rest]);
        }
        self.inbox.push_back(Message {
            topic: String::from_utf8(body[2..topic_end].to_vec()).unwrap(),
            payload: serde_json::from_slice(&body[rest..]).unwrap(),
            retain: kind & 1 == 1,
        });
    }

    fn no_properties(&self, body: &mut Vec<u8>) {
        if self.version == Version::V5 {
            body.push(0);
        }
    }

    async fn write(&mut self, kind: u8, body: &[u8]) {
        let mut bytes = vec![kind];
        let mut length = body.len();
        loop {
            let more = if length > 127 { 0x80 } else { 0 };
            bytes.push((length % 128) as u8 | more);
            length /= 128;
            if more == 0 {
                break;
            }
        }
        bytes.extend_from_slice(body);
        // A hub that has closed the connection is noticed when its answer is read.
        let _ = soon("room in the socket", self.stream.write_all(&bytes)).await;
    }

    /// The next packet: its first byte and its body; nothing if the connection was closed.
    async fn packet(&mut self) -> Option<(u8, Vec<u8>)> {
        soon("a packet or the end", async {
            let kind = self.stream.read_u8().await.ok()?;
            let (mut length, mut shift) = (0_usize, 0);
            loop {
                let byte = self.stream.read_u8().await.ok()?;
                length |= usize::from(byte & 0x7F) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            let mut body = vec![0; length];
            self.stream.read_exact(&mut body).await.ok()?;
            Some((kind, body))
        })
        .await
    }
}

fn text(bytes: &mut Vec<u8>, text: &[u8]) {
    bytes.extend_from_slice(&u16::try_from(text.len()).unwrap().to_be_bytes());
    bytes.extend_from_slice(text);
}
