//! `doorlist`: the console on the service of the settings.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{CommandError, Outcome, state_folder};
use crate::api::{ApiSettings, Client, RetryPolicy};
use crate::config::{Loaded, Settings, StateFolder, TokenSource, section};
use crate::console::runtime::{self, Departure, Ending, Handover, Keyboard, Ports, Remains};
use crate::console::ui::Theme;
use crate::console::{self, Access, App, CompRules, Comps, Keymap};
use crate::domain::{DeviceId, EventId, Gate, Operator, SafeText, TenantId};
use crate::store::{Opening, StoreError};
use crate::sync::{self, Engine, EngineSettings, LoadSettings, Memory, Shelf, TokenReader};
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
        findings: super::wipe::expired(loaded, state.path())?,
        state_dir: state.path().to_owned(),
        base_url: service.base_url.to_string(),
        tenant: service.tenant_id,
        token,
        renewal: settings.token.clone(),
        event: settings.event.id.clone(),
        device,
        access: access(&settings.role),
        load: settings.load.settings(),
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
    /// What the operator should know of it.
    pub findings: Vec<String>,
    pub base_url: String,
    pub tenant: TenantId,
    pub token: Option<SecretString>,
    /// Where a fresh token will be, when this one is not accepted any more.
    pub renewal: TokenSource,
    pub event: Option<EventId>,
    pub device: DeviceId,
    pub access: Access,
    /// How hard the service is asked for the guest list.
    pub load: LoadSettings,
}

/// Who may do what, by the settings.
pub(super) fn access(role: &section::Role) -> Access {
    Access::new(role.standing, role.pin_hash.clone(), role.step_up)
}

/// Takes the terminal and runs the console in it, on one event after another.
pub(super) async fn open(settings: &Settings, place: Place) -> Result<Outcome, CommandError> {
    needs_terminal()?;
    let mut house = House::prepare(settings, place)?;
    let theme = if settings.theme.colour { Theme::named(settings.theme.name) } else { Theme::monochrome() };
    let shutdown = terminal::shutdown_requested()?;
    let reason = Cell::new(None);
    let shutdown = async { reason.set(Some(shutdown.await)) };
    tokio::pin!(shutdown);
    let (mut tui, guard) = terminal::enter(settings.mouse.enabled.into())?;
    let mut keyboard = Keyboard::open(terminal::typed()?);
    let mut host = RealHost::new();
    let (ending, rest) = loop {
        let (app, ports, engine) = house.begin(&mut keyboard);
        // The console's state is large: it stays off the stack.
        let run = Box::pin(runtime::run(&mut tui, app, &theme, ports, shutdown.as_mut(), &mut host));
        match run.await {
            Ok(Departure { ending: Ending::Switch(handover), remains }) => {
                house.go_to(*handover, Rest { engine, remains: Some(remains) }).await;
            }
            Ok(Departure { ending, remains }) => break (Ok(ending), Rest { engine, remains: Some(remains) }),
            Err(error) => break (Err(error), Rest { engine, remains: None }),
        }
    };
    drop(guard);
    tracing::info!(?ending, "console ended");
    // The terminal is given back; what is on its way is seen through before the process ends.
    let patience = if matches!(ending, Ok(Ending::Quit)) { settings.api.timeout } else { HURRY };
    let unsent = seen_through(rest, patience).await;
    if unsent > 0 {
        tracing::warn!(unsent, "the console ended with scans unsent");
        return Err(CommandError::Unsent(unsent));
    }
    match (ending?, reason.take()) {
        (_, Some(Reason::Panicked(words))) => Err(CommandError::Panicked(words)),
        (Ending::Quit, _) => Ok(Outcome::Done),
        _ => Ok(Outcome::Interrupted),
    }
}

/// How an engine ends.
struct End {
    ended: JoinHandle<usize>,
    unsent: watch::Receiver<usize>,
}

/// What is left when a console has ended.
struct Rest {
    engine: End,
    /// None of a console that could not go on.
    remains: Option<Remains>,
}

/// Waits for the answer to a change and for the engine's end; gives the number of scans that the service has not
/// answered.
async fn seen_through(rest: Rest, patience: Duration) -> usize {
    let Rest { engine: End { ended, unsent }, remains } = rest;
    let end = async {
        if let Some(remains) = remains {
            remains.settle(Timestamp::now).await;
        }
        ended.await
    };
    match tokio::time::timeout(patience, end).await {
        Ok(Ok(unsent)) => unsent,
        // What is under way is on the disk, and its outcome is asked for at the next start.
        _ => *unsent.borrow(),
    }
}

impl TokenReader for TokenSource {
    fn read(&self, given_up: &dyn Fn() -> bool) -> Option<SecretString> {
        match self.read_quietly(given_up) {
            Ok(token) => token,
            Err(error) => {
                tracing::warn!(%error, "the token could not be read again");
                None
            }
        }
    }
}

impl Memory for StateFolder {
    fn last_event(&self) -> Option<EventId> {
        self.last_event()
    }

    fn remember_event(&self, event: &EventId) {
        if self.last_event().as_ref() != Some(event)
            && let Err(error) = self.remember_event(event)
        {
            tracing::warn!(%error, "the event will not be remembered");
        }
    }

