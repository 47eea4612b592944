//! How many tickets stand in which status, kept with every change.

use std::sync::Arc;

use crate::domain::{AdmissionSummary, SectionSummary, Ticket, TicketStatus};

/// Tickets by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Still to come.
    pub active: usize,
    /// Checked in.
    pub redeemed: usize,
    /// Voided.
    pub cancelled: usize,
}

impl Tally {
    /// Everyone who may be in: cancelled tickets do not count.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.active + self.redeemed
    }

    /// How many stand in `status`.
    #[must_use]
    pub const fn of(&self, status: TicketStatus) -> usize {
        match status {
            TicketStatus::Active => self.active,
            TicketStatus::Redeemed => self.redeemed,
            TicketStatus::Cancelled => self.cancelled,
        }
    }

    const fn of_mut(&mut self, status: TicketStatus) -> &mut usize {
        match status {
            TicketStatus::Active => &mut self.active,
            TicketStatus::Redeemed => &mut self.redeemed,
            TicketStatus::Cancelled => &mut self.cancelled,
        }
    }

    const fn is_empty(&self) -> bool {
        self.active == 0 && self.redeemed == 0 && self.cancelled == 0
    }
}

/// The tickets of one tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdmissionTally {
    /// The tier, as its tickets remember it.
    pub admission: Arc<AdmissionSummary>,
    /// Its tickets.
    pub tally: Tally,
}

/// The tickets of one section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionTally {
    /// The section, as its tickets remember it.
    pub section: Arc<SectionSummary>,
    /// Its tickets.
    pub tally: Tally,
}

/// All tickets of the index, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    overall: Tally,
    admissions: Vec<AdmissionTally>,
    sections: Vec<SectionTally>,
}

impl Counts {
    /// Every ticket there is.
    #[must_use]
    pub const fn overall(&self) -> Tally {
        self.overall
    }

    /// Everyone who may be in, over all tiers: cancelled tickets do not count.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.overall.total()
    }

    /// The tiers that have tickets, by id, so that their places never change under the eye.
    #[must_use]
    pub fn by_admission(&self) -> &[AdmissionTally] {
        &self.admissions
    }

    /// The sections that have tickets, by id.
    #[must_use]
    pub fn by_section(&self) -> &[SectionTally] {
        &self.sections
    }

    pub(super) fn add(&mut self, ticket: &Ticket) {
        *self.overall.of_mut(ticket.status) += 1;
        let place = self.admissions.binary_search_by(|known| known.admission.id.cmp(&ticket.admission.id));
        let place = place.unwrap_or_else(|place| {
            let admission = Arc::clone(&ticket.admission);
            self.admissions.insert(place, AdmissionTally { admission, tally: Tally::default() });
            place
        });
        *self.admissions[place].tally.of_mut(ticket.status) += 1;
        let Some(section) = &ticket.section else { return };
        let place = self.sections.binary_search_by(|known| known.section.id.cmp(&section.id));
        let place = place.unwrap_or_else(|place| {
            self.sections.insert(place, SectionTally { section: Arc::clone(section), tally: Tally::default() });
            place
        });
        *self.sections[place].tally.of_mut(ticket.status) += 1;
    }

    pub(super) fn subtract(&mut self, ticket: &Ticket) {
        *self.overall.of_mut(ticket.status) -= 1;
        if let Ok(place) = self.admissions.binary_search_by(|known| known.admission.id.cmp(&ticket.admission.id)) {
            *self.admissions[place].tally.of_mut(ticket.status) -= 1;
            if self.admissions[place].tally.is_empty() {
                self.admissions.remove(place);
            }
        }
        let Some(section) = &ticket.section else { return };
        if let Ok(place) = self.sections.binary_search_by(|known| known.section.id.cmp(&section.id)) {
            *self.sections[place].tally.of_mut(ticket.status) -= 1;
            if self.sections[place].tally.is_empty() {
                self.sections.remove(place);
            }
        }
    }
}
