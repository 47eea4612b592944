//! What was done and refused here: how it is noted, and brought back after a restart.
//!
//! A scan is told by its entry in the outbox, everything else by its record; at once and after a restart the deed is made
//! of the same, so that both tell the same. What cannot be kept is told for as long as the console runs.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use strum::IntoEnumIterator;

use super::entries::{self, Telling};
use super::scanner::in_brief;
use crate::console::activity::{Deed, MOST_DEEDS};
use crate::console::app::App;
use crate::console::banner::{Banner, Verdict};
use crate::console::effect::Effect;
use crate::console::outbox::is_answer;
use crate::console::popup::Popup;
use crate::console::time::clock_time;
use crate::domain::{AuditAct, AuditRecord, Entry, EntryState, SettleReason, Settlement, TicketId};

/// A change without an answer is said again after a restart for this long; then the night is over.
const CHANGE_SAID_FOR: SignedDuration = SignedDuration::from_hours(24);

impl App {
    /// Has the record of an act kept, and notes the act as the record has it.
    pub(super) fn keep_act(&mut self, record: AuditRecord, now: Timestamp) -> Effect {
        if let Some(deed) = self.recorded(&record) {
            self.note(deed, now);
        }
        Effect::Record(Box::new(record))
    }

    /// Notes what the banner says where neither an entry nor a record can be kept of it.
    pub(super) fn note_unkept(&mut self, banner: &Banner) {
        let deed = Deed {
            at: banner.at,
            act: banner.act,
            by: self.session.operator.name.clone(),
            role: Some(self.access.role(banner.at)),
            name: banner.name.clone(),
            target: banner.ticket.clone(),
            entry: banner.entry,
            change: None,
            verdict: Some(banner.verdict),
            words: banner.detail.clone(),
        };
        self.note(deed, banner.at);
    }

    /// What became of a scan, also long after its guest has gone.
    pub(super) fn note_entry(&mut self, entry: &Entry, verdict: Verdict, now: Timestamp) {
        let deed = self.deed_of(entry, verdict);
        self.note(deed, now);
    }

    /// A person put a conflict to rest.
    pub(super) fn note_settled(&mut self, entry: &Entry, settlement: &Settlement, now: Timestamp) {
        let deed = self.deed_of_settlement(entry, settlement);
        self.note(deed, now);
    }

    fn note(&mut self, deed: Deed, now: Timestamp) {
        self.activity.note(deed);
        if let Some(Popup::Activity(_)) = &self.popup {
            let choices = self.deed_choices(now);
            if let Some(Popup::Activity(list)) = &mut self.popup {
                list.picker.replace(choices);
            }
        }
    }

    /// A scan as it was told when the last word on it came.
    fn deed_of(&self, entry: &Entry, verdict: Verdict) -> Deed {
        let at = told_at(entry);
        let facts = self.index.get(&entry.ticket).map(entries::passage).unwrap_or_default();
        let detail =
            self.entry_told(entry, verdict, Telling { ticket: None, facts, kept: "not yet sent", again: "later", at });
        // Who reads it was told first that the guest is in.
        let mut words = match &entry.state {
            EntryState::Refused { .. } if entry.promised => {
                let clock = clock_time(at, &self.session.zone, at);
                format!("done here on our word, refused by the service at {clock}: {detail}")
            }
            _ => detail.to_string(),
        };
        if let Some(reason) = &entry.override_reason {
            words.extend([" · despite this door: ", reason]);
        }
        Deed {
            at: entry.taken_at,
            act: act_of(entry),
            by: entry.operator.name.clone(),
            role: entry.operator.role,
            name: self.name_in_brief(&entry.ticket),
            target: entry.ticket.clone(),
            entry: Some(entry.id),
            change: None,
            verdict: Some(verdict),
            words: words.into(),
        }
    }

    fn deed_of_settlement(&self, entry: &Entry, settlement: &Settlement) -> Deed {
        let note = if settlement.note.is_empty() { String::new() } else { format!(": {}", settlement.note) };
        Deed {
            at: settlement.at,
            act: AuditAct::Settle,
            by: settlement.by.name.clone(),
            role: settlement.by.role,
            name: self.name_in_brief(&entry.ticket),
            target: entry.ticket.clone(),
            entry: None,
            change: None,
            verdict: None,
            words: format!("{} refused by the service, {}{note}", entry.kind, settlement.reason).into(),
        }
    }

    /// The guest's name, or else as much of the ticket's id as tells it from others.
    fn name_in_brief(&self, ticket: &TicketId) -> String {
        self.index.get(ticket).map_or_else(|| in_brief(ticket), |ticket| ticket.attendee.full_name())
    }

