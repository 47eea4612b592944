//! Tickets as bytes: what many share is written once, in tables in front of them.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    AdmissionSummary, Attendee, CustomerId, DeviceId, EventSummary, OrderId, Person, SafeText, Scan, ScanId, ScanKind,
    SectionSummary, Ticket, TicketId, TicketStatus,
};

/// Why bytes are not a block.
#[derive(Debug, thiserror::Error)]
pub enum BlockError {
    /// The bytes end too early or say something else.
    #[error("a block of tickets cannot be read: {0}")]
    Shape(#[from] postcard::Error),
    /// A ticket points past the end of a table, or has a time that no clock shows.
    #[error("a block of tickets contradicts itself")]
    Contradiction,
}

/// What is written; the rows are read one by one, so that they need no memory of their own.
#[derive(Serialize)]
struct Block<'a> {
    shared: SharedRows<'a>,
    tickets: Vec<Row<'a>>,
}

#[derive(Serialize, Deserialize)]
struct SharedRows<'a> {
    events: Vec<EventSummary>,
    admissions: Vec<AdmissionSummary>,
    sections: Vec<SectionSummary>,
    people: Vec<Person>,
    #[serde(borrow)]
    devices: Vec<&'a str>,
}

#[derive(Serialize, Deserialize)]
struct Row<'a> {
    id: &'a str,
    status: TicketStatus,
    first_name: &'a str,
    last_name: &'a str,
    email: &'a str,
    phone: Option<&'a str>,
    /// `None` where it is the order of the row before.
    order: Option<&'a str>,
    customer: Option<&'a str>,
    event: u32,
    admission: u32,
    section: Option<u32>,
    created: i64,
    updated: i64,
    #[serde(borrow)]
    scans: Vec<ScanRow<'a>>,
}

#[derive(Serialize, Deserialize)]
struct ScanRow<'a> {
    id: &'a str,
    kind: ScanKind,
    at: i64,
    person: u32,
    device: u32,
}

/// The bytes of `tickets`.
pub fn encode(tickets: &[Ticket]) -> Vec<u8> {
    let mut tables = Tables::default();
    let mut rows = Vec::with_capacity(tickets.len());
    let mut before: Option<&Ticket> = None;
    for ticket in tickets {
        rows.push(tables.row(ticket, before));
        before = Some(ticket);
    }
    let shared = SharedRows {
        events: tables.events.cloned(),
        admissions: tables.admissions.cloned(),
        sections: tables.sections.cloned(),
        people: tables.people.cloned(),
        devices: tables.devices.0,
    };
    // A block is plain data in memory: postcard has nothing to refuse in it.
    postcard::to_stdvec(&Block { shared, tickets: rows }).unwrap_or_default()
}

#[derive(Default)]
struct Tables<'a> {
    events: Shared<'a, EventSummary>,
    admissions: Shared<'a, AdmissionSummary>,
    sections: Shared<'a, SectionSummary>,
    people: Shared<'a, Person>,
    devices: Distinct<'a>,
}

impl<'a> Tables<'a> {
    fn row(&mut self, ticket: &'a Ticket, before: Option<&Ticket>) -> Row<'a> {
        let same = |other: fn(&Ticket) -> &str| before.is_some_and(|before| other(before) == other(ticket));
        Row {
            id: ticket.id.as_str(),
            status: ticket.status,
            first_name: &ticket.attendee.first_name,
            last_name: &ticket.attendee.last_name,
            email: &ticket.attendee.email,
            phone: ticket.attendee.phone.as_deref(),
            order: (!same(|ticket| ticket.order_id.as_str())).then(|| ticket.order_id.as_str()),
            customer: (!same(|ticket| ticket.customer_id.as_str())).then(|| ticket.customer_id.as_str()),
            event: self.events.number(&ticket.event),
            admission: self.admissions.number(&ticket.admission),
            section: ticket.section.as_ref().map(|section| self.sections.number(section)),
            created: nanoseconds(ticket.created_at),
            updated: nanoseconds(ticket.updated_at),
            scans: ticket.scans.iter().map(|scan| self.scan(scan)).collect(),
        }
    }

    fn scan(&mut self, scan: &'a Scan) -> ScanRow<'a> {
        ScanRow {
            id: scan.id.as_str(),
            kind: scan.kind,
            at: nanoseconds(scan.scanned_at),
            person: self.people.number(&scan.scanned_by),
            device: self.devices.number(scan.device_id.as_str()),
        }
    }
}

/// Values numbered by the allocation that tickets share; equal ones in two allocations are merely written twice.
struct Shared<'a, T>(Vec<&'a Arc<T>>, HashMap<*const T, u32>);

impl<'a, T: Clone> Shared<'a, T> {
    fn number(&mut self, value: &'a Arc<T>) -> u32 {
        number(&mut self.0, &mut self.1, value, Arc::as_ptr(value))
    }

