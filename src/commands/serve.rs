//! `doorlist serve`: the ticket service.

use std::io::{self, Write};
use std::num::NonZeroU32;

use serde::Serialize;

use super::keys::{database_file, signing_key, tenant};
use super::{CommandError, Outcome, state_folder};
use crate::cli::ServeArgs;
use crate::config::Loaded;
use crate::server::demo::{DemoEvent, DemoPlan};
use crate::server::{self, Database, ImportPlan, RateLimit, Service, ServiceSettings, SigningKey};
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
    let ready_json = args.ready_json;
    let service = server::start(settings(loaded, args)?).await?;
    announce(&service, ready_json)?;
    shutdown.await;
    service.shutdown().await;
    Ok(Outcome::Done)
}

fn settings(loaded: &Loaded, args: ServeArgs) -> Result<ServiceSettings, CommandError> {
    let demo = args.demo.map(|tickets| DemoPlan { tickets: tickets as usize, seed: args.seed });
    let plan = |file| tenant(loaded).map(|tenant| ImportPlan { file, tenant });
    let import = args.import.map(plan).transpose()?;
    let (database, signing_key) = if demo.is_some() && args.database.is_none() {
        (Database::Temporary, SigningKey::generate())
    } else {
        let file = database_file(loaded, args.database)?;
        let key = signing_key(loaded, &file)?;
        (Database::File(file), key)
    };
    let rate_limit = limit(args.rate_limit, loaded.settings.serve.rate_limit)
        .map(|per_second| RateLimit { per_second, burst: per_second });
    Ok(ServiceSettings {
        listen: args.listen,
        database,
        signing_key,
        rate_limit,
        demo,
        import,
        ..ServiceSettings::temporary()
    })
}

/// The argument's word goes before the settings'; its 0 is no limit.
fn limit(argument: Option<u32>, setting: Option<NonZeroU32>) -> Option<NonZeroU32> {
    argument.map_or(setting, NonZeroU32::new)
}

fn announce(service: &Service, as_json: bool) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    if let Some(imported) = service.imported() {
        writeln!(io::stderr(), "{} tickets imported, {} were there already", imported.tickets, imported.known)?;
    }
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

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use rstest::rstest;

    use super::*;
    use crate::cli::{Cli, Command};

    #[rstest]
    #[case::neither(None, None, None)]
    #[case::setting(None, Some(50), Some(50))]
    #[case::argument(Some(3), Some(50), Some(3))]
    #[case::off(Some(0), Some(50), None)]
    fn the_argument_limits_or_frees(
        #[case] argument: Option<u32>,
        #[case] setting: Option<u32>,
        #[case] expected: Option<u32>,
    ) {
        let setting = setting.and_then(NonZeroU32::new);
        assert_eq!(limit(argument, setting).map(NonZeroU32::get), expected);
    }

    #[test]
    fn no_limit_is_an_argument() {
        let cli = Cli::try_parse_from(["doorlist", "serve", "--rate-limit", "0"]).unwrap();
        assert!(matches!(cli.command, Some(Command::Serve(ServeArgs { rate_limit: Some(0), .. }))));
    }
}
