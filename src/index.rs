//! The in-memory ticket index: every ticket of the event, found by whatever the guest can tell.
//!
//! Typed text is taken apart into words (`query`), each word is compared with the words of all
//! names (`tokens`, `spelling`, `sound`, `nicknames`) and looked up among addresses, numbers and
//! ids (`fields`); the rarest word leads to the tickets, those of another are marked, and who has both is judged (`search`).
//! What fits best ends the search: exact, then begun, then nicknames, one mistake, sound-alikes, two
//! mistakes, and abbreviations last. Every list (`shelves`) is changed in place with each ticket, so that a
//! ticket that just came is found by the same rules as all others, and nothing is ever rebuilt.

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

use std::collections::HashMap;

pub use answer::{Answer, Filters, Hit, Lit, Matched};
pub use counts::{AdmissionTally, Counts, SectionTally, Tally};
pub use normalize::fold_words as fold;
use shelves::{Shelves, id_key};
use slots::{Slot, Slots};

use crate::domain::{OrderId, Ticket, TicketId};

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
        let tickets = tickets.into_iter();
        let mut index = Self::new();
        index.slots.reserve(tickets.size_hint().0);
        for ticket in tickets {
            index.slots.put(ticket);
        }
        index.drop_older_states();
        index.shelves = Shelves::load(&mut index.slots);
        index.slots.tickets().for_each(|ticket| index.counts.add(ticket));
        index
    }

    /// Leaves the newest state of every ticket, the last one of several as new.
    fn drop_older_states(&mut self) {
        let mut by_key: Vec<(u32, Slot)> =
            self.slots.all().map(|slot| (id_key(self.slots.ticket(slot).id.as_str()), slot)).collect();
        by_key.sort_unstable();
        for run in by_key.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            let mut kept: HashMap<TicketId, Slot> = HashMap::new();
            for (_, slot) in run {
                let ticket = self.slots.ticket(*slot);
                let known = kept.get(&ticket.id).copied();
                let older = match known {
                    Some(known) if !ticket.supersedes(self.slots.ticket(known)) => *slot,
                    Some(known) => known,
                    None => Slot::MAX,
                };
                if older != *slot {
                    kept.insert(ticket.id.clone(), *slot);
                }
                if older != Slot::MAX {
                    self.slots.take(older);
                }
            }
        }
    }

    /// Takes a ticket in, unless a newer state of it is known.
    pub fn upsert(&mut self, ticket: Ticket) -> Upsert {
        let Some(slot) = self.slot(&ticket.id) else {
            self.counts.add(&ticket);
            let slot = self.slots.put(ticket);
            self.shelves.add(&mut self.slots, slot);
            self.version += 1;
            return Upsert::Inserted;
        };
        let known = self.slots.ticket(slot);
        if known.updated_at == ticket.updated_at && *known == ticket {
            return Upsert::Unchanged;
        }
        if !ticket.supersedes(known) {
            return Upsert::Stale;
        }
        self.counts.add(&ticket);
        if let Some(old) = self.shelves.replace(&mut self.slots, slot, ticket) {
            self.counts.subtract(&old);
        }
        self.version += 1;
        Upsert::Replaced
    }

    /// Forgets a ticket.
    pub fn remove(&mut self, id: &TicketId) -> Option<Ticket> {
        let slot = self.slot(id)?;
        self.shelves.remove(&mut self.slots, slot);
        let ticket = self.slots.take(slot)?;
        self.counts.subtract(&ticket);
        self.version += 1;
        Some(ticket)
    }

    /// The ticket of this id.
    #[must_use]
    pub fn get(&self, id: &TicketId) -> Option<&Ticket> {
        self.slot(id).map(|slot| self.slots.ticket(slot))
    }

    fn slot(&self, id: &TicketId) -> Option<Slot> {
        let key = id_key(id.as_str());
        self.shelves.tickets.range(key..=key).map(|(_, slot)| slot).find(|slot| self.slots.ticket(*slot).id == *id)
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
        let run = self.shelves.orders.range(key..=key).map(|(_, slot)| self.slots.ticket(slot));
        let mut tickets: Vec<_> = run.filter(|ticket| ticket.order_id == *order).collect();
        tickets.sort_by(|a, b| a.id.cmp(&b.id));
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
