//! The next step of one entry, and what an answer makes of it.

use std::time::Duration;

use jiff::SignedDuration;

use super::message::{Answer, CallId, Form, Found, Moment, NotTaken, Output};
use super::own::{by_the_service, own_scan};
use super::{Drain, Slot, Wait};
use crate::domain::{
    Attempts, Entry, EntryId, EntryState, OfflinePolicy, Rules, ScanRefusal, Settlement, Ticket, TicketId, Transition,
    Trouble, Why, transition,
};
use crate::store::Write;

/// Younger than this, a repeat with the same key is safe: the service remembers keys for 24 hours.
const KEY_IS_REMEMBERED: SignedDuration = SignedDuration::from_hours(20);

/// From this attempt on, a 409 is not answered by another attempt at once.
const CONFLICTS_IN_A_ROW: u32 = 3;

/// What is under way of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Idle,
    /// The store keeps its next state.
    Writing,
    /// The service has been asked.
    Calling,
    /// It was never kept, so it never was.
    Gone,
}

/// A question to the service.
#[derive(Debug)]
pub struct Call {
    pub(super) number: usize,
    asked_at: Duration,
    /// How long somebody has waited for the answer: since the scan was taken, or the question was asked.
    pub(super) wait: Wait,
    what: What,
}

#[derive(Debug)]
enum What {
    Send,
    /// Read before sending.
    Look,
    /// Read to learn what is behind a refusal.
    Explain(ScanRefusal),
}

impl Call {
    /// Whether no answer of the service to this scan of `entry` is known yet: neither a refusal nor a collision.
    pub(super) fn asks_about_a_scan_to_come(&self, entry: &Entry) -> bool {
        match self.what {
            What::Send => true,
            What::Look => entry.state == EntryState::Queued,
            What::Explain(_) => false,
        }
    }
}

impl Drain {
    /// A person scans.
    pub(super) fn take(&mut self, mut entry: Entry, now: Moment, out: &mut Vec<Output>) {
        let up = self.line.is_up(now);
        if !up && entry.against.is_none() && self.settings.offline == OfflinePolicy::Refuse {
            let why = if self.line.is_paused() { NotTaken::Paused } else { NotTaken::Offline };
            out.push(Output::NotTaken { entry: entry.id, why });
            return;
        }
        if self.waits_for_a_person(&entry.ticket) {
            // It could go only once somebody has settled what is before it, long after the guest has gone.
            out.push(Output::NotTaken { entry: entry.id, why: NotTaken::BehindConflict });
            return;
        }
        let alone = !self.lanes.contains_key(&entry.ticket);
        let room = self.line.room(now, self.under_way(), self.settings.parallel);
        // One write for the entry and its first attempt, where it can go at once.
        let at_once = alone && entry.undoes.is_none() && room > 0;
        if at_once {
            self.attempt(&mut entry, now);
        }
        entry.promised |= (!up || self.gives_its_word_early()) && entry.against.is_none();
        let taken = super::closing::taken(&entry, now);
        let fresh = entry.clone();
        let number = self.add(Slot { entry: fresh, step: Step::Writing, kept: false, rests_until: None, fresh: true });
        if entry.state == EntryState::Queued && !entry.promised {
            self.waiting.insert(number, Wait { since: now.steady, is_late: false });
        }
        self.keep(number, entry, Write { audit: vec![taken], ..Write::default() }, out);
    }

    /// Whether a refusal of an earlier scan of the ticket holds all later ones back.
    pub(super) fn waits_for_a_person(&self, ticket: &TicketId) -> bool {
        let mut lane = self.lanes.get(ticket).into_iter().flatten();
        lane.any(|number| self.slots[*number].entry.is_conflict())
    }

