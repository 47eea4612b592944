//! `doorlist`: the console on the service of the settings.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::EventStream;
use jiff::tz::TimeZone;
use secrecy::SecretString;

use super::{CommandError, Outcome, state_folder};
use crate::api::{ApiSettings, Client, RetryPolicy, Scanner};
use crate::config::{Loaded, Settings, section};
use crate::console::runtime::{self, Ending, Ports};
use crate::console::ui::Theme;
use crate::console::{Access, App, Door};
use crate::domain::{DeviceId, TenantId};
use crate::sync::{self, Engine, EngineSettings};
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
        base_url: service.base_url.to_string(),
        tenant: service.tenant_id,
        token,
        event: settings.event.id.as_ref().map(|id| id.as_str().to_owned()),
        device,
        access: access(&settings.role),
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
    pub base_url: String,
    pub tenant: TenantId,
    pub token: Option<SecretString>,
    pub event: Option<String>,
    pub device: DeviceId,
    pub access: Access,
}

/// Who may do what, by the settings.
pub(super) fn access(role: &section::Role) -> Access {
    Access::new(role.standing, role.pin_hash.clone(), role.step_up)
}

/// Takes the terminal and runs the console in it.
pub(super) async fn open(settings: &Settings, place: Place) -> Result<Outcome, CommandError> {
    needs_terminal()?;
    let keymap = Arc::new(settings.keys.keymap()?);
    let theme = if settings.theme.colour { Theme::named(settings.theme.name) } else { Theme::monochrome() };
    let client = Client::new(&ApiSettings {
        base_url: place.base_url,
        tenant: place.tenant,
        token: place.token,
        timeout: settings.api.timeout,
        allow_insecure: settings.api.allow_insecure,
        retry: RetryPolicy::default(),
    })?;
    let shutdown = terminal::shutdown_requested()?;
    let Engine { orders, reports, ended: engine } = sync::start(EngineSettings {
        scanner: Scanner::new(client.clone(), settings.api.scan),
        client,
        event: place.event,
        device: place.device.clone(),
    });
    let mut app = App::new(place.device, keymap, TimeZone::system());
    app.access = place.access;
    app.door = Door { scanning: settings.scanner.action };
    let mut reason = None;
    let ending = {
        let (mut tui, _guard) = terminal::enter(settings.mouse.enabled.into())?;
        let ports = Ports { input: EventStream::new(), orders, reports };
        let shutdown = async { reason = Some(shutdown.await) };
        // The console's state is large: it stays off the stack.
        Box::pin(runtime::run(&mut tui, app, &theme, ports, shutdown, &mut RealHost::new())).await
    };
    tracing::info!(?ending, "console ended");
    // The terminal is given back; a scan that is on its way is seen through before the process ends.
    let patience = if matches!(ending, Ok(Ending::Quit)) { settings.api.timeout } else { HURRY };
    let unconfirmed = match tokio::time::timeout(patience, engine).await {
        Ok(Ok(unconfirmed)) => unconfirmed,
        _ => 1,
    };
    if unconfirmed > 0 {
        tracing::warn!(unconfirmed, "the console ended with scans unanswered");
        return Err(CommandError::Unconfirmed(unconfirmed));
    }
    match (ending?, reason) {
        (_, Some(Reason::Panicked(words))) => Err(CommandError::Panicked(words)),
        (Ending::Quit, _) => Ok(Outcome::Done),
        _ => Ok(Outcome::Interrupted),
    }
}
