//! Facts that reach the console.

use std::time::Duration;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::app::Health;
use super::scanner::Scanned;
use crate::domain::{
    AuditRecord, ChangeOutcome, Entry, EntryId, Event, EventId, EventSummary, Operator, SafeText, Ticket, TicketId,
    Trouble,
};

/// Something that happened, told to [`super::App::update`].
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// A key went down or repeats.
    KeyPressed(KeyEvent),
    /// What is typed from here on may yet turn out to be a scan.
    TypingBegan,
    /// It was one: nobody typed what came since [`Message::TypingBegan`].
    TypingWithdrawn,
    /// A barcode scanner read something.
    Scanned(Scanned),
    /// The terminal handed over pasted text.
    Pasted(String),
    /// A row of the list that has the focus was clicked on; the first is 0.
    RowClicked(usize),
    /// The wheel turned by one notch: up is -1, down is 1.
    WheelTurned(isize),
    /// The results pane shows this many rows.
    PageMeasured(usize),
    /// A second of the clock went by.
    Ticked,
    /// The last search took this long, from the key to the answer.
    SearchTimed(Duration),
    /// The token belongs to this person.
    OperatorIdentified(Operator),
    /// The event, its tiers and its sections came.
    EventLoaded {
        /// Number of the question.
        sequence: u64,
        /// The event.
        event: Box<Event>,
        /// The venue's time zone.
        zone: TimeZone,
    },
    /// The service names another event than the one that was opened from memory.
    OtherEventNamed(EventId),
    /// A page of tickets came.
    TicketsLoaded {
        /// Number of the question.
        sequence: u64,
        /// The page.
        tickets: Vec<Ticket>,
    },
    /// Everybody can be found; scans and buyers of some are still being read.
    GuestsListed {
        /// Number of the question.
        sequence: u64,
    },
    /// Every page came.
    LoadFinished {
        /// Number of the question.
        sequence: u64,
    },
    /// The load ended early; what came until then stays.
    LoadFailed {
        /// Number of the question.
        sequence: u64,
        /// Why.
        trouble: Trouble,
    },
    /// One ticket came.
    TicketLoaded {
        /// Number of the question.
        sequence: u64,
        /// The ticket.
        ticket: Box<Ticket>,
    },
    /// One ticket did not come.
    TicketNotLoaded {
        /// Number of the question.
        sequence: u64,
        /// Which ticket.
        id: TicketId,
        /// Why.
        trouble: Trouble,
    },
    /// The service was asked for the ticket of a scanned code, or of a change without an answer.
    CodeLookedUp {
        /// Number of the question.
        sequence: u64,
        /// The ticket, or why there is none.
        found: Result<Box<Ticket>, Trouble>,
    },
    /// The store of the event is open; this is what was in it.
    StoreOpened(Box<Stored>),
    /// The store of the event cannot be opened, so nothing can be kept; in words.
    StoreNotOpened(SafeText),
    /// Something on the disk is amiss, and the work goes on; in words.
    AmissFound(SafeText),
    /// An entry is kept as it stands here.
    EntryKept(Box<Entry>),
    /// A scan was not kept and did not happen; or, of a kept one, an answer could not be kept and is asked for again.
    EntryNotKept {
        /// Its id.
        entry: EntryId,
        /// Why, in words.
        why: SafeText,
    },
    /// The service told of its events, or did not.
    EventsListed {
        /// Number of the question.
        sequence: u64,
        /// The events, or why there are none.
        listed: Result<Vec<EventSummary>, Trouble>,
    },
    /// A PIN was compared with the console's.
    PinVerified {
        /// Number of the question.
        sequence: u64,
        /// Whether it is the one.
        is_right: bool,
    },
    /// The service told this ticket along with the answer to a scan.
    TicketLearnt(Box<Ticket>),
    /// The record of an act could not be kept; in words.
    ActNotRecorded(SafeText),
    /// A change of the service's records ended.
    ChangeAnswered {
        /// Number of the question.
        sequence: u64,
        /// How.
        outcome: Box<ChangeOutcome>,
    },
    /// The service became reachable, slow or unreachable, or does not accept the token.
    ConnectionChanged(Health),
}

/// What was in the store when it was opened.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stored {
    /// All entries, in the order in which they were taken.
    pub entries: Vec<Entry>,
    /// The last acts that are no scans, and the words on those that are; the newest first.
    pub acts: Vec<AuditRecord>,
    /// The event as the snapshot has it, and the venue's time zone.
    pub event: Option<(Event, TimeZone)>,
    /// When the snapshot was taken.
    pub taken_at: Option<Timestamp>,
    /// Whether nobody was missing from it.
    pub is_whole: bool,
    /// The snapshot's tickets, and those that were learnt since.
    pub tickets: Vec<Ticket>,
    /// What was amiss, in words.
    pub findings: Vec<SafeText>,
}
