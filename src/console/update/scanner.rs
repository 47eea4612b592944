//! Codes, scanned and pasted: from what was read to the ticket, and to what it does.

use std::collections::HashMap;

use crossterm::event::KeyEvent;
use jiff::{SignedDuration, Timestamp};

use super::scanning::NewScan;
use super::waiting::WaitingCode;
use crate::console::app::{App, Health};
use crate::console::banner::{Banner, Verdict};
use crate::console::door::ScanAction;
use crate::console::effect::{Bell, Effect};
use crate::console::field::Field;
use crate::console::popup::{OrderCheckIn, Popup};
use crate::console::scanner::Scanned;
use crate::domain::{
    AuditAct, AuditRecord, Code, OrderId, SafeText, ScanKind, Ticket, TicketId, TicketStatus, Trouble,
};

/// Of a code that can be no ticket's.
const NO_TICKET: &str = "This code is not a ticket's. Scan the ticket's own, or search by name.";
/// An Enter this soon behind a code is the scanner's own, which the link held up; the same code would be the same scan.
const ECHO: SignedDuration = SignedDuration::from_secs(2);
/// Characters of a code that stand beside the large words.
const ROOM_FOR_CODE: usize = 14;

/// What it is called to read a code that nobody is let in or out by.
const CODE: AuditAct = AuditAct::Refusal;

/// What the scanner has under way.
#[derive(Debug, Default)]
pub(in crate::console) struct Scans {
    /// What stood in the fields before typing that may yet be a scan.
    before: Option<Before>,
    /// Codes that the service was asked for, by the number of the question.
    asked: HashMap<u64, Asked>,
    /// Codes that were read before the kept list was, in their order.
    pub(super) waiting: Vec<WaitingCode>,
    /// Whose ticket was scanned last by its code, and when.
    last: Option<(TicketId, Timestamp)>,
    /// The key that last closed a pop-up by a yes, or led by one to a question, and when; no key was pressed since.
    pub(super) answered: Option<(KeyEvent, Timestamp)>,
    /// When an answer last closed the form that was sent, where nobody has typed or selected anything since.
    pub(super) confirmed: Option<Timestamp>,
}

#[derive(Debug)]
struct Before {
    input: Field,
    done: bool,
    selected: Option<TicketId>,
    /// The rows, where they were what a code named.
    by_code: Option<Vec<TicketId>>,
    popup: Option<Popup>,
}

/// A code that no ticket of the list has.
#[derive(Debug)]
struct Asked {
    id: TicketId,
    /// What else the code may be.
    others: Vec<TicketId>,
    action: ScanAction,
    /// How many searches had run when the service was asked: rows that were searched for since are the operator's.
    searches: u64,
}

impl Asked {
    /// Every ticket that the code may still be.
    fn ids(&self) -> impl Iterator<Item = &TicketId> {
        std::iter::once(&self.id).chain(&self.others)
    }
}

impl App {
    /// Whether this key, pressed now, would do something that cannot be taken back.
    #[must_use]
    pub fn acts_on(&self, key: KeyEvent) -> bool {
        self.keymap.action(self.mode(), key).is_some()
    }

    /// Remembers what a scan must not change.
    pub(super) fn typing_began(&mut self) -> Vec<Effect> {
        self.scans.before = Some(Before {
            input: self.search.input.clone(),
            done: self.search.done,
            selected: self.search.selected.clone(),
            by_code: self.search.by_code.then(|| self.search.hits.iter().map(|hit| hit.id.clone()).collect()),
            popup: self.popup.clone(),
        });
        Vec::new()
    }

    /// An answer has changed a pop-up that took no text until then: if what is being typed is a scan, the answer stands,
    /// and only the keys behind it are taken back.
    pub(super) fn answer_stands(&mut self) {
        if let Some(before) = &mut self.scans.before
            && before.popup.as_ref().is_some_and(Popup::takes_no_text)
        {
            before.popup.clone_from(&self.popup);
        }
    }

