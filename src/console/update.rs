//! From a fact to a new state and orders; one file an area.

mod activity;
mod changes;
mod comp;
mod dashboard;
mod deeds;
mod entries;
mod events;
mod filters;
mod forms;
mod gate;
mod help;
mod inbox;
mod keeping;
mod keys;
mod leave;
mod loading;
mod mouse;
mod order;
mod palette;
mod pin;
mod scanner;
mod scanning;
mod undo;
mod unknown;
mod waiting;

pub(in crate::console) use scanner::Scans;

use jiff::Timestamp;

use super::app::App;
use super::effect::Effect;
use super::message::Message;

impl App {
    /// Takes in one fact at the time `now` and says what is to be done.
    pub fn update(&mut self, message: Message, now: Timestamp) -> Vec<Effect> {
        let is_answer = matches!(message, Message::PinVerified { .. } | Message::ChangeAnswered { .. });
        let effects = self.hear_beneath_leave(message, now);
        if is_answer {
            self.answer_stands();
        }
        effects
    }

    fn hear(&mut self, message: Message, now: Timestamp) -> Vec<Effect> {
        match message {
            Message::KeyPressed(key) => self.key_pressed(key, now),
            Message::TypingBegan => self.typing_began(),
            Message::TypingWithdrawn => self.typing_withdrawn(now),
            Message::Scanned(scanned) => self.scanned(scanned, now),
            Message::CodeLookedUp { sequence, found } => self.code_looked_up(sequence, found, now),
            Message::Pasted(text) => self.pasted(&text, now),
            Message::RowClicked(row) => self.row_clicked(row),
            Message::WheelTurned(notch) => self.wheel_turned(notch, now),
            Message::PageMeasured(rows) => {
                self.view.page = rows.max(1);
                Vec::new()
            }
            Message::Ticked => {
                let mut effects = self.ticked(now);
                effects.extend(self.settle_unknown(now));
                effects
            }
            Message::SearchTimed(took) => {
                self.search.took = Some(took);
                Vec::new()
            }
            Message::OperatorIdentified(operator) => {
                self.session.operator = operator;
                Vec::new()
            }
            Message::EventLoaded { sequence, event, zone } => self.event_loaded(sequence, event, zone, now),
            Message::OtherEventNamed(event) => self.other_event_named(event),
            Message::TicketsLoaded { sequence, tickets } => self.tickets_loaded(sequence, tickets, now),
            Message::GuestsListed { sequence } => self.guests_listed(sequence, now),
            Message::LoadFinished { sequence } => self.load_finished(sequence, now),
            Message::LoadFailed { sequence, trouble } => self.load_failed(sequence, trouble, now),
            Message::TicketLoaded { sequence, ticket } => self.ticket_loaded(sequence, *ticket, now),
            Message::TicketNotLoaded { .. } => Vec::new(),
            Message::EventsListed { sequence, listed } => self.events_listed(sequence, listed),
            Message::PinVerified { sequence, is_right } => self.pin_verified(sequence, is_right, now),
            Message::StoreOpened(stored) => self.store_opened(*stored, now),
            Message::StoreNotOpened(why) => self.store_not_opened(why, now),
            Message::AmissFound(what) => {
                self.note_finding(what);
                Vec::new()
            }
            Message::EntryKept(entry) => self.entry_kept(&entry, now),
            Message::EntryNotKept { entry, why } => self.entry_not_kept(&entry, why, now),
            Message::TicketLearnt(ticket) => self.ticket_learnt(*ticket, now),
            Message::ActNotRecorded(why) => self.act_not_recorded(why),
            Message::ChangeAnswered { sequence, outcome } => self.change_answered(sequence, *outcome, now),
            Message::ConnectionChanged(health) => self.connection_changed(health, now),
        }
    }
}
