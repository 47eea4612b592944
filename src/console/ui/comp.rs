//! Issuing a comp: the lines, and what would be issued.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::form::{Content, Sheet, blanks};
use super::standing::Standing;
use super::theme::{Theme, Tone};
use crate::console::app::App;
use crate::console::form::{Asks, Line, Step};
use crate::console::popup::Comp;
use crate::domain::Ticket;

/// Most tickets of the same guest that are named.
const MOST_TWINS: usize = 3;

/// Draws the lines, or what would be issued and who has a ticket already.
pub(super) fn draw(app: &App, comp: &Comp, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let content = match comp.form.step {
        Step::Filling => blanks(&comp.form, |line| (aside(app, comp, line), false)),
        Step::Reviewing | Step::Waiting | Step::Unsettled => review(app, comp, theme),
    };
    let yes =
        if comp.form.step == Step::Unsettled { "asks again for the very same; issued once only" } else { "issues it" };
    Sheet { title: "Issue a comp", content, form: &comp.form, yes }.draw(app, theme, area, buffer)
}

fn aside(app: &App, comp: &Comp, line: &Line) -> String {
    match (line.asks, comp.tier()) {
        (Asks::Tier, Some(tier)) => match app.changes.comps.left(&tier.id, &tier.name) {
            Some(left) => format!("{}, quota {left}", tier.room.words()),
            None => tier.room.words(),
        },
        (Asks::Mail, _) => "to the address above".to_owned(),
        _ => String::new(),
    }
}

fn review<'a>(app: &App, comp: &'a Comp, theme: &Theme) -> Vec<Content<'a>> {
    let guest = comp.guest();
    let tier = comp.tier().map_or("", |tier| &tier.name);
    let count = comp.quantity().unwrap_or(0);
    let tickets = if count == 1 { "1 ticket".to_owned() } else { format!("{count} tickets") };
    let order = comp.host().map_or_else(|| "a new order".to_owned(), |host| format!("the order of {}", host.name));
    let mut content = vec![
        Content::Sentence(guest.full_name(), theme.strong),
        Content::fact("Email", guest.email.as_str(), theme.plain()),
        Content::fact("Comp", format!("{tickets}, {tier}, for {order}"), theme.plain()),
        Content::fact("Reason", comp.form.value(Asks::Reason), theme.plain()),
    ];
    if comp.host().is_none() {
        let mailed = if comp.form.value(Asks::Mail) == "yes" { "the tickets are mailed" } else { "nothing is mailed" };
        content.push(Content::fact("Mail", mailed, theme.plain()));
    }
    if let Some(tier) = comp.tier().filter(|tier| tier.room.is_full()) {
        let words = format!("{} is full. Staff may exceed it, and then there are guests too many.", tier.name);
        content.push(Content::Sentence(words, theme.ink(Tone::Attention)));
    }
    content.extend(twins(app, comp, theme));
    content
}

/// The tickets that the same guest seems to have already.
fn twins<'a>(app: &App, comp: &Comp, theme: &Theme) -> Vec<Content<'a>> {
    let tickets: Vec<&Ticket> = comp.twins.iter().filter_map(|id| app.index.get(id)).collect();
    if tickets.is_empty() {
        return Vec::new();
    }
    let mut content = vec![Content::Gap];
    let words = match tickets.len() {
        1 => "This guest seems to have a ticket already:".to_owned(),
        count => format!("This guest seems to have {count} tickets already:"),
    };
    content.push(Content::Sentence(words, theme.ink(Tone::Attention)));
    content.extend(tickets.into_iter().take(MOST_TWINS).map(|ticket| {
        let standing = Standing::of(ticket, app);
        let who = format!(" {}, {} · {}", ticket.attendee.full_name(), ticket.admission.name, ticket.attendee.email);
        Content::Fact { label: format!("{} {}", standing.glyph, standing.word), parts: vec![(who, theme.plain())] }
    }));
    content
}
