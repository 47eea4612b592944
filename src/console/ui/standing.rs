//! How a ticket's state, a scan and a verdict read: a glyph, a word and a tone each.

use super::theme::Tone;
use crate::console::app::App;
use crate::console::banner::Verdict;
use crate::domain::{Entry, EntryState, ScanKind, Ticket, TicketStatus};

/// A state as the door reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub glyph: &'static str,
    pub word: &'static str,
    pub tone: Tone,
}

impl Standing {
    const fn new(glyph: &'static str, word: &'static str, tone: Tone) -> Self {
        Self { glyph, word, tone }
    }

    /// Columns of the widest of them, glyph and space included.
    pub(super) const COLUMNS: usize = 12;

    /// Where the ticket stands; a guest who went out is told from one who never came.
    pub(super) fn of(ticket: &Ticket, app: &App) -> Self {
        if app.outbox.is_awaited(&ticket.id) {
            return Self::new("…", "SENDING", Tone::Attention);
        }
        // What waits behind a conflict waits for a person, whatever else it says of itself.
        let mut own = app.outbox.of_ticket(&ticket.id);
        let conflict = app.outbox.of_ticket(&ticket.id).find(|entry| entry.is_conflict());
        if let Some(own) = conflict.or_else(|| own.rfind(|entry| !entry.is_closed())) {
            return Self::of_open(own);
        }
        match ticket.status {
            TicketStatus::Active if ticket.last_scan().is_some_and(|scan| scan.kind == ScanKind::CheckOut) => {
                Self::new("←", "OUT", Tone::Out)
            }
            TicketStatus::Active => Self::new("○", "VALID", Tone::Quiet),
            TicketStatus::Redeemed => Self::new("●", "IN", Tone::Good),
            TicketStatus::Cancelled => Self::new("✗", "CANCELLED", Tone::Stop),
        }
    }

    /// A conflict that a person has put to rest.
    pub(super) const SETTLED: Self = Self::new("✓", "SETTLED", Tone::Quiet);

    /// One of our own scans on which the last word is not spoken.
    pub(super) fn of_open(own: &Entry) -> Self {
        if own.is_in_doubt() {
            return Self::new("?", "VERIFYING", Tone::Attention);
        }
        match (&own.state, own.promised, own.kind) {
            (EntryState::Refused { .. }, _, _) => Self::new("!", "CONFLICT", Tone::Attention),
            (_, true, ScanKind::CheckIn) => Self::new("→", "IN UNSENT", Tone::Good),
            (_, true, ScanKind::CheckOut) => Self::new("←", "OUT UNSENT", Tone::Out),
            (_, false, _) => Self::new("…", "SENDING", Tone::Attention),
        }
    }

    /// A scan of the history.
    pub(super) const fn of_scan(kind: ScanKind) -> Self {
        match kind {
            ScanKind::CheckIn => Self::new("→", "IN", Tone::Good),
            ScanKind::CheckOut => Self::new("←", "OUT", Tone::Out),
        }
    }

    /// The last result.
    pub(super) const fn of_verdict(verdict: Verdict) -> Self {
        let (glyph, tone) = match verdict {
            Verdict::CheckedIn => ("✓", Tone::Good),
            Verdict::InNotYetSent => ("→", Tone::Good),
            Verdict::CheckedOut | Verdict::OutNotYetSent | Verdict::TakenBack => ("←", Tone::Out),
            Verdict::Saved | Verdict::Moved | Verdict::Reactivated | Verdict::CompIssued | Verdict::DoorSet => {
                ("✓", Tone::Quiet)
            }
            Verdict::TicketCancelled => ("✗", Tone::Quiet),
            Verdict::Sending => ("…", Tone::Quiet),
            Verdict::BeingVerified => ("?", Tone::Attention),
            Verdict::NotDone => ("!", Tone::Attention),
            Verdict::AlreadyIn
            | Verdict::NotIn
            | Verdict::Cancelled
            | Verdict::WrongEvent
            | Verdict::WrongDoor
            | Verdict::UnknownTicket
            | Verdict::Refused => ("✗", Tone::Stop),
        };
        Self::new(glyph, verdict.words(), tone)
    }
}
