//! Keys over the dashboard.

use crate::console::action::Action;
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::popup::Told;

impl App {
    /// It only shows: nothing but its closing means anything.
    pub(super) fn dashboard_told(&mut self, told: &Told<'_>) -> Vec<Effect> {
        if matches!(told, Told::Acted(Action::Close)) {
            self.popup = None;
        }
        Vec::new()
    }
}
