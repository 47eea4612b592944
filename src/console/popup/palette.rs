//! The command palette.

use crate::console::action::Action;
use crate::console::keymap::{Keymap, Mode};
use crate::console::picker::{Choice, Picker};

/// Every act of the door, found by its words or its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    /// The acts.
    pub picker: Picker<Action>,
}

impl Palette {
    /// The acts of this key table, all but the one that opens the palette.
    #[must_use]
    pub fn new(keymap: &Keymap) -> Self {
        let acts = keymap.bindings(Mode::Door).iter().filter(|binding| binding.run != Action::Palette);
        let choices = acts.map(|binding| Choice::new(binding.run, binding.desc.as_str(), binding.keys()));
        Self { picker: Picker::new(choices.collect()) }
    }
}
