//! Opening the store of an event, and what the console is told of it.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use super::Kept;
use crate::domain::{DeviceId, Event, EventId, TenantId};
use crate::store::{Opened, Place, Store, StoreError, StoreGuard};

/// Where the stores of a console's events are: one folder a tenant, event and device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// The state folder.
    pub state_dir: PathBuf,
    /// The tenant.
    pub tenant: TenantId,
    /// This console.
    pub device: DeviceId,
}

impl Shelf {
    /// Opens the store of `event`, locks it, verifies and loads it. Blocks.
    pub fn open(&self, event: EventId) -> Result<OpenStore, StoreError> {
        open(&self.state_dir, Place { tenant: self.tenant.clone(), event, device: self.device.clone() })
    }
}

fn open(state_dir: &Path, place: Place) -> Result<OpenStore, StoreError> {
    let (store, guard, opened) = Store::open(state_dir, place)?;
    Ok(OpenStore { store, guard, kept: Box::new(kept(opened)) })
}

/// A store that is open, and what was in it.
#[derive(Debug)]
pub struct OpenStore {
    pub(super) store: Store,
    pub(super) guard: StoreGuard,
    pub(super) kept: Box<Kept>,
}

fn kept(opened: Opened) -> Kept {
    let Opened { entries, snapshot, mut tickets, findings } = opened;
    let (taken_at, event) = match snapshot {
        Some(mut snapshot) => {
            // Those that were learnt since come last: newer ones win, and as new ones too.
            snapshot.tickets.append(&mut tickets);
            tickets = snapshot.tickets;
            (Some(snapshot.taken_at), Some(snapshot.event))
        }
        None => (None, None),
    };
    let event = event.map(|event| {
        let zone = zone_of(&event);
        (event, zone)
    });
    Kept { entries, event, taken_at, tickets, findings }
}

/// The venue's time zone; UTC where nobody knows it.
pub(super) fn zone_of(event: &Event) -> TimeZone {
    TimeZone::get(&event.summary.time_zone).unwrap_or(TimeZone::UTC)
}
