//! The one owner of the outbox's file, and group commit.
//!
//! Whatever waits when the owner is free goes into one transaction and is answered after its commit, so
//! that a burst of scans costs one fsync and not one each. The disk is waited for on a blocking thread of the
//! runtime, never more than one at a time, and only while there is something to do.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::ErrorCode;
use tokio::sync::{mpsc, oneshot};

use super::database::Database;
use super::{StoreError, Write};
use crate::domain::{AuditRecord, Ticket};

/// Most writes in one transaction.
const MOST_AT_ONCE: usize = 256;

/// What the owner is asked.
#[derive(Debug)]
pub enum Job {
    /// Keep this, all of it or nothing.
    Write(Write, Answer<()>),
    /// The last acts.
    Audit(usize, Answer<Vec<AuditRecord>>),
    /// The tickets beside the snapshot.
    KeptTickets(Answer<Vec<Ticket>>),
    /// A snapshot on disk covers these.
    ForgetTickets(Vec<Ticket>, Answer<()>),
}

type Answer<T> = oneshot::Sender<Result<T, StoreError>>;

/// The outbox's file and the queue before it. Whoever hands a job over rings; one blocking thread at a time answers.
#[derive(Debug)]
pub struct Desk {
    owner: Mutex<Owner>,
    busy: AtomicBool,
}

impl Desk {
    /// Puts an open file behind the desk.
    pub fn new(folder: PathBuf, database: Database, jobs: mpsc::Receiver<Job>) -> Self {
        let owner = Owner { folder, state: State::Open(Box::new(database)), jobs };
        Self { owner: Mutex::new(owner), busy: AtomicBool::new(false) }
    }

    /// Sees to it that somebody looks at the queue; inside a runtime.
    pub fn ring(self: &Arc<Self>) {
        if !self.busy.swap(true, Ordering::SeqCst) {
            let desk = Arc::clone(self);
            drop(tokio::task::spawn_blocking(move || desk.answer_all()));
        }
    }

    /// Answers all that was handed over, and closes the file. Blocks.
    pub fn close(&self) -> Result<(), StoreError> {
        let mut owner = self.owner();
        owner.jobs.close();
        owner.answer_waiting();
        owner.close()
    }

    fn answer_all(&self) {
        loop {
            let mut owner = self.owner();
            owner.answer_waiting();
            // What came after the last look found the desk busy and rang in vain.
            self.busy.swap(false, Ordering::SeqCst);
            if owner.jobs.is_empty() || self.busy.swap(true, Ordering::SeqCst) {
                return;
            }
        }
    }

    fn owner(&self) -> MutexGuard<'_, Owner> {
        self.owner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct Owner {
    folder: PathBuf,
    state: State,
    jobs: mpsc::Receiver<Job>,
}

#[derive(Debug)]
enum State {
    Open(Box<Database>),
    /// The disk failed and the file could not be opened again yet.
    Down,
    /// The console is on its way out.
    Closed,
}

impl Owner {
    fn answer_waiting(&mut self) {
        while let Ok(job) = self.jobs.try_recv() {
            let (writes, other) = self.gather(job);
            if !writes.is_empty() {
                self.write(writes);
            }
            if let Some(job) = other {
                self.answer(job);
            }
        }
    }

    fn close(&mut self) -> Result<(), StoreError> {
        match std::mem::replace(&mut self.state, State::Closed) {
            // The log is folded in so that the file is whole by itself when nobody has it open.
            State::Open(database) => database.checkpoint(),
            State::Down => Err(StoreError::Disk { detail: "the outbox could not be opened again".to_owned() }),
            State::Closed => Ok(()),
        }
    }

    /// Takes the writes that wait, up to the first job that is something else.
    fn gather(&mut self, first: Job) -> (Vec<(Write, Answer<()>)>, Option<Job>) {
        let mut writes = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next {
            match job {
                Job::Write(write, answer) => writes.push((write, answer)),
                other => return (writes, Some(other)),
            }
            next = if writes.len() < MOST_AT_ONCE { self.jobs.try_recv().ok() } else { None };
        }
        (writes, None)
    }

    fn write(&mut self, writes: Vec<(Write, Answer<()>)>) {
        let (batch, answers): (Vec<_>, Vec<_>) = writes.into_iter().unzip();
        let kept = self.keep(&batch);
        if let Err(error) = &kept {
            tracing::error!(%error, writes = batch.len(), "nothing of a batch was kept");
        }
        for answer in answers {
            // Who asked may be gone; what was asked is done all the same.
            drop(answer.send(kept.clone()));
        }
    }

    fn keep(&mut self, batch: &[Write]) -> Result<(), StoreError> {
        let batch: Vec<&Write> = batch.iter().collect();
        let database = self.database()?;
        let before = database.batches();
        let Err(error) = database.write(&batch) else { return Ok(()) };
        let told = database.error(&error);
        match error.sqlite_error_code() {
            // The transaction was rolled back, and the file is as it was.
            Some(ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Err(told),
            _ => self.reopen_and_look(before, told),
        }
    }

    /// After a failed write nothing is known, and a failed fsync may not be tried again: what it did not write is
    /// taken for written by the system. So the file is closed, opened, verified and brought to the disk anew, and
    /// only then it is told whether the batch is in it.
    fn reopen_and_look(&mut self, before: i64, told: StoreError) -> Result<(), StoreError> {
        tracing::error!(error = %told, "the disk failed; the outbox is closed, opened again and looked at");
        self.state = State::Down;
        let database = self.database()?;
        if database.batches() > before { Ok(()) } else { Err(told) }
    }

    fn database(&mut self) -> Result<&mut Database, StoreError> {
        if matches!(self.state, State::Down) {
            let (database, _) = Database::open(&self.folder)?;
            database.checkpoint()?;
            self.state = State::Open(Box::new(database));
        }
        match &mut self.state {
            State::Open(database) => Ok(database),
            State::Down | State::Closed => Err(StoreError::Closed),
        }
    }

    fn answer(&mut self, job: Job) {
        match job {
            Job::Audit(limit, answer) => drop(answer.send(self.database().and_then(|database| database.audit(limit)))),
            Job::KeptTickets(answer) => drop(answer.send(self.database().and_then(|database| database.kept_tickets()))),
            Job::ForgetTickets(covered, answer) => {
                drop(answer.send(self.database().and_then(|database| database.forget_tickets(&covered))));
            }
            Job::Write(write, answer) => self.write(vec![(write, answer)]),
        }
    }
}

#[cfg(test)]
pub mod tests;
