//! Forms: lines to fill in, what stands beside them, and what was said of the whole.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::change::{self, Parts};
use super::dialog::Dialog;
use super::field;
use super::text::{Row, wrapped};
use super::theme::{Theme, Tone};
use crate::console::action::Action;
use crate::console::app::App;
use crate::console::form::{Blank, Form, Line, Step};

/// Columns that a form wants.
const COLUMNS: u16 = 84;
/// Columns of the labels.
const LABEL: usize = 11;
/// Columns of a blank, where there are that many.
const BLANK: usize = 32;
/// Most lines of what was said.
const SAID: usize = 3;

/// One line of what a form shows.
pub(super) enum Content<'a> {
    /// Something to fill in, and what stands beside it.
    Blank {
        /// The line.
        line: &'a Line,
        /// Beside it, unless something is wrong with it.
        aside: String,
        /// Whether it is another than it was.
        is_changed: bool,
        /// Whether what is typed goes here.
        has_focus: bool,
    },
    /// Something to read, under a label.
    Fact {
        /// The label.
        label: String,
        /// Beside it, each with its style.
        parts: Parts,
    },
    /// From one text to another, under a label.
    Change {
        /// The label.
        label: String,
        /// The old text.
        from: String,
        /// The new one.
        to: String,
    },
    /// A sentence.
    Sentence(String, Style),
    /// Air.
    Gap,
}

impl Content<'_> {
    /// A label and one text.
    pub(super) fn fact(label: &str, text: impl Into<String>, style: Style) -> Self {
        Self::Fact { label: label.to_owned(), parts: vec![(text.into(), style)] }
    }
}

/// A form as it is drawn.
pub(super) struct Sheet<'a> {
    /// At the upper edge.
    pub title: &'a str,
    /// What it shows.
    pub content: Vec<Content<'a>>,
    /// The form, for how far it has come and what was said.
    pub form: &'a Form,
    /// What a yes does, to follow its key.
    pub yes: &'a str,
}

/// The lines that are asked for; `aside` gives what stands beside one, and whether it is another than it was.
pub(super) fn blanks<'a>(form: &'a Form, aside: impl Fn(&Line) -> (String, bool)) -> Vec<Content<'a>> {
    let asked = form.lines.iter().enumerate().filter(|(_, line)| line.is_asked);
    let blank = |(at, line): (usize, &'a Line)| {
        let (aside, is_changed) = aside(line);
        Content::Blank { line, aside, is_changed, has_focus: form.focus() == at }
    };
    asked.map(blank).collect()
}

impl Sheet<'_> {
    /// Draws the form as a pop-up, and gives the place of the cursor where something is typed.
    pub(super) fn draw(&self, app: &App, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let frame = Dialog { title: self.title, note: "", columns: COLUMNS, rows: 0 };
        let columns = usize::from(frame.inside(area).width).saturating_sub(2);
        let content = spread(&self.content, columns, theme);
        let foot = self.foot(app, theme, columns);
        let rows = content.len() + foot.len();
        let dialog = Dialog { rows: u16::try_from(rows).unwrap_or(u16::MAX), ..frame };
        let inner = dialog.draw(app, theme, area, buffer);
        let inner = Rect { x: inner.x.saturating_add(1), width: inner.width.saturating_sub(2), ..inner };
        let bottom = u16::try_from(foot.len()).unwrap_or(u16::MAX).min(inner.height);
        let top = Rect { height: inner.height - bottom, ..inner };
        for (line, parts) in (top.height..inner.height).zip(&foot) {
            let mut row = Row::new(inner, line, buffer);
            for (text, style) in parts {
                row.put(text, *style);
            }
        }
        draw_content(content, theme, top, buffer)
    }

    /// What stays in sight whatever gives way: the key of the yes, and what was said or is under way.
    fn foot(&self, app: &App, theme: &Theme, columns: usize) -> Vec<Parts> {
        let mut foot = Vec::new();
        if matches!(self.form.step, Step::Reviewing | Step::Unsettled) {
            foot.push(Vec::new());
            foot.push(vec![(yes_key(app), theme.accent), (format!(" {}", self.yes), theme.strong)]);
        }
        let said = match (&self.form.said, self.form.step) {
            (_, Step::Waiting) => vec!["… asking the service".to_owned()],
            (Some(said), _) => wrapped(&format!("! {said}"), columns, SAID),
            (None, _) => return foot,
        };
        foot.push(Vec::new());
        foot.extend(said.into_iter().map(|line| vec![(line, theme.ink(Tone::Attention))]));
        foot
    }
}

