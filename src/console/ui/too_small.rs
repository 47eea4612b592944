//! What a terminal shows that is too small for the panes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::layout::SMALLEST;
use super::text::{Row, wrapped};
use super::theme::Theme;

/// Says the size that is needed and the size that is there.
pub(super) fn draw(theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    let lines = [
        (format!("doorlist needs {}×{}.", SMALLEST.width, SMALLEST.height), theme.strong),
        (format!("This terminal has {}×{}.", area.width, area.height), theme.base),
        ("Make it larger, or its letters smaller.".to_owned(), theme.dim),
    ];
    let rows =
        lines.iter().flat_map(|(text, style)| wrapped(text, columns, 3).into_iter().map(move |row| (row, style)));
    for (line, (text, style)) in (0..area.height).zip(rows) {
        Row::new(area, line, buffer).put(&text, *style);
    }
}
