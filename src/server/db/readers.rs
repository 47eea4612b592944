//! Connections that only read.

use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

use super::schema::Location;
use super::{Catalogue, View};
use crate::server::fault::Fault;

/// Most idle connections that are kept.
const KEPT: usize = 8;

/// A pool that grows with the number of simultaneous readers.
pub(super) struct Readers {
    location: Location,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub fn new(location: Location) -> Self {
        Self { location, idle: Mutex::new(Vec::new()) }
    }

    /// Reads one consistent state.
    pub fn with<T>(&self, catalogue: &Catalogue, read: impl FnOnce(&View<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        let conn = self.take()?;
        // Kept statements, unlike those of a `Transaction`; one that cannot be ended leaves with its connection.
        conn.prepare_cached("BEGIN")?.execute([])?;
        let outcome = read(&View { conn: &conn, catalogue });
        conn.prepare_cached("COMMIT")?.execute([])?;
        self.give_back(conn);
        outcome
    }

    fn take(&self) -> Result<Connection, rusqlite::Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.location.open_reader(), Ok)
    }

    fn give_back(&self, conn: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(conn);
        }
    }
}
