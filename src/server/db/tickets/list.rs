//! Pages of tickets in the order of names.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::ToSql;

use super::{COLUMNS, Stored, TABLES, status_number};
use crate::domain::TicketStatus;
use crate::server::db::View;
use crate::server::fault::Fault;
use crate::server::fold;

/// Parts the two halves of a cursor; no id has it, whatever a name holds.
const SEPARATOR: char = '\u{2}';

/// Which tickets.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    /// Where to look.
    pub scope: Scope,
    /// Only of these events, by key; `None` is all.
    pub events: Option<Vec<i64>>,
    /// Only of this customer, by key.
    pub customer: Option<i64>,
    /// Only in this status.
    pub status: Option<TicketStatus>,
    /// Only of these tiers, by key; `None` is all.
    pub admissions: Option<Vec<i64>>,
    /// Only of these sections, by key; `None` is all.
    pub sections: Option<Vec<i64>>,
    /// Only where every word of this is found.
    pub query: Option<String>,
}

/// The one condition that an index answers.
#[derive(Debug)]
pub(crate) enum Scope {
    /// Tickets of these events; several when a promoter was asked for.
    Events(Vec<i64>),
    /// Tickets of this order.
    Order(i64),
    /// Tickets of this customer's orders.
    Customer(i64),
}

impl Default for Scope {
    fn default() -> Self {
        Self::Events(Vec::new())
    }
}

/// A place between two tickets, in the order of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub sort_key: String,
    pub id: String,
}

impl Place {
    /// An opaque text that means this place, even when the ticket there is gone.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}{SEPARATOR}{}", self.sort_key, self.id))
    }

    /// Reads the text back.
    pub fn parse(text: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (sort_key, id) = text.rsplit_once(SEPARATOR)?;
        Some(Self { sort_key: sort_key.to_owned(), id: id.to_owned() })
    }

    fn of(ticket: &Stored) -> Self {
        Self { sort_key: fold::sort_key(&ticket.attendee), id: ticket.id.as_str().to_owned() }
    }
}

/// From where, and in which direction.
#[derive(Debug, Default)]
pub(crate) enum Cursor {
    /// From the first row on.
    #[default]
    Start,
    /// After this place.
    After(Place),
    /// From this place on, itself included.
    From(Place),
    /// The rows right before this place.
    Before(Place),
}

/// One page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub tickets: Vec<Stored>,
    /// To ask for the page before with; only known where a cursor was given.
    pub before: Option<String>,
    /// To ask for the next page with.
    pub after: Option<String>,
}

/// The page at `cursor`.
pub(crate) fn list(view: &View<'_>, filter: &Filter, cursor: &Cursor, limit: usize) -> Result<Page, Fault> {
    let mut tickets = Vec::new();
    match &filter.scope {
        // Each event has its own run of the index, in order: take a page of each and merge.
        Scope::Events(events) => {
            for event in events {
                let only = Selection { scope: "t.event = ?", key: *event, index: " INDEXED BY tickets_by_name" };
                tickets.extend(only.rows(view, filter, cursor, limit + 1)?);
            }
        }
        Scope::Order(order) => {
            let only = Selection { scope: "t.\"order\" = ?", key: *order, index: "" };
            tickets = only.rows(view, filter, cursor, limit + 1)?;
        }
        Scope::Customer(customer) => {
            let only = Selection { scope: "o.customer = ?", key: *customer, index: "" };
            tickets = only.rows(view, filter, cursor, limit + 1)?;
        }
    }
    Ok(cut(tickets, cursor, limit, filter))
}

/// One query of one index.
struct Selection {
    scope: &'static str,
    key: i64,
    index: &'static str,
}

impl Selection {
    fn rows(&self, view: &View<'_>, filter: &Filter, cursor: &Cursor, limit: usize) -> Result<Vec<Stored>, Fault> {
        let mut conditions = vec![self.scope.to_owned()];
        let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(self.key)];
        filter.add(&mut conditions, &mut values);
        let direction = cursor.add(&mut conditions, &mut values);
        values.push(Box::new(i64::try_from(limit).unwrap_or(i64::MAX)));
        let tables = TABLES.replacen("tickets t", &format!("tickets t{}", self.index), 1);
        let sql = format!(
            "SELECT {COLUMNS} FROM {tables} WHERE {} ORDER BY t.sort_key {direction}, t.id {direction} LIMIT ?",
            conditions.join(" AND ")
        );
        let mut rows = view.conn.prepare_cached(&sql)?;
        let parameters: Vec<&dyn ToSql> = values.iter().map(AsRef::as_ref).collect();
        Ok(rows.query_map(&*parameters, Stored::read)?.collect::<Result<_, _>>()?)
    }
}

impl Filter {
    /// Adds its conditions on `t` and, for customers, on `o`.
    pub(in crate::server::db) fn add(&self, conditions: &mut Vec<String>, values: &mut Vec<Box<dyn ToSql>>) {
        if let Some(customer) = self.customer {
            conditions.push("o.customer = ?".to_owned());
            values.push(Box::new(customer));
        }
        if let Some(status) = self.status {
            conditions.push("t.status = ?".to_owned());
            values.push(Box::new(status_number(status)));
        }
        let lists = [("t.event", &self.events), ("t.admission", &self.admissions), ("t.section", &self.sections)];
        for (column, keys) in lists {
            if let Some(keys) = keys {
                conditions.push(format!("{column} IN ({})", vec!["?"; keys.len()].join(", ")));
                values.extend(keys.iter().map(|key| Box::new(*key) as Box<dyn ToSql>));
            }
        }
        if let Some(query) = &self.query {
            conditions.push("found(t.haystack, ?)".to_owned());
            values.push(Box::new(query.clone()));
        }
    }
}

impl Cursor {
    fn add(&self, conditions: &mut Vec<String>, values: &mut Vec<Box<dyn ToSql>>) -> &'static str {
        let (comparison, place, direction) = match self {
            Self::Start => return "ASC",
            Self::After(place) => (">", place, "ASC"),
            Self::From(place) => (">=", place, "ASC"),
            Self::Before(place) => ("<", place, "DESC"),
        };
        conditions.push(format!("(t.sort_key, t.id) {comparison} (?, ?)"));
        values.push(Box::new(place.sort_key.clone()));
        values.push(Box::new(place.id.clone()));
        direction
    }
}

/// Puts the rows of all runs in order and tells what lies on either side.
fn cut(tickets: Vec<Stored>, cursor: &Cursor, limit: usize, filter: &Filter) -> Page {
    let backwards = matches!(cursor, Cursor::Before(_));
    let mut placed: Vec<_> = tickets.into_iter().map(|ticket| (Place::of(&ticket), ticket)).collect();
    if matches!(&filter.scope, Scope::Events(events) if events.len() > 1) {
        placed.sort_by(|(a, _), (b, _)| (&a.sort_key, &a.id).cmp(&(&b.sort_key, &b.id)));
        if backwards {
            placed.reverse();
        }
    }
    let more = placed.len() > limit;
    placed.truncate(limit);
    if backwards {
        placed.reverse();
    }
    let first = placed.first().map(|(place, _)| place.to_text());
    let last = placed.last().map(|(place, _)| place.to_text());
    let (before, after) = match cursor {
        Cursor::Start => (None, last.filter(|_| more)),
        Cursor::After(_) | Cursor::From(_) => (first, last.filter(|_| more)),
        Cursor::Before(_) => (first.filter(|_| more), last),
    };
    Page { tickets: placed.into_iter().map(|(_, ticket)| ticket).collect(), before, after }
}
