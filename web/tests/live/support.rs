//! The server under test, the hub behind it, and a viewer whose methods are what viewers do.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use actix::Recipient;
use actix::prelude::SendError;
use actix_web::dev::ServerHandle;
use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpServer};
use actors::clock::{Clock, SystemClock};
use actors::ports::Role;
use actors::{CommandError, Frame, SessionId, Subscribe};
use async_trait::async_trait;
use domain::ids::TenantCode;
use domain::wire::topic::LiveTopic;
use domain::{Code, DurationMs, Rejection};
use futures::{SinkExt, StreamExt};
use jsonschema::Validator;
use serde_json::{Value, json};
use tokio::net::TcpSocket;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use uuid::Uuid;
use web::auth::{AuthError, Principal};
use web::live::{self, LiveHub, LiveOptions, LiveServer, TokenVerifier};

/// No step of a test may take longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A hub whose topics say what the test tells them.
#[derive(Default)]
pub(crate) struct ScriptedHub {
    sinks: Mutex<BTreeMap<(SessionId, String), Recipient<Frame>>>,
    disconnected: Mutex<Vec<SessionId>>,
}

impl ScriptedHub {
    /// Sends a frame to every subscriber; which sessions had no room for it.
    pub(crate) fn publish(&self, topic: &str, text: &str) -> Vec<SessionId> {
        let sinks = self.sinks.lock().unwrap();
        let of_topic = sinks.iter().filter(|((_, name), _)| name == topic);
        let full =
            of_topic.filter_map(|((session, _), sink)| match sink.try_send(Frame(text.to_owned().into())) {
                Err(SendError::Full(_)) => Some(*session),
                Ok(()) | Err(SendError::Closed(_)) => None,
            });
        full.collect()
    }

    pub(crate) fn subscribers(&self, topic: &str) -> Vec<SessionId> {
        let sinks = self.sinks.lock().unwrap();
        sinks.keys().filter(|(_, name)| name == topic).map(|(session, _)| *session).collect()
    }

    pub(crate) fn disconnected(&self) -> Vec<SessionId> {
        self.disconnected.lock().unwrap().clone()
    }
}

impl LiveHub for ScriptedHub {
    fn subscribe(&self, request: Subscribe) -> Result<(), CommandError> {
        let Subscribe { session, tenant, topic, since, sink } = request;
        let name = topic.to_string();
        if name.ends_with("/unknown") {
            return Err(Rejection::new(Code::UnknownLine, Some("topic"), "there is no such line").into());
        }
        let snapshot = json!({"type": "snapshot", "topic": name, "tenant": tenant, "since": since});
        sink.try_send(Frame(snapshot.to_string().into())).unwrap();
        self.sinks.lock().unwrap().insert((session, name), sink);
        Ok(())
    }

    fn unsubscribe(&self, session: SessionId, _tenant: &TenantCode, topic: &LiveTopic) {
        self.sinks.lock().unwrap().remove(&(session, topic.to_string()));
    }

    fn disconnect(&self, session: SessionId) {
        self.sinks.lock().unwrap().retain(|(owner, _), _| *owner != session);
        self.disconnected.lock().unwrap().push(session);
    }
}

/// Knows the tokens that the test issued; `slow` is never answered.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<HashMap<String, Principal>>);

#[async_trait]
impl TokenVerifier for Tokens {
    async fn verify(&self, token: &str, tenant: Option<&TenantCode>) -> Result<Principal, AuthError> {
        // A real one asks the store: the answer takes more than one turn of the session.
        tokio::task::yield_now().await;
        if token == "slow" {
            std::future::pending::<()>().await;
        }
        let known = self.0.lock().unwrap().get(token).cloned();
        let principal = known.ok_or(AuthError::Invalid("not issued"))?;
        match tenant {
            Some(tenant) if !principal.tenants.contains(tenant) => Err(AuthError::Forbidden),
            Some(tenant) => Ok(Principal { tenant: tenant.clone(), ..principal }),
            None => Ok(principal),
        }
    }
}

/// A running server.
pub(crate) struct Hub {
    pub(crate) scripted: Arc<ScriptedHub>,
    pub(crate) live: Arc<LiveServer>,
    pub(crate) address: SocketAddr,
    tokens: Arc<Tokens>,
    handle: ServerHandle,
}

impl Hub {
    pub(crate) async fn start(options: LiveOptions) -> Self {
        Self::start_with_peer_timeout(options, Duration::from_secs(60)).await
    }

    pub(crate) async fn start_with_peer_timeout(options: LiveOptions, peer_timeout: Duration) -> Self {
        let (scripted, tokens) = (Arc::new(ScriptedHub::default()), Arc::new(Tokens::default()));
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let live = LiveServer::new(Arc::clone(&scripted) as _, Arc::clone(&tokens) as _, clock, options);
        let live = Arc::new(live);
        let data = actix_web::web::Data::from(Arc::clone(&live));
        let app = move || {
            App::new().app_data(data.clone()).route("/api/v1/live", actix_web::web::get().to(live::open))
        };
        let server = HttpServer::new(app)
            .workers(1)
            .on_connect(move |io, _| {
                let Some(stream) = io.downcast_ref::<TcpStream>() else { return };
                let socket = socket2::SockRef::from(stream);
                socket.set_tcp_nodelay(true).unwrap();
                socket.set_send_buffer_size(8 * 1024).unwrap();
                socket.set_tcp_user_timeout(Some(peer_timeout)).unwrap();
            })
            .disable_signals()
            .shutdown_timeout(1)
            .bind(("127.0.0.1", 0))
            .unwrap();
        let address = server.addrs()[0];
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { scripted, live, address, tokens, handle }
    }

