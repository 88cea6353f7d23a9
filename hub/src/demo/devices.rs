//! The credentials of the demo's gateways: made once, kept beside the database, made again when they no longer work.

use std::collections::BTreeMap;
use std::path::Path;

use actors::HubHandle;
use actors::credentials::authenticate_device;
use domain::ids::{LineAddress, MachineCode};
use domain::wire::scope::DeviceScope;

use crate::accounts::{self, DeviceCredential};
use crate::data_dir::write_private;

const FILE: &str = "demo-devices.json";

/// What a gateway speaks for: a line, or one machine of it.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) line: LineAddress,
    pub(super) machine: Option<MachineCode>,
}

impl Scope {
    /// Its name in the file and in the client id.
    fn levels(&self) -> String {
        let machine = self.machine.iter().map(|machine| format!("/{machine}"));
        format!("{}/{}{}", self.line.site, self.line.line, machine.collect::<String>())
    }

    /// The name of its session.
    pub(super) fn client_id(&self) -> String {
        format!("gateway-{}", self.levels().replace('/', "-"))
    }
}

/// A credential for each scope, in their order.
pub(super) async fn credentials(
    data_dir: &Path,
    hub: &HubHandle,
    scopes: &[Scope],
) -> anyhow::Result<Vec<DeviceCredential>> {
    let path = data_dir.join(FILE);
    // A file that is missing or broken is as good as none: its credentials are made again.
    let kept: BTreeMap<String, DeviceCredential> =
        std::fs::read(&path).ok().and_then(|file| serde_json::from_slice(&file).ok()).unwrap_or_default();
    let mut all = BTreeMap::new();
    let mut credentials = Vec::with_capacity(scopes.len());
    for scope in scopes {
        let address = format!("{}/{}", scope.line.tenant, scope.levels());
        let credential = match kept.get(&address) {
            Some(credential) if works(hub, credential).await? => credential.clone(),
            _ => create(hub, scope).await?,
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

async fn create(hub: &HubHandle, scope: &Scope) -> anyhow::Result<DeviceCredential> {
    let levels = scope.levels();
    let parsed = DeviceScope::parse(scope.line.tenant.clone(), &levels)?;
    let name = match &scope.machine {
        Some(machine) => format!("gateway of {machine}"),
        None => format!("gateway of {}", scope.line.line),
    };
    Ok(accounts::create_device(hub.store().as_ref(), parsed, &name, hub.clock().now()).await?)
}
