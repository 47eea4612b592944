//! Tickets from a file, one JSON object a line in the API's own shape, as `export` writes them.
//!
//! A ticket tells its attendee, its scans, and of its event, tier, section and order what a door needs to know; the
//! rest is made up, the same way every time (`made_up`). Tickets that the tenant has already stay as they are here, so
//! that a service can be started with the same line again. All of a file goes in, or nothing.

mod line;
mod made_up;

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use super::db::catalogue::{self, Keys};
use super::db::people::{self, Worker};
use super::db::{Change, Store, orders, scans, tickets};
use super::fault::Fault;
use super::ulid;
use crate::domain::{AdmissionId, EventId, OrderId, SafeText, SectionId, TenantId};
use crate::wire::Ticket;

/// Most lines that a refusal names.
const NAMED: usize = 20;

/// A file of tickets, and whose they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPlan {
    /// The file.
    pub file: PathBuf,
    /// The tenant; tickets do not name theirs.
    pub tenant: TenantId,
}

/// What came of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Tickets that are new.
    pub tickets: usize,
    /// Tickets that were there already, and were left as they are.
    pub known: usize,
}

/// Reads the file into the store.
pub(crate) async fn run(store: &Store, plan: ImportPlan) -> Result<Imported, Fault> {
    let file = File::open(&plan.file).map_err(|cause| Fault::bad_request(cause.to_string()))?;
    store.write_catalogue(move |change| write(change, &plan.tenant, BufReader::new(file))).await
}

/// Every line, or a refusal that names those that are no tickets.
fn write(change: &Change<'_>, tenant: &TenantId, mut lines: impl BufRead) -> Result<Imported, Fault> {
    let tenant = catalogue::ensure_tenant(change, tenant)?;
    let mut pen = Pen { change, tenant, places: HashMap::new(), orders: HashMap::new(), told: Imported::default() };
    let mut bad = Vec::new();
    let mut text = Vec::new();
    for number in 1.. {
        text.clear();
        if lines.read_until(b'\n', &mut text).map_err(|cause| Fault::bad_request(cause.to_string()))? == 0 {
            break;
        }
        if text.trim_ascii().is_empty() {
            continue;
        }
        match line::read(&text, change.now) {
            Ok(ticket) => bad.extend(pen.ticket(&ticket)?.map(|message| (number, message))),
            Err(message) => bad.push((number, message)),
        }
    }
    if bad.is_empty() { pen.finish() } else { Err(refusal(&bad)) }
}

fn refusal(bad: &[(usize, String)]) -> Fault {
    let named = bad.iter().take(NAMED).map(|(number, message)| {
        // The words of a parser repeat what it read.
        format!("\n  line {number}: {}", SafeText::from_outside(message))
    });
    let rest = bad.len().saturating_sub(NAMED);
    let rest = if rest > 0 { format!("\n  and {rest} more") } else { String::new() };
    let lines =
        if bad.len() == 1 { "1 line is no ticket".to_owned() } else { format!("{} lines are no tickets", bad.len()) };
    Fault::bad_request(format!("{lines}, so nothing was imported:{}{rest}", named.collect::<String>()))
}

/// Whoever writes the tickets down.
struct Pen<'a, 'c> {
    change: &'a Change<'c>,
    tenant: i64,
    places: HashMap<(EventId, AdmissionId, Option<SectionId>), Place>,
    /// Orders that this file has tickets of.
    orders: HashMap<OrderId, Known>,
    told: Imported,
}

/// An order, and the id of its customer.
struct Known {
    order: orders::Stored,
    customer: String,
}

/// Where a ticket belongs, by key.
#[derive(Debug, Clone, Copy)]
struct Place {
    event: i64,
    admission: i64,
    section: Option<i64>,
}

impl Pen<'_, '_> {
    /// Writes a ticket that is new; gives what contradicts it in the file or in the store.
    fn ticket(&mut self, ticket: &Ticket) -> Result<Option<String>, Fault> {
        if tickets::is_known(&self.change.view, self.tenant, ticket.id.as_str())? {
            self.told.known += 1;
            return Ok(None);
        }
        let place = self.place(ticket)?;
        if !self.orders.contains_key(&ticket.order_id) {
            let order = self.order(ticket, place)?;
            self.orders.insert(ticket.order_id.clone(), order);
        }
        let Some(Known { order, customer }) = self.orders.get_mut(&ticket.order_id) else { return Ok(None) };
        if order.event != place.event {
            return Ok(Some(format!("orderId: {} has tickets of another event", ticket.order_id)));
        }
        let named = ticket.customer_id.as_str();
        if !named.is_empty() && named != customer.as_str() {
            return Ok(Some(format!("customerId: {} belongs to another customer", ticket.order_id)));
        }
        add_to_line(order, ticket, place, self.change);
        let order = order.key;
        let key = tickets::insert(self.change, &self.row(ticket, place, order))?;
        self.scans(ticket, key, place.event)?;
        self.told.tickets += 1;
        Ok(None)
    }

