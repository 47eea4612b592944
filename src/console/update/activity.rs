//! What was done and refused here: how it is noted, brought back after a restart, and looked through.

use jiff::Timestamp;
use strum::IntoEnumIterator;

use super::entries;
use crate::console::action::Action;
use crate::console::activity::{Deed, DeedNumber, MOST_DEEDS};
use crate::console::app::App;
use crate::console::banner::{Banner, Verdict};
use crate::console::effect::Effect;
use crate::console::outbox::is_answer;
use crate::console::picker::Choice;
use crate::console::popup::{ActivityList, Popup, Told};
use crate::console::time::clock_time;
use crate::domain::{AuditAct, AuditRecord, Entry, EntryState, OrderId, SafeText, Settlement, Ticket, TicketId};

/// Of a deed whose ticket the list does not have.
const NO_TICKET: &str = "The list has no such ticket.";
/// The same of a deed that was never about one.
const THE_DOORS: &str = "This was done to the door, not to a ticket.";

impl App {
    /// What the banner says is a deed; a scan that is kept is told by the outbox, and a question is none.
    pub(super) fn note_said(&mut self, banner: &Banner) {
        let is_kept = banner.entry.as_ref().is_some_and(|entry| self.outbox.entry(entry).is_some());
        if is_kept || banner.verdict == Verdict::Sending {
            return;
        }
        let (verdict, words, target) = (Some(banner.verdict), banner.detail.clone(), banner.ticket.clone());
        let deed = self.deed_now(banner.act, banner.name.clone(), target, banner.at);
        self.note(Deed { verdict, words, entry: banner.entry, ..deed }, banner.at);
    }

    /// What became of a scan, also long after its guest has gone.
    pub(super) fn note_entry(&mut self, entry: &Entry, verdict: Verdict, now: Timestamp) {
        let deed = self.deed_of(entry, verdict, now);
        self.note(Deed { role: Some(self.access.role(now)), ..deed }, now);
    }

    /// A person put a conflict to rest.
    pub(super) fn note_settled(&mut self, entry: &Entry, settlement: &Settlement, now: Timestamp) {
        let note = if settlement.note.is_empty() { String::new() } else { format!(": {}", settlement.note) };
        let words = SafeText::from(format!("{} refused by the service, {}{note}", entry.kind, settlement.reason));
        let deed = self.deed_now(AuditAct::Settle, self.name_of(&entry.ticket), entry.ticket.clone(), settlement.at);
        self.note(Deed { by: settlement.by.name.clone(), words, ..deed }, now);
    }

