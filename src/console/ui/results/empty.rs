//! Why there is no row, and what to do about it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::console::app::{App, Loading};
use crate::console::ui::pane::say;
use crate::console::ui::text::count;
use crate::console::ui::theme::{Theme, Tone};
use crate::index::Filters;

/// Says it in words.
pub(super) fn draw(app: &App, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    if app.index.is_empty() {
        nothing_loaded(app, theme, area, buffer);
    } else {
        nobody_found(app, theme, area, buffer);
    }
}

fn nothing_loaded(app: &App, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    match &app.session.loading {
        Loading::Idle => say(&[("The guest list has not been asked for yet.", theme.base)], area, buffer),
        Loading::Running { .. } => say(
            &[
                ("The guest list is coming.", theme.strong),
                ("You can type already: guests show as soon as they are here.", theme.dim),
            ],
            area,
            buffer,
        ),
        Loading::Complete => say(
            &[("This event has no tickets.", theme.strong), ("Check that it is the right event.", theme.dim)],
            area,
            buffer,
        ),
        Loading::Failed(trouble) => say(
            &[
                ("! The guest list did not come.", theme.ink(Tone::Attention)),
                (&trouble.to_string(), theme.base),
                (trouble.advice(), theme.dim),
            ],
            area,
            buffer,
        ),
    }
}

fn nobody_found(app: &App, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    if app.search.by_code {
        let sentences = [
            ("No ticket on this list has this code.", theme.strong),
            ("Scan it again, or type the guest's name.", theme.base),
        ];
        say(&sentences, area, buffer);
        return;
    }
    let typed = app.search.input.value().trim();
    let headline = if typed.is_empty() { "Nobody here.".to_owned() } else { format!("Nobody called “{typed}”.") };
    let mut sentences = vec![
        (headline.as_str(), theme.strong),
        ("Try fewer letters, the email, the end of the phone number or the order.", theme.base),
    ];
    if app.search.filters != Filters::default() {
        sentences.push(("A filter is on: it may hide the guest.", theme.ink(Tone::Attention)));
    }
    let coming;
    match &app.session.loading {
        Loading::Running { .. } => {
            coming = format!("The list is still coming: {} tickets are here.", count(app.index.len()));
            sentences.push((&coming, theme.dim));
        }
        Loading::Failed(_) => {
            let warning = "The list is not complete: the guest may be on it all the same.";
            sentences.push((warning, theme.ink(Tone::Attention)));
        }
        Loading::Idle | Loading::Complete => {}
    }
    say(&sentences, area, buffer);
}
