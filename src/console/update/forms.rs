//! What keys do to a form, from its first line to the yes.

use jiff::Timestamp;

use crate::console::action::Action;
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::form::{Asks, Step};
use crate::console::popup::{Edit, MoveTier, Popup, Told, Turn, Validity};
use crate::domain::{Admission, Ticket};

impl App {
    /// Opens the form for the selected guest's name and addresses; the ticket is read anew meanwhile.
    pub(super) fn open_edit(&mut self) -> Vec<Effect> {
        let Some(edit) = self.selected_ticket().map(Edit::of) else { return Vec::new() };
        self.popup = Some(Popup::Edit(Box::new(edit)));
        self.fetch_selected()
    }

    /// Opens the tiers that the selected ticket can move to.
    pub(super) fn open_move_tier(&mut self) -> Vec<Effect> {
        let Some(ticket) = self.selected_ticket() else { return Vec::new() };
        let move_tier = MoveTier::of(ticket, self.tiers());
        self.popup = Some(Popup::MoveTier(Box::new(move_tier)));
        self.fetch_selected()
    }

    /// Asks for the word that makes it certain.
    pub(super) fn open_validity(&mut self, turn: Turn) -> Vec<Effect> {
        let Some(ticket) = self.selected_ticket() else { return Vec::new() };
        self.popup = Some(Popup::Validity(Box::new(Validity::of(ticket, turn))));
        self.fetch_selected()
    }

    /// The one place where a form takes keys and text.
    pub(super) fn form_told(&mut self, told: &Told<'_>, now: Timestamp) -> Vec<Effect> {
        let Some(step) = self.popup.as_ref().and_then(Popup::form).map(|form| form.step) else { return Vec::new() };
        match (step, told) {
            // What is on its way cannot be taken back: the form stays until it is known what came of it.
            (Step::Waiting, _) => Vec::new(),
            (_, Told::Acted(Action::Close)) => self.step_back(step),
            (Step::Filling, Told::Acted(Action::Confirm)) => self.go_on(now),
            (Step::Filling, told) => self.fill_in(told),
            (Step::Reviewing | Step::Unsettled, Told::Acted(Action::Confirm)) => self.send_change(now),
            (Step::Reviewing, Told::Acted(Action::GiveReason)) => self.give_reason(),
            (Step::Reviewing | Step::Unsettled, _) => Vec::new(),
        }
    }

    /// From the review to the lines, from a picked tier to the tiers, and from there out.
    fn step_back(&mut self, step: Step) -> Vec<Effect> {
        match (&mut self.popup, step) {
            (Some(Popup::MoveTier(move_tier)), Step::Filling | Step::Reviewing) if move_tier.picked.is_some() => {
                move_tier.picked = None;
                move_tier.form.step = Step::Filling;
            }
            (Some(popup), Step::Reviewing) => {
                if let Some(form) = popup.form_mut() {
                    form.step = Step::Filling;
                }
            }
            (popup, _) => *popup = None,
        }
        Vec::new()
    }

    fn fill_in(&mut self, told: &Told<'_>) -> Vec<Effect> {
        let left = self.quota_left();
        match &mut self.popup {
            Some(Popup::Edit(edit)) => edit.told(told),
            Some(Popup::MoveTier(move_tier)) => move_tier.told(told),
            Some(Popup::Validity(validity)) => validity.told(told),
            Some(Popup::Comp(comp)) => comp.told(told, left),
            _ => {}
        }
        Vec::new()
    }

    /// Enter in a form: shows what it would do; the typed word is a yes by itself.
    fn go_on(&mut self, now: Timestamp) -> Vec<Effect> {
        if matches!(self.popup, Some(Popup::Comp(_))) {
            return self.review_comp();
        }
        let tiers = self.session.event.as_ref().map_or(&[][..], |event| &event.admissions);
        match &mut self.popup {
            Some(Popup::Edit(edit)) => edit.review(),
            Some(Popup::MoveTier(move_tier)) if move_tier.picked.is_none() => move_tier.pick(tiers),
            Some(Popup::MoveTier(move_tier)) => move_tier.form.step = Step::Reviewing,
            Some(Popup::Validity(validity)) => {
                if validity.is_certain() {
                    return self.send_change(now);
                }
                validity.doubt();
            }
            _ => {}
        }
        Vec::new()
    }

    fn give_reason(&mut self) -> Vec<Effect> {
        if let Some(form) = self.popup.as_mut().and_then(Popup::form_mut) {
            form.step = Step::Filling;
            form.go_to(Asks::Reason);
        }
        Vec::new()
    }

    /// The service told a ticket anew: an open form that is about it follows.
    pub(in crate::console) fn form_learns(&mut self, ticket: &Ticket) {
        let tiers = self.session.event.as_ref().map_or(&[][..], |event| &event.admissions);
        let Some(popup) = &mut self.popup else { return };
        // The answer to what was sent comes by itself.
        if popup.form().is_none_or(|form| form.step == Step::Waiting) {
            return;
        }
        match popup {
            Popup::Edit(edit) => edit.learn(ticket),
            Popup::MoveTier(move_tier) => move_tier.learn(ticket, tiers),
            Popup::Validity(validity) => validity.learn(ticket),
            _ => {}
        }
    }

    /// The event's tiers, in the promoter's order.
    pub(super) fn tiers(&self) -> &[Admission] {
        self.session.event.as_ref().map_or(&[], |event| &event.admissions)
    }
}