    /// Something was done to the console itself.
    pub(super) fn note_done(&mut self, act: AuditAct, words: SafeText, now: Timestamp) {
        let deed = self.deed_now(act, String::new(), TicketId::from_service(""), now);
        self.note(Deed { words, ..deed }, now);
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

    fn deed_now(&self, act: AuditAct, name: String, target: TicketId, now: Timestamp) -> Deed {
        Deed {
            at: now,
            act,
            by: self.session.operator.name.clone(),
            role: Some(self.access.role(now)),
            name,
            target,
            entry: None,
            verdict: None,
            words: SafeText::default(),
        }
    }

    fn deed_of(&self, entry: &Entry, verdict: Verdict, now: Timestamp) -> Deed {
        let detail = self.entry_detail(entry, verdict, now);
        // Who reads it was told first that the guest is in.
        let words = match &entry.state {
            EntryState::Refused { at, .. } if entry.promised => {
                let clock = clock_time(*at, &self.session.zone, now);
                format!("done here on our word, refused by the service at {clock}: {detail}").into()
            }
            _ => detail,
        };
        Deed {
            at: entry.taken_at,
            act: act_of(entry),
            by: entry.operator.name.clone(),
            role: None,
            name: self.name_of(&entry.ticket),
            target: entry.ticket.clone(),
            entry: Some(entry.id),
            verdict: Some(verdict),
            words,
        }
    }

    /// The store is open: what was done here before the restart, from its scans and its record of everything else.
    pub(super) fn recall(&mut self, acts: &[AuditRecord], now: Timestamp) {
        let answered = self.outbox.entries().rev().filter(|entry| is_answer(entry)).take(MOST_DEEDS);
        let scans = answered.map(|entry| self.deed_of(entry, entries::verdict(entry, !entry.promised), now));
        let deeds: Vec<Deed> = scans.chain(acts.iter().filter_map(|record| self.recorded(record))).collect();
        for deed in deeds {
            self.note(deed, now);
        }
        self.recall_pins(acts);
        self.recall_comp(acts);
    }

    /// A comp that had no answer when the console ended is said once: nobody else knows of it any more.
    fn recall_comp(&mut self, acts: &[AuditRecord]) {
        let last = acts.iter().find(|record| record.act == AuditAct::Comp);
        let open = last.filter(|record| record.outcome.starts_with(Verdict::BeingVerified.words()));
        let Some(deed) = open.and_then(|record| self.recorded(record)) else { return };
        let finding = format!(
            "A comp for {} had no answer before the restart: look for the guest before you issue it again.",
            deed.name
        );
        self.note_finding(finding.into());
    }

    /// A deed as it was recorded; scans are the outbox's to tell, and an override is told with its scan.
    fn recorded(&self, record: &AuditRecord) -> Option<Deed> {
        use AuditAct::{Answer, CheckIn, CheckOut, Override, Undo};
        if matches!(record.act, CheckIn | CheckOut | Undo | Answer | Override) {
            return None;
        }
        let (verdict, words) = verdict_and_words(&record.outcome);
        let target = if is_of_console(record.act) { "" } else { &record.target };
        let target = TicketId::from_service(target);
        // A change was recorded with the guest's name, which a comp's order alone does not tell.
        let (name, words) = match words.split_once(": ") {
            Some((name, words)) if is_change(record.act) => (name.to_owned(), words),
            _ if is_of_console(record.act) => (String::new(), words),
            _ => (self.name_of(&target), words),
        };
        Some(Deed {
            at: record.at,
            act: record.act,
            by: record.operator.name.clone(),
            role: None,
            name,
            target,
            entry: None,
            verdict,
            words: words.into(),
        })
    }

    pub(super) fn open_activity(&mut self, now: Timestamp) -> Vec<Effect> {
        let choices = self.deed_choices(now);
        self.show(Popup::Activity(ActivityList::new(choices)))
    }

    /// What a deed is found by: everything that is shown of it.
    fn deed_choices(&self, now: Timestamp) -> Vec<Choice<DeedNumber>> {
        let zone = &self.session.zone;
        let choice = |(number, deed): (DeedNumber, &Deed)| {
            let verdict = deed.verdict.map(Verdict::words).unwrap_or_default();
            let main = format!("{} {verdict} {} {}", clock_time(deed.at, zone, now), deed.act, self.name_in(deed));
            Choice::new(number, main, format!("{} {} {}", deed.by, deed.words, deed.target))
        };
        self.activity.newest_first().map(choice).collect()
    }

    /// The guest of a deed as the list has the name now, else as it was then.
    #[must_use]
    pub fn name_in(&self, deed: &Deed) -> String {
        self.index.get(&deed.target).map_or_else(|| deed.name.clone(), |ticket| ticket.attendee.full_name())
    }

    pub(super) fn activity_told(&mut self, told: &Told<'_>) -> Vec<Effect> {
        let Some(Popup::Activity(list)) = &mut self.popup else { return Vec::new() };
        list.notice = None;
        if list.picker.told(told) {
            return Vec::new();
        }
        let chosen = list.picker.selected().map(|choice| choice.item);
        match (told, chosen) {
            (Told::Acted(Action::Close), _) => {
                self.popup = None;
                Vec::new()
            }
            (Told::Acted(Action::Confirm), Some(number)) => self.show_deed(number),
            _ => Vec::new(),
        }
    }

    /// Shows the ticket of a deed in the panes, or those of its order.
    fn show_deed(&mut self, number: DeedNumber) -> Vec<Effect> {
        let Some(deed) = self.activity.deed(number) else { return Vec::new() };
        let tickets = match self.index.get(&deed.target) {
            Some(ticket) => vec![ticket.id.clone()],
            None => ids(&self.index.order_tickets(&OrderId::from_service(deed.target.as_str()))),
        };
        if tickets.is_empty() {
            let notice = if deed.target.as_str().is_empty() { THE_DOORS } else { NO_TICKET };
            if let Some(Popup::Activity(list)) = &mut self.popup {
                list.notice = Some(notice);
            }
            return Vec::new();
        }
        (self.popup, self.banner) = (None, None);
        self.search.show(tickets);
        self.fetch_selected()
    }
}

fn ids(tickets: &[&Ticket]) -> Vec<TicketId> {
    tickets.iter().map(|ticket| ticket.id.clone()).collect()
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
const fn is_of_console(act: AuditAct) -> bool {
    matches!(act, AuditAct::Gate | AuditAct::Pin)
}

const fn is_change(act: AuditAct) -> bool {
    matches!(act, AuditAct::Edit | AuditAct::Move | AuditAct::Cancel | AuditAct::Reactivate | AuditAct::Comp)
}

/// The banner's words at the head of a recorded outcome, and what follows them.
fn verdict_and_words(outcome: &str) -> (Option<Verdict>, &str) {
    let split = outcome.split_once(": ");
    let found = split.and_then(|(head, rest)| Some((Verdict::iter().find(|verdict| verdict.words() == head)?, rest)));
    found.map_or((None, outcome), |(verdict, rest)| (Some(verdict), rest))
}
