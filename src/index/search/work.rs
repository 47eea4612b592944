//! What one search may look at, and how far it came.

/// Most candidates that one search looks at, whatever is typed.
pub(super) const MOST_CANDIDATES: usize = 4_000;
/// Most tickets of which one search reads the names.
const MOST_GLANCED: usize = 4_000;
/// Most tickets of lists that one search passes by.
const MOST_SCANNED: usize = 600_000;
/// So many tickets, and more, are worth all that work.
const MANY: usize = 1_000_000;
/// However few tickets there are, this part of all the work is worth it.
const LEAST: usize = 4;

/// The bounds of one search. Fewer tickets have fewer namesakes: where there are few, less work loses no more.
#[derive(Debug)]
pub(super) struct Work {
    tickets: usize,
    pub candidates: usize,
    /// Tickets whose names were read.
    pub glanced: usize,
    /// Tickets of lists that were passed by.
    scanned: usize,
}

impl Work {
    /// Nothing was looked at yet. What a filter takes away was looked at, too: behind one all the work is worth it.
    pub(super) const fn among(tickets: usize, is_filtered: bool) -> Self {
        let tickets = if is_filtered { MANY } else { tickets };
        Self { tickets, candidates: 0, glanced: 0, scanned: 0 }
    }

    /// So much of a bound as is worth it.
    pub(super) fn worth(&self, most: usize) -> usize {
        let least = most / LEAST;
        least + (most - least) * self.tickets.min(MANY) / MANY
    }

    pub(super) fn has_candidates(&self) -> bool {
        self.candidates < self.worth(MOST_CANDIDATES)
    }

    /// Counts one more candidate; false when there were enough.
    pub(super) fn take_candidate(&mut self) -> bool {
        self.candidates += 1;
        self.candidates <= self.worth(MOST_CANDIDATES)
    }

    /// Counts tickets whose names are about to be read; false when there were enough.
    pub(super) fn glance(&mut self, tickets: usize) -> bool {
        self.glanced += tickets;
        self.glanced <= self.worth(MOST_GLANCED)
    }

    /// Counts tickets that are about to be passed by; false when there were enough.
    pub(super) const fn scan(&mut self, tickets: usize) -> bool {
        self.scanned += tickets;
        self.scanned <= MOST_SCANNED
    }

    /// Leaves at most so many candidates to look at.
    pub(super) fn leave_candidates(&mut self, most: usize) {
        self.candidates = self.candidates.max(self.worth(MOST_CANDIDATES).saturating_sub(most));
    }

    /// Leaves at most so many names to read.
    pub(super) fn leave_glances(&mut self, most: usize) {
        self.glanced = self.glanced.max(self.worth(MOST_GLANCED).saturating_sub(most));
    }
}
