//! Changes of the service's records: one at a time is under way.

use super::comps::Comps;
use super::popup::Comp;
use crate::domain::{AuditAct, Change, SafeText, TicketChange, TicketId};

/// What is being changed, and what became of it.
#[derive(Debug, Default)]
pub struct Changes {
    /// Comps of this shift, and their rules.
    pub comps: Comps,
    /// The change that was sent and has no answer yet.
    pub(super) pending: Option<Pending>,
    /// The change of a ticket that had no answer; the ticket will tell.
    pub(super) unknown: Option<Pending>,
    /// The comp that was sent and may have been issued: it is finished before another one begins.
    pub(super) unsettled: Option<Box<Comp>>,
}

impl Changes {
    /// Whether it is known of every change what became of it.
    pub(super) const fn is_settled(&self) -> bool {
        self.pending.is_none() && self.unknown.is_none() && self.unsettled.is_none()
    }
}

/// A change on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pending {
    /// Number of the question.
    pub sequence: u64,
    /// What its records have in common; a repeat of the very same has it too.
    pub key: String,
    /// What was sent.
    pub change: Change,
    /// The guest.
    pub name: String,
    /// What it does, in a few words.
    pub words: SafeText,
    /// Why.
    pub reason: SafeText,
    /// Whether an earlier attempt had no answer.
    pub is_repeat: bool,
}

impl Pending {
    /// What it is about, for the record: a ticket, an order, or the event of an order that has no id yet.
    pub(super) fn target(&self) -> &str {
        match &self.change {
            Change::Ticket { ticket, .. } => ticket.as_str(),
            Change::FreeOrder(order) => order.event.as_str(),
            Change::ExtraTicket(extra) => extra.order.as_str(),
        }
    }

    /// The ticket that it changes; a comp changes none.
    pub(super) const fn ticket(&self) -> Option<&TicketId> {
        match &self.change {
            Change::Ticket { ticket, .. } => Some(ticket),
            Change::FreeOrder(_) | Change::ExtraTicket(_) => None,
        }
    }

    /// What it is called in the record.
    pub(super) const fn act(&self) -> AuditAct {
        match &self.change {
            Change::Ticket { change: TicketChange::Correct(_), .. } => AuditAct::Edit,
            Change::Ticket { change: TicketChange::Move { .. }, .. } => AuditAct::Move,
            Change::Ticket { change: TicketChange::Cancel { .. }, .. } => AuditAct::Cancel,
            Change::Ticket { change: TicketChange::Reactivate, .. } => AuditAct::Reactivate,
            Change::FreeOrder(_) | Change::ExtraTicket(_) => AuditAct::Comp,
        }
    }
}
