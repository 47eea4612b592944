//! Text in cells: measured, fitted and made harmless.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::domain::SafeText;

/// Ends a text that is longer than its place.
const ELLIPSIS: &str = "…";

/// One line of cells that is written from the left, and from the right.
///
/// Whatever is written stays inside and is sanitised first, so that nothing from outside reaches
/// the terminal by a way that forgot to. A wide character is drawn whole or not at all.
pub(super) struct Row<'b> {
    buffer: &'b mut Buffer,
    y: u16,
    left: u16,
    right: u16,
}

impl<'b> Row<'b> {
    /// The line of `area` that lies `line` below its top; without room where there is none.
    pub(super) fn new(area: Rect, line: u16, buffer: &'b mut Buffer) -> Self {
        let area = area.intersection(buffer.area);
        let right = if line < area.height { area.right() } else { area.left() };
        Self { buffer, y: area.y.saturating_add(line), left: area.left(), right }
    }

    /// Columns that are still free.
    pub(super) fn columns(&self) -> usize {
        usize::from(self.right - self.left)
    }

    /// Leaves columns free.
    pub(super) fn skip(&mut self, columns: usize) -> &mut Self {
        self.left = self.after(columns);
        self
    }

    /// Writes `text`, with an ellipsis at its end where it is too long.
    pub(super) fn put(&mut self, text: &str, style: Style) -> &mut Self {
        self.put_lit(text, &[], style, style)
    }

    /// Writes `text`, with an ellipsis at its beginning where it is too long.
    pub(super) fn put_end(&mut self, text: &str, style: Style) -> &mut Self {
        if width(text) <= self.columns() {
            return self.put(text, style);
        }
        let room = self.columns().saturating_sub(1);
        self.put_whole(ELLIPSIS, style).put(tail(text, room).0, style)
    }

    /// Writes `text` only if all of it fits.
    pub(super) fn put_whole(&mut self, text: &str, style: Style) -> &mut Self {
        if width(text) <= self.columns() { self.put(text, style) } else { self }
    }

    /// Writes `text` and lights the bytes of `lit`.
    ///
    /// The ranges may be those of an older text: what they do not meet stays dark.
    pub(super) fn put_lit(&mut self, text: &str, lit: &[Range<usize>], style: Style, light: Style) -> &mut Self {
        let text = sanitised(text);
        let fits = width(&text) <= self.columns();
        let room = if fits { self.columns() } else { self.columns().saturating_sub(1) };
        let end = self.after(room);
        for (at, grapheme) in text.grapheme_indices(true) {
            let columns = grapheme.width();
            if usize::from(end - self.left) < columns {
                break;
            }
            let is_lit = lit.iter().any(|range| range.start < at + grapheme.len() && at < range.end);
            self.place(grapheme, columns, if is_lit { style.patch(light) } else { style });
        }
        if !fits && self.columns() > 0 {
            self.place(ELLIPSIS, 1, style);
        }
        self
    }

    /// Writes `text` at the right end, with one column of air before it, if all of it fits.
    pub(super) fn put_right(&mut self, text: &str, style: Style) -> &mut Self {
        let columns = width(text);
        if columns > 0 && columns <= self.columns() {
            let start = self.right - clamp(columns);
            Row { buffer: &mut *self.buffer, y: self.y, left: start, right: self.right }.put(text, style);
            self.right = start.saturating_sub(1).max(self.left);
        }
        self
    }

    /// Leaves columns free at the right end.
    pub(super) fn skip_right(&mut self, columns: usize) -> &mut Self {
        self.right = self.right.saturating_sub(clamp(columns)).max(self.left);
        self
    }

    /// Takes the next `columns` as a line of its own.
    pub(super) fn take(&mut self, columns: usize) -> Row<'_> {
        let (left, right) = (self.left, self.after(columns));
        self.left = right;
        Row { buffer: &mut *self.buffer, y: self.y, left, right }
    }

    /// What is left of the line after `columns` of it.
    pub(super) fn end(&mut self, columns: usize) -> Row<'_> {
        let left = self.after(columns);
        Row { buffer: &mut *self.buffer, y: self.y, left, right: self.right }
    }

    /// Writes `symbol`, one column wide, over the next `columns`.
    pub(super) fn repeat(&mut self, symbol: &'static str, columns: usize, style: Style) -> &mut Self {
        for _ in 0..columns.min(self.columns()) {
            self.place(symbol, 1, style);
        }
        self
    }

    /// Styles what is left of the line.
    pub(super) fn fill(&mut self, style: Style) -> &mut Self {
        self.buffer.set_style(Rect::new(self.left, self.y, self.right - self.left, 1), style);
        self
    }

    fn place(&mut self, symbol: &str, columns: usize, style: Style) {
        for (cell, x) in (self.left..self.after(columns)).enumerate() {
            self.buffer[(x, self.y)].set_symbol(if cell == 0 { symbol } else { " " }).set_style(style);
        }
        self.left = self.after(columns);
    }

    fn after(&self, columns: usize) -> u16 {
        self.left.saturating_add(clamp(columns)).min(self.right)
    }
}

/// Columns that `text` takes, grapheme by grapheme as it is drawn.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.graphemes(true).map(UnicodeWidthStr::width).sum() }
}

/// The end of `text` that fits into `columns`, and where it starts; ids tell apart by their ends.
pub(super) fn tail(text: &str, columns: usize) -> (&str, usize) {
    let mut room = columns;
    let mut start = text.len();
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        let Some(left) = room.checked_sub(grapheme.width()) else { break };
        (room, start) = (left, at);
    }
    (&text[start..], start)
}

