//! The engine between the service and the console: it loads, refreshes and sends, and reports facts.
//!
//! [`start`] takes the service's client and gives an [`Engine`]: orders go in, reports come out, both by
//! bounded channels. One task owns the state of the engine; the work itself runs in tasks beside it, so that a
//! slow load never holds a scan back. This is also where the durable outbox belongs: an order to scan
//! becomes an entry here, before it is sent.

mod change;
pub mod drain;
mod engine;
mod events;
mod health;
mod load;
mod look_up;
pub mod outbox;

pub use engine::{Engine, EngineSettings, start};
pub use health::Health;

use jiff::tz::TimeZone;

use crate::domain::{
    Change, ChangeOutcome, Event, EventSummary, Pin, PinHash, SafeText, ScanId, ScanKind, ScanOutcome, Ticket,
    TicketId, Trouble,
};

/// What the engine is told to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Load the event, its tiers and sections, and all its tickets; replaces a load under way.
    LoadEvent {
        /// Comes back with every answer.
        sequence: u64,
        /// One page at a time with a rest between, so that no door notices.
        politely: bool,
    },
    /// Read one ticket; replaces a read under way.
    FetchTicket {
        /// Comes back with the answer.
        sequence: u64,
        /// Which ticket.
        id: TicketId,
    },
    /// Read the ticket of a scanned code; each one is answered, none replaces another.
    LookUp {
        /// Comes back with the answer.
        sequence: u64,
        /// Which ticket.
        id: TicketId,
    },
    /// Send a scan.
    Scan {
        /// Comes back with the outcome.
        act: u64,
        /// Which ticket.
        ticket: TicketId,
        /// In or out.
        kind: ScanKind,
        /// The ticket's scans so far: none of them can be what comes of this one.
        known: Vec<ScanId>,
    },
    /// List events; replaces a question under way.
    ListEvents {
        /// Comes back with the answer.
        sequence: u64,
        /// What their names hold; nothing asks for what is coming up.
        query: String,
    },
    /// Compare a PIN with its hash, which takes its time.
    VerifyPin {
        /// Comes back with the answer.
        sequence: u64,
        /// What was typed.
        pin: Pin,
        /// The hash of the right one.
        hash: PinHash,
    },
    /// Change a record of the service.
    Change {
        /// Comes back with the outcome.
        sequence: u64,
        /// What.
        change: Box<Change>,
    },
}

/// What the engine has to tell.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// The token is this person's.
    Operator(SafeText),
    /// The event came.
    Event {
        /// Of the order.
        sequence: u64,
        /// The event.
        event: Box<Event>,
        /// The venue's time zone.
        zone: TimeZone,
    },
    /// A page of tickets came.
    Tickets {
        /// Of the order.
        sequence: u64,
        /// The page.
        tickets: Vec<Ticket>,
    },
    /// Every page came.
    Loaded {
        /// Of the order.
        sequence: u64,
    },
    /// The load ended early.
    NotLoaded {
        /// Of the order.
        sequence: u64,
        /// Why.
        trouble: Trouble,
    },
    /// One ticket came.
    Ticket {
        /// Of the order.
        sequence: u64,
        /// The ticket.
        ticket: Box<Ticket>,
    },
    /// One ticket did not come.
    NoTicket {
        /// Of the order.
        sequence: u64,
        /// Which ticket.
        id: TicketId,
        /// Why.
        trouble: Trouble,
    },
    /// The ticket of a scanned code came, or did not.
    LookedUp {
        /// Of the order.
        sequence: u64,
        /// The ticket, or why there is none.
        found: Result<Box<Ticket>, Trouble>,
    },
    /// A scan ended.
    Scanned {
        /// Of the order.
        act: u64,
        /// How.
        outcome: ScanOutcome,
    },
    /// The service told of its events, or did not.
    Events {
        /// Of the order.
        sequence: u64,
        /// The events, or why there are none.
        listed: Result<Vec<EventSummary>, Trouble>,
    },
    /// A PIN was compared.
    PinVerified {
        /// Of the order.
        sequence: u64,
        /// Whether it is the one.
        is_right: bool,
    },
    /// A change ended.
    Changed {
        /// Of the order.
        sequence: u64,
        /// How.
        outcome: Box<ChangeOutcome>,
    },
    /// The service's health changed.
    Health(Health),
}
