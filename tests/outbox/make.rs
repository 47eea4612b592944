//! Entries, tickets and snapshots to test with.

use std::sync::Arc;

use doorlist::domain::{
    Admission, AdmissionId, AdmissionSummary, Attendee, AuditAct, AuditRecord, CustomerId, DeviceId, Entry, EntryId,
    EntryState, Event, EventId, EventSummary, Gate, Operator, OrderId, Person, Price, Scan, ScanId, ScanKind, Section,
    SectionId, SectionSummary, TenantId, Ticket, TicketId, TicketStatus, UserId,
};
use doorlist::store::{Place, Snapshot, Write};
use jiff::{SignedDuration, Timestamp};

pub fn place() -> Place {
    Place {
        tenant: TenantId::from_service("tnt_01jq8zv5k3m9x2c7b4n6d8f0ga"),
        event: EventId::from_service("evt_01jq8zv5k3m9x2c7b4n6d8f0ga"),
        device: DeviceId::from_service("north-4f2a"),
    }
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

pub fn operator() -> Operator {
    Operator { user: Some(UserId::from_service("usr_1")), name: "Mo Ito".into(), role: None }
}

pub fn entry(number: u32) -> Entry {
    let mut random = [0; 10];
    random[6..].copy_from_slice(&number.to_be_bytes());
    let place = place();
    Entry {
        id: EntryId::new(at(number.into()), random),
        kind: ScanKind::CheckIn,
        ticket: TicketId::from_service(format!("tkt_{number:026}")),
        order: None,
        event: place.event,
        device: place.device,
        operator: operator(),
        gate: Gate::default(),
        taken_at: at(number.into()),
        undoes: None,
        against: None,
        override_reason: None,
        promised: true,
        attempts: None,
        state: EntryState::Queued,
    }
}

/// A scan as it is kept: the entry and the record of the act.
pub fn scan(number: u32) -> Write {
    let entry = entry(number);
    let record = AuditRecord {
        at: entry.taken_at,
        operator: operator(),
        device: entry.device.clone(),
        act: AuditAct::CheckIn,
        target: entry.ticket.as_str().to_owned(),
        entry: Some(entry.id),
        tried: None,
        change: None,
        guest: "".into(),
        outcome: "in, not yet sent".into(),
    };
    Write { entries: vec![entry], tickets: Vec::new(), audit: vec![record] }
}

/// Builds tickets that share what the tickets of an event share.
pub struct House {
    event: Arc<EventSummary>,
    admission: Arc<AdmissionSummary>,
    section: Arc<SectionSummary>,
    person: Arc<Person>,
}

impl House {
    pub fn new() -> Self {
        let doors = "2027-01-15T19:00:00".parse().unwrap();
        let last = "2027-01-15T23:30:00".parse().unwrap();
        Self {
            event: Arc::new(EventSummary {
                id: place().event,
                name: "Night of the Lanterns".into(),
                venue: "Harbour Hall".into(),
                time_zone: "Australia/Melbourne".into(),
                entry_starts_at: doors,
                entry_ends_at: last,
            }),
            admission: Arc::new(AdmissionSummary {
                id: AdmissionId::from_service("adm_floor"),
                name: "Floor".into(),
                price: Price { base: 4_500, booking: 250, currency: "AUD".into() },
                entry_starts_at: doors,
                entry_ends_at: last,
            }),
            section: Arc::new(SectionSummary { id: SectionId::from_service("sct_a"), name: "A".into() }),
            person: Arc::new(Person { id: UserId::from_service("usr_1"), name: "Mo Ito".into() }),
        }
    }

    pub fn ticket(&self, number: u32) -> Ticket {
        let names =
            ["Zoë Đặng", "Ada Lovelace", "王 小明", "Noor al-Hashimi", "Siobhán O'Brien", "Nguyễn Thị Minh Khai"];
        let (first, last) = names[number as usize % names.len()].split_once(' ').unwrap();
        let is_in = number.is_multiple_of(3);
        let scan = Scan {
            id: ScanId::from_service(format!("scn_{number}")),
            kind: ScanKind::CheckIn,
            scanned_at: at(number.into()),
            scanned_by: Arc::clone(&self.person),
            device_id: DeviceId::from_service("south-1111"),
        };
        Ticket {
            id: TicketId::from_service(format!("tkt_{number:026}")),
            status: if is_in { TicketStatus::Redeemed } else { TicketStatus::Active },
            attendee: Attendee {
                first_name: first.into(),
                last_name: last.into(),
                email: format!("guest{number}@example.com").into(),
                phone: (number.is_multiple_of(2)).then(|| "+61 412 345 678".into()),
            },
            order_id: OrderId::from_service(format!("ord_{:026}", number / 3)),
            customer_id: CustomerId::from_service(format!("cus_{:026}", number / 3)),
            event: Arc::clone(&self.event),
            admission: Arc::clone(&self.admission),
            section: (number.is_multiple_of(5)).then(|| Arc::clone(&self.section)),
            scans: if is_in { vec![scan] } else { Vec::new() },
            created_at: at(0),
            updated_at: at(number.into()),
        }
    }

    pub fn snapshot(&self, tickets: u32) -> Snapshot {
        let event = Event {
            summary: (*self.event).clone(),
            admissions: vec![Admission {
                summary: (*self.admission).clone(),
                capacity: None,
                sold: 7,
                section_id: None,
            }],
            sections: vec![Section { summary: (*self.section).clone(), capacity: Some(80), sold: 3 }],
        };
        Snapshot { taken_at: at(5), event, tickets: (0..tickets).map(|number| self.ticket(number)).collect() }
    }

    /// The same ticket as the service tells it a little later.
    pub fn later(&self, number: u32) -> Ticket {
        let mut ticket = self.ticket(number);
        ticket.updated_at += SignedDuration::from_secs(60);
        ticket
    }
}
