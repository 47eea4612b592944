//! The question before the console is left with unsent scans.

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
    let dialog = Dialog { title: "Not everything is sent", note: "", columns: COLUMNS + 2, rows };
    let inner = dialog.draw(app, theme, area, buffer);
    for (line, text) in (1..).zip(lines) {
        Row::new(inner, line, buffer).skip(1).put(&text, theme.plain());
    }
}

fn sentences(app: &App, now: Timestamp) -> Vec<String> {
    let unsent = app.outbox.unsent_count();
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
