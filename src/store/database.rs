//! The outbox's file: opened, verified, repaired where it is damaged, and written in whole batches.

mod files;
mod log;
mod schema;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use serde::de::DeserializeOwned;

use self::files::Files;
use super::rows::{self, RawRow, Table};
use super::snapshot;
use super::{Finding, StoreError, Write};
use crate::domain::{AuditRecord, Entry, EntryId, Ticket, TicketId};

/// What stands in the way of a file being used.
enum Fault {
    /// Its content is damaged: it is set aside, and what can be read is carried over.
    Damaged(String),
    /// It is not the content.
    Refused(StoreError),
}

/// The open file. One thread owns it.
#[derive(Debug)]
pub struct Database {
    connection: Connection,
    path: PathBuf,
    entries: HashMap<EntryId, i64>,
    tickets: HashMap<TicketId, i64>,
    last: Last,
    #[cfg(test)]
    pub fail_next: Option<super::owner::tests::Failure>,
}

/// The highest numbers in use.
#[derive(Debug, Clone, Copy, Default)]
struct Last {
    entry: i64,
    ticket: i64,
    audit: i64,
    batch: i64,
}

/// What the file held.
#[derive(Debug, Default)]
pub struct Loaded {
    /// All entries, in the order in which they were taken.
    pub entries: Vec<Entry>,
    /// Tickets that are newer than the snapshot, as far as this console knows.
    pub tickets: Vec<Ticket>,
    /// What was amiss.
    pub findings: Vec<Finding>,
}

impl Database {
    /// Opens the outbox in `folder`, makes it where there is none, and repairs it where it is damaged.
    pub fn open(folder: &Path) -> Result<(Self, Loaded), StoreError> {
        schema::check_version(rusqlite::version_number(), rusqlite::version())?;
        let files = Files::of(folder);
        let mut findings = files.settle_interrupted_repair()?;
        let opened = if files.is_log_damaged() {
            Err(Fault::Damaged("the log is damaged".to_owned()))
        } else {
            Self::try_open(&files.database)
        };
        match opened {
            Ok((database, mut loaded)) => {
                loaded.findings.splice(0..0, findings);
                Ok((database, loaded))
            }
            Err(Fault::Refused(error)) => Err(error),
            Err(Fault::Damaged(why)) => {
                tracing::error!(why, "the outbox is damaged and will be rebuilt from what can be read");
                let (kept, aside) = files.rebuild()?;
                findings.push(Finding::OutboxRebuilt { kept, aside });
                match Self::try_open(&files.database) {
                    Ok((database, mut loaded)) => {
                        loaded.findings.splice(0..0, findings);
                        Ok((database, loaded))
                    }
                    Err(Fault::Refused(error)) => Err(error),
                    Err(Fault::Damaged(detail)) => Err(StoreError::Disk { detail }),
                }
            }
        }
    }

    fn try_open(path: &Path) -> Result<(Self, Loaded), Fault> {
        let fault = |error| fault(&error, path);
        if std::fs::metadata(path).is_ok_and(|file| file.len() == 0) {
            // A file is only ever put in place with its tables in it.
            return Err(Fault::Damaged("the file is empty".to_owned()));
        }
        let connection = schema::connect(path).map_err(fault)?;
        schema::verify(&connection, path)?;
        let mut database = Self {
            connection,
            path: path.to_owned(),
            entries: HashMap::new(),
            tickets: HashMap::new(),
            last: Last::default(),
            #[cfg(test)]
            fail_next: None,
        };
        let loaded = database.load().map_err(fault)?;
        Ok((database, loaded))
    }

    fn load(&mut self) -> rusqlite::Result<Loaded> {
        let mut bad = Vec::new();
        let entries = self.decode(Table::Entries, &mut bad, json::<Entry>)?;
        let tickets = self.decode(Table::Tickets, &mut bad, snapshot::ticket_from_bytes)?;
        // The audit is only verified here: nobody reads a whole evening of it at the start.
        self.decode(Table::Audit, &mut bad, |_| Some(()))?;
        schema::set_aside_rows(&mut self.connection, &bad)?;

        let highest = |table| schema::highest_number(&self.connection, table);
        self.last = Last {
            entry: highest(Table::Entries)?,
            ticket: highest(Table::Tickets)?,
            audit: highest(Table::Audit)?,
            batch: schema::batch(&self.connection)?,
        };
        let known = entries.len() + schema::count_set_aside(&self.connection, Table::Entries)?;
        let missing = usize::try_from(self.last.entry).unwrap_or(usize::MAX).saturating_sub(known);

        let mut findings = Vec::new();
        if !bad.is_empty() {
            findings.push(Finding::RowsSetAside { rows: bad.len() });
        }
        if missing > 0 {
            findings.push(Finding::EntriesMissing { entries: missing });
        }
        self.entries = entries.iter().map(|(number, entry)| (entry.id, *number)).collect();
        self.tickets = tickets.iter().map(|(number, ticket)| (ticket.id.clone(), *number)).collect();
        let entries = entries.into_iter().map(|(_, entry)| entry).collect();
        let tickets = tickets.into_iter().map(|(_, ticket)| ticket).collect();
        Ok(Loaded { entries, tickets, findings })
    }

