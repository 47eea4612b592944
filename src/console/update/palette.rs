//! Keys in the command palette.

use jiff::Timestamp;

use crate::console::action::Action;
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::popup::{Palette, Popup, Told};

impl App {
    pub(super) fn open_palette(&mut self) -> Vec<Effect> {
        self.show(Popup::Palette(Palette::new(&self.keymap)))
    }

    /// The chosen act is the door's: the palette is closed before it runs.
    pub(super) fn palette_told(&mut self, told: Told<'_>, now: Timestamp) -> Vec<Effect> {
        let Some(Popup::Palette(palette)) = &mut self.popup else { return Vec::new() };
        if palette.picker.told(&told) {
            return Vec::new();
        }
        let chosen = palette.picker.selected().map(|choice| choice.item);
        match (told, chosen) {
            (Told::Acted(Action::Close), _) => {
                self.popup = None;
                Vec::new()
            }
            (Told::Acted(Action::Confirm), Some(action)) => {
                self.popup = None;
                self.dispatch(action, now)
            }
            _ => Vec::new(),
        }
    }
}
