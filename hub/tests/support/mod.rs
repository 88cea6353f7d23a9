//! A real hub under test: the program itself as a process, and clients with methods named after what users do.
//!
//! Test programs include it whole, so whatever is here must be used by `hub/tests/e2e/`, which is one program for that
//! reason: a new end-to-end test is a module of it.

mod device;
mod plant;
mod process;
mod rest;
mod session;
mod viewer;

use std::time::Duration;

use tokio::time::Instant;

pub use device::{Credential, Device};
pub use plant::{ARTICLE, LINE, Plant, SITE, count, topic};
pub use process::{Hub, Setup, TENANT};
pub use rest::{Rest, thousandths};
pub use session::{Session, Version};
pub use viewer::{Heard, Viewer};

/// Longer than anything here takes, even on a busy machine with an unoptimised hub.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until the condition gives something; fails when patience is over.
pub async fn eventually<T>(what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = condition().await {
            return value;
        }
        assert!(Instant::now() < deadline, "{what}: not within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waits for what must happen soon; fails with its name when patience is over.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(value) => value,
        Err(_) => panic!("{what}: not within {PATIENCE:?}"),
    }
}
