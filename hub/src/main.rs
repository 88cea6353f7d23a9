//! The program `hub`: reads the command line and answers with an exit code.

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // A usage that is wrong ends here with exit code 2, and `--help` with 0.
    hub::commands::run(hub::cli::Cli::parse())
}
