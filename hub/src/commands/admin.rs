//! `hub admin`: tenants, users, credentials and keys, straight in the store.

use std::io::BufRead;
use std::process::ExitCode;
use std::sync::Arc;

use actors::clock::{Clock, SystemClock};
use actors::ports::{Membership, Role, Store};
use anyhow::Context;
use domain::DurationMs;
use domain::ids::TenantCode;
use domain::wire::scope::DeviceScope;
use web::auth::KeyRing;

use super::print;
use crate::accounts::{self, Account, AccountError};
use crate::assembly::open_store;
use crate::cli::{AdminCommand, DeviceCommand, KeysCommand, UserCommand};
use crate::config::Config;

const PASSWORD_VARIABLE: &str = "HUB_ADMIN_PASSWORD";

pub(super) async fn run(config: &Config, command: AdminCommand) -> anyhow::Result<ExitCode> {
    let store = open_store(config, true).await?;
    let done = execute(config, &store, command).await;
    store.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn execute(config: &Config, store: &Arc<dyn Store>, command: AdminCommand) -> anyhow::Result<()> {
    match command {
        AdminCommand::Bootstrap { tenant, name, email } => bootstrap(store, &tenant, &name, &email).await,
        AdminCommand::User(UserCommand::Add { tenant, email, name, roles, sites }) => {
            let membership = Membership { tenant, roles, sites: (!sites.is_empty()).then_some(sites) };
            add_user(store.as_ref(), &email, name.as_deref(), membership).await
        }
        AdminCommand::Device(DeviceCommand::Add { tenant, scope, name }) => {
            add_device(store.as_ref(), tenant, &scope, &name).await
        }
        AdminCommand::Keys(KeysCommand::Rotate { retire_after }) => {
            let life = jiff::SignedDuration::try_from(config.auth.access_ttl)?;
            let retire_after = retire_after.unwrap_or(life);
            anyhow::ensure!(!retire_after.is_negative(), "--retire-after must not be negative");
            let length = DurationMs(i64::try_from(retire_after.as_millis())?);
            rotate_keys(store, length).await
        }
    }
}

async fn bootstrap(
    store: &Arc<dyn Store>,
    tenant: &TenantCode,
    name: &str,
    email: &str,
) -> anyhow::Result<()> {
    // Everything that can be wrong with the user is looked at before the tenant is created.
    let known = accounts::find_user(store.as_ref(), email).await?;
    let password = if known.is_some() { None } else { Some(read_password(email)?) };
    // The first key is made here, so that it is there before the first hub of many starts.
    KeyRing::open(Arc::clone(store), Arc::new(SystemClock)).await?;
    match accounts::create_tenant(store.as_ref(), tenant, name).await {
        // A bootstrap that was cut off between tenant and user may be done again.
        Err(AccountError::TenantExists(_)) if store.users(tenant).await?.is_empty() => {}
        other => other?,
    }
    let membership = Membership { tenant: tenant.clone(), roles: vec![Role::Admin], sites: None };
    admit(store.as_ref(), email, email, membership, password).await?;
    print(&format!("created tenant {tenant} with the administrator {email}"))
}

async fn add_user(
    store: &dyn Store,
    email: &str,
    name: Option<&str>,
    mut membership: Membership,
) -> anyhow::Result<()> {
    require_tenant(store, &membership.tenant).await?;
    require_sites(store, &membership).await?;
    membership.roles.sort();
    membership.roles.dedup();
    let known = accounts::find_user(store, email).await?;
    let password = if known.is_some() { None } else { Some(read_password(email)?) };
    let tenant = membership.tenant.clone();
    admit(store, email, name.unwrap_or(email), membership, password).await?;
    print(&format!("{email} belongs to the tenant {tenant}"))
}

/// Creates the user, or lets an existing one in.
async fn admit(
    store: &dyn Store,
    email: &str,
    name: &str,
    membership: Membership,
    password: Option<String>,
) -> Result<(), AccountError> {
    match (accounts::find_user(store, email).await?, password) {
        (Some(user), _) => accounts::add_membership(store, &user, &membership).await,
        (None, Some(password)) => {
            let account = Account { email, name, membership };
            accounts::create_user(store, account, password, SystemClock.now()).await
        }
        (None, None) => Err(AccountError::PasswordMissing),
    }
}

async fn add_device(store: &dyn Store, tenant: TenantCode, scope: &str, name: &str) -> anyhow::Result<()> {
    require_tenant(store, &tenant).await?;
    let scope = DeviceScope::parse(tenant, scope)?;
    require_place(store, &scope).await?;
    let credential = accounts::create_device(store, scope, name, SystemClock.now()).await?;
    print(&serde_json::to_string(&credential)?)
}

async fn rotate_keys(store: &Arc<dyn Store>, retire_after: DurationMs) -> anyhow::Result<()> {
    let kid = web::auth::rotate_keys(store.as_ref(), SystemClock.now(), retire_after).await?;
    print(&format!("new tokens are signed with the key {kid}"))
}

async fn require_tenant(store: &dyn Store, tenant: &TenantCode) -> Result<(), AccountError> {
    if accounts::has_tenant(store, tenant).await? {
        Ok(())
    } else {
        Err(AccountError::UnknownTenant(tenant.clone()))
    }
}

/// A site that does not exist would keep the user out of everything, without a word.
async fn require_sites(store: &dyn Store, membership: &Membership) -> anyhow::Result<()> {
    let Some(sites) = &membership.sites else { return Ok(()) };
    let directory = actors::directory::read(store, &membership.tenant).await?;
    let unknown = sites.iter().find(|site| directory.site(site).is_none());
    match unknown {
        Some(site) => anyhow::bail!("there is no site {site} in the tenant {}", membership.tenant),
        None => Ok(()),
    }
}

/// A credential for a place that does not exist is a mistake in writing.
async fn require_place(store: &dyn Store, scope: &DeviceScope) -> anyhow::Result<()> {
    let Some(site) = scope.site() else { return Ok(()) };
    let directory = actors::directory::read(store, scope.tenant()).await?;
    let exists = match (scope.line(), scope.machine()) {
        (Some(line), Some(machine)) => directory.machine(site, line, machine).is_some(),
        (Some(line), None) => directory.line(site, line).is_some(),
        (None, _) => directory.site(site).is_some(),
    };
    anyhow::ensure!(exists, "there is no {} in the tenant {}", scope.path(), scope.tenant());
    Ok(())
}

/// The password of the variable, or one line of standard input without its line end.
fn read_password(email: &str) -> anyhow::Result<String> {
    if let Some(password) = std::env::var_os(PASSWORD_VARIABLE) {
        let password = password.into_string();
        return password.map_err(|_| anyhow::anyhow!("{PASSWORD_VARIABLE} is not UTF-8"));
    }
    if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        super::eprintln_or_ignore(&format!("password of {email} (it is shown while you type):"));
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line).context("cannot read the password from stdin")?;
    anyhow::ensure!(read > 0, AccountError::PasswordMissing);
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
