//! Letters of three lines, for words that are read from a step away.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::console::ui::text::Row;

/// Lines of cells; a cell holds two dots, one over the other.
const LINES: u16 = 3;
/// Dots between two letters.
const GAP: usize = 1;

/// Draws `word` at the top left of `area` if three fifths of the width hold it; gives the columns it took.
///
/// The words of the verdicts are all there is: other letters are left out.
pub(super) fn draw(word: &str, style: Style, area: Rect, buffer: &mut Buffer) -> u16 {
    let columns = word.chars().map(|letter| glyph(letter)[0].len() + GAP).sum::<usize>();
    let Ok(needed) = u16::try_from(columns) else { return 0 };
    // Nothing follows the last letter that its gap would part it from.
    if area.height < LINES || columns > usize::from(area.width / 5 * 3) + GAP {
        return 0;
    }
    for line in 0..LINES {
        let mut row = Row::new(area, line, buffer);
        for letter in word.chars() {
            let dots = glyph(letter);
            let (upper, lower) = (dots[usize::from(line) * 2], dots.get(usize::from(line) * 2 + 1));
            for (at, dot) in upper.bytes().enumerate() {
                let below = lower.is_some_and(|lower| lower.as_bytes()[at] == b'#');
                row.put(half_blocks(dot == b'#', below), style);
            }
            row.skip(GAP);
        }
    }
    needed
}

const fn half_blocks(upper: bool, lower: bool) -> &'static str {
    match (upper, lower) {
        (true, true) => "█",
        (true, false) => "▀",
        (false, true) => "▄",
        (false, false) => " ",
    }
}

/// Five rows of dots.
#[rustfmt::skip]
const fn glyph(letter: char) -> [&'static str; 5] {
    match letter {
        'A' => [" ## ", "#  #", "####", "#  #", "#  #"],
        'B' => ["### ", "#  #", "### ", "#  #", "### "],
        'C' => [" ###", "#   ", "#   ", "#   ", " ###"],
        'D' => ["### ", "#  #", "#  #", "#  #", "### "],
        'E' => ["####", "#   ", "### ", "#   ", "####"],
        'F' => ["####", "#   ", "### ", "#   ", "#   "],
        'G' => [" ###", "#   ", "# ##", "#  #", " ###"],
        'H' => ["#  #", "#  #", "####", "#  #", "#  #"],
        'I' => ["#", "#", "#", "#", "#"],
        'K' => ["#  #", "# # ", "##  ", "# # ", "#  #"],
        'L' => ["#   ", "#   ", "#   ", "#   ", "####"],
        'M' => ["#   #", "## ##", "# # #", "#   #", "#   #"],
        'N' => ["#  #", "## #", "# ##", "#  #", "#  #"],
        'O' => [" ## ", "#  #", "#  #", "#  #", " ## "],
        'P' => ["### ", "#  #", "### ", "#   ", "#   "],
        'R' => ["### ", "#  #", "### ", "# # ", "#  #"],
        'S' => [" ###", "#   ", " ## ", "   #", "### "],
        'T' => ["###", " # ", " # ", " # ", " # "],
        'U' => ["#  #", "#  #", "#  #", "#  #", " ## "],
        'V' => ["#   #", "#   #", "#   #", " # # ", "  #  "],
        'W' => ["#   #", "#   #", "# # #", "# # #", " # # "],
        'Y' => ["# #", "# #", " # ", " # ", " # "],
        ',' => ["  ", "  ", "  ", " #", "# "],
        _ => ["  ", "  ", "  ", "  ", "  "],
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::console::banner::Verdict;

    #[test]
    fn every_verdict_can_be_drawn_large() {
        let area = Rect::new(0, 0, 120, LINES);
        for verdict in Verdict::iter() {
            let words = verdict.words();
            let blank = words.chars().find(|letter| *letter != ' ' && glyph(*letter).concat().trim().is_empty());
            assert_eq!(blank, None, "{words}");
            let mut buffer = Buffer::empty(area);
            assert!(draw(words, Style::new(), area, &mut buffer) > 0, "{words}");
        }
    }

    #[test]
    fn rows_of_a_letter_are_as_wide_as_each_other() {
        for letter in 'A'..='Z' {
            let rows = glyph(letter);
            assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{letter}");
        }
    }
}