    /// A person takes an act back.
    pub(super) fn undo(&mut self, target: EntryId, mut with: Entry, now: Moment, out: &mut Vec<Output>) {
        let nothing = Output::NotTaken { entry: with.id, why: NotTaken::NothingToUndo };
        let known = self.numbers.get(&target).copied().filter(|number| self.slots[*number].kept);
        let undone_before = self.slots.iter().any(|slot| slot.entry.undoes == Some(target) && slot.step != Step::Gone);
        let Some(number) = known.filter(|_| !undone_before) else { return out.push(nothing) };
        let slot = &self.slots[number];
        let is_last = self.lanes.get(&slot.entry.ticket).and_then(|lane| lane.back()) == Some(&number);
        match &slot.entry.state {
            EntryState::Refused { .. } | EntryState::Withdrawn { .. } => out.push(nothing),
            EntryState::Queued if slot.entry.attempts.is_none() && slot.step == Step::Idle && is_last => {
                self.withdraw(number, now, out);
            }
            _ => {
                with.undoes = Some(target);
                self.take(with, now, out);
            }
        }
    }

    pub(super) fn withdraw(&mut self, number: usize, now: Moment, out: &mut Vec<Output>) {
        self.ready.remove(&number);
        let mut entry = self.slots[number].entry.clone();
        entry.state = EntryState::Withdrawn { at: now.wall };
        let audit = vec![super::closing::ended(&entry, now)];
        self.keep(number, entry, Write { audit, ..Write::default() }, out);
    }

    /// A person puts a conflict to rest.
    pub(super) fn settle(&mut self, id: EntryId, settlement: Settlement, out: &mut Vec<Output>) {
        let Some(&number) = self.numbers.get(&id) else { return };
        let mut entry = self.slots[number].entry.clone();
        let EntryState::Refused { settled, .. } = &mut entry.state else { return };
        if settled.is_some() || self.slots[number].step != Step::Idle {
            return;
        }
        let audit = vec![super::closing::settled(&entry.ticket, &entry.device, id, &settlement)];
        if let EntryState::Refused { settled, .. } = &mut entry.state {
            *settled = Some(settlement);
        }
        self.keep(number, entry, Write { audit, ..Write::default() }, out);
    }

    /// Does what is next for an entry whose turn it is.
    pub(super) fn step(&mut self, number: usize, now: Moment, out: &mut Vec<Output>) {
        let entry = &self.slots[number].entry;
        if entry.undoes.is_some_and(|target| !self.can_be_undone(target)) {
            return self.withdraw(number, now, out);
        }
        let age = entry.attempts.as_ref().map(|attempts| {
            let first = by_the_service(attempts.first, attempts.clock_offset.or(self.offset));
            by_the_service(now.wall, self.offset).duration_since(first)
        });
        let key_protects = self.settings.form == Form::ByKey && age.is_none_or(|age| age.abs() < KEY_IS_REMEMBERED);
        let (unsettled, undoes) = (entry.is_unsettled(), entry.undoes.is_some());
        if unsettled && !key_protects {
            let until = self.rests_until(number);
            if until > now.steady {
                self.resting.insert((until, number));
                return;
            }
        }
        // Where a key protects, only a repeat settles for certain what an attempt that may still arrive comes to.
        let look_first = if unsettled { !key_protects } else { undoes };
        if look_first { self.read(number, What::Look, now, out) } else { self.begin(number, Vec::new(), now, out) }
    }

    /// Until when a scan without an answer is left alone.
    ///
    /// How long ago an attempt of an earlier run was, only the wall clock could tell, and a machine may start with another
    /// time than it ended with: that attempt is taken for as young as it can be.
    fn rests_until(&self, number: usize) -> Duration {
        let begun_at = self.begun_at.unwrap_or_default();
        self.slots[number].rests_until.unwrap_or(begun_at + self.settings.rest)
    }

    /// Whether the entry that is to be undone has, or may have, happened.
    fn can_be_undone(&self, target: EntryId) -> bool {
        let target = self.numbers.get(&target).map(|number| &self.slots[*number].entry.state);
        !matches!(target, None | Some(EntryState::Refused { .. } | EntryState::Withdrawn { .. }))
    }

    /// Has the store keep that an attempt begins; it is sent after that.
    fn begin(&mut self, number: usize, tickets: Vec<Ticket>, now: Moment, out: &mut Vec<Output>) {
        let mut entry = self.slots[number].entry.clone();
        self.attempt(&mut entry, now);
        self.keep(number, entry, Write { tickets, ..Write::default() }, out);
    }

