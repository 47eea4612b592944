//! Whatever happens to the files: no panic, no false row, and no entry lost that could still be read.
//!
//! `TMPDIR=/dev/shm cargo test --release --test outbox any_byte -- --ignored` cuts at every byte in place of every page, here
//! and in the log; on a disk in place of memory it takes hours.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread;

use doorlist::store::{Finding, Store};
use proptest::prelude::*;

use super::make::{House, entry, place, scan};
use doorlist::domain::Entry;

/// Enough for tables of several pages under a root, and few enough for a cut at every byte.
const ENTRIES: u32 = 24;
const PAGE: usize = 4_096;
/// A row ends with so many bytes, by which its text is known to be what was written.
const CHECKSUM: usize = 16;

/// The files that a console with entries, an audit and a snapshot leaves; made once.
fn files() -> &'static [(&'static str, Vec<u8>); 2] {
    static FILES: OnceLock<[(&str, Vec<u8>); 2]> = OnceLock::new();
    FILES.get_or_init(|| {
        let temporary = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (store, guard, _) = Store::open(temporary.path(), place()).unwrap();
        runtime.block_on(async {
            for number in 0..ENTRIES {
                store.write(scan(number)).await.unwrap();
            }
            store.write_snapshot(House::new().snapshot(50)).await.unwrap();
        });
        guard.finish().unwrap();
        ["outbox.db", "snapshot"].map(|name| (name, fs::read(file(temporary.path(), name)).unwrap()))
    })
}

/// A folder with those files in it.
fn furnished() -> tempfile::TempDir {
    let temporary = tempfile::tempdir().unwrap();
    fs::create_dir_all(place().folder(temporary.path())).unwrap();
    for (name, bytes) in files() {
        fs::write(file(temporary.path(), name), bytes).unwrap();
    }
    temporary
}

fn file(folder: &Path, name: &str) -> PathBuf {
    place().folder(folder).join(name)
}

/// Opens the damaged folder; what comes back is true, and the folder is whole from then on.
fn reopen(folder: &Path) -> (Vec<Entry>, Vec<Finding>) {
    let (store, guard, opened) = Store::open(folder, place()).unwrap();
    for found in &opened.entries {
        let original = (0..ENTRIES).map(entry).find(|original| original.id == found.id);
        assert_eq!(Some(found), original.as_ref(), "an entry says something that was never written");
    }
    if let Some(snapshot) = &opened.snapshot {
        assert_eq!(*snapshot, House::new().snapshot(50));
    }
    guard.finish().unwrap();
    drop(store);
    let (_store, guard, again) = Store::open(folder, place()).unwrap();
    assert_eq!(again.entries, opened.entries);
    guard.finish().unwrap();
    (opened.entries, opened.findings)
}

/// How many entries stand in the first `length` bytes with their whole text and its checksum: what could be read there.
fn legible(whole: &[u8], length: usize) -> usize {
    static ENDS: OnceLock<Vec<usize>> = OnceLock::new();
    let ends = ENDS.get_or_init(|| {
        let end = |number| {
            let text = serde_json::to_vec(&entry(number)).unwrap();
            memchr::memmem::find(whole, &text).unwrap() + text.len() + CHECKSUM
        };
        (0..ENTRIES).map(end).collect()
    });
    ends.iter().filter(|end| **end <= length).count()
}

fn cut(whole: &[u8], length: usize) {
    let temporary = tempfile::tempdir().unwrap();
    fs::create_dir_all(place().folder(temporary.path())).unwrap();
    fs::write(file(temporary.path(), "outbox.db"), &whole[..length]).unwrap();
    let (entries, findings) = reopen(temporary.path());
    // A last page that was begun SQLite takes for whole: then only the rows that were cut are set aside.
    let is_begun = length > whole.len() - PAGE;
    let is_told = match findings.first() {
        Some(Finding::OutboxRebuilt { aside, .. }) => aside.exists(),
        Some(Finding::RowsSetAside { .. }) => is_begun,
        _ => is_begun && entries.len() == legible(whole, whole.len()),
    };
    assert!(is_told, "{length}: {findings:?}");
    // The pages that describe the tables come first: with them, every row that is in the file is found.
    let described = length >= 8 * PAGE;
    assert!(!described || entries.len() == legible(whole, length), "{length}: {} entries", entries.len());
}