    pub(super) fn typing_withdrawn(&mut self, now: Timestamp) -> Vec<Effect> {
        let Some(before) = self.scans.before.take() else { return Vec::new() };
        self.popup = before.popup;
        if self.search.input.value() != before.input.value() {
            self.search.input = before.input;
            match before.by_code {
                Some(tickets) => self.search.show(tickets),
                None => self.search.run(&mut self.index, now),
            }
        }
        self.search.done = before.done;
        self.search.selected = before.selected;
        self.ask_for_events_again()
    }

    pub(super) fn scanned(&mut self, scanned: Scanned, now: Timestamp) -> Vec<Effect> {
        match scanned {
            Scanned::Code(readings) => self.take_code(&readings, self.door.scanning, now),
            Scanned::Unreadable(text) => {
                let id = TicketId::from_service(text.as_str());
                self.say_unknown(id, Verdict::UnknownTicket, NO_TICKET.into(), now)
            }
        }
    }

    /// Finds what the code names: a ticket of the list, an order, or something that the service has to be asked for.
    pub(super) fn take_code(&mut self, readings: &[Code], action: ScanAction, now: Timestamp) -> Vec<Effect> {
        if let Some(known) = self.known_ticket(readings) {
            return self.take_ticket(&known, action, now);
        }
        let orders: Vec<_> = readings.iter().filter_map(order).collect();
        if let Some(known) = orders.iter().find(|id| !self.index.order_tickets(id).is_empty()) {
            return self.take_order(known, now);
        }
        if self.is_list_to_come() {
            return self.put_aside(readings, action, now);
        }
        let mut tickets = readings.iter().filter_map(ticket).cloned();
        if let Some(id) = tickets.next() {
            let searches = self.search.runs;
            return self.look_up(Asked { id, others: tickets.collect(), action, searches }, now);
        }
        let code = TicketId::from_service(readings.first().map(text).unwrap_or_default());
        let detail = if orders.is_empty() { NO_TICKET } else { "No ticket of this event belongs to this order." };
        self.say_unknown(code, Verdict::UnknownTicket, detail.into(), now)
    }

    /// The ticket of the list that the code names.
    pub(super) fn known_ticket(&self, readings: &[Code]) -> Option<TicketId> {
        readings.iter().filter_map(ticket).find(|id| self.index.get(id).is_some()).cloned()
    }

    fn take_ticket(&mut self, id: &TicketId, action: ScanAction, now: Timestamp) -> Vec<Effect> {
        self.search.show(vec![id.clone()]);
        if let Some(kind) = self.kind_of(id, action) {
            return self.scan_by_code(id.clone(), kind, now);
        }
        self.scans.last = None;
        self.banner = None;
        self.fetch_selected()
    }

    /// The same while the operator is at another guest: neither the rows nor the selection nor the typed text move.
    pub(super) fn take_beside(&mut self, id: TicketId, action: ScanAction, now: Timestamp) -> Vec<Effect> {
        if let Some(kind) = self.kind_of(&id, action) {
            let is_done = self.search.done;
            let effects = self.scan_by_code(id, kind, now);
            self.search.done = is_done;
            return effects;
        }
        let (name, verdict) = (self.name_of(&id), Verdict::NotDone);
        let detail = "The ticket is on the list now. Scan it again, or search for the guest, to see it.".into();
        self.refuse_code(verdict, name, detail, id, now)
    }

    /// Scans what a scanner read; whoever holds it does not see the screen, and hears of every code.
    fn scan_by_code(&mut self, ticket: TicketId, kind: ScanKind, now: Timestamp) -> Vec<Effect> {
        self.scans.last = Some((ticket.clone(), now));
        let Some(first) = self.outbox.awaited(&ticket) else { return self.scan(NewScan::of(ticket, kind), now) };
        let (name, verdict) = (self.name_of(&ticket), Verdict::Sending);
        let detail = "Scanned twice; the first is still being asked.".into();
        let (act, entry) = (AuditAct::of_scan(kind), Some(first));
        let mut effects = self.say(Banner { act, verdict, name, detail, ticket, entry, at: now });
        effects.push(Effect::Ring(Bell::Attention));
        effects
    }

