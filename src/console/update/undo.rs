//! Taking back the last act of this console.
//!
//! What was never sent is withdrawn without a call; all else by the opposite scan, and only what the service answers
//! is said to have happened. Whether our scan is still the ticket's last is looked at here and again by the outbox.
//! What one yes let in is taken back as one act. Where that are several guests, or where the banner speaks of somebody
//! else, the first key only asks.

use std::time::Duration;

use jiff::Timestamp;

use super::scanning::{NewScan, scan_sentence};
use crate::console::action::Action;
use crate::console::app::App;
use crate::console::banner::{Banner, Verdict};
use crate::console::effect::Effect;
use crate::console::keymap::Mode;
use crate::console::outbox::{Awaited, OneYes};
use crate::domain::{AuditAct, Entry, EntryState, SafeText, Ticket, TicketId};

impl App {
    /// Takes the last act back, if it is still there to be taken back.
    pub(super) fn undo(&mut self, now: Timestamp) -> Vec<Effect> {
        let last = self.outbox.entries().rfind(|entry| is_act(entry)).cloned();
        let Some(last) = last else { return self.nothing_to_undo(None, "nobody was scanned here yet", now) };
        let taken = self.taken_with(&last).into_iter();
        let can_be = |entry: &&Entry| is_act(entry) && self.against_undo(entry, now).is_none();
        let back: Vec<_> = taken.filter(can_be).cloned().collect();
        match self.against_undo(&last, now) {
            Some(why) if back.is_empty() => self.nothing_to_undo(Some(&last), &why, now),
            _ if self.is_undo_asked(&last) => self.take_back(&back, now),
            _ if back.len() > 1 || !self.is_told(&back) => self.ask_undo(&last, &back, now),
            _ => self.take_back(&back, now),
        }
    }

    /// Whether the banner speaks of what would be taken back: then nobody else can be meant.
    fn is_told(&self, back: &[Entry]) -> bool {
        self.banner.as_ref().is_some_and(|banner| back.iter().any(|entry| entry.ticket == banner.ticket))
    }

    /// Whether the next key of the kind takes back what the banner asks about.
    pub(in crate::console) fn asks_undo(&self) -> bool {
        self.outbox.entries().rfind(|entry| is_act(entry)).is_some_and(|last| self.is_undo_asked(last))
    }

    /// Whether the question about this act is what the banner says.
    fn is_undo_asked(&self, last: &Entry) -> bool {
        let asked = |banner: &Banner| {
            (banner.act, banner.verdict, banner.entry) == (AuditAct::Undo, Verdict::NotDone, Some(last.id))
        };
        self.banner.as_ref().is_some_and(asked)
    }

    /// Says what the next key takes back; the rows and the selection stay with whoever is at hand.
    fn ask_undo(&mut self, last: &Entry, back: &[Entry], now: Timestamp) -> Vec<Effect> {
        let (name, kind) = (self.name_of(&last.ticket), last.kind);
        let whose = match back.len() {
            1 => format!("{name}’s {kind}"),
            many => format!("the {kind} of {many} guests of one order"),
        };
        let mut bindings = self.keymap.bindings(Mode::Door).iter().filter(|binding| binding.run == Action::Undo);
        let key = bindings.find_map(|binding| binding.on.first());
        let key = key.map_or_else(|| "The same".to_owned(), ToString::to_string);
        let detail = format!("{key} again takes back {whose}. Nothing was taken back yet.").into();
        let (act, verdict, ticket, entry) = (AuditAct::Undo, Verdict::NotDone, last.ticket.clone(), Some(last.id));
        self.say(Banner { act, verdict, name, detail, ticket, entry, at: now })
    }

    /// Why the act cannot be taken back, in words.
    fn against_undo(&self, last: &Entry, now: Timestamp) -> Option<SafeText> {
        if last.undoes.is_some() || matches!(last.state, EntryState::Withdrawn { .. }) {
            return Some("the last act was taken back already".into());
        }
        if self.outbox.is_awaited(&last.ticket) {
            return Some("its answer is still on its way; try again in a moment".into());
        }
        if last.is_in_doubt() {
            return Some("nobody knows yet whether it happened; the service is being asked".into());
        }
        let within = self.door.undo_within;
        if now.duration_since(last.taken_at).unsigned_abs() > within {
            let age = in_words(within);
            return Some(format!("check the guest in or out instead; the last act is more than {age} old").into());
        }
        let ticket = self.index.get(&last.ticket);
        ticket.and_then(|ticket| overtaken_by(last, ticket)).map(|scan| {
            let sentence = scan_sentence(scan, &self.session.zone, now);
            SafeText::from(format!("somebody else was faster: {sentence}"))
        })
    }

    fn take_back(&mut self, back: &[Entry], now: Timestamp) -> Vec<Effect> {
        self.search.show(back.iter().map(|entry| entry.ticket.clone()).collect());
        self.search.done = true;
        back.iter().map(|entry| self.take_one_back(entry, now)).collect()
    }

    fn take_one_back(&mut self, last: &Entry, now: Timestamp) -> Effect {
        let scan = NewScan { order: last.order.clone(), ..NewScan::of(last.ticket.clone(), last.kind.opposite()) };
        let mut with = self.new_entry(scan, last.event.clone(), None, now);
        with.undoes = Some(last.id);
        let (name, ticket, kind) = (self.name_of(&last.ticket), last.ticket.clone(), with.kind);
        let (undoes, yes) = (Some(last.id), OneYes::of(&with));
        let awaited = Awaited { ticket: ticket.clone(), kind, name: name.clone(), undoes, yes };
        self.outbox.await_answer(with.id, awaited);
        let detail = SafeText::from(format!("taking the {} back", last.kind));
        let (act, verdict, entry) = (AuditAct::Undo, Verdict::Sending, Some(last.id));
        self.banner = Some(Banner { act, verdict, name, detail, ticket, entry, at: now });
        Effect::Undo { target: last.id, with: Box::new(with) }
    }

    fn nothing_to_undo(&mut self, last: Option<&Entry>, why: &str, now: Timestamp) -> Vec<Effect> {
        let detail = SafeText::from(format!("Nothing was taken back: {why}."));
        // Where nothing was done nobody is concerned, whoever is selected.
        let (name, ticket) = match last {
            Some(last) => {
                self.search.show(vec![last.ticket.clone()]);
                (self.name_of(&last.ticket), last.ticket.clone())
            }
            None => (String::new(), TicketId::from_service("")),
        };
        let (act, verdict) = (AuditAct::Undo, Verdict::NotDone);
        let record = self.record(act, ticket.as_str(), format!("{}: {detail}", verdict.words()), now);
        let kept = self.keep_act(record, now);
        let said = self.say(Banner { act, verdict, name, detail, ticket, entry: None, at: now });
        std::iter::once(kept).chain(said).collect()
    }
}

/// Whole minutes, and seconds as long as those would be too coarse.
fn in_words(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    }
}

/// Whether somebody went through by it, or may have; also where that was taken back before it was sent.
const fn is_act(entry: &Entry) -> bool {
    match entry.state {
        EntryState::Refused { .. } => false,
        EntryState::Withdrawn { .. } => entry.promised && entry.undoes.is_none(),
        _ => true,
    }
}

/// The scan that came after ours, as far as this console knows.
fn overtaken_by<'a>(last: &Entry, ticket: &'a Ticket) -> Option<&'a crate::domain::Scan> {
    match &last.state {
        EntryState::Accepted { scan: Some(ours), .. } => ticket.last_scan().filter(|scan| scan.id != *ours),
        _ => None,
    }
}
