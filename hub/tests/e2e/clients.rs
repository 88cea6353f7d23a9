//! Clients that others wrote and everybody uses, unmodified, with MQTT 3.1.1 and 5: they publish, and hear what is for them.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::support::{ARTICLE, Credential, LINE, Plant, Setup, TENANT, count, eventually, soon, topic};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Client {
    Mosquitto,
    Paho,
    MqttJs,
}

/// A program that is there, or a sentence that says how to get it.
fn installed(path: PathBuf) -> PathBuf {
    let is_there = match path.parent() {
        Some(directory) if directory != Path::new("") => path.exists(),
        _ => std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .any(|directory| directory.join(&path).exists()),
    };
    assert!(
        is_there,
        "{} is missing: run deploy/install-test-tools.sh, as make test does, to install it",
        path.display()
    );
    path
}

fn tools() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/test-tools");
    std::env::var_os("HUB_TEST_TOOLS").map_or(root, PathBuf::from)
}

/// Where a client connects to, as what, and how.
struct Link<'a> {
    client: Client,
    version: &'static str,
    hub: SocketAddr,
    device: &'a Credential,
}

impl Link<'_> {
    /// Publishes with QoS 1 and waits for every PUBACK; whether the client was content.
    async fn publish(&self, topic: &str, payloads: &[String]) -> bool {
        match self.client {
            Client::Mosquitto => {
                for payload in payloads {
                    let mut command = self.mosquitto("mosquitto_pub");
                    command.args(["-q", "1", "-t", topic, "-m", payload]);
                    if !succeeds(command).await {
                        return false;
                    }
                }
                true
            }
            Client::Paho | Client::MqttJs => {
                let mut command = self.script("publish", topic);
                command.args(payloads.iter().flat_map(|payload| ["--payload", payload]));
                succeeds(command).await
            }
        }
    }

    /// Subscribes with QoS 1, and waits for the SUBACK.
    async fn subscribe(&self, topic: &str) -> Listener {
        let mut command = match self.client {
            Client::Mosquitto => {
                let mut command = self.mosquitto("mosquitto_sub");
                command
                    .args(["-d", "-q", "1", "-t", topic])
                    .args(["-F", r#"{"event":"message","topic":"%t","retain":%r,"payload":%p}"#]);
                command
            }
            Client::Paho | Client::MqttJs => {
                let mut command = self.script("subscribe", topic);
                // It listens as long as the test lets it.
                command.args(["--count", "1000", "--timeout", "600"]);
                command
            }
        };
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut listener = Listener { lines, heard: VecDeque::new(), _process: process };
        // What is kept of a topic may be told before the subscription is.
        loop {
            let line = listener.line().await;
            match message(&line) {
                Some(message) => listener.heard.push_back(message),
                // The programs spell it differently.
                None if line.to_lowercase().contains("subscribed") => return listener,
                None => {}
            }
        }
    }

    fn mosquitto(&self, program: &str) -> Command {
        let program = installed(program.into());
        // Into a pipe its lines would come late.
        let mut command = Command::new("stdbuf");
        let version = if self.version == "5" { "mqttv5" } else { "mqttv311" };
        command.arg("-oL").arg(program).args([
            "-h",
            &self.hub.ip().to_string(),
            "-p",
            &self.hub.port().to_string(),
        ]);
        command
            .args(["-V", version, "-u", &self.device.username, "-P", &self.device.token])
            .kill_on_drop(true);
        command
    }

    fn script(&self, action: &str, topic: &str) -> Command {
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
        let mut command = match self.client {
            Client::MqttJs => {
                installed(scripts.join("node_modules/mqtt/package.json"));
                let mut command = Command::new(installed("node".into()));
                command.arg(scripts.join("mqttjs_client.mjs"));
                command
            }
            _ => {
                let mut command = Command::new(installed(tools().join("venv/bin/python")));
                command.arg(scripts.join("paho_client.py"));
                command
            }
        };
        command.args([action, "--host", &self.hub.ip().to_string(), "--port", &self.hub.port().to_string()]);
        command.args(["--user", &self.device.username, "--token", &self.device.token]);
        command.args(["--protocol", self.version, "--topic", topic]).kill_on_drop(true);
        command
    }
}

async fn succeeds(mut command: Command) -> bool {
    let output = soon("the client ends", command.output()).await.unwrap();
    if !output.status.success() {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        eprintln!("{}: {}{}", output.status, text(&output.stdout), text(&output.stderr));
    }
    output.status.success()
}

/// The message that a line of a client tells of.
fn message(line: &str) -> Option<Value> {
    serde_json::from_str(line).ok().filter(|parsed: &Value| parsed["event"] == "message")
}

/// A client that listens.
struct Listener {
    lines: Lines<BufReader<ChildStdout>>,
    heard: VecDeque<Value>,
    _process: Child,
}

impl Listener {
    async fn line(&mut self) -> String {
        let line = soon("a line of the client", self.lines.next_line()).await.unwrap();
        line.expect("the client is still there")
    }

    /// The payload of the next message, which must be of this topic.
    async fn hears(&mut self, topic: &str, retained: bool) -> Value {
        while self.heard.is_empty() {
            let line = self.line().await;
            self.heard.extend(message(&line));
        }
        let message = self.heard.pop_front().unwrap();
        assert_eq!(message["topic"], topic, "{message}");
        let kept = &message["retain"];
        assert_eq!(kept == &json!(true) || kept == &json!(1), retained, "{message}");
        match &message["payload"] {
            Value::String(text) => serde_json::from_str(text).unwrap(),
            payload => payload.clone(),
        }
    }
}

async fn publishes_and_hears(client: Client, version: &'static str) {
    let plant = Plant::build(Setup::default(), 1, 1).await;
    plant.rest.release_order("o-1", ARTICLE, LINE, 100).await;
    let device = plant.rest.create_device("terminal", &format!("lyon/{LINE}")).await;
    let link = Link { client, version, hub: plant.hub.mqtt(), device: &device };
    let [state, parts] = ["state", "count"].map(|channel| topic(LINE, "m0", channel));
    let order = topic(LINE, "m0", "order");

    let mut andon = link.subscribe(&format!("hub/v1/{TENANT}/lyon/{LINE}/andon")).await;
    let andon_topic = format!("hub/v1/{TENANT}/lyon/{LINE}/andon");
    assert_eq!(andon.hears(&andon_topic, true).await["color"], "grey");
    assert!(link.publish(&state, &[json!({"id": "s", "state": "running"}).to_string()]).await);
    assert_eq!(andon.hears(&andon_topic, false).await["color"], "green");

    assert!(link.publish(&order, &[json!({"id": "o", "order": "o-1", "action": "start"}).to_string()]).await);
    eventually("the order runs on the line", async || {
        (plant.rest.line_state(LINE).await["order"]["code"] == "o-1").then_some(())
    })
    .await;
    let messages = [count("a", 5), count("b", 2), count("a", 5)].map(|message| message.to_string());
    assert!(link.publish(&parts, &messages).await);
    assert_eq!(plant.rest.machine_state(LINE, "m0").await["good"], "7");

    let job_topic = topic(LINE, "m0", "job");
    let job = link.subscribe(&job_topic).await.hears(&job_topic, true).await;
    assert_eq!((&job["code"], &job["quantity"]), (&json!("o-1"), &json!("100")));

    let refused_topic = topic(LINE, "m0", "refused");
    let mut refused = link.subscribe(&refused_topic).await;
    assert!(link.publish(&parts, &[r#"{"id":"x","good":-1}"#.to_owned()]).await, "acknowledged all the same");
    let told = refused.hears(&refused_topic, false).await;
    assert_eq!((&told["id"], &told["code"]), (&json!("x"), &json!("invalid_field")));

    let stranger = Credential { username: device.username.clone(), token: "wrong".to_owned() };
    let link = Link { device: &stranger, ..link };
    assert!(!link.publish(&parts, &[count("z", 1).to_string()]).await, "a wrong token is refused");
    assert_eq!(plant.rest.machine_state(LINE, "m0").await["good"], "7");
}

#[tokio::test(flavor = "multi_thread")]
async fn mosquitto_clients_speak_3_1_1() {
    publishes_and_hears(Client::Mosquitto, "3.1.1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mosquitto_clients_speak_5() {
    publishes_and_hears(Client::Mosquitto, "5").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paho_speaks_3_1_1() {
    publishes_and_hears(Client::Paho, "3.1.1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paho_speaks_5() {
    publishes_and_hears(Client::Paho, "5").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mqtt_js_speaks_3_1_1() {
    publishes_and_hears(Client::MqttJs, "3.1.1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mqtt_js_speaks_5() {
    publishes_and_hears(Client::MqttJs, "5").await;
}
