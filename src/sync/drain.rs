//! What becomes of every scan: the outbox's rules as a machine without a clock, a disk or a network.
//!
//! [`Drain::handle`] is told facts and answers with what is to be done; whoever carries that out (the engine in
//! production, a simulation in tests) decides nothing. The rules it keeps:
//!
//! - A scan is sent or shown only after the store has it, and an attempt only after the store has *that*.
//! - Entries of one ticket go strictly one after another; tickets go side by side, within a bound.
//! - After an attempt without an answer, and at any refusal, the ticket's history is searched for our own scan
//!   before anything else is believed.
//! - A refusal of what we let happen on our word holds back its ticket's later entries until a person has settled
//!   it; it holds back nothing else.

mod closing;
mod door;
mod keeping;
mod line;
mod message;
mod own;
mod steps;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::time::Duration;

use jiff::SignedDuration;

pub use message::{Answer, CallId, Form, Found, Input, Link, Moment, NotTaken, Output, WriteId};

use self::line::Line;
use self::steps::{Call, Step};
use crate::domain::{Entry, EntryId, EntryState, OfflinePolicy, ScanId, TicketId, TicketStatus, UserId};

/// How the drain works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrainSettings {
    /// Most calls under way.
    pub parallel: usize,
    /// Whether guests go in on our word while the service is away.
    pub offline: OfflinePolicy,
    /// Answers that take this long are called slow.
    pub slow_after: Duration,
    /// How long a scan without an answer, and without a key, is left alone before the ticket is read: as long as it
    /// may still be on its way, nobody can tell that it will not arrive.
    pub rest: Duration,
    /// The user of the token, where known.
    pub user: Option<UserId>,
    /// Which form of the scan the service has.
    pub form: Form,
    /// Of the randomness in waits.
    pub seed: u64,
}

impl Default for DrainSettings {
    fn default() -> Self {
        Self {
            parallel: 24,
            offline: OfflinePolicy::Accept,
            slow_after: Duration::from_millis(1_500),
            rest: Duration::from_secs(10),
            user: None,
            form: Form::Documented,
            seed: 0,
        }
    }
}

/// The outbox in memory, and what is under way of it.
#[derive(Debug)]
pub struct Drain {
    settings: DrainSettings,
    slots: Vec<Slot>,
    numbers: HashMap<EntryId, usize>,
    /// Entries of a ticket that are not closed, in order.
    lanes: HashMap<TicketId, VecDeque<usize>>,
    /// Entries whose turn it is, as far as their own ticket goes.
    ready: BTreeSet<usize>,
    /// Entries whose turn it is at a later time.
    resting: BTreeSet<(Duration, usize)>,
    /// Scans that entries have been found to be.
    claimed: HashSet<ScanId>,
    writes: HashMap<WriteId, Pending>,
    calls: HashMap<CallId, Call>,
    next: u64,
    line: Line,
    offset: Option<SignedDuration>,
    woken_at: Option<Duration>,
    /// When this run began, by the steady clock.
    begun_at: Option<Duration>,
    leaving: bool,
    /// New entries that wait for their first attempt while a guest stands at the door.
    waiting: BTreeMap<usize, Wait>,
}

#[derive(Debug)]
struct Slot {
    entry: Entry,
    step: Step,
    /// Kept by the store, so that it may be shown and sent.
    kept: bool,
    /// Not taken up before, where no key protects it: by the steady clock, for the other one may be put right. None where
    /// the last attempt was in an earlier run.
    rests_until: Option<Duration>,
    /// First attempted in this run, so that its refusal can still be told at the door.
    fresh: bool,
}

/// Of a guest at the door.
#[derive(Debug, Clone, Copy)]
struct Wait {
    /// When the scan was taken, by the steady clock.
    since: Duration,
    /// Found to take too long; it is said once.
    is_late: bool,
}

/// What a write is for.
#[derive(Debug)]
struct Pending {
    number: usize,
    /// The entry as it stands once the write is kept.
    entry: Entry,
    /// Our word for a scan whose answer is late: it is kept while that answer may still come.
    is_word: bool,
}

