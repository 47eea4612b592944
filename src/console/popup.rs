//! What lies over the panes and takes the keys; one at a time.
//!
//! A pop-up is a struct in `popup/NAME.rs`, a variant here, a mode with its table of keys, what keys do to it
//! in `update/NAME.rs`, and its drawing in `ui/NAME.rs`.

mod events;
mod filters;
mod help;
mod palette;
mod pin;

use crossterm::event::KeyEvent;

pub use events::{EventPicker, EventStage};
pub use filters::{Criterion, FilterPicker, order_words, status_word};
pub use help::Help;
pub use palette::Palette;
pub use pin::{PinPrompt, PinStage};

use super::action::Action;
use super::keymap::Mode;

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
    /// The question for a PIN.
    Pin(PinPrompt),
}

impl Popup {
    /// Which keys count while it is open.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        match self {
            Self::Help(_) => Mode::Help,
            Self::Palette(_) => Mode::Palette,
            Self::Filters(_) => Mode::Filters,
            Self::Events(_) => Mode::Events,
            Self::Pin(_) => Mode::Pin,
        }
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
