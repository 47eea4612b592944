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
    pub check_outs: u64,
}

/// Passages of tickets that are still valid, by steps of so many milliseconds, oldest first.
pub(crate) fn steps(view: &View<'_>, event: i64, milliseconds: i64) -> Result<Vec<Step>, Fault> {
    let mut rows = view.conn.prepare_cached(
        "SELECT s.scanned_at / ?2 * ?2 AS start, t.admission, t.section, sum(s.kind = 0), sum(s.kind = 1) \
         FROM scans s JOIN tickets t ON t.key = s.ticket WHERE s.event = ?1 AND t.status <> 2 \
         GROUP BY start, t.admission, t.section ORDER BY start",
    )?;
    let steps = rows.query_map(params![event, milliseconds], |row| {
        Ok(Step {
            start: instant(row.get(0)?),
            admission: row.get(1)?,
            section: row.get(2)?,
            check_ins: count(row, 3)?,
            check_outs: count(row, 4)?,
        })
    })?;
    Ok(steps.collect::<Result<_, _>>()?)
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

/// What one user let in on one device.
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
        "SELECT u.id, u.first_name, u.last_name, u.email, s.device, count(*) AS check_ins, min(s.scanned_at), \
         max(s.scanned_at) FROM scans s JOIN users u ON u.key = s.user WHERE s.event = ? AND s.kind = 0 \
         GROUP BY s.user, s.device ORDER BY check_ins DESC, s.device",
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
