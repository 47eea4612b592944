//! The frame of every pop-up: a title above, the keys of its mode below.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Block, BorderType, Widget};

use super::hints;
use super::text::{Row, clear, width};
use super::theme::Theme;
use crate::console::app::App;

/// A frame over the middle of the panes.
pub(super) struct Dialog<'a> {
    /// What it is, at the upper edge.
    pub title: &'a str,
    /// How much of it is shown, at the lower edge; empty is nothing.
    pub note: &'a str,
    /// Columns that its content wants.
    pub columns: u16,
    /// Lines that its content wants.
    pub rows: u16,
}

impl Dialog<'_> {
    /// The area that the content will have: as much of what it wants as there is.
    pub(super) fn inside(&self, area: Rect) -> Rect {
        Block::bordered().inner(self.place(area))
    }

    /// Draws the empty frame, with the hints of the mode that counts, and gives the area inside.
    pub(super) fn draw(&self, app: &App, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Rect {
        let place = self.place(area);
        clear(place, theme.base, buffer);
        Block::bordered().border_type(BorderType::Rounded).border_style(theme.rule).render(place, buffer);
        Row::new(place, 0, buffer).skip(2).skip_right(2).put(&format!(" {} ", self.title), theme.accent);

        let mut edge = Row::new(place, place.height.saturating_sub(1), buffer);
        edge.skip(2).skip_right(2);
        let all: Vec<_> = hints::of(&app.keymap, app.mode()).filter(|hint| app.is_of_use(hint.run)).collect();
        // What can be done comes before how much is shown.
        let note = format!(" {} ", self.note);
        if !self.note.is_empty() && hints::columns(&all) + 2 + width(&note) <= edge.columns() {
            edge.put_right(&note, theme.dim);
        }
        let columns = edge.columns().saturating_sub(2);
        let hints = hints::fitting_with_close(all, columns);
        if !hints.is_empty() {
            edge.put(" ", theme.base);
            hints::put(&hints, theme, &mut edge);
            edge.put(" ", theme.base);
        }
        self.inside(area)
    }

    fn place(&self, area: Rect) -> Rect {
        let columns = self.columns.saturating_add(2).min(area.width.saturating_sub(4));
        let rows = self.rows.saturating_add(2).min(area.height);
        area.centered(columns.into(), rows.into())
    }
}
