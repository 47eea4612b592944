//! The event's tickets on disk, so that the next start is usable at once.
//!
//! One file: a magic line, then frames of a length, a checksum and a body. The first frame says whose
//! snapshot it is and holds the event with its tiers and sections; every other is a block of tickets that
//! is decoded by itself, so that all cores can help. It is written beside the last one and renamed over
//! it; what does not verify to the last byte is set aside and never believed.

mod block;
mod file;

use std::fs::File;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use self::file::FileError;
use super::folder::set_aside;
use super::{Finding, Place, StoreError};
use crate::domain::{Event, Ticket};

/// An event's tickets at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// When the service told it, by this console's clock.
    pub taken_at: Timestamp,
    /// The event, its tiers and its sections.
    pub event: Event,
    /// All of its tickets.
    pub tickets: Vec<Ticket>,
}

/// What of the first list had come when the console ended: good to go on from, never taken for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The tickets so far, whole and light.
    pub list: Snapshot,
    /// Where the load goes on, in its own words.
    pub marks: Vec<u8>,
}

/// Reads the snapshot of `place`; one that cannot be trusted is set aside, and one that cannot be read left where it is.
pub fn read(path: &Path, place: &Place) -> (Option<Snapshot>, Option<Finding>) {
    read_as(path, |file| file::read(file, place))
}

/// The same of the part at `path`.
pub fn read_part(path: &Path, place: &Place) -> (Option<Part>, Option<Finding>) {
    read_as(path, |file| file::read_part(file, place))
}

fn read_as<T>(path: &Path, read: impl FnOnce(&File) -> Result<T, FileError>) -> (Option<T>, Option<Finding>) {
    let read = match File::open(path) {
        Ok(file) => read(&file),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (None, None),
        Err(error) => Err(FileError::Unreadable(error)),
    };
    let unread = |error: &std::io::Error| Finding::SnapshotNotRead { why: of_file(error, path) };
    match read {
        Ok(read) => (Some(read), None),
        // Scans are worth more than the list, which the service has too.
        Err(FileError::Unreadable(error)) => (None, Some(unread(&error))),
        Err(why) => match set_aside(path) {
            Ok(aside) => (None, Some(Finding::SnapshotSetAside { why: why.to_string(), aside })),
            Err(error) => (None, Some(unread(&error))),
        },
    }
}

/// The reason first, then the file by its own name: what is cut off at the edge of a screen is the end.
fn of_file(error: &std::io::Error, path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    format!("{error}, in {}", name.display())
}

fn not_written(error: &std::io::Error, path: &Path) -> StoreError {
    match StoreError::io(error, path) {
        StoreError::Disk { .. } => StoreError::Disk { detail: of_file(error, path) },
        known => known,
    }
}

/// Reads only when the event of the snapshot or part at `path` ends, wall-clock, and in which time zone.
pub fn read_event(path: &Path) -> Option<Event> {
    file::read_event(path)
}

/// Replaces the snapshot of `place`; the one before stays whole until the new one is on the disk.
pub fn write(path: &Path, place: &Place, snapshot: &Snapshot) -> Result<(), StoreError> {
    let fresh: PathBuf = path.with_extension("new");
    file::write(&fresh, path, place, snapshot).map_err(|error| not_written(&error, path))
}

/// Replaces the part at `path`.
pub fn write_part(path: &Path, place: &Place, part: &Part) -> Result<(), StoreError> {
    let fresh: PathBuf = path.with_extension("new");
    file::write_part(&fresh, path, place, part).map_err(|error| not_written(&error, path))
}

/// One ticket by itself, as the outbox keeps it.
pub fn ticket_to_bytes(ticket: &Ticket) -> Vec<u8> {
    block::encode(std::slice::from_ref(ticket))
}

/// A ticket that [`ticket_to_bytes`] wrote.
pub fn ticket_from_bytes(bytes: &[u8]) -> Option<Ticket> {
    block::decode(bytes).ok()?.last()?.ok()
}