    fn row<'t>(&self, ticket: &'t Ticket, place: Place, order: i64) -> tickets::New<'t> {
        tickets::New {
            tenant: self.tenant,
            id: ticket.id.as_str(),
            event: place.event,
            order,
            admission: place.admission,
            section: place.section,
            status: ticket.status,
            attendee: &ticket.attendee,
            line: ticket.order_item_id.as_deref(),
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
        }
    }

    /// The event, tier and section, made where the tenant lacks them.
    fn place(&mut self, ticket: &Ticket) -> Result<Place, Fault> {
        let section = ticket.section.as_ref().map(|section| section.id.clone());
        let key = (ticket.event_id.clone(), ticket.admission_id.clone(), section);
        if let Some(place) = self.places.get(&key) {
            return Ok(*place);
        }
        let parts = self.places.keys().filter(|(event, ..)| *event == key.0).count();
        let mut event = made_up::event(ticket, parts);
        if catalogue::is_slug_taken(self.change, self.tenant, &event)? {
            event.slug.clone_from(&event.id);
        }
        let Keys { event, admissions, sections } = catalogue::ensure_event(self.change, self.tenant, event)?;
        let admission = admissions.get(key.1.as_str()).copied().ok_or_else(|| Fault::internal(&"a tier was lost"))?;
        let section = key.2.as_ref().and_then(|id| sections.get(id.as_str()).copied());
        let place = Place { event, admission, section };
        self.places.insert(key, place);
        Ok(place)
    }

    /// The order as it is, or a new one whose customer is the attendee of its first ticket.
    fn order(&self, ticket: &Ticket, place: Place) -> Result<Known, Fault> {
        let view = &self.change.view;
        if let Some(order) = orders::find(view, Some(self.tenant), ticket.order_id.as_str())? {
            let customer = people::customer(view, order.customer)?.id;
            return Ok(Known { order, customer });
        }
        let id = made_up::customer_id(ticket);
        let customer = match people::customer_key(view, Some(self.tenant), &id)? {
            Some(customer) => customer,
            None => people::insert_customer(self.change, self.tenant, &id, &ticket.attendee)?,
        };
        let mut order = orders::Stored {
            key: 0,
            id: ticket.order_id.clone(),
            event: place.event,
            customer,
            status: "SUCCESSFUL".to_owned(),
            method: made_up::payment(&ticket.admission.price).to_owned(),
            lines: Vec::new(),
            issuer: None,
            created_at: ticket.created_at,
            updated_at: ticket.created_at,
        };
        order.key = orders::insert(self.change, self.tenant, &order)?;
        Ok(Known { order, customer: id })
    }

    fn scans(&self, ticket: &Ticket, key: i64, event: i64) -> Result<(), Fault> {
        for scan in &ticket.scans {
            let by = &scan.scanned_by;
            let worker = Worker {
                id: scan.scanned_by_id.as_str(),
                first_name: &by.first_name,
                last_name: &by.last_name,
                email: &by.email,
            };
            let row = scans::New {
                id: scan.id.as_str(),
                kind: scan.kind,
                at: scan.scanned_at,
                user: people::ensure_user(self.change, self.tenant, worker)?,
                device: scan.device_id.as_str(),
            };
            scans::insert_for(self.change, key, event, &row)?;
        }
        Ok(())
    }

    /// The orders' lines are known when the last ticket is.
    fn finish(self) -> Result<Imported, Fault> {
        for Known { order, .. } in self.orders.values() {
            orders::set_lines(self.change, order)?;
        }
        Ok(self.told)
    }
}

/// One more ticket on the line that it names or, where it names none, on the line of its tier and section.
fn add_to_line(order: &mut orders::Stored, ticket: &Ticket, place: Place, change: &Change<'_>) {
    let price = &ticket.admission.price;
    let known = order.lines.iter_mut().find(|line| match &ticket.order_item_id {
        Some(id) => line.id == *id,
        None => (line.admission, line.section) == (place.admission, place.section),
    });
    match known {
        Some(line) => line.quantity += 1,
        None => order.lines.push(orders::Line {
            id: ticket.order_item_id.clone().unwrap_or_else(|| ulid::fresh("itm", change.now)),
            admission: place.admission,
            section: place.section,
            quantity: 1,
            base: price.base,
            booking: price.booking,
        }),
    }
}
