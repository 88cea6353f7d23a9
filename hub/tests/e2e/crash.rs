//! kill -9 at random moments under load: what was acknowledged is there, once, and the hub goes on from it.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::load::{Load, build_plant};

/// How often the hub is killed; `make soak` says more.
const ROUNDS: usize = 5;

/// A number from the environment.
fn from_environment<T: std::str::FromStr>(name: &str) -> Option<T> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name} must be a number, not {value}")))
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_under_load_takes_nothing_that_was_acknowledged() {
    let rounds = from_environment("HUB_KILL_ROUNDS").unwrap_or(ROUNDS);
    let seed = from_environment("HUB_KILL_SEED").unwrap_or_else(rand::random);
    eprintln!("{rounds} rounds, HUB_KILL_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let (mut plant, credential) = build_plant().await;
    let load = Load::start(&plant, &credential, seed);
    for round in 1..=rounds {
        load.goes_on(random.random_range(50..800)).await;
        // Not at the moment of an acknowledgement, but at any.
        tokio::time::sleep(Duration::from_micros(random.random_range(0..30_000))).await;
        plant.hub.kill().await;
        eprintln!("round {round}: killed after {} acknowledgements", load.acknowledged());
        plant.hub.verify().await;
        plant.hub.start().await;
    }
    load.goes_on(200).await;
    plant.hub.kill().await;
    let account = load.switch_off().await;
    plant.hub.start().await;
    let (found, untold) = account.check(&plant).await;
    eprintln!("{found} messages are in the log, {untold} of them unacknowledged");
    let (status, _) = plant.hub.terminate().await;
    assert!(status.success(), "{status}");
    plant.hub.verify().await;
}
