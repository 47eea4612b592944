//! How an entry ends, or stays open, and the record that is kept of it.

use super::Drain;
use super::line::Line;
use super::message::{Moment, Output};
use crate::domain::{
    AuditAct, AuditRecord, DeviceId, Entry, EntryId, EntryState, Operator, SafeText, Scan, ScanRefusal, SettleReason,
    Settlement, Ticket, TicketId, Why,
};
use crate::store::Write;

impl Drain {
    /// The service has it.
    pub(super) fn accept(&mut self, number: usize, ticket: Ticket, now: Moment, out: &mut Vec<Output>) {
        let scan = self.own(number, &ticket, now);
        self.close(number, EntryState::Accepted { scan, at: now.wall }, Some(ticket), now, out);
    }

    /// It is forbidden, and our own scan is not in the ticket's history.
    pub(super) fn refuse(
        &mut self,
        number: usize,
        why: Why,
        ticket: Option<Ticket>,
        now: Moment,
        out: &mut Vec<Output>,
    ) {
        let slot = &self.slots[number];
        let entry = &slot.entry;
        let first_answer = entry.attempts.as_ref().is_none_or(|attempts| attempts.count <= 1 && !attempts.unsettled);
        // The screen waited for this answer and said nothing else before it: nobody went in on our word.
        let at_the_door = !entry.promised && (entry.against.is_some() || slot.fresh && first_answer);
        let settled = at_the_door.then(|| Settlement {
            reason: SettleReason::ToldAtOnce,
            note: "".into(),
            by: Operator::default(),
            at: now.wall,
        });
        let theirs = ticket.as_ref().and_then(Ticket::last_scan).cloned().map(Box::new);
        self.close(number, EntryState::Refused { why, theirs, at: now.wall, settled }, ticket, now, out);
    }

    fn close(&mut self, number: usize, state: EntryState, ticket: Option<Ticket>, now: Moment, out: &mut Vec<Output>) {
        let mut entry = self.slots[number].entry.clone();
        entry.state = state;
        if let Some(attempts) = &mut entry.attempts {
            attempts.unsettled = false;
        }
        out.extend(ticket.iter().map(|ticket| Output::Learnt(Box::new(ticket.clone()))));
        let audit = vec![ended(&entry, now)];
        self.keep(number, entry, Write { tickets: ticket.into_iter().collect(), audit, ..Write::default() }, out);
    }

    /// No answer that settles it: it is tried again when the line allows.
    pub(super) fn leave_open(&mut self, number: usize, may_have_arrived: bool, now: Moment, out: &mut Vec<Output>) {
        let mut entry = self.slots[number].entry.clone();
        if let Some(attempts) = &mut entry.attempts {
            attempts.unsettled |= may_have_arrived;
        }
        entry.state = if entry.is_unsettled() { EntryState::Unknown } else { EntryState::Queued };
        if entry.state == EntryState::Queued && !entry.promised {
            return self.decide(number, entry, now, out);
        }
        let unchanged = entry == self.slots[number].entry;
        if unchanged {
            let ticket = entry.ticket.clone();
            self.slots[number].step = super::Step::Idle;
            self.turn(&ticket);
        } else {
            self.keep(number, entry, Write::default(), out);
        }
    }
}

impl Line {
    /// The store could not keep an answer: what was asked is asked again a little later.
    pub(super) fn store_failed(&mut self, now: Moment) {
        self.failed(&crate::domain::Trouble::RateLimited, None, now);
    }
}

/// The record of a scan being taken.
pub(super) fn taken(entry: &Entry, now: Moment) -> AuditRecord {
    let outcome = if entry.promised { "done here, not yet sent" } else { "kept, to be sent" };
    let outcome = match &entry.override_reason {
        Some(reason) => format!("{outcome}; against a rule of this door: {reason}"),
        None => outcome.to_owned(),
    };
    record(entry, act(entry), outcome.into(), now)
}

fn act(entry: &Entry) -> AuditAct {
    entry.undoes.map_or(AuditAct::of_scan(entry.kind), |_| AuditAct::Undo)
}

/// The record of a guest being let in or out on our word, some time after the scan was taken.
pub(super) fn promised(entry: &Entry, because: &str, now: Moment) -> AuditRecord {
    record(entry, act(entry), format!("done here on our word: {because}").into(), now)
}

/// The record of an entry's end.
pub(super) fn ended(entry: &Entry, now: Moment) -> AuditRecord {
    let outcome = match &entry.state {
        EntryState::Accepted { .. } => "accepted by the service".to_owned(),
        EntryState::Withdrawn { .. } => "taken back before it was sent".to_owned(),
        EntryState::Refused { why, theirs, .. } => match theirs {
            Some(scan) => format!("refused: {}; last scan: {}", in_words(why), whose(scan)),
            None => format!("refused: {}", in_words(why)),
        },
        EntryState::Queued | EntryState::Sending | EntryState::Unknown => "open".to_owned(),
    };
    record(entry, AuditAct::Answer, outcome.into(), now)
}

/// The record of a person settling a conflict.
pub(super) fn settled(ticket: &TicketId, device: &DeviceId, entry: EntryId, settlement: &Settlement) -> AuditRecord {
    let outcome = match settlement.note.trim() {
        "" => settlement.reason.to_string(),
        note => format!("{}: {note}", settlement.reason),
    };
    AuditRecord {
        at: settlement.at,
        operator: settlement.by.clone(),
        device: device.clone(),
        act: AuditAct::Settle,
        target: ticket.as_str().to_owned(),
        entry: Some(entry),
        tried: None,
        change: None,
        guest: SafeText::default(),
        outcome: outcome.into(),
    }
}

fn record(entry: &Entry, act: AuditAct, outcome: SafeText, now: Moment) -> AuditRecord {
    AuditRecord {
        at: now.wall,
        operator: entry.operator.clone(),
        device: entry.device.clone(),
        act,
        target: entry.ticket.as_str().to_owned(),
        entry: Some(entry.id),
        tried: None,
        change: None,
        guest: SafeText::default(),
        outcome,
    }
}

fn in_words(why: &Why) -> String {
    match why {
        Why::Overtaken => "another scan came after the one to undo".to_owned(),
        Why::Rule(ScanRefusal::Rule(rule)) => rule.to_string(),
        Why::Rule(ScanRefusal::WrongEvent { event }) => format!("the ticket is for {event}"),
        Why::Rule(ScanRefusal::WrongDoor { admission }) => format!("{admission} does not enter here"),
        Why::Rule(ScanRefusal::UnknownTicket) => "no such ticket".to_owned(),
        Why::Rule(ScanRefusal::Other { message }) => message.to_string(),
    }
}

fn whose(scan: &Scan) -> String {
    format!("{} by {} on {} at {}", scan.kind, scan.scanned_by.name, scan.device_id, scan.scanned_at)
}
