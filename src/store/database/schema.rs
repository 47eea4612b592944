//! The tables, the settings of the connection, and the statements that are not about single rows.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, params};

use super::super::StoreError;
use super::super::rows::{self, RawRow, Table};
use super::super::snapshot;
use super::Fault;
use crate::domain::{Ticket, TicketId};

/// The first SQLite whose log cannot lose a commit when it is reset.
const SAFE_SQLITE: i32 = 3_051_003;
/// The format of the file; a later one is refused, an earlier one would be brought up.
const FORMAT: i64 = 1;

const TABLES: &str = "
    CREATE TABLE entries   (number INTEGER PRIMARY KEY, body BLOB NOT NULL, checksum BLOB NOT NULL) STRICT;
    CREATE TABLE tickets   (number INTEGER PRIMARY KEY, body BLOB NOT NULL, checksum BLOB NOT NULL) STRICT;
    CREATE TABLE audit     (number INTEGER PRIMARY KEY, body BLOB NOT NULL, checksum BLOB NOT NULL) STRICT;
    CREATE TABLE set_aside (origin TEXT NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL, checksum BLOB NOT NULL)
                           STRICT;
    CREATE TABLE batches   (only INTEGER PRIMARY KEY CHECK (only = 1), count INTEGER NOT NULL) STRICT;
    INSERT INTO batches VALUES (1, 0);
    CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
    CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit WHEN old.number NOT IN
        (SELECT number FROM set_aside WHERE origin = 'audit')
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
";

/// Refuses an SQLite that can lose commits.
pub fn check_version(number: i32, name: &str) -> Result<(), StoreError> {
    if number >= SAFE_SQLITE { Ok(()) } else { Err(StoreError::OldSqlite { found: name.to_owned() }) }
}

/// Opens a file that is there, for one owner, durable at every commit.
pub fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = bare(path)?;
    // Exclusive before WAL: the log's index is then kept in memory, and no third file is needed.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", (), |row| row.get(0))?;
    if mode != "wal" {
        return Err(rusqlite::Error::InvalidParameterName(format!("journal mode {mode} in place of wal")));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// Opens a damaged file to read what can be read.
pub fn connect_to_damaged(path: &Path) -> rusqlite::Result<Connection> {
    let connection = bare(path)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    // Without it SQLite reads nothing at all of a file that is shorter than its header says.
    connection.pragma_update(None, "writable_schema", "ON")?;
    Ok(connection)
}

fn bare(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

/// Makes the tables in an empty file, with `rows` and `aside` in them, in one transaction.
pub fn create(path: &Path, rows: &[(Table, RawRow)], aside: &[(Table, RawRow)]) -> rusqlite::Result<()> {
    let mut connection = bare(path)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(TABLES)?;
    for (table, row) in rows {
        rows::put(&transaction, *table, row)?;
    }
    for (table, row) in aside {
        keep_aside(&transaction, *table, row)?;
    }
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error)
}

/// Whether [`create`] came to its end on this file.
pub fn is_complete(path: &Path) -> bool {
    bare(path)
        .and_then(|connection| connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)))
        .is_ok_and(|format| format == FORMAT)
}

/// Checks the format and the structure of the file.
pub fn verify(connection: &Connection, path: &Path) -> Result<(), Fault> {
    let fault = |error| super::fault(&error, path);
    let format: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(fault)?;
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", (), |row| row.get(0)).map_err(fault)?;
    match (verdict.as_str(), format) {
        ("ok", FORMAT) => Ok(()),
        ("ok", found) if found > FORMAT && found < 1_000 => {
            Err(Fault::Refused(StoreError::LaterFormat { path: path.display().to_string(), found }))
        }
        ("ok", found) => Err(Fault::Damaged(format!("format {found}"))),
        (verdict, _) => Err(Fault::Damaged(verdict.to_owned())),
    }
}

/// Moves rows out of the way that say something else than what was written.
pub fn set_aside_rows(connection: &mut Connection, bad: &[(Table, RawRow)]) -> rusqlite::Result<()> {
    if bad.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for (table, row) in bad {
        keep_aside(&transaction, *table, row)?;
        transaction.execute(&format!("DELETE FROM {} WHERE number = ?1", table.name()), [row.number])?;
    }
    transaction.commit()
}

fn keep_aside(connection: &Connection, table: Table, row: &RawRow) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO set_aside (origin, number, body, checksum) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![table.name(), row.number, row.body, row.checksum])?;
    Ok(())
}

/// The highest number that a table has used, set aside or not.
pub fn highest_number(connection: &Connection, table: Table) -> rusqlite::Result<i64> {
    let sql = format!(
        "SELECT max(ifnull((SELECT max(number) FROM {table}), 0),
                    ifnull((SELECT max(number) FROM set_aside WHERE origin = '{table}'), 0))",
        table = table.name()
    );
    connection.query_row(&sql, (), |row| row.get(0))
}

/// How many rows of a table were ever set aside.
pub fn count_set_aside(connection: &Connection, table: Table) -> rusqlite::Result<usize> {
    let sql = "SELECT count(DISTINCT number) FROM set_aside WHERE origin = ?1";
    let count: i64 = connection.query_row(sql, [table.name()], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// How many batches were written.
pub fn batch(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT count FROM batches WHERE only = 1", (), |row| row.get(0))
}

/// Counts a batch, in the transaction that writes it.
pub fn set_batch(connection: &Connection, count: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE batches SET count = ?1 WHERE only = 1")?.execute([count])?;
    Ok(())
}

/// Deletes tickets whose kept state is exactly the covered one; returns which.
pub fn forget(
    connection: &mut Connection,
    numbers: &HashMap<TicketId, i64>,
    covered: &[Ticket],
) -> rusqlite::Result<Vec<TicketId>> {
    let transaction = connection.transaction()?;
    let mut forgotten = Vec::new();
    for ticket in covered {
        let Some(number) = numbers.get(&ticket.id) else { continue };
        let gone = transaction
            .prepare_cached("DELETE FROM tickets WHERE number = ?1 AND body = ?2")?
            .execute(params![number, snapshot::ticket_to_bytes(ticket)])?;
        if gone > 0 {
            forgotten.push(ticket.id.clone());
        }
    }
    transaction.commit()?;
    Ok(forgotten)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sqlite_that_can_lose_a_commit_is_refused() {
        assert_eq!(check_version(3_051_002, "3.51.2"), Err(StoreError::OldSqlite { found: "3.51.2".to_owned() }));
        assert_eq!(check_version(3_051_003, "3.51.3"), Ok(()));
        assert_eq!(check_version(rusqlite::version_number(), rusqlite::version()), Ok(()));
    }
}
