//! The ticket index, from outside: what is found, in which order, and what never changes.

#![allow(clippy::unwrap_used, reason = "a test may stop at anything unexpected")]
#![allow(clippy::single_range_in_vec_init, reason = "lists of ranges are what is compared")]

#[path = "index/examples.rs"]
mod examples;
#[path = "index/properties.rs"]
mod properties;
#[path = "index/ranking.rs"]
mod ranking;

use std::sync::Arc;

use doorlist::domain::{
    AdmissionId, AdmissionSummary, Attendee, CustomerId, EventId, EventSummary, OrderId, Price, Ticket, TicketId,
    TicketStatus,
};
use doorlist::index::{Filters, TicketIndex};
use jiff::Timestamp;
use jiff::civil::DateTime;

/// A guest, as a test tells one.
#[derive(Clone, Debug, Default)]
struct Guest {
    first: String,
    last: String,
    email: String,
    phone: Option<String>,
    status: u8,
    order: u8,
    tier: u8,
    minute: u8,
}

impl Guest {
    fn named(first: &str, last: &str) -> Self {
        Self { first: first.into(), last: last.into(), ..Self::default() }
    }

    fn ticket(&self, number: usize) -> Ticket {
        let tier = format!("adm_01jq8zv5k3m9x2c7b4n6d8f0g{}", self.tier % 3);
        let at = Timestamp::from_second(1_790_000_000 + 60 * i64::from(self.minute)).unwrap();
        Ticket {
            id: TicketId::from_service(ticket_id(number)),
            status: TicketStatus::ALL[usize::from(self.status) % 3],
            attendee: Attendee {
                first_name: self.first.as_str().into(),
                last_name: self.last.as_str().into(),
                email: self.email.as_str().into(),
                phone: self.phone.as_deref().map(Into::into),
            },
            order_id: OrderId::from_service(format!("ord_01jq8zv5k3m9x2c7b4n6d8h{:03}", self.order)),
            customer_id: CustomerId::from_service("cus_1"),
            event: Arc::new(EventSummary {
                id: EventId::from_service("evt_1"),
                name: "Night".into(),
                venue: "Hall".into(),
                time_zone: "UTC".into(),
                entry_starts_at: DateTime::default(),
                entry_ends_at: DateTime::default(),
            }),
            admission: Arc::new(AdmissionSummary {
                id: AdmissionId::from_service(tier),
                name: "Floor".into(),
                price: Price { base: 1, booking: 0, currency: "EUR".into() },
                entry_starts_at: DateTime::default(),
                entry_ends_at: DateTime::default(),
            }),
            section: None,
            scans: Vec::new(),
            created_at: at,
            updated_at: at,
        }
    }
}

fn ticket_id(number: usize) -> String {
    format!("tkt_01jq8zv5k3m9x2c7b4n6d{number:05}")
}

fn found(index: &mut TicketIndex, typed: &str) -> Vec<String> {
    let answer = index.search(typed, &Filters::default(), 10);
    answer.hits.iter().map(|hit| index.get(&hit.id).unwrap().attendee.full_name()).collect()
}
