//! The sections of the settings, typed.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use super::ServiceUrl;
use crate::api::ScanMode;
use crate::console::ui::ThemeName;
use crate::console::{self, Quota, ScanAction};
use crate::domain::{DeviceId, EventId, OfflinePolicy, PinHash, TenantId};
use crate::sync::LoadSettings;

/// `[api]`: the ticket service and how to reach it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// The service's address, where one is configured.
    pub base_url: Option<ServiceUrl>,
    /// The tenant, where one is configured.
    pub tenant_id: Option<TenantId>,
    /// How a scan is sent.
    pub scan: ScanMode,
    /// How long one request may take.
    #[serde(rename = "timeout_ms", deserialize_with = "milliseconds")]
    pub timeout: Duration,
    /// Whether http to another machine is allowed.
    pub allow_insecure: bool,
    /// The file that holds the access token.
    pub(super) token_file: Option<PathBuf>,
    /// The shell command that prints the access token.
    pub(super) token_command: Option<String>,
}

/// `[event]`: the event at this door.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The event; without one the service's only upcoming event is taken.
    pub id: Option<EventId>,
}

/// `[device]`: this console.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// The name in the scan history; without one, [`StateFolder::device_id`](super::StateFolder::device_id) gives it.
    pub id: Option<DeviceId>,
}

/// `[scanner]`: the barcode scanner.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scanner {
    /// What a scanned ticket does.
    pub action: ScanAction,
}

/// `[undo]`: taking back.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    /// How long the last act can be taken back.
    #[serde(rename = "within_s", deserialize_with = "seconds")]
    pub within: Duration,
}

/// `[comps]`: complimentary tickets.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comps {
    /// The reasons to choose from.
    pub reasons: Vec<String>,
    /// How many of a tier may be issued in a shift.
    pub quotas: Vec<Quota>,
}

/// `[state]`: what is kept on disk.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The folder of the log, the device's name and the embedded service's database.
    pub dir: PathBuf,
    /// How many days after its event's end a store is wiped.
    pub keep_days: u32,
}

/// `[role]`: who may do what at this console.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The role of whoever sits here.
    #[serde(rename = "default")]
    pub standing: console::Role,
    /// The hash of the PIN that lends a supervisor's rights.
    pub pin_hash: Option<PinHash>,
    /// How long they are lent.
    #[serde(rename = "step_up_minutes", deserialize_with = "minutes")]
    pub step_up: Duration,
}

/// `[mouse]`: what the mouse does.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mouse {
    /// Whether the console hears it.
    pub enabled: bool,
}

/// `[load]`: how hard the service is asked for the guest list.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Most pages that are asked for at the same time.
    pub concurrency: NonZeroU32,
    /// Most pages that are asked for in a second.
    pub rate: NonZeroU32,
}

impl Load {
    /// The same, as the engine takes it.
    #[must_use]
    pub fn settings(self) -> LoadSettings {
        let concurrency = usize::try_from(self.concurrency.get()).unwrap_or(usize::MAX);
        LoadSettings { concurrency, rate: self.rate.get() }
    }
}

/// `[offline]`: what happens while the service is away.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offline {
    /// Whether guests go in on our word.
    pub policy: OfflinePolicy,
    /// Answers that take this long are called slow.
    #[serde(rename = "slow_ms", deserialize_with = "milliseconds")]
    pub slow_after: Duration,
}

/// `[theme]`: how the console looks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// The set of styles.
    pub name: ThemeName,
    /// Whether colours may be used at all; not where `NO_COLOR` is set.
    #[serde(skip)]
    pub colour: bool,
}

/// `[log]`: what is logged.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// The least weight that is written.
    pub level: LogLevel,
}

/// The least weight that is written to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// What went wrong.
    Error,
    /// And what might.
    Warn,
    /// And what was done.
    Info,
    /// And how.
    Debug,
    /// And everything else.
    Trace,
}

impl LogLevel {
    /// The level as the settings and the log's filter write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// `[serve]`: the embedded ticket service.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serve {
    /// Requests that one token may make by second; without it, as many as it likes.
    pub rate_limit: Option<NonZeroU32>,
    /// The file of the key that signs tokens and orders; without one it stands beside the database.
    pub signing_key_file: Option<PathBuf>,
}

fn minutes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(|minutes| Duration::from_secs(minutes * 60))
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_secs)
}

fn milliseconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_millis)
}
