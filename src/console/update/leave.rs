//! Leaving the console.

use jiff::Timestamp;

use crate::console::action::Action;
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::message::Message;
use crate::console::popup::{Leave, Popup, Told};
use crate::domain::{Entry, EntryState};

impl App {
    /// Leaves; with scans that wait for the service, or a change that waits for its answer, it asks once.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        // A scan that is on its way right now is seen through: it waits for nothing.
        let waits = |entry: &Entry| entry.promised || entry.state == EntryState::Unknown;
        let is_asked = matches!(self.popup, Some(Popup::Leave(_)));
        if !is_asked && (self.changes.pending.is_some() || self.outbox.unsent().any(waits)) {
            let leave = Leave::over(self.popup.take());
            return self.show(Popup::Leave(leave));
        }
        vec![Effect::Quit]
    }

    pub(super) fn leave_told(&mut self, told: &Told<'_>) -> Vec<Effect> {
        match told {
            Told::Acted(Action::Confirm) => vec![Effect::Quit],
            Told::Acted(Action::Close) => {
                self.lift_leave();
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Takes in a fact; the question before leaving lies over it and stays, whatever becomes of what is beneath.
    pub(super) fn hear_beneath_leave(&mut self, message: Message, now: Timestamp) -> Vec<Effect> {
        let is_over = is_for_what_is_open(&message) && self.lift_leave();
        let effects = self.hear(message, now);
        if is_over {
            self.popup = Some(Popup::Leave(Leave::over(self.popup.take())));
        }
        effects
    }

    /// Takes the question away, where it is open, and shows again what it lay over.
    fn lift_leave(&mut self) -> bool {
        match self.popup.take() {
            Some(Popup::Leave(leave)) => {
                self.popup = leave.beneath.map(|popup| *popup);
                true
            }
            other => {
                self.popup = other;
                false
            }
        }
    }
}

/// Whether a form or a list may wait for it: the answer would never come again.
const fn is_for_what_is_open(message: &Message) -> bool {
    matches!(
        message,
        Message::ChangeAnswered { .. }
            | Message::PinVerified { .. }
            | Message::EventsListed { .. }
            | Message::TicketLoaded { .. }
            | Message::CodeLookedUp { .. }
            | Message::TicketLearnt(_)
            | Message::EntryKept(_)
            | Message::Ticked
    )
}
