//! What can go wrong on disk, in words for the person at the door.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why the store cannot do what was asked. Nothing was kept of what was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No space left.
    #[error(
        "The disk is full, so the scan was not kept: do not let the guest in on it. Free some space and scan again."
    )]
    DiskFull,
    /// The folder or the file cannot be written.
    #[error(
        "{path} cannot be written, so nothing can be kept. Make it writable, or set `state.dir` to a folder that is."
    )]
    ReadOnly {
        /// What cannot be written.
        path: String,
    },
    /// Another console works on this folder.
    #[error(
        "Another doorlist (process {pid} on {host}) has this event open on this device. Close it, or start this one with another name: `--device NAME`."
    )]
    Locked {
        /// Its process id, as it wrote it.
        pid: String,
        /// Its host, as it wrote it.
        host: String,
    },
    /// The disk or its driver failed; the store was reopened and checked before this was said.
    #[error(
        "The disk failed ({detail}), so the scan was not kept: do not let the guest in on it. Try again; if it stays, change the machine."
    )]
    Disk {
        /// What the system said.
        detail: String,
    },
    /// SQLite is older than the first version that is safe.
    #[error("This build carries SQLite {found}; 3.51.3 or later is needed, earlier ones can lose a scan.")]
    OldSqlite {
        /// What was found.
        found: String,
    },
    /// The file was written by a later doorlist.
    #[error("{path} was written by a later doorlist (format {found}). Start that one.")]
    LaterFormat {
        /// The file.
        path: String,
        /// Its format.
        found: i64,
    },
    /// The store was closed; the console is on its way out.
    #[error("doorlist is closing, so the scan was not kept. Start it again and scan again.")]
    Closed,
    /// A wipe would lose scans.
    #[error(
        "{unsent} unsent scans and {conflicts} unsettled conflicts would be lost. Send and settle them, or wipe with --force: they are exported first."
    )]
    Unfinished {
        /// Scans that the service has not answered.
        unsent: usize,
        /// Refusals that no person has settled.
        conflicts: usize,
    },
}

impl StoreError {
    /// What `error`, met at `path`, means.
    pub(super) fn io(error: &io::Error, path: &Path) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly { path: path.display().to_string() }
            }
            _ => Self::Disk { detail: format!("{}: {error}", path.display()) },
        }
    }

    /// What an error of SQLite means.
    pub(super) fn sqlite(error: &rusqlite::Error, path: &Path) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                Self::ReadOnly { path: path.display().to_string() }
            }
            _ => Self::Disk { detail: error.to_string() },
        }
    }
}

/// Something that was found amiss at the start and seen to; for the person to read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// The outbox was damaged; what could be read was carried over into a fresh one.
    #[error("The outbox was damaged. {kept} scans were carried over; the damaged file is kept as {}.", aside.display())]
    OutboxRebuilt {
        /// Entries carried over.
        kept: usize,
        /// Where the damaged file is.
        aside: PathBuf,
    },
    /// Rows whose checksum does not fit; they were moved to a table of their own.
    #[error("{rows} damaged rows of the outbox were set aside; `doorlist outbox export` shows them.")]
    RowsSetAside {
        /// How many.
        rows: usize,
    },
    /// Numbers in the sequence of entries without an entry.
    #[error("{entries} scans are missing from the outbox: compare the door's list with the service.")]
    EntriesMissing {
        /// How many.
        entries: usize,
    },
    /// The snapshot was damaged, or of another event, tenant or version.
    #[error("The saved guest list was not used ({why}); it is kept as {}.", aside.display())]
    SnapshotSetAside {
        /// What was wrong with it.
        why: String,
        /// Where it is now.
        aside: PathBuf,
    },
    /// The disk does not give the snapshot; the store is open without it.
    #[error("The saved guest list cannot be read, so it is loaded anew: {why}.")]
    SnapshotNotRead {
        /// What the system said, and of which file.
        why: String,
    },
    /// A new snapshot could not be put in the place of the last one.
    #[error("The guest list was not saved for the next start: {why}.")]
    SnapshotNotWritten {
        /// What the system said, and of which file.
        why: String,
    },
}

impl Finding {
    /// That the snapshot was not written for `error`, whose own words are about a scan.
    #[must_use]
    pub fn snapshot_not_written(error: &StoreError) -> Self {
        let why = match error {
            StoreError::DiskFull => "the disk is full".to_owned(),
            StoreError::ReadOnly { .. } => "its file cannot be written".to_owned(),
            StoreError::Disk { detail } => detail.clone(),
            other => other.to_string().trim_end_matches('.').to_owned(),
        };
        Self::SnapshotNotWritten { why }
    }
}
