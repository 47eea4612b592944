//! The service's store: the only place that knows SQL.
//!
//! One thread writes, and commits what many requests asked for in one transaction; an answer is given
//! only after its commit. Readers have connections of their own: on a file they never wait for the writer, who leaves
//! them the state before; in memory, where there is no log to read past, readers and the writer take turns.

pub(crate) mod bulk;
pub(crate) mod catalogue;
mod folded;
pub(crate) mod idempotency;
pub(crate) mod orders;
pub(crate) mod people;
pub(crate) mod performance;
mod readers;
pub(crate) mod roster;
pub(crate) mod scans;
mod schema;
pub(crate) mod tallies;
pub(crate) mod tickets;
mod writer;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use rusqlite::Connection;

use super::Clock;
use super::fault::Fault;
pub(crate) use catalogue::{Admission, Catalogue, Event, Section};
use readers::Readers;
use schema::Location;
pub use schema::StoreError;
use writer::Writer;

/// Where the tickets are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// In this file and two beside it (`-wal`, `-shm`); survives a crash and a power cut.
    File(PathBuf),
    /// In memory: gone with the process, however it ends.
    Temporary,
}

/// The open store.
pub(crate) struct Store {
    readers: Arc<Readers>,
    writer: Writer,
    catalogue: Arc<RwLock<Arc<Catalogue>>>,
}

/// What a request reads: one consistent state of the tickets, and the events they are for.
pub(crate) struct View<'a> {
    pub conn: &'a Connection,
    pub catalogue: &'a Catalogue,
}

/// What a request changes; all of it is undone if it fails.
pub(crate) struct Change<'a> {
    pub view: View<'a>,
    /// When the service took the request.
    pub now: Timestamp,
}

impl Store {
    /// Opens the database, brings its schema up to date and starts the writer.
    pub fn open(database: &Database, clock: Clock) -> Result<Self, StoreError> {
        let location = Location::new(database);
        let (conn, lock) = location.open_writer()?;
        let catalogue = Arc::new(RwLock::new(Arc::new(Catalogue::load(&conn)?)));
        let readers = Arc::new(Readers::new(location));
        let writer = Writer::start(conn, lock, Arc::clone(&catalogue), clock)?;
        Ok(Self { readers, writer, catalogue })
    }

    /// The events, tiers and sections as they are now.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads a few rows by key, on the caller's own thread: microseconds, less than another thread would cost.
    pub fn look_up<T>(&self, read: impl FnOnce(&View<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        self.readers.with(&self.catalogue(), read)
    }

    /// Reads what may take milliseconds, on a thread that may block.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&View<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (readers, catalogue) = (Arc::clone(&self.readers), self.catalogue());
        tokio::task::spawn_blocking(move || readers.with(&catalogue, read))
            .await
            .unwrap_or_else(|cause| Err(Fault::internal(&cause)))
    }

    /// Changes something; returns when the change is durable.
    pub async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Change<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.writer.submit(change).await
    }

    /// Changes events, tiers or sections, which every later request then sees.
    pub async fn write_catalogue<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Change<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let outcome = self.write(change).await?;
        let fresh = self.read(|view| Catalogue::load(view.conn).map_err(Fault::from)).await?;
        *self.catalogue.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        Ok(outcome)
    }

    /// Ends the writer when it has done all that was asked.
    pub async fn close(self) {
        self.writer.finish().await;
    }
}
