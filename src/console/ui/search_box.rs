//! The search box: what is typed, where the cursor stands, how many fit.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::field;
use super::text::{Row, count, width};
use super::theme::Theme;
use crate::console::app::App;
use crate::index::Matched;

/// What stands before the typed text.
const PROMPT: &str = " › ";
/// What the empty box says.
const INVITATION: &str = "name, email, phone, order or ticket";
/// Columns that are left to the typed text before the count gives way.
const TYPED: usize = 24;
/// Empty columns between the typed text and the count.
const AIR: usize = 2;

/// Draws the box; the text stands on its middle line.
pub(super) fn draw(app: &App, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    buffer.set_style(area, theme.field);
    let line = line(area);
    let mut row = Row::new(line, 0, buffer);
    row.put(PROMPT, theme.accent);
    let (columns, note) = room(app, line);
    if let Some(note) = note {
        row.end(columns).skip(AIR).put(&note, theme.dim);
    }
    let mut text = row.take(columns);
    let typed = app.search.input.value();
    if typed.is_empty() {
        text.put(INVITATION, theme.dim);
    } else if app.search.done {
        text.put(typed, theme.spent);
    } else {
        field::put(&app.search.input, theme.strong, &mut text);
    }
}

/// Where the next letter goes.
pub(super) fn cursor(app: &App, area: Rect) -> Position {
    let line = line(area);
    let (columns, _) = room(app, line);
    let (_, before) = field::visible(&app.search.input, columns);
    let column = u16::try_from(width(PROMPT) + before).unwrap_or(u16::MAX);
    Position::new(line.x.saturating_add(column).min(line.right().saturating_sub(1)), line.y)
}

/// Columns for the typed text, and the count beside it if that leaves enough.
fn room(app: &App, line: Rect) -> (usize, Option<String>) {
    let columns = usize::from(line.width).saturating_sub(width(PROMPT) + 1);
    let note = note(app);
    match columns.checked_sub(width(&note) + AIR) {
        Some(left) if left >= TYPED => (left, Some(note)),
        _ => (columns, None),
    }
}

fn line(area: Rect) -> Rect {
    Rect { y: area.y + area.height / 2, height: area.height.min(1), ..area }
}

/// `12 of 1,187 · 0.4 ms`, or that the next letter does away with what is typed.
fn note(app: &App) -> String {
    if app.search.done && !app.search.by_code {
        return "the next letter starts anew".to_owned();
    }
    let matched = match app.search.matched {
        Matched::Exactly(found) => count(found),
        Matched::AtLeast(found) => format!("{}+", count(found)),
    };
    let mut note = format!("{matched} of {}", count(app.index.len()));
    if let Some(took) = app.search.took {
        note.extend([" · ", &format!("{:.1}", took.as_secs_f64() * 1_000.0), " ms"]);
    }
    note
}
