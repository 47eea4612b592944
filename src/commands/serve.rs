//! `doorlist serve`: the ticket service.

use std::io::{self, Write};

use serde::Serialize;

use super::keys::{database_file, key_file};
use super::{CommandError, Outcome, state_folder};
use crate::cli::ServeArgs;
use crate::config::Loaded;
use crate::server::demo::{DemoEvent, DemoPlan};
use crate::server::{self, Database, Service, ServiceSettings, SigningKey};
use crate::terminal;

/// The line that tells a program how to reach the service.
#[derive(Serialize)]
struct Ready<'a> {
    url: String,
    #[serde(flatten)]
    demo: Option<&'a DemoEvent>,
}

/// Serves until the system asks it to end; what is under way is finished first.
pub async fn run(loaded: &Loaded, args: ServeArgs) -> Result<Outcome, CommandError> {
    let shutdown = terminal::termination_requested()?;
    let state = state_folder(loaded)?;
    let _log = crate::telemetry::start(&state.subfolder("logs")?, loaded.settings.log.level.as_str())?;
    let demo = args.demo.map(|tickets| DemoPlan { tickets: tickets as usize, seed: args.seed });
    let temporary = demo.is_some() && args.database.is_none();
    let (database, signing_key) = if temporary {
        (Database::Temporary, SigningKey::generate())
    } else {
        let file = database_file(loaded, args.database)?;
        let key = SigningKey::load_or_create(&key_file(&file))?;
        (Database::File(file), key)
    };
    let settings = ServiceSettings { listen: args.listen, database, signing_key, demo, ..ServiceSettings::temporary() };
    let service = server::start(settings).await?;
    announce(&service, args.ready_json)?;
    shutdown.await;
    service.shutdown().await;
    Ok(Outcome::Done)
}

fn announce(service: &Service, as_json: bool) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    if as_json {
        let ready = Ready { url: service.url(), demo: service.demo() };
        let line = serde_json::to_string(&ready).map_err(io::Error::from)?;
        writeln!(out, "{line}")?;
    } else {
        writeln!(out, "doorlist serves tickets on {}; Ctrl-C ends it", service.url())?;
        if let Some(demo) = service.demo() {
            writeln!(out, "tenant {}, event {}", demo.tenant_id, demo.event_id)?;
            writeln!(out, "a token for both is in the line that --ready-json prints")?;
        }
    }
    Ok(out.flush()?)
}
