//! What narrows the list of guests besides the typed text.

use crate::console::app::App;
use crate::console::picker::{Choice, Picker};
use crate::domain::{AdmissionId, OrderId, SectionId, TicketStatus};
use crate::index::Filters;

/// One thing that tickets can be narrowed by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Criterion {
    /// Tickets in this status; one status at a time.
    Status(TicketStatus),
    /// Tickets of this tier, or of another marked one.
    Admission(AdmissionId),
    /// Tickets of this section, or of another marked one.
    Section(SectionId),
    /// Tickets of this order.
    Order(OrderId),
}

/// A list of everything that the guests can be narrowed by, marked where it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterPicker {
    /// The criteria.
    pub picker: Picker<Criterion>,
    /// Whether a mark was set or taken away since it was opened.
    pub(in crate::console) touched: bool,
}

impl FilterPicker {
    /// What this event's tickets can be narrowed by, and the order of the selected one.
    #[must_use]
    pub fn new(app: &App) -> Self {
        let choices = [statuses(app), tiers(app), sections(app), orders(app)].concat();
        Self { picker: Picker::new(choices), touched: false }
    }

    /// Sets or takes away the mark of the selected row; of the statuses one stays marked at most.
    pub(in crate::console) fn toggle(&mut self) {
        self.touched = true;
        self.picker.mark();
        let Some(Choice { item: item @ Criterion::Status(_), marked: Some(true), .. }) =
            self.picker.selected().cloned()
        else {
            return;
        };
        self.picker.unmark(|other| matches!(other, Criterion::Status(_)) && *other != item);
    }

    /// What the marks come to.
    #[must_use]
    pub fn filters(&self) -> Filters {
        let mut filters = Filters::default();
        for criterion in self.picker.marked() {
            match criterion.clone() {
                Criterion::Status(status) => filters.status = Some(status),
                Criterion::Admission(id) => filters.admissions.push(id),
                Criterion::Section(id) => filters.sections.push(id),
                Criterion::Order(id) => filters.order = Some(id),
            }
        }
        filters
    }
}

fn statuses(app: &App) -> Vec<Choice<Criterion>> {
    let tally = app.index.counts().overall();
    let choice = |status: TicketStatus| {
        let marked = app.search.filters.status == Some(status);
        Choice::marked(Criterion::Status(status), status_word(status), dim("status", tally.of(status)), marked)
    };
    TicketStatus::ALL.map(choice).into()
}

fn tiers(app: &App) -> Vec<Choice<Criterion>> {
    let choice = |tier: &crate::index::AdmissionTally| {
        let id = tier.admission.id.clone();
        let marked = app.search.filters.admissions.contains(&id);
        let count = tier.tally.total() + tier.tally.cancelled;
        Choice::marked(Criterion::Admission(id), tier.admission.name.as_str(), dim("tier", count), marked)
    };
    app.index.counts().by_admission().iter().map(choice).collect()
}

fn sections(app: &App) -> Vec<Choice<Criterion>> {
    let choice = |section: &crate::index::SectionTally| {
        let id = section.section.id.clone();
        let marked = app.search.filters.sections.contains(&id);
        let count = section.tally.total() + section.tally.cancelled;
        Choice::marked(Criterion::Section(id), section.section.name.as_str(), dim("section", count), marked)
    };
    app.index.counts().by_section().iter().map(choice).collect()
}

/// The order that is filtered by, and that of the selected guest.
fn orders(app: &App) -> Vec<Choice<Criterion>> {
    let filtered = app.search.filters.order.as_ref();
    let selected = app.selected_ticket().map(|ticket| &ticket.order_id).filter(|order| Some(*order) != filtered);
    let choice = |order: &OrderId| {
        let tickets = app.index.order_tickets(order);
        let whose = tickets.first().map(|ticket| ticket.attendee.full_name()).unwrap_or_default();
        let marked = filtered == Some(order);
        Choice::marked(Criterion::Order(order.clone()), order_words(order), dim(&whose, tickets.len()), marked)
    };
    filtered.into_iter().chain(selected).map(choice).collect()
}

/// The word for a status, as the rows of guests have it.
#[must_use]
pub const fn status_word(status: TicketStatus) -> &'static str {
    match status {
        TicketStatus::Active => "VALID or OUT",
        TicketStatus::Redeemed => "IN",
        TicketStatus::Cancelled => "CANCELLED",
    }
}

/// An order by its end, which tells it from others.
#[must_use]
pub fn order_words(order: &OrderId) -> String {
    let text = order.as_str();
    let start = text.char_indices().rev().nth(6).map_or(0, |(at, _)| at);
    format!("Order …{}", &text[start..])
}

fn dim(what: &str, count: usize) -> String {
    let tickets = if count == 1 { "ticket" } else { "tickets" };
    format!("{what} · {count} {tickets}")
}
