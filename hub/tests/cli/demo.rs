//! `hub demo`: a plant worth looking at on an empty directory, and the same plant going on after another start.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::program::{assert_code, run};
use super::serve::Serving;

/// The past of a plant is a day, and the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);
const SITES: [&str; 2] = ["steelworks", "trois-rivieres"];

/// A supervisor in front of the demo.
struct Supervisor {
    client: reqwest::Client,
    base: String,
    token: String,
}

impl Supervisor {
    async fn log_in(addresses: &Value) -> Self {
        let base = format!("http://{}/api/v1", addresses["http"].as_str().unwrap());
        let mut supervisor = Self { client: reqwest::Client::new(), base, token: String::new() };
        let body = json!({"email": "supervisor@demo.local", "password": "demo"});
        let login = supervisor.client.post(format!("{}/auth/login", supervisor.base)).json(&body);
        let answer: Value = login.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
        answer["access_token"].as_str().unwrap().clone_into(&mut supervisor.token);
        supervisor
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.client.get(format!("{}/{path}", self.base)).bearer_auth(&self.token);
        request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
    }

    /// Looks until there is something to see.
    async fn sees<T>(&self, what: &str, mut look: impl AsyncFnMut(&Self) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look(self).await {
                return found;
            }
            assert!(Instant::now() < deadline, "{what}: not within {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The addresses of all lines.
    async fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for site in SITES {
            let page = self.get(&format!("sites/{site}/lines?limit=200")).await;
            let codes = page["items"].as_array().unwrap().iter().map(|line| line["code"].as_str().unwrap());
            lines.extend(codes.map(|code| format!("sites/{site}/lines/{code}")));
        }
        lines
    }

    /// The newest time at which the machines of a line measured something.
    async fn newest_measure(&self, line: &str) -> Option<String> {
        let state = self.get(&format!("{line}/state")).await;
        let machines = state["machines"].as_object()?.values();
        let measures = machines.filter_map(|machine| machine["measures"].as_object());
        let times = measures.flat_map(|measures| measures.values().map(|value| &value["at"]));
        times.filter_map(|at| at.as_str().map(str::to_owned)).max()
    }
}

fn start(data_dir: &Path, log: &str) -> (Serving, Value) {
    let log = File::create(data_dir.join(log)).unwrap();
    Serving::start_as(data_dir, &["demo", "--seed", "7"], Stdio::from(log))
}

/// Nothing went wrong, as far as the log says.
fn assert_calm(data_dir: &Path, log: &str) {
    let log = std::fs::read_to_string(data_dir.join(log)).unwrap();
    let trouble: Vec<_> =
        log.lines().filter(|line| line.contains("\"WARN\"") || line.contains("\"ERROR\"")).collect();
    assert!(trouble.is_empty(), "{trouble:#?}");
}

#[tokio::test]
async fn a_new_plant_has_a_past_and_another_start_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let data_dir = directory.path();
    let (hub, addresses) = start(data_dir, "first.log");
    let supervisor = Supervisor::log_in(&addresses).await;
    let lines = supervisor.lines().await;
    assert!(lines.len() >= 10, "the board is up at once: {lines:?}");
    // The rules are made when the past is told.
    supervisor
        .sees("a rule for machines that are down", async |supervisor| {
            let rules = supervisor.get("alert-rules").await;
            rules["items"].as_array().unwrap().iter().find(|rule| rule["code"] == "down-too-long").cloned()
        })
        .await;
    for line in &lines {
        supervisor
            .sees(&format!("every machine of {line} is heard"), async |supervisor| {
                let state = supervisor.get(&format!("{line}/state")).await;
                let machines = state["machines"].as_object().unwrap().values();
                machines.clone().all(|machine| machine["quality"].is_string()).then_some(())?;
                // The recorded hurco-06 says that it is switched off.
                machines.clone().any(|machine| machine["state"] != "offline").then_some(())
            })
            .await;
    }
    for line in ["sites/steelworks/lines/soudage", "sites/trois-rivieres/lines/laminoir"] {
        let stops = supervisor.get(&format!("{line}/stops?limit=200")).await;
        let stops = stops["items"].as_array().unwrap();
        let classified = stops.iter().filter(|stop| stop["reason"].is_string()).count();
        assert!((1..stops.len()).contains(&classified), "{classified} of {} on {line}", stops.len());
        let state = supervisor.get(&format!("{line}/state")).await;
        assert!(state["order"]["good"].as_str().unwrap().parse::<u32>().unwrap() > 0, "{state}");
        assert!(state["shift"]["oee"].is_number(), "{state}");
    }
    let letters = supervisor.get("dead-letters").await;
    assert_eq!(letters["items"].as_array().unwrap().len(), 3, "{letters}");
    let acknowledged = async |supervisor: &Supervisor| {
        let alerts = supervisor.get("alerts?limit=200").await;
        alerts["items"].as_array().unwrap().iter().any(|alert| alert["acked_by"].is_string()).then_some(())
    };
    supervisor.sees("an alert that somebody has acknowledged", acknowledged).await;

    let watched = "sites/steelworks/lines/galvanisation";
    let before = supervisor.newest_measure(watched).await.unwrap();
    hub.signal("-TERM");
    assert_eq!(hub.end().code(), Some(0));
    assert_calm(data_dir, "first.log");
    assert_code(&run(data_dir, &["verify"]), 0);

    let (hub, addresses) = start(data_dir, "second.log");
    let supervisor = Supervisor::log_in(&addresses).await;
    assert_eq!(supervisor.lines().await, lines);
    supervisor
        .sees("machines go on", async |supervisor| {
            supervisor.newest_measure(watched).await.filter(|newest| *newest > before)
        })
        .await;
    assert_eq!(supervisor.get("dead-letters").await["items"].as_array().unwrap().len(), 3);
    hub.signal("-TERM");
    assert_eq!(hub.end().code(), Some(0));
    assert_calm(data_dir, "second.log");
    assert_code(&run(data_dir, &["verify"]), 0);
}
