//! The service's events, to choose the one at this door.

use std::collections::HashMap;

use jiff::civil::DateTime;

use crate::console::field::Field;
use crate::console::picker::{Choice, Picker};
use crate::domain::{EventId, EventSummary, Trouble};

/// The events that the service told of so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPicker {
    /// The events, by their start.
    pub picker: Picker<EventId>,
    /// How far the last question is.
    pub stage: EventStage,
    /// Why the chosen event cannot be opened now.
    pub notice: Option<&'static str>,
    /// Whether it opened by itself, because no event was clear: then whoever stands there chooses.
    pub was_offered: bool,
    /// The event at this door.
    current: Option<EventId>,
    known: HashMap<EventId, EventSummary>,
}

/// How far the last question for events is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventStage {
    /// The service was asked.
    Asking {
        /// Number of the question.
        sequence: u64,
    },
    /// It answered.
    Listed,
    /// It did not.
    Failed(Trouble),
}

impl EventPicker {
    /// A list that the question of this number is about to fill.
    #[must_use]
    pub fn new(current: Option<EventId>, sequence: u64) -> Self {
        Self {
            picker: Picker::new(Vec::new()),
            stage: EventStage::Asking { sequence },
            notice: None,
            was_offered: false,
            current,
            known: HashMap::new(),
        }
    }

    /// What is typed.
    #[must_use]
    pub const fn filter(&self) -> &Field {
        &self.picker.filter
    }

    /// Whether it is the event at this door.
    #[must_use]
    pub fn is_current(&self, event: &EventId) -> bool {
        self.current.as_ref() == Some(event)
    }

    /// Takes events in besides those that are known: the service's answer to a narrower question takes none away.
    pub(in crate::console) fn add(&mut self, events: Vec<EventSummary>) {
        self.known.extend(events.into_iter().map(|event| (event.id.clone(), event)));
        let mut events: Vec<_> = self.known.values().collect();
        events.sort_by(|one, other| (one.entry_starts_at, &one.id).cmp(&(other.entry_starts_at, &other.id)));
        let choices = events.into_iter().map(|event| self.choice(event)).collect();
        self.picker.replace(choices);
        self.stage = EventStage::Listed;
    }

    fn choice(&self, event: &EventSummary) -> Choice<EventId> {
        let here = if self.is_current(&event.id) { " · open now" } else { "" };
        let venue = if event.venue.is_empty() { String::new() } else { format!(" · {}", event.venue) };
        let dim = format!("{}{here}{venue}", day(event.entry_starts_at));
        Choice::new(event.id.clone(), event.name.as_str(), dim)
    }
}

/// `Tue 3 Mar 2026 18:00`, as the venue's clock says it.
fn day(at: DateTime) -> String {
    at.strftime("%a %-d %b %Y %H:%M").to_string()
}
