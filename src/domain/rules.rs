//! The rules of the door for one scan, decided by what this console knows.

use super::{EventId, Gate, Refusal, ScanKind, ScanRefusal, Ticket, TicketStatus, Transition, transition};

/// What decides about a scan besides the ticket: the event that is on, and this door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules<'a> {
    /// The event that is on.
    pub event: &'a EventId,
    /// The tiers and sections that enter here.
    pub gate: &'a Gate,
}

impl Rules<'_> {
    /// The rule that forbids a scan of `ticket`, which stands in `status` as far as this console knows.
    ///
    /// The rules come in the order in which the service tests them: event, cancelled, door, transition. A check-out
    /// asks no door.
    #[must_use]
    pub fn forbids(&self, ticket: &Ticket, status: TicketStatus, kind: ScanKind) -> Option<ScanRefusal> {
        if ticket.event.id != *self.event {
            return Some(ScanRefusal::WrongEvent { event: ticket.event.name.clone() });
        }
        let rule = match transition(status, kind.into()) {
            Transition::Refused(rule) => Some(rule),
            Transition::To(_) | Transition::NoChange => None,
        };
        let section = ticket.section.as_ref().map(|section| &section.id);
        let wrong_door = kind == ScanKind::CheckIn && !self.gate.admits(&ticket.admission.id, section);
        if wrong_door && rule != Some(Refusal::TicketCancelled) {
            return Some(ScanRefusal::WrongDoor { admission: ticket.admission.name.clone() });
        }
        rule.map(ScanRefusal::Rule)
    }
}
