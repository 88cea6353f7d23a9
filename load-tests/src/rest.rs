//! The REST calls a measurement needs: log in, build the plant, read what its lines have counted.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::mqtt::Credential;
use crate::plant::{Plant, SITE};

/// Requests at the same time while the plant is built or read.
const AT_ONCE: usize = 8;

/// A user who is logged in.
pub struct User {
    client: Client,
    base: String,
    /// The access token.
    pub token: String,
}

async fn answer(request: RequestBuilder) -> anyhow::Result<Value> {
    let response = request.send().await?;
    let (status, url) = (response.status(), response.url().clone());
    let body = response.text().await?;
    ensure!(status.is_success(), "{url} answered {status}: {body}");
    serde_json::from_str(&body).with_context(|| format!("{url} answered what is no JSON"))
}

impl User {
    /// Logs in.
    pub async fn login(http: SocketAddr, email: &str, password: &str) -> anyhow::Result<Self> {
        let (client, base) = (Client::new(), format!("http://{http}/api/v1"));
        let body = json!({"email": email, "password": password});
        let session = answer(
            client
                .post(format!("{base}/auth/login"))
                .body(body.to_string())
                .header("content-type", "application/json"),
        )
        .await?;
        let token = session["access_token"].as_str().context("the login gave no token")?.to_owned();
        Ok(Self { client, base, token })
    }

    async fn post(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        let request = self.client.post(format!("{}{path}", self.base)).bearer_auth(&self.token);
        answer(request.header("content-type", "application/json").body(body.to_string())).await
    }

    /// Creates site, lines and machines.
    pub async fn build(&self, plant: &Plant) -> anyhow::Result<()> {
        self.post("/sites", json!({"code": SITE, "name": "Plant", "time_zone": "Europe/Paris"})).await?;
        stream::iter((0..plant.lines).map(|line| self.build_line(plant, line)))
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn build_line(&self, plant: &Plant, line: usize) -> anyhow::Result<()> {
        let code = Plant::line_code(line);
        self.post(&format!("/sites/{SITE}/lines"), json!({"code": code, "name": code})).await?;
        for place in 0..plant.machines_per_line {
            let machine = Plant::machine_code(place);
            let body = json!({"code": machine, "name": machine, "output": place == 0, "ideal_cycle_s": 1.0});
            self.post(&format!("/sites/{SITE}/lines/{code}/machines"), body).await?;
        }
        Ok(())
    }

    /// Creates credentials for the whole site.
    pub async fn credentials(&self, number: usize) -> anyhow::Result<Vec<Credential>> {
        let create = |index: usize| async move {
            let device =
                self.post("/devices", json!({"name": format!("gateway {index}"), "scope": SITE})).await?;
            Ok(serde_json::from_value(device)?)
        };
        stream::iter((0..number).map(create)).buffered(AT_ONCE).try_collect().await
    }

    /// The good parts that all machines have counted since they were created, as far as that is committed.
    pub async fn good_parts(&self, plant: &Plant) -> anyhow::Result<u64> {
        let of_line = |line: usize| async move {
            let path = format!("{}/sites/{SITE}/lines/{}/state", self.base, Plant::line_code(line));
            let state = answer(self.client.get(path).bearer_auth(&self.token)).await?;
            let machines = state["machines"].as_object().context("a line has no machines")?;
            let good = machines.values().filter_map(|machine| good_of(&machine["good"]));
            anyhow::Ok(good.sum::<u64>())
        };
        let lines: Vec<u64> =
            stream::iter((0..plant.lines).map(of_line)).buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(lines.into_iter().sum())
    }
}

/// The number of parts in a quantity as the hub writes it.
pub fn good_of(quantity: &Value) -> Option<u64> {
    quantity.as_str()?.parse().ok()
}
