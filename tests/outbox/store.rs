//! What was kept is there after the next start, and what cannot be kept is refused.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::pin::pin;
use std::sync::mpsc;

use doorlist::store::{Finding, Opened, Part, Place, Store, StoreError, StoreGuard, expire, wipe};
use futures::poll;
use jiff::{SignedDuration, Timestamp};
use tokio::runtime::{Builder, Runtime};
use tokio::task::spawn_blocking;

use super::make::{House, at, entry, place, scan};
use doorlist::domain::EntryState;

pub fn open(folder: &Path) -> (Store, StoreGuard, Opened) {
    Store::open(folder, place()).unwrap()
}

#[tokio::test]
async fn what_was_written_is_there_at_the_next_start_in_the_same_order() {
    let temporary = tempfile::tempdir().unwrap();
    let (store, guard, opened) = open(temporary.path());
    assert!(opened.entries.is_empty() && opened.findings.is_empty());
    for number in [3, 1, 2] {
        store.write(scan(number)).await.unwrap();
    }
    let mut accepted = scan(1);
    accepted.entries[0].state = EntryState::Accepted { scan: None, at: at(9) };
    accepted.tickets.push(House::new().ticket(1));
    store.write(accepted.clone()).await.unwrap();
    guard.finish().unwrap();
    drop(store);

    let (store, _guard, opened) = open(temporary.path());
    assert_eq!(opened.entries, [entry(3), accepted.entries[0].clone(), entry(2)]);
    assert_eq!(opened.tickets, accepted.tickets);
    assert_eq!(opened.findings, []);
    let audit = store.audit(10).await.unwrap();
    assert_eq!(audit.len(), 4);
    assert_eq!(audit[1].target, entry(2).ticket.as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_waits_for_everything_that_was_asked() {
    let temporary = tempfile::tempdir().unwrap();
    let (store, guard, _) = open(temporary.path());
    let asked: Vec<_> = (0..200)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { store.write(scan(number)).await })
        })
        .collect();
    for answer in asked {
        answer.await.unwrap().unwrap();
    }
    guard.finish().unwrap();
    assert_eq!(store.write(scan(999)).await, Err(StoreError::Closed));
    drop(store);
    assert_eq!(open(temporary.path()).2.entries.len(), 200);
}

#[tokio::test]
async fn nothing_is_readable_for_others() {
    let temporary = tempfile::tempdir().unwrap();
    let (store, guard, _) = open(temporary.path());
    store.write(scan(1)).await.unwrap();
    store.write_snapshot(House::new().snapshot(10)).await.unwrap();
    let mut folder = place().folder(temporary.path());
    for file in fs::read_dir(&folder).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
    while folder != temporary.path() {
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700, "{}", folder.display());
        folder.pop();
    }
    guard.finish().unwrap();
}

#[tokio::test]
async fn a_second_console_is_refused_and_another_device_has_a_folder_of_its_own() {
    let temporary = tempfile::tempdir().unwrap();
    let (_store, _guard, _) = open(temporary.path());
    let error = Store::open(temporary.path(), place()).unwrap_err();
    assert!(matches!(&error, StoreError::Locked { pid, .. } if *pid == std::process::id().to_string()), "{error:?}");
    let other = Place { device: doorlist::domain::DeviceId::from_service("south"), ..place() };
    drop(Store::open(temporary.path(), other).unwrap());
}

#[test]
fn a_folder_that_cannot_be_made_is_refused_in_words() {
    let temporary = tempfile::tempdir().unwrap();
    // Root may write anywhere; a file where the folder should be stops it too.
    fs::write(temporary.path().join("events"), "").unwrap();
    let error = Store::open(temporary.path(), place()).unwrap_err();
    assert!(error.to_string().contains("events"), "{error}");
}

