//! All state of the console.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::access::Access;
use super::activity::Activity;
use super::arrivals::Arrivals;
use super::banner::{Banner, Verdict};
use super::changes::Changes;
use super::door::Door;
use super::effect::Effect;
use super::keymap::Keymap;
use super::outbox::{Chance, Outbox};
use super::popup::Popup;
use super::search::Search;
use super::update::Scans;
use crate::domain::{DeviceId, Event, Operator, OrderId, SafeText, ScanKind, Ticket, TicketId, Trouble};
use crate::index::{TicketIndex, Upsert};

/// Most tickets whose refused attempts are remembered.
const MAX_ATTEMPTED_TICKETS: usize = 1_000;

/// The console: everything it knows and shows.
pub struct App {
    /// Every ticket of the event that has come so far.
    pub index: TicketIndex,
    /// The search box and its rows.
    pub search: Search,
    /// The event, the operator and the way to the service.
    pub session: Session,
    /// The last result.
    pub banner: Option<Banner>,
    /// What lies over the panes.
    pub popup: Option<Popup>,
    /// What was done and refused here.
    pub activity: Activity,
    /// Whose rights count.
    pub access: Access,
    /// Check-ins by the minute.
    pub arrivals: Arrivals,
    /// What the keys do.
    pub keymap: Arc<Keymap>,
    /// How the panes are arranged.
    pub view: View,
    /// Changes of the service's records.
    pub changes: Changes,
    /// What the settings say of this door.
    pub door: Door,
    /// This console's own scans.
    pub outbox: Outbox,
    pub(super) scans: Scans,
    pub(super) attempts: Attempts,
    pub(super) loads: Loads,
    sequence: u64,
}

/// What the console knows of the evening it works on.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// The event, once it came.
    pub event: Option<Box<Event>>,
    /// The venue's time zone; the console's own until the event came.
    pub zone: TimeZone,
    /// Whose token it is.
    pub operator: Operator,
    /// This console's name in scans.
    pub device: DeviceId,
    /// How far the tickets have come.
    pub loading: Loading,
    /// When nobody was missing from the list: it may be old, but it is whole.
    pub whole_at: Option<Timestamp>,
    /// Whether scans can be kept.
    pub store: StoreState,
    /// What was found amiss with what is kept, in words.
    pub findings: Vec<SafeText>,
    /// The way to the service.
    pub connection: Connection,
}

/// How far the tickets have come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loading {
    /// Nothing was asked yet.
    Idle,
    /// Pages are coming.
    Running {
        /// How many tickets have come with this load.
        loaded: usize,
        /// How many there should be, by the tiers' sales.
        expected: Option<usize>,
    },
    /// Every page came.
    Complete,
    /// The load ended early; the tickets that came stay.
    Failed(Trouble),
}

/// The way to the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// How it does.
    pub health: Health,
    /// Since when it does so.
    pub since: Option<Timestamp>,
    /// When the service last told something of the tickets.
    pub fresh_at: Option<Timestamp>,
}

/// How the service does, as its answers show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// Not asked yet.
    Connecting,
    /// It answers.
    Online,
    /// It answers late.
    Slow,
    /// It does not answer, and why.
    Offline(Trouble),
    /// It does not accept the token: nothing is sent until a person has seen to it.
    Paused(Trouble),
}

impl Health {
    /// Whether scans are answered, as far as we know.
    #[must_use]
    pub const fn is_up(&self) -> bool {
        matches!(self, Self::Online | Self::Slow)
    }
}

/// Whether scans can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreState {
    /// It is being opened, or waits for the event to be known.
    Waiting,
    /// Every scan is kept.
    Open,
    /// It cannot be opened, and why.
    Failed(SafeText),
}

/// How the panes are arranged, as far as keys depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Rows that the results pane shows.
    pub page: usize,
}

/// A scan of this console that was refused, did not happen, or got no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When.
    pub at: Timestamp,
    /// In or out.
    pub kind: ScanKind,
    /// What came of it.
    pub verdict: Verdict,
}

/// The questions whose answers still count.
#[derive(Debug, Default)]
pub(super) struct Loads {
    /// Number of the last question for the whole event.
    pub sequence: u64,
    /// When its last answer came; `None` while it runs.
    pub ended_at: Option<Timestamp>,
    /// Whether the last load that somebody waited for has not come to its end, however much is known by now.
    pub is_unfinished: bool,
    /// Whether the events were offered already because none was named.
    pub events_offered: bool,
    /// Number of the last question for one ticket.
    pub fetch_sequence: u64,
}

