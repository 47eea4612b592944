//! What the runtime is told to do.

use crate::domain::{AuditRecord, Change, Entry, EntryId, EventId, Pin, PinHash, Settlement, TicketId};

/// An order of [`super::App::update`] to the runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Load the event and every one of its tickets; answers carry `sequence`.
    LoadEvent {
        /// Number of the question.
        sequence: u64,
        /// How hard to ask.
        pace: Pace,
    },
    /// Read one ticket again; a newer order replaces an older one that is under way.
    FetchTicket {
        /// Number of the question.
        sequence: u64,
        /// Which ticket.
        id: TicketId,
    },
    /// Ask for the ticket of a scanned code, or of a change without an answer; every one of these is answered.
    LookUp {
        /// Number of the question.
        sequence: u64,
        /// Which ticket.
        id: TicketId,
    },
    /// Keep this new entry durably, and send it; what becomes of it is told by its id.
    Take(Box<Entry>),
    /// Take `target` back: without a call where it was never sent, else by the opposite scan.
    Undo {
        /// The entry to take back.
        target: EntryId,
        /// The opposite scan, new, for the case that one is needed.
        with: Box<Entry>,
    },
    /// Ask the service for events; a newer question replaces an older one that is under way.
    ListEvents {
        /// Number of the question.
        sequence: u64,
        /// What their names hold; nothing asks for what is coming up.
        query: String,
    },
    /// End this event's work and begin another's.
    SwitchEvent(EventId),
    /// Compare a PIN with its hash.
    VerifyPin {
        /// Number of the question.
        sequence: u64,
        /// What was typed.
        pin: Pin,
        /// The hash of the right one.
        hash: PinHash,
    },
    /// Put a conflict to rest.
    Settle {
        /// The refused entry.
        entry: EntryId,
        /// By whom and why.
        settlement: Settlement,
    },
    /// Go on after the token was not accepted.
    Resume,
    /// Keep the record of an act that is no scan: an edit, a move, a refusal.
    Record(Box<AuditRecord>),
    /// Change a record of the service.
    Change {
        /// Number of the question.
        sequence: u64,
        /// What.
        change: Box<Change>,
    },
    /// Sound the terminal's bell.
    Ring(Bell),
    /// Hand the terminal back to the shell until it continues us.
    Suspend,
    /// End the event loop.
    Quit,
}

/// How hard the service is asked for the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Somebody waits for it.
    Swift,
    /// The same, and a person asks for it: what was found to be broken is tried from its beginning.
    Anew,
    /// In the background, at a rate that no door notices.
    Polite,
}

/// What the bell tells; the runtime knows how it sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bell {
    /// The guest may pass: one stroke.
    Pass,
    /// The guest may not pass: two strokes.
    Stop,
    /// Look at the screen, nothing is decided: three strokes.
    Attention,
}

impl Bell {
    /// Strokes of the terminal's bell.
    #[must_use]
    pub const fn strokes(self) -> usize {
        match self {
            Self::Pass => 1,
            Self::Stop => 2,
            Self::Attention => 3,
        }
    }
}
