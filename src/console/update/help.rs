//! Keys in the help.

use jiff::Timestamp;

use crate::console::action::Action;
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::keymap::Mode;
use crate::console::popup::{Popup, Told};

impl App {
    pub(super) fn help_told(&mut self, told: Told<'_>, now: Timestamp) -> Vec<Effect> {
        let (page, lines) = (self.page_step(), self.keymap.bindings(Mode::Door).len());
        let Some(Popup::Help(help)) = &mut self.popup else { return Vec::new() };
        // The pane shows no further than its last line; here it is enough that the number stays near.
        let mut scroll_by = |rows| help.scroll = help.scroll.saturating_add_signed(rows).min(lines);
        match told {
            Told::Acted(Action::SelectPrevious) => scroll_by(-1),
            Told::Acted(Action::SelectNext) => scroll_by(1),
            Told::Acted(Action::PageUp) => scroll_by(-page),
            Told::Acted(Action::PageDown) => scroll_by(page),
            Told::Acted(Action::Close) => self.popup = None,
            Told::Typed(_) | Told::Pasted(_) => return self.search_instead(&told, now),
            Told::Acted(_) => {}
        }
        Vec::new()
    }
}
