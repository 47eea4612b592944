//! How the store ends: wiped at once by a person, or some days after the event.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::database::Database;
use super::folder::{Folder, folders, private_file, private_folder, sync_folder};
use super::{PART, Place, SNAPSHOT, StoreError, snapshot};
use crate::domain::{Entry, Event};

/// What a wipe did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wiped {
    /// The folder that is gone.
    pub folder: PathBuf,
    /// Where unfinished entries were exported to, one JSON object a line.
    pub exported: Option<PathBuf>,
}

/// Why a folder whose time has come is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retained {
    /// The folder.
    pub folder: PathBuf,
    /// What stands in the way.
    pub why: StoreError,
}

/// Deletes the store of `place`. Unfinished entries block it, unless `force`: then they are exported first.
pub fn wipe(state_dir: &Path, place: &Place, force: bool, now: Timestamp) -> Result<Option<Wiped>, StoreError> {
    let folder = place.folder(state_dir);
    if !folder.is_dir() {
        return Ok(None);
    }
    wipe_folder(state_dir, folder, force, now).map(Some)
}

/// Deletes every store under `state_dir`; what is unfinished blocks its own store alone, unless `force`.
pub fn wipe_all(state_dir: &Path, force: bool, now: Timestamp) -> Result<(Vec<Wiped>, Vec<Retained>), StoreError> {
    let all = folders(state_dir).map_err(|error| StoreError::io(&error, state_dir))?;
    Ok(wipe_each(state_dir, all, force, now))
}

/// Deletes the stores whose event ended more than `days` ago and that hold nothing unfinished.
///
/// A store without a readable snapshot does not tell when its event ends and stays.
pub fn expire(state_dir: &Path, days: u32, now: Timestamp) -> Result<(Vec<Wiped>, Vec<Retained>), StoreError> {
    let is_over = |folder: &PathBuf| {
        let event = [SNAPSHOT, PART].iter().find_map(|file| snapshot::read_event(&folder.join(file)));
        let ended = event.and_then(|event| end(&event));
        ended.is_some_and(|ended| now.duration_since(ended) > SignedDuration::from_hours(24 * i64::from(days)))
    };
    let all = folders(state_dir).map_err(|error| StoreError::io(&error, state_dir))?;
    Ok(wipe_each(state_dir, all.into_iter().filter(is_over).collect(), false, now))
}

fn wipe_each(state_dir: &Path, all: Vec<PathBuf>, force: bool, now: Timestamp) -> (Vec<Wiped>, Vec<Retained>) {
    let (mut wiped, mut retained) = (Vec::new(), Vec::new());
    for folder in all {
        match wipe_folder(state_dir, folder.clone(), force, now) {
            Ok(gone) => wiped.push(gone),
            Err(why) => retained.push(Retained { folder, why }),
        }
    }
    (wiped, retained)
}

/// When the last guest may enter; with an unknown time zone, as if the venue were in the last one on Earth.
fn end(event: &Event) -> Option<Timestamp> {
    let local = event.summary.entry_ends_at;
    match local.in_tz(event.summary.time_zone.as_str()) {
        Ok(zoned) => Some(zoned.timestamp()),
        Err(_) => local.to_zoned(jiff::tz::Offset::constant(-12).to_time_zone()).ok().map(|zoned| zoned.timestamp()),
    }
}

fn wipe_folder(state_dir: &Path, path: PathBuf, force: bool, now: Timestamp) -> Result<Wiped, StoreError> {
    let folder = Folder::open(path.clone())?;
    let (database, loaded) = Database::open(&path)?;
    let unfinished: Vec<Entry> = loaded.entries.into_iter().filter(|entry| !entry.is_closed()).collect();
    drop(database);
    let exported = match (unfinished.is_empty(), force) {
        (true, _) => None,
        (false, true) => Some(export(state_dir, &unfinished, now)?),
        (false, false) => {
            let unsent = unfinished.iter().filter(|entry| entry.is_unsent()).count();
            return Err(StoreError::Unfinished { unsent, conflicts: unfinished.len() - unsent });
        }
    };
    fs::remove_dir_all(&path).map_err(|error| StoreError::io(&error, &path))?;
    drop(folder);
    Ok(Wiped { folder: path, exported })
}

fn export(state_dir: &Path, entries: &[Entry], now: Timestamp) -> Result<PathBuf, StoreError> {
    let folder = state_dir.join("exports");
    let write = || {
        private_folder(&folder)?;
        let stamp = now.strftime("%Y%m%dT%H%M%S").to_string();
        let name = |number: u32| folder.join(format!("outbox-{stamp}-{number}.jsonl"));
        let path = (1..u32::MAX).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(0));
        let mut file = private_file(&path)?;
        for entry in entries {
            serde_json::to_writer(&mut file, entry)?;
            file.write_all(b"\n")?;
        }
        file.sync_all()?;
        sync_folder(&folder)?;
        Ok(path)
    };
    write().map_err(|error| StoreError::io(&error, &folder))
}
