//! What the runtime is told to do.

use crate::domain::{Change, EventId, Pin, PinHash, ScanId, ScanKind, TicketId};

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
    /// Ask for the ticket of a scanned code; every one of these is answered.
    LookUp {
        /// Number of the question.
        sequence: u64,
        /// Which ticket.
        id: TicketId,
    },
    /// Send a scan.
    Scan {
        /// Number of the act.
        act: u64,
        /// Which ticket.
        ticket: TicketId,
        /// In or out.
        kind: ScanKind,
        /// The ticket's scans so far: none of them can be what comes of this one.
        known: Vec<ScanId>,
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
