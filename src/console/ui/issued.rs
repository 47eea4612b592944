//! What was issued.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::dialog::Dialog;
use super::text::Row;
use super::theme::{Theme, Tone};
use crate::console::app::App;
use crate::console::popup::Issued;

/// Columns that an id with its label wants.
const COLUMNS: u16 = 60;
/// Most tickets that are named; the list has them all.
const MOST: usize = 8;

/// Draws the guest, the order and the tickets.
pub(super) fn draw(app: &App, issued: &Issued, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut lines = vec![("Guest", issued.name.clone()), ("Tier", issued.tier.clone())];
    lines.extend(issued.order.iter().map(|order| ("Order", order.to_string())));
    let named = issued.tickets.iter().take(MOST).enumerate();
    lines.extend(named.map(|(at, id)| (if at == 0 { "Tickets" } else { "" }, id.to_string())));
    if issued.tickets.len() > MOST {
        lines.push(("", format!("and {} more", issued.tickets.len() - MOST)));
    }
    if issued.tickets.is_empty() {
        lines.push(("Tickets", "issued; they come with the next refresh".to_owned()));
    }
    let rows = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let inner = Dialog { title: "Comp issued", note: "", columns: COLUMNS, rows }.draw(app, theme, area, buffer);
    let done =
        if issued.tickets.len() > 1 { "✓ The tickets are on the list." } else { "✓ The ticket is on the list." };
    Row::new(inner, 0, buffer).skip(1).put(done, theme.ink(Tone::Good));
    for (line, (label, text)) in (2..inner.height).zip(&lines) {
        let mut row = Row::new(inner, line, buffer);
        row.skip(1).take(9).put(label, theme.dim);
        row.skip(1).put(text, theme.plain());
    }
}
