//! The screen: every pane drawn from the state, nothing kept in between.
//!
//! One file a pane, each a function from the state to cells. Nothing here reads a clock or waits:
//! the time comes in as an argument, and two draws of one state at one time are the same.

mod activity;
mod banner;
mod change;
mod comp;
mod dashboard;
mod detail;
mod dialog;
mod edit;
mod events;
mod field;
mod filters;
mod footer;
mod form;
mod gate;
mod header;
mod help;
mod hints;
mod inbox;
mod issued;
mod layout;
mod leave;
mod move_tier;
mod order;
mod override_gate;
mod palette;
mod pane;
mod picker;
mod pin;
mod results;
mod rows;
mod search_box;
mod standing;
mod text;
mod theme;
mod too_small;
mod validity;

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

pub use theme::{Theme, ThemeName};

use super::app::App;
use super::popup::Popup;

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
    let cursor = match &app.popup {
        Some(popup) => draw_popup(app, popup, theme, now, panes.over, buffer),
        None => Some(search_box::cursor(app, panes.search)),
    };
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

/// Draws what lies over the panes, and gives the place of its cursor if it has one.
fn draw_popup(
    app: &App,
    popup: &Popup,
    theme: &Theme,
    now: Timestamp,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    match popup {
        Popup::Help(help) => {
            help::draw(app, *help, theme, area, buffer);
            None
        }
        Popup::Order(order) => {
            order::draw(app, order, theme, area, buffer);
            None
        }
        Popup::Gate(gate) => Some(gate::draw(app, gate, theme, area, buffer)),
        Popup::Override(popup) => Some(override_gate::draw(app, popup, theme, area, buffer)),
        Popup::Palette(palette) => Some(palette::draw(app, palette, theme, area, buffer)),
        Popup::Filters(filters) => Some(filters::draw(app, filters, theme, area, buffer)),
        Popup::Events(events) => Some(events::draw(app, events, theme, area, buffer)),
        Popup::Activity(list) => Some(activity::draw(app, list, theme, now, area, buffer)),
        Popup::Dashboard(_) => {
            dashboard::draw(app, theme, now, area, buffer);
            None
        }
        Popup::Pin(prompt) => pin::draw(app, prompt, theme, now, area, buffer),
        Popup::Edit(edit) => edit::draw(app, edit, theme, area, buffer),
        Popup::MoveTier(move_tier) => move_tier::draw(app, move_tier, theme, area, buffer),
        Popup::Validity(validity) => validity::draw(app, validity, theme, area, buffer),
        Popup::Comp(comp) => comp::draw(app, comp, theme, area, buffer),
        Popup::Issued(issued) => {
            issued::draw(app, issued, theme, area, buffer);
            None
        }
        Popup::Inbox(inbox) => inbox::draw(app, inbox, theme, now, area, buffer),
        Popup::Leave(_) => {
            leave::draw(app, theme, now, area, buffer);
            None
        }
    }
}

/// The row of the list that has the focus which is drawn at this place, counted from the list's first.
#[must_use]
pub fn row_at(app: &App, area: Rect, place: Position) -> Option<usize> {
    let panes = layout::arrange(area)?;
    match &app.popup {
        None => results::row_at(app, panes.results, place),
        Some(Popup::Palette(palette)) => picker::row_at(&palette.picker, panes.over, place),
        Some(Popup::Filters(filters)) => picker::row_at(&filters.picker, panes.over, place),
        Some(Popup::Events(events)) => picker::row_at(&events.picker, panes.over, place),
        Some(Popup::Activity(list)) => activity::row_at(list, panes.over, place),
        Some(_) => None,
    }
}

/// How many guests the results pane shows at once on a terminal of this size; the page keys move by as many.
#[must_use]
pub fn page_rows(area: Rect) -> usize {
    layout::page_rows(area)
}