/// A piece of content that takes exactly one line of cells.
enum Piece<'a> {
    Content(&'a Content<'a>),
    Words(String, Style),
    Labelled(&'a str, Parts),
}

/// The key of the yes, as the table has it.
fn yes_key(app: &App) -> String {
    let mut yes = app.keymap.bindings(app.mode()).iter().filter(|binding| binding.run == Action::Confirm);
    yes.find_map(|binding| binding.on.first()).map_or_else(|| "(no key)".to_owned(), ToString::to_string)
}

fn spread<'a>(content: &'a [Content<'a>], columns: usize, theme: &Theme) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    for one in content {
        match one {
            Content::Sentence(words, style) => {
                pieces.extend(wrapped(words, columns, SAID).into_iter().map(|line| Piece::Words(line, *style)));
            }
            Content::Change { label, from, to } => {
                let lines = change::lines(from, to, columns.saturating_sub(2 + LABEL + 1), theme);
                let labels = std::iter::once(label.as_str()).chain(std::iter::repeat(""));
                pieces.extend(labels.zip(lines).map(|(label, parts)| Piece::Labelled(label, parts)));
            }
            other => pieces.push(Piece::Content(other)),
        }
    }
    pieces
}

/// Where not everything fits, the air goes first, and the line that has the focus stays.
fn draw_content(mut pieces: Vec<Piece<'_>>, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let visible = usize::from(area.height);
    if pieces.len() > visible {
        pieces.retain(|piece| !matches!(piece, Piece::Content(Content::Gap)));
    }
    let focus = pieces.iter().position(|piece| matches!(piece, Piece::Content(Content::Blank { has_focus: true, .. })));
    let first = focus.map_or(0, |focus| (focus + 1).saturating_sub(visible));
    let mut cursor = None;
    for (line, piece) in (0..area.height).zip(&pieces[first.min(pieces.len())..]) {
        let mut row = Row::new(area, line, buffer);
        match piece {
            Piece::Words(words, style) => _ = row.put(words, *style),
            Piece::Labelled(label, parts) => draw_fact(label, parts, theme, &mut row),
            Piece::Content(Content::Fact { label, parts }) => draw_fact(label, parts, theme, &mut row),
            Piece::Content(Content::Blank { line: blank, aside, is_changed, has_focus }) => {
                let before = draw_blank(blank, aside, (*is_changed, *has_focus), theme, &mut row);
                if let Some(before) = before {
                    let column = u16::try_from(2 + LABEL + 1 + before).unwrap_or(u16::MAX);
                    let x = area.x.saturating_add(column).min(area.right().saturating_sub(1));
                    cursor = Some(Position::new(x, area.y.saturating_add(line)));
                }
            }
            Piece::Content(_) => {}
        }
    }
    cursor
}

fn draw_fact(label: &str, parts: &[(String, Style)], theme: &Theme, row: &mut Row<'_>) {
    row.skip(2).take(LABEL).put(label, theme.dim);
    row.skip(1);
    for (text, style) in parts {
        row.put(text, *style);
    }
}

/// Draws one blank; gives the columns before the cursor where it stands in this one.
fn draw_blank(
    line: &Line,
    aside: &str,
    (is_changed, has_focus): (bool, bool),
    theme: &Theme,
    row: &mut Row<'_>,
) -> Option<usize> {
    let ink = if has_focus { theme.strong } else { theme.plain() };
    row.put(if has_focus { "▸" } else { " " }, theme.accent);
    row.put(if is_changed { "*" } else { " " }, theme.ink(Tone::Attention));
    row.take(LABEL).put(&line.asks.label(), if has_focus { theme.accent } else { theme.dim });
    row.skip(1);
    let columns = BLANK.min(row.columns() * 3 / 5);
    let mut blank = row.take(columns);
    let cursor = match &line.blank {
        Blank::Text(field) => {
            blank.fill(theme.field);
            if has_focus {
                Some(field::put(field, ink, &mut blank))
            } else {
                // Nobody writes at its end: a long address shows its beginning.
                blank.put(field.value(), ink);
                None
            }
        }
        Blank::Choice { .. } => {
            blank.put(if has_focus { "‹ " } else { "" }, theme.accent);
            blank.put(line.value(), ink);
            blank.put(if has_focus { " ›" } else { "" }, theme.accent);
            None
        }
    };
    row.skip(2);
    match &line.fault {
        Some(fault) => row.put("✗ ", theme.ink(Tone::Stop)).put(fault, theme.ink(Tone::Stop)),
        None => row.put(aside, theme.dim),
    };
    cursor
}
