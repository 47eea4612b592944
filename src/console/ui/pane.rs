//! What the panes have in common: a title on a line, and words in an empty pane.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;

use super::text::{Row, wrapped};
use super::theme::Theme;

/// Draws the title's line and gives the area under it.
pub(super) fn titled(title: &str, note: &str, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Rect {
    let mut row = Row::new(area, 0, buffer);
    row.repeat("─", 1, theme.rule).put(" ", theme.rule).put(title, theme.accent).put(" ", theme.rule);
    if !note.is_empty() && super::text::width(note) + 4 <= row.columns() {
        let rule = row.columns() - super::text::width(note) - 3;
        row.repeat("─", rule, theme.rule).put(" ", theme.rule).put(note, theme.dim).put(" ", theme.rule);
    }
    let rest = row.columns();
    row.repeat("─", rest, theme.rule);
    Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area }
}

/// Writes sentences, wrapped, with a little air around them.
pub(super) fn say(sentences: &[(&str, Style)], area: Rect, buffer: &mut Buffer) {
    let air = Margin::new(2, u16::from(area.height > 6));
    let inner = area.inner(air);
    let mut line = 0;
    for (sentence, style) in sentences {
        for text in wrapped(sentence, usize::from(inner.width), 4) {
            Row::new(inner, line, buffer).put(&text, *style);
            line = line.saturating_add(1);
        }
    }
}
