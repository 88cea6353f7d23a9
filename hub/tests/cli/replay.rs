//! `hub replay` against a hub: what a recording says is what the line counts.

use serde_json::{Value, json};

use super::program::{BOOTSTRAP, assert_code, assert_fails, hub, run};
use super::serve::Serving;

const PASSWORD: &str = "walzwerk am abend";

/// A user who administrates a tenant over REST.
struct Admin {
    client: reqwest::Client,
    base: String,
    token: String,
}

impl Admin {
    async fn log_in(http: &str) -> Self {
        let (client, base) = (reqwest::Client::new(), format!("http://{http}/api/v1"));
        let body = json!({"email": "eva@acme.example", "password": PASSWORD});
        let answer = client.post(format!("{base}/auth/login")).json(&body).send().await.unwrap();
        let answer: Value = answer.error_for_status().unwrap().json().await.unwrap();
        Self { client, base, token: answer["access_token"].as_str().unwrap().to_owned() }
    }

    async fn create(&self, path: &str, body: Value) {
        let request = self.client.post(format!("{}/{path}", self.base)).bearer_auth(&self.token);
        request.json(&body).send().await.unwrap().error_for_status().unwrap();
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.client.get(format!("{}/{path}", self.base)).bearer_auth(&self.token);
        request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
    }
}

#[tokio::test]
async fn a_recording_reaches_the_line() {
    let directory = tempfile::tempdir().unwrap();
    let mut bootstrap = hub(directory.path(), &BOOTSTRAP);
    assert_code(&bootstrap.env("HUB_ADMIN_PASSWORD", PASSWORD).output().unwrap(), 0);
    let (serving, addresses) = Serving::start(directory.path());
    let admin = Admin::log_in(addresses["http"].as_str().unwrap()).await;
    admin.create("sites", json!({"code": "linz", "name": "Linz", "time_zone": "Europe/Vienna"})).await;
    admin.create("sites/linz/lines", json!({"code": "saw", "name": "Saw"})).await;
    admin.create("sites/linz/lines/saw/machines", json!({"code": "s1", "name": "Saw 1"})).await;

    let device = [
        "admin",
        "device",
        "add",
        "--tenant",
        "acme",
        "--scope",
        "linz/saw/s1",
        "--name",
        "gateway of the saw",
    ];
    let device = run(directory.path(), &device);
    assert_code(&device, 0);
    let credential: Value = serde_json::from_slice(&device.stdout).unwrap();

    let recording = directory.path().join("saw.ndjson");
    let line = |channel: &str, at: &str, fields: &str| {
        format!(
            "{{\"topic\":\"hub/v1/acme/linz/saw/s1/{channel}\",\"at\":\"2026-11-22T10:00:{at}Z\",{fields}}}\n"
        )
    };
    let lines =
        line("state", "00", "\"state\":\"running\"") + &line("count", "01", "\"good\":3") + "not a message\n";
    std::fs::write(&recording, lines + &line("count", "02", "\"good\":2")).unwrap();
    let port = addresses["mqtt"].as_str().unwrap().rsplit_once(':').unwrap().1;
    let replay = |token: &str| {
        let username = credential["username"].as_str().unwrap();
        let recording = recording.to_str().unwrap();
        let args = ["replay", recording, "--format", "ndjson", "--speed", "max", "--port", port];
        run(directory.path(), &[&args[..], &["--username", username, "--token", token]].concat())
    };
    assert_fails(&replay("wrong"), "refused the connection");
    let replayed = replay(credential["token"].as_str().unwrap());
    assert_code(&replayed, 0);
    let said = String::from_utf8(replayed.stdout).unwrap();
    assert_eq!(said, "published 3 messages, 0 of them late; 1 lines could not be read\n");

    let machine = &admin.get("sites/linz/lines/saw/state").await["machines"]["s1"];
    assert_eq!((&machine["state"], &machine["good"]), (&json!("running"), &json!("5")), "{machine}");
    serving.signal("-TERM");
    assert_eq!(serving.end().code(), Some(0));
    assert_code(&run(directory.path(), &["verify"]), 0);
}
