//! The credentials of the demo's machines: made once, kept beside the database, made again when they no longer work.

use std::collections::BTreeMap;
use std::path::Path;

use actors::HubHandle;
use actors::credentials::authenticate_device;
use domain::wire::scope::DeviceScope;

use super::feeds::Feed;
use crate::accounts::{self, DeviceCredential};
use crate::data_dir::write_private;

const FILE: &str = "demo-devices.json";

/// A credential for each feed, in their order.
pub(super) async fn credentials(
    data_dir: &Path,
    hub: &HubHandle,
    feeds: &[Feed],
) -> anyhow::Result<Vec<DeviceCredential>> {
    let path = data_dir.join(FILE);
    // A file that is missing or broken is as good as none: its credentials are made again.
    let kept: BTreeMap<String, DeviceCredential> =
        std::fs::read(&path).ok().and_then(|file| serde_json::from_slice(&file).ok()).unwrap_or_default();
    let mut all = BTreeMap::new();
    let mut credentials = Vec::with_capacity(feeds.len());
    for feed in feeds {
        let address = format!("{}/{}", feed.line, feed.machine);
        let credential = match kept.get(&address) {
            Some(credential) if works(hub, credential).await? => credential.clone(),
            _ => create(hub, feed).await?,
        };
        all.insert(address, credential.clone());
        credentials.push(credential);
    }
    write_private(&path, &serde_json::to_vec_pretty(&all)?)?;
    Ok(credentials)
}

async fn works(hub: &HubHandle, credential: &DeviceCredential) -> anyhow::Result<bool> {
    let found = authenticate_device(hub.store().as_ref(), &credential.username, &credential.token).await?;
    Ok(found.is_some())
}

async fn create(hub: &HubHandle, feed: &Feed) -> anyhow::Result<DeviceCredential> {
    let path = format!("{}/{}/{}", feed.line.site, feed.line.line, feed.machine);
    let scope = DeviceScope::parse(feed.line.tenant.clone(), &path)?;
    let name = format!("gateway of {}", feed.machine);
    Ok(accounts::create_device(hub.store().as_ref(), scope, &name, hub.clock().now()).await?)
}
