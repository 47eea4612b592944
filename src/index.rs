//! The in-memory ticket index: every ticket of the event, found by whatever the guest can tell.
//!
//! Typed text is taken apart into words (`query`), each word is compared with the words of all
//! names (`tokens`, `spelling`, `sound`, `nicknames`) and looked up among addresses, numbers and
//! ids (`fields`); the rarest word leads to the tickets, those of another are marked, and who has both is judged (`search`).
//! What fits best ends the search: exact, then begun, then nicknames, one mistake, sound-alikes, two
//! mistakes, and abbreviations last. Every list (`shelves`) is changed in place, nothing is ever rebuilt: a
//! ticket that came is entered before the next search, and found by the same rules as all others.

mod answer;
mod blocks;
mod counts;
mod fields;
mod keys;
mod lexicon;
mod light;
mod near_fields;
mod nicknames;
mod normalize;
mod postings;
mod query;
mod rank;
mod search;
mod shelves;
mod slots;
mod sound;
mod spelling;
mod tokens;

pub use answer::{Answer, Filters, Hit, Lit, Matched};
pub use counts::{AdmissionTally, Counts, SectionTally, Tally};
pub use normalize::fold_words as fold;
use shelves::{Shelves, id_key};
use slots::{Slot, Slots};

use crate::domain::{OrderId, Ticket, TicketId};

/// Tickets that wait to be entered into the lists: two pages of the service, and the longest that a search works for them.
const MOST_WAITING: usize = 256;

/// More tickets than this get no room before they come: a service can claim any number.
const MOST_EXPECTED: usize = 2_000_000;

/// What became of a ticket that was handed to the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upsert {
    /// It was not known.
    Inserted,
    /// It took the place of an older state.
    Replaced,
    /// It says what was known already.
    Unchanged,
    /// It is older than what is known, and was dropped.
    Stale,
}

/// All tickets of an event, searchable.
#[derive(Default)]
pub struct TicketIndex {
    slots: Slots,
    shelves: Shelves,
    counts: Counts,
    /// Tickets that are not in the lists as they stand, each with the state in which it is listed, if it is.
    waiting: Vec<(Slot, Option<Ticket>)>,
    /// Moves with every change.
    version: u64,
    memory: search::Memory,
}

impl TicketIndex {
    /// An index that knows no ticket yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An index of all `tickets`; of two states of one ticket the newer is kept.
    ///
    /// Faster than as many [`Self::upsert`]s, and alike in every answer; made on two threads.
    pub fn build(tickets: impl IntoIterator<Item = Ticket>) -> Self {
        let slots = Slots::load(tickets.into_iter().map(Some).collect());
        let mut index = Self { slots, ..Self::new() };
        index.shelves = Shelves::load(&mut index.slots);
        index.slots.tickets().for_each(|ticket| index.counts.add(ticket));
        index
    }

    /// Makes room for so many tickets, so that none of them has to wait for the others to be moved.
    ///
    /// Only before the first has come: later it would be this call that waits.
    pub fn expect(&mut self, tickets: usize) {
        if self.is_empty() {
            self.slots.reserve(tickets.min(MOST_EXPECTED));
        }
    }

    /// Takes a ticket in, unless a newer state of it is known.
    ///
    /// It is entered into the lists by the next search, or with others when there are many of them.
    pub fn upsert(&mut self, ticket: Ticket) -> Upsert {
        let (slot, old) = match self.slots.slot(&ticket.id) {
            None => {
                self.counts.add(&ticket);
                (self.slots.put(ticket), None)
            }
            Some(slot) => {
                let known = self.slots.ticket(slot);
                if known.updated_at == ticket.updated_at && *known == ticket {
                    return Upsert::Unchanged;
                }
                if !ticket.supersedes(known) {
                    return Upsert::Stale;
                }
                self.counts.add(&ticket);
                self.counts.subtract(known);
                (slot, self.slots.replace(slot, ticket))
            }
        };
        let upsert = if old.is_some() { Upsert::Replaced } else { Upsert::Inserted };
        if self.slots.wait(slot) {
            self.waiting.push((slot, old));
        }
        if self.waiting.len() >= MOST_WAITING {
            self.settle();
        }
        self.version += 1;
        upsert
    }

    /// Enters into the lists what has come since the last search.
    fn settle(&mut self) {
        for (slot, old) in self.waiting.drain(..) {
            self.slots.settle(slot);
            match old {
                None => self.shelves.add(&mut self.slots, slot),
                // The lists are left by what they were entered with.
                Some(old) => {
                    if let Some(new) = self.slots.replace(slot, old) {
                        self.shelves.replace(&mut self.slots, slot, new);
                    }
                }
            }
        }
    }

    /// Forgets a ticket.
    pub fn remove(&mut self, id: &TicketId) -> Option<Ticket> {
        let slot = self.slots.slot(id)?;
        self.settle();
        self.shelves.remove(&mut self.slots, slot);
        let ticket = self.slots.take(slot)?;
        self.counts.subtract(&ticket);
        self.version += 1;
        Some(ticket)
    }

    /// The ticket of this id.
    #[must_use]
    pub fn get(&self, id: &TicketId) -> Option<&Ticket> {
        self.slots.slot(id).map(|slot| self.slots.ticket(slot))
    }

    /// How many tickets there are, in any status.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is no ticket at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every ticket, in no particular order.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.slots.tickets()
    }

    /// The tickets of one order, by id.
    #[must_use]
    pub fn order_tickets(&self, order: &OrderId) -> Vec<&Ticket> {
        let key = id_key(order.as_str());
        let listed = self.shelves.orders.range(key..=key).map(|(_, slot)| slot);
        let waiting = self.waiting.iter().map(|(slot, _)| *slot);
        let all = listed.chain(waiting).map(|slot| self.slots.ticket(slot));
        let mut tickets: Vec<_> = all.filter(|ticket| ticket.order_id == *order).collect();
        tickets.sort_by(|a, b| a.id.cmp(&b.id));
        tickets.dedup_by(|a, b| a.id == b.id);
        tickets
    }

    /// How many tickets stand in which status.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The best `limit` tickets for `text` among those that pass `filters`.
    ///
    /// Remembers typed words: the next keystroke finds most of its work done. The work is bounded
    /// whatever is typed.
    pub fn search(&mut self, text: &str, filters: &Filters, limit: usize) -> Answer {
        self.settle();
        let asked = (text, filters, limit);
        let outcome = search::run(&mut self.memory, &self.shelves, &self.slots, self.version, asked);
        let hits = outcome.hits.iter().map(|found| {
            let ticket = self.slots.ticket(found.slot);
            let typed = outcome.readings.get(found.reading).map_or(&[][..], Vec::as_slice);
            Hit { id: ticket.id.clone(), lit: light::light(typed, ticket) }
        });
        Answer { hits: hits.collect(), matched: outcome.matched }
    }
}
