//! The question for a PIN.

use super::Popup;
use crate::console::action::Action;
use crate::console::field::Field;
use crate::console::keymap::Mode;
use crate::console::role::Role;
use crate::domain::{LONGEST_PIN, TicketId};

/// An act that the role in force lacks, and the PIN that lends the rights for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinPrompt {
    /// What goes on once the PIN is right.
    pub action: Action,
    /// The role that it needs.
    pub needs: Role,
    /// What is typed; shown as dots.
    pub field: Field,
    /// How far it is.
    pub stage: PinStage,
    /// The ticket that was selected: the act goes on with no other.
    pub(in crate::console) selected: Option<TicketId>,
    /// The pop-up that the act belongs to, as it was.
    pub(in crate::console) beneath: Option<Box<Popup>>,
}

/// How far the question is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinStage {
    /// It waits for the PIN.
    Typing,
    /// The PIN is being compared.
    Checking {
        /// Number of the question.
        sequence: u64,
    },
    /// The last PIN was wrong.
    Wrong,
}

impl PinPrompt {
    /// The question for the rights that `action` needs where it was meant.
    #[must_use]
    pub fn new(action: Action, needs: Role, selected: Option<TicketId>, beneath: Option<Popup>) -> Self {
        Self {
            action,
            needs,
            field: Field::new(LONGEST_PIN),
            stage: PinStage::Typing,
            selected,
            beneath: beneath.map(Box::new),
        }
    }

    /// Which keys led to the question.
    #[must_use]
    pub fn mode_beneath(&self) -> Mode {
        self.beneath.as_ref().map_or(Mode::Door, |popup| popup.mode())
    }
}
