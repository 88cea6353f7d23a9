//! A lean MQTT 3.1.1 publisher on the codec of rumqttc: the generator must not be what is measured.

use std::net::SocketAddr;

use anyhow::{Context, bail, ensure};
use bytes::BytesMut;
use rumqttc::mqttbytes::v4::{Connect, ConnectReturnCode, Packet, Publish};
use rumqttc::mqttbytes::{Error as CodecError, QoS};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

const MAX_PACKET_BYTES: usize = 64 * 1024;

/// What a device logs in with.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Credential {
    /// The user name.
    pub username: String,
    /// The token.
    pub token: String,
}

/// The packet id of the n-th message of a connection, counted from 0: 0 is not an id.
pub fn packet_id(number: u64) -> u16 {
    u16::try_from(number % u64::from(u16::MAX)).unwrap_or(0) + 1
}

/// Writes a PUBLISH with QoS 1.
pub fn encode_publish(topic: &str, payload: String, number: u64, into: &mut BytesMut) -> anyhow::Result<()> {
    let mut publish = Publish::new(topic, QoS::AtLeastOnce, payload);
    publish.pkid = packet_id(number);
    publish.write(into).context("cannot encode a message")?;
    Ok(())
}

/// Says goodbye, as a device does that means to leave.
pub async fn disconnect(mut writer: OwnedWriteHalf) -> anyhow::Result<()> {
    let mut packet = BytesMut::new();
    Packet::Disconnect.write(&mut packet, MAX_PACKET_BYTES).context("cannot encode DISCONNECT")?;
    writer.write_all(&packet).await?;
    writer.shutdown().await?;
    Ok(())
}

/// Opens a connection and logs in.
pub async fn connect(
    address: SocketAddr,
    client_id: String,
    credential: Option<&Credential>,
) -> anyhow::Result<(OwnedWriteHalf, Acknowledgements)> {
    let stream = TcpStream::connect(address).await.context("cannot connect")?;
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    let mut connect = Connect::new(client_id);
    connect.keep_alive = 60;
    if let Some(Credential { username, token }) = credential {
        connect.set_login(username, token);
    }
    let mut packet = BytesMut::new();
    connect.write(&mut packet).context("cannot encode CONNECT")?;
    writer.write_all(&packet).await?;
    let mut acknowledgements = Acknowledgements { reader, buffer: BytesMut::new(), next: 0 };
    match acknowledgements.packet().await? {
        Packet::ConnAck(answer) if answer.code == ConnectReturnCode::Success => {
            Ok((writer, acknowledgements))
        }
        other => bail!("CONNECT was answered with {other:?}"),
    }
}

/// The reading half: PUBACKs, which must come in the order of their messages.
pub struct Acknowledgements {
    reader: OwnedReadHalf,
    buffer: BytesMut,
    next: u64,
}

impl Acknowledgements {
    async fn packet(&mut self) -> anyhow::Result<Packet> {
        loop {
            match Packet::read(&mut self.buffer, MAX_PACKET_BYTES) {
                Ok(packet) => return Ok(packet),
                Err(CodecError::InsufficientBytes(_)) => self.fill().await?,
                Err(error) => return Err(error).context("the endpoint sent what is no packet"),
            }
        }
    }

    async fn fill(&mut self) -> anyhow::Result<()> {
        let read = self.reader.read_buf(&mut self.buffer).await.context("the connection broke")?;
        ensure!(read > 0, "the endpoint closed the connection");
        Ok(())
    }

    /// Waits for at least one PUBACK and takes all that are there; gives how many came.
    pub async fn take(&mut self) -> anyhow::Result<u64> {
        let before = self.next;
        loop {
            match Packet::read(&mut self.buffer, MAX_PACKET_BYTES) {
                Ok(Packet::PubAck(ack)) => {
                    let expected = packet_id(self.next);
                    ensure!(ack.pkid == expected, "PUBACK {} came before {expected}", ack.pkid);
                    self.next += 1;
                }
                Ok(other) => bail!("a publisher was sent {other:?}"),
                Err(CodecError::InsufficientBytes(_)) if self.next > before => return Ok(self.next - before),
                Err(CodecError::InsufficientBytes(_)) => self.fill().await?,
                Err(error) => return Err(error).context("the endpoint sent what is no packet"),
            }
        }
    }
}
