//! Tickets: rows, pages, changes.

mod list;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};

use super::{Change, View, scans};
use crate::domain::{CustomerId, OrderId, PromoterId, TeamId, TicketId, TicketStatus};
use crate::server::fault::Fault;
use crate::server::fold;
use crate::wire;

pub(crate) use list::{Cursor, Filter, Page, Place, Scope, list};

/// A ticket as it is kept; its event, tier and section by key.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub key: i64,
    pub id: TicketId,
    pub event: i64,
    pub order: i64,
    pub order_id: OrderId,
    pub customer_id: CustomerId,
    pub admission: i64,
    pub section: Option<i64>,
    pub status: TicketStatus,
    pub attendee: wire::Attendee,
    pub line: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What [`Stored::read`] expects, from `tickets t`, `orders o` and `customers c`.
const COLUMNS: &str = "t.key, t.id, t.event, t.\"order\", o.id, c.id, t.admission, t.section, t.status, \
     t.first_name, t.last_name, t.email, t.phone, t.line, t.created_at, t.updated_at";
const TABLES: &str = "tickets t JOIN orders o ON o.key = t.\"order\" JOIN customers c ON c.key = o.customer";

impl Stored {
    fn read(row: &Row<'_>) -> Result<Self, rusqlite::Error> {
        Ok(Self {
            key: row.get(0)?,
            id: TicketId::from_service(row.get_ref(1)?.as_str()?),
            event: row.get(2)?,
            order: row.get(3)?,
            order_id: OrderId::from_service(row.get_ref(4)?.as_str()?),
            customer_id: CustomerId::from_service(row.get_ref(5)?.as_str()?),
            admission: row.get(6)?,
            section: row.get(7)?,
            status: status(row.get(8)?),
            attendee: wire::Attendee {
                first_name: row.get(9)?,
                last_name: row.get(10)?,
                email: row.get(11)?,
                phone: row.get(12)?,
            },
            line: row.get(13)?,
            created_at: instant(row.get(14)?),
            updated_at: instant(row.get(15)?),
        })
    }

    /// Whether anything that an update may change is not the same.
    pub fn differs(&self, other: &Self) -> bool {
        (self.status, self.admission, self.section) != (other.status, other.admission, other.section)
            || self.attendee != other.attendee
    }

    /// The ticket as the API tells it.
    pub fn to_wire(&self, view: &View<'_>) -> Result<wire::Ticket, Fault> {
        let event = view.catalogue.event_by_key(self.event)?;
        let admission = view.catalogue.admission_by_key(self.admission)?;
        let section = self.section.map(|key| view.catalogue.section_by_key(key)).transpose()?;
        Ok(wire::Ticket {
            id: self.id.clone(),
            created_at: self.created_at,
            updated_at: self.updated_at,
            scans: scans::of_ticket(view, self.key)?,
            status: self.status,
            attendee: self.attendee.clone(),
            customer_id: self.customer_id.clone(),
            event_id: crate::domain::EventId::from_service(event.wire.id.as_str()),
            event: event.on_ticket.clone(),
            admission_id: crate::domain::AdmissionId::from_service(admission.wire.id.as_str()),
            admission: admission.on_ticket.clone(),
            section: section.map(|section| section.on_ticket.clone()),
            order_id: self.order_id.clone(),
            order_item_id: self.line.clone(),
            team_id: TeamId::from_service(event.wire.team_id.as_str()),
            promoter_id: PromoterId::from_service(event.wire.promoter_id.as_str()),
        })
    }
}

/// Every status by the number that it is kept as.
fn status(number: i64) -> TicketStatus {
    match number {
        0 => TicketStatus::Active,
        1 => TicketStatus::Redeemed,
        _ => TicketStatus::Cancelled,
    }
}

/// The number that a status is kept as.
pub(crate) const fn status_number(status: TicketStatus) -> i64 {
    match status {
        TicketStatus::Active => 0,
        TicketStatus::Redeemed => 1,
        TicketStatus::Cancelled => 2,
    }
}

/// The last millisecond that is read back as itself.
const END_OF_TIME: i64 = 253_402_207_200_000;

/// A time as it is kept.
pub(crate) fn instant(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or_default()
}