    fn attempt(&self, entry: &mut Entry, now: Moment) {
        let attempts = entry.attempts.get_or_insert_with(|| Attempts {
            count: 0,
            first: now.wall,
            last: now.wall,
            users: Vec::new(),
            clock_offset: self.offset,
            unsettled: false,
        });
        attempts.note_user(self.settings.user.as_ref());
        attempts.count = attempts.count.saturating_add(1);
        attempts.last = now.wall;
        entry.state = EntryState::Sending;
    }

    /// The attempt is kept: it is sent; or kept anew first, where the token has become another user's in the meantime.
    pub(super) fn send_as_kept(&mut self, number: usize, now: Moment, out: &mut Vec<Output>) {
        let mut entry = self.slots[number].entry.clone();
        if let Some(attempts) = &mut entry.attempts {
            attempts.note_user(self.settings.user.as_ref());
        }
        if entry == self.slots[number].entry {
            self.send(number, now, out);
        } else {
            self.keep(number, entry, Write::default(), out);
        }
    }

    fn send(&mut self, number: usize, now: Moment, out: &mut Vec<Output>) {
        self.slots[number].rests_until = Some(now.steady + self.settings.rest);
        let entry = Box::new(self.slots[number].entry.clone());
        let call = self.call(number, What::Send, now);
        out.push(Output::Send(call, entry));
    }

    fn read(&mut self, number: usize, what: What, now: Moment, out: &mut Vec<Output>) {
        let ticket = self.slots[number].entry.ticket.clone();
        let call = self.call(number, what, now);
        out.push(Output::Read(call, ticket));
    }

    fn call(&mut self, number: usize, what: What, now: Moment) -> CallId {
        let call = CallId(self.number());
        self.slots[number].step = Step::Calling;
        let wait = self.waiting.remove(&number).unwrap_or(Wait { since: now.steady, is_late: false });
        self.calls.insert(call, Call { number, asked_at: now.steady, wait, what });
        call
    }

    /// What sending an entry came to.
    pub(super) fn answered(&mut self, call: CallId, answer: Answer, now: Moment, out: &mut Vec<Output>) {
        let Some(Call { number, asked_at, what: What::Send, .. }) = self.calls.remove(&call) else { return };
        let took = now.steady.saturating_sub(asked_at);
        match answer {
            Answer::Accepted(ticket) => {
                self.line.answered(took, &self.settings);
                self.accept(number, *ticket, now, out);
            }
            Answer::Refused { refusal, ticket: Some(ticket) } => {
                self.line.answered(took, &self.settings);
                self.explained(number, refusal, *ticket, now, out);
            }
            Answer::Refused { refusal: ScanRefusal::UnknownTicket, ticket: None } => {
                self.line.answered(took, &self.settings);
                self.refuse(number, Why::Rule(ScanRefusal::UnknownTicket), None, now, out);
            }
            Answer::Refused { refusal, ticket: None } => {
                self.line.answered(took, &self.settings);
                self.read(number, What::Explain(refusal), now, out);
            }
            Answer::Unknown(trouble) => {
                self.line.failed(&trouble, None, now);
                self.leave_open(number, true, now, out);
            }
            Answer::Failed { trouble, retry_after } => self.failed(number, &trouble, retry_after, now, out),
        }
    }

    fn failed(
        &mut self,
        number: usize,
        trouble: &Trouble,
        retry_after: Option<Duration>,
        now: Moment,
        out: &mut Vec<Output>,
    ) {
        match trouble {
            Trouble::Rejected { message } => {
                let refusal = ScanRefusal::Other { message: message.clone() };
                self.read(number, What::Explain(refusal), now, out);
            }
            Trouble::NotFound => self.refuse(number, Why::Rule(ScanRefusal::UnknownTicket), None, now, out),
            Trouble::Conflict if !self.conflicts_go_on(number) => self.read(number, What::Look, now, out),
            _ => {
                self.line.failed(trouble, retry_after, now);
                self.leave_open(number, false, now, out);
            }
        }
    }

