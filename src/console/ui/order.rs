//! An order's check-in: its tickets with what came of each, and what Enter does next.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::dialog::Dialog;
use super::standing::Standing;
use super::text::{Row, wrapped};
use super::theme::{Theme, Tone};
use crate::console::app::App;
use crate::console::effect::Bell;
use crate::console::popup::OrderCheckIn;
use crate::domain::{Ticket, TicketStatus};

/// Columns that the list wants.
const COLUMNS: u16 = 72;
/// Lines above the rows: who bought it, and air.
const HEAD: u16 = 2;
/// Lines below the rows: air, and what Enter does.
const FOOT: u16 = 3;
/// Stands before the selected row: it is found without colours too.
const MARK: &str = "▸";

/// Draws the pop-up.
pub(super) fn draw(app: &App, order: &OrderCheckIn, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let tickets = app.order_rows(&order.order);
    let rows = u16::try_from(tickets.len()).unwrap_or(u16::MAX).saturating_add(HEAD + FOOT);
    let mut dialog = Dialog { title: "Order", note: "", columns: COLUMNS, rows };
    let visible = usize::from(dialog.inside(area).height.saturating_sub(HEAD + FOOT)).max(1);
    let first = order.selected / visible * visible;
    let note = format!("{}–{} of {}", first + 1, tickets.len().min(first + visible), tickets.len());
    if tickets.len() > visible {
        dialog.note = &note;
    }
    let inner = dialog.draw(app, theme, area, buffer);
    head(app, order, theme, &mut Row::new(inner, 0, buffer));
    let list = Rect { y: inner.y + HEAD, height: inner.height.saturating_sub(HEAD + FOOT), ..inner };
    let meant = app.order_meant(order);
    for (line, (at, ticket)) in (0..list.height).zip(tickets.iter().enumerate().skip(first)) {
        let look = Look { is_selected: at == order.selected, is_meant: meant.contains(&ticket.id) };
        guest(app, order, ticket, look, theme, &mut Row::new(list, line, buffer));
    }
    let foot = Rect { y: list.bottom() + 1, height: FOOT - 1, ..inner };
    let columns = usize::from(foot.width.saturating_sub(2));
    for (line, sentence) in (0..foot.height).zip(wrapped(&next(app, order, meant.len()), columns, 2)) {
        let ink = if order.asked { theme.ink(Tone::Attention) } else { theme.strong };
        Row::new(foot, line, buffer).skip(1).skip_right(1).put(&sentence, ink);
    }
}

fn head(app: &App, order: &OrderCheckIn, theme: &Theme, row: &mut Row<'_>) {
    let (inside, valid) = app.order_counts(&order.order);
    row.skip(1).skip_right(1).put_right(&format!("{inside} of {valid} in"), theme.strong);
    row.put(&order.order.to_string(), theme.dim);
}

#[derive(Clone, Copy)]
struct Look {
    is_selected: bool,
    is_meant: bool,
}

fn guest(app: &App, order: &OrderCheckIn, ticket: &Ticket, look: Look, theme: &Theme, row: &mut Row<'_>) {
    let standing = result(app, order, ticket);
    let on = Style { bg: None, ..theme.selected };
    let (main, dim) = if look.is_selected { (on, on) } else { (theme.plain(), theme.dim) };
    if look.is_selected {
        row.fill(theme.selected);
    }
    row.put(if look.is_selected { MARK } else { " " }, main).skip(1).skip_right(1);
    row.put(if look.is_meant { "[x] " } else { "[ ] " }, main);
    let ink = if look.is_selected || standing.tone == Tone::Quiet { main } else { theme.ink(standing.tone) };
    row.take(16).put(standing.glyph, ink).put(" ", ink).put(standing.word, ink);
    row.skip(1);
    let full_name = ticket.attendee.full_name();
    let columns = row.columns();
    row.take(columns * 3 / 5).put(if full_name.is_empty() { "(no name)" } else { &full_name }, main);
    row.skip(2).put(&ticket.admission.name, dim);
}

/// Where the ticket stands, or why it was refused just now: who is in already was not let in from here.
fn result(app: &App, order: &OrderCheckIn, ticket: &Ticket) -> Standing {
    match app.order_result(order, &ticket.id) {
        Some(verdict) if verdict.bell() == Some(Bell::Stop) => return Standing::of_verdict(verdict),
        _ => {}
    }
    match app.attempts(&ticket.id).last() {
        Some(attempt) if ticket.status == TicketStatus::Active && !app.outbox.is_awaited(&ticket.id) => {
            Standing::of_verdict(attempt.verdict)
        }
        _ => Standing::of(ticket, app),
    }
}

/// What Enter does, or what there is to wait for.
fn next(app: &App, order: &OrderCheckIn, meant: usize) -> String {
    let (inside, valid) = app.order_counts(&order.order);
    if app.order_waits(order) {
        return "Asking the service.".to_owned();
    }
    let sum = app.order_sum(order).map(|sum| sum + " ").unwrap_or_default();
    let elsewhere = app.order_elsewhere(&order.order);
    let others = if meant == 1 { "the other one".to_owned() } else { format!("the other {meant}") };
    let next = match (meant, order.asked) {
        (0, _) if elsewhere > 0 => format!("Nobody else enters at this door, {elsewhere} at another. Enter closes."),
        (0, _) => "Nobody is left to check in. Enter closes.".to_owned(),
        (_, true) => {
            let are = if inside == 1 { "is" } else { "are" };
            format!("{inside} of {valid} {are} in already. Enter again checks in {others}, Esc leaves them out.")
        }
        (_, false) if app.order_is_partial(order) => {
            format!("Enter asks about {others}. Space marks, a digit says how many.")
        }
        (1, _) => "Enter checks in 1 guest. Space marks, a digit says how many.".to_owned(),
        _ => format!("Enter checks in {meant} guests. Space marks, a digit says how many."),
    };
    let elsewhere = if meant > 0 && elsewhere > 0 { format!(" At another door: {elsewhere}.") } else { String::new() };
    sum + &next + &elsewhere
}
