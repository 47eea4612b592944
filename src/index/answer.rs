//! What a search asks beyond its text, and what it answers.

use std::ops::Range;

use crate::domain::{AdmissionId, OrderId, SectionId, TicketId, TicketStatus};

/// What the hits must be, besides matching the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Only tickets in this status.
    pub status: Option<TicketStatus>,
    /// Only tickets of these tiers; empty is any.
    pub admissions: Vec<AdmissionId>,
    /// Only tickets of these sections; empty is any, also tickets without a section.
    pub sections: Vec<SectionId>,
    /// Only tickets of this order.
    pub order: Option<OrderId>,
}

/// The best hits, best first, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// At most as many as were asked for.
    pub hits: Vec<Hit>,
    /// How many tickets match.
    pub matched: Matched,
}

/// How many tickets match, as far as the work was worth it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matched {
    /// All were counted.
    Exactly(usize),
    /// The search had what it needed and stopped counting.
    AtLeast(usize),
}

/// One ticket that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The ticket.
    pub id: TicketId,
    /// The letters that matched.
    pub lit: Lit,
}

/// The matched letters of a ticket: byte ranges into its texts as they are shown.
///
/// Ranges lie on character boundaries, ascend and are apart from each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lit {
    /// In the first name.
    pub first_name: Vec<Range<usize>>,
    /// In the last name.
    pub last_name: Vec<Range<usize>>,
    /// In the email address.
    pub email: Vec<Range<usize>>,
    /// In the phone number.
    pub phone: Vec<Range<usize>>,
    /// In the order's id.
    pub order: Vec<Range<usize>>,
    /// In the ticket's own id.
    pub ticket: Vec<Range<usize>>,
}
