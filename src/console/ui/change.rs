//! From one text to another, so that the eye finds what differs however long they are.

use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use super::text::{sanitised, width};
use super::theme::Theme;

/// Between the two where they stand side by side.
const BETWEEN: &str = " → ";
/// Before the new one where it stands below, and before all that stands under or over it.
const BELOW: &str = "→ ";
const INDENT: &str = "  ";
/// Of what both have in common at least so much stays beside what differs, in characters.
const CONTEXT: usize = 8;
/// Stands for what is left out.
const ELLIPSIS: &str = "…";
/// Most lines of one text.
const LINES: usize = 3;

/// Texts side by side, each with its style.
pub(super) type Parts = Vec<(String, Style)>;

/// Both texts on one line, or the old one above the new one where they do not fit; nothing is shown as such.
///
/// Where most of the two is the same, the letters that differ are lit. What is too long for its line loses of what both
/// have in common, and never of what differs before that.
pub(super) fn lines(from: &str, to: &str, columns: usize, theme: &Theme) -> Vec<Parts> {
    let (from, to) = (shown(from), shown(to));
    let [mut old, mut new] = split(&from, &to);
    let light = if old.is_alike(&new) { theme.lit } else { Style::new() };
    if width(&from) + width(BETWEEN) + width(&to) <= columns {
        let between = (BETWEEN.to_owned(), theme.plain());
        let parts = old.parts(theme.dim, light).into_iter().chain([between]).chain(new.parts(theme.strong, light));
        return vec![parts.collect()];
    }
    let room = columns.saturating_sub(width(BELOW));
    for shorten in [Split::shorten_start, Split::shorten_end] {
        let excess = old.columns().max(new.columns()).saturating_sub(room);
        if excess > 0 {
            shorten(&mut old, excess);
            shorten(&mut new, excess);
        }
    }
    let old = broken(old.parts(theme.dim, light), room).into_iter().map(|line| (INDENT, line));
    let new = broken(new.parts(theme.strong, light), room).into_iter().enumerate();
    let new = new.map(|(at, line)| (if at == 0 { BELOW } else { INDENT }, line));
    let indented = |(indent, line): (&str, Parts)| -> Parts {
        std::iter::once((indent.to_owned(), theme.plain())).chain(line).collect()
    };
    old.chain(new).map(indented).collect()
}

fn shown(text: &str) -> String {
    if text.is_empty() { "(none)".to_owned() } else { sanitised(text).into_owned() }
}

/// A text, and where it differs from another.
struct Split<'a> {
    start: Vec<&'a str>,
    differs: Vec<&'a str>,
    end: Vec<&'a str>,
}

fn split<'a>(from: &'a str, to: &'a str) -> [Split<'a>; 2] {
    let [from, to]: [Vec<&str>; 2] = [from, to].map(|text| text.graphemes(true).collect());
    let start = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let (from_rest, to_rest) = (&from[start..], &to[start..]);
    let end = from_rest.iter().rev().zip(to_rest.iter().rev()).take_while(|(one, other)| one == other).count();
    [&from, &to].map(|text| {
        let (before, rest) = text.split_at(start);
        let (differs, after) = rest.split_at(rest.len() - end);
        Split { start: before.to_vec(), differs: differs.to_vec(), end: after.to_vec() }
    })
}

impl Split<'_> {
    /// Whether more of the two is the same than differs.
    fn is_alike(&self, other: &Self) -> bool {
        self.start.len() + self.end.len() > self.differs.len().max(other.differs.len())
    }

    fn columns(&self) -> usize {
        [&self.start, &self.differs, &self.end].into_iter().flatten().map(|grapheme| width(grapheme)).sum()
    }

    fn shorten_start(&mut self, excess: usize) {
        let kept = kept(&self.start, excess);
        if self.start.len() > kept {
            self.start.drain(..self.start.len() - kept);
            self.start.insert(0, ELLIPSIS);
        }
    }

    fn shorten_end(&mut self, excess: usize) {
        let kept = kept(&self.end, excess);
        if self.end.len() > kept {
            self.end.truncate(kept);
            self.end.push(ELLIPSIS);
        }
    }

    fn parts(&self, style: Style, light: Style) -> Parts {
        let parts = [(&self.start, style), (&self.differs, style.patch(light)), (&self.end, style)];
        parts.into_iter().map(|(text, style)| (text.concat(), style)).collect()
    }
}

