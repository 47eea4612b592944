//! From the wire to the domain: sanitised, and with what many tickets share kept once.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Admission, Event, RosterRow, ScannedBy, Section, Ticket, TicketAdmission, TicketEvent, TicketSection};
use crate::domain::{self, AdmissionId, CustomerId, DeviceId, EventId, OrderId, SafeText, SectionId};

/// Most distinct values remembered of a kind; past that the memory is dropped and starts anew.
const MAX_REMEMBERED: usize = 4_096;

/// Turns wire shapes into the domain's.
///
/// Tickets of one event share its name, venue, tiers and scanners: a decoder gives equal values one
/// allocation, which is what keeps 100,000 tickets small. Use one for a whole load.
#[derive(Debug, Default)]
pub struct Decoder {
    events: Pool<Arc<domain::EventSummary>>,
    admissions: Vec<Arc<domain::AdmissionSummary>>,
    sections: Pool<Arc<domain::SectionSummary>>,
    people: Pool<Arc<domain::Person>>,
    devices: Pool<DeviceId>,
    last_order: Option<OrderId>,
}

impl Decoder {
    /// A decoder that has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A ticket, from an answer, a snapshot or a file.
    pub fn ticket(&mut self, wire: Ticket) -> domain::Ticket {
        let event = self.events.share(Arc::new(event_summary(&wire.event, wire.event_id)));
        let admission = self.admission(&wire.admission, wire.admission_id);
        let section = wire.section.map(|section| self.sections.share(Arc::new(section_summary(section))));
        let scans = wire.scans.into_iter().map(|scan| self.scan(scan)).collect();
        domain::Ticket {
            id: wire.id,
            status: wire.status,
            attendee: attendee(wire.attendee),
            order_id: self.order(wire.order_id),
            customer_id: wire.customer_id,
            event,
            admission,
            section,
            scans,
            created_at: wire.created_at,
            updated_at: wire.updated_at.max(wire.created_at),
        }
    }

    /// A row of the roster, as far as it tells of a ticket of `event`: a [light](domain::Ticket::is_light) one.
    ///
    /// What a row leaves out of its tier is the event's own account of that tier.
    pub fn light(&mut self, row: RosterRow, event: &domain::Event) -> domain::Ticket {
        let tier = event.admissions.iter().find(|tier| tier.summary.id == row.admission.id);
        let admission = tier.map_or_else(
            || domain::AdmissionSummary {
                id: row.admission.id.clone(),
                name: row.admission.name.as_str().into(),
                price: domain::Price::default(),
                entry_starts_at: event.summary.entry_starts_at,
                entry_ends_at: row.admission.entry_ends_at,
            },
            |tier| tier.summary.clone(),
        );
        let section =
            row.section.map(|section| domain::SectionSummary { id: section.id, name: section.name.as_str().into() });
        domain::Ticket {
            id: row.id,
            status: row.status,
            attendee: attendee(row.attendee),
            order_id: self.order(row.order_id),
            customer_id: CustomerId::from_service(""),
            event: self.events.share(Arc::new(event.summary.clone())),
            admission: self.tier(admission),
            section: section.map(|section| self.sections.share(Arc::new(section))),
            scans: Vec::new(),
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: domain::Ticket::UNDATED,
        }
    }

    fn scan(&mut self, wire: super::Scan) -> domain::Scan {
        let person = domain::Person { name: person_name(&wire.scanned_by), id: wire.scanned_by_id };
        domain::Scan {
            id: wire.id,
            kind: wire.kind,
            scanned_at: wire.scanned_at,
            scanned_by: self.people.share(Arc::new(person)),
            device_id: self.devices.share(wire.device_id),
        }
    }

    fn admission(&mut self, wire: &TicketAdmission, id: AdmissionId) -> Arc<domain::AdmissionSummary> {
        self.tier(domain::AdmissionSummary {
            id,
            name: wire.name.as_str().into(),
            price: price(&wire.price),
            entry_starts_at: wire.entry_starts_at,
            entry_ends_at: wire.entry_ends_at,
        })
    }