    /// Whether an Enter now belongs to the code that was just scanned: nobody has typed or selected anything since.
    pub(super) fn is_end_of_code(&self, now: Timestamp) -> bool {
        let is_shown = |ticket: &TicketId| self.search.by_code && self.search.selected.as_ref() == Some(ticket);
        let last = self.scans.last.as_ref();
        last.is_some_and(|(ticket, at)| is_shown(ticket) && now.duration_since(*at).abs() <= ECHO)
    }

    /// Whether an Enter now is the last one over again: that one let in the guest who is still selected, and nobody has
    /// typed or selected anything since.
    pub(super) fn is_bounce(&self, now: Timestamp) -> bool {
        let is_in = |verdict| matches!(verdict, Verdict::CheckedIn | Verdict::InNotYetSent);
        let said =
            self.banner.as_ref().filter(|banner| is_in(banner.verdict) && now.duration_since(banner.at).abs() <= ECHO);
        self.search.done && said.is_some_and(|banner| self.search.selected.as_ref() == Some(&banner.ticket))
    }

    /// What a ticket's code does; `None` only shows it.
    fn kind_of(&self, id: &TicketId, action: ScanAction) -> Option<ScanKind> {
        match (action, self.index.get(id).map(|ticket| ticket.status)) {
            (ScanAction::Show, _) => None,
            (ScanAction::CheckOut, _) | (ScanAction::Toggle, Some(TicketStatus::Redeemed)) => Some(ScanKind::CheckOut),
            (ScanAction::CheckIn | ScanAction::Toggle, _) => Some(ScanKind::CheckIn),
        }
    }

    /// Opens the order, unless somebody is filling in a form.
    fn take_order(&mut self, order: &OrderId, now: Timestamp) -> Vec<Effect> {
        let tickets = self.index.order_tickets(order).into_iter().map(|ticket| ticket.id.clone()).collect();
        self.search.show(tickets);
        if !matches!(self.popup, None | Some(Popup::Help(_) | Popup::Palette(_) | Popup::Order(_))) {
            let (id, detail) = (self.search.selected.clone(), "Close what is open, then scan the order again.");
            let Some(ticket) = id else { return Vec::new() };
            let name = self.name_of(&ticket);
            return self.refuse_code(Verdict::NotDone, name, detail.into(), ticket, now);
        }
        self.banner = None;
        self.popup = Some(Popup::Order(OrderCheckIn::new(order.clone())));
        self.fetch_selected()
    }

    /// A code that the list does not have: sold a minute ago, for another event, or false.
    fn look_up(&mut self, mut asked: Asked, now: Timestamp) -> Vec<Effect> {
        if let Health::Offline(trouble) | Health::Paused(trouble) = &self.session.connection.health {
            let detail = not_asked(trouble);
            return self.say_of(&asked, Verdict::NotDone, detail, now);
        }
        let (sequence, id) = (self.next_sequence(), asked.id.clone());
        let is_at_hand = self.is_at_hand(&asked);
        let mut effects = self.say_of(&asked, Verdict::Sending, "Not on the list: asking the service.".into(), now);
        if is_at_hand {
            asked.searches = self.search.runs;
        }
        self.scans.asked.insert(sequence, asked);
        effects.push(Effect::LookUp { sequence, id });
        effects
    }

    /// Whether the rows are still those of the code: nobody was searched for meanwhile.
    const fn is_at_hand(&self, asked: &Asked) -> bool {
        self.search.runs == asked.searches
    }

    pub(super) fn code_looked_up(
        &mut self,
        sequence: u64,
        found: Result<Box<Ticket>, Trouble>,
        now: Timestamp,
    ) -> Vec<Effect> {
        if let Some(unknown) = self.unknown_asked(sequence) {
            return self.unknown_read(unknown, found, now);
        }
        let Some(mut asked) = self.scans.asked.remove(&sequence) else { return Vec::new() };
        // The list may have come while the service was asked.
        let by_now = asked.ids().find(|id| self.index.get(id).is_some()).cloned();
        match (found, by_now) {
            (Ok(ticket), _) => self.found_by_code(*ticket, &asked, now),
            (Err(_), Some(id)) => self.take_asked(id, &asked, now),
            (Err(Trouble::NotFound), None) if !asked.others.is_empty() => {
                asked.id = asked.others.remove(0);
                self.look_up(asked, now)
            }
            (Err(Trouble::NotFound), None) => {
                let detail = "The service knows no such ticket.";
                self.say_of(&asked, Verdict::UnknownTicket, detail.into(), now)
            }
            (Err(trouble), None) => self.say_of(&asked, Verdict::NotDone, not_asked(&trouble), now),
        }
    }