/// Characters that stay of what both have in common, where so many columns are too much and one more is for what stands
/// in their place.
fn kept(common: &[&str], excess: usize) -> usize {
    if common.len() <= CONTEXT + 1 { common.len() } else { common.len().saturating_sub(excess + 1).max(CONTEXT) }
}

/// Breaks where a line is full; the last line takes what is left.
fn broken(parts: Parts, columns: usize) -> Vec<Parts> {
    let mut lines = vec![Parts::new()];
    let mut room = columns;
    for (text, style) in parts {
        let mut piece = String::new();
        for grapheme in text.graphemes(true) {
            if width(grapheme) > room && lines.len() < LINES {
                push(&mut lines, std::mem::take(&mut piece), style);
                lines.push(Parts::new());
                room = columns;
            }
            room = room.saturating_sub(width(grapheme));
            piece.push_str(grapheme);
        }
        push(&mut lines, piece, style);
    }
    lines
}

fn push(lines: &mut [Parts], text: String, style: Style) {
    if let Some(line) = lines.last_mut().filter(|_| !text.is_empty()) {
        line.push((text, style));
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Modifier;
    use rstest::rstest;

    use super::*;
    use crate::console::ui::ThemeName;

    /// The lines as text, what is lit between brackets.
    fn drawn(from: &str, to: &str, columns: usize) -> Vec<String> {
        let theme = Theme::named(ThemeName::Dark);
        let bracketed = |(text, style): (String, Style)| {
            let is_lit = style.add_modifier.contains(Modifier::UNDERLINED);
            if is_lit && !text.is_empty() { format!("[{text}]") } else { text }
        };
        let lines = lines(from, to, columns, &theme).into_iter();
        lines.map(|parts| parts.into_iter().map(bracketed).collect()).collect()
    }

    #[rstest]
    #[case::side_by_side("Lovelace", "King", 40, &["Lovelace → King"])]
    #[case::one_letter("Lovelace", "Lovelase", 40, &["Lovela[c]e → Lovela[s]e"])]
    #[case::nothing_before("", "King", 40, &["(none) → King"])]
    #[case::a_letter_more("ana@x.example", "anna@x.example", 40, &["ana@x.example → an[n]a@x.example"])]
    #[case::one_above_the_other("one.long.name@x.org", "one.song.name@x.org", 24, &[
        "  one.[l]ong.name@x.org",
        "→ one.[s]ong.name@x.org",
    ])]
    #[case::the_common_start_gives_way("a.very.long.beginning@mail.example.com", "a.very.long.beginning@mail.example.org", 24, &[
        "  …ning@mail.example.[com]",
        "→ …ning@mail.example.[org]",
    ])]
    #[case::and_the_common_end("someone@a.very.long.host.example.org", "somebody@a.very.long.host.example.org", 24, &[
        "  some[one]@a.very.long.…",
        "→ some[body]@a.very.long.…",
    ])]
    #[case::nothing_in_common_is_broken("aaaaaaaaaaaaaaaa", "bbbbbbbb", 10, &["  aaaaaaaa", "  aaaaaaaa", "→ bbbbbbbb"])]
    #[case::the_last_line_takes_the_rest("aaaaaaaaaaaa", "b", 5, &["  aaa", "  aaa", "  aaaaaa", "→ b"])]
    fn what_differs_is_seen(#[case] from: &str, #[case] to: &str, #[case] columns: usize, #[case] expected: &[&str]) {
        assert_eq!(drawn(from, to, columns), expected);
    }
}
