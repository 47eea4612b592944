//! Moving a ticket to another tier: the tiers, and what the move means.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::edit::{OPTIONAL, push_reason};
use super::form::{Content, Sheet, blanks};
use super::picker::{self, Words};
use super::theme::{Theme, Tone};
use crate::console::app::App;
use crate::console::form::{Asks, Step};
use crate::console::popup::{MoveTier, Tier};

/// Draws the tiers, or the move to the one that was picked.
pub(super) fn draw(
    app: &App,
    move_tier: &MoveTier,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let Some(picked) = &move_tier.picked else {
        let title = match &move_tier.form.said {
            Some(said) => said.to_string(),
            None => format!("Move {} from {} to", move_tier.name, move_tier.shown.name),
        };
        let words = Words {
            title: &title,
            invitation: "name of the tier",
            nothing: "There is no such other tier.",
            notice: None,
        };
        return Some(picker::draw(&move_tier.picker, &words, app, theme, area, buffer));
    };
    let content = content(move_tier, picked, theme);
    Sheet { title: "Move to another tier", content, form: &move_tier.form, yes: "moves the ticket" }
        .draw(app, theme, area, buffer)
}

fn content<'a>(move_tier: &'a MoveTier, picked: &Tier, theme: &Theme) -> Vec<Content<'a>> {
    let mut content = vec![
        Content::Sentence(move_tier.name.clone(), theme.strong),
        Content::Gap,
        Content::Change { label: "Tier".to_owned(), from: move_tier.shown.name.clone(), to: picked.name.clone() },
        Content::fact("Price", move_tier.difference(&picked.price), theme.plain()),
        Content::fact("Room", picked.room.words(), theme.plain()),
    ];
    if picked.room.is_full() {
        let words = format!("{} is full. Staff may exceed it, and then there is one guest too many.", picked.name);
        content.push(Content::Sentence(words, theme.ink(Tone::Attention)));
    }
    if move_tier.form.step == Step::Filling {
        content.extend(blanks(&move_tier.form, |_| (OPTIONAL.to_owned(), false)));
    } else {
        push_reason(&mut content, move_tier.form.value(Asks::Reason), theme);
    }
    content
}