    fn decode<T>(
        &self,
        table: Table,
        bad: &mut Vec<(Table, RawRow)>,
        read: impl Fn(&[u8]) -> Option<T>,
    ) -> rusqlite::Result<Vec<(i64, T)>> {
        let mut good = Vec::new();
        for row in rows::all(&self.connection, table)? {
            match row.is_sound(table).then(|| read(&row.body)).flatten() {
                Some(value) => good.push((row.number, value)),
                None => bad.push((table, row)),
            }
        }
        Ok(good)
    }

    /// Keeps all of `batch` or nothing; when this returns, it is on the disk.
    pub fn write(&mut self, batch: &[&Write]) -> Result<(), rusqlite::Error> {
        let (mut last, mut fresh) = (self.last, Fresh::default());
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for write in batch {
            for entry in &write.entries {
                let number = number_of(&entry.id, &self.entries, &mut fresh.entries, &mut last.entry);
                rows::put(&transaction, Table::Entries, &RawRow::new(Table::Entries, number, to_json(entry)?))?;
            }
            for ticket in &write.tickets {
                let number = number_of(&ticket.id, &self.tickets, &mut fresh.tickets, &mut last.ticket);
                let body = snapshot::ticket_to_bytes(ticket);
                rows::put(&transaction, Table::Tickets, &RawRow::new(Table::Tickets, number, body))?;
            }
            for record in &write.audit {
                last.audit += 1;
                rows::put(&transaction, Table::Audit, &RawRow::new(Table::Audit, last.audit, to_json(record)?))?;
            }
        }
        last.batch += 1;
        schema::set_batch(&transaction, last.batch)?;
        #[cfg(test)]
        super::owner::tests::fail_if_asked(&mut self.fail_next, super::owner::tests::Failure::BeforeCommit)?;
        transaction.commit()?;
        #[cfg(test)]
        super::owner::tests::fail_if_asked(&mut self.fail_next, super::owner::tests::Failure::AfterCommit)?;
        self.last = last;
        self.entries.extend(fresh.entries);
        self.tickets.extend(fresh.tickets);
        Ok(())
    }

    /// The number of batches ever written; tells after a failed write whether it took.
    pub fn batches(&self) -> i64 {
        self.last.batch
    }

    /// Moves everything into the main file and makes it durable there, whatever state the log was in.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        let busy: i64 = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| row.get(0))
            .map_err(|error| self.error(&error))?;
        if busy == 0 {
            Ok(())
        } else {
            Err(StoreError::Disk { detail: "the log could not be checkpointed".to_owned() })
        }
    }

    /// The last `limit` acts, newest first.
    pub fn audit(&self, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        let rows = rows::last(&self.connection, Table::Audit, limit).map_err(|error| self.error(&error))?;
        Ok(rows.iter().filter(|row| row.is_sound(Table::Audit)).filter_map(|row| json(&row.body)).collect())
    }

    /// The tickets that are kept beside the snapshot.
    pub fn kept_tickets(&self) -> Result<Vec<Ticket>, StoreError> {
        let rows = rows::all(&self.connection, Table::Tickets).map_err(|error| self.error(&error))?;
        Ok(rows.iter().filter_map(|row| snapshot::ticket_from_bytes(&row.body)).collect())
    }

    /// Forgets tickets that a snapshot on disk now holds; those that changed since stay.
    pub fn forget_tickets(&mut self, covered: &[Ticket]) -> Result<(), StoreError> {
        let forgotten =
            schema::forget(&mut self.connection, &self.tickets, covered).map_err(|error| self.error(&error))?;
        for id in forgotten {
            self.tickets.remove(&id);
        }
        Ok(())
    }

    /// What an error of this file means, for people.
    pub fn error(&self, error: &rusqlite::Error) -> StoreError {
        StoreError::sqlite(error, &self.path)
    }

    /// Limits the file to so many pages more: a full disk, as far as SQLite can tell.
    #[cfg(test)]
    pub fn fill_disk(&self, pages_left: i64) {
        let pages: i64 = self.connection.query_row("PRAGMA page_count", (), |row| row.get(0)).unwrap();
        let limit = if pages_left == i64::MAX { 1_000_000 } else { pages + pages_left };
        self.connection.query_row(&format!("PRAGMA max_page_count = {limit}"), (), |_| Ok(())).unwrap();
    }
}

/// Numbers that a batch gave out; they count once it is committed.
#[derive(Default)]
struct Fresh {
    entries: HashMap<EntryId, i64>,
    tickets: HashMap<TicketId, i64>,
}

fn number_of<K: Clone + Eq + std::hash::Hash>(
    key: &K,
    known: &HashMap<K, i64>,
    fresh: &mut HashMap<K, i64>,
    last: &mut i64,
) -> i64 {
    known.get(key).copied().unwrap_or_else(|| {
        *fresh.entry(key.clone()).or_insert_with(|| {
            *last += 1;
            *last
        })
    })
}

fn json<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

fn to_json(value: &impl serde::Serialize) -> rusqlite::Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// Whether an error speaks of the content or of what the file lies on.
fn fault(error: &rusqlite::Error, path: &Path) -> Fault {
    match error.sqlite_error_code() {
        Some(
            ErrorCode::DiskFull
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::OutOfMemory
            | ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::FileLockingProtocolFailed,
        ) => Fault::Refused(StoreError::sqlite(error, path)),
        _ => Fault::Damaged(error.to_string()),
    }
}
