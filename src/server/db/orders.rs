//! Orders.

mod list;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use super::tickets::{instant, moved_on};
use super::{Change, View};
use crate::domain::OrderId;
use crate::server::fault::Fault;
use crate::server::ulid;
use crate::wire;

pub(crate) use list::{Column, Filter, Page, day_start, list};

/// An order as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub key: i64,
    pub id: OrderId,
    pub event: i64,
    pub customer: i64,
    pub status: String,
    pub method: String,
    pub lines: Vec<Line>,
    pub issuer: Option<i64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// One line of an order; its tier and section by key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Line {
    pub id: String,
    pub admission: i64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub section: Option<i64>,
    pub quantity: u64,
    pub base: i64,
    pub booking: i64,
}

const COLUMNS: &str =
    "o.key, o.id, o.event, o.customer, o.status, o.method, o.lines, o.issuer, o.created_at, o.updated_at";

impl Stored {
    fn read(row: &Row<'_>) -> Result<Self, rusqlite::Error> {
        let lines = serde_json::from_str(row.get_ref(6)?.as_str()?).map_err(|cause| {
            rusqlite::Error::FromSqlConversionFailure(6, rusqlite::types::Type::Text, Box::new(cause))
        })?;
        Ok(Self {
            key: row.get(0)?,
            id: OrderId::from_service(row.get_ref(1)?.as_str()?),
            event: row.get(2)?,
            customer: row.get(3)?,
            status: row.get(4)?,
            method: row.get(5)?,
            lines,
            issuer: row.get(7)?,
            created_at: instant(row.get(8)?),
            updated_at: instant(row.get(9)?),
        })
    }

    /// What answers about its tickets tell of it.
    pub fn reference(&self, checked_in: usize) -> wire::OrderReference {
        wire::OrderReference {
            id: self.id.clone(),
            checked_in_count: u64::try_from(checked_in).ok(),
            items: self.lines.iter().map(|line| wire::OrderItemReference { quantity: line.quantity }).collect(),
        }
    }
}

/// The tenant's order of this id.
pub(crate) fn get(view: &View<'_>, tenant: Option<i64>, id: &str) -> Result<Stored, Fault> {
    find(view, tenant, id)?.ok_or_else(|| Fault::missing("Order"))
}

/// The tenant's order of this id, if there is one.
pub(crate) fn find(view: &View<'_>, tenant: Option<i64>, id: &str) -> Result<Option<Stored>, Fault> {
    Ok(view
        .conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM orders o WHERE o.tenant = ? AND o.id = ?"))?
        .query_row(params![tenant, id], Stored::read)
        .optional()?)
}

/// The order of this key.
pub(crate) fn by_key(view: &View<'_>, key: i64) -> Result<Stored, Fault> {
    Ok(view
        .conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM orders o WHERE o.key = ?"))?
        .query_row([key], Stored::read)?)
}

/// Adds an order and gives its key.
pub(crate) fn insert(change: &Change<'_>, tenant: i64, order: &Stored) -> Result<i64, Fault> {
    let lines = serde_json::to_string(&order.lines).map_err(|cause| Fault::internal(&cause))?;
    Ok(change
        .view
        .conn
        .prepare_cached(
            "INSERT INTO orders (tenant, id, event, customer, status, method, lines, quantity, total, issuer, \
             created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .insert(params![
            tenant,
            order.id.as_str(),
            order.event,
            order.customer,
            order.status,
            order.method,
            lines,
            order.quantity(),
            order.total(),
            order.issuer,
            order.created_at.as_millisecond(),
            order.updated_at.as_millisecond(),
        ])?)
}

/// Moves `updatedAt` on, as [`super::tickets::touch`] does.
pub(crate) fn touch(change: &Change<'_>, order: &mut Stored) {
    order.updated_at = moved_on(order.updated_at, change.now);
}

/// Writes what may change of an order: its lines, what they come to, and when.
pub(crate) fn save(change: &Change<'_>, order: &Stored) -> Result<(), Fault> {
    let lines = serde_json::to_string(&order.lines).map_err(|cause| Fault::internal(&cause))?;
    change
        .view
        .conn
        .prepare_cached("UPDATE orders SET lines = ?, quantity = ?, total = ?, updated_at = ? WHERE key = ?")?
        .execute(params![lines, order.quantity(), order.total(), order.updated_at.as_millisecond(), order.key])?;
    Ok(())
}

/// A ticket that joins an order, as far as the order's lines tell of it.
#[derive(Debug)]
pub(crate) struct Joining<'a> {
    /// The line that it names.
    pub line: Option<&'a str>,
    pub admission: i64,
    pub section: Option<i64>,
    pub base: i64,
    pub booking: i64,
}

impl Stored {
    /// One more ticket on the line that it names or, where it names none, on that of its tier and section; a line that
    /// there is not is made, at the ticket's own price. Gives the line's id.
    pub fn join(&mut self, ticket: &Joining<'_>, now: Timestamp) -> String {
        let known = self.lines.iter_mut().find(|line| match ticket.line {
            Some(id) => line.id == id,
            None => (line.admission, line.section) == (ticket.admission, ticket.section),
        });
        if let Some(line) = known {
            line.quantity = line.quantity.saturating_add(1);
            return line.id.clone();
        }
        let id = ticket.line.map_or_else(|| ulid::fresh("itm", now), str::to_owned);
        self.lines.push(Line {
            id: id.clone(),
            admission: ticket.admission,
            section: ticket.section,
            quantity: 1,
            base: ticket.base,
            booking: ticket.booking,
        });
        id
    }

    /// How many tickets its lines hold.
    pub fn quantity(&self) -> i64 {
        self.lines.iter().map(|line| i64::try_from(line.quantity).unwrap_or(i64::MAX)).sum()
    }

    /// What its lines cost together.
    pub fn total(&self) -> i64 {
        self.lines.iter().fold(0, |sum: i64, line| {
            let quantity = i64::try_from(line.quantity).unwrap_or(i64::MAX);
            sum.saturating_add(quantity.saturating_mul(line.base.saturating_add(line.booking)))
        })
    }
}

/// Notes what happened to an order.
pub(crate) fn note(change: &Change<'_>, order: i64, user: i64, words: &str) -> Result<(), Fault> {
    change
        .view
        .conn
        .prepare_cached(
            "INSERT INTO order_notes (\"order\", id, kind, description, user, created_at) VALUES (?, ?, 'NOTE', ?, ?, ?)",
        )?
        .insert(params![order, ulid::fresh("tml", change.now), words, user, change.now.as_millisecond()])?;
    Ok(())
}

/// What happened to an order, oldest first.
pub(crate) fn notes(view: &View<'_>, order: i64) -> Result<Vec<wire::TimelineEntry>, Fault> {
    let mut rows = view.conn.prepare_cached(
        "SELECT n.id, n.created_at, n.kind, n.description, u.first_name || ' ' || u.last_name, u.id \
         FROM order_notes n JOIN users u ON u.key = n.user WHERE n.\"order\" = ? ORDER BY n.key",
    )?;
    let notes = rows.query_map([order], |row| {
        Ok(wire::TimelineEntry {
            id: row.get(0)?,
            created_at: instant(row.get(1)?),
            kind: row.get(2)?,
            editable: false,
            pinned: false,
            description: row.get(3)?,
            author: row.get(4)?,
            user_id: row.get(5)?,
        })
    })?;
    Ok(notes.collect::<Result<_, _>>()?)
}
