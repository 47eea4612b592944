//! The selected ticket: who, what, where it stands, its order and its history.

mod facts;
mod history;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::pane;
use super::results::name;
use super::standing::Standing;
use super::text::{Row, width};
use super::theme::{Theme, Tone};
use crate::console::app::{App, Session};
use crate::console::time::{age, clock_time};
use crate::domain::{Ticket, TicketStatus};
use crate::index::{Hit, Lit};

/// From this height on everything stands in one column; lower panes use two.
const ONE_COLUMN: u16 = 16;
/// Lines that the history keeps, its title included, whatever the order holds.
const HISTORY: u16 = 5;

/// Draws the ticket that Enter acts on.
pub(super) fn draw(app: &App, theme: &Theme, now: Timestamp, area: Rect, buffer: &mut Buffer) {
    let inner = pane::titled("Ticket", "", theme, area, buffer);
    let Some(ticket) = app.selected_ticket() else {
        pane::say(&[("The selected guest's ticket shows here.", theme.dim)], inner, buffer);
        return;
    };
    let nothing = Lit::default();
    let lit = lit_of(app, ticket).unwrap_or(&nothing);
    let shown = Shown { app, ticket, lit, theme, now };
    if inner.height >= ONE_COLUMN { tall(&shown, inner, buffer) } else { folded(&shown, inner, buffer) }
}

/// What the parts of the pane draw from.
struct Shown<'a> {
    app: &'a App,
    ticket: &'a Ticket,
    lit: &'a Lit,
    theme: &'a Theme,
    now: Timestamp,
}

fn lit_of<'a>(app: &'a App, ticket: &Ticket) -> Option<&'a Lit> {
    let hit: &Hit = &app.search.hits[app.search.position()?];
    (hit.id == ticket.id).then_some(&hit.lit)
}

fn tall(shown: &Shown<'_>, area: Rect, buffer: &mut Buffer) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let mut title = Row::new(area, 1, buffer);
    name(&mut title, &shown.ticket.attendee, shown.lit, shown.theme, shown.theme.strong);
    status(shown, &mut Row::new(area, 2, buffer));
    let rest = Rect { y: area.y + 4, height: area.height - 4, ..area };
    let used = facts::in_full(shown, Rect { height: rest.height.saturating_sub(HISTORY + 1), ..rest }, buffer);
    let below = used + 1;
    let history = Rect { y: rest.y + below, height: rest.height.saturating_sub(below), ..rest };
    history::draw(shown, history, buffer);
}

fn folded(shown: &Shown<'_>, area: Rect, buffer: &mut Buffer) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(area);
    let mut title = Row::new(head, 0, buffer);
    name(
        &mut title.take(usize::from(head.width) / 2),
        &shown.ticket.attendee,
        shown.lit,
        shown.theme,
        shown.theme.strong,
    );
    title.skip(1);
    status(shown, &mut title);
    let [left, right] = Layout::horizontal([Constraint::Fill(2), Constraint::Fill(3)]).spacing(2).areas(body);
    facts::in_brief(shown, left, buffer);
    history::draw(shown, right, buffer);
}

/// The status as a block of its tone, and since when.
fn status(shown: &Shown<'_>, row: &mut Row<'_>) {
    let standing = Standing::of(shown.ticket, shown.app);
    let block = format!(" {} {} ", standing.glyph, standing.word);
    let sentence = sentence(shown.ticket, standing.tone, &shown.app.session, shown.now);
    row.put(&block, shown.theme.block(standing.tone)).skip(1);
    if width(&sentence) <= row.columns() || row.columns() > 12 {
        row.put(&sentence, shown.theme.plain());
    }
}

fn sentence(ticket: &Ticket, tone: Tone, session: &Session, now: Timestamp) -> String {
    match (ticket.status, ticket.last_scan()) {
        (TicketStatus::Cancelled, _) => "not valid for entry".to_owned(),
        (_, Some(scan)) => {
            let at = clock_time(scan.scanned_at, &session.zone, now);
            format!("since {at} · {}", age(scan.scanned_at, now))
        }
        (TicketStatus::Active, None) if tone == Tone::Quiet => "not checked in yet".to_owned(),
        _ => String::new(),
    }
}
