//! The in-memory ticket index: every ticket of the event, found by whatever the guest can tell.

mod answer;
mod counts;

use std::collections::HashMap;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub use answer::{Answer, Filters, Hit, Lit, Matched};
pub use counts::{AdmissionTally, Counts, SectionTally, Tally};

use crate::domain::{OrderId, Ticket, TicketId, digits};

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
    tickets: HashMap<TicketId, Ticket>,
    counts: Counts,
}

impl TicketIndex {
    /// An index that knows no ticket yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An index of all `tickets`; of two states of one ticket the newer is kept.
    pub fn build(tickets: impl IntoIterator<Item = Ticket>) -> Self {
        let mut index = Self::new();
        for ticket in tickets {
            index.upsert(ticket);
        }
        index
    }

    /// Takes a ticket in, unless a newer state of it is known.
    pub fn upsert(&mut self, ticket: Ticket) -> Upsert {
        if let Some(known) = self.tickets.get(&ticket.id) {
            if *known == ticket {
                return Upsert::Unchanged;
            }
            if !ticket.supersedes(known) {
                return Upsert::Stale;
            }
        }
        self.counts.add(&ticket);
        match self.tickets.insert(ticket.id.clone(), ticket) {
            None => Upsert::Inserted,
            Some(old) => {
                self.counts.subtract(&old);
                Upsert::Replaced
            }
        }
    }

    /// Forgets a ticket.
    pub fn remove(&mut self, id: &TicketId) -> Option<Ticket> {
        let ticket = self.tickets.remove(id)?;
        self.counts.subtract(&ticket);
        Some(ticket)
    }

    /// The ticket of this id.
    #[must_use]
    pub fn get(&self, id: &TicketId) -> Option<&Ticket> {
        self.tickets.get(id)
    }

    /// How many tickets there are, in any status.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tickets.len()
    }

    /// Whether there is no ticket at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tickets.is_empty()
    }

    /// Every ticket, in no particular order.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.values()
    }

    /// The tickets of one order, by id.
    #[must_use]
    pub fn order_tickets(&self, order: &OrderId) -> Vec<&Ticket> {
        let mut tickets: Vec<_> = self.tickets().filter(|ticket| ticket.order_id == *order).collect();
        tickets.sort_by(|a, b| a.id.cmp(&b.id));
        tickets
    }

    /// How many tickets stand in which status.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The best `limit` tickets for `text` among those that pass `filters`.
    pub fn search(&mut self, text: &str, filters: &Filters, limit: usize) -> Answer {
        let typed: Vec<String> = fold(text).split_whitespace().take(8).map(str::to_owned).collect();
        let letters = SkimMatcherV2::default().ignore_case();
        let mut found: Vec<_> = self
            .tickets()
            .filter(|ticket| passes(filters, ticket))
            .filter_map(|ticket| Some((cost(&letters, &typed, ticket)?, ticket)))
            .collect();
        found.sort_by_cached_key(|(cost, ticket)| {
            (*cost, ticket.status, fold(&ticket.attendee.full_name()), ticket.id.clone())
        });
        let matched = Matched::Exactly(found.len());
        found.truncate(limit);
        let hits = found.into_iter().map(|(_, ticket)| hit(&typed, ticket)).collect();
        Answer { hits, matched }
    }
}

fn fold(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c) && *c != '\'').flat_map(char::to_lowercase).collect()
}

fn passes(filters: &Filters, ticket: &Ticket) -> bool {
    filters.status.is_none_or(|status| ticket.status == status)
        && (filters.admissions.is_empty() || filters.admissions.contains(&ticket.admission.id))
        && (filters.sections.is_empty()
            || ticket.section.as_ref().is_some_and(|section| filters.sections.contains(&section.id)))
        && filters.order.as_ref().is_none_or(|order| ticket.order_id == *order)
}

fn cost(matcher: &SkimMatcherV2, typed: &[String], ticket: &Ticket) -> Option<usize> {
    let name = fold(&ticket.attendee.full_name());
    let phone: String = ticket.attendee.phone.iter().flat_map(|phone| digits(phone).map(char::from)).collect();
    let email = fold(&ticket.attendee.email);
    typed.iter().try_fold(0, |sum, word| {
        let number: String = digits(word).map(char::from).collect();
        let cost = if name.split_whitespace().any(|known| known == word) {
            0
        } else if name.split_whitespace().any(|known| known.starts_with(word.as_str()))
            || email.contains(word.as_str())
            || number.len() > 2 && phone.contains(&number)
            || ticket.id.as_str().ends_with(word.as_str())
            || ticket.order_id.as_str().ends_with(word.as_str())
        {
            1
        } else {
            matcher.fuzzy_match(&name, word).map(|_| 2)?
        };
        Some(sum + cost)
    })
}

fn hit(typed: &[String], ticket: &Ticket) -> Hit {
    let light = |text: &str| {
        let lower = text.to_lowercase();
        let range = typed.iter().find_map(|word| lower.find(word.as_str()).map(|start| start..start + word.len()));
        range.into_iter().filter(|range| text.get(range.clone()).is_some()).collect()
    };
    let lit = Lit {
        first_name: light(&ticket.attendee.first_name),
        last_name: light(&ticket.attendee.last_name),
        email: light(&ticket.attendee.email),
        phone: ticket.attendee.phone.as_deref().map(light).unwrap_or_default(),
        order: light(ticket.order_id.as_str()),
        ticket: light(ticket.id.as_str()),
    };
    Hit { id: ticket.id.clone(), lit }
}
