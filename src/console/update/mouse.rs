//! The mouse: a click selects a row, the wheel moves the selection; neither ever acts.

use jiff::Timestamp;

use crate::console::action::Action;
use crate::console::app::App;
use crate::console::effect::Effect;

impl App {
    pub(super) fn row_clicked(&mut self, row: usize) -> Vec<Effect> {
        if let Some(popup) = &mut self.popup {
            popup.select_row(row);
            return Vec::new();
        }
        // Whoever points at a row means the next Enter.
        (self.scans.answered, self.scans.confirmed) = (None, None);
        let Some(clicked) = self.search.hits.get(row).map(|hit| hit.id.clone()) else { return Vec::new() };
        if self.search.selected.as_ref() == Some(&clicked) {
            return Vec::new();
        }
        self.search.selected = Some(clicked);
        self.fetch_selected()
    }

    pub(super) fn wheel_turned(&mut self, notch: isize, now: Timestamp) -> Vec<Effect> {
        let action = if notch < 0 { Action::SelectPrevious } else { Action::SelectNext };
        self.dispatch(action, now)
    }
}
