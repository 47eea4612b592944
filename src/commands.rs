//! The headless commands and the way into the console; one file a command.

mod config;
mod console;
mod demo;
mod keys;
mod pin;
mod serve;
mod wipe;

use std::process::ExitCode;

use crate::cli::{Cli, Command, SettingFlags};
use crate::config::{Loaded, Sources, StateFolder};

/// How a command ended well, as the exit code tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// The system ended it, by SIGTERM or the end of the terminal.
    Interrupted,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            // What a shell reports of a process that SIGTERM ended.
            Outcome::Interrupted => Self::from(143),
        }
    }
}

/// Why a command failed; the exit code follows from it.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub enum CommandError {
    /// The settings cannot be used.
    Config(#[from] crate::config::ConfigError),
    /// The token cannot be had.
    Token(#[from] crate::config::TokenError),
    /// The state folder cannot be used.
    State(#[from] crate::config::StateError),
    /// The settings do not make a client.
    Client(#[from] crate::api::SettingsError),
    /// The log cannot be written.
    Telemetry(#[from] crate::telemetry::TelemetryError),
    /// The key table cannot be used.
    Keys(#[from] crate::config::KeysError),
    /// The embedded service cannot start.
    Service(#[from] crate::server::StartError),
    /// The service's signing key cannot be had.
    Key(#[from] crate::server::KeyError),
    /// An argument is not an id.
    Id(#[from] crate::domain::IdError),
    /// A PIN that cannot be one, or was not typed twice alike.
    #[error("{0}")]
    Pin(&'static str),
    /// Standard input or output is no terminal.
    #[error("the console needs a terminal: standard input and output must not be redirected")]
    NoTerminal,
    /// A settings file is there already.
    #[error("{}: is there already, and was left as it is", .0.display())]
    Exists(std::path::PathBuf),
    /// Scans were not yet answered when the console was left.
    #[error("left with {0} scan(s) not yet sent or answered: they are kept, and go out when doorlist starts again")]
    Unsent(usize),
    /// Some stores were not wiped.
    #[error("{0}")]
    NotWiped(String),
    /// The store of the event cannot be used.
    Store(#[from] crate::store::StoreError),
    /// A thread panicked; these are its words.
    #[error("doorlist met a fault of its own and ended; scans that the service answered are safe there.\n{0}")]
    Panicked(String),
    /// The system refused something.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl CommandError {
    /// 2 for usage and settings, 5 for a service that did not answer, 70 for a fault of our own, 1 for the rest.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Panicked(_) => ExitCode::from(70),
            Self::NotWiped(_) => ExitCode::FAILURE,
            Self::Unsent(_) => ExitCode::from(5),
            Self::Io(_) | Self::Service(_) => ExitCode::FAILURE,
            _ => ExitCode::from(2),
        }
    }
}

/// Does what the command line says.
pub async fn run(cli: Cli) -> Result<Outcome, CommandError> {
    let settings = &cli.settings;
    match cli.command.unwrap_or(Command::Console) {
        Command::Console => console::run(&load(settings)?).await,
        Command::Demo(args) => demo::run(&load(settings)?, &args).await,
        Command::Serve(args) => serve::run(&load(settings)?, args).await,
        Command::Token(args) => keys::mint(&load(settings)?, &args),
        Command::Sign(args) => keys::sign(&load(settings)?, &args),
        Command::Pin => pin::run(),
        Command::Wipe(args) => wipe::run(&load(settings)?, args),
        Command::Config(command) => config::run(command, settings),
    }
}

fn sources(settings: &SettingFlags) -> Sources {
    Sources::of_this_process(settings.config.as_deref(), settings.flags())
}

fn load(settings: &SettingFlags) -> Result<Loaded, CommandError> {
    Ok(Loaded::from_sources(sources(settings))?)
}

fn state_folder(loaded: &Loaded) -> Result<StateFolder, CommandError> {
    Ok(StateFolder::open(&loaded.settings.state.dir)?)
}
