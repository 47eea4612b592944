//! `doorlist demo`: a generated event and the console on it, in one process, leaving nothing behind.

mod telling;

use std::io;

use super::console::{self, Place};
use super::{CommandError, Outcome};
use crate::cli::DemoArgs;
use crate::config::{BUILT_IN, Loaded, TokenSource};
use crate::console::Access;
use crate::domain::DeviceId;
use crate::server::demo::{DemoPlan, Written};
use crate::server::{self, ServiceSettings};
use crate::sync::LoadSettings;

/// The demo's name in scans.
const DEVICE: &str = "demo-door-1";

/// Pages a second from a service that serves nobody else: as many as it gives.
const RATE: u32 = 100_000;

/// The demo's own service need not be asked politely, unless the settings say how.
fn load(loaded: &Loaded) -> LoadSettings {
    let load = loaded.settings.load.settings();
    if loaded.origin_of("load.rate") == BUILT_IN { LoadSettings { rate: RATE, ..load } } else { load }
}

/// Whoever tries the demo out may do everything, unless the settings name a role.
fn access(loaded: &Loaded) -> Access {
    let is_chosen = loaded.origin_of("role.default") != BUILT_IN;
    if is_chosen { console::access(&loaded.settings.role) } else { Access::default() }
}

/// Serves a generated event from memory and opens the console on it.
pub async fn run(loaded: &Loaded, args: &DemoArgs) -> Result<Outcome, CommandError> {
    console::needs_terminal()?;
    let plan = DemoPlan { tickets: args.tickets as usize, seed: args.seed };
    let written = Written::default();
    let settings = ServiceSettings { demo: Some(plan), written: written.clone(), ..ServiceSettings::temporary() };
    // On the terminal that the console is about to take, wherever the rest of what is said may go.
    let service = telling::meanwhile(plan, &written, server::start(settings), &mut io::stdout()).await??;
    let Some(demo) = service.demo().cloned() else { return Ok(Outcome::Done) };
    let device = loaded.settings.device.id.clone();
    // What the demo keeps goes when it ends.
    let state = tempfile::tempdir()?;
    let place = Place {
        state_dir: state.path().to_owned(),
        findings: Vec::new(),
        base_url: service.url(),
        tenant: demo.tenant_id,
        token: Some(demo.tokens.full.into()),
        renewal: TokenSource::Absent,
        event: Some(demo.event_id),
        device: device.unwrap_or_else(|| DeviceId::from_service(DEVICE)),
        access: access(loaded),
        load: load(loaded),
    };
    let ended = console::open(&loaded.settings, place).await;
    service.shutdown().await;
    ended
}
