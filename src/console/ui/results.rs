//! The list of guests that fit what is typed.

mod apart;
mod empty;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use self::apart::Namesakes;
use super::filters;
use super::pane;
use super::standing::Standing;
use super::text::{Row, count, width};
use super::theme::{Theme, Tone};
use crate::console::app::App;
use crate::domain::{Attendee, Ticket};
use crate::index::{Hit, Lit};

/// The pane's title.
const TITLE: &str = "Guests";
/// Stands before the selected row: it is found without colours too.
const MARK: &str = "▸";
/// From this width on the tier has a column of its own.
const THREE_COLUMNS: usize = 84;

/// Draws one row a guest; the page that holds the selected one.
pub(super) fn draw(app: &App, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let hits = &app.search.hits;
    let selected = app.search.position();
    let (rows, first) = page(app, area);
    let last = hits.len().min(first + rows);
    let note = if hits.len() > rows { format!("{}–{}", count(first + 1), count(last)) } else { String::new() };
    let inner = pane::titled(TITLE, &note, theme, area, buffer);
    let beside = width(TITLE) + 4;
    let chips = usize::from(area.width).saturating_sub(beside + width(&note) + 4);
    filters::chips(app, theme, &mut Row::new(area, 0, buffer).skip(beside).take(chips));
    if hits.is_empty() {
        empty::draw(app, theme, inner, buffer);
        return;
    }
    let namesakes = Namesakes::among(app);
    for (line, (at, hit)) in (0..inner.height).zip(hits[first..last].iter().enumerate()) {
        let mut row = Row::new(inner, line, buffer);
        match app.index.get(&hit.id) {
            Some(ticket) => {
                let look = Look::new(theme, ticket, selected == Some(first + at));
                guest(&Guest { app, hit, ticket, namesakes: &namesakes, theme, look }, &mut row);
            }
            None => _ = row.skip(2).put("no longer on the list", theme.dim),
        }
    }
}

/// How many rows there are, and the first that is shown.
///
/// Whole pages, so that a row stays where it is while the selection moves over it.
fn page(app: &App, area: Rect) -> (usize, usize) {
    let rows = usize::from(area.height.saturating_sub(1)).max(1);
    (rows, app.search.position().unwrap_or(0) / rows * rows)
}

/// The position among the hits of the row that is drawn at this place.
pub(super) fn row_at(app: &App, area: Rect, place: Position) -> Option<usize> {
    let list = Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area };
    let row = page(app, area).1 + usize::from(place.y.checked_sub(list.y)?);
    (list.contains(place) && row < app.search.hits.len()).then_some(row)
}

/// The styles of one row.
#[derive(Clone, Copy)]
struct Look {
    is_selected: bool,
    ground: Style,
    name: Style,
    info: Style,
}

impl Look {
    fn new(theme: &Theme, ticket: &Ticket, is_selected: bool) -> Self {
        use crate::domain::TicketStatus::Cancelled;
        if is_selected {
            let on = Style { bg: None, ..theme.selected };
            return Self { is_selected, ground: theme.selected, name: on, info: on };
        }
        let name = if ticket.status == Cancelled { theme.dim } else { theme.plain() };
        Self { is_selected, ground: theme.base, name, info: theme.dim }
    }
}

struct Guest<'a> {
    app: &'a App,
    hit: &'a Hit,
    ticket: &'a Ticket,
    namesakes: &'a Namesakes<'a>,
    theme: &'a Theme,
    look: Look,
}

fn guest(guest: &Guest<'_>, row: &mut Row<'_>) {
    let Guest { app, hit, ticket, theme, look, .. } = *guest;
    row.fill(look.ground);
    row.put(if look.is_selected { MARK } else { " " }, look.name).skip(1);
    let standing = Standing::of(ticket, app);
    // On the selected row the ground is the message; the word and the glyph stay.
    let ink = if look.is_selected || standing.tone == Tone::Quiet { look.name } else { theme.ink(standing.tone) };
    row.take(Standing::COLUMNS).put(standing.glyph, ink).put(" ", ink).put(standing.word, ink);
    row.skip(1).skip_right(1);
    let columns = row.columns();
    let apart = guest.namesakes.tell_apart(hit, ticket);
    if columns + Standing::COLUMNS + 4 >= THREE_COLUMNS {
        name(&mut row.take(columns * 2 / 5), &ticket.attendee, &hit.lit, theme, look.name);
        row.skip(2);
        tier(&mut row.take(columns / 4), ticket, look.info);
        row.skip(2);
        apart.put(row, theme, look.info);
    } else {
        name(&mut row.take(columns / 2), &ticket.attendee, &hit.lit, theme, look.name);
        row.skip(2);
        apart.put(row, theme, look.info);
        if row.columns() > 8 || apart.is_empty() {
            if !apart.is_empty() {
                row.put(" · ", look.info);
            }
            tier(row, ticket, look.info);
        }
    }
}

/// First and last name with their matched letters lit.
pub(super) fn name(row: &mut Row<'_>, attendee: &Attendee, lit: &Lit, theme: &Theme, style: Style) {
    let (first, last) = (attendee.first_name.as_str(), attendee.last_name.as_str());
    if first.trim().is_empty() && last.trim().is_empty() {
        row.put("(no name)", style);
        return;
    }
    if !first.trim().is_empty() {
        row.put_lit(first, &lit.first_name, style, theme.lit);
        if row.columns() > 1 {
            row.put(" ", style);
        }
    }
    row.put_lit(last, &lit.last_name, style, theme.lit);
}

fn tier(row: &mut Row<'_>, ticket: &Ticket, style: Style) {
    row.put(&ticket.admission.name, style);
    if let Some(section) = &ticket.section
        && row.columns() > 6
    {
        row.put(" · ", style).put(&section.name, style);
    }
}
