//! The question before the console is left with unsent scans, or without an answer.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::dialog::Dialog;
use super::text::{Row, count, wrapped};
use super::theme::Theme;
use crate::console::app::App;
use crate::console::time::age;

/// Columns of the sentences.
const COLUMNS: u16 = 58;

/// Draws the pop-up.
pub(super) fn draw(app: &App, theme: &Theme, now: Timestamp, area: Rect, buffer: &mut Buffer) {
    let sentences = sentences(app, now);
    let width = usize::from(COLUMNS.min(area.width.saturating_sub(8)));
    let lines: Vec<String> = sentences.iter().flat_map(|sentence| wrapped(sentence, width, 3)).collect();
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let dialog = Dialog { title: title(app), note: "", columns: COLUMNS + 2, rows };
    let inner = dialog.draw(app, theme, area, buffer);
    for (line, text) in (1..).zip(lines) {
        Row::new(inner, line, buffer).skip(1).put(&text, theme.plain());
    }
}

fn title(app: &App) -> &'static str {
    match (app.outbox.unsent_count(), &app.changes.pending) {
        (0, None) => "Leave now?",
        (0, Some(_)) => "An answer is still to come",
        _ => "Not everything is sent",
    }
}

fn sentences(app: &App, now: Timestamp) -> Vec<String> {
    let mut sentences = unsent(app, now);
    if let Some(change) = &app.changes.pending {
        let (act, name) = (change.act(), &change.name);
        sentences.push(format!("The service has not answered yet: {act}, {name}."));
        sentences.push("Without its answer, the next start here says that this was asked for.".to_owned());
    }
    if sentences.is_empty() {
        sentences.push("Everything has its answer by now.".to_owned());
    }
    sentences
}

fn unsent(app: &App, now: Timestamp) -> Vec<String> {
    let unsent = app.outbox.unsent_count();
    if unsent == 0 {
        return Vec::new();
    }
    let what = if unsent == 1 { "1 scan waits".to_owned() } else { format!("{} scans wait", count(unsent)) };
    let oldest = app.outbox.unsent().next().map(|entry| {
        let guest = app.index.get(&entry.ticket).map(|ticket| ticket.attendee.full_name());
        let guest = guest.unwrap_or_else(|| entry.ticket.to_string());
        format!("The oldest: {guest}, {}, {}.", entry.kind, age(entry.taken_at, now))
    });
    let (they_are, go) = if unsent == 1 { ("It is", "goes") } else { ("They are", "go") };
    let kept = format!("{they_are} kept on this machine, and {go} out when doorlist is started here again.");
    std::iter::once(format!("{what} for the service.")).chain(oldest).chain([kept]).collect()
}