    /// Prices keep a tier from being hashed, but an event has few: a short list is searched instead.
    fn tier(&mut self, summary: domain::AdmissionSummary) -> Arc<domain::AdmissionSummary> {
        if let Some(known) = self.admissions.iter().find(|known| ***known == summary) {
            return Arc::clone(known);
        }
        if self.admissions.len() >= MAX_REMEMBERED {
            self.admissions.clear();
        }
        let fresh = Arc::new(summary);
        self.admissions.push(Arc::clone(&fresh));
        fresh
    }

    /// Tickets of one order mostly come one after another.
    fn order(&mut self, id: OrderId) -> OrderId {
        match &self.last_order {
            Some(last) if *last == id => last.clone(),
            _ => self.last_order.insert(id).clone(),
        }
    }
}

/// An event with its tiers and sections, each in the promoter's order.
impl From<Event> for domain::Event {
    fn from(wire: Event) -> Self {
        let summary = domain::EventSummary {
            id: EventId::from_service(wire.id),
            name: wire.name.into(),
            venue: wire.location.name.into(),
            time_zone: wire.location.time_zone.into(),
            entry_starts_at: wire.entry_starts_at,
            entry_ends_at: wire.entry_ends_at,
        };
        let mut admissions = wire.admissions.unwrap_or_default();
        admissions.sort_by_key(|admission| admission.order);
        let mut sections = wire.sections.unwrap_or_default();
        sections.sort_by_key(|section| section.order);
        Self {
            summary,
            admissions: admissions.into_iter().map(Into::into).collect(),
            sections: sections.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Admission> for domain::Admission {
    fn from(wire: Admission) -> Self {
        Self {
            summary: domain::AdmissionSummary {
                id: AdmissionId::from_service(wire.id),
                name: wire.name.into(),
                price: price(&wire.price),
                entry_starts_at: wire.entry_starts_at,
                entry_ends_at: wire.entry_ends_at,
            },
            capacity: u64::try_from(wire.capacity).ok(),
            sold: u64::try_from(wire.sold).unwrap_or(0),
            section_id: wire.section_id.map(SectionId::from_service),
        }
    }
}

impl From<Section> for domain::Section {
    fn from(wire: Section) -> Self {
        Self {
            summary: domain::SectionSummary { id: SectionId::from_service(wire.id), name: wire.name.into() },
            capacity: u64::try_from(wire.capacity).ok(),
            sold: u64::try_from(wire.sold).unwrap_or(0),
        }
    }
}

fn event_summary(wire: &TicketEvent, id: EventId) -> domain::EventSummary {
    domain::EventSummary {
        id,
        name: wire.name.as_str().into(),
        venue: wire.location.name.as_str().into(),
        time_zone: wire.location.time_zone.as_str().into(),
        entry_starts_at: wire.entry_starts_at,
        entry_ends_at: wire.entry_ends_at,
    }
}

fn section_summary(wire: TicketSection) -> domain::SectionSummary {
    domain::SectionSummary { id: wire.id, name: wire.name.into() }
}

fn attendee(wire: super::Attendee) -> domain::Attendee {
    domain::Attendee {
        first_name: wire.first_name.into(),
        last_name: wire.last_name.into(),
        email: wire.email.into(),
        phone: wire.phone.filter(|phone| !phone.trim().is_empty()).map(Into::into),
    }
}

fn price(wire: &super::Price) -> domain::Price {
    domain::Price { base: wire.base, booking: wire.booking, currency: wire.currency.as_str().into() }
}

fn person_name(wire: &ScannedBy) -> SafeText {
    let name = format!("{} {}", wire.first_name.trim(), wire.last_name.trim());
    match name.trim() {
        "" => wire.email.as_str().into(),
        name => name.into(),
    }
}

/// Gives equal values one allocation.
#[derive(Debug)]
struct Pool<T>(HashSet<T>);

impl<T: Clone + Eq + Hash> Pool<T> {
    fn share(&mut self, value: T) -> T {
        if let Some(known) = self.0.get(&value) {
            return known.clone();
        }
        if self.0.len() >= MAX_REMEMBERED {
            self.0.clear();
        }
        self.0.insert(value.clone());
        value
    }
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self(HashSet::new())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sparse(id: &str) -> Ticket {
        serde_json::from_value(json!({
            "id": id, "status": "REDEEMED", "orderId": "ord_1", "eventId": "evt_1", "admissionId": "adm_1",
            "attendee": {"firstName": "Zo\u{eb}\u{1b}[2J", "lastName": "Ng", "email": "z@example.com", "phone": " "},
            "event": {"name": "Night"}, "admission": {"name": "Floor"}, "createdAt": "2026-01-01T00:00:00Z",
            "scans": [{"id": "s1", "scannedAt": "2026-01-01T20:00:00Z", "scannedById": "usr_1", "deviceId": "north",
                       "kind": "CHECK_IN", "scannedBy": {"id": "usr_1", "email": "mo@example.com"}}],
        }))
        .unwrap()
    }

    #[test]
    fn a_sparse_ticket_reads_and_is_harmless() {
        let ticket = Decoder::new().ticket(sparse("tkt_1"));
        assert_eq!(&*ticket.attendee.first_name, "Zo\u{eb}\u{fffd}[2J");
        assert_eq!(ticket.attendee.phone, None);
        assert_eq!(ticket.updated_at, ticket.created_at);
        assert_eq!(&*ticket.scans[0].scanned_by.name, "mo@example.com");
        assert_eq!(ticket.event.id.as_str(), "evt_1");
    }

    #[test]
    fn what_tickets_share_is_kept_once() {
        let mut decoder = Decoder::new();
        let (a, b) = (decoder.ticket(sparse("tkt_1")), decoder.ticket(sparse("tkt_2")));
        assert!(Arc::ptr_eq(&a.event, &b.event));
        assert!(Arc::ptr_eq(&a.admission, &b.admission));
        assert!(Arc::ptr_eq(&a.scans[0].scanned_by, &b.scans[0].scanned_by));
    }

    #[test]
    fn a_row_of_the_roster_is_older_than_any_whole_ticket_and_borrows_from_the_event() {
        let tier = |id: &str, price| json!({"id": id, "name": "Floor", "price": {"base": price, "currency": "AUD"}});
        let event = serde_json::from_value::<Event>(json!({
            "id": "evt_1", "name": "Night", "admissions": [tier("adm_1", 4_500)], "sections": [],
            "location": {"name": "Pier 2", "timeZone": "UTC"},
        }));
        let event = domain::Event::from(event.unwrap());
        let row = |admission: &str| {
            serde_json::from_value::<RosterRow>(json!({
                "id": "tkt_1", "orderId": "ord_1", "status": "REDEEMED",
                "attendee": {"firstName": "Zo\u{eb}\u{1b}", "lastName": "Ng", "email": "z@example.com"},
                "admission": {"id": admission, "name": "Pit", "entryEndsAt": "2026-01-01T23:00:00"},
            }))
        };
        let mut decoder = Decoder::new();
        let light = decoder.light(row("adm_1").unwrap(), &event);
        assert!(light.is_light());
        assert_eq!((&*light.attendee.first_name, light.admission.price.base), ("Zo\u{eb}\u{fffd}", 4_500));
        assert_eq!(&*decoder.light(row("adm_2").unwrap(), &event).admission.name, "Pit");
        let undated = Ticket { created_at: Timestamp::UNIX_EPOCH, ..sparse("tkt_1") };
        let whole = decoder.ticket(undated);
        assert!(whole.supersedes(&light) && !light.supersedes(&whole) && light.supersedes(&light));
    }
}