#[tokio::test]
async fn a_snapshot_comes_back_whole() {
    let temporary = tempfile::tempdir().unwrap();
    let (store, guard, opened) = open(temporary.path());
    assert_eq!(opened.snapshot, None);
    let snapshot = House::new().snapshot(10_000);
    store.write_snapshot(snapshot.clone()).await.unwrap();
    guard.finish().unwrap();
    drop(store);
    assert_eq!(open(temporary.path()).2.snapshot, Some(snapshot));
}

#[tokio::test]
async fn a_snapshot_takes_over_the_tickets_that_it_covers_and_no_others() {
    let temporary = tempfile::tempdir().unwrap();
    let (store, guard, _) = open(temporary.path());
    let house = House::new();
    let mut write = scan(1);
    write.tickets = vec![house.ticket(1), house.later(2), house.ticket(77)];
    store.write(write).await.unwrap();
    store.write_snapshot(house.snapshot(10)).await.unwrap();
    guard.finish().unwrap();
    drop(store);
    assert_eq!(open(temporary.path()).2.tickets, [house.later(2), house.ticket(77)]);
}

#[tokio::test]
async fn a_snapshot_of_another_event_is_set_aside() {
    let temporary = tempfile::tempdir().unwrap();
    let (store, guard, _) = open(temporary.path());
    store.write_snapshot(House::new().snapshot(10)).await.unwrap();
    guard.finish().unwrap();
    drop(store);
    let other = Place { event: doorlist::domain::EventId::from_service("evt_2"), ..place() };
    let theirs = other.folder(temporary.path());
    fs::create_dir_all(&theirs).unwrap();
    fs::copy(place().folder(temporary.path()).join("snapshot"), theirs.join("snapshot")).unwrap();

    let (_store, _guard, opened) = Store::open(temporary.path(), other).unwrap();
    assert_eq!(opened.snapshot, None);
    assert!(matches!(&opened.findings[..], [Finding::SnapshotSetAside { aside, .. }] if aside.exists()));
}

#[tokio::test]
async fn a_snapshot_or_part_that_cannot_be_read_takes_no_entry_with_it() {
    for name in ["snapshot", "snapshot.part"] {
        let temporary = tempfile::tempdir().unwrap();
        let (store, guard, _) = open(temporary.path());
        store.write(scan(1)).await.unwrap();
        guard.finish().unwrap();
        drop(store);
        // What no disk refuses to anybody, root or not: a folder is no file.
        fs::create_dir(place().folder(temporary.path()).join(name)).unwrap();

        let (store, guard, opened) = open(temporary.path());
        assert_eq!((&opened.entries[..], &opened.snapshot, &opened.part), (&[entry(1)][..], &None, &None));
        let [finding @ Finding::SnapshotNotRead { .. }] = &opened.findings[..] else { panic!("{:?}", opened.findings) };
        let said = finding.to_string();
        assert!(said.ends_with(&format!("Is a directory (os error 21), in {name}.")), "{said}");
        store.write(scan(2)).await.unwrap();
        guard.finish().unwrap();
        drop(store);
        assert_eq!(open(temporary.path()).2.entries, [entry(1), entry(2)]);
    }
}

#[tokio::test]
async fn unfinished_entries_block_a_wipe_and_are_exported_before_a_forced_one() {
    let temporary = tempfile::tempdir().unwrap();
    let (store, guard, _) = open(temporary.path());
    store.write(scan(1)).await.unwrap();
    let wipe = |force| wipe(temporary.path(), &place(), force, at(100));
    assert!(matches!(wipe(true), Err(StoreError::Locked { .. })));
    guard.finish().unwrap();
    drop(store);

    assert_eq!(wipe(false), Err(StoreError::Unfinished { unsent: 1, conflicts: 0 }));
    let wiped = wipe(true).unwrap().unwrap();
    assert!(!wiped.folder.exists());
    let exported = fs::read_to_string(wiped.exported.unwrap()).unwrap();
    assert_eq!(serde_json::from_str::<doorlist::domain::Entry>(exported.trim()).unwrap(), entry(1));
    assert_eq!(wipe(true), Ok(None));
}