    /// The store is open: what was done here before the restart, from its scans and its record of everything else.
    pub(super) fn recall(&mut self, acts: &[AuditRecord], now: Timestamp) {
        let answered = self.outbox.entries().rev().filter(|entry| is_answer(entry)).take(MOST_DEEDS);
        let mut deeds: Vec<Deed> = Vec::new();
        for entry in answered {
            deeds.push(self.deed_of(entry, entries::verdict(entry, !entry.promised)));
            deeds.extend(settled(entry).map(|settlement| self.deed_of_settlement(entry, settlement)));
        }
        // Of one change the last record has the last word: they come in their order.
        deeds.extend(acts.iter().rev().filter_map(|record| self.recorded(record)).map(unanswered));
        deeds.sort_by_key(|deed| deed.at);
        for deed in deeds {
            self.note(deed, now);
        }
        self.recall_pins(acts);
        self.recall_changes(acts, now);
    }

    /// A change that had no answer when the console ended is said: nobody else knows of it any more.
    fn recall_changes(&mut self, acts: &[AuditRecord], now: Timestamp) {
        let mut known = HashSet::new();
        let changes = acts.iter().filter(|record| record.change.is_some());
        let last_words = changes.filter(|record| known.insert(record.change.as_deref()));
        let is_open = |record: &&AuditRecord| {
            let is_asked = matches!(last_verdict(record), Some(Verdict::Sending | Verdict::BeingVerified));
            is_asked && now.duration_since(record.at) < CHANGE_SAID_FOR
        };
        for record in last_words.filter(is_open) {
            self.note_finding(unanswered_words(record).into());
        }
    }

    /// A deed as its record has it; what belongs to a scan is told by the scan.
    fn recorded(&self, record: &AuditRecord) -> Option<Deed> {
        if record.entry.is_some() {
            return None;
        }
        let (verdict, words) = verdict_and_words(&record.outcome);
        let target = TicketId::from_service(if is_of_console(record.act) { "" } else { &record.target });
        let name = match record.guest.as_str() {
            "" if target.as_str().is_empty() => String::new(),
            "" => self.name_in_brief(&target),
            guest => guest.to_owned(),
        };
        Some(Deed {
            at: record.at,
            act: record.tried.map_or(record.act, AuditAct::of_scan),
            by: record.operator.name.clone(),
            role: record.operator.role,
            name,
            target,
            entry: None,
            change: record.change.clone(),
            verdict,
            words: words.into(),
        })
    }
}

/// When the last word on a scan came.
fn told_at(entry: &Entry) -> Timestamp {
    match &entry.state {
        EntryState::Queued | EntryState::Sending | EntryState::Unknown => entry.taken_at,
        EntryState::Accepted { at, .. } | EntryState::Refused { at, .. } | EntryState::Withdrawn { at } => *at,
    }
}

/// How a person put the scan to rest, where one did; a refusal told at the door needed nobody.
fn settled(entry: &Entry) -> Option<&Settlement> {
    match &entry.state {
        EntryState::Refused { settled: Some(settled), .. } if settled.reason != SettleReason::ToldAtOnce => {
            Some(settled)
        }
        _ => None,
    }
}

/// What to do about a change whose answer nobody heard.
fn unanswered_words(record: &AuditRecord) -> String {
    let guest = &record.guest;
    let change = match record.act {
        AuditAct::Edit => "correction",
        AuditAct::Move => "move",
        AuditAct::Cancel => "cancellation",
        AuditAct::Reactivate => "reactivation",
        _ => {
            return format!(
                "A comp for {guest} had no answer before the restart: look for the guest before you issue it again."
            );
        }
    };
    format!("The {change} of {guest}'s ticket had no answer before the restart: look at it before you do it again.")
}

/// Nobody waits any more for the answer to what was asked before the restart.
fn unanswered(deed: Deed) -> Deed {
    let verdict =
        deed.verdict.map(|verdict| if verdict == Verdict::Sending { Verdict::BeingVerified } else { verdict });
    Deed { verdict, ..deed }
}

/// What a scan was meant as.
pub(super) const fn act_of(entry: &Entry) -> AuditAct {
    match (&entry.undoes, &entry.override_reason) {
        (Some(_), _) => AuditAct::Undo,
        (None, Some(_)) => AuditAct::Override,
        (None, None) => AuditAct::of_scan(entry.kind),
    }
}

/// Whether it was done to the console and to no guest.
pub(super) const fn is_of_console(act: AuditAct) -> bool {
    matches!(act, AuditAct::Gate | AuditAct::Pin)
}

fn last_verdict(record: &AuditRecord) -> Option<Verdict> {
    verdict_and_words(&record.outcome).0
}

/// The banner's words at the head of a recorded outcome, and what follows them.
fn verdict_and_words(outcome: &str) -> (Option<Verdict>, &str) {
    let split = outcome.split_once(": ");
    let found = split.and_then(|(head, rest)| Some((Verdict::iter().find(|verdict| verdict.words() == head)?, rest)));
    found.map_or((None, outcome), |(verdict, rest)| (Some(verdict), rest))
}
