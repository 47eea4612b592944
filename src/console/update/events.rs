//! Choosing the event at this door.

use crate::console::action::Action;
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::popup::{EventPicker, EventStage, Popup, Told};
use crate::domain::{EventId, EventSummary, Trouble};

/// Why another event cannot be opened now.
const UNDER_WAY: &str = "Scans of this event are not settled yet: they go out first.";
/// The same for a change of a ticket, or a comp.
const UNANSWERED: &str = "A change has no answer yet: send it again, or quit and start anew.";

impl App {
    pub(super) fn open_events(&mut self) -> Vec<Effect> {
        let sequence = self.next_sequence();
        let current = self.session.event.as_ref().map(|event| event.summary.id.clone());
        self.popup = Some(Popup::Events(EventPicker::new(current, sequence)));
        vec![Effect::ListEvents { sequence, query: String::new() }]
    }

    pub(super) fn events_told(&mut self, told: Told<'_>) -> Vec<Effect> {
        let Some(Popup::Events(events)) = &mut self.popup else { return Vec::new() };
        let before = events.filter().value().to_owned();
        match told {
            Told::Acted(Action::Close) => {
                self.popup = None;
                return Vec::new();
            }
            Told::Acted(Action::Confirm) => return self.open_chosen_event(),
            told => events.picker.told(&told),
        };
        events.notice = None;
        let query = events.filter().value().trim().to_owned();
        if query == before.trim() { Vec::new() } else { self.ask_for_events(query) }
    }

    /// What is typed narrows the rows at once; the service may know more events of that name.
    fn ask_for_events(&mut self, query: String) -> Vec<Effect> {
        let sequence = self.next_sequence();
        if let Some(Popup::Events(events)) = &mut self.popup {
            events.stage = EventStage::Asking { sequence };
        }
        vec![Effect::ListEvents { sequence, query }]
    }

    /// Asks anew where the list waits for an answer: a scan that was typed over it may have brought that for its own
    /// letters, and what stood before the scan would wait for ever.
    pub(super) fn ask_for_events_again(&mut self) -> Vec<Effect> {
        match &self.popup {
            Some(Popup::Events(events)) if matches!(events.stage, EventStage::Asking { .. }) => {
                let query = events.filter().value().trim().to_owned();
                self.ask_for_events(query)
            }
            _ => Vec::new(),
        }
    }

    fn open_chosen_event(&mut self) -> Vec<Effect> {
        // The answer would come to a console that knows nothing of its guest.
        let held = match (self.outbox.is_settled(), self.changes.is_settled()) {
            (false, _) => Some(UNDER_WAY),
            (true, false) => Some(UNANSWERED),
            (true, true) => None,
        };
        let Some(Popup::Events(events)) = &mut self.popup else { return Vec::new() };
        let Some(chosen) = events.picker.selected().map(|choice| choice.item.clone()) else { return Vec::new() };
        if events.is_current(&chosen) {
            self.popup = None;
            return Vec::new();
        }
        if held.is_some() {
            events.notice = held;
            return Vec::new();
        }
        self.popup = None;
        vec![Effect::SwitchEvent(chosen)]
    }

    pub(super) fn events_listed(&mut self, sequence: u64, listed: Result<Vec<EventSummary>, Trouble>) -> Vec<Effect> {
        if let Some(Popup::Events(events)) = &mut self.popup
            && events.stage == (EventStage::Asking { sequence })
        {
            match listed {
                Ok(listed) => events.add(listed),
                Err(trouble) => events.stage = EventStage::Failed(trouble),
            }
        }
        Vec::new()
    }

    /// The service names another event than the one that was opened from memory: it is opened as soon as nobody is in the
    /// middle of anything, and everything of this one has its answer. The engine says so again with every load.
    pub(super) fn other_event_named(&mut self, event: EventId) -> Vec<Effect> {
        let is_settled = self.outbox.is_settled() && self.changes.is_settled();
        let is_at_rest = self.popup.is_none() && self.search.input.value().is_empty();
        if is_settled && is_at_rest { vec![Effect::SwitchEvent(event)] } else { Vec::new() }
    }

    /// Several events are coming up and none was named: offers them, once.
    pub(super) fn offer_events(&mut self) -> Vec<Effect> {
        if self.loads.events_offered || self.popup.is_some() {
            return Vec::new();
        }
        self.loads.events_offered = true;
        let effects = self.open_events();
        if let Some(Popup::Events(events)) = &mut self.popup {
            events.was_offered = true;
        }
        effects
    }
}
