//! Opening a store: what can go wrong is known at once, a big list of guests takes its time.

use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use super::database::{Database, Loaded};
use super::folder::Folder;
use super::{Finding, Opened, PART, Part, Place, SNAPSHOT, Snapshot, Store, StoreError, StoreGuard, snapshot};

/// A store that is locked and has told its entries, and whose list of guests is being read on a thread of its own.
#[derive(Debug)]
pub struct Opening {
    store: Store,
    guard: StoreGuard,
    loaded: Loaded,
    list: JoinHandle<List>,
}

/// The guests as far as they were kept.
#[derive(Debug, Default)]
struct List {
    snapshot: Option<Snapshot>,
    part: Option<Part>,
    findings: Vec<Finding>,
}

impl Opening {
    /// Locks the store of `place` under `state_dir`, verifies and loads its entries, and begins to read the list. Blocks.
    pub fn begin(state_dir: &Path, place: Place) -> Result<Self, StoreError> {
        let folder = Arc::new(Folder::open(place.folder(state_dir))?);
        let place = Arc::new(place);
        let list = thread::Builder::new().name("list".to_owned()).spawn({
            let (folder, place) = (Arc::clone(&folder), Arc::clone(&place));
            move || List::read(&folder, &place)
        });
        let list = list.map_err(|error| StoreError::Disk { detail: error.to_string() })?;
        match Database::open(folder.path()) {
            Ok((database, loaded)) => {
                let (store, guard) = Store::over(folder, place, database);
                Ok(Self { store, guard, loaded, list })
            }
            Err(error) => {
                // The folder is locked until nobody reads in it, and may be opened again at once.
                drop(list.join());
                Err(error)
            }
        }
    }

    /// Whose store it is.
    #[must_use]
    pub fn place(&self) -> &Place {
        self.store.place()
    }

    /// Waits until the list is read. Blocks.
    pub fn finish(self) -> Result<(Store, StoreGuard, Opened), StoreError> {
        let Self { store, guard, loaded, list } = self;
        let List { snapshot, part, findings } = List::of(list);
        let Loaded { entries, tickets, findings: amiss } = loaded;
        let findings = amiss.into_iter().chain(findings).collect();
        Ok((store, guard, Opened { entries, snapshot, part, tickets, findings }))
    }
}

impl List {
    /// What `reading` came to; where it broke off there is no list, and the entries count all the same.
    fn of(reading: JoinHandle<Self>) -> Self {
        reading.join().unwrap_or_else(|_| {
            let finding = Finding::SnapshotNotRead { why: format!("the reading broke off, in {SNAPSHOT}") };
            Self { findings: vec![finding], ..Self::default() }
        })
    }

    fn read(folder: &Folder, place: &Place) -> Self {
        let (snapshot, finding) = snapshot::read(&folder.join(SNAPSHOT), place);
        let mut findings: Vec<Finding> = finding.into_iter().collect();
        let (part, finding) = match &snapshot {
            None => snapshot::read_part(&folder.join(PART), place),
            Some(_) => (None, None),
        };
        findings.extend(finding);
        Self { snapshot, part, findings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_that_breaks_off_is_a_finding() {
        let list = List::of(thread::spawn(|| std::panic::resume_unwind(Box::new("a defect"))));
        assert!(list.snapshot.is_none() && list.part.is_none());
        assert!(matches!(&list.findings[..], [Finding::SnapshotNotRead { .. }]), "{:?}", list.findings);
    }
}
