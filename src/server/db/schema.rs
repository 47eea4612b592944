//! Connections and the schema they find.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags};

use super::{Database, folded};
use crate::server::fold::Query;

/// The first SQLite that cannot lose a commit when several connections reset the log.
const OLDEST_SQLITE: i32 = 3_051_003;
/// How long a connection waits for another before it gives up.
const BUSY: Duration = Duration::from_secs(10);
/// Statements kept compiled by connection.
const STATEMENTS: usize = 128;

/// Every step from an empty file to today's schema; a database remembers how many it has taken.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001_initial.sql"),
    include_str!("schema/0002_folded.sql"),
    include_str!("schema/0003_users.sql"),
];

/// Why the store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has it.
    #[error("the database {} is in use by another doorlist", .0.display())]
    InUse(PathBuf),
    /// Made by a later version.
    #[error("the database was made by a newer doorlist (schema {found}, this one knows {known})")]
    Newer {
        /// The schema found.
        found: usize,
        /// The last schema known here.
        known: usize,
    },
    /// The SQLite in this program is too old to be trusted with several connections.
    #[error("SQLite {0} can lose commits; 3.51.3 or later is needed")]
    OldSqlite(&'static str),
    /// The file system refuses.
    #[error("the database cannot be opened: {0}")]
    Io(#[from] std::io::Error),
    /// SQLite refuses.
    #[error("the database cannot be opened: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

/// Where connections lead.
#[derive(Debug, Clone)]
pub(super) enum Location {
    File(PathBuf),
    /// The name of a database in this process's memory.
    Memory(Arc<str>),
}

impl Location {
    pub fn new(database: &Database) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        match database {
            Database::File(path) => Self::File(path.clone()),
            Database::Temporary => {
                Self::Memory(format!("file:/doorlist-{}?vfs=memdb", NEXT.fetch_add(1, Ordering::Relaxed)).into())
            }
        }
    }

    /// The one connection that writes, with the schema up to date, and the lock that keeps it the only one.
    pub fn open_writer(&self) -> Result<(Connection, Option<File>), StoreError> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(StoreError::OldSqlite(rusqlite::version()));
        }
        let lock = match self {
            Self::File(path) => Some(lock(path)?),
            Self::Memory(_) => None,
        };
        if let Self::File(path) = self {
            make_private(path)?;
        }
        let mut conn = self.open()?;
        // Small and often: a log that is copied back in big steps makes some answers wait for it.
        conn.pragma_update(None, "wal_autocheckpoint", 1_000)?;
        conn.pragma_update(None, "cache_size", -16_000)?;
        migrate(&mut conn)?;
        folded::refold(&mut conn)?;
        Ok((conn, lock))
    }

    /// A connection that only reads.
    pub fn open_reader(&self) -> Result<Connection, rusqlite::Error> {
        let conn = self.open()?;
        conn.pragma_update(None, "query_only", true)?;
        conn.pragma_update(None, "cache_size", -4_000)?;
        Ok(conn)
    }

    fn open(&self) -> Result<Connection, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut conn = match self {
            Self::File(path) => Connection::open_with_flags(path, flags)?,
            Self::Memory(name) => Connection::open_with_flags(&**name, flags | OpenFlags::SQLITE_OPEN_URI)?,
        };
        match self {
            Self::File(_) => {
                conn.busy_timeout(BUSY)?;
                conn.pragma_update(None, "journal_mode", "wal")?;
                conn.pragma_update(None, "synchronous", "full")?;
            }
            // Memory has no log: readers and the writer take turns, each for microseconds.
            Self::Memory(_) => {
                conn.busy_handler(Some(take_turns))?;
                conn.pragma_update(None, "journal_mode", "memory")?;
                conn.pragma_update(None, "synchronous", "off")?;
            }
        }
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        // Without this, a kept statement is planned anew for each value that it is given: half the cost of a read.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        folded::register(&conn)?;
        register_search(&conn)?;
        Ok(conn)
    }
}

fn take_turns(attempt: i32) -> bool {
    if attempt < 64 {
        std::thread::yield_now();
    } else {
        std::thread::sleep(Duration::from_micros(200));
    }
    true
}

/// Guests are in it: a new database is its owner's alone, and SQLite gives the files beside it the same rights.
fn make_private(database: &Path) -> std::io::Result<()> {
    File::options().create(true).truncate(false).write(true).mode(0o600).open(database).map(drop)
}

fn lock(database: &Path) -> Result<File, StoreError> {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let file = File::options().create(true).truncate(false).write(true).open(PathBuf::from(name))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::InUse(database.to_owned())),
        Err(std::fs::TryLockError::Error(cause)) => Err(cause.into()),
    }
}

fn migrate(conn: &mut Connection) -> Result<(), StoreError> {
    let taken: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let taken = taken as usize;
    if taken > MIGRATIONS.len() {
        return Err(StoreError::Newer { found: taken, known: MIGRATIONS.len() });
    }
    // A step may replace a table that others refer to; which they may not while the references are watched.
    conn.pragma_update(None, "foreign_keys", false)?;
    for (step, sql) in (1_u32..).zip(MIGRATIONS).skip(taken) {
        let change = conn.transaction()?;
        change.execute_batch(sql)?;
        change.pragma_update(None, "user_version", step)?;
        change.commit()?;
    }
    conn.pragma_update(None, "foreign_keys", true)?;
    Ok(())
}