    /// Whether looking and sending again has been tried often enough: then it has to wait like any other trouble.
    fn conflicts_go_on(&self, number: usize) -> bool {
        self.slots[number].entry.attempts.as_ref().is_some_and(|attempts| attempts.count >= CONFLICTS_IN_A_ROW)
    }

    /// What reading a ticket came to.
    pub(super) fn found(&mut self, call: CallId, found: Found, now: Moment, out: &mut Vec<Output>) {
        let Some(Call { number, asked_at, what, .. }) = self.calls.remove(&call) else { return };
        if !matches!(found, Found::Failed { .. }) {
            self.line.answered(now.steady.saturating_sub(asked_at), &self.settings);
        }
        match (found, what) {
            (Found::Ticket(ticket), What::Explain(refusal)) => self.explained(number, refusal, *ticket, now, out),
            (Found::Ticket(ticket), _) => self.looked(number, *ticket, now, out),
            (Found::Nothing, _) => self.refuse(number, Why::Rule(ScanRefusal::UnknownTicket), None, now, out),
            (Found::Failed { trouble, retry_after }, what) => {
                self.line.failed(&trouble, retry_after, now);
                // A refusal that cannot be explained may be one of our own success.
                let in_doubt = matches!(what, What::Explain(_));
                self.leave_open(number, in_doubt, now, out);
            }
        }
    }

    /// A refusal with the ticket beside it: our own scan in its history outweighs the refusal.
    fn explained(&mut self, number: usize, refusal: ScanRefusal, ticket: Ticket, now: Moment, out: &mut Vec<Output>) {
        if self.own(number, &ticket, now).is_some() {
            return self.accept(number, ticket, now, out);
        }
        let entry = &self.slots[number].entry;
        let rules = Rules { event: &entry.event, gate: &entry.gate };
        let rule = match (rules.forbids(&ticket, ticket.status, entry.kind), refusal) {
            (Some(rule), ScanRefusal::Other { .. }) => rule,
            (_, refusal) => refusal,
        };
        self.refuse(number, Why::Rule(rule), Some(ticket), now, out);
    }

    /// The ticket was read before anything is sent.
    fn looked(&mut self, number: usize, ticket: Ticket, now: Moment, out: &mut Vec<Output>) {
        if self.own(number, &ticket, now).is_some() {
            return self.accept(number, ticket, now, out);
        }
        let entry = &self.slots[number].entry;
        if self.is_overtaken(entry, &ticket) {
            return self.refuse(number, Why::Overtaken, Some(ticket), now, out);
        }
        match transition(ticket.status, entry.kind.into()) {
            Transition::Refused(rule) => {
                self.refuse(number, Why::Rule(ScanRefusal::Rule(rule)), Some(ticket), now, out);
            }
            // It needed the service's word at once, and had none; now nobody stands at the door for it any more.
            Transition::To(_) | Transition::NoChange if entry.against.is_some() => {
                let rule = entry.against.clone().unwrap_or(ScanRefusal::UnknownTicket);
                self.refuse(number, Why::Rule(rule), Some(ticket), now, out);
            }
            Transition::To(_) | Transition::NoChange => {
                out.push(Output::Learnt(Box::new(ticket.clone())));
                self.begin(number, vec![ticket], now, out);
            }
        }
    }

    /// Whether another scan came after the one that `entry` takes back.
    fn is_overtaken(&self, entry: &Entry, ticket: &Ticket) -> bool {
        let target = entry.undoes.and_then(|target| self.numbers.get(&target)).map(|number| &self.slots[*number].entry);
        match target.map(|target| &target.state) {
            Some(EntryState::Accepted { scan: Some(scan), .. }) => {
                ticket.last_scan().is_some_and(|last| last.id != *scan)
            }
            _ => false,
        }
    }

    pub(super) fn own(&self, number: usize, ticket: &Ticket, now: Moment) -> Option<crate::domain::ScanId> {
        let entry = &self.slots[number].entry;
        own_scan(entry, ticket, &self.claimed, self.offset, now.wall).map(|scan| scan.id.clone())
    }
}
