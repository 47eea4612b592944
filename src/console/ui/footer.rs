//! The footer: the keys that count now, from the key table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text::{Row, width};
use super::theme::Theme;
use crate::console::action::Action;
use crate::console::app::App;
use crate::console::keymap::Binding;

/// Columns between two hints.
const GAP: usize = 2;

/// Draws as many hints as fit; the way to the help stays at the right end whatever gives way.
pub(super) fn draw(app: &App, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut row = Row::new(area, 0, buffer);
    row.fill(theme.bar).skip(1).skip_right(1);
    let bindings = app.keymap.bindings(app.mode());
    let (kept, rest): (Vec<_>, Vec<_>) = bindings.iter().filter_map(hint).partition(|hint| hint.run == Action::Help);
    for hint in kept {
        let columns = hint.columns();
        if let Some(before) = row.columns().checked_sub(columns) {
            let mut end = row.end(before);
            hint.put(theme, &mut end);
        }
        row.skip_right(columns + GAP);
    }
    for hint in rest {
        if hint.columns() > row.columns() {
            break;
        }
        hint.put(theme, &mut row);
        row.skip(GAP);
    }
}

struct Hint<'a> {
    run: Action,
    key: String,
    word: &'a str,
}

fn hint(binding: &Binding) -> Option<Hint<'_>> {
    let key = binding.on.first()?.to_string();
    Some(Hint { run: binding.run, key, word: binding.hint.as_deref()? })
}

impl Hint<'_> {
    fn columns(&self) -> usize {
        width(&self.key) + 1 + width(self.word)
    }

    fn put(&self, theme: &Theme, row: &mut Row<'_>) {
        row.put(&self.key, theme.accent).put(" ", theme.plain()).put(self.word, theme.plain());
    }
}
