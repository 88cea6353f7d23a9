//! A hub under test, and clients named after who they are.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actors::clock::{Clock, ManualClock};
use actors::hub::{Hub, HubOptions};
use actors::ports::{DevicePresence, DiscardOutbox, Identities, Membership, NewUser, Role, TenantRecord};
use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use connectors::store::MemoryStore;
use domain::{DurationMs, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;
use web::{Server, WebLimits, WebOptions};

use crate::contract;

pub const PASSWORD: &str = "melt, cast, roll";

/// A whole hub on a free port.
pub struct TestHub {
    pub addr: SocketAddr,
    pub store: Arc<MemoryStore>,
    pub clock: Arc<ManualClock>,
    server: Server,
    hub: Hub,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The body, if the status is this one.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// Status, code and first field of a problem.
    #[track_caller]
    pub fn problem(&self) -> (u16, String, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let body = self.json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        assert_eq!(body["status"].as_u64(), Some(u64::from(self.status.as_u16())));
        (self.status.as_u16(), text(&body["code"]), text(&body["errors"][0]["field"]))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Somebody who calls.
#[derive(Clone)]
pub struct Client {
    base: String,
    http: reqwest::Client,
    pub token: Option<String>,
    headers: Vec<(&'static str, String)>,
}

impl TestHub {
    pub async fn start() -> Self {
        Self::start_with(WebLimits::default()).await
    }

    pub async fn start_with(limits: WebLimits) -> Self {
        let store = Arc::new(MemoryStore::new());
        let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_795_000_000_000)));
        for (code, name) in [("acme", "Acme Steel"), ("other", "Other Works")] {
            let tenant = TenantRecord { code: code.parse().unwrap(), name: name.to_owned() };
            store.create_tenant(&tenant).await.unwrap();
        }
        Self::start_on(store, clock, HubOptions::default(), limits).await
    }

    async fn start_on(
        store: Arc<MemoryStore>,
        clock: Arc<ManualClock>,
        options: HubOptions,
        limits: WebLimits,
    ) -> Self {
        let hub = Hub::start(options, store.clone(), clock.clone(), Arc::new(DiscardOutbox)).await.unwrap();
        let options = WebOptions {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            workers: 1,
            allowed_origins: vec!["https://erp.example".to_owned()],
            limits,
            ..WebOptions::default()
        };
        let server = Server::start(options, hub.handle.clone()).await.unwrap();
        Self { addr: server.addr, store, clock, server, hub }
    }

    /// Ends the hub and starts another on the same store, one that answers 503 soon while commits fail.
    pub async fn restarted(self) -> Self {
        let (store, clock) = (self.store.clone(), self.clock.clone());
        self.stop().await;
        let options = HubOptions { command_patience: Duration::from_secs(2), ..HubOptions::default() };
        Self::start_on(store, clock, options, WebLimits::default()).await
    }

    pub async fn stop(self) {
        self.server.stop().await;
        assert!(self.hub.stop(Duration::from_secs(5)).await, "the hub did not end in time");
    }

    /// Nobody in particular.
    pub fn anybody(&self) -> Client {
        Client {
            base: format!("http://{}", self.addr),
            http: reqwest::Client::new(),
            token: None,
            headers: Vec::new(),
        }
    }

    pub async fn add_user(&self, email: &str, memberships: Vec<Membership>) -> Uuid {
        // Cheap parameters: what is tested is not how long a hash takes.
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
        let id = Uuid::now_v7();
        let user = NewUser {
            id,
            email: email.to_owned(),
            name: "Somebody".to_owned(),
            password_hash: cheap.hash_password(PASSWORD.as_bytes()).unwrap().to_string(),
            memberships,
            created_at: self.clock.now(),
        };
        self.store.create_user(&user).await.unwrap();
        id
    }

    /// A user of tenant `acme` with one role, logged in.
    pub async fn user(&self, role: Role) -> Client {
        self.user_of("acme", role, None).await
    }

    pub async fn user_of(&self, tenant: &str, role: Role, site: Option<&str>) -> Client {
        let email = format!("{}@{tenant}.example", Uuid::now_v7().simple());
        self.add_user(&email, vec![membership(tenant, role, site)]).await;
        self.anybody().logged_in(&email).await
    }

    pub async fn admin(&self) -> Client {
        self.user(Role::Admin).await
    }

    /// From now on devices are connected here.
    pub fn devices_are_at(&self, endpoint: Arc<dyn DevicePresence>) {
        self.hub.handle.devices_are_at(endpoint);
    }

    pub fn later(&self, seconds: i64) {
        self.clock.advance(DurationMs::from_secs(seconds));
    }

    /// A plant with one line, two machines and an article, made by an admin.
    pub async fn with_plant(&self) -> Client {
        let admin = self.admin().await;
        build_plant(&admin).await;
        admin
    }
}

/// Site `linz` with line `saw`, machines `s1` (output) and `s2`, and article `BAR`.
pub async fn build_plant(admin: &Client) {
    let site = json!({"code": "linz", "name": "Linz", "time_zone": "Europe/Vienna"});
    admin.post("/sites", site).await.expect(201);
    admin.post("/sites/linz/lines", json!({"code": "saw", "name": "Saw"})).await.expect(201);
    let machines = "/sites/linz/lines/saw/machines";
    admin.post(machines, json!({"code": "s1", "name": "Saw 1", "output": true})).await.expect(201);
    admin.post(machines, json!({"code": "s2", "name": "Saw 2"})).await.expect(201);
    let article = json!({"code": "BAR", "designation": "Round bar", "unit": "pcs", "minimum": 5});
    admin.post("/articles", article).await.expect(201);
}

pub fn membership(tenant: &str, role: Role, site: Option<&str>) -> Membership {
    Membership {
        tenant: tenant.parse().unwrap(),
        roles: vec![role],
        sites: site.map(|site| vec![site.parse().unwrap()]),
    }
}

impl Client {
    pub async fn logged_in(self, email: &str) -> Self {
        let body = self.log_in(email, PASSWORD).await.expect(200);
        Self { token: body["access_token"].as_str().map(str::to_owned), ..self }
    }

    pub async fn log_in(&self, email: &str, password: &str) -> Answer {
        self.post("/auth/login", json!({"email": email, "password": password})).await
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same person, who calls another hub.
    pub fn at(&self, hub: &TestHub) -> Self {
        Self { base: format!("http://{}", hub.addr), ..self.clone() }
    }

    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name, value.to_owned()));
        client
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(("application/json", body.to_string()))).await
    }

    /// A POST without a body.
    pub async fn press(&self, path: &str) -> Answer {
        self.call(Method::POST, path, None).await
    }

    pub async fn post_text(&self, path: &str, media_type: &'static str, body: &str) -> Answer {
        self.call(Method::POST, path, Some((media_type, body.to_owned()))).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PATCH, path, Some(("application/merge-patch+json", body.to_string()))).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, Some(("application/json", body.to_string()))).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    /// Below `/api/v1`, unless the path starts with `//`: then at the root. Every call is held to the OpenAPI document.
    pub async fn call(&self, method: Method, path: &str, body: Option<(&'static str, String)>) -> Answer {
        let path = match path.strip_prefix("//") {
            Some(root) => format!("/{root}"),
            None => format!("/api/v1{path}"),
        };
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some((media_type, body)) = &body {
            request = request.header("content-type", *media_type).body(body.clone());
        }
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let answer = Answer { status, headers, text: answer.text().await.unwrap() };
        contract::check(&method, &path, body.as_ref(), &answer);
        answer
    }
}

/// Asks again until the answer is there.
pub async fn eventually<F: AsyncFnMut() -> bool>(what: &str, mut holds: F) {
    for _ in 0..500 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}