#[tokio::test]
async fn a_store_goes_some_days_after_its_event_unless_something_is_unfinished() {
    let temporary = tempfile::tempdir().unwrap();
    let (store, guard, _) = open(temporary.path());
    store.write_snapshot(House::new().snapshot(3)).await.unwrap();
    store.write(scan(1)).await.unwrap();
    guard.finish().unwrap();
    drop(store);
    // 23:30 in Melbourne, in summer.
    let end: Timestamp = "2027-01-15T12:30:00Z".parse().unwrap();
    let days = |count: i64| SignedDuration::from_hours(24 * count);
    let expire = |now| expire(temporary.path(), 7, now).unwrap();

    assert_eq!(expire(end + days(7)), (Vec::new(), Vec::new()));
    let (wiped, retained) = expire(end + days(7) + SignedDuration::from_secs(1));
    assert!(wiped.is_empty());
    assert!(matches!(retained[0].why, StoreError::Unfinished { unsent: 1, conflicts: 0 }));

    let (store, guard, _) = open(temporary.path());
    let mut settled = scan(1);
    settled.entries[0].state = EntryState::Withdrawn { at: at(3) };
    store.write(settled).await.unwrap();
    guard.finish().unwrap();
    drop(store);
    assert_eq!(expire(end + days(8)).0.len(), 1);
    assert!(!place().folder(temporary.path()).exists());
}

/// A runtime that does one blocking thing at a time, in order.
fn one_thing_at_a_time() -> Runtime {
    Builder::new_current_thread().max_blocking_threads(1).build().unwrap()
}

#[test]
fn a_snapshot_that_nobody_waits_for_any_more_is_not_written_beside_the_next() {
    let temporary = tempfile::tempdir().unwrap();
    let (store, guard, _) = open(temporary.path());
    let (first, second) = (one_thing_at_a_time(), one_thing_at_a_time());
    let (goes_on, held) = mpsc::channel::<()>();
    first.block_on(async {
        let mut older = pin!(store.write_snapshot(House::new().snapshot(3)));
        assert!(poll!(&mut older).is_pending(), "asks for the tickets that were kept");
        store.audit(1).await.unwrap();
        let _before_it = spawn_blocking(move || held.recv());
        assert!(poll!(&mut older).is_pending(), "has them, and is about to write");
    });
    let newer = House::new().snapshot(5);
    second.block_on(async {
        let mut writing = pin!(store.write_snapshot(newer.clone()));
        // More rounds than it takes where nobody is before it.
        for _ in 0..8 {
            assert!(poll!(&mut writing).is_pending(), "two wrote at a time");
            store.audit(1).await.unwrap();
            spawn_blocking(|| ()).await.unwrap();
        }
        goes_on.send(()).unwrap();
        writing.await.unwrap();
    });
    guard.finish().unwrap();
    drop(store);
    assert_eq!(open(temporary.path()).2.snapshot, Some(newer));
}

#[tokio::test]
async fn a_list_that_came_in_part_goes_days_after_the_event_too() {
    let temporary = tempfile::tempdir().unwrap();
    let (store, guard, _) = open(temporary.path());
    let list = House::new().snapshot(3);
    let part = Part { list: list.clone(), marks: b"where it goes on".to_vec() };
    store.write_part(move || part).await.unwrap();
    guard.finish().unwrap();
    drop(store);
    let (store, guard, opened) = open(temporary.path());
    assert_eq!(opened.part, Some(Part { list, marks: b"where it goes on".to_vec() }));
    guard.finish().unwrap();
    drop(store);
    let end: Timestamp = "2027-01-15T12:30:00Z".parse().unwrap();
    let days = |count: i64| SignedDuration::from_hours(24 * count);
    assert!(expire(temporary.path(), 7, end + days(7)).unwrap().0.is_empty());
    assert_eq!(expire(temporary.path(), 7, end + days(8)).unwrap().0.len(), 1);
}
