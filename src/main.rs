//! The `doorlist` program.

use std::process::ExitCode;

use clap::Parser;
use doorlist::cli::Cli;
use doorlist::commands;

#[expect(clippy::print_stderr, reason = "the one place where an error reaches the person who typed the command")]
fn main() -> ExitCode {
    // Whatever is written (logs, databases) is nobody else's to read.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let cli = Cli::parse();
    if let Err(error) = color_eyre::install() {
        eprintln!("doorlist: {error}");
    }
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("doorlist: the program cannot start its threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(commands::run(cli));
    // A thread that waits for a key would hold the end back until the next one.
    runtime.shutdown_background();
    match ended {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            eprintln!("doorlist: {error}");
            error.exit_code()
        }
    }
}
