//! The screen: every pane drawn from the state, nothing kept in between.
//!
//! One file a pane, each a function from the state to cells. Nothing here reads a clock or waits:
//! the time comes in as an argument, and two draws of one state at one time are the same.

mod banner;
mod detail;
mod footer;
mod header;
mod help;
mod layout;
mod pane;
mod results;
mod search_box;
mod standing;
mod text;
mod theme;
mod too_small;

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::layout::Rect;

pub use theme::{Theme, ThemeName};

use super::app::{App, Popup};

/// Draws the whole console as it stands at `now`.
pub fn draw(app: &App, theme: &Theme, now: Timestamp, frame: &mut Frame) {
    let area = frame.area();
    let buffer = frame.buffer_mut();
    buffer.set_style(area, theme.base);
    let Some(panes) = layout::arrange(area) else {
        too_small::draw(theme, area, buffer);
        return;
    };
    header::draw(app, theme, now, panes.header, buffer);
    banner::draw(app, theme, now, panes.banner, buffer);
    search_box::draw(app, theme, panes.search, buffer);
    results::draw(app, theme, panes.results, buffer);
    detail::draw(app, theme, now, panes.detail, buffer);
    footer::draw(app, theme, panes.footer, buffer);
    match app.popup {
        Some(Popup::Help { scroll }) => help::draw(app, theme, scroll, area, buffer),
        None => frame.set_cursor_position(search_box::cursor(app, panes.search)),
    }
}

/// How many guests the results pane shows at once on a terminal of this size; the page keys move by as many.
#[must_use]
pub fn page_rows(area: Rect) -> usize {
    layout::page_rows(area)
}
