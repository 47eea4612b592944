//! The change of a ticket that had no answer: the ticket is read until it tells what came of it.

use jiff::Timestamp;

use crate::console::app::App;
use crate::console::banner::Verdict;
use crate::console::changes::{Pending, Unknown};
use crate::console::effect::Effect;
use crate::console::popup::Popup;
use crate::domain::{Made, SafeText, Ticket, Trouble};

/// What is said once a ticket has shown that its change never came.
const NEVER_MADE: &str = "The service does not have it: nothing was changed.";

impl App {
    /// Once a second: a ticket whose change had no answer may have been read since, and then it tells; else it is read.
    pub(super) fn settle_unknown(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.changes.pending.is_some() {
            return Vec::new();
        }
        let is_made = |unknown: &Unknown| {
            let ticket = unknown.pending.ticket().and_then(|id| self.index.get(id));
            ticket.is_some_and(|ticket| unknown.is_made_in(ticket))
        };
        match self.changes.unknown.iter().position(is_made) {
            Some(at) => self.unknown_made(at, now),
            None => self.read_for_unknown(now),
        }
    }

    /// Asks for one ticket, and hears the answer however many others are selected meanwhile.
    fn read_for_unknown(&mut self, now: Timestamp) -> Vec<Effect> {
        let Some(at) = self.changes.unknown.iter().position(|unknown| unknown.is_due(now)) else { return Vec::new() };
        let sequence = self.next_sequence();
        let unknown = &mut self.changes.unknown[at];
        let Some(id) = unknown.pending.ticket().cloned() else { return Vec::new() };
        unknown.asked(sequence, now);
        vec![Effect::LookUp { sequence, id }]
    }

    /// Which change the question for a ticket was asked for, where it was asked for one.
    pub(super) fn unknown_asked(&mut self, question: u64) -> Option<usize> {
        self.changes.unknown.iter_mut().position(|unknown| unknown.takes_answer(question))
    }

    /// The ticket was read, or was not.
    pub(super) fn unknown_read(
        &mut self,
        at: usize,
        found: Result<Box<Ticket>, Trouble>,
        now: Timestamp,
    ) -> Vec<Effect> {
        let unknown = &self.changes.unknown[at];
        let was_read_late = unknown.was_read_late();
        let is_made = found.as_ref().is_ok_and(|ticket| unknown.is_made_in(ticket));
        let is_told = matches!(found, Ok(_) | Err(Trouble::NotFound));
        if let Ok(ticket) = found {
            self.session.connection.fresh_at = Some(now);
            self.merge(*ticket);
        }
        match (self.changes.pending.is_some(), is_made) {
            // What is on its way may be the same once more: its answer comes first.
            (true, _) => Vec::new(),
            (false, true) => self.unknown_made(at, now),
            (false, false) if is_told && was_read_late => self.unknown_not_made(at, now),
            (false, false) => Vec::new(),
        }
    }

    fn unknown_made(&mut self, at: usize, now: Timestamp) -> Vec<Effect> {
        let pending = self.changes.unknown.remove(at).pending;
        if self.is_open_for(&pending.change) {
            self.popup = None;
        }
        self.change_made(&pending, Made { tickets: Vec::new(), order: None }, now)
    }

    fn unknown_not_made(&mut self, at: usize, now: Timestamp) -> Vec<Effect> {
        let pending: Pending = self.changes.unknown.remove(at).pending;
        let words = SafeText::from(NEVER_MADE);
        if self.is_open_for(&pending.change)
            && let Some(form) = self.popup.as_mut().and_then(Popup::form_mut)
        {
            form.said = Some(words.clone());
        }
        let verdict = Verdict::NotDone;
        let mut effects = vec![self.kept(&pending, pending.target(), verdict, Some(&words), now)];
        effects.extend(self.change_said(verdict, &pending, pending.ticket().cloned(), words, now));
        effects
    }
}
