//! How many tickets there are of each tier, section and status; kept by the schema's triggers.

use super::tickets::status_number;
use super::{Change, View};
use crate::domain::TicketStatus;
use crate::server::fault::Fault;

/// The counts of one event.
#[derive(Debug, Default)]
pub(crate) struct Tally(Vec<Count>);

#[derive(Debug)]
struct Count {
    admission: i64,
    section: Option<i64>,
    status: i64,
    tickets: i64,
}

/// The event's counts now.
pub(crate) fn of_event(view: &View<'_>, event: i64) -> Result<Tally, Fault> {
    let mut rows = view
        .conn
        .prepare_cached("SELECT admission, nullif(section, 0), status, tickets FROM tallies WHERE event = ?")?;
    let counts = rows.query_map([event], |row| {
        Ok(Count { admission: row.get(0)?, section: row.get(1)?, status: row.get(2)?, tickets: row.get(3)? })
    })?;
    Ok(Tally(counts.collect::<Result<_, _>>()?))
}

/// Counts every ticket, where many were written that the triggers have not seen.
pub(super) fn count_anew(change: &Change<'_>) -> Result<(), Fault> {
    change.view.conn.execute_batch(
        "DELETE FROM tallies; \
         INSERT INTO tallies SELECT event, admission, ifnull(section, 0), status, count(*) FROM tickets \
         GROUP BY event, admission, ifnull(section, 0), status",
    )?;
    Ok(())
}

impl Tally {
    /// Tickets that are valid or in, of the tiers and sections that fit.
    pub fn sold(&self, fits: impl Fn(i64, Option<i64>) -> bool) -> i64 {
        self.count(|status| status != status_number(TicketStatus::Cancelled), fits)
    }

    /// Tickets that are in, of the tiers and sections that fit.
    pub fn inside(&self, fits: impl Fn(i64, Option<i64>) -> bool) -> i64 {
        self.count(|status| status == status_number(TicketStatus::Redeemed), fits)
    }

    fn count(&self, status: impl Fn(i64) -> bool, fits: impl Fn(i64, Option<i64>) -> bool) -> i64 {
        self.0
            .iter()
            .filter(|count| status(count.status) && fits(count.admission, count.section))
            .map(|count| count.tickets)
            .sum()
    }
}