/// What was tried here in vain.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    by_ticket: HashMap<TicketId, Vec<Attempt>>,
    attempted: VecDeque<TicketId>,
}

impl Attempts {
    pub(super) fn remember(&mut self, ticket: &TicketId, attempt: Attempt) {
        if !self.by_ticket.contains_key(ticket) {
            self.attempted.push_back(ticket.clone());
            if self.attempted.len() > MAX_ATTEMPTED_TICKETS
                && let Some(oldest) = self.attempted.pop_front()
            {
                self.by_ticket.remove(&oldest);
            }
        }
        self.by_ticket.entry(ticket.clone()).or_default().push(attempt);
    }
}

impl App {
    /// A console that has loaded nothing, on this device.
    #[must_use]
    pub fn new(device: DeviceId, keymap: Arc<Keymap>, zone: TimeZone) -> Self {
        Self {
            index: TicketIndex::new(),
            search: Search::default(),
            session: Session {
                event: None,
                zone,
                operator: Operator::default(),
                device,
                loading: Loading::Idle,
                whole_at: None,
                store: StoreState::Waiting,
                findings: Vec::new(),
                connection: Connection { health: Health::Connecting, since: None, fresh_at: None },
            },
            banner: None,
            popup: None,
            activity: Activity::default(),
            access: Access::default(),
            arrivals: Arrivals::default(),
            keymap,
            view: View { page: 10 },
            changes: Changes::default(),
            door: Door::default(),
            outbox: Outbox::default(),
            scans: Scans::default(),
            attempts: Attempts::default(),
            loads: Loads::default(),
            sequence: 0,
        }
    }

    /// The first orders: load the event.
    pub fn start(&mut self) -> Vec<Effect> {
        self.reload()
    }

    /// The ticket that Enter acts on.
    #[must_use]
    pub fn selected_ticket(&self) -> Option<&Ticket> {
        self.index.get(self.search.selected.as_ref()?)
    }

    /// Makes the ids of this run's scans unlike those of any other console.
    pub const fn seed(&mut self, chance: Chance) {
        self.outbox.seed(chance);
    }

    /// What this console tried on the ticket in vain, oldest first.
    #[must_use]
    pub fn attempts(&self, ticket: &TicketId) -> &[Attempt] {
        self.attempts.by_ticket.get(ticket).map_or(&[], Vec::as_slice)
    }

    /// Of an order's tickets that are not cancelled: how many are in, and how many there are.
    #[must_use]
    pub fn order_counts(&self, order: &OrderId) -> (usize, usize) {
        use crate::domain::TicketStatus::{Cancelled, Redeemed};
        let tickets = self.index.order_tickets(order);
        let valid = tickets.iter().filter(|ticket| ticket.status != Cancelled);
        (valid.clone().filter(|ticket| ticket.status == Redeemed).count(), valid.count())
    }

    pub(super) fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// Takes a ticket as the service has it, unless a newer state is known; our own unsent scans stand over it.
    pub(super) fn merge(&mut self, ticket: Ticket) -> Upsert {
        let known = self.outbox.told(&ticket.id).or_else(|| self.index.get(&ticket.id));
        if known.is_some_and(|known| !ticket.supersedes(known)) {
            return Upsert::Stale;
        }
        if let Some(known) = known {
            self.arrivals.subtract(known);
        }
        self.arrivals.add(&ticket);
        self.form_learns(&ticket);
        match self.outbox.promised_status(&ticket.id) {
            Some(status) => {
                let shown = Ticket { status, ..ticket.clone() };
                self.outbox.remember_told(ticket);
                self.index.upsert(shown)
            }
            None => self.index.upsert(ticket),
        }
    }

    /// Shows a ticket as its unsent scans have it, or again as the service has it.
    pub(super) fn overlay(&mut self, id: &TicketId) {
        match (self.outbox.promised_status(id), self.outbox.forget_told(id)) {
            (Some(status), told) => {
                let Some(told) = told.or_else(|| self.index.get(id).cloned()) else { return };
                self.index.upsert(Ticket { status, ..told.clone() });
                self.outbox.remember_told(told);
            }
            (None, Some(told)) => _ = self.index.upsert(told),
            (None, None) => {}
        }
    }
}
