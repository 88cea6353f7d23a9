//! The directory of a tenant as the log has it, for commands that run without a hub.

use domain::ids::{StreamId, TenantCode};
use domain::tenant::TenantState;

use crate::ports::Store;
use crate::stream;

pub use crate::stream::LoadError;

/// Reads the directory of a tenant; empty if nothing was ever added to it.
pub async fn read(store: &dyn Store, tenant: &TenantCode) -> Result<TenantState, LoadError> {
    Ok(stream::load(store, &StreamId::Tenant(tenant.clone())).await?.state)
}
