//! A line of text and where its cursor stands.

use ratatui::style::Style;

use super::text::{Row, sanitised, tail, width};
use crate::console::field::Field;

/// Writes the text from as far left as still shows the cursor; gives the columns before the cursor.
pub(super) fn put(field: &Field, style: Style, row: &mut Row<'_>) -> usize {
    let (text, before) = visible(field, row.columns());
    row.put(&text, style);
    before
}

/// What of the text is shown in `columns`, and the columns of it before the cursor.
pub(super) fn visible(field: &Field, columns: usize) -> (String, usize) {
    let (before, after) = field.value().split_at(byte_of(field.value(), field.cursor()));
    let before = sanitised(before);
    // One column stays free for the cursor itself.
    let (before, _) = tail(&before, columns.saturating_sub(1));
    (format!("{before}{}", sanitised(after)), width(before))
}

fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(byte, _)| byte)
}
