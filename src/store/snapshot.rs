//! The event's tickets on disk, so that the next start is usable at once.
//!
//! One file: a magic line, then frames of a length, a checksum and a body. The first frame says whose
//! snapshot it is and holds the event with its tiers and sections; every other is a block of tickets that
//! is decoded by itself, so that all cores can help. It is written beside the last one and renamed over
//! it; what does not verify to the last byte is set aside and never believed.

mod block;
mod file;

use std::path::{Path, PathBuf};

use jiff::Timestamp;

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

/// Reads the snapshot of `place`; one that cannot be trusted is set aside.
pub fn read(path: &Path, place: &Place) -> Result<(Option<Snapshot>, Option<Finding>), StoreError> {
    let io = |error| StoreError::io(&error, path);
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((None, None)),
        Err(error) => return Err(io(error)),
    };
    match file::decode(&bytes, place) {
        Ok(snapshot) => Ok((Some(snapshot), None)),
        Err(why) => {
            let aside = set_aside(path).map_err(io)?;
            Ok((None, Some(Finding::SnapshotSetAside { why: why.to_string(), aside })))
        }
    }
}

/// Reads only when the event of the snapshot at `path` ends, wall-clock, and in which time zone.
pub fn read_event(path: &Path) -> Option<Event> {
    file::read_event(path)
}

/// Replaces the snapshot of `place`; the one before stays whole until the new one is on the disk.
pub fn write(path: &Path, place: &Place, snapshot: &Snapshot) -> Result<(), StoreError> {
    let fresh: PathBuf = path.with_extension("new");
    file::write(&fresh, path, place, snapshot).map_err(|error| StoreError::io(&error, &fresh))
}

/// One ticket by itself, as the outbox keeps it.
pub fn ticket_to_bytes(ticket: &Ticket) -> Vec<u8> {
    block::encode(std::slice::from_ref(ticket))
}

/// A ticket that [`ticket_to_bytes`] wrote.
pub fn ticket_from_bytes(bytes: &[u8]) -> Option<Ticket> {
    block::decode(bytes).ok()?.pop()
}
