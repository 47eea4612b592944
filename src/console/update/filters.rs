//! Filters: the picker that sets them, and the key that takes them away.

use jiff::Timestamp;

use crate::console::action::Action;
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::popup::{FilterPicker, Popup, Told};
use crate::index::Filters;

impl App {
    pub(super) fn open_filters(&mut self) -> Vec<Effect> {
        self.show(Popup::Filters(FilterPicker::new(self)))
    }

    /// A mark counts at once: the list behind the pop-up shows what it does.
    pub(super) fn filters_told(&mut self, told: Told<'_>, now: Timestamp) -> Vec<Effect> {
        let Some(Popup::Filters(filters)) = &mut self.popup else { return Vec::new() };
        match told {
            Told::Acted(Action::Mark) => filters.toggle(),
            // Enter alone is enough for one filter; after marks it only closes.
            Told::Acted(Action::Confirm) if !filters.touched => filters.toggle(),
            Told::Acted(Action::Confirm | Action::Close) => {
                self.popup = None;
                return Vec::new();
            }
            Told::Acted(Action::ClearFilters) => {
                self.popup = None;
                return self.clear_filters(now);
            }
            told => {
                filters.picker.told(&told);
                return Vec::new();
            }
        }
        let chosen = filters.filters();
        if told == Told::Acted(Action::Confirm) {
            self.popup = None;
        }
        self.filter_by(chosen, now)
    }

    pub(super) fn clear_filters(&mut self, now: Timestamp) -> Vec<Effect> {
        self.filter_by(Filters::default(), now)
    }

    fn filter_by(&mut self, filters: Filters, now: Timestamp) -> Vec<Effect> {
        if self.search.filters == filters {
            return Vec::new();
        }
        self.search.filters = filters;
        self.search_again(now)
    }
}