impl Drain {
    /// Takes up where the store left off.
    ///
    /// An entry that was on its way when the console died may have arrived: it is as good as unknown.
    #[must_use]
    pub fn new(settings: DrainSettings, entries: Vec<Entry>) -> Self {
        let mut drain = Self {
            line: Line::new(settings.seed),
            settings,
            slots: Vec::with_capacity(entries.len()),
            numbers: HashMap::with_capacity(entries.len()),
            lanes: HashMap::new(),
            ready: BTreeSet::new(),
            resting: BTreeSet::new(),
            claimed: HashSet::new(),
            writes: HashMap::new(),
            calls: HashMap::new(),
            next: 0,
            offset: None,
            woken_at: None,
            begun_at: None,
            leaving: false,
            waiting: BTreeMap::new(),
        };
        for mut entry in entries {
            doubt(&mut entry);
            drain.add(Slot { entry, step: Step::Idle, kept: true, rests_until: None, fresh: false });
        }
        drain
    }

    /// Takes one fact in and says what is to be done; first with [`Input::Tick`], to begin.
    pub fn handle(&mut self, input: Input, now: Moment) -> Vec<Output> {
        let mut out = Vec::new();
        self.begun_at.get_or_insert(now.steady);
        match input {
            Input::Take(entry) => self.take(*entry, now, &mut out),
            Input::Undo { target, with } => self.undo(target, *with, now, &mut out),
            Input::Settle { entry, settlement } => self.settle(entry, settlement, &mut out),
            Input::Kept(write) => self.kept(write, now, &mut out),
            Input::NotKept(write, error) => self.not_kept(write, error, now, &mut out),
            Input::Answered(call, answer) => self.answered(call, answer, now, &mut out),
            Input::Found(call, found) => self.found(call, found, now, &mut out),
            Input::SignOfLife => self.line.sign_of_life(!self.is_drained(), now),
            Input::Silence(trouble) => self.silence(&trouble, now),
            Input::Operator(user) => self.settings.user = Some(user),
            Input::Resume { user } => {
                self.settings.user = user;
                self.line.resume();
            }
            Input::Form(form) => self.settings.form = form,
            Input::ClockOffset(offset) => self.offset = Some(offset),
            Input::Tick => self.woken_at = None,
            Input::Leave => self.leaving = true,
        }
        self.pump(now, &mut out);
        self.decide_waiting(now, &mut out);
        self.decide_late(now, &mut out);
        out.extend(self.line.news().map(Output::Link));
        self.wake(now, &mut out);
        out
    }

