//! Keys in an order's check-in. Each ticket is a scan of its own, with a result of its own.

use crossterm::event::{KeyCode, KeyEvent};
use jiff::Timestamp;

use super::entries::verdict;
use super::scanning::NewScan;
use crate::console::action::Action;
use crate::console::app::App;
use crate::console::banner::{Banner, Verdict};
use crate::console::effect::{Bell, Effect};
use crate::console::outbox::OneYes;
use crate::console::popup::{OrderCheckIn, Popup, Told};
use crate::domain::{AuditAct, Entry, OrderId, SafeText, ScanKind, Ticket, TicketId, TicketStatus};

/// So many of the refused are named in one line.
const NAMED: usize = 2;

impl App {
    /// Opens the order of the selected ticket.
    pub(super) fn open_order(&mut self) -> Vec<Effect> {
        match self.selected_ticket().map(|ticket| ticket.order_id.clone()) {
            Some(order) => self.show(Popup::Order(OrderCheckIn::new(order))),
            None => Vec::new(),
        }
    }

    /// The tickets of an order as its dialog lists them.
    #[must_use]
    pub fn order_rows(&self, order: &OrderId) -> Vec<&Ticket> {
        self.index.order_tickets(order)
    }

    /// How many of an order could come in and enter at another door.
    #[must_use]
    pub fn order_elsewhere(&self, order: &OrderId) -> usize {
        let valid = self.order_rows(order).into_iter().filter(|ticket| ticket.status == TicketStatus::Active);
        valid.filter(|ticket| !self.enters_here(ticket)).count()
    }

    /// The tickets that Enter would check in; who enters at another door is only meant by a mark.
    #[must_use]
    pub fn order_meant(&self, order: &OrderCheckIn) -> Vec<TicketId> {
        let rows = self.order_rows(&order.order);
        let open = rows.into_iter().filter(|ticket| ticket.status == TicketStatus::Active);
        let open = open.filter(|ticket| self.enters_here(ticket) || order.marked.contains(&ticket.id));
        let open = open.filter(|ticket| !self.outbox.is_awaited(&ticket.id)).map(|ticket| ticket.id.clone());
        match order.count {
            Some(count) => open.filter(|id| !order.sent.contains_key(id)).take(count).collect(),
            None if order.marked.is_empty() => open.filter(|id| !order.sent.contains_key(id)).collect(),
            None => open.filter(|id| order.marked.contains(id)).collect(),
        }
    }

    /// Whether the whole rest is meant of an order of which some are in, or on their way: that is asked about first.
    #[must_use]
    pub fn order_is_partial(&self, order: &OrderCheckIn) -> bool {
        let (inside, valid) = self.order_counts(&order.order);
        let is_begun = inside > 0 || !order.sent.is_empty();
        order.count.is_none() && order.marked.is_empty() && is_begun && inside < valid
    }

    /// Whether answers to what was sent from here are still coming.
    #[must_use]
    pub fn order_waits(&self, order: &OrderCheckIn) -> bool {
        order.sent.keys().any(|ticket| self.outbox.is_awaited(ticket))
    }

    /// What came of the last check-in of a ticket that was tried from here.
    #[must_use]
    pub fn order_result(&self, order: &OrderCheckIn, ticket: &TicketId) -> Option<Verdict> {
        let since = *order.sent.get(ticket)?;
        if self.outbox.is_awaited(ticket) {
            return Some(Verdict::Sending);
        }
        let kept = self.outbox.of_ticket(ticket).rfind(|entry| entry.taken_at >= since).map(result);
        let tried = self.attempts(ticket).iter().rfind(|attempt| attempt.at >= since);
        kept.or_else(|| tried.map(|attempt| attempt.verdict))
    }

    /// What came of everything that was tried from here, once all of it is answered and not everybody came in.
    #[must_use]
    pub fn order_sum(&self, order: &OrderCheckIn) -> Option<String> {
        let results = order.sent.keys().filter_map(|ticket| Some((ticket, self.order_result(order, ticket)?)));
        self.sum(ScanKind::CheckIn, &results.collect::<Vec<_>>())
    }

    /// The scans that one yes had taken with this one, itself among them.
    pub(super) fn taken_with(&self, entry: &Entry) -> Vec<&Entry> {
        match OneYes::of(entry) {
            Some(yes) => self.taken_by(&yes),
            None => self.outbox.entry(&entry.id).into_iter().collect(),
        }
    }

    /// The scans that this yes had taken, and that are kept.
    fn taken_by(&self, yes: &OneYes) -> Vec<&Entry> {
        let of_order = self.order_rows(&yes.order).into_iter().flat_map(|ticket| self.outbox.of_ticket(&ticket.id));
        of_order.filter(|entry| OneYes::of(entry).as_ref() == Some(yes)).collect()
    }

