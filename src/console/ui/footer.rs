//! The footer: the keys that count now, from the key table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::hints;
use super::text::Row;
use super::theme::Theme;
use crate::console::action::Action;
use crate::console::app::App;
use crate::console::keymap::Mode;

/// Draws as many hints as fit, the way past the wrong door first while somebody stands there; the way to the help stays at the right end whatever gives way.
///
/// An open pop-up has its hints at its own edge: the footer then stays empty, for its keys do nothing.
pub(super) fn draw(app: &App, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut row = Row::new(area, 0, buffer);
    row.fill(theme.bar).skip(1).skip_right(1);
    if app.popup.is_some() {
        return;
    }
    let is_wrong_door = app.is_at_wrong_door();
    let hints = hints::of(&app.keymap, Mode::Door).filter(|hint| hint.run != Action::OverrideGate || is_wrong_door);
    let (kept, mut rest): (Vec<_>, Vec<_>) = hints.partition(|hint| hint.run == Action::Help);
    // What can be done about the refusal comes before what can be done at any time.
    rest.sort_by_key(|hint| hint.run != Action::OverrideGate);
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
