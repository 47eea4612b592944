//! Tier, contact, order and ids of the ticket.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Shown;
use crate::console::ui::standing::Standing;
use crate::console::ui::text::{Row, tail, width};
use crate::console::ui::theme::Tone;
use crate::domain::{Attendee, Ticket, TicketStatus};
use crate::index::Lit;

/// Columns of the names of the facts.
const LABEL: u16 = 9;
/// Lines from which on the contact stands before the order.
const ROOM_FOR_CONTACT: u16 = 5;

/// Every fact with its name, one a line; gives the lines it took.
pub(super) fn in_full(shown: &Shown<'_>, area: Rect, buffer: &mut Buffer) -> u16 {
    let Shown { ticket, lit, theme, .. } = shown;
    let mut facts: Vec<Fact<'_>> = vec![Fact::plain("Tier", ticket.admission.name.to_string())];
    facts.extend(ticket.section.iter().map(|section| Fact::plain("Section", section.name.to_string())));
    facts.push(Fact::plain("Price", ticket.admission.price.to_string()));
    facts.extend(contact(&ticket.attendee, lit));
    facts.push(Fact { label: "Ticket", text: ticket.id.to_string(), lit: &lit.ticket });
    facts.push(Fact { label: "Order", text: ticket.order_id.to_string(), lit: &lit.order });
    let mut line = 0;
    for fact in &facts {
        let mut row = Row::new(area, line, buffer);
        row.take(LABEL.into()).put(fact.label, theme.dim);
        row.put_lit(&fact.text, fact.lit, theme.plain(), theme.lit);
        line += 1;
    }
    line += order(shown, Rect { y: area.y + line, height: area.height.saturating_sub(line), ..area }, buffer);
    line.min(area.height)
}

/// The facts that settle a question at the door, without their names.
pub(super) fn in_brief(shown: &Shown<'_>, area: Rect, buffer: &mut Buffer) {
    let Shown { ticket, lit, theme, .. } = shown;
    let mut tier = vec![ticket.admission.name.to_string()];
    tier.extend(ticket.section.as_ref().map(|section| section.name.to_string()));
    let price = format!(" · {}", ticket.admission.price);
    let mut row = Row::new(area, 0, buffer);
    row.put(&tier.join(" · "), theme.plain());
    // A price that is cut off is another price.
    if width(&price) <= row.columns() {
        row.put(&price, theme.plain());
    }
    let mut line = 1;
    // Where there is no room for all of it, how many of the order are in matters more than the contact.
    if area.height < ROOM_FOR_CONTACT {
        order_in_brief(shown, &mut Row::new(area, line, buffer));
        line += 1;
    }
    for fact in contact(&ticket.attendee, lit) {
        Row::new(area, line, buffer).put_lit(&fact.text, fact.lit, theme.plain(), theme.lit);
        line += 1;
    }
    if area.height >= ROOM_FOR_CONTACT {
        order_in_brief(shown, &mut Row::new(area, line, buffer));
        line += 1;
        others(shown, Rect { y: area.y + line, height: area.height.saturating_sub(line), ..area }, buffer);
    }
}

fn order_in_brief(shown: &Shown<'_>, row: &mut Row<'_>) {
    let (words, tone) = order_in(shown);
    row.put_right(&words, shown.theme.ink(tone));
    row.put("Order …", shown.theme.dim).put(tail(shown.ticket.order_id.as_str(), 8).0, shown.theme.plain());
}

struct Fact<'a> {
    label: &'static str,
    text: String,
    lit: &'a [std::ops::Range<usize>],
}

impl Fact<'_> {
    fn plain(label: &'static str, text: String) -> Self {
        Self { label, text, lit: &[] }
    }
}

fn contact<'a>(attendee: &Attendee, lit: &'a Lit) -> impl Iterator<Item = Fact<'a>> {
    let email = Some(&attendee.email).filter(|email| !email.is_empty());
    let email = email.map(|email| Fact { label: "Email", text: email.to_string(), lit: &lit.email });
    let phone = attendee.phone.as_ref().filter(|phone| !phone.is_empty());
    let phone = phone.map(|phone| Fact { label: "Phone", text: phone.to_string(), lit: &lit.phone });
    email.into_iter().chain(phone)
}

/// How many of the order are in, and its other tickets under it.
fn order(shown: &Shown<'_>, area: Rect, buffer: &mut Buffer) -> u16 {
    let (words, tone) = order_in(shown);
    Row::new(area, 0, buffer).skip(LABEL.into()).put(&words, shown.theme.ink(tone));
    let indent = LABEL.min(area.width);
    let under = Rect {
        x: area.x + indent,
        y: area.y.saturating_add(1),
        width: area.width - indent,
        height: area.height.saturating_sub(1),
    };
    1 + others(shown, under, buffer)
}

/// `2 of 4 in`; cancelled tickets do not count.
fn order_in(shown: &Shown<'_>) -> (String, Tone) {
    match shown.app.order_counts(&shown.ticket.order_id) {
        (_, 0) => ("cancelled".to_owned(), Tone::Stop),
        (inside, valid) if inside == valid => (format!("{inside} of {valid} in"), Tone::Good),
        (inside, valid) => (format!("{inside} of {valid} in"), Tone::Quiet),
    }
}

/// The other tickets of the order, as many as there are lines for; gives the lines it took.
fn others(shown: &Shown<'_>, area: Rect, buffer: &mut Buffer) -> u16 {
    let tickets = shown.app.index.order_tickets(&shown.ticket.order_id);
    let others: Vec<&Ticket> = tickets.into_iter().filter(|other| other.id != shown.ticket.id).collect();
    let lines = usize::from(area.height);
    let fits = others.len() <= lines;
    let listed = if fits { others.len() } else { lines.saturating_sub(1) };
    let mut line = 0;
    for other in &others[..listed] {
        other_ticket(shown, other, &mut Row::new(area, line, buffer));
        line += 1;
    }
    if !fits && lines > 0 {
        let more = format!("and {} more", others.len() - listed);
        Row::new(area, line, buffer).skip(2).put(&more, shown.theme.dim);
        line += 1;
    }
    line
}

fn other_ticket(shown: &Shown<'_>, other: &Ticket, row: &mut Row<'_>) {
    let standing = Standing::of(other, shown.app);
    let theme = shown.theme;
    row.take(2).put(standing.glyph, theme.ink(standing.tone));
    if row.columns() > 34 {
        row.take(Standing::COLUMNS - 1).put(standing.word, theme.ink(standing.tone));
    }
    let style = if other.status == TicketStatus::Cancelled { theme.dim } else { theme.plain() };
    let full_name = other.attendee.full_name();
    let name = if full_name.is_empty() { "(no name)" } else { &full_name };
    row.put(name, style);
    if row.columns() > width(" · ") + 3 {
        row.put(" · ", theme.dim).put(&other.admission.name, theme.dim);
    }
}