/// A number of rows.
pub(crate) fn count(row: &Row<'_>, column: usize) -> Result<u64, rusqlite::Error> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}

/// The tenant's ticket of this id.
pub(crate) fn get(view: &View<'_>, tenant: Option<i64>, id: &str) -> Result<Stored, Fault> {
    view.conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM {TABLES} WHERE t.tenant = ? AND t.id = ?"))?
        .query_row(params![tenant, id], Stored::read)
        .optional()?
        .ok_or_else(|| Fault::missing("Ticket"))
}

/// Whether the tenant has a ticket of this id.
pub(crate) fn is_known(view: &View<'_>, tenant: i64, id: &str) -> Result<bool, Fault> {
    Ok(view.conn.prepare_cached("SELECT 1 FROM tickets WHERE tenant = ? AND id = ?")?.exists(params![tenant, id])?)
}

/// Every ticket of an order, in the order in which they were issued.
pub(crate) fn of_order(view: &View<'_>, order: i64) -> Result<Vec<Stored>, Fault> {
    let mut rows =
        view.conn.prepare_cached(&format!("SELECT {COLUMNS} FROM {TABLES} WHERE t.\"order\" = ? ORDER BY t.key"))?;
    Ok(rows.query_map([order], Stored::read)?.collect::<Result<_, _>>()?)
}

/// A ticket to be issued.
#[derive(Debug)]
pub(crate) struct New<'a> {
    pub tenant: i64,
    pub id: &'a str,
    pub event: i64,
    pub order: i64,
    pub admission: i64,
    pub section: Option<i64>,
    pub status: TicketStatus,
    pub attendee: &'a wire::Attendee,
    pub line: Option<&'a str>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Issues a ticket and gives its key.
pub(crate) fn insert(change: &Change<'_>, ticket: &New<'_>) -> Result<i64, Fault> {
    let attendee = ticket.attendee;
    Ok(change
        .view
        .conn
        .prepare_cached(
            "INSERT INTO tickets (tenant, id, event, \"order\", admission, section, status, first_name, last_name, \
             email, phone, line, created_at, updated_at, sort_key, haystack) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .insert(params![
            ticket.tenant,
            ticket.id,
            ticket.event,
            ticket.order,
            ticket.admission,
            ticket.section,
            status_number(ticket.status),
            attendee.first_name,
            attendee.last_name,
            attendee.email,
            attendee.phone,
            ticket.line,
            ticket.created_at.as_millisecond(),
            ticket.updated_at.as_millisecond(),
            fold::sort_key(attendee),
            fold::haystack(attendee),
        ])?)
}

/// Moves `updatedAt` on; it never stands still nor goes back, whatever the clock does.
pub(crate) fn touch(change: &Change<'_>, ticket: &mut Stored) {
    ticket.updated_at = moved_on(ticket.updated_at, change.now);
}

/// Now or, where that is not later than `before`, a millisecond after it; the end of time alone is its own successor.
pub(crate) fn moved_on(before: Timestamp, now: Timestamp) -> Timestamp {
    let next = before.as_millisecond().saturating_add(1);
    instant(now.as_millisecond().max(next).min(END_OF_TIME))
}

/// Writes a ticket's status; the caller has asked the transition table and moved `updatedAt`.
pub(crate) fn set_status(change: &Change<'_>, ticket: &Stored) -> Result<(), Fault> {
    change
        .view
        .conn
        .prepare_cached("UPDATE tickets SET status = ?, updated_at = ? WHERE key = ?")?
        .execute(params![status_number(ticket.status), ticket.updated_at.as_millisecond(), ticket.key])?;
    Ok(())
}

/// Writes all that an update may change.
pub(crate) fn save(change: &Change<'_>, ticket: &Stored) -> Result<(), Fault> {
    let attendee = &ticket.attendee;
    change
        .view
        .conn
        .prepare_cached(
            "UPDATE tickets SET status = ?, updated_at = ?, admission = ?, section = ?, first_name = ?, \
             last_name = ?, email = ?, phone = ?, sort_key = ?, haystack = ? WHERE key = ?",
        )?
        .execute(params![
            status_number(ticket.status),
            ticket.updated_at.as_millisecond(),
            ticket.admission,
            ticket.section,
            attendee.first_name,
            attendee.last_name,
            attendee.email,
            attendee.phone,
            fold::sort_key(attendee),
            fold::haystack(attendee),
            ticket.key,
        ])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_later_than_the_one_before() {
        let at = |milliseconds| Timestamp::from_millisecond(milliseconds).unwrap();
        for (before, now, expected) in [(5, 9, 9), (9, 9, 10), (9, 5, 10)] {
            assert_eq!(moved_on(at(before), at(now)), at(expected));
        }
        let end = at(END_OF_TIME);
        assert!(Timestamp::from_millisecond(END_OF_TIME + 1).is_err());
        assert_eq!((moved_on(end, at(9)), moved_on(Timestamp::MAX, at(9))), (end, end));
    }
}
