//! What lies over the panes and takes the keys; one at a time.
//!
//! A pop-up is a struct in `popup/NAME.rs`, a variant here, a mode with its table of keys, what keys do to it
//! in `update/NAME.rs`, and its drawing in `ui/NAME.rs`.

mod activity;
mod comp;
mod dashboard;
mod edit;
mod events;
mod filters;
mod gate;
mod help;
mod inbox;
mod issued;
mod leave;
mod move_tier;
mod order;
mod override_gate;
mod palette;
mod pin;
mod validity;

use crossterm::event::KeyEvent;

pub use activity::ActivityList;
pub use comp::{Comp, Host, Sent};
pub use dashboard::Dashboard;
pub use edit::Edit;
pub use events::{EventPicker, EventStage};
pub use filters::{Criterion, FilterPicker, order_words, status_word};
pub use gate::GatePicker;
pub use help::Help;
pub use inbox::{Inbox, Settling};
pub use issued::Issued;
pub use leave::Leave;
pub use move_tier::{MoveTier, Room, Tier};
pub use order::OrderCheckIn;
pub use override_gate::OverrideGate;
pub use palette::Palette;
pub use pin::{PinPrompt, PinStage};
pub use validity::{Turn, Validity};

use super::action::Action;
use super::form::{Form, Step};
use super::keymap::Mode;
use super::role::Role;
use crate::domain::TicketId;

/// What lies over the panes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Popup {
    /// Every key.
    Help(Help),
    /// Every act.
    Palette(Palette),
    /// What narrows the list.
    Filters(FilterPicker),
    /// Which event is at this door.
    Events(EventPicker),
    /// What was done and refused here.
    Activity(ActivityList),
    /// How the evening goes.
    Dashboard(Dashboard),
    /// The question for a PIN.
    Pin(PinPrompt),
    /// The check-in of an order.
    Order(OrderCheckIn),
    /// What enters at this door.
    Gate(GatePicker),
    /// A guest at the wrong door.
    Override(OverrideGate),
    /// Correcting an attendee.
    Edit(Box<Edit>),
    /// Moving a ticket to another tier.
    MoveTier(Box<MoveTier>),
    /// Cancelling a ticket, or making it valid again.
    Validity(Box<Validity>),
    /// Issuing a comp.
    Comp(Box<Comp>),
    /// What was issued.
    Issued(Issued),
    /// The outbox and its conflicts.
    Inbox(Inbox),
    /// The question before leaving with unsent scans, or without an answer.
    Leave(Leave),
}

impl Popup {
    /// Which keys count while it is open.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match self {
            Self::Help(_) => Mode::Help,
            Self::Palette(_) => Mode::Palette,
            Self::Filters(_) => Mode::Filters,
            Self::Events(_) => Mode::Events,
            Self::Activity(_) => Mode::Activity,
            Self::Dashboard(_) => Mode::Dashboard,
            Self::Pin(_) => Mode::Pin,
            Self::Order(_) => Mode::Order,
            Self::Gate(_) => Mode::Gate,
            Self::Override(_) => Mode::Override,
            Self::MoveTier(move_tier) if move_tier.picked.is_none() => Mode::Tiers,
            Self::Edit(_) | Self::MoveTier(_) | Self::Validity(_) | Self::Comp(_) => {
                self.form().map_or(Mode::Form, by_step)
            }
            Self::Issued(_) => Mode::Issued,
            Self::Inbox(inbox) if inbox.settling.is_some() => Mode::Settle,
            Self::Inbox(_) => Mode::Inbox,
            Self::Leave(_) => Mode::Leave,
        }
    }

    /// The least role that may do what it is open for.
    #[must_use]
    pub fn needs(&self) -> Role {
        match self {
            Self::Validity(_) | Self::Override(_) => Role::Supervisor,
            Self::Inbox(inbox) if inbox.settling.is_some() => Role::Supervisor,
            Self::Events(events) if events.was_offered => Role::Steward,
            Self::Gate(_) | Self::Edit(_) | Self::MoveTier(_) | Self::Comp(_) | Self::Events(_) => Role::BoxOffice,
            Self::Help(_)
            | Self::Palette(_)
            | Self::Filters(_)
            | Self::Activity(_)
            | Self::Dashboard(_)
            | Self::Pin(_)
            | Self::Order(_)
            | Self::Issued(_)
            | Self::Inbox(_)
            | Self::Leave(_) => Role::Steward,
        }
    }

    /// The form that it is, if it is one.
    #[must_use]
    pub fn form(&self) -> Option<&Form> {
        match self {
            Self::Edit(edit) => Some(&edit.form),
            Self::MoveTier(move_tier) => Some(&move_tier.form),
            Self::Validity(validity) => Some(&validity.form),
            Self::Comp(comp) => Some(&comp.form),
            _ => None,
        }
    }

    /// The form that it is, to be changed.
    pub(super) fn form_mut(&mut self) -> Option<&mut Form> {
        match self {
            Self::Edit(edit) => Some(&mut edit.form),
            Self::MoveTier(move_tier) => Some(&mut move_tier.form),
            Self::Validity(validity) => Some(&mut validity.form),
            Self::Comp(comp) => Some(&mut comp.form),
            _ => None,
        }
    }

    /// Selects a row by its number, where it is a list to pick from.
    pub(super) fn select_row(&mut self, row: usize) {
        match self {
            Self::Palette(palette) => palette.picker.select_row(row),
            Self::Filters(filters) => filters.picker.select_row(row),
            Self::Events(events) => events.picker.select_row(row),
            Self::Gate(gate) => gate.picker.select_row(row),
            Self::Activity(list) => list.picker.select_row(row),
            _ => {}
        }
    }

    /// Whether it is a form whose answer is awaited.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.form().is_some_and(|form| form.step == Step::Waiting)
    }

    /// Whether it waits for an answer, and no text changes it until then; or takes none at all and lies over what may wait.
    #[must_use]
    pub fn takes_no_text(&self) -> bool {
        let is_checking = matches!(self, Self::Pin(PinPrompt { stage: PinStage::Checking { .. }, .. }));
        self.is_waiting() || is_checking || matches!(self, Self::Leave(_))
    }

    /// The ticket that it changes, where it does.
    #[must_use]
    pub fn changes(&self) -> Option<&TicketId> {
        match self {
            Self::Edit(edit) => Some(&edit.ticket),
            Self::MoveTier(move_tier) => Some(&move_tier.ticket),
            Self::Validity(validity) => Some(&validity.ticket),
            _ => None,
        }
    }
}

const fn by_step(form: &Form) -> Mode {
    match form.step {
        Step::Filling => Mode::Form,
        Step::Reviewing => Mode::Review,
        Step::Unsettled => Mode::Repeat,
        Step::Waiting => Mode::Waiting,
    }
}

/// What a person does to an open pop-up: nothing of it reaches the panes below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told<'a> {
    /// A key that means something in the pop-up's mode.
    Acted(Action),
    /// Any other key; where the pop-up has a field, the field's.
    Typed(KeyEvent),
    /// Pasted text.
    Pasted(&'a str),
}
