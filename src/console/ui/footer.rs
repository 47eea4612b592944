//! The footer: the keys that count now, from the key table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::hints;
use super::text::Row;
use super::theme::Theme;
use crate::console::action::Action;
use crate::console::app::App;
use crate::console::keymap::Mode;

/// Draws as many hints as fit; the way to the help stays at the right end whatever gives way.
///
/// An open pop-up has its hints at its own edge: the footer then stays empty, for its keys do nothing.
pub(super) fn draw(app: &App, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut row = Row::new(area, 0, buffer);
    row.fill(theme.bar).skip(1).skip_right(1);
    if app.popup.is_some() {
        return;
    }
    let (kept, rest): (Vec<_>, Vec<_>) = hints::of(&app.keymap, Mode::Door).partition(|hint| hint.run == Action::Help);
    for hint in kept {
        let columns = hint.columns();
        if let Some(before) = row.columns().checked_sub(columns) {
            let mut end = row.end(before);
            hint.put(theme, &mut end);
        }
        row.skip_right(columns + hints::GAP);
    }
    let columns = row.columns();
    hints::put(&hints::fitting(rest, columns), theme, &mut row);
}