#[test]
fn a_file_cut_at_any_page_gives_what_is_left_of_it() {
    let temporary = furnished();
    let whole = fs::read(file(temporary.path(), "outbox.db")).unwrap();
    assert_eq!(legible(&whole, whole.len()), ENTRIES as usize);
    for pages in 0..whole.len() / PAGE {
        cut(&whole, pages * PAGE);
    }
}

#[test]
fn a_last_page_that_was_cut_gives_the_entries_that_stand_in_it() {
    let temporary = furnished();
    let whole = fs::read(file(temporary.path(), "outbox.db")).unwrap();
    let last = (1..=ENTRIES as usize).map(|count| (0..=whole.len()).find(|length| legible(&whole, *length) == count));
    // Where each of them is just whole, and a byte less.
    let edges = last.flatten().filter(|length| *length > whole.len() - PAGE && *length < whole.len());
    let edges: Vec<_> = edges.flat_map(|length| [length - 1, length]).collect();
    assert!(!edges.is_empty());
    for length in edges {
        cut(&whole, length);
    }
}

#[test]
#[ignore = "some minutes: every byte"]
fn a_file_cut_at_any_byte_gives_what_is_left_of_it() {
    let temporary = furnished();
    let whole = fs::read(file(temporary.path(), "outbox.db")).unwrap();
    on_all_cores(0..whole.len(), |length| cut(&whole, length));
}

/// Tries every length, side by side.
pub fn on_all_cores(lengths: Range<usize>, attempt: impl Fn(usize) + Sync) {
    let cores = thread::available_parallelism().unwrap().get();
    thread::scope(|scope| {
        for core in 0..cores {
            let (attempt, lengths) = (&attempt, lengths.clone().skip(core).step_by(cores));
            scope.spawn(move || lengths.for_each(attempt));
        }
    });
}

#[test]
fn a_snapshot_cut_anywhere_is_set_aside() {
    let temporary = furnished();
    let path = file(temporary.path(), "snapshot");
    let whole = fs::read(&path).unwrap();
    for length in (0..whole.len()).step_by(211).chain([whole.len() - 1]) {
        fs::write(&path, &whole[..length]).unwrap();
        let (entries, findings) = reopen(temporary.path());
        assert_eq!(entries.len(), ENTRIES as usize);
        assert!(matches!(&findings[..], [Finding::SnapshotSetAside { aside, .. }] if aside.exists()));
        fs::remove_file(file(temporary.path(), "snapshot.damaged-1")).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bits_never_panic_and_never_make_a_false_entry(
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..8), 1..6),
        in_snapshot in any::<bool>(),
    ) {
        let temporary = furnished();
        let path = file(temporary.path(), if in_snapshot { "snapshot" } else { "outbox.db" });
        let mut bytes = fs::read(&path).unwrap();
        for (place, bit) in &flips {
            let place = place.index(bytes.len());
            bytes[place] ^= 1 << bit;
        }
        fs::write(&path, bytes).unwrap();
        let (entries, findings) = reopen(temporary.path());
        prop_assert!(!in_snapshot || entries.len() == ENTRIES as usize);
        // What is gone is said to be gone.
        prop_assert!(entries.len() == ENTRIES as usize || !findings.is_empty());
    }

    #[test]
    fn a_flipped_bit_in_an_entry_costs_that_entry_alone(number in 0..ENTRIES, place in any::<prop::sample::Index>()) {
        let temporary = furnished();
        let path = file(temporary.path(), "outbox.db");
        let mut bytes = fs::read(&path).unwrap();
        let text = serde_json::to_vec(&entry(number)).unwrap();
        // A page that was split keeps its old half as it was, so a text can stand in the file twice.
        for start in 0..bytes.len() - text.len() {
            if bytes[start..].starts_with(&text) {
                bytes[start + place.index(text.len())] ^= 1;
            }
        }
        fs::write(&path, bytes).unwrap();
        let (entries, findings) = reopen(temporary.path());
        prop_assert_eq!(entries.len(), ENTRIES as usize - 1);
        prop_assert_eq!(findings, [Finding::RowsSetAside { rows: 1 }]);
    }
}
