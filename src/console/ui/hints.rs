//! Keys with a word each, from the key table: for the footer and for the edge of a pop-up.

use super::text::{Row, width};
use super::theme::Theme;
use crate::console::action::Action;
use crate::console::keymap::{Binding, Keymap, Mode};

/// Columns between two hints.
pub(super) const GAP: usize = 2;

/// The first key of an act, and the footer's word for it.
pub(super) struct Hint<'a> {
    pub run: Action,
    key: String,
    word: &'a str,
}

/// The hints of a mode, in the table's order.
pub(super) fn of(keymap: &Keymap, mode: Mode) -> impl Iterator<Item = Hint<'_>> {
    keymap.bindings(mode).iter().filter_map(hint)
}

fn hint(binding: &Binding) -> Option<Hint<'_>> {
    let key = binding.on.first()?.to_string();
    Some(Hint { run: binding.run, key, word: binding.hint.as_deref()? })
}

impl Hint<'_> {
    pub(super) fn columns(&self) -> usize {
        width(&self.key) + 1 + width(self.word)
    }

    pub(super) fn put(&self, theme: &Theme, row: &mut Row<'_>) {
        row.put(&self.key, theme.accent).put(" ", theme.plain()).put(self.word, theme.plain());
    }
}

/// As many of the first hints as fit side by side into `columns`.
pub(super) fn fitting<'a>(hints: impl IntoIterator<Item = Hint<'a>>, columns: usize) -> Vec<Hint<'a>> {
    let mut room = columns + GAP;
    let fits = |hint: &Hint<'_>| match room.checked_sub(hint.columns() + GAP) {
        Some(left) => {
            room = left;
            true
        }
        None => false,
    };
    hints.into_iter().take_while(fits).collect()
}

/// The same where the way out stays, whichever others give way.
pub(super) fn fitting_with_close(mut hints: Vec<Hint<'_>>, columns: usize) -> Vec<Hint<'_>> {
    let at = hints.iter().position(|hint| hint.run == Action::Close);
    let Some(at) = at.filter(|&at| hints[at].columns() <= columns) else { return fitting(hints, columns) };
    let close = hints.remove(at);
    let mut fit = fitting(hints, columns.saturating_sub(close.columns() + GAP));
    fit.insert(at.min(fit.len()), close);
    fit
}

/// Columns that hints take side by side.
pub(super) fn columns(hints: &[Hint<'_>]) -> usize {
    hints.iter().map(|hint| hint.columns() + GAP).sum::<usize>().saturating_sub(GAP)
}

/// Writes hints side by side.
pub(super) fn put(hints: &[Hint<'_>], theme: &Theme, row: &mut Row<'_>) {
    for (at, hint) in hints.iter().enumerate() {
        if at > 0 {
            row.repeat(" ", GAP, theme.plain());
        }
        hint.put(theme, row);
    }
}
