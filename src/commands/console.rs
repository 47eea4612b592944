//! `doorlist`: the console on the service of the settings.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::EventStream;
use jiff::tz::TimeZone;
use secrecy::SecretString;

use super::{CommandError, Outcome, state_folder};
use crate::api::{ApiSettings, Client, RetryPolicy};
use crate::config::{Loaded, Settings};
use crate::console::runtime::{self, Ending, Ports};
use crate::console::ui::Theme;
use crate::console::{App, CompRules, Comps, Door};
use crate::domain::{DeviceId, EventId, TenantId};
use crate::sync::{self, Engine, EngineSettings, Shelf};
use crate::terminal::{self, RealHost, Reason};

/// Longest that scans under way hold the end back once the system asks for it.
const HURRY: Duration = Duration::from_secs(2);

/// Runs the console on the configured service.
pub async fn run(loaded: &Loaded) -> Result<Outcome, CommandError> {
    let settings = &loaded.settings;
    let service = loaded.connection()?;
    // A token command may ask the person something: it comes before the screen is taken.
    let token = settings.token.read()?;
    let state = state_folder(loaded)?;
    let device = match &settings.device.id {
        Some(id) => id.clone(),
        None => state.device_id()?,
    };
    let _log = crate::telemetry::start(&state.subfolder("logs")?, settings.log.level.as_str())?;
    let place = Place {
        state_dir: state.path().to_owned(),
        base_url: service.base_url.to_string(),
        tenant: service.tenant_id,
        token,
        event: settings.event.id.clone(),
        device,
    };
    open(settings, place).await
}

/// Refuses where there is nobody to look and to type.
pub(super) fn needs_terminal() -> Result<(), CommandError> {
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        Ok(())
    } else {
        Err(CommandError::NoTerminal)
    }
}

/// Where a console works.
pub(super) struct Place {
    /// Where what must outlive the program is kept.
    pub state_dir: PathBuf,
    pub base_url: String,
    pub tenant: TenantId,
    pub token: Option<SecretString>,
    pub event: Option<EventId>,
    pub device: DeviceId,
}

/// Takes the terminal and runs the console in it.
pub(super) async fn open(settings: &Settings, place: Place) -> Result<Outcome, CommandError> {
    needs_terminal()?;
    let keymap = Arc::new(settings.keys.keymap()?);
    let theme = if settings.theme.colour { Theme::named(settings.theme.name) } else { Theme::monochrome() };
    let client = Client::new(&ApiSettings {
        base_url: place.base_url,
        tenant: place.tenant.clone(),
        token: place.token,
        timeout: settings.api.timeout,
        allow_insecure: settings.api.allow_insecure,
        retry: RetryPolicy::default(),
    })?;
    let shelf = Shelf { state_dir: place.state_dir, tenant: place.tenant, device: place.device.clone() };
    // A store that cannot be used is told before the screen is taken, where its event is known.
    let opened = place.event.clone().map(|event| shelf.open(event)).transpose()?;
    let shutdown = terminal::shutdown_requested()?;
    let Engine { orders, reports, ended: engine } = sync::start(EngineSettings {
        client,
        scan: settings.api.scan,
        event: place.event.map(|event| event.as_str().to_owned()),
        shelf,
        opened,
        offline: settings.offline.policy,
        slow_after: settings.offline.slow_after,
        seed: rand::random(),
    });
    let mut app = App::new(place.device, keymap, TimeZone::system());
    app.door = Door {
        scanning: settings.scanner.action,
        undo_within: settings.undo.within,
        names: settings.gate.clone(),
        ..Door::default()
    };
    let (reasons, quotas) = (settings.comps.reasons.clone(), settings.comps.quotas.clone());
    app.changes.comps = Comps::under(CompRules { reasons, quotas });
    let mut reason = None;
    let ending = {
        let (mut tui, _guard) = terminal::enter()?;
        let ports = Ports { input: EventStream::new(), orders, reports };
        let shutdown = async { reason = Some(shutdown.await) };
        // All state of the console lives in this future: too much for the stack of every caller.
        Box::pin(runtime::run(&mut tui, app, &theme, ports, shutdown, &mut RealHost::new())).await
    };
    tracing::info!(?ending, "console ended");
    // The terminal is given back; a scan that is on its way is seen through before the process ends.
    let patience = if matches!(ending, Ok(Ending::Quit)) { settings.api.timeout } else { HURRY };
    let unsent = match tokio::time::timeout(patience, engine).await {
        Ok(Ok(unsent)) => unsent,
        // What is under way is on the disk, and its outcome is asked for at the next start.
        _ => 1,
    };
    if unsent > 0 {
        tracing::warn!(unsent, "the console ended with scans unsent");
        return Err(CommandError::Unsent(unsent));
    }
    match (ending?, reason) {
        (_, Some(Reason::Panicked(words))) => Err(CommandError::Panicked(words)),
        (Ending::Quit, _) => Ok(Outcome::Done),
        _ => Ok(Outcome::Interrupted),
    }
}
