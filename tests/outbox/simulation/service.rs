//! The service, as the contract has it.

use std::collections::HashMap;
use std::sync::Arc;

use doorlist::domain::{
    Entry, EntryId, Person, Scan, ScanId, ScanRefusal, Ticket, TicketId, Transition, UserId, transition,
};
use doorlist::sync::drain::{Answer, Form};
use jiff::{SignedDuration, Timestamp};

use crate::outbox::make::House;

/// One applied scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    pub entry: EntryId,
    pub ticket: TicketId,
    pub scan: ScanId,
}

/// Tickets, answers by key, and the truth about which entry led to which scan.
#[derive(Debug)]
pub struct Service {
    pub form: Form,
    pub log: Vec<Applied>,
    tickets: HashMap<TicketId, Ticket>,
    answers: HashMap<EntryId, Answer>,
    forgets_keys: bool,
}

impl Service {
    pub fn new(form: Form, tickets: u32, forgets_keys: bool) -> Self {
        let house = House::new();
        // Number 1 and its like have no scan yet.
        let fresh = (0..tickets).map(|number| house.ticket(number * 3 + 1)).map(|ticket| (ticket.id.clone(), ticket));
        Self { form, log: Vec::new(), tickets: fresh.collect(), answers: HashMap::new(), forgets_keys }
    }

    pub fn ids(&self) -> Vec<TicketId> {
        let mut ids: Vec<TicketId> = self.tickets.keys().cloned().collect();
        ids.sort();
        ids
    }

    pub fn read(&self, ticket: &TicketId) -> Ticket {
        self.tickets[ticket].clone()
    }

    /// How often an entry has led to a scan.
    pub fn applied(&self, entry: &EntryId) -> usize {
        self.log.iter().filter(|applied| applied.entry == *entry).count()
    }

    /// Takes a scan, or refuses it.
    pub fn scan(&mut self, entry: &Entry, user: &UserId, now: Timestamp, says_why: bool) -> Answer {
        let keyed = self.form == Form::ByKey && !self.forgets_keys;
        if let Some(answer) = self.answers.get(&entry.id).filter(|_| keyed) {
            return answer.clone();
        }
        let answer = self.decide(entry, user, now, says_why);
        self.answers.insert(entry.id, answer.clone());
        answer
    }

    fn decide(&mut self, entry: &Entry, user: &UserId, now: Timestamp, says_why: bool) -> Answer {
        let number = self.log.len();
        let ticket = self.tickets.get_mut(&entry.ticket).unwrap();
        match transition(ticket.status, entry.kind.into()) {
            Transition::To(status) => {
                let scan = Scan {
                    id: ScanId::from_service(format!("scn_{number}")),
                    kind: entry.kind,
                    scanned_at: now,
                    scanned_by: Arc::new(Person { id: user.clone(), name: "Mo Ito".into() }),
                    device_id: entry.device.clone(),
                };
                self.log.push(Applied { entry: entry.id, ticket: ticket.id.clone(), scan: scan.id.clone() });
                ticket.status = status;
                ticket.scans.push(scan);
                ticket.updated_at = now.max(ticket.updated_at + SignedDuration::from_millis(1));
                Answer::Accepted(Box::new(ticket.clone()))
            }
            Transition::Refused(rule) if says_why => {
                Answer::Refused { refusal: ScanRefusal::Rule(rule), ticket: Some(Box::new(ticket.clone())) }
            }
            Transition::NoChange | Transition::Refused(_) => {
                let refusal = ScanRefusal::Other { message: "Ticket cannot be scanned".into() };
                Answer::Refused { refusal, ticket: None }
            }
        }
    }
}
