//! `doorlist wipe`: deletes what is kept on this machine.

use std::io::{self, Write};

use jiff::Timestamp;

use super::{CommandError, Outcome, state_folder};
use crate::cli::WipeArgs;
use crate::config::Loaded;
use crate::store::{self, Place, Retained, StoreError, Wiped};

/// Wipes the store of the settings' event, or every one; what is unfinished stays unless `--force`.
pub fn run(loaded: &Loaded, args: WipeArgs) -> Result<Outcome, CommandError> {
    let state = state_folder(loaded)?;
    let now = Timestamp::now();
    let (wiped, retained) = match &loaded.settings.event.id {
        Some(event) => {
            let tenant = loaded.connection()?.tenant_id;
            let device = match &loaded.settings.device.id {
                Some(id) => id.clone(),
                None => state.device_id()?,
            };
            let place = Place { tenant, event: event.clone(), device };
            match store::wipe(state.path(), &place, args.force, now) {
                Ok(wiped) => (wiped.into_iter().collect(), Vec::new()),
                Err(why) => (Vec::new(), vec![Retained { folder: place.folder(state.path()), why }]),
            }
        }
        None => store::wipe_all(state.path(), args.force, now)?,
    };
    if retained.is_empty() || !wiped.is_empty() {
        tell(&wiped)?;
    }
    if retained.is_empty() { Ok(Outcome::Done) } else { Err(CommandError::NotWiped(words(&retained))) }
}

fn tell(wiped: &[Wiped]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if wiped.is_empty() {
        writeln!(out, "nothing to wipe")?;
    }
    for Wiped { folder, exported } in wiped {
        writeln!(out, "wiped {}", folder.display())?;
        if let Some(file) = exported {
            writeln!(out, "what was unfinished is in {}", file.display())?;
        }
    }
    Ok(())
}

/// Why stores were left as they are, one a line.
pub(super) fn words(retained: &[Retained]) -> String {
    let line = |kept: &Retained| format!("{}: {}", kept.folder.display(), kept.why);
    retained.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Wipes what is older than the settings want, and says what an unfinished evening has left.
pub(super) fn expired(loaded: &Loaded, state_dir: &std::path::Path) -> Result<Vec<String>, StoreError> {
    let (wiped, retained) = store::expire(state_dir, loaded.settings.state.keep_days, Timestamp::now())?;
    tracing::info!(wiped = wiped.len(), retained = retained.len(), "stores of past events looked at");
    let unfinished = |kept: &Retained| matches!(kept.why, StoreError::Unfinished { .. });
    let past = |kept: Retained| format!("A past event is still kept on this machine. {}", kept.why);
    Ok(retained.into_iter().filter(unfinished).map(past).collect())
}
