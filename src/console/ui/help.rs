//! The help: every key, from the key table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::dialog::Dialog;
use super::text::{Row, width, wrapped};
use super::theme::Theme;
use crate::console::app::App;
use crate::console::keymap::{Binding, Mode};
use crate::console::popup::Help;

/// Columns that the longest description wants.
const WIDEST: u16 = 70;
/// What needs no key of its own.
const TYPING: &str = "Type a name, email, phone, order or ticket.";
/// Columns between the keys and what they do.
const GAP: usize = 2;
/// Most lines of one description.
const MOST_LINES: usize = 3;

/// Draws the pop-up, scrolled as far as its lines go.
pub(super) fn draw(app: &App, help: Help, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let bindings = app.keymap.bindings(Mode::Door);
    let keys = bindings.iter().map(|binding| width(&binding.keys())).max().unwrap_or(0);
    let mut dialog = Dialog { title: "Keys", note: "", columns: WIDEST, rows: u16::MAX };
    let columns = usize::from(dialog.inside(area).width).saturating_sub(1 + keys + GAP);
    let lines: Vec<_> = bindings.iter().flat_map(|binding| lines_of(binding, columns)).collect();
    dialog.rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let visible = usize::from(list(dialog.inside(area)).height);
    // The number comes from the keys, which do not know how many lines there are.
    let first = help.scroll.min(lines.len().saturating_sub(visible));
    let end = (first + visible).min(lines.len());
    let note = format!("{}–{end} of {}", first + 1, lines.len());
    if lines.len() > visible {
        dialog.note = &note;
    }
    let inner = dialog.draw(app, theme, area, buffer);

    Row::new(inner, 0, buffer).skip(1).put(TYPING, theme.plain());
    let list = list(inner);
    for (line, (key, words)) in (0..list.height).zip(&lines[first..]) {
        let mut row = Row::new(list, line, buffer);
        row.skip(1).take(keys).put(key, theme.accent);
        row.skip(GAP).put(words, theme.plain());
    }
}

/// The keys and what they do, on as many lines as the words need.
fn lines_of(binding: &Binding, columns: usize) -> impl Iterator<Item = (String, String)> {
    let keys = std::iter::once(binding.keys()).chain(std::iter::repeat(String::new()));
    keys.zip(wrapped(&binding.desc, columns, MOST_LINES))
}

fn list(inner: Rect) -> Rect {
    Rect { y: inner.y.saturating_add(2), height: inner.height.saturating_sub(2), ..inner }
}
