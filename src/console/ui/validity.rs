//! Cancelling a ticket, and making it valid again: what it means, and the word for it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::edit::OPTIONAL;
use super::form::{Content, Sheet, blanks};
use super::theme::{Theme, Tone};
use crate::console::app::App;
use crate::console::form::{Asks, Line};
use crate::console::popup::{Turn, Validity};
use crate::domain::TicketStatus;

/// Draws what the act means, and the line for its word.
pub(super) fn draw(app: &App, validity: &Validity, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let title = match validity.turn {
        Turn::Cancel => "Cancel the ticket",
        Turn::Reactivate => "Make the ticket valid again",
    };
    let mut content = vec![Content::Sentence(validity.name.clone(), theme.strong)];
    if let Some(ticket) = app.index.get(&validity.ticket) {
        content.push(Content::fact("Tier", ticket.admission.name.as_str(), theme.plain()));
        content.push(Content::fact("Ticket", ticket.id.to_string(), theme.plain()));
    }
    content.push(Content::Gap);
    content.extend(meaning(validity).into_iter().map(|words| Content::Sentence(words.to_owned(), theme.plain())));
    if validity.shown == TicketStatus::Redeemed && validity.turn == Turn::Cancel {
        let words = "The guest is inside now, and stays there: somebody has to see to it.";
        content.push(Content::Sentence(words.to_owned(), theme.ink(Tone::Attention)));
    }
    content.push(Content::Gap);
    content.extend(blanks(&validity.form, |line| (aside(validity, line), false)));
    Sheet { title, content, form: &validity.form, yes: "" }.draw(app, theme, area, buffer)
}

const fn meaning(validity: &Validity) -> [&'static str; 1] {
    match validity.turn {
        Turn::Cancel => ["Nobody enters with this ticket any more, at any door. No money is paid back."],
        Turn::Reactivate => ["The ticket admits one guest again, at every door."],
    }
}

fn aside(validity: &Validity, line: &Line) -> String {
    match line.asks {
        Asks::Word => format!("{}, then Enter", validity.turn.word()),
        _ => OPTIONAL.to_owned(),
    }
}
