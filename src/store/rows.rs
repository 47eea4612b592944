//! Rows of a number, a body and a checksum: the one shape that all tables of the outbox have.

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, Row, ToSql, params};

use super::checksum;

/// The tables whose rows have that shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// Scans of this console.
    Entries,
    /// Tickets as the service last told them, where that was after the snapshot.
    Tickets,
    /// What this console did.
    Audit,
}

impl Table {
    /// Every one of them.
    pub const ALL: [Self; 3] = [Self::Entries, Self::Tickets, Self::Audit];

    /// Its name in SQL.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entries => "entries",
            Self::Tickets => "tickets",
            Self::Audit => "audit",
        }
    }
}

/// A row as it was read, whatever it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRow {
    /// Its number, counted from one, never used twice.
    pub number: i64,
    /// What it says.
    pub body: Vec<u8>,
    /// What was written beside the body.
    pub checksum: Vec<u8>,
}

impl RawRow {
    /// A row as it is written.
    pub fn new(table: Table, number: i64, body: Vec<u8>) -> Self {
        let checksum = checksum::of_row(table.name(), number, &body).to_vec();
        Self { number, body, checksum }
    }

    /// Whether body and number are those that were written.
    pub fn is_sound(&self, table: Table) -> bool {
        self.checksum == checksum::of_row(table.name(), self.number, &self.body)
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        // A damaged row may have any type in any column: what is no number, text or blob is read as nothing.
        let bytes = |column| row.get_ref(column).map(|value| value.as_bytes().map(<[u8]>::to_vec).unwrap_or_default());
        Ok(Self { number: row.get(0)?, body: bytes(1)?, checksum: bytes(2)? })
    }
}

/// Writes a row, in the place of the one with its number if there is one.
pub fn put(connection: &Connection, table: Table, row: &RawRow) -> rusqlite::Result<()> {
    let sql = match table {
        Table::Entries => "INSERT OR REPLACE INTO entries (number, body, checksum) VALUES (?1, ?2, ?3)",
        Table::Tickets => "INSERT OR REPLACE INTO tickets (number, body, checksum) VALUES (?1, ?2, ?3)",
        Table::Audit => "INSERT INTO audit (number, body, checksum) VALUES (?1, ?2, ?3)",
    };
    connection.prepare_cached(sql)?.execute(params![row.number, Blob(&row.body), Blob(&row.checksum)])?;
    Ok(())
}

/// Reads every row in order.
pub fn all(connection: &Connection, table: Table) -> rusqlite::Result<Vec<RawRow>> {
    let sql = format!("SELECT number, body, checksum FROM {} ORDER BY number", table.name());
    connection.prepare(&sql)?.query_map((), RawRow::read)?.collect()
}

/// Reads the last `limit` rows, newest first.
pub fn last(connection: &Connection, table: Table, limit: usize) -> rusqlite::Result<Vec<RawRow>> {
    let sql = format!("SELECT number, body, checksum FROM {} ORDER BY number DESC LIMIT ?1", table.name());
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection.prepare_cached(&sql)?.query_map([limit], RawRow::read)?.collect()
}

/// Reads what can be read of a damaged table: from the front, from the back, and one by one between.
pub fn readable(connection: &Connection, table: Table) -> Vec<RawRow> {
    let (mut rows, is_whole) = walk(connection, table, "ASC");
    if is_whole {
        return rows;
    }
    let front = rows.last().map_or(0, |row| row.number);
    let (mut back, _) = walk(connection, table, "DESC");
    back.retain(|row| row.number > front);
    back.reverse();
    let until = back.first().map_or(front.saturating_add(BLIND_PROBES), |row| row.number);
    let sql = format!("SELECT number, body, checksum FROM {} WHERE number = ?1", table.name());
    // In one transaction: else every question would look at the file and lock it anew.
    let _asking = connection.unchecked_transaction();
    // A table that cannot even be asked has no rows between.
    if let Ok(mut one) = connection.prepare(&sql) {
        let between = front.saturating_add(1)..until;
        rows.extend(between.filter_map(|number| one.query_row([number], RawRow::read).ok()));
    }
    rows.append(&mut back);
    rows
}

/// How far past the last readable row others are looked for, where the end of the table cannot be read.
const BLIND_PROBES: i64 = 20_000;

/// Reads in one direction as far as it goes, and tells whether that was to the end.
fn walk(connection: &Connection, table: Table, direction: &str) -> (Vec<RawRow>, bool) {
    let sql = format!("SELECT number, body, checksum FROM {} ORDER BY number {direction}", table.name());
    let Ok(mut statement) = connection.prepare(&sql) else { return (Vec::new(), false) };
    let Ok(rows) = statement.query_map((), RawRow::read) else { return (Vec::new(), false) };
    let mut is_whole = true;
    let rows = rows.map_while(|row| row.inspect_err(|_| is_whole = false).ok()).collect();
    (rows, is_whole)
}

/// Bytes bound without a copy.
struct Blob<'a>(&'a [u8]);

impl ToSql for Blob<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0))
    }
}