/// The last pass before the screen; text that is harmless already comes back as it is.
pub(super) fn sanitised(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(SafeText::from_outside(text).to_string())
    }
}

/// Breaks `text` between words into at most `lines` lines; the last one takes what is left.
pub(super) fn wrapped(text: &str, columns: usize, lines: usize) -> Vec<String> {
    let mut wrapped = vec![String::new()];
    for word in text.split_whitespace() {
        let is_last = wrapped.len() >= lines;
        let Some(line) = wrapped.last_mut() else { break };
        if line.is_empty() {
            line.push_str(word);
        } else if is_last || width(line) + 1 + width(word) <= columns {
            line.push(' ');
            line.push_str(word);
        } else {
            wrapped.push(word.to_owned());
        }
    }
    wrapped
}

/// A number with its thousands apart: `1,187`.
pub(super) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Empties `area` for what is drawn over the panes, without leaving half a wide character at its edge.
pub(super) fn clear(area: Rect, style: Style, buffer: &mut Buffer) {
    let area = area.intersection(buffer.area);
    for y in area.top()..area.bottom() {
        if let Some(before) = area.left().checked_sub(1).and_then(|x| buffer.cell_mut((x, y)))
            && before.symbol().width() > 1
        {
            before.set_symbol(" ");
        }
        for x in area.left()..area.right() {
            buffer[(x, y)].reset();
            buffer[(x, y)].set_style(style);
        }
    }
}

fn clamp(columns: usize) -> u16 {
    u16::try_from(columns).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn drawn(columns: u16, write: impl FnOnce(&mut Row<'_>)) -> String {
        let area = Rect::new(0, 0, columns, 1);
        let mut buffer = Buffer::empty(area);
        write(&mut Row::new(area, 0, &mut buffer));
        let mut text = String::new();
        let mut x = 0;
        while x < columns {
            let symbol = buffer[(x, 0)].symbol();
            text.push_str(symbol);
            x += u16::try_from(symbol.width().max(1)).unwrap();
        }
        text
    }

    #[rstest]
    #[case::fits(6, "Ada", "Ada   ")]
    #[case::exactly(3, "Ada", "Ada")]
    #[case::too_long(5, "Ada Lovelace", "Ada …")]
    #[case::one_column(1, "Ada", "…")]
    #[case::wide(4, "李小龍", "李… ")]
    #[case::wide_fits(6, "李小龍", "李小龍")]
    #[case::family(3, "👨‍👩‍👧x", "👨‍👩‍👧x")]
    #[case::family_does_not_fit(2, "x👨‍👩‍👧", "x…")]
    #[case::lone_mark(3, "\u{301}a", "a  ")]
    #[case::escape(6, "a\u{1b}[2J", "a\u{FFFD}[2J ")]
    fn text_fits_its_line(#[case] columns: u16, #[case] text: &str, #[case] expected: &str) {
        assert_eq!(
            drawn(columns, |row| {
                row.put(text, Style::new());
            }),
            expected
        );
    }

    #[rstest]
    #[case::fits(9, "ord_8f0ga", "ord_8f0ga")]
    #[case::too_long(6, "ord_8f0ga", "…8f0ga")]
    #[case::one_column(1, "ord_8f0ga", "…")]
    #[case::nothing(0, "ord_8f0ga", "")]
    fn an_id_keeps_its_end(#[case] columns: u16, #[case] text: &str, #[case] expected: &str) {
        assert_eq!(
            drawn(columns, |row| {
                row.put_end(text, Style::new());
            }),
            expected
        );
    }

    #[test]
    fn the_right_end_keeps_its_place_and_the_left_gives_way() {
        let line = drawn(12, |row| {
            row.put_right("20:14", Style::new()).put("Harbour Lights", Style::new());
        });
        assert_eq!(line, "Harbo… 20:14");
    }

    #[test]
    fn lit_ranges_of_another_text_do_no_harm() {
        let stale = [5..900, 3..3, 1..2];
        let line = drawn(8, |row| {
            row.put_lit("é李a", &stale, Style::new(), Style::new().bold());
        });
        assert_eq!(line, "é李a    ");
    }

    #[rstest]
    #[case("ord_8f0ga", 5, ("8f0ga", 4))]
    #[case("ab", 5, ("ab", 0))]
    #[case("x李", 1, ("", 4))]
    fn the_end_of_a_text(#[case] text: &str, #[case] columns: usize, #[case] expected: (&str, usize)) {
        assert_eq!(tail(text, columns), expected);
    }

    #[rstest]
    #[case(0, "0")]
    #[case(999, "999")]
    #[case(1_187, "1,187")]
    #[case(1_000_000, "1,000,000")]
    fn thousands_stand_apart(#[case] number: usize, #[case] expected: &str) {
        assert_eq!(count(number), expected);
    }

    #[test]
    fn words_wrap_and_the_last_line_takes_the_rest() {
        assert_eq!(wrapped("one two three four", 8, 2), ["one two", "three four"]);
        assert_eq!(wrapped("", 8, 2), [""]);
    }

    #[test]
    fn a_pop_up_leaves_no_half_character_at_its_edge() {
        let area = Rect::new(0, 0, 4, 1);
        let mut buffer = Buffer::empty(area);
        Row::new(area, 0, &mut buffer).put("李李", Style::new());
        clear(Rect::new(1, 0, 2, 1), Style::new(), &mut buffer);
        assert_eq!(buffer[(0, 0)].symbol(), " ");
    }
}
