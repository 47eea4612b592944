//! What happens to the write-ahead log that a killed console leaves: cut anywhere, or with flipped bits.
//!
//! The command in `corruption.rs` cuts at every byte in place of every frame.

use std::fs;
use std::sync::OnceLock;

use doorlist::store::{Finding, Store};
use proptest::prelude::*;

use super::corruption::on_all_cores;
use super::make::{entry, place, scan};

const ENTRIES: u32 = 40;
/// After so many, tables have grown from one page to several under a root: from then on the log repeats itself.
const VARIED: usize = 12;
/// A frame of the log: a page and what says whose it is.
const FRAME: usize = 4_096 + 24;
/// At most, for they have some hundreds of bytes each.
const ENTRIES_ON_A_PAGE: usize = 8;

/// The files as a kill leaves them, and how long the log was once each entry was kept.
struct Killed {
    database: Vec<u8>,
    log: Vec<u8>,
    lengths: Vec<usize>,
}

fn killed() -> &'static Killed {
    static KILLED: OnceLock<Killed> = OnceLock::new();
    KILLED.get_or_init(|| {
        let temporary = tempfile::tempdir().unwrap();
        let folder = place().folder(temporary.path());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (store, _guard, _) = Store::open(temporary.path(), place()).unwrap();
        let lengths = (0..ENTRIES).map(|number| {
            runtime.block_on(store.write(scan(number))).unwrap();
            usize::try_from(fs::metadata(folder.join("outbox.db-wal")).unwrap().len()).unwrap()
        });
        let lengths = lengths.collect();
        let read = |name| fs::read(folder.join(name)).unwrap();
        Killed { database: read("outbox.db"), log: read("outbox.db-wal"), lengths }
    })
}

/// How many entries come back with this log, each as it was written, and what is said of the others.
fn come_back(log: &[u8]) -> (usize, Vec<Finding>) {
    let temporary = tempfile::tempdir().unwrap();
    let folder = place().folder(temporary.path());
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("outbox.db"), &killed().database).unwrap();
    fs::write(folder.join("outbox.db-wal"), log).unwrap();
    let (_store, guard, opened) = Store::open(temporary.path(), place()).unwrap();
    for found in &opened.entries {
        assert!((0..ENTRIES).map(entry).any(|written| written == *found), "{found:?} was never written");
    }
    guard.finish().unwrap();
    (opened.entries.len(), opened.findings)
}

fn cut(length: usize) {
    let kept = killed().lengths.iter().filter(|kept| **kept <= length).count();
    assert_eq!(come_back(&killed().log[..length]).0, kept, "cut at {length}");
}

#[test]
fn a_log_cut_between_any_two_frames_gives_what_was_kept_by_then() {
    assert_eq!(come_back(&killed().log), (ENTRIES as usize, Vec::new()));
    for length in (32..killed().log.len()).step_by(FRAME).chain([0, 7, 31]) {
        cut(length);
    }
}

#[test]
#[ignore = "some minutes: every byte"]
fn a_log_cut_at_any_byte_gives_what_was_kept_by_then() {
    on_all_cores(0..killed().lengths[VARIED], cut);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// SQLite itself stops reading at the flipped bit, and of these forty entries gives twenty on the average.
    #[test]
    fn a_flipped_bit_costs_what_stands_beside_it_at_most_and_that_is_said(
        place in any::<prop::sample::Index>(),
        bit in 0_u8..8,
    ) {
        let mut log = killed().log.clone();
        log[place.index(killed().log.len())] ^= 1 << bit;
        let (back, findings) = come_back(&log);
        prop_assert!(back + ENTRIES_ON_A_PAGE >= ENTRIES as usize, "{back}");
        prop_assert!(findings.iter().any(|finding| matches!(finding, Finding::OutboxRebuilt { .. })), "{findings:?}");
    }
}
