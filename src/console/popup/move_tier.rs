//! Moving a ticket to another tier.

use crate::console::form::{Asks, Form, Line, Step};
use crate::console::picker::{Choice, Picker};
use crate::console::popup::Told;
use crate::domain::{Admission, AdmissionId, Change, Price, Ticket, TicketChange, TicketId};

/// The tiers that a ticket can move to, and the one that was picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveTier {
    /// Which ticket.
    pub ticket: TicketId,
    /// Its guest.
    pub name: String,
    /// The tier that it has, as far as it was heard.
    pub shown: Tier,
    /// The other tiers.
    pub picker: Picker<AdmissionId>,
    /// The tier that it shall have.
    pub picked: Option<Tier>,
    /// A reason.
    pub form: Form,
}

/// A tier as a person weighs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// The tier.
    pub id: AdmissionId,
    /// Its name.
    pub name: String,
    /// What it costs.
    pub price: Price,
    /// How much room it has.
    pub room: Room,
}

/// How much room a tier has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// No bound is known.
    Unlimited,
    /// So many of so many are left; none where more were sold than it holds.
    Left {
        /// How many more fit.
        left: u64,
        /// How many it holds.
        capacity: u64,
    },
}

impl Room {
    /// Whether nobody more fits; staff may go beyond it all the same.
    #[must_use]
    pub const fn is_full(self) -> bool {
        matches!(self, Self::Left { left: 0, .. })
    }

    /// `12 of 40 left`, `full: 40 of 40`, or that there is no bound.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Unlimited => "no limit".to_owned(),
            Self::Left { left: 0, capacity } => format!("full ({capacity})"),
            Self::Left { left, capacity } => format!("{left} of {capacity} left"),
        }
    }
}

impl From<&Admission> for Tier {
    fn from(admission: &Admission) -> Self {
        let room = admission
            .capacity
            .map_or(Room::Unlimited, |capacity| Room::Left { left: capacity.saturating_sub(admission.sold), capacity });
        let summary = &admission.summary;
        Self { id: summary.id.clone(), name: summary.name.to_string(), price: summary.price.clone(), room }
    }
}

impl MoveTier {
    /// The picker for `ticket` among the event's tiers.
    pub(in crate::console) fn of(ticket: &Ticket, tiers: &[Admission]) -> Self {
        let mut move_tier = Self {
            ticket: ticket.id.clone(),
            name: ticket.attendee.full_name(),
            shown: shown(ticket, tiers),
            picker: Picker::new(Vec::new()),
            picked: None,
            form: Form::new(vec![Line::text(Asks::Reason, "")]),
        };
        move_tier.offer(tiers);
        move_tier
    }

    fn offer(&mut self, tiers: &[Admission]) {
        let others = tiers.iter().map(Tier::from).filter(|tier| tier.id != self.shown.id);
        let choice = |tier: Tier| {
            let dim = format!("{}, {}", self.difference(&tier.price), tier.room.words());
            Choice::new(tier.id, tier.name, dim)
        };
        let choices = others.map(choice).collect();
        self.picker.replace(choices);
    }

    /// Takes a key or text into the list, or into the reason once a tier was picked.
    pub(in crate::console) fn told(&mut self, told: &Told<'_>) {
        if self.picked.is_none() {
            self.picker.told(told);
        } else {
            self.form.told(told);
        }
    }

    /// Takes the selected tier and shows what the move means.
    pub(in crate::console) fn pick(&mut self, tiers: &[Admission]) {
        let Some(choice) = self.picker.selected() else { return };
        self.picked = tiers.iter().find(|tier| tier.summary.id == choice.item).map(Tier::from);
        if self.picked.is_some() {
            self.form.said = None;
            self.form.step = Step::Reviewing;
        }
    }

    /// What the guest would have paid more or less: `+77.50 AUD`, `-20.00 AUD`, or the same price.
    #[must_use]
    pub fn difference(&self, price: &Price) -> String {
        if price.currency != self.shown.price.currency {
            return price.to_string();
        }
        let more = price.total().saturating_sub(self.shown.price.total());
        let sum = Price { base: more, booking: 0, currency: price.currency.clone() };
        match more {
            0 => "same price".to_owned(),
            1.. => format!("+{sum}"),
            _ => sum.to_string(),
        }
    }

    /// What is sent; nothing as long as no tier was picked.
    pub(in crate::console) fn change(&self) -> Option<Change> {
        let to = self.picked.as_ref()?.id.clone();
        let change = TicketChange::Move { from: self.shown.id.clone(), to };
        Some(Change::Ticket { ticket: self.ticket.clone(), change })
    }

    /// The service told the ticket anew: another tier than the one shown makes the picking start over.
    pub(in crate::console) fn learn(&mut self, ticket: &Ticket, tiers: &[Admission]) {
        if ticket.id != self.ticket || ticket.admission.id == self.shown.id {
            return;
        }
        self.shown = shown(ticket, tiers);
        self.picked = None;
        self.form.step = Step::Filling;
        self.form.said = Some(format!("Somebody else moved this ticket to {} meanwhile.", self.shown.name).into());
        self.offer(tiers);
    }
}

/// The ticket's tier; one that the event does not list is known from the ticket alone.
fn shown(ticket: &Ticket, tiers: &[Admission]) -> Tier {
    let listed = tiers.iter().find(|tier| tier.summary.id == ticket.admission.id).map(Tier::from);
    listed.unwrap_or_else(|| Tier {
        id: ticket.admission.id.clone(),
        name: ticket.admission.name.to_string(),
        price: ticket.admission.price.clone(),
        room: Room::Unlimited,
    })
}