    fn operator_of(&self, token: &SecretString) -> Option<Operator> {
        self.operator_of(token)
    }

    fn remember_operator(&self, token: &SecretString, operator: &Operator) {
        if self.operator_of(token).as_ref() != Some(operator)
            && let Err(error) = self.remember_operator(token, operator)
        {
            tracing::warn!(%error, "the operator will not be remembered");
        }
    }
}

/// What stays the same while the events at this door change.
struct House<'a> {
    settings: &'a Settings,
    keymap: Arc<Keymap>,
    client: Client,
    renewal: Arc<TokenSource>,
    shelf: Shelf,
    state: Arc<StateFolder>,
    device: DeviceId,
    access: Access,
    load: LoadSettings,
    comps: Comps,
    /// What was chosen at the door, by event.
    gates: HashMap<EventId, Gate>,
    /// What the operator should know of the state folder, told once.
    findings: Vec<String>,
    event: Option<EventId>,
    /// The store of the first event, where it is known from the start.
    opening: Option<Opening>,
}

/// The store of the event that the settings name; or else of the last one.
fn opening(shelf: &Shelf, event: Option<&EventId>, state: &StateFolder) -> Result<Option<Opening>, StoreError> {
    match event {
        Some(event) => shelf.begin(event.clone()).map(Some),
        None => Ok(state.last_event().and_then(|last| open_last(shelf, last))),
    }
}

/// What was kept of the last event, so that the console is of use before the service has named one, or without it.
///
/// It is a guess: what stands in its way is told once it turns out to be right.
fn open_last(shelf: &Shelf, event: EventId) -> Option<Opening> {
    if !shelf.holds(&event) {
        return None;
    }
    shelf.begin(event).inspect_err(|error| tracing::warn!(%error, "the last event is not opened")).ok()
}

impl<'a> House<'a> {
    /// Makes everything ready that can go wrong, before the screen is taken.
    fn prepare(settings: &'a Settings, place: Place) -> Result<Self, CommandError> {
        let keymap = Arc::new(settings.keys.keymap()?);
        let state = Arc::new(StateFolder::open(&place.state_dir)?);
        let tenant = place.tenant.clone();
        let shelf = Shelf { state_dir: place.state_dir, tenant: tenant.clone(), device: place.device.clone() };
        let api = ApiSettings {
            base_url: place.base_url,
            tenant,
            token: place.token,
            timeout: settings.api.timeout,
            allow_insecure: settings.api.allow_insecure,
            retry: RetryPolicy::default(),
        };
        // A big list takes its time to read: that begins here, and goes on while the first screen is drawn.
        let opening = opening(&shelf, place.event.as_ref(), &state)?;
        let client = Client::new(&api)?;
        let renewal = Arc::new(place.renewal);
        let (device, access, findings, event) = (place.device, place.access, place.findings, place.event);
        let load = place.load;
        let (reasons, quotas) = (settings.comps.reasons.clone(), settings.comps.quotas.clone());
        let comps = Comps::under(CompRules { reasons, quotas });
        let gates = HashMap::new();
        Ok(Self {
            settings,
            keymap,
            client,
            renewal,
            shelf,
            state,
            device,
            access,
            load,
            comps,
            gates,
            findings,
            event,
            opening,
        })
    }

    /// A console and an engine for the event.
    fn begin<'k>(&mut self, keyboard: &'k mut Keyboard) -> (App, Ports<'k>, End) {
        let settings = self.settings;
        let Engine { orders, reports, ended, unsent } = sync::start(EngineSettings {
            client: self.client.clone(),
            token: Some(self.renewal.clone()),
            scan: settings.api.scan,
            event: self.event.as_ref().map(|event| event.as_str().to_owned()),
            memory: Some(Arc::clone(&self.state) as Arc<dyn Memory>),
            shelf: self.shelf.clone(),
            opening: self.opening.take(),
            offline: settings.offline.policy,
            slow_after: settings.offline.slow_after,
            load: self.load,
            seed: rand::random(),
        });
        let mut app = App::new(self.device.clone(), Arc::clone(&self.keymap), TimeZone::system());
        app.access = self.access.clone();
        app.session.findings.extend(std::mem::take(&mut self.findings).into_iter().map(SafeText::from));
        app.door = console::Door {
            scanning: settings.scanner.action,
            undo_within: settings.undo.within,
            names: settings.gate.clone(),
            chosen: self.gates.clone(),
            ..console::Door::default()
        };
        app.changes.comps = self.comps.clone();
        (app, Ports { keyboard, orders, reports }, End { ended, unsent })
    }

    /// Ends the work on one event, which nothing is under way for, and remembers the next.
    async fn go_to(&mut self, handover: Handover, rest: Rest) {
        let Handover { event, access, comps, gates } = handover;
        (self.access, self.comps, self.gates) = (access, comps, gates);
        let unsent = seen_through(rest, HURRY).await;
        Memory::remember_event(&*self.state, &event);
        tracing::info!(event = event.as_str(), unsent, "another event");
        self.event = Some(event);
    }
}