/// `found(haystack, query)`: whether every word of the query is in the haystack.
fn register_search(conn: &Connection) -> Result<(), rusqlite::Error> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    conn.create_scalar_function("found", 2, flags, |context| {
        let query = context.get_or_create_aux(1, |text| text.as_str().map(Query::new))?;
        Ok(query.matches(context.get_raw(0).as_bytes()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(folder: &tempfile::TempDir) -> Location {
        Location::File(folder.path().join("tickets.db"))
    }

    fn schema(conn: &Connection) -> usize {
        conn.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0)).unwrap() as usize
    }

    #[test]
    fn a_fresh_database_takes_every_step_once() {
        let folder = tempfile::tempdir().unwrap();
        let (conn, lock) = location(&folder).open_writer().unwrap();
        assert_eq!(schema(&conn), MIGRATIONS.len());
        conn.execute("INSERT INTO tenants (id) VALUES ('tnt_1')", []).unwrap();
        drop((conn, lock));
        let (conn, _lock) = location(&folder).open_writer().unwrap();
        assert_eq!(schema(&conn), MIGRATIONS.len());
        assert_eq!(conn.query_row("SELECT count(*) FROM tenants", [], |row| row.get(0)), Ok(1));
    }

    #[test]
    fn a_database_of_the_first_schema_is_brought_up_to_date_with_its_tickets() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tickets.db");
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch(MIGRATIONS[0]).unwrap();
        conn.pragma_update(None, "user_version", 1).unwrap();
        conn.pragma_update(None, "foreign_keys", false).unwrap();
        conn.execute_batch(
            "INSERT INTO tickets (tenant, id, event, \"order\", admission, status, first_name, last_name, email, \
             created_at, updated_at, sort_key, haystack) \
             VALUES (1, 'tkt_1', 1, 1, 1, 0, 'Zoë', 'Ng', 'zoe@example.com', 0, 0, 'Zoë', 'Zoë')",
        )
        .unwrap();
        conn.execute_batch(
            "INSERT INTO users VALUES (7, 1, 'usr_1', 'Kim', 'Okafor', 'kim@example.com', 0, 0); \
             INSERT INTO scans (id, ticket, event, kind, scanned_at, user, device) VALUES ('scn_1', 1, 1, 0, 0, 7, 'north')",
        )
        .unwrap();
        drop(conn);
        let (conn, _lock) = location(&folder).open_writer().unwrap();
        assert_eq!(schema(&conn), MIGRATIONS.len());
        let by = "SELECT u.first_name FROM scans s JOIN users u ON u.key = s.user";
        assert_eq!(conn.query_row(by, [], |row| row.get::<_, String>(0)), Ok("Kim".to_owned()));
        let stray =
            "INSERT INTO scans (id, ticket, event, kind, scanned_at, user, device) VALUES ('scn_2', 1, 1, 0, 0, 8, '')";
        assert!(conn.execute(stray, []).is_err(), "scans refer to the new table");
        let key: String = conn.query_row("SELECT sort_key FROM tickets", [], |row| row.get(0)).unwrap();
        assert_eq!(key, "zoe\u{1}ng");
    }

    #[test]
    fn a_step_that_fails_leaves_nothing_behind() {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE scans (key INTEGER)").unwrap();
        assert!(matches!(migrate(&mut conn), Err(StoreError::Sqlite(_))));
        assert_eq!(schema(&conn), 0);
        assert!(conn.prepare("SELECT * FROM tenants").is_err(), "the step's first table was taken back");
    }

    #[test]
    fn a_newer_database_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (conn, lock) = location(&folder).open_writer().unwrap();
        conn.pragma_update(None, "user_version", 1_000).unwrap();
        drop((conn, lock));
        let refused = location(&folder).open_writer();
        assert!(
            matches!(refused, Err(StoreError::Newer { found, known }) if (found, known) == (1_000, MIGRATIONS.len()))
        );
    }

    #[test]
    fn a_database_has_one_writer() {
        let folder = tempfile::tempdir().unwrap();
        let _first = location(&folder).open_writer().unwrap();
        assert!(matches!(location(&folder).open_writer(), Err(StoreError::InUse(_))));
    }

    #[test]
    fn a_commit_to_a_file_survives_a_power_cut() {
        let folder = tempfile::tempdir().unwrap();
        let (conn, _lock) = location(&folder).open_writer().unwrap();
        let text = |pragma| conn.pragma_query_value(None, pragma, |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(text("journal_mode"), "wal");
        // 2 is FULL: the log is flushed to the disk before a commit returns.
        assert_eq!(conn.pragma_query_value(None, "synchronous", |row| row.get::<_, i64>(0)), Ok(2));
        assert_eq!(conn.pragma_query_value(None, "foreign_keys", |row| row.get::<_, i64>(0)), Ok(1));
    }
}
