//! The files of the outbox: put in place whole, replaced whole, set aside and never deleted.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::super::folder::{private_file, set_aside, sync_folder};
use super::super::rows::{self, RawRow, Table};
use super::super::{Finding, StoreError};
use super::{log, schema};

/// Where the outbox's files are.
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    /// The database.
    pub database: PathBuf,
    log: PathBuf,
    /// A database under construction.
    fresh: PathBuf,
    /// A copy of a damaged one, to read it without touching it.
    copy: PathBuf,
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
            copy: file("outbox.copy"),
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
        for (table, row) in self.readable().map_err(|error| StoreError::io(&error, &self.copy))? {
            if row.is_sound(table) { sound.push((table, row)) } else { bad.push((table, row)) }
        }
        // Several copies of a number are possible: the first that is sound counts.
        let mut seen = HashSet::new();
        sound.retain(|(table, row)| seen.insert((table.name(), row.number)));
        bad.retain(|(table, row)| seen.insert((table.name(), row.number)));
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

    /// Whether SQLite would stop reading the log before its last commit.
    pub fn is_log_damaged(&self) -> bool {
        fs::read(&self.log).is_ok_and(|log| log::mended(&log).is_some())
    }

    /// Rows of the newest state that can be read, and then what an older one has besides.
    fn readable(&self) -> io::Result<Vec<(Table, RawRow)>> {
        let as_it_is = if self.log.exists() { fs::read(&self.log)? } else { Vec::new() };
        let mut rows = match log::mended(&as_it_is) {
            Some(mended) => self.rows_with(&mended)?,
            None => Vec::new(),
        };
        rows.append(&mut self.rows_with(&as_it_is)?);
        Ok(rows)
    }

    /// What can be read of a copy of the database, with this log.
    ///
    /// Of a copy, because whoever closes a database moves its log into it and deletes the log.
    fn rows_with(&self, log: &[u8]) -> io::Result<Vec<(Table, RawRow)>> {
        let copy_log = self.folder.join("outbox.copy-wal");
        private_file(&copy_log)?;
        fs::write(&copy_log, log)?;
        private_file(&self.copy)?;
        fs::copy(&self.database, &self.copy)?;
        let rows = match schema::connect_to_damaged(&self.copy) {
            Ok(connection) => {
                let rows = |table| rows::readable(&connection, table).into_iter().map(move |row| (table, row));
                Table::ALL.into_iter().flat_map(rows).collect()
            }
            Err(_) => Vec::new(),
        };
        for leftover in [&self.copy, &copy_log] {
            if leftover.exists() {
                fs::remove_file(leftover)?;
            }
        }
        Ok(rows)
    }

    fn make_fresh(&self, rows: &[(Table, RawRow)], aside: &[(Table, RawRow)]) -> Result<(), StoreError> {
        let io = |error| StoreError::io(&error, &self.fresh);
        for leftover in [self.fresh.clone(), self.folder.join("outbox.new-journal")] {
            match fs::remove_file(&leftover) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io(error)),
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