    fn cloned(&self) -> Vec<T> {
        self.0.iter().map(|value| T::clone(value)).collect()
    }
}

impl<T> Default for Shared<'_, T> {
    fn default() -> Self {
        Self(Vec::new(), HashMap::new())
    }
}

#[derive(Default)]
struct Distinct<'a>(Vec<&'a str>, HashMap<&'a str, u32>);

impl<'a> Distinct<'a> {
    fn number(&mut self, value: &'a str) -> u32 {
        number(&mut self.0, &mut self.1, value, value)
    }
}

fn number<V, K: Eq + Hash>(values: &mut Vec<V>, numbers: &mut HashMap<K, u32>, value: V, key: K) -> u32 {
    let next = u32::try_from(values.len()).unwrap_or(u32::MAX);
    *numbers.entry(key).or_insert_with(|| {
        values.push(value);
        next
    })
}

/// Nanoseconds since 1970; a time past the year 2262 is no time of a ticket and is cut to it.
fn nanoseconds(time: Timestamp) -> i64 {
    let exact = time.as_nanosecond();
    i64::try_from(exact).unwrap_or(if exact < 0 { i64::MIN } else { i64::MAX })
}

/// The tickets of a block, with what they share in one allocation each.
pub fn decode(bytes: &[u8]) -> Result<impl ExactSizeIterator<Item = Result<Ticket, BlockError>>, BlockError> {
    let (shared, rest) = postcard::take_from_bytes::<SharedRows<'_>>(bytes)?;
    let (left, rest) = postcard::take_from_bytes::<usize>(rest)?;
    // Even the shortest row takes bytes: a number that is made up asks for no memory.
    if left > rest.len() {
        return Err(BlockError::Contradiction);
    }
    Ok(Rows { decoded: Decoded::new(shared), rest, left })
}

/// The rows that are still to be read.
struct Rows<'a> {
    decoded: Decoded,
    rest: &'a [u8],
    left: usize,
}

impl Iterator for Rows<'_> {
    type Item = Result<Ticket, BlockError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        Some(postcard::take_from_bytes::<Row<'_>>(self.rest).map_err(BlockError::from).and_then(|(row, rest)| {
            self.rest = rest;
            self.decoded.ticket(row).ok_or(BlockError::Contradiction)
        }))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Rows<'_> {}

struct Decoded {
    events: Vec<Arc<EventSummary>>,
    admissions: Vec<Arc<AdmissionSummary>>,
    sections: Vec<Arc<SectionSummary>>,
    people: Vec<Arc<Person>>,
    devices: Vec<DeviceId>,
    order: Option<OrderId>,
    customer: Option<CustomerId>,
}

impl Decoded {
    fn new(shared: SharedRows<'_>) -> Self {
        Self {
            events: shared.events.into_iter().map(Arc::new).collect(),
            admissions: shared.admissions.into_iter().map(Arc::new).collect(),
            sections: shared.sections.into_iter().map(Arc::new).collect(),
            people: shared.people.into_iter().map(Arc::new).collect(),
            devices: shared.devices.into_iter().map(DeviceId::from_service).collect(),
            order: None,
            customer: None,
        }
    }

    fn ticket(&mut self, row: Row<'_>) -> Option<Ticket> {
        if let Some(order) = row.order {
            self.order = Some(OrderId::from_service(order));
        }
        if let Some(customer) = row.customer {
            self.customer = Some(CustomerId::from_service(customer));
        }
        let section = match row.section {
            None => None,
            Some(number) => Some(at(&self.sections, number)?),
        };
        Some(Ticket {
            id: TicketId::from_service(row.id),
            status: row.status,
            attendee: Attendee {
                first_name: row.first_name.into(),
                last_name: row.last_name.into(),
                email: row.email.into(),
                phone: row.phone.map(SafeText::from),
            },
            order_id: self.order.clone()?,
            customer_id: self.customer.clone()?,
            event: at(&self.events, row.event)?,
            admission: at(&self.admissions, row.admission)?,
            section,
            scans: row.scans.into_iter().map(|scan| self.scan(&scan)).collect::<Option<_>>()?,
            created_at: time(row.created)?,
            updated_at: time(row.updated)?,
        })
    }

    fn scan(&self, row: &ScanRow<'_>) -> Option<Scan> {
        Some(Scan {
            id: ScanId::from_service(row.id),
            kind: row.kind,
            scanned_at: time(row.at)?,
            scanned_by: at(&self.people, row.person)?,
            device_id: at(&self.devices, row.device)?,
        })
    }
}

fn at<T: Clone>(table: &[T], number: u32) -> Option<T> {
    table.get(usize::try_from(number).ok()?).cloned()
}

fn time(nanoseconds: i64) -> Option<Timestamp> {
    Timestamp::from_nanosecond(nanoseconds.into()).ok()
}
