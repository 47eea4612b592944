//! Letting a guest in at the wrong door: who, why not, and the reason why all the same.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::dialog::Dialog;
use super::field;
use super::text::{Row, width, wrapped};
use super::theme::Theme;
use crate::console::app::App;
use crate::console::popup::OverrideGate;

/// Columns that the sentences want.
const COLUMNS: u16 = 66;
/// Name, two lines of why not, air, the field's label and the field.
const ROWS: u16 = 6;
/// What stands before the typed text.
const PROMPT: &str = " › ";

/// Draws the pop-up, and gives the place of the cursor.
pub(super) fn draw(app: &App, popup: &OverrideGate, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Position {
    let dialog = Dialog { title: "Let in at this door", note: "", columns: COLUMNS, rows: ROWS };
    let inner = dialog.draw(app, theme, area, buffer);
    if let Some(ticket) = app.index.get(&popup.ticket) {
        Row::new(inner, 0, buffer).skip(1).put(&ticket.attendee.full_name(), theme.strong);
        let why = app.wrong_door(ticket);
        for (line, sentence) in (1..).zip(wrapped(&why, usize::from(inner.width).saturating_sub(2), 2)) {
            Row::new(inner, line, buffer).skip(1).skip_right(1).put(&sentence, theme.plain());
        }
    }
    Row::new(inner, ROWS - 2, buffer).skip(1).put("Why all the same? It is kept with the scan.", theme.dim);
    let mut row = Row::new(inner, ROWS - 1, buffer);
    row.fill(theme.field).put(PROMPT, theme.accent);
    let before = field::put(&popup.reason, theme.strong, &mut row);
    let column = u16::try_from(width(PROMPT) + before).unwrap_or(u16::MAX);
    let line = inner.y.saturating_add(ROWS - 1).min(inner.bottom().saturating_sub(1));
    Position::new(inner.x.saturating_add(column).min(inner.right().saturating_sub(1)), line)
}
