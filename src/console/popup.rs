//! What lies over the panes and takes the keys; one at a time.
//!
//! A pop-up is a struct in `popup/NAME.rs`, a variant here, a mode with its table of keys, what keys do to it
//! in `update/NAME.rs`, and its drawing in `ui/NAME.rs`.

mod gate;
mod help;
mod order;
mod override_gate;
mod palette;

use crossterm::event::KeyEvent;

pub use gate::GatePicker;
pub use help::Help;
pub use order::OrderCheckIn;
pub use override_gate::OverrideGate;
pub use palette::Palette;

use super::action::Action;
use super::keymap::Mode;

/// What lies over the panes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Popup {
    /// Every key.
    Help(Help),
    /// Every act.
    Palette(Palette),
    /// The check-in of an order.
    Order(OrderCheckIn),
    /// What enters at this door.
    Gate(GatePicker),
    /// A guest at the wrong door.
    Override(OverrideGate),
}

impl Popup {
    /// Which keys count while it is open.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        match self {
            Self::Help(_) => Mode::Help,
            Self::Palette(_) => Mode::Palette,
            Self::Order(_) => Mode::Order,
            Self::Gate(_) => Mode::Gate,
            Self::Override(_) => Mode::Override,
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
