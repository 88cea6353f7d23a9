//! What each command does, and how it ends: exit code 0, or 1 with its reason on stderr.

mod admin;
mod maintenance;
mod replay;
pub(crate) mod serve;

use std::future::Future;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;

use crate::cli::{Cli, Command};
use crate::config::Config;
use crate::{demo, logging};

/// Filter of the commands that people wait for: they print what they did, so only what goes wrong is logged.
const QUIET: &str = "warn";

/// Does what the command line says.
pub fn run(cli: Cli) -> ExitCode {
    match execute(cli) {
        Ok(code) => code,
        Err(error) => {
            // The subscriber may not have been started yet, and a command's user reads text.
            eprintln_or_ignore(&format!("error: {}", explain(&error)));
            ExitCode::FAILURE
        }
    }
}

/// The error and its causes; many errors tell their cause themselves, which is enough.
fn explain(error: &anyhow::Error) -> String {
    error.chain().skip(1).map(ToString::to_string).fold(error.to_string(), |told, cause| {
        if told.contains(&cause) { told } else { format!("{told}: {cause}") }
    })
}

fn execute(cli: Cli) -> anyhow::Result<ExitCode> {
    if let Command::Replay(args) = &cli.command {
        logging::start(&log_filter(None))?;
        return block_on(replay::run(args));
    }
    if let Command::Openapi = cli.command {
        print(web::openapi_json().trim_end())?;
        return Ok(ExitCode::SUCCESS);
    }
    let config = Config::of_process(cli.config.as_deref())?;
    match cli.command {
        Command::CheckConfig => {
            print(config.to_toml()?.trim_end())?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve => {
            logging::start(&config.log)?;
            block_on(serve::run(&config))
        }
        Command::Demo(args) => {
            logging::start(&config.log)?;
            block_on(demo::run(&config, &args))
        }
        Command::Admin(command) => quietly(&config, admin::run(&config, command)),
        Command::Migrate => quietly(&config, maintenance::migrate(&config)),
        Command::Rebuild => quietly(&config, maintenance::rebuild(&config)),
        Command::Verify => quietly(&config, maintenance::verify(&config)),
        // Answered above, before the configuration is read: these are no hub.
        Command::Openapi => Ok(ExitCode::SUCCESS),
        Command::Replay(args) => block_on(replay::run(&args)),
    }
}

fn quietly(
    config: &Config,
    command: impl Future<Output = anyhow::Result<ExitCode>>,
) -> anyhow::Result<ExitCode> {
    logging::start(&log_filter(Some(config)))?;
    block_on(command)
}

/// What somebody asked for in so many words, or else only what goes wrong.
fn log_filter(config: Option<&Config>) -> String {
    match (config, std::env::var("HUB_LOG")) {
        (Some(config), _) if config.log != Config::default().log => config.log.clone(),
        (_, Ok(filter)) if !filter.is_empty() => filter,
        _ => QUIET.to_owned(),
    }
}

/// Runs a command in an actix system whose runtime has several threads, so that the store never waits for a command.
fn block_on(command: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("hub").build();
    // A command that fails in here would fail in every other way too; the reason is kept for the caller.
    let runtime = runtime.context("cannot start the runtime")?;
    let mut runtime = Some(runtime);
    let system = actix::System::with_tokio_rt(move || match runtime.take() {
        Some(runtime) => runtime,
        None => unreachable!("a system makes its runtime once"),
    });
    system.block_on(command)
}

/// One line on stdout.
pub(crate) fn print(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}").context("cannot write to stdout")
}

fn eprintln_or_ignore(line: &str) {
    // Nobody is left to be told if stderr is closed.
    let _closed = writeln!(std::io::stderr(), "{line}");
}

/// Fails unless there is a database: a command that reads must not make an empty one.
pub(crate) fn require_database(path: &Path) -> anyhow::Result<()> {
    anyhow::ensure!(path.is_file(), "there is no database {}", path.display());
    Ok(())
}
