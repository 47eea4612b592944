//! The store and the connection: what was kept, and whether anything can be kept and sent.

use jiff::Timestamp;

use crate::console::app::{App, Health, StoreState};
use crate::console::effect::{Bell, Effect};
use crate::console::message::Stored;
use crate::domain::{SafeText, Ticket, TicketId};
use crate::index::TicketIndex;

/// More than these nobody reads.
const MOST_FINDINGS: usize = 20;

impl App {
    /// The store is open: the evening goes on where it was left.
    pub(super) fn store_opened(&mut self, stored: Stored, now: Timestamp) -> Vec<Effect> {
        self.session.store = StoreState::Open;
        stored.findings.into_iter().for_each(|finding| self.note_finding(finding));
        if let (None, Some((event, zone))) = (&self.session.event, stored.event) {
            self.session.event = Some(Box::new(event));
            self.session.zone = zone;
            self.settle_gate();
        }
        self.session.whole_at = stored.taken_at.filter(|_| stored.is_whole);
        self.session.connection.fresh_at = self.session.connection.fresh_at.or(stored.taken_at);
        stored.entries.into_iter().for_each(|entry| self.outbox.put(entry));
        self.take_tickets(stored.tickets);
        self.recall(&stored.acts, now);
        let unsent: Vec<TicketId> = self.outbox.unsent().map(|entry| entry.ticket.clone()).collect();
        for ticket in &unsent {
            self.overlay(ticket);
        }
        let mut effects = self.search_again(now);
        effects.extend(self.take_waiting(now));
        effects
    }

    /// A whole list at once goes in faster than ticket by ticket.
    fn take_tickets(&mut self, tickets: Vec<Ticket>) {
        if self.index.is_empty() {
            self.index = TicketIndex::build(tickets);
            self.index.tickets().for_each(|ticket| self.arrivals.add(ticket));
        } else {
            for ticket in tickets {
                self.merge(ticket);
            }
        }
    }

    pub(super) fn store_not_opened(&mut self, why: SafeText, now: Timestamp) -> Vec<Effect> {
        self.session.store = StoreState::Failed(why);
        let mut effects = vec![Effect::Ring(Bell::Attention)];
        effects.extend(self.take_waiting(now));
        effects
    }

    pub(super) fn act_not_recorded(&mut self, why: SafeText) -> Vec<Effect> {
        self.note_finding(why);
        vec![Effect::Ring(Bell::Attention)]
    }

    /// Keeps a sentence until a person has seen it: a disk that stays full says the same all evening.
    pub(super) fn note_finding(&mut self, finding: SafeText) {
        let findings = &mut self.session.findings;
        if findings.len() < MOST_FINDINGS && !findings.contains(&finding) {
            findings.push(finding);
        }
    }

    pub(super) fn connection_changed(&mut self, health: Health, now: Timestamp) -> Vec<Effect> {
        if health != self.session.connection.health {
            self.session.connection.since = Some(now);
            self.session.connection.health = health;
            self.say_what_is_waited_for(now);
        }
        Vec::new()
    }
}