    /// All entries that the store has, in the order in which they were taken.
    #[must_use]
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.slots.iter().filter(|slot| slot.kept).map(|slot| &slot.entry)
    }

    /// One entry.
    #[must_use]
    pub fn entry(&self, id: &EntryId) -> Option<&Entry> {
        self.numbers.get(id).map(|number| &self.slots[*number]).filter(|slot| slot.kept).map(|slot| &slot.entry)
    }

    /// Entries that the service has not settled, the oldest first.
    pub fn unsent(&self) -> impl Iterator<Item = &Entry> {
        self.entries().filter(|entry| entry.is_unsent())
    }

    /// Refusals that wait for a person, the oldest first.
    pub fn conflicts(&self) -> impl Iterator<Item = &Entry> {
        self.entries().filter(|entry| entry.is_conflict())
    }

    /// The status of a ticket here: what our own unsent scans make of `told`, the service's word.
    #[must_use]
    pub fn local_status(&self, ticket: &TicketId, told: TicketStatus) -> TicketStatus {
        let lane = self.lanes.get(ticket).into_iter().flatten();
        lane.map(|number| &self.slots[*number])
            .rfind(|slot| slot.kept && slot.entry.is_unsent())
            .map_or(told, |slot| slot.entry.leads_to())
    }

    /// Whether nothing is under way and nothing is left to send.
    #[must_use]
    pub fn is_drained(&self) -> bool {
        self.is_at_rest() && self.ready.is_empty() && self.resting.is_empty()
    }

    /// Whether nothing is under way, whatever is left to send.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        self.writes.is_empty() && self.calls.is_empty()
    }

    /// The scans of a ticket that entries have been found to be.
    #[must_use]
    pub fn claimed_on(&self, ticket: &TicketId) -> Vec<ScanId> {
        let of_ticket = self.slots.iter().filter(|slot| slot.entry.ticket == *ticket);
        of_ticket
            .filter_map(|slot| match &slot.entry.state {
                EntryState::Accepted { scan, .. } => scan.clone(),
                _ => None,
            })
            .collect()
    }

    fn add(&mut self, slot: Slot) -> usize {
        let number = self.slots.len();
        self.numbers.insert(slot.entry.id, number);
        if let EntryState::Accepted { scan: Some(scan), .. } = &slot.entry.state {
            self.claimed.insert(scan.clone());
        }
        if !slot.entry.is_closed() {
            self.lanes.entry(slot.entry.ticket.clone()).or_default().push_back(number);
        }
        let ticket = slot.entry.ticket.clone();
        self.slots.push(slot);
        self.turn(&ticket);
        number
    }

    /// Finds out which entry of a ticket is next, if any may go.
    fn turn(&mut self, ticket: &TicketId) {
        let Some(lane) = self.lanes.get_mut(ticket) else { return };
        while let Some(first) = lane.front() {
            let slot = &self.slots[*first];
            if !slot.entry.is_closed() {
                if slot.kept && slot.step == Step::Idle && slot.entry.is_unsent() {
                    self.ready.insert(*first);
                }
                return;
            }
            self.ready.remove(first);
            lane.pop_front();
        }
        self.lanes.remove(ticket);
    }

    fn pump(&mut self, now: Moment, out: &mut Vec<Output>) {
        if self.leaving {
            return;
        }
        while let Some((_, rested)) = self.resting.first().copied().filter(|(until, _)| *until <= now.steady) {
            self.resting.pop_first();
            self.ready.insert(rested);
        }
        let room = self.line.room(now, self.under_way(), self.settings.parallel);
        let next: Vec<usize> = self.in_turn().take(room).collect();
        for number in next {
            self.ready.remove(&number);
            // An entry that rested may have been called for again in the meantime.
            if self.slots[number].step == Step::Idle && self.slots[number].entry.is_unsent() {
                self.step(number, now, out);
            }
        }
    }

    /// Entries whose turn it is: first those that somebody stands at the door for, then what an outage left behind.
    fn in_turn(&self) -> impl Iterator<Item = usize> {
        let at_the_door = self.waiting.keys().copied().filter(|number| self.ready.contains(number));
        let others = self.ready.iter().copied().filter(|number| !self.stands_at_the_door(*number));
        at_the_door.filter(|number| self.stands_at_the_door(*number)).chain(others)
    }

    /// Calls, and writes that lead to one.
    fn under_way(&self) -> usize {
        self.calls.len() + self.writes.values().filter(|pending| pending.leads_to_a_call()).count()
    }

    fn wake(&mut self, now: Moment, out: &mut Vec<Output>) {
        // Who leaves begins nothing more, and waits only for what is under way.
        if self.leaving {
            return;
        }
        let line = self.line.wake(now).filter(|_| !self.ready.is_empty());
        let rested = self.resting.first().map(|(until, _)| *until);
        let at = line.into_iter().chain(rested).chain(self.next_late()).min();
        if at != self.woken_at {
            self.woken_at = at;
            out.extend(at.map(Output::WakeAt));
        }
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

impl Pending {
    /// Whether the service is asked once it is kept.
    fn leads_to_a_call(&self) -> bool {
        !self.is_word && self.entry.state == EntryState::Sending
    }
}

/// What was on its way may have arrived, and what came of it is not known any more.
pub(super) fn doubt(entry: &mut Entry) {
    if entry.state == EntryState::Sending {
        entry.state = EntryState::Unknown;
    }
    if let (EntryState::Unknown, Some(attempts)) = (&entry.state, &mut entry.attempts) {
        attempts.unsettled = true;
    }
}
