//! Leaving the console.

use crate::console::action::Action;
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::popup::{Leave, Popup, Told};
use crate::domain::{Entry, EntryState};

impl App {
    /// Leaves; with scans that wait for the service it asks once.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        // A scan that is on its way right now is seen through: it waits for nothing.
        let waits = |entry: &Entry| entry.promised || entry.state == EntryState::Unknown;
        let asked = matches!(self.popup, Some(Popup::Leave(_)));
        if !asked && self.outbox.unsent().any(waits) {
            return self.show(Popup::Leave(Leave));
        }
        vec![Effect::Quit]
    }

    pub(super) fn leave_told(&mut self, told: &Told<'_>) -> Vec<Effect> {
        match told {
            Told::Acted(Action::Confirm) => vec![Effect::Quit],
            Told::Acted(Action::Close) => {
                self.popup = None;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }
}
