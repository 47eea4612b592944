//! The help: every key, from the key table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::dialog::Dialog;
use super::text::{Row, width};
use super::theme::Theme;
use crate::console::app::App;
use crate::console::keymap::Mode;
use crate::console::popup::Help;

/// Columns that the longest description wants.
const WIDEST: u16 = 70;
/// What needs no key of its own.
const TYPING: &str = "Type at any time: name, email, phone, order or ticket.";

/// Draws the pop-up, scrolled as far as its lines go.
pub(super) fn draw(app: &App, help: Help, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let bindings = app.keymap.bindings(Mode::Door);
    let rows = u16::try_from(bindings.len()).unwrap_or(u16::MAX).saturating_add(2);
    let mut dialog = Dialog { title: "Keys", note: "", columns: WIDEST, rows };
    let visible = usize::from(list(dialog.inside(area)).height);
    // The number comes from the keys, which do not know how many lines there are.
    let first = help.scroll.min(bindings.len().saturating_sub(visible));
    let end = (first + visible).min(bindings.len());
    let note = format!("{}–{end} of {}", first + 1, bindings.len());
    if bindings.len() > visible {
        dialog.note = &note;
    }
    let inner = dialog.draw(app, theme, area, buffer);

    Row::new(inner, 0, buffer).skip(1).put(TYPING, theme.plain());
    let list = list(inner);
    let keys = bindings.iter().map(|binding| width(&binding.keys())).max().unwrap_or(0);
    for (line, binding) in (0..list.height).zip(&bindings[first..]) {
        let mut row = Row::new(list, line, buffer);
        row.skip(1).take(keys).put(&binding.keys(), theme.accent);
        row.skip(2).put(&binding.desc, theme.plain());
    }
}

fn list(inner: Rect) -> Rect {
    Rect { y: inner.y.saturating_add(2), height: inner.height.saturating_sub(2), ..inner }
}
