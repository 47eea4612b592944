//! The list of what was done and refused here: how it is looked through.

use jiff::Timestamp;

use super::deeds::is_of_console;
use crate::console::action::Action;
use crate::console::activity::{Deed, DeedNumber};
use crate::console::app::App;
use crate::console::banner::Verdict;
use crate::console::effect::Effect;
use crate::console::picker::Choice;
use crate::console::popup::{ActivityList, Popup, Told};
use crate::console::time::clock_time;
use crate::domain::{AuditAct, OrderId, Ticket, TicketId};

/// Of a deed whose ticket the list does not have.
const NO_TICKET: &str = "The list has no such ticket.";
/// The same of a deed that was never about one.
const THE_DOORS: &str = "This was done to the door, not to a ticket.";

impl App {
    pub(super) fn open_activity(&mut self, now: Timestamp) -> Vec<Effect> {
        let choices = self.deed_choices(now);
        self.show(Popup::Activity(ActivityList::new(choices)))
    }

    /// What a deed is found by: everything that is shown of it.
    pub(super) fn deed_choices(&self, now: Timestamp) -> Vec<Choice<DeedNumber>> {
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

    pub(super) fn activity_told(&mut self, told: &Told<'_>, now: Timestamp) -> Vec<Effect> {
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
            (Told::Acted(Action::Confirm), Some(number)) => self.show_deed(number, now),
            _ => Vec::new(),
        }
    }

    /// Shows the ticket of a deed in the panes, or those of its order; of a comp that may have been issued, whoever is
    /// called like its guest.
    fn show_deed(&mut self, number: DeedNumber, now: Timestamp) -> Vec<Effect> {
        let Some(deed) = self.activity.deed(number) else { return Vec::new() };
        let tickets = match self.index.get(&deed.target) {
            Some(ticket) => vec![ticket.id.clone()],
            None => ids(&self.index.order_tickets(&OrderId::from_service(deed.target.as_str()))),
        };
        if tickets.is_empty() {
            if deed.act == AuditAct::Comp && deed.verdict == Some(Verdict::BeingVerified) {
                let name = deed.name.clone();
                return self.look_for(&name, now);
            }
            let notice = if is_of_console(deed.act) { THE_DOORS } else { NO_TICKET };
            if let Some(Popup::Activity(list)) = &mut self.popup {
                list.notice = Some(notice);
            }
            return Vec::new();
        }
        (self.popup, self.banner) = (None, None);
        self.search.show(tickets);
        self.fetch_selected()
    }

    /// Closes the list and searches for a name, as if it were typed.
    fn look_for(&mut self, name: &str, now: Timestamp) -> Vec<Effect> {
        (self.popup, self.banner) = (None, None);
        self.search.clear();
        self.search.input.paste(name);
        self.search_now(now)
    }
}

fn ids(tickets: &[&Ticket]) -> Vec<TicketId> {
    tickets.iter().map(|ticket| ticket.id.clone()).collect()
}
