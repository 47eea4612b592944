//! What the scans of an event add up to.

use jiff::Timestamp;
use rusqlite::params;

use super::View;
use super::tickets::{count, instant};
use crate::server::fault::Fault;

/// Passages of one step of time through one tier and section.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub start: Timestamp,
    pub admission: i64,
    pub section: Option<i64>,
    pub check_ins: u64,
    /// Check-ins of guests who stayed, or left by the door.
    pub entries: u64,
    /// Check-outs that end such a stay.
    pub leaves: u64,
}

/// Passages of tickets that are still valid, by steps of so many milliseconds, oldest first.
///
/// A stay that a cancellation ended has no scan of its end, and nobody knows when the guest went: it is left out, as
/// are all passages of a ticket that is cancelled. It shows by a second check-in after it, or by a ticket that is not in.
pub(crate) fn steps(view: &View<'_>, event: i64, milliseconds: i64) -> Result<Vec<Step>, Fault> {
    let mut rows = view.conn.prepare_cached(
        "WITH passages AS (SELECT s.scanned_at, s.kind, t.admission, t.section, t.status, \
         lag(s.kind) OVER guest AS before, lead(s.kind) OVER guest AS after \
         FROM scans s JOIN tickets t ON t.key = s.ticket WHERE s.event = ?1 AND t.status <> 2 \
         WINDOW guest AS (PARTITION BY s.ticket ORDER BY s.key)) \
         SELECT scanned_at / ?2 * ?2 AS start, admission, section, sum(kind = 0), \
         sum(kind = 0 AND coalesce(after = 1, status = 1)), sum(kind = 1 AND coalesce(before = 0, 0)) \
         FROM passages GROUP BY start, admission, section ORDER BY start",
    )?;
    let steps = rows.query_map(params![event, milliseconds], |row| {
        Ok(Step {
            start: instant(row.get(0)?),
            admission: row.get(1)?,
            section: row.get(2)?,
            check_ins: count(row, 3)?,
            entries: count(row, 4)?,
            leaves: count(row, 5)?,
        })
    })?;
    Ok(steps.collect::<Result<_, _>>()?)
}

/// Tickets of one tier and section that nobody has come with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Absent {
    pub admission: i64,
    pub section: Option<i64>,
    pub tickets: u64,
}

/// The event's valid tickets without a check-in: who came and left is no no-show.
pub(crate) fn absent(view: &View<'_>, event: i64) -> Result<Vec<Absent>, Fault> {
    let mut rows = view.conn.prepare_cached(
        "SELECT t.admission, t.section, count(*) FROM tickets t WHERE t.event = ? AND t.status = 0 \
         AND NOT EXISTS (SELECT 1 FROM scans s WHERE s.ticket = t.key AND s.kind = 0) \
         GROUP BY t.admission, t.section",
    )?;
    let absent = rows.query_map([event], |row| {
        Ok(Absent { admission: row.get(0)?, section: row.get(1)?, tickets: count(row, 2)? })
    })?;
    Ok(absent.collect::<Result<_, _>>()?)
}

/// Check-ins by steps of so many milliseconds, oldest first.
pub(crate) fn arrivals(view: &View<'_>, event: i64, milliseconds: i64) -> Result<Vec<(Timestamp, u64)>, Fault> {
    let mut rows = view.conn.prepare_cached(
        "SELECT scanned_at / ?2 * ?2 AS start, count(*) FROM scans WHERE event = ?1 AND kind = 0 \
         GROUP BY start ORDER BY start",
    )?;
    let steps = rows.query_map(params![event, milliseconds], |row| Ok((instant(row.get(0)?), count(row, 1)?)))?;
    Ok(steps.collect::<Result<_, _>>()?)
}

/// What one user let in on one device, called as they were with the last of these scans.
#[derive(Debug)]
pub(crate) struct Work {
    pub user: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub device: String,
    pub check_ins: u64,
    pub first: Timestamp,
    pub last: Timestamp,
}

/// Who let in how many on what, the busiest device first.
pub(crate) fn work(view: &View<'_>, event: i64) -> Result<Vec<Work>, Fault> {
    let mut rows = view.conn.prepare_cached(
        "WITH work AS (SELECT u.id, s.device, count(*) AS check_ins, min(s.scanned_at) AS first, \
         max(s.scanned_at) AS last, max(s.key) AS latest FROM scans s JOIN users u ON u.key = s.user \
         WHERE s.event = ? AND s.kind = 0 GROUP BY u.id, s.device) \
         SELECT w.id, u.first_name, u.last_name, u.email, w.device, w.check_ins, w.first, w.last \
         FROM work w JOIN scans s ON s.key = w.latest JOIN users u ON u.key = s.user \
         ORDER BY w.check_ins DESC, w.device",
    )?;
    let work = rows.query_map([event], |row| {
        Ok(Work {
            user: row.get(0)?,
            first_name: row.get(1)?,
            last_name: row.get(2)?,
            email: row.get(3)?,
            device: row.get(4)?,
            check_ins: count(row, 5)?,
            first: instant(row.get(6)?),
            last: instant(row.get(7)?),
        })
    })?;
    Ok(work.collect::<Result<_, _>>()?)
}
