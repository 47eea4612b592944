//! Issuing comps: a new free order, or one more ticket on an order that is there.

use crate::console::comps::CompRules;
use crate::console::form::{Asks, Form, Line, Step};
use crate::console::popup::{Tier, Told};
use crate::domain::{
    Admission, Attendee, AttendeeField, Change, CustomerId, EventId, ExtraTicket, FreeOrder, OrderId, Ticket, TicketId,
};

/// Most tickets that one order is issued with: more is a typing error.
const MOST_TICKETS: u16 = 100;

/// A comp, as a person fills it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comp {
    /// What the tickets are issued for.
    pub event: EventId,
    /// The tiers to choose from.
    pub tiers: Vec<Tier>,
    /// The selected guest's order, which a ticket can be added to.
    pub order: Option<Host>,
    /// The lines.
    pub form: Form,
    /// Tickets that the same guest seems to have already.
    pub twins: Vec<TicketId>,
    /// What was sent and had no answer: only the very same may be sent again.
    pub sent: Option<Sent>,
}

/// A comp on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Tells it from any other.
    pub key: String,
    /// What was sent.
    pub change: Change,
}

/// An order that a ticket can be added to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// The order.
    pub id: OrderId,
    /// Its customer.
    pub customer: CustomerId,
    /// Whose ticket was selected.
    pub name: String,
}

/// Where the comp goes.
const NEW_ORDER: usize = 0;

impl Comp {
    /// An empty form; `beside` is the selected ticket, whose order another one can join.
    pub(in crate::console) fn of(
        event: EventId,
        tiers: &[Admission],
        rules: &CompRules,
        beside: Option<&Ticket>,
        guest: &Attendee,
    ) -> Self {
        let order = beside.map(|ticket| Host {
            id: ticket.order_id.clone(),
            customer: ticket.customer_id.clone(),
            name: ticket.attendee.full_name(),
        });
        let tiers: Vec<_> = tiers.iter().map(Tier::from).collect();
        let names = tiers.iter().map(|tier| tier.name.clone()).collect();
        let mut lines = Vec::new();
        if let Some(host) = &order {
            let options = vec!["a new order".to_owned(), format!("the order of {}", host.name)];
            lines.push(Line::choice(Asks::Order, options, NEW_ORDER));
        }
        lines.push(Line::choice(Asks::Tier, names, 0));
        lines.push(Line::text(Asks::Quantity, "1"));
        let line = |field| Line::text(Asks::Attendee(field), guest.field(field));
        lines.extend(AttendeeField::ALL.map(line));
        lines.push(Line::choice(Asks::Reason, rules.reasons.clone(), 0));
        lines.push(Line::choice(Asks::Mail, vec!["yes".to_owned(), "no".to_owned()], 0));
        let mut comp = Self { event, tiers, order, form: Form::new(lines), twins: Vec::new(), sent: None };
        comp.ask_what_fits();
        comp
    }

    /// Takes a key or text into the lines, and judges at once what is filled in.
    pub(in crate::console) fn told(&mut self, told: &Told<'_>, left: Option<u32>) {
        if self.form.told(told) {
            self.form.said = None;
            self.ask_what_fits();
            self.check(false, left);
        }
    }

    /// An order is issued with a number of tickets, a ticket with a phone number: the other line is not asked for.
    fn ask_what_fits(&mut self) {
        let joins = self.host().is_some();
        for line in &mut self.form.lines {
            match line.asks {
                Asks::Quantity | Asks::Mail => line.is_asked = !joins,
                Asks::Attendee(AttendeeField::Phone) => line.is_asked = joins,
                _ => {}
            }
        }
    }

    /// The order that the ticket joins; none where a new one is issued.
    #[must_use]
    pub fn host(&self) -> Option<&Host> {
        let joins = self.form.chosen(Asks::Order).is_some_and(|at| at != NEW_ORDER);
        self.order.as_ref().filter(|_| joins)
    }

    /// The chosen tier.
    #[must_use]
    pub fn tier(&self) -> Option<&Tier> {
        self.tiers.get(self.form.chosen(Asks::Tier)?)
    }

    /// How many tickets; none where that is not a number of tickets.
    #[must_use]
    pub fn quantity(&self) -> Option<u16> {
        if self.host().is_some() {
            return Some(1);
        }
        self.form.value(Asks::Quantity).parse().ok().filter(|quantity| (1..=MOST_TICKETS).contains(quantity))
    }

    /// The guest as filled in.
    #[must_use]
    pub fn guest(&self) -> Attendee {
        let mut guest = Attendee::default();
        for field in AttendeeField::ALL {
            guest.set(field, self.form.value(Asks::Attendee(field)).into());
        }
        guest
    }

    /// Judges every line, of those that are filled in or `all`; `left` is what the shift's quota leaves of the tier.
    fn check(&mut self, all: bool, left: Option<u32>) {
        self.form.check_attendee(|_, value| all || !value.is_empty());
        let quantity = self.quantity();
        let fault = match (quantity, left) {
            (None, _) => Some(format!("must be a number from 1 to {MOST_TICKETS}")),
            (Some(wanted), Some(left)) if u32::from(wanted) > left => Some(format!("the quota leaves {left}")),
            _ => None,
        };
        let asks = if self.host().is_some() { Asks::Tier } else { Asks::Quantity };
        for line in &mut self.form.lines {
            if matches!(line.asks, Asks::Tier | Asks::Quantity) {
                line.fault = None;
            }
        }
        if let (Some(fault), Some(line)) = (fault, self.form.line_mut(asks)) {
            line.fault = Some(fault.into());
        }
    }

    /// Shows what would be issued, or why nothing can be.
    pub(in crate::console) fn review(&mut self, left: Option<u32>, twins: Vec<TicketId>) {
        self.form.said = None;
        self.check(true, left);
        if !self.form.go_to_fault() {
            self.twins = twins;
            self.form.step = Step::Reviewing;
        }
    }

    /// What is sent: what had no answer again, or else what is filled in, under `key`.
    pub(in crate::console) fn to_send(&self, key: String) -> Option<Sent> {
        if let Some(sent) = &self.sent {
            return Some(sent.clone());
        }
        let (admission, guest) = (self.tier()?.id.clone(), self.guest());
        if let Some(host) = self.host() {
            let (order, customer) = (host.id.clone(), host.customer.clone());
            let change = Change::ExtraTicket(ExtraTicket { order, customer, admission, guest, before: None });
            return Some(Sent { key, change });
        }
        let change = Change::FreeOrder(FreeOrder {
            key: key.clone(),
            event: self.event.clone(),
            admission,
            quantity: self.quantity()?,
            guest: Attendee { phone: None, ..guest },
            reason: self.form.value(Asks::Reason).into(),
            notify: self.form.chosen(Asks::Mail) == Some(0),
        });
        Some(Sent { key, change })
    }
}
