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
    list: JoinHandle<Result<List, StoreError>>,
}

/// The guests as far as they were kept.
#[derive(Debug)]
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
        let list = list.join();
        let unread = |_| StoreError::Disk { detail: "the snapshot could not be read".to_owned() };
        let List { snapshot, part, findings } = list.map_err(unread)??;
        let Loaded { entries, tickets, findings: amiss } = loaded;
        let findings = amiss.into_iter().chain(findings).collect();
        Ok((store, guard, Opened { entries, snapshot, part, tickets, findings }))
    }
}

impl List {
    fn read(folder: &Folder, place: &Place) -> Result<Self, StoreError> {
        let (snapshot, finding) = snapshot::read(&folder.join(SNAPSHOT), place)?;
        let mut findings: Vec<Finding> = finding.into_iter().collect();
        let (part, finding) = match &snapshot {
            None => snapshot::read_part(&folder.join(PART), place)?,
            Some(_) => (None, None),
        };
        findings.extend(finding);
        Ok(Self { snapshot, part, findings })
    }
}
