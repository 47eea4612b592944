//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::{SignedDuration, SpanRelativeTo};

use crate::config::Flag;
use crate::domain::is_email;
use crate::server::Scope;

/// A keyboard-driven terminal check-in console for ticketed events.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// What to do; without a command, the console.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Settings for this run.
    #[command(flatten)]
    pub settings: SettingFlags,
}

/// Settings that are worth a flag.
#[derive(Debug, Clone, Default, Args)]
pub struct SettingFlags {
    /// Read this settings file besides the standing ones.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The event at this door.
    #[arg(long, global = true, value_name = "EVENT")]
    pub event: Option<String>,
    /// What this console is called in the scan history.
    #[arg(long, global = true, value_name = "NAME")]
    pub device: Option<String>,
    /// dark, light, high-contrast or colour-blind.
    #[arg(long, global = true, value_name = "THEME")]
    pub theme: Option<String>,
    /// off, error, warn, info, debug or trace.
    #[arg(long, global = true, value_name = "LEVEL")]
    pub log_level: Option<String>,
}

impl SettingFlags {
    /// The flags as the strongest layer of the settings.
    #[must_use]
    pub fn flags(&self) -> Vec<Flag> {
        [
            ("--event", "event.id", &self.event),
            ("--device", "device.id", &self.device),
            ("--theme", "theme.name", &self.theme),
            ("--log-level", "log.level", &self.log_level),
        ]
        .into_iter()
        .filter_map(|(flag, key, value)| value.clone().map(|value| Flag { flag, key, value }))
        .collect()
    }
}

/// What doorlist can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The check-in console, on the service of the settings.
    Console,
    /// The console on a generated event, served by this very process; leaves nothing behind.
    Demo(DemoArgs),
    /// The ticket service.
    Serve(ServeArgs),
    /// Mint an access token of the embedded service.
    Token(TokenArgs),
    /// Sign an order of the embedded service, so that its customer can see its tickets.
    Sign(SignArgs),
    /// Hash a PIN for `role.pin_hash`; it is read from the terminal unseen, or from standard input.
    Pin,
    /// Delete what is kept on this machine of the event, or of every event where none is named.
    Wipe(WipeArgs),
    /// Look at the settings, check them, or write a file to start from.
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// What is deleted.
#[derive(Debug, Clone, Copy, Args)]
pub struct WipeArgs {
    /// Delete unsent scans and unsettled conflicts too; they are exported to the state folder first.
    #[arg(long)]
    pub force: bool,
}

/// The generated event.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// How many tickets it has.
    #[arg(long, default_value_t = 1_200, value_parser = clap::value_parser!(u32).range(1..=2_000_000))]
    pub tickets: u32,
    /// The same number gives the same guests.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// The service.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// The database file; without one, `service.db` in the state folder.
    #[arg(long, value_name = "FILE")]
    pub database: Option<PathBuf>,
    /// Fill it with a generated event of this many tickets; without `--database` it is gone afterwards.
    #[arg(long, value_name = "TICKETS", value_parser = clap::value_parser!(u32).range(1..=2_000_000))]
    pub demo: Option<u32>,
    /// For `--demo`: the same number gives the same guests.
    #[arg(long, default_value_t = 1, requires = "demo")]
    pub seed: u64,
    /// Read tickets into it first, one JSON object a line as the API tells them; those it has already stay as they are.
    #[arg(long, value_name = "FILE", conflicts_with = "demo")]
    pub import: Option<PathBuf>,
    /// How many requests by second one token may make, 0 for any number; without it, what the settings say.
    #[arg(long, value_name = "REQUESTS", value_parser = clap::value_parser!(u32).range(..=100_000))]
    pub rate_limit: Option<u32>,
    /// Print one line of JSON on standard output once it listens.
    #[arg(long)]
    pub ready_json: bool,
}

/// A token.
#[derive(Debug, Args)]
pub struct TokenArgs {
    /// What it may do: SCANNING, ORDER, FULL, …; repeatable.
    #[arg(long = "scope", required = true, value_parser = scope, value_delimiter = ',')]
    pub scopes: Vec<Scope>,
    /// The user it stands for.
    #[arg(long, default_value = "usr_00000000000000000boxoffice", value_name = "ID")]
    pub user: String,
    /// The user's given name.
    #[arg(long, default_value = "Box", value_parser = name)]
    pub first_name: String,
    /// The user's family name.
    #[arg(long, default_value = "Office", value_parser = name)]
    pub last_name: String,
    /// The user's email address.
    #[arg(long, default_value = "box.office@example.com", value_parser = email)]
    pub email: String,
    /// How long it is good for, such as 12h or 7d.
    #[arg(long, default_value = "12h", value_name = "TIME", value_parser = time)]
    pub ttl: SignedDuration,
    /// Which service it is for.
    #[command(flatten)]
    pub service: ServiceKey,
}

/// A scope by the contract's name, in either case.
fn scope(text: &str) -> Result<Scope, String> {
    let known = Scope::ALL.iter().find(|scope| scope.as_str().eq_ignore_ascii_case(text));
    let names = || Scope::ALL.map(Scope::as_str).join(", ");
    known.copied().ok_or_else(|| format!("the scopes are {}", names()))
}

/// A name that scans can show.
fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() { Err("scans show it, so it must not be empty".to_owned()) } else { Ok(name.to_owned()) }
}

/// An email address as the service takes it.
fn email(text: &str) -> Result<String, String> {
    let wanted = || "it must be an email address, such as box.office@example.com".to_owned();
    if is_email(text) { Ok(text.to_owned()) } else { Err(wanted()) }
}

/// A time from now on, in units of up to days.
fn time(text: &str) -> Result<SignedDuration, String> {
    let wanted = || "it must be a time such as 90m, 12h or 7d".to_owned();
    let span: jiff::Span = text.parse().map_err(|_| wanted())?;
    let days = SpanRelativeTo::days_are_24_hours();
    let time = span.to_duration(days).map_err(|_| wanted())?;
    if time.is_positive() { Ok(time) } else { Err(wanted()) }
}

/// An order's signature.
#[derive(Debug, Args)]
pub struct SignArgs {
    /// The order, `ord_…`.
    pub order: String,
    /// Which service it is for.
    #[command(flatten)]
    pub service: ServiceKey,
}

/// The service whose key signs.
#[derive(Debug, Args)]
pub struct ServiceKey {
    /// The service's database file; without one, `service.db` in the state folder.
    #[arg(long, value_name = "FILE")]
    pub database: Option<PathBuf>,
}

/// What can be done with the settings.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ConfigCommand {
    /// Write a settings file to start from, unless there is one.
    Init,
    /// Print the user's settings file's place.
    Path,
    /// Check every layer and the token.
    Check,
    /// Print every setting and where it comes from.
    Show,
}
