//! What is on disk: the outbox of scans, the audit, and the snapshot of the event's tickets.
//!
//! One folder holds one tenant, event and device, locked by the console that has it open. One owner has
//! the outbox's file; [`Store`] is the way to it for everybody else. A scan is on the disk when
//! [`Store::write`] returns, together with the ticket and the record of the act that belong to it.
//!
//! A write-ahead log is unsafe on network file systems: the state folder belongs on a local disk.

mod checksum;
mod database;
mod error;
mod folder;
mod opening;
mod owner;
mod retention;
mod rows;
mod snapshot;

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, oneshot};

pub use error::{Finding, StoreError};
pub use folder::Place;
pub use opening::Opening;
pub use retention::{Retained, Wiped, expire, wipe, wipe_all};
pub use snapshot::{Part, Snapshot};

use self::database::Database;
use self::folder::Folder;
use self::owner::{Desk, Job};
use crate::domain::{AuditRecord, Entry, Ticket, TicketId};

/// Jobs that may wait; what gives more waits itself.
const QUEUE: usize = 1_024;
const SNAPSHOT: &str = "snapshot";
/// What stands there until there is a snapshot.
const PART: &str = "snapshot.part";

/// What is kept in one step: all of it or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Write {
    /// Entries, new or in a new state.
    pub entries: Vec<Entry>,
    /// Tickets as the service has just told them.
    pub tickets: Vec<Ticket>,
    /// Acts; they are only ever added.
    pub audit: Vec<AuditRecord>,
}

/// What was on disk at the start.
#[derive(Debug, Default)]
pub struct Opened {
    /// All entries, in the order in which they were taken.
    pub entries: Vec<Entry>,
    /// The tickets as they were when the snapshot was written.
    pub snapshot: Option<Snapshot>,
    /// Where there is no snapshot: what of the first list had come.
    pub part: Option<Part>,
    /// Tickets that this console learnt since; newer ones win, as always.
    pub tickets: Vec<Ticket>,
    /// What was amiss, for the person.
    pub findings: Vec<Finding>,
}

/// The way to the store; clones ask the same one.
#[derive(Debug, Clone)]
pub struct Store {
    jobs: mpsc::Sender<Job>,
    desk: Arc<Desk>,
    folder: Arc<Folder>,
    place: Arc<Place>,
    /// Snapshots are written one after another.
    writing_snapshot: Arc<Mutex<()>>,
}

/// Ends the store: dropped or [finished](StoreGuard::finish), it waits until all that was asked is on the disk.
#[derive(Debug)]
#[must_use = "dropped at once, it closes the store at once"]
pub struct StoreGuard {
    desk: Arc<Desk>,
    /// Locked until the file is closed.
    _folder: Arc<Folder>,
}

impl Store {
    /// Opens the store of `place` under `state_dir`, locks it, verifies and loads it. Blocks.
    pub fn open(state_dir: &Path, place: Place) -> Result<(Self, StoreGuard, Opened), StoreError> {
        Opening::begin(state_dir, place)?.finish()
    }

    fn over(folder: Arc<Folder>, place: Arc<Place>, database: Database) -> (Self, StoreGuard) {
        let (jobs, inbox) = mpsc::channel(QUEUE);
        let desk = Arc::new(Desk::new(folder.path().to_owned(), database, inbox));
        let guard = StoreGuard { desk: Arc::clone(&desk), _folder: Arc::clone(&folder) };
        (Self { jobs, desk, folder, place, writing_snapshot: Arc::default() }, guard)
    }

    /// Whose store it is.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Keeps `write`; when this returns `Ok`, it survives a power cut.
    pub async fn write(&self, write: Write) -> Result<(), StoreError> {
        self.begin_write(write).await.await
    }

    /// Hands `write` over, after all that were handed over before; the future it gives is the answer.
    pub async fn begin_write(&self, write: Write) -> impl Future<Output = Result<(), StoreError>> + Send + 'static {
        let (answer, told) = oneshot::channel();
        let handed_over = self.jobs.send(Job::Write(write, answer)).await;
        self.desk.ring();
        async move {
            handed_over.map_err(|_| StoreError::Closed)?;
            told.await.map_err(|_| StoreError::Closed)?
        }
    }

    /// The last `limit` acts, newest first.
    pub async fn audit(&self, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        self.ask(|answer| Job::Audit(limit, answer)).await
    }

    /// Replaces the snapshot, in the background of everything else.
    ///
    /// Tickets that were kept beside the last snapshot are forgotten where this one is as new as they are.
    pub async fn write_snapshot(&self, snapshot: Snapshot) -> Result<(), StoreError> {
        let turn = Arc::clone(&self.writing_snapshot).lock_owned().await;
        let kept = self.ask(Job::KeptTickets).await?;
        let (folder, place) = (Arc::clone(&self.folder), Arc::clone(&self.place));
        let writing = tokio::task::spawn_blocking(move || {
            // Whoever asked may have stopped waiting: the turn ends with the writing all the same.
            let _turn = turn;
            let covered = covered(kept, &snapshot);
            snapshot::write(&folder.join(SNAPSHOT), &place, &snapshot)?;
            match std::fs::remove_file(folder.join(PART)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    // Behind a snapshot nobody reads it; it goes with the next one.
                    tracing::warn!(%error, "what was kept of the first list stays");
                }
                _ => {}
            }
            Ok(covered)
        });
        let covered: Result<_, StoreError> = writing.await.map_err(|error| disk(&error))?;
        let covered = covered?;
        self.ask(|answer| Job::ForgetTickets(covered, answer)).await
    }

    /// Keeps what of the first list has come so far; a snapshot takes its place.
    pub async fn write_part(&self, part: impl FnOnce() -> Part + Send + 'static) -> Result<(), StoreError> {
        let turn = Arc::clone(&self.writing_snapshot).lock_owned().await;
        let (folder, place) = (Arc::clone(&self.folder), Arc::clone(&self.place));
        let writing = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            snapshot::write_part(&folder.join(PART), &place, &part())
        });
        writing.await.map_err(|error| disk(&error))?
    }

    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Job) -> Result<T, StoreError> {
        let (answer, told) = oneshot::channel();
        self.jobs.send(job(answer)).await.map_err(|_| StoreError::Closed)?;
        self.desk.ring();
        told.await.map_err(|_| StoreError::Closed)?
    }
}

fn disk(error: &impl ToString) -> StoreError {
    StoreError::Disk { detail: error.to_string() }
}

/// Those of `kept` that `snapshot` holds in the same state or a newer one.
fn covered(kept: Vec<Ticket>, snapshot: &Snapshot) -> Vec<Ticket> {
    let wanted: HashSet<&TicketId> = kept.iter().map(|ticket| &ticket.id).collect();
    let held: HashMap<TicketId, &Ticket> = snapshot
        .tickets
        .iter()
        .filter(|ticket| wanted.contains(&ticket.id))
        .map(|ticket| (ticket.id.clone(), ticket))
        .collect();
    kept.into_iter().filter(|ticket| held.get(&ticket.id).is_some_and(|held| held.supersedes(ticket))).collect()
}

impl StoreGuard {
    /// Waits until all that was asked is on the disk and the file is closed. Blocks.
    pub fn finish(self) -> Result<(), StoreError> {
        self.desk.close()
    }
}

impl Drop for StoreGuard {
    fn drop(&mut self) {
        if let Err(error) = self.desk.close() {
            tracing::error!(%error, "the store did not close well");
        }
    }
}
