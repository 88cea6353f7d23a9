//! The command line: what can be asked of the program, and how.

use std::path::PathBuf;

use actors::ports::Role;
use clap::{Args, Parser, Subcommand};
use connectors::feeds::Format;
use connectors::feeds::schedule::Speed;
use domain::ids::{SiteCode, TenantCode};
use jiff::SignedDuration;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};

/// TopSteel Hub: a real-time operations hub for the shop floor.
#[derive(Debug, Parser)]
#[command(name = "hub", version, subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    /// A TOML file over the built-in defaults; environment variables lie over it
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs a demo plant of recorded and of simulated machines, on loopback only
    ///
    /// Everything is in the data directory (HUB_DATA_DIR, ./data): another start goes on where this one ended. A
    /// new plant first tells its last 24 hours.
    Demo(DemoArgs),
    /// Runs the hub
    ///
    /// Without configuration: embedded store, loopback, no users (see `hub admin bootstrap`).
    Serve,
    /// Creates tenants, users and credentials, also while a hub runs on the same store
    #[command(subcommand, arg_required_else_help = true)]
    Admin(AdminCommand),
    /// Brings the store to the schema of this version
    Migrate,
    /// Makes the projections (orders, levels, alerts, …) again from the log; the hub must not run
    Rebuild,
    /// Checks the log for gaps, projections against a replay, and the conservation of stock
    ///
    /// Prints what it finds; the exit code is 1 if it finds anything.
    Verify,
    /// Prints the effective configuration without its secrets, or what is wrong with it
    CheckConfig,
    /// Prints the OpenAPI document of this version
    Openapi,
    /// Sends a recording of a machine to an MQTT endpoint
    Replay(ReplayArgs),
}

/// What an administrator can do.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Creates a tenant and its first administrator
    ///
    /// The password is read from HUB_ADMIN_PASSWORD, or else one line of standard input; at least 12 characters.
    Bootstrap {
        /// The tenant's code: small letters, digits and inner hyphens
        #[arg(long, value_name = "SLUG")]
        tenant: TenantCode,
        /// The tenant's name
        #[arg(long)]
        name: String,
        /// The administrator's e-mail address
        #[arg(long)]
        email: String,
    },
    /// Users
    #[command(subcommand, arg_required_else_help = true)]
    User(UserCommand),
    /// Credentials of devices
    #[command(subcommand, arg_required_else_help = true)]
    Device(DeviceCommand),
    /// Keys that sign access tokens
    #[command(subcommand, arg_required_else_help = true)]
    Keys(KeysCommand),
}

/// What can be done with users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Creates a user, or gives one of another tenant access to this one
    ///
    /// The password is read from HUB_ADMIN_PASSWORD, or else one line of standard input; at least 12 characters.
    Add {
        /// The tenant
        #[arg(long)]
        tenant: TenantCode,
        /// The e-mail address they log in with
        #[arg(long)]
        email: String,
        /// Their name; the e-mail address if it is left out
        #[arg(long)]
        name: Option<String>,
        /// viewer, operator, storekeeper, planner, supervisor or admin; may be repeated
        #[arg(long = "role", value_name = "ROLE", required = true, value_parser = role)]
        roles: Vec<Role>,
        /// Only at this site; may be repeated
        #[arg(long = "site", value_name = "SITE")]
        sites: Vec<SiteCode>,
    },
}

/// What can be done with credentials of devices.
#[derive(Debug, Subcommand)]
pub enum DeviceCommand {
    /// Creates a credential and prints its `username` and `token` as JSON; the token is not shown again
    Add {
        /// The tenant
        #[arg(long)]
        tenant: TenantCode,
        /// What it may speak for; the whole tenant if it is left out
        #[arg(long, value_name = "SITE[/LINE[/MACHINE]]", default_value = "")]
        scope: String,
        /// A name for people
        #[arg(long)]
        name: String,
    },
}

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Makes a new key; older ones go on verifying tokens until `--retire-after` is over
    Rotate {
        /// How long tokens signed with older keys are accepted; the life of an access token if it is left out
        #[arg(long, value_name = "LENGTH")]
        retire_after: Option<SignedDuration>,
    },
}

/// How the demo plant behaves.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// How many times as often everything happens: parts, stops and their lengths, orders (0.1 to 100)
    ///
    /// The clock is not touched: messages carry real times, shifts and breaks follow the calendar, and the ideal
    /// cycle times of the machines are set to the speed at every start. A new plant's past is as many times shorter.
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = demo_speed)]
    pub speed: f64,
    /// What chance begins with: the same seed and start give the same plant
    #[arg(long, value_name = "N", default_value_t = 1870)]
    pub seed: u64,
}

/// How a recording is sent.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The recording
    pub file: PathBuf,
    /// shdr (MTConnect adapter lines), csv, or ndjson (the hub's own messages)
    #[arg(long)]
    pub format: Format,
    /// Which items of the recording mean what (TOML); needed for shdr and csv
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// How many times faster than recorded, or `max`; what the mapping suggests if it is left out
    #[arg(long, value_name = "X")]
    pub speed: Option<Speed>,
    /// Longer gaps of recorded time are shortened to this, such as `2m`
    #[arg(long, value_name = "LENGTH")]
    pub max_gap: Option<SignedDuration>,
    /// Begins again at the end, for ever
    #[arg(long)]
    pub repeat: bool,
    /// Where the MQTT endpoint is
    #[arg(long, default_value = "127.0.0.1")]
    pub host: String,
    /// Its port
    #[arg(long, default_value_t = 1883)]
    pub port: u16,
    /// The device's user name
    #[arg(long, env = "HUB_REPLAY_USERNAME", requires = "token")]
    pub username: Option<String>,
    /// The device's token
    #[arg(long, env = "HUB_REPLAY_TOKEN", hide_env_values = true, requires = "username")]
    pub token: Option<String>,
    /// Messages that may wait for their PUBACK
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub in_flight: u16,
}

fn role(text: &str) -> Result<Role, String> {
    let deserializer: StrDeserializer<'_, ValueError> = text.into_deserializer();
    Role::deserialize(deserializer).map_err(|error| error.to_string())
}

fn demo_speed(text: &str) -> Result<f64, String> {
    let speed = text.trim_end_matches('x').parse().ok().filter(|speed| (0.1..=100.0).contains(speed));
    speed.ok_or_else(|| "must be a number from 0.1 to 100".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn roles_are_those_of_the_protocol() {
        assert_eq!(role("storekeeper"), Ok(Role::Storekeeper));
        assert!(role("root").unwrap_err().contains("supervisor"));
    }
}