    /// Issues a token of the login `login` of a user, good for `lifetime_ms`.
    pub(crate) fn issue(&self, token: &str, login: u128, lifetime_ms: i64) {
        self.issue_for(token, login, lifetime_ms, Role::Supervisor);
    }

    /// The same for a user with another role.
    pub(crate) fn issue_for(&self, token: &str, login: u128, lifetime_ms: i64, role: Role) {
        let principal = Principal {
            id: Uuid::from_u128(1),
            email: "supervisor@demo.local".to_owned(),
            name: "Sam".to_owned(),
            tenant: "acme".parse().unwrap(),
            tenants: vec!["acme".parse().unwrap(), "second".parse().unwrap()],
            roles: vec![role],
            sites: None,
            session: Uuid::from_u128(login),
            expires_at: SystemClock.now() + DurationMs(lifetime_ms),
        };
        self.tokens.0.lock().unwrap().insert(token.to_owned(), principal);
    }

    pub(crate) async fn stop(self) {
        timeout(PATIENCE, self.handle.stop(true)).await.unwrap();
    }

    pub(crate) async fn connect(&self) -> Viewer {
        self.try_connect(&[]).await.unwrap()
    }

    /// Shakes hands with these headers beside the usual ones.
    pub(crate) async fn try_connect(
        &self,
        headers: &[(&'static str, &'static str)],
    ) -> Result<Viewer, Box<tungstenite::Error>> {
        self.shake_hands(headers, TcpSocket::new_v4().unwrap()).await
    }

    async fn shake_hands(
        &self,
        headers: &[(&'static str, &'static str)],
        socket: TcpSocket,
    ) -> Result<Viewer, Box<tungstenite::Error>> {
        let mut request = format!("ws://{}/api/v1/live", self.address).into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_static(value));
        }
        let stream = socket.connect(self.address).await.unwrap();
        let (socket, answer) = timeout(PATIENCE, client_async(request, stream)).await.unwrap()?;
        let protocol = answer.headers().get("sec-websocket-protocol");
        Ok(Viewer { socket, protocol: protocol.map(|value| value.to_str().unwrap().to_owned()) })
    }

    /// A viewer that is logged in with a token of the login `login`.
    pub(crate) async fn watch(&self, login: u128) -> Viewer {
        self.log_in(login, self.connect().await).await
    }

    /// The same with a receive buffer so small that it is soon full when nobody reads.
    pub(crate) async fn watch_with_small_buffer(&self, login: u128) -> Viewer {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4 * 1024).unwrap();
        self.log_in(login, self.shake_hands(&[], socket).await.unwrap()).await
    }

    async fn log_in(&self, login: u128, mut viewer: Viewer) -> Viewer {
        let token = format!("token-of-{login}");
        self.issue(&token, login, 600_000);
        viewer.authenticate(&token).await;
        assert_eq!(viewer.frame().await["type"], "ready");
        viewer
    }
}

/// Waits until the condition holds.
pub(crate) async fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let held = timeout(PATIENCE, async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    });
    held.await.unwrap_or_else(|_| panic!("never happened: {what}"));
}

/// A client of the live protocol.
pub(crate) struct Viewer {
    pub(crate) socket: WebSocketStream<tokio::net::TcpStream>,
    pub(crate) protocol: Option<String>,
}

impl Viewer {
    pub(crate) async fn say(&mut self, frame: Value) {
        self.send(Message::text(frame.to_string())).await;
    }

    /// Several frames in one write, so that they arrive together.
    pub(crate) async fn say_at_once(&mut self, frames: &[Value]) {
        for frame in frames {
            self.socket.feed(Message::text(frame.to_string())).await.unwrap();
        }
        timeout(PATIENCE, self.socket.flush()).await.unwrap().unwrap();
    }

    pub(crate) async fn send(&mut self, message: Message) {
        timeout(PATIENCE, self.socket.send(message)).await.unwrap().unwrap();
    }

    pub(crate) async fn authenticate(&mut self, token: &str) {
        self.say(json!({"type": "auth", "token": token})).await;
    }

    pub(crate) async fn subscribe(&mut self, topic: &str) {
        self.say(json!({"type": "subscribe", "topic": topic})).await;
    }

    /// The next text frame; pings are answered on the way.
    pub(crate) async fn frame(&mut self) -> Value {
        loop {
            match self.message().await {
                Message::Text(text) => {
                    let frame = serde_json::from_str(&text).unwrap();
                    check_frame(&frame);
                    return frame;
                }
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("expected a frame, got {other:?}"),
            }
        }
    }

    pub(crate) async fn message(&mut self) -> Message {
        timeout(PATIENCE, self.socket.next()).await.unwrap().expect("the connection ended").unwrap()
    }

    /// The `closing` frame and the close code that end the session, after frames that were under way.
    pub(crate) async fn closing(&mut self) -> (Value, u16) {
        let closing = loop {
            let frame = self.frame().await;
            if frame["type"] == "closing" {
                break frame;
            }
        };
        match self.message().await {
            Message::Close(Some(close)) => (closing, close.code.into()),
            other => panic!("expected a close, got {other:?}"),
        }
    }
}

/// What the session itself says is as the OpenAPI document says; frames of topics come from a stand-in for the hub.
#[track_caller]
fn check_frame(frame: &Value) {
    static FRAMES: LazyLock<Validator> = LazyLock::new(|| {
        let document: Value = serde_json::from_str(&web::openapi_json()).unwrap();
        let schema =
            json!({"components": document["components"], "$ref": "#/components/schemas/ServerFrame"});
        jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
    });
    let is_own = ["ready", "error", "pong", "closing"].iter().any(|kind| frame["type"] == *kind);
    assert!(!is_own || FRAMES.is_valid(frame), "a frame that is not as the document says: {frame:#}");
}
