//! The files of the outbox: put in place whole, replaced whole, set aside and never deleted.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::folder::{private_file, set_aside, sync_folder};
use super::super::rows::{self, RawRow, Table};
use super::super::{Finding, StoreError};
use super::schema;

/// Where the outbox's files are.
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    /// The database.
    pub database: PathBuf,
    log: PathBuf,
    /// A database under construction.
    fresh: PathBuf,
}

impl Files {
    /// Those in `folder`.
    pub fn of(folder: &Path) -> Self {
        let file = |name| folder.join(name);
        Self {
            folder: folder.to_owned(),
            database: file("outbox.db"),
            log: file("outbox.db-wal"),
            fresh: file("outbox.new"),
        }
    }

    /// Sees to it that there is a database, also after a crash in the middle of making or repairing one.
    pub fn settle_interrupted_repair(&self) -> Result<Vec<Finding>, StoreError> {
        if self.database.exists() {
            return Ok(Vec::new());
        }
        let mut findings = Vec::new();
        // A log without its database is not of the one that comes in its place.
        if self.log.exists() {
            let aside = set_aside(&self.log).map_err(|error| StoreError::io(&error, &self.log))?;
            findings.push(Finding::OutboxRebuilt { kept: 0, aside });
        }
        if !(self.fresh.exists() && schema::is_complete(&self.fresh)) {
            self.make_fresh(&[], &[])?;
        }
        self.put_in_place()?;
        Ok(findings)
    }

    /// Carries what can be read of a damaged database over into a new one; returns how many entries, and where the
    /// damaged file is.
    pub fn rebuild(&self) -> Result<(usize, PathBuf), StoreError> {
        let (mut sound, mut bad) = (Vec::new(), Vec::new());
        for (table, row) in self.readable() {
            if row.is_sound(table) { sound.push((table, row)) } else { bad.push((table, row)) }
        }
        // Two copies of a number are possible in a damaged file: the first that is sound counts.
        let mut seen = std::collections::HashSet::new();
        sound.retain(|(table, row)| seen.insert((table.name(), row.number)));
        self.make_fresh(&sound, &bad)?;
        let io = |path: &Path| {
            let path = path.to_owned();
            move |error| StoreError::io(&error, &path)
        };
        let aside = set_aside(&self.database).map_err(io(&self.database))?;
        if self.log.exists() {
            set_aside(&self.log).map_err(io(&self.log))?;
        }
        self.put_in_place()?;
        let kept = sound.iter().filter(|(table, _)| *table == Table::Entries).count();
        Ok((kept, aside))
    }

    fn readable(&self) -> Vec<(Table, RawRow)> {
        let Ok(connection) = schema::connect_to_damaged(&self.database) else { return Vec::new() };
        let rows = |table| rows::readable(&connection, table).into_iter().map(move |row| (table, row));
        Table::ALL.into_iter().flat_map(rows).collect()
    }

    fn make_fresh(&self, rows: &[(Table, RawRow)], aside: &[(Table, RawRow)]) -> Result<(), StoreError> {
        let io = |error| StoreError::io(&error, &self.fresh);
        for leftover in [self.fresh.clone(), self.folder.join("outbox.new-journal")] {
            match fs::remove_file(&leftover) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io(error)),
                _ => {}
            }
        }
        private_file(&self.fresh).map_err(io)?;
        schema::create(&self.fresh, rows, aside).map_err(|error| StoreError::sqlite(&error, &self.fresh))
    }

    fn put_in_place(&self) -> Result<(), StoreError> {
        fs::rename(&self.fresh, &self.database)
            .and_then(|()| sync_folder(&self.folder))
            .map_err(|error| StoreError::io(&error, &self.database))
    }
}
