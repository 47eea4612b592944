//! Rows of a list, and the foot that tells all of the selected one.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::text::Row;
use super::theme::{Theme, Tone};

/// Stands before the selected row: it is found without colours too.
const MARK: &str = "▸";

/// What a row is written with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inks {
    pub plain: Style,
    pub dim: Style,
    /// For what came of it.
    pub ink: Style,
}

/// Begins a row with its mark; on the selected one all inks are those of the selection.
pub(super) fn begin(row: &mut Row<'_>, is_selected: bool, tone: Tone, theme: &Theme) -> Inks {
    let on = Style { bg: None, ..theme.selected };
    let inks = if is_selected {
        row.fill(theme.selected);
        Inks { plain: on, dim: on, ink: on }
    } else {
        Inks { plain: theme.plain(), dim: theme.dim, ink: theme.ink(tone) }
    };
    row.put(if is_selected { MARK } else { " " }, inks.plain).skip(1).skip_right(1);
    inks
}

/// The first row that is shown: whole pages, so that a row stays where it is while the selection moves over it.
pub(super) fn first(selected: usize, list: Rect) -> usize {
    let rows = usize::from(list.height).max(1);
    selected / rows * rows
}

/// The lines of the list, and those of the foot, between `head` lines above and the end of the area.
pub(super) fn split(inner: Rect, head: u16, foot: u16) -> (Rect, Rect) {
    let height = inner.height.saturating_sub(head.saturating_add(foot));
    let list = Rect { y: inner.y.saturating_add(head), height, ..inner };
    let foot = inner.height.saturating_sub(head.saturating_add(height));
    (list, Rect { y: list.bottom(), height: foot, ..inner })
}
