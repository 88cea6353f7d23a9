//! A user or a device at the REST API, with methods named after what they do.

use std::net::SocketAddr;

use reqwest::{Client, Method, header};
use serde_json::{Value, json};

use super::device::Credential;
use super::plant::SITE;
use super::soon;

/// Somebody who has logged in.
#[derive(Clone)]
pub struct Rest {
    client: Client,
    address: SocketAddr,
    identity: Identity,
}

#[derive(Clone)]
enum Identity {
    User { token: String },
    Device(Credential),
}

/// An answer, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// The request, for messages.
    request: String,
    /// The HTTP status.
    pub status: u16,
    /// The body as JSON; null if there is none, text if it is something else.
    pub body: Value,
}

impl Answer {
    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.request, self.body);
        self.body
    }
}

impl Rest {
    /// Logs a user in.
    pub async fn log_in(address: SocketAddr, email: &str, password: &str) -> Self {
        let nobody =
            Self { client: Client::new(), address, identity: Identity::User { token: String::new() } };
        let body = json!({"email": email, "password": password});
        let login = nobody.post("/auth/login", &body).await.expect(200);
        let token = login["access_token"].as_str().unwrap().to_owned();
        Self { identity: Identity::User { token }, ..nobody }
    }

    /// A device at the same hub.
    pub fn as_device(&self, credential: &Credential) -> Self {
        Self { identity: Identity::Device(credential.clone()), ..self.clone() }
    }

    /// The same user at a hub that was started again and listens elsewhere now.
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    /// The access token of a user.
    pub fn token(&self) -> &str {
        match &self.identity {
            Identity::User { token } => token,
            Identity::Device(_) => panic!("a device has no access token"),
        }
    }

    /// Sends a request with a body of any kind.
    pub async fn send(&self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Answer {
        let url = format!("http://{}/api/v1{path}", self.address);
        let mut request = self.client.request(method.clone(), url);
        request = match &self.identity {
            Identity::User { token } => request.bearer_auth(token),
            Identity::Device(device) => request.basic_auth(&device.username, Some(&device.token)),
        };
        if let Some((media_type, body)) = body {
            request = request.header(header::CONTENT_TYPE, media_type).body(body);
        }
        let described = format!("{method} {path}");
        let answer =
            soon(&described, request.send()).await.unwrap_or_else(|error| panic!("{described}: {error}"));
        let status = answer.status().as_u16();
        let text = soon(&described, answer.text()).await.unwrap();
        let body =
            if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap_or(text.into()) };
        Answer { request: described, status, body }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(("application/json", body.to_string().into_bytes()))).await
    }

    /// Every item of a list, page by page.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let mut page = self.get(&format!("{path}{separator}limit=200{cursor}")).await.expect(200);
            items.append(page["items"].as_array_mut().unwrap());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }

    /// Opens a site.
    pub async fn create_site(&self, code: &str) {
        let body = json!({"code": code, "name": code, "time_zone": "Europe/Paris"});
        self.post("/sites", &body).await.expect(201);
    }

    /// Adds a line to a site.
    pub async fn create_line(&self, site: &str, code: &str) {
        self.post(&format!("/sites/{site}/lines"), &json!({"code": code, "name": code})).await.expect(201);
    }

    /// Puts a machine on a line.
    pub async fn create_machine(&self, site: &str, line: &str, code: &str, output: bool) {
        let body = json!({"code": code, "name": code, "output": output});
        self.post(&format!("/sites/{site}/lines/{line}/machines"), &body).await.expect(201);
    }

    /// Adds an article that is counted in pieces.
    pub async fn create_article(&self, code: &str) {
        let body = json!({"code": code, "designation": code, "unit": "pcs"});
        self.post("/articles", &body).await.expect(201);
    }

    /// Plans an order on a line of the site of the tests, and releases it.
    pub async fn release_order(&self, code: &str, article: &str, line: &str, quantity: u32) {
        let body =
            json!({"code": code, "article": article, "quantity": quantity, "site": SITE, "line": line});
        self.post("/orders", &body).await.expect(201);
        self.step_order(code, "release").await;
    }

    /// Moves an order along.
    pub async fn step_order(&self, code: &str, action: &str) {
        self.post(&format!("/orders/{code}/{action}"), &Value::Null).await.expect(200);
    }

    /// An order.
    pub async fn order(&self, code: &str) -> Value {
        self.get(&format!("/orders/{code}")).await.expect(200)
    }

    /// Makes a credential for a device.
    pub async fn create_device(&self, name: &str, scope: &str) -> Credential {
        let created = self.post("/devices", &json!({"name": name, "scope": scope})).await.expect(201);
        let text = |field: &str| created[field].as_str().unwrap().to_owned();
        Credential { username: text("username"), token: text("token") }
    }

    /// Publishes messages, each with its topic; what came of each.
    pub async fn ingest(&self, messages: &Value) -> Vec<Value> {
        let mut answer = self.post("/ingest", messages).await.expect(200);
        std::mem::take(answer["results"].as_array_mut().unwrap())
    }

    /// What a line of the site of the tests does.
    pub async fn line_state(&self, line: &str) -> Value {
        self.get(&format!("/sites/{SITE}/lines/{line}/state")).await.expect(200)
    }

    /// What a machine of the site of the tests does.
    pub async fn machine_state(&self, line: &str, machine: &str) -> Value {
        self.line_state(line).await["machines"][machine].take()
    }

    /// The stock of an article, over all locations and lots, in thousandths.
    pub async fn stock_thousandths(&self, article: &str) -> i64 {
        let levels = self.list(&format!("/stock/levels?site={SITE}&article={article}")).await;
        levels.iter().map(|level| thousandths(&level["quantity"])).sum()
    }

    /// Messages that were refused and set aside.
    pub async fn dead_letters(&self) -> Vec<Value> {
        self.list("/dead-letters").await
    }
}

/// A quantity of an answer in thousandths.
pub fn thousandths(quantity: &Value) -> i64 {
    let quantity: domain::Quantity = quantity.as_str().unwrap().parse().unwrap();
    quantity.thousandths()
}
