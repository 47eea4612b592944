//! Opening the store of an event, and what the console is told of it.

use std::path::PathBuf;

use jiff::tz::TimeZone;

use super::Kept;
use super::drain::doubt;
use crate::domain::{DeviceId, Event, EventId, TenantId};
use crate::store::{Opened, Opening, Part, Place, Store, StoreError, StoreGuard};

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
    /// Whether anything was kept of `event`.
    #[must_use]
    pub fn holds(&self, event: &EventId) -> bool {
        self.place(event.clone()).folder(&self.state_dir).is_dir()
    }

    /// Locks the store of `event`, verifies and loads its entries, and begins to read its list. Blocks.
    pub fn begin(&self, event: EventId) -> Result<Opening, StoreError> {
        Opening::begin(&self.state_dir, self.place(event))
    }

    /// The same, and waits until the list is read.
    pub(super) fn open(&self, event: EventId) -> Result<OpenStore, StoreError> {
        OpenStore::finish(self.begin(event)?)
    }

    fn place(&self, event: EventId) -> Place {
        Place { tenant: self.tenant.clone(), event, device: self.device.clone() }
    }
}

/// A store that is open, and what was in it.
#[derive(Debug)]
pub(super) struct OpenStore {
    pub store: Store,
    pub guard: StoreGuard,
    pub kept: Box<Kept>,
    /// A list that had come in part, for the load that goes on.
    pub part: Option<Part>,
}

impl OpenStore {
    /// Waits until the list is read. Blocks.
    pub fn finish(opening: Opening) -> Result<Self, StoreError> {
        let (store, guard, opened) = opening.finish()?;
        let part = opened.part.clone();
        Ok(Self { store, guard, kept: Box::new(kept(opened)), part })
    }
}

fn kept(opened: Opened) -> Kept {
    let Opened { mut entries, snapshot, part, mut tickets, findings } = opened;
    // The console is told what the drain makes of them: a scan that was on its way is in doubt, not under way.
    entries.iter_mut().for_each(doubt);
    let is_whole = snapshot.is_some();
    let (taken_at, event) = match snapshot.or_else(|| part.map(|part| part.list)) {
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
    Kept { entries, acts: Vec::new(), event, taken_at, is_whole, tickets, findings }
}

/// The venue's time zone; UTC where nobody knows it.
pub(super) fn zone_of(event: &Event) -> TimeZone {
    TimeZone::get(&event.summary.time_zone).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Entry, EntryState};

    #[test]
    fn a_scan_that_was_on_its_way_is_told_as_in_doubt() {
        let entry: Entry = serde_json::from_value(json!({
            "id": "019ac000-0000-7000-8000-000000000001", "kind": "CHECK_IN", "ticket": "tkt_1", "event": "evt_1",
            "device": "north", "operator": {}, "gate": {}, "takenAt": "2026-05-01T20:00:00Z", "promised": false,
            "attempts": {"count": 1, "first": "2026-05-01T20:00:00Z", "last": "2026-05-01T20:00:00Z", "users": [],
                         "unsettled": false},
            "state": {"is": "sending"},
        }))
        .unwrap();
        let opened =
            Opened { entries: vec![entry], snapshot: None, part: None, tickets: Vec::new(), findings: Vec::new() };
        let told = &kept(opened).entries[0];
        assert_eq!((&told.state, told.is_unsettled()), (&EntryState::Unknown, true));
    }
}
