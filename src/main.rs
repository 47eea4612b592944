//! The `doorlist` program.

use std::process::ExitCode;

use clap::Parser;
use doorlist::cli::{Cli, Command};
use doorlist::commands;

/// A list of a hundred thousand guests is two million small pieces of memory, which this one gives in half the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How far the working threads stand behind, as `nice` counts: about a third of the processor's time where all want it.
#[cfg(target_os = "linux")]
const STEP_BACK: i32 = 5;

#[expect(clippy::print_stderr, reason = "the one place where an error reaches the person who typed the command")]
fn main() -> ExitCode {
    // Whatever is written (logs, databases) is nobody else's to read.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let cli = Cli::parse();
    if let Err(error) = color_eyre::install() {
        eprintln!("doorlist: {error}");
    }
    let mut threads = tokio::runtime::Builder::new_multi_thread();
    if matches!(cli.command, None | Some(Command::Console | Command::Demo(_))) {
        threads.on_thread_start(step_back);
    }
    let runtime = match threads.enable_all().build() {
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

/// Lets the thread that hears keys and draws go before those that work for it: a list of a million, and in the demo
/// the service too, would else take its turns on a machine of two cores.
fn step_back() {
    // Only there the priority is the thread's own, which others inherit. Where it cannot be lowered all go on as equals.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, STEP_BACK);
}
