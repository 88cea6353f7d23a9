//! A viewer on a socket with a receive buffer so small that it is soon full while nobody reads.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, client_async};

use super::Viewer;
use crate::support::soon;

impl Viewer {
    /// Opens such a socket, says who it is, and waits for `ready`.
    pub async fn open_reluctantly(address: SocketAddr, token: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4 * 1024).unwrap();
        let stream = soon("a connection", socket.connect(address)).await.unwrap();
        let request = format!("ws://{address}/api/v1/live").into_client_request().unwrap();
        let handshake = client_async(request, MaybeTlsStream::Plain(stream));
        let (socket, _) = soon("a live session", handshake).await.unwrap();
        Self { socket, copies: BTreeMap::new() }.introduce(token).await
    }

    /// Whether the copy of a topic began afresh because the viewer was too slow.
    pub fn was_reset(&self, topic: &str) -> bool {
        self.copy(topic).reset.as_deref() == Some("slow")
    }
}
