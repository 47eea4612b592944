//! The engine between the service and the console: it loads, refreshes and sends, and reports facts.
//!
//! [`start`] takes the service's client and gives an [`Engine`]: orders go in, reports come out, both by
//! bounded channels. One task owns the state of the engine; the work itself runs in tasks beside it, so that a
//! slow load never holds a scan back. Every scan goes through the [`outbox`]: it is on the disk before it is sent.

mod books;
mod change;
pub mod drain;
mod engine;
mod events;
mod health;
mod line;
mod load;
mod look_up;
mod memory;
pub mod outbox;
mod shelf;
mod token;

pub use engine::{Engine, EngineSettings, start};
pub use load::LoadSettings;
pub use memory::Memory;
pub use shelf::Shelf;
pub use token::TokenReader;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::drain::{Link, NotTaken};
use crate::domain::{
    AuditRecord, Change, ChangeOutcome, Entry, EntryId, Event, EventId, EventSummary, Operator, Pin, PinHash,
    Settlement, Ticket, TicketId, Trouble,
};
use crate::store::{Finding, StoreError};

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
    /// The same where a person asks: a list that was found to be broken is read from its first page once more.
    LoadAnew {
        /// Comes back with every answer.
        sequence: u64,
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
    /// Keep this new entry, and send it.
    Take(Box<Entry>),
    /// Take `target` back.
    Undo {
        /// The entry to take back.
        target: EntryId,
        /// The opposite scan, new, for the case that one is needed.
        with: Box<Entry>,
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
    /// Put a conflict to rest.
    Settle {
        /// The refused entry.
        entry: EntryId,
        /// By whom and why.
        settlement: Settlement,
    },
    /// Go on after the token was not accepted.
    Resume,
    /// Keep the record of an act that is no scan.
    Record(Box<AuditRecord>),
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
    Operator(Operator),
    /// The event came.
    Event {
        /// Of the order.
        sequence: u64,
        /// The event.
        event: Box<Event>,
        /// The venue's time zone.
        zone: TimeZone,
    },
    /// The service names this event, and another is open from the last evening: that one goes on until the console has
    /// changed over.
    OtherEvent(EventId),
    /// A page of tickets came.
    Tickets {
        /// Of the order.
        sequence: u64,
        /// The page.
        tickets: Vec<Ticket>,
    },
    /// Everybody can be found; what is known of some may still be light.
    Listed {
        /// Of the order.
        sequence: u64,
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
    /// Something on the disk is amiss, and the work goes on.
    Amiss(Finding),
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
    /// The store of the event is open; this is what was in it.
    Opened(Box<Kept>),
    /// The store of the event cannot be opened; it is tried again with the next load.
    NotOpened(StoreError),
    /// An entry is kept as it stands here.
    Told(Box<Entry>),
    /// A scan was not kept and did not happen; or, of a kept one, an answer could not be kept and is asked for again.
    NotTaken {
        /// Its id.
        entry: EntryId,
        /// Why.
        why: NotTaken,
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
    /// The ticket as the service has just told it.
    Learnt(Box<Ticket>),
    /// The record of an act could not be kept.
    NotRecorded(StoreError),
    /// The connection is now like this.
    Link(Link),
}

/// What was in the store when it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// All entries, in the order in which they were taken.
    pub entries: Vec<Entry>,
    /// The last records of what was done here, the newest first.
    pub acts: Vec<AuditRecord>,
    /// The event as the snapshot has it, and the venue's time zone.
    pub event: Option<(Event, TimeZone)>,
    /// When the snapshot was taken.
    pub taken_at: Option<Timestamp>,
    /// Whether nobody was missing from it.
    pub is_whole: bool,
    /// The snapshot's tickets, and those that were learnt since.
    pub tickets: Vec<Ticket>,
    /// What was amiss.
    pub findings: Vec<Finding>,
}