    /// The last answer to an order's check-in came: where somebody was refused the banner is theirs and tells of all,
    /// whoever's answer was the last.
    pub(super) fn sum_up(&mut self, yes: &OneYes, now: Timestamp) {
        let taken = self.taken_by(yes).into_iter().map(|entry| (&entry.ticket, result(entry), Some(entry.id)));
        let unkept = self.outbox.unkept(yes).map(|ticket| (ticket, Verdict::NotDone, None));
        let all: Vec<_> = taken.chain(unkept).collect();
        if all.len() < 2 || self.outbox.awaits(yes) || all.iter().any(|(ticket, ..)| self.outbox.is_awaited(ticket)) {
            return;
        }
        let results: Vec<_> = all.iter().map(|(ticket, verdict, _)| (*ticket, *verdict)).collect();
        let Some(words) = self.sum(yes.kind, &results) else { return };
        let Some(&(ticket, verdict, entry)) = all.iter().find(|(_, verdict, _)| !passes(*verdict)) else { return };
        let (act, name) = (AuditAct::of_scan(yes.kind), self.name_of(ticket));
        let (detail, ticket) = (SafeText::from(words), ticket.clone());
        self.banner = Some(Banner { act, verdict, name, detail, ticket, entry, at: now });
    }

    /// How many passed and who did not: `5 in, 1 not: Thomas Marsh ALREADY IN.`
    fn sum(&self, kind: ScanKind, results: &[(&TicketId, Verdict)]) -> Option<String> {
        let (passed, refused): (Vec<_>, Vec<_>) = results.iter().partition(|(_, verdict)| passes(*verdict));
        if refused.is_empty() || refused.iter().any(|(_, verdict)| *verdict == Verdict::Sending) {
            return None;
        }
        let way = if kind == ScanKind::CheckIn { "in" } else { "out" };
        let named =
            refused.iter().take(NAMED).map(|(ticket, verdict)| format!("{} {}", self.name_of(ticket), verdict.words()));
        let more = refused.len().saturating_sub(NAMED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let named = named.collect::<Vec<_>>().join(", ");
        Some(format!("{} {way}, {} not: {named}{more}.", passed.len(), refused.len()))
    }

    pub(super) fn order_told(&mut self, told: Told<'_>, now: Timestamp) -> Vec<Effect> {
        let Some(Popup::Order(order)) = &self.popup else { return Vec::new() };
        let mut order = order.clone();
        let rows: Vec<_> = self.order_rows(&order.order).into_iter().map(|ticket| ticket.id.clone()).collect();
        let last = rows.len().saturating_sub(1);
        match told {
            Told::Acted(Action::Close) => {
                self.popup = None;
                return Vec::new();
            }
            Told::Acted(Action::Confirm) => return self.order_confirmed(order, now),
            Told::Acted(Action::SelectPrevious) => order.selected = order.selected.saturating_sub(1),
            Told::Acted(Action::SelectNext) => order.selected = (order.selected + 1).min(last),
            Told::Acted(Action::Mark) => {
                let row = rows.get(order.selected);
                mark(&mut order, row);
            }
            Told::Typed(key) => count(&mut order, key),
            Told::Acted(_) | Told::Pasted(_) => return Vec::new(),
        }
        self.popup = Some(Popup::Order(order));
        Vec::new()
    }

    fn order_confirmed(&mut self, mut order: OrderCheckIn, now: Timestamp) -> Vec<Effect> {
        if self.order_waits(&order) {
            return Vec::new();
        }
        let meant = self.order_meant(&order);
        if meant.is_empty() {
            self.popup = None;
            return Vec::new();
        }
        if self.order_is_partial(&order) && !order.asked {
            order.asked = true;
            self.popup = Some(Popup::Order(order));
            return Vec::new();
        }
        let mut effects = Vec::new();
        for ticket in meant {
            let scan = NewScan { order: Some(order.order.clone()), ..NewScan::of(ticket.clone(), ScanKind::CheckIn) };
            effects.extend(self.scan(scan, now));
            order.sent.insert(ticket, now);
        }
        order.marked.clear();
        (order.count, order.asked) = (None, false);
        self.popup = Some(Popup::Order(order));
        effects
    }
}

/// What the door heard of an entry that is waited for no more.
fn result(entry: &Entry) -> Verdict {
    verdict(entry, !entry.promised)
}

/// Whether somebody went through.
fn passes(verdict: Verdict) -> bool {
    verdict.bell() == Some(Bell::Pass)
}

fn mark(order: &mut OrderCheckIn, ticket: Option<&TicketId>) {
    let Some(ticket) = ticket else { return };
    (order.count, order.asked) = (None, false);
    if !order.marked.remove(ticket) {
        order.marked.insert(ticket.clone());
    }
}

/// A digit says how many more; a second one within an order of ten and more is its last place.
fn count(order: &mut OrderCheckIn, key: KeyEvent) {
    let digit = match key.code {
        KeyCode::Char(character) => character.to_digit(10).and_then(|digit| usize::try_from(digit).ok()),
        KeyCode::Backspace => None,
        _ => return,
    };
    if let (KeyCode::Char(_), None) = (key.code, digit) {
        return;
    }
    order.marked.clear();
    order.asked = false;
    order.count = digit.map(|digit| order.count.unwrap_or(0) * 10 + digit).filter(|count| (1..100).contains(count));
}