    /// The ticket is on the list by now: it is taken, beside whoever was searched for meanwhile.
    fn take_asked(&mut self, id: TicketId, asked: &Asked, now: Timestamp) -> Vec<Effect> {
        if self.is_at_hand(asked) {
            return self.take_ticket(&id, asked.action, now);
        }
        self.take_beside(id, asked.action, now)
    }

    fn found_by_code(&mut self, ticket: Ticket, asked: &Asked, now: Timestamp) -> Vec<Effect> {
        let here = self.session.event.as_ref().map(|event| &event.summary.id);
        if here == Some(&ticket.event.id) {
            let id = ticket.id.clone();
            self.merge(ticket);
            return self.take_asked(id, asked, now);
        }
        let (verdict, detail) = match here {
            Some(_) => (Verdict::WrongEvent, SafeText::from(format!("This ticket is for {}.", ticket.event.name))),
            None => (Verdict::NotDone, "The event has not come from the service yet. Scan again in a moment.".into()),
        };
        if self.is_at_hand(asked) {
            self.search.show_nothing(ticket.id.clone());
        }
        let name = ticket.attendee.full_name();
        self.refuse_code(verdict, name, detail, ticket.id, now)
    }

    /// Says what became of a question; the rows follow only while they are still the code's.
    fn say_of(&mut self, asked: &Asked, verdict: Verdict, detail: SafeText, now: Timestamp) -> Vec<Effect> {
        let id = asked.id.clone();
        if self.is_at_hand(asked) {
            return self.say_unknown(id, verdict, detail, now);
        }
        self.refuse_code(verdict, in_brief(&id), detail, id, now)
    }

    /// Says something of a code that no ticket of the list has.
    pub(super) fn say_unknown(
        &mut self,
        id: TicketId,
        verdict: Verdict,
        detail: SafeText,
        now: Timestamp,
    ) -> Vec<Effect> {
        self.search.show_nothing(id.clone());
        self.refuse_code(verdict, in_brief(&id), detail, id, now)
    }

    /// Says that nobody is let in by a code, and keeps it as any other refusal; a question to the service is none.
    fn refuse_code(
        &mut self,
        verdict: Verdict,
        name: String,
        detail: SafeText,
        ticket: TicketId,
        now: Timestamp,
    ) -> Vec<Effect> {
        let kept = (verdict != Verdict::Sending).then(|| {
            let record = self.record(CODE, ticket.as_str(), format!("{}: {detail}", verdict.words()), now);
            self.keep_act(AuditRecord { guest: name.as_str().into(), ..record }, now)
        });
        let said = self.say(Banner { act: CODE, verdict, name, detail, ticket, entry: None, at: now });
        kept.into_iter().chain(said).collect()
    }
}

/// A code as far as there is room for it; ids differ at their ends.
pub(super) fn in_brief(code: &TicketId) -> String {
    let code = code.to_string();
    match code.char_indices().nth_back(ROOM_FOR_CODE) {
        Some((at, character)) => format!("…{}", &code[at + character.len_utf8()..]),
        None => code,
    }
}

fn not_asked(trouble: &Trouble) -> SafeText {
    format!("Not on the list here, and the service cannot be asked: do not admit. {trouble}").into()
}

const fn ticket(code: &Code) -> Option<&TicketId> {
    match code {
        Code::Ticket(id) => Some(id),
        _ => None,
    }
}

const fn order(code: &Code) -> Option<&OrderId> {
    match code {
        Code::Order(id) => Some(id),
        _ => None,
    }
}

pub(super) fn text(code: &Code) -> String {
    match code {
        Code::Ticket(id) => id.as_str().to_owned(),
        Code::Order(id) => id.as_str().to_owned(),
        Code::Other(id) => id.clone(),
    }
}
