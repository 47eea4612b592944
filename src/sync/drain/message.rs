//! What goes into the drain and what comes out of it: plain data.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{Entry, EntryId, ScanRefusal, Settlement, Ticket, TicketId, Trouble, UserId};
use crate::store::{StoreError, Write};

/// Now, twice: by the wall, for people and the service, and by a clock that never jumps, for waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// This console's wall clock.
    pub wall: Timestamp,
    /// Since the start of the console.
    pub steady: Duration,
}

/// Names a write until the store has answered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriteId(pub u64);

/// Names a call until the service has answered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// Which form of the scan the service has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// It knows the entry's id as an idempotency key: a repeat within a day is safe.
    ByKey,
    /// It does not, or nobody knows yet: the ticket is read before anything is sent again.
    #[default]
    Documented,
}

/// What the drain is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A person scans; the entry is new and [`Queued`](crate::domain::EntryState::Queued).
    Take(Box<Entry>),
    /// A person takes `target` back; `with` is the opposite scan, for the case that one is needed.
    Undo {
        /// The entry to take back.
        target: EntryId,
        /// The opposite scan, new.
        with: Box<Entry>,
    },
    /// A person puts a conflict to rest.
    Settle {
        /// The refused entry.
        entry: EntryId,
        /// By whom and why.
        settlement: Settlement,
    },
    /// The store has it.
    Kept(WriteId),
    /// The store does not have it.
    NotKept(WriteId, StoreError),
    /// The answer to a [`Output::Send`].
    Answered(CallId, Answer),
    /// The answer to a [`Output::Read`].
    Found(CallId, Found),
    /// The service answered somebody else: it is worth a try.
    SignOfLife,
    /// The service left somebody else without an answer.
    Silence(Trouble),
    /// Whose token it is.
    Operator(UserId),
    /// There is a new token, or a person says to go on.
    Resume {
        /// The user of the token; none where nobody knows.
        user: Option<UserId>,
    },
    /// Which form the service has was learnt.
    Form(Form),
    /// How far the service's clock is ahead of ours.
    ClockOffset(SignedDuration),
    /// The time of [`Output::WakeAt`] has come.
    Tick,
    /// The console is about to end: nothing new is begun.
    Leave,
}

/// What came of sending an entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The service took it; the ticket afterwards.
    Accepted(Box<Ticket>),
    /// A rule forbids it.
    Refused {
        /// Which.
        refusal: ScanRefusal,
        /// The ticket, where it came along.
        ticket: Option<Box<Ticket>>,
    },
    /// It may have been applied.
    Unknown(Trouble),
    /// It was certainly not applied.
    Failed {
        /// Why.
        trouble: Trouble,
        /// How long the service asked to be left alone.
        retry_after: Option<Duration>,
    },
}

/// What came of reading a ticket.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// The ticket as it is now.
    Ticket(Box<Ticket>),
    /// There is none.
    Nothing,
    /// It could not be read.
    Failed {
        /// Why.
        trouble: Trouble,
        /// How long the service asked to be left alone.
        retry_after: Option<Duration>,
    },
}

/// What the drain wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Keep this and answer with [`Input::Kept`] or [`Input::NotKept`]; writes are kept in this order.
    Keep(WriteId, Write),
    /// Send this scan with its id as the key and answer with [`Input::Answered`].
    Send(CallId, Box<Entry>),
    /// Read this ticket and answer with [`Input::Found`].
    Read(CallId, TicketId),
    /// This entry is kept as it stands here: show it.
    Told(Box<Entry>),
    /// This scan is not kept and did not happen.
    NotTaken {
        /// Its id.
        entry: EntryId,
        /// Why.
        why: NotTaken,
    },
    /// The ticket as the service has just told it.
    Learnt(Box<Ticket>),
    /// The connection is now like this.
    Link(Link),
    /// Say [`Input::Tick`] at this steady time; it replaces what was said before.
    WakeAt(Duration),
}

/// Why a scan was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTaken {
    /// The store refused it.
    NotKept(StoreError),
    /// The service is away, and the settings say that nobody goes in then.
    Offline,
    /// The service does not accept the token, and the settings say that nobody goes in then.
    Paused,
    /// There is no such act to undo, or it was undone before.
    NothingToUndo,
    /// An earlier scan of the ticket was refused, and a person has to settle that first.
    BehindConflict,
    /// The store is not open.
    NotOpen,
}

impl fmt::Display for NotTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotKept(error) => fmt::Display::fmt(error, f),
            Self::Offline => f.write_str(
                "The service is away, and `offline.policy` lets nobody in on our word: scan again when it is back.",
            ),
            Self::Paused => f.write_str(
                "The service does not accept the token, and `offline.policy` lets nobody in on our word: scan again once it is renewed.",
            ),
            Self::NothingToUndo => {
                f.write_str("There is nothing to take back: it did not happen, or was undone before.")
            }
            Self::BehindConflict => f.write_str("An earlier scan of this ticket waits for a supervisor."),
            Self::NotOpen => f.write_str("Nothing can be kept yet, so nothing was done: scan again in a moment."),
        }
    }
}

/// What the connection is like, as far as scans can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// Answers come.
    Online,
    /// Answers come late.
    Slow,
    /// No answers come.
    Offline {
        /// Since when.
        since: Timestamp,
        /// What stands in the way.
        trouble: Trouble,
    },
    /// The token is not accepted: a person has to see to it, nothing is sent until then.
    Paused(Trouble),
}
