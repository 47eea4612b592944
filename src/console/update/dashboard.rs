//! Keys over the dashboard.

use jiff::Timestamp;

use crate::console::action::Action;
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::field::is_text;
use crate::console::popup::Told;

impl App {
    /// It only shows: whoever types has a guest before them.
    pub(super) fn dashboard_told(&mut self, told: &Told<'_>, now: Timestamp) -> Vec<Effect> {
        if matches!(told, Told::Acted(Action::Close)) {
            self.popup = None;
        }
        self.search_instead(told, now)
    }

    /// Text over a pop-up without a field closes it, and goes to the search.
    pub(super) fn search_instead(&mut self, told: &Told<'_>, now: Timestamp) -> Vec<Effect> {
        match *told {
            Told::Typed(key) if is_text(key) => {
                self.popup = None;
                self.typed(key, now)
            }
            Told::Pasted(text) => {
                self.popup = None;
                self.pasted(text, now)
            }
            _ => Vec::new(),
        }
    }
}
