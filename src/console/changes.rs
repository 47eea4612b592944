//! Changes of the service's records: one at a time is under way.

use jiff::{SignedDuration, Timestamp};

use super::comps::Comps;
use super::popup::Comp;
use crate::domain::{AuditAct, Change, SafeText, Ticket, TicketChange, TicketId};

/// What is being changed, and what became of it.
#[derive(Debug, Default)]
pub struct Changes {
    /// Comps of this shift, and their rules.
    pub comps: Comps,
    /// The change that was sent and has no answer yet.
    pub(super) pending: Option<Pending>,
    /// Changes of tickets that had no answer; the tickets will tell.
    pub(super) unknown: Vec<Unknown>,
    /// The comp that was sent and may have been issued: it is finished before another one begins.
    pub(super) unsettled: Option<Box<Comp>>,
}

impl Changes {
    /// Whether a change was sent and has no answer yet.
    pub(super) const fn awaits_answer(&self) -> bool {
        self.pending.is_some()
    }

    /// Whether it is known of every change what became of it.
    pub(super) const fn is_settled(&self) -> bool {
        self.pending.is_none() && self.unknown.is_empty() && self.unsettled.is_none()
    }
}

/// A ticket without news is read this often for the sake of its change.
const READ_EVERY: SignedDuration = SignedDuration::from_secs(10);
/// A change whose connection is gone for this long is not made any more.
const MADE_WITHIN: SignedDuration = SignedDuration::from_secs(30);

/// A ticket's change without an answer, until the ticket tells what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unknown {
    /// What was asked for.
    pub pending: Pending,
    /// When nobody waited for the answer any more.
    since: Timestamp,
    /// When the ticket was asked for last.
    asked_at: Timestamp,
    /// Number of the question for the ticket that has no answer yet.
    question: Option<u64>,
}

impl Unknown {
    /// A change that had no answer by now.
    pub const fn at(pending: Pending, now: Timestamp) -> Self {
        Self { pending, since: now, asked_at: now, question: None }
    }

    /// Whether the ticket has the change.
    pub fn is_made_in(&self, ticket: &Ticket) -> bool {
        matches!(&self.pending.change, Change::Ticket { ticket: id, change } if *id == ticket.id && change.is_made_in(ticket))
    }

    /// Whether it is time to read the ticket again.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.question.is_none() && now.duration_since(self.asked_at) >= READ_EVERY
    }

    /// The ticket is asked for.
    pub const fn asked(&mut self, question: u64, now: Timestamp) {
        (self.question, self.asked_at) = (Some(question), now);
    }

    /// Takes the answer to that question, if it was the one.
    pub fn takes_answer(&mut self, question: u64) -> bool {
        self.question.take_if(|asked| *asked == question).is_some()
    }

    /// Whether the change would be in what was read last, if it were ever made.
    pub fn was_read_late(&self) -> bool {
        self.asked_at.duration_since(self.since) >= MADE_WITHIN
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
