//! Issuing comps.

use jiff::Timestamp;

use crate::console::action::Action;
use crate::console::app::App;
use crate::console::changes::Pending;
use crate::console::effect::Effect;
use crate::console::form::Step;
use crate::console::popup::{Comp, Issued, Popup, Sent, Told};
use crate::domain::{Attendee, Change, OrderId, ScanKind, Ticket, TicketId, TicketStatus, digits};
use crate::index::{Filters, fold};

/// Most tickets that a same guest is looked for among, by each of the name, the email and the phone.
const CANDIDATES: usize = 20;
/// Digits at the end of a phone number that tell a person: the rest is how the country is written.
const TELLING_DIGITS: usize = 8;

impl App {
    /// Opens the form for a comp; one that had no answer is finished first.
    pub(super) fn open_comp(&mut self) -> Vec<Effect> {
        if let Some(comp) = self.changes.unsettled.clone() {
            self.popup = Some(Popup::Comp(comp));
            return Vec::new();
        }
        let Some(event) = &self.session.event else { return Vec::new() };
        let guest = if self.search.hits.is_empty() { named(self.search.input.value()) } else { Attendee::default() };
        let id = event.summary.id.clone();
        let comp = Comp::of(id, &event.admissions, &self.changes.comps.rules, self.selected_ticket(), &guest);
        if comp.tiers.is_empty() {
            return Vec::new();
        }
        self.popup = Some(Popup::Comp(Box::new(comp)));
        Vec::new()
    }

    /// Enter in the form: who has a ticket already is looked up, then everything is shown.
    pub(super) fn review_comp(&mut self) -> Vec<Effect> {
        let left = self.quota_left();
        let Some(Popup::Comp(comp)) = &self.popup else { return Vec::new() };
        let guest = comp.guest();
        let twins = self.tickets_of_same_guest(&guest);
        if let Some(Popup::Comp(comp)) = &mut self.popup {
            comp.review(left, twins);
        }
        Vec::new()
    }

    /// What this shift's quota leaves of the chosen tier.
    pub(super) fn quota_left(&self) -> Option<u32> {
        let Some(Popup::Comp(comp)) = &self.popup else { return None };
        let tier = comp.tier()?;
        self.changes.comps.left(&tier.id, &tier.name)
    }

    /// Valid tickets of a guest of the same name, email or phone number, as far as the index finds them.
    pub(in crate::console) fn tickets_of_same_guest(&mut self, guest: &Attendee) -> Vec<TicketId> {
        let mut twins = Vec::new();
        for text in [guest.full_name(), guest.email.to_string(), guest.phone.as_deref().unwrap_or_default().to_owned()]
        {
            if text.trim().is_empty() {
                continue;
            }
            for hit in self.index.search(&text, &Filters::default(), CANDIDATES).hits {
                let ticket = self.index.get(&hit.id);
                if ticket.is_some_and(|ticket| is_same_guest(guest, ticket)) && !twins.contains(&hit.id) {
                    twins.push(hit.id);
                }
            }
        }
        twins
    }

    /// The service has the comp: it is counted, and what was issued is shown.
    pub(super) fn comp_issued(&mut self, pending: &Pending, order: Option<OrderId>, tickets: Vec<TicketId>) {
        let (admission, quantity) = match &pending.change {
            Change::FreeOrder(order) => (&order.admission, order.quantity),
            Change::ExtraTicket(extra) => (&extra.admission, 1),
            Change::Ticket { .. } => return,
        };
        self.changes.comps.count(admission, quantity.into());
        self.changes.unsettled = None;
        let tier = self.tiers().iter().find(|tier| tier.summary.id == *admission);
        let tier = tier.map(|tier| tier.summary.name.to_string()).unwrap_or_default();
        if self.popup.is_none() {
            self.popup = Some(Popup::Issued(Issued { name: pending.name.clone(), tier, order, tickets }));
        }
    }

    /// A comp is sent, or had no answer: the form is kept, so that only the very same can be asked for again.
    pub(super) fn keep_comp(&mut self, pending: &Pending) {
        if pending.ticket().is_some() {
            return;
        }
        let open = match &self.popup {
            Some(Popup::Comp(comp)) => Some(comp.clone()),
            _ => self.changes.unsettled.clone(),
        };
        let Some(mut comp) = open else { return };
        comp.form.step = Step::Unsettled;
        let sent = Sent { key: pending.key.clone(), change: pending.change.clone() };
        comp.sent = Some(sent.clone());
        if let Some(Popup::Comp(open)) = &mut self.popup {
            open.sent = Some(sent);
        }
        self.changes.unsettled = Some(comp);
    }

    /// It is certain that the service has none of the comp: the lines can be filled in anew.
    pub(super) fn comp_settled(&mut self, pending: &Pending) {
        if pending.ticket().is_some() {
            return;
        }
        self.changes.unsettled = None;
        if let Some(Popup::Comp(comp)) = &mut self.popup {
            comp.sent = None;
        }
    }

    /// Keys over what was issued: Enter lets the first guest in.
    pub(super) fn issued_told(&mut self, told: &Told<'_>, now: Timestamp) -> Vec<Effect> {
        let Some(Popup::Issued(issued)) = &self.popup else { return Vec::new() };
        let Told::Acted(action @ (Action::CheckIn | Action::Close)) = told else { return Vec::new() };
        let first = issued.tickets.first().cloned();
        self.popup = None;
        let Some(first) = first else { return Vec::new() };
        let mut effects = self.show_ticket(&first);
        if *action == Action::CheckIn {
            effects.extend(self.scan_selected(ScanKind::CheckIn, now));
        }
        effects
    }

    /// Selects a ticket that was just issued, and nothing else.
    fn show_ticket(&mut self, id: &TicketId) -> Vec<Effect> {
        self.search.clear();
        self.search.show(vec![id.clone()]);
        self.fetch_selected()
    }
}

/// A name that was searched for in vain is most likely that of the guest who shall have a ticket.
fn named(typed: &str) -> Attendee {
    let typed = typed.trim();
    if typed.chars().any(|character| !character.is_alphabetic() && !" '’-.".contains(character)) {
        return Attendee::default();
    }
    let (first, last) = typed.rsplit_once(' ').unwrap_or((typed, ""));
    Attendee { first_name: first.trim().into(), last_name: last.into(), ..Attendee::default() }
}

fn is_same_guest(guest: &Attendee, ticket: &Ticket) -> bool {
    let other = &ticket.attendee;
    let same = |one: &str, other: &str| !one.is_empty() && one == other;
    ticket.status != TicketStatus::Cancelled
        && (same(&fold(&guest.full_name()), &fold(&other.full_name()))
            || same(&guest.email.trim().to_lowercase(), &other.email.trim().to_lowercase())
            || same(&telling_digits(guest), &telling_digits(other)))
}

/// The end of the phone number; nothing where there is too little of it to tell a person.
fn telling_digits(attendee: &Attendee) -> String {
    let all: Vec<_> = digits(attendee.phone.as_deref().unwrap_or_default()).map(char::from).collect();
    let start = all.len().checked_sub(TELLING_DIGITS);
    start.map(|start| all[start..].iter().collect()).unwrap_or_default()
}
