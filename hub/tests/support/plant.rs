//! A small plant in a running hub, built over REST as a user builds it: one site, lines with machines, an article.

use serde_json::{Value, json};

use super::device::Credential;
use super::process::{Hub, Setup, TENANT};
use super::rest::Rest;

/// The site of the tests.
pub const SITE: &str = "lyon";
/// The first line; the others are `line-1`, `line-2`, …
pub const LINE: &str = "line-0";
/// What is made and stocked.
pub const ARTICLE: &str = "beam";

/// A hub with a plant in it, and its administrator.
pub struct Plant {
    /// The hub.
    pub hub: Hub,
    /// Its administrator.
    pub rest: Rest,
}

impl Plant {
    /// Starts a hub and builds `lines` lines with `machines` machines each, `m0`, `m1`, …; the first one is the output.
    pub async fn build(setup: Setup, lines: usize, machines: usize) -> Self {
        let hub = setup.start().await;
        let rest = hub.log_in().await;
        rest.create_site(SITE).await;
        rest.create_article(ARTICLE).await;
        for line in 0..lines {
            rest.create_line(SITE, &format!("line-{line}")).await;
            for machine in 0..machines {
                let (line, code) = (format!("line-{line}"), format!("m{machine}"));
                rest.create_machine(SITE, &line, &code, machine == 0).await;
            }
        }
        Self { hub, rest }
    }

    /// A credential for the whole site.
    pub async fn site_device(&self) -> Credential {
        self.rest.create_device("gateway", SITE).await
    }

    /// A credential for one machine.
    pub async fn machine_device(&self, line: &str, machine: &str) -> Credential {
        self.rest.create_device(machine, &format!("{SITE}/{line}/{machine}")).await
    }

    /// kill -9 and a new start.
    pub async fn crash_and_restart(&mut self) {
        self.hub.crash_and_restart().await;
        self.rest = self.rest.at(self.hub.http());
    }
}

/// The topic of a machine's channel.
pub fn topic(line: &str, machine: &str, channel: &str) -> String {
    format!("hub/v1/{TENANT}/{SITE}/{line}/{machine}/{channel}")
}

/// A message about good parts.
pub fn count(id: &str, good: u32) -> Value {
    json!({"id": id, "good": good})
}
