//! Letting a guest in at the wrong door.

use crate::console::field::Field;
use crate::domain::TicketId;

/// Longest reason, in characters.
const LONGEST: usize = 120;

/// A guest whom this door does not admit, and why they shall come in all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverrideGate {
    /// Whose ticket.
    pub ticket: TicketId,
    /// Why, kept with the scan.
    pub reason: Field,
}

impl OverrideGate {
    /// No reason was given yet.
    #[must_use]
    pub fn new(ticket: TicketId) -> Self {
        Self { ticket, reason: Field::new(LONGEST) }
    }
}
