//! The search box and what it found.

use std::time::Duration;

use jiff::Timestamp;

use super::field::Field;
use crate::domain::TicketId;
use crate::index::{Answer, Filters, Hit, Lit, Matched, TicketIndex};

/// Most rows that an answer holds; nobody reads further, the search is refined instead.
pub const RESULT_LIMIT: usize = 200;
/// Longest text the box takes, in characters; a pasted book is cut here.
const MAX_TYPED: usize = 200;

/// The search box, its answer and the selected row.
///
/// The rows hold ticket ids and are drawn from the index, so that a check-in shows at once without
/// a row moving under the cursor.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "five facts that hold apart from each other")]
pub struct Search {
    /// What was typed.
    pub input: Field,
    /// What narrows the list besides.
    pub filters: Filters,
    /// The rows, best first.
    pub hits: Vec<Hit>,
    /// How many tickets fit in all.
    pub matched: Matched,
    /// The ticket that Enter acts on.
    pub selected: Option<TicketId>,
    /// How long the last search took, from the key to the answer.
    pub took: Option<Duration>,
    /// The next typed character starts a new search: the last one ended with an act, whatever came of it.
    pub done: bool,
    /// The rows are what a code named, not what fits the typed text; none of them where it named nothing here.
    pub by_code: bool,
    /// An act was meant for a guest just now, and nobody is selected.
    pub lacks_guest: bool,
    /// Counts searches, so that the runtime knows when one ran.
    pub runs: u64,
    ran_at: Option<Timestamp>,
    /// The selected ticket fell out of the rows: nobody is selected until a person says who.
    fell_out: bool,
    /// Tickets came that the last search did not know.
    is_behind: bool,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            input: Field::new(MAX_TYPED),
            filters: Filters::default(),
            hits: Vec::new(),
            matched: Matched::Exactly(0),
            selected: None,
            took: None,
            done: false,
            by_code: false,
            lacks_guest: false,
            runs: 0,
            ran_at: None,
            fell_out: false,
            is_behind: false,
        }
    }
}

impl Search {
    /// Position of the selected row.
    #[must_use]
    pub fn position(&self) -> Option<usize> {
        let selected = self.selected.as_ref()?;
        self.hits.iter().position(|hit| hit.id == *selected)
    }

    /// Searches for what is typed and selects the best row.
    ///
    /// Nothing typed selects nobody: a stray Enter must not let a stranger in.
    pub(super) fn run(&mut self, index: &mut TicketIndex, now: Timestamp) {
        self.by_code = false;
        self.ask(index, now);
        self.select(self.best());
    }

    /// Shows these tickets in the place of what was typed, the first one selected.
    pub(super) fn show(&mut self, tickets: Vec<TicketId>) {
        self.clear();
        self.select(tickets.first().cloned());
        self.matched = Matched::Exactly(tickets.len());
        self.hits = tickets.into_iter().map(|id| Hit { id, lit: Lit::default() }).collect();
        self.by_code = true;
        self.runs += 1;
    }

    /// Shows that nothing here has this code; Enter then lets nobody in.
    pub(super) fn show_nothing(&mut self, code: TicketId) {
        self.show(Vec::new());
        self.selected = Some(code);
    }

    fn best(&self) -> Option<TicketId> {
        let asked = !self.input.value().trim().is_empty();
        self.hits.first().filter(|_| asked).map(|hit| hit.id.clone())
    }

    /// Searches again because tickets came; the selection holds on to its ticket.
    pub(super) fn run_holding(&mut self, index: &mut TicketIndex, now: Timestamp) {
        if self.by_code {
            return;
        }
        let held = self.selected.take();
        self.ask(index, now);
        match held {
            // A ticket that fell out of the rows leaves nobody selected: Enter never acts on another one by itself.
            Some(id) => {
                self.fell_out = self.hits.iter().all(|hit| hit.id != id);
                self.selected = (!self.fell_out).then_some(id);
            }
            None if self.fell_out => {}
            None => self.selected = self.best(),
        }
    }

    fn select(&mut self, ticket: Option<TicketId>) {
        self.selected = ticket;
        (self.fell_out, self.lacks_guest) = (false, false);
    }

    /// Tickets came that no search has seen.
    pub(super) fn fall_behind(&mut self) {
        self.is_behind = true;
    }

    /// Whether tickets came since the last search.
    pub(super) fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// Whether the last search is at least this old.
    pub(super) fn is_older_than(&self, age: Duration, now: Timestamp) -> bool {
        self.ran_at.is_none_or(|at| now.duration_since(at).unsigned_abs() >= age)
    }

    fn ask(&mut self, index: &mut TicketIndex, now: Timestamp) {
        let Answer { hits, matched } = index.search(self.input.value(), &self.filters, RESULT_LIMIT);
        self.hits = hits;
        self.matched = matched;
        self.runs += 1;
        self.ran_at = Some(now);
        self.is_behind = false;
    }

    /// Moves the selection by `rows`, stopping at either end.
    pub(super) fn move_selection(&mut self, rows: isize) {
        let Some(last) = self.hits.len().checked_sub(1) else { return };
        let position = match self.position() {
            Some(position) => position.saturating_add_signed(rows).min(last),
            None => 0,
        };
        self.select(Some(self.hits[position].id.clone()));
    }

    /// Empties the box.
    pub(super) fn clear(&mut self) {
        self.input.clear();
        self.done = false;
    }
}
