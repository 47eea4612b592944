//! Failures of the disk that no test can order from a real one.

use jiff::Timestamp;
use rusqlite::ffi;
use tempfile::TempDir;

use super::*;
use crate::domain::{DeviceId, Entry, EntryId, EntryState, EventId, Gate, Operator, ScanKind, TicketId};

/// Where a write fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Nothing reached the log.
    BeforeCommit,
    /// The log is written, and the fsync failed: nobody knows.
    AfterCommit,
}

/// Fails if a test has ordered this failure.
pub fn fail_if_asked(ordered: &mut Option<Failure>, here: Failure) -> rusqlite::Result<()> {
    if *ordered != Some(here) {
        return Ok(());
    }
    *ordered = None;
    Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_IOERR_FSYNC), Some("disk I/O error".to_owned())))
}

fn entry(number: u8) -> Entry {
    let now = Timestamp::from_second(1_800_000_000 + i64::from(number)).unwrap();
    Entry {
        id: EntryId::new(now, [number; 10]),
        kind: ScanKind::CheckIn,
        ticket: TicketId::from_service(format!("tkt_{number}")),
        order: None,
        event: EventId::from_service("evt_1"),
        device: DeviceId::from_service("north"),
        operator: Operator::default(),
        gate: Gate::default(),
        taken_at: now,
        undoes: None,
        against: None,
        override_reason: None,
        promised: true,
        attempts: None,
        state: EntryState::Queued,
    }
}

fn write(number: u8) -> Write {
    Write { entries: vec![entry(number)], ..Write::default() }
}

fn owner() -> (TempDir, Owner) {
    let temporary = tempfile::tempdir().unwrap();
    let (database, _) = Database::open(temporary.path()).unwrap();
    let (_, jobs) = mpsc::channel(1);
    let folder = temporary.path().to_owned();
    (temporary, Owner { folder, state: State::Open(Box::new(database)), jobs })
}

fn kept(owner: Owner) -> Vec<EntryId> {
    let folder = owner.folder.clone();
    drop(owner);
    Database::open(&folder).unwrap().1.entries.into_iter().map(|entry| entry.id).collect()
}

fn open(owner: &mut Owner) -> &mut Database {
    owner.database().unwrap()
}

#[test]
fn a_full_disk_refuses_in_words_and_the_next_scan_after_it_is_kept() {
    let (_temporary, mut owner) = owner();
    owner.keep(&[write(1)]).unwrap();
    open(&mut owner).fill_disk(0);
    let many: Vec<Write> = (10..250).map(write).collect();
    assert_eq!(owner.keep(&many), Err(StoreError::DiskFull));
    open(&mut owner).fill_disk(i64::MAX);
    owner.keep(&[write(2)]).unwrap();
    assert_eq!(kept(owner), [entry(1).id, entry(2).id]);
}

#[test]
fn a_write_that_failed_before_its_commit_is_refused_and_not_there() {
    let (_temporary, mut owner) = owner();
    owner.keep(&[write(1)]).unwrap();
    open(&mut owner).fail_next = Some(Failure::BeforeCommit);
    assert!(matches!(owner.keep(&[write(2), write(3)]), Err(StoreError::Disk { .. })));
    owner.keep(&[write(4)]).unwrap();
    assert_eq!(kept(owner), [entry(1).id, entry(4).id]);
}

#[test]
fn a_write_whose_fsync_failed_is_told_as_what_the_reopened_file_says() {
    let (_temporary, mut owner) = owner();
    owner.keep(&[write(1)]).unwrap();
    open(&mut owner).fail_next = Some(Failure::AfterCommit);
    assert_eq!(owner.keep(&[write(2)]), Ok(()));
    owner.keep(&[write(3)]).unwrap();
    assert_eq!(kept(owner), [entry(1).id, entry(2).id, entry(3).id]);
}

#[test]
fn what_waits_is_written_in_one_batch() {
    let (_temporary, mut owner) = owner();
    let (jobs, inbox) = mpsc::channel(300);
    owner.jobs = inbox;
    let mut answers: Vec<_> = (0..200)
        .map(|number| {
            let (answer, told) = oneshot::channel();
            jobs.try_send(Job::Write(write(number), answer)).unwrap();
            told
        })
        .collect();
    let (answer, _asked) = oneshot::channel();
    jobs.try_send(Job::Audit(1, answer)).unwrap();
    let before = open(&mut owner).batches();
    let first = owner.jobs.try_recv().unwrap();
    let (writes, other) = owner.gather(first);
    assert!(matches!(other, Some(Job::Audit(..))));
    owner.write(writes);
    assert_eq!(open(&mut owner).batches(), before + 1);
    assert!(answers.iter_mut().all(|told| told.try_recv().unwrap() == Ok(())));
    assert_eq!(kept(owner).len(), 200);
}
