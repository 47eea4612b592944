//! Scans: what went through the door.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::tickets::{Stored, instant};
use super::{Change, View};
use crate::domain::{DeviceId, ScanId, ScanKind, UserId};
use crate::server::fault::Fault;
use crate::wire;

/// The number that a kind is kept as.
pub(crate) const fn kind_number(kind: ScanKind) -> i64 {
    match kind {
        ScanKind::CheckIn => 0,
        ScanKind::CheckOut => 1,
    }
}

fn kind(number: i64) -> ScanKind {
    if number == 0 { ScanKind::CheckIn } else { ScanKind::CheckOut }
}

/// Every scan of a ticket, oldest first.
pub(crate) fn of_ticket(view: &View<'_>, ticket: i64) -> Result<Vec<wire::Scan>, Fault> {
    let mut rows = view.conn.prepare_cached(
        "SELECT s.id, s.kind, s.scanned_at, s.device, u.id, u.first_name, u.last_name, u.email \
         FROM scans s JOIN users u ON u.key = s.user WHERE s.ticket = ? ORDER BY s.key",
    )?;
    let scans = rows.query_map([ticket], |row| {
        let user: String = row.get(4)?;
        Ok(wire::Scan {
            id: ScanId::from_service(row.get_ref(0)?.as_str()?),
            scanned_at: instant(row.get(2)?),
            scanned_by_id: UserId::from_service(user.as_str()),
            scanned_by: wire::ScannedBy {
                id: user,
                first_name: row.get(5)?,
                last_name: row.get(6)?,
                email: row.get(7)?,
            },
            device_id: DeviceId::from_service(row.get_ref(3)?.as_str()?),
            kind: kind(row.get(1)?),
        })
    })?;
    Ok(scans.collect::<Result<_, _>>()?)
}

/// A scan to be recorded.
#[derive(Debug)]
pub(crate) struct New<'a> {
    pub id: &'a str,
    pub kind: ScanKind,
    pub at: Timestamp,
    /// The user's key.
    pub user: i64,
    pub device: &'a str,
}

/// When the ticket was last scanned.
pub(crate) fn last_at(view: &View<'_>, ticket: i64) -> Result<Option<Timestamp>, Fault> {
    let mut rows =
        view.conn.prepare_cached("SELECT scanned_at FROM scans WHERE ticket = ? ORDER BY key DESC LIMIT 1")?;
    Ok(rows.query_row([ticket], |row| row.get(0).map(instant)).optional()?)
}

/// Records a scan of the ticket.
pub(crate) fn insert(change: &Change<'_>, ticket: &Stored, scan: &New<'_>) -> Result<(), Fault> {
    insert_for(change, ticket.key, ticket.event, scan)
}

/// Records a scan of the ticket of this key.
pub(crate) fn insert_for(change: &Change<'_>, ticket: i64, event: i64, scan: &New<'_>) -> Result<(), Fault> {
    change
        .view
        .conn
        .prepare_cached(
            "INSERT INTO scans (id, ticket, event, kind, scanned_at, user, device) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )?
        .insert(params![
            scan.id,
            ticket,
            event,
            kind_number(scan.kind),
            scan.at.as_millisecond(),
            scan.user,
            scan.device
        ])?;
    Ok(())
}
