//! Filters: the list to mark them in, and the chips that show which are on.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::picker::{self, Words};
use super::text::{Row, width};
use super::theme::{Theme, Tone};
use crate::console::app::App;
use crate::console::popup::{FilterPicker, order_words, status_word};

const WORDS: Words<'_> = Words {
    title: "Filters",
    invitation: "status, tier, section or order",
    nothing: "Nothing to filter by.",
    notice: None,
};

/// Draws the pop-up, and gives the place of the cursor.
pub(super) fn draw(app: &App, filters: &FilterPicker, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Position {
    picker::draw(&filters.picker, &WORDS, app, theme, area, buffer)
}

/// Writes a chip for every filter that is on, and how many more there are where they do not fit.
pub(super) fn chips(app: &App, theme: &Theme, row: &mut Row<'_>) {
    let chips = words(app);
    for (shown, chip) in chips.iter().enumerate() {
        let rest = chips.len() - shown;
        let room = row.columns().saturating_sub(if rest > 1 { 4 } else { 0 });
        let chip = format!(" {chip} ");
        if width(&chip) + 1 > room {
            row.put_whole(&format!("+{rest}"), theme.ink(Tone::Attention));
            return;
        }
        row.put(&chip, theme.block(Tone::Attention)).put(" ", theme.rule);
    }
}

/// The filters that are on, a few words each.
fn words(app: &App) -> Vec<String> {
    let filters = &app.search.filters;
    let counts = app.index.counts();
    let mut words: Vec<String> = filters.status.map(|status| status_word(status).to_owned()).into_iter().collect();
    for id in &filters.admissions {
        let tier = counts.by_admission().iter().find(|tally| tally.admission.id == *id);
        words.push(tier.map_or_else(|| id.to_string(), |tally| tally.admission.name.to_string()));
    }
    for id in &filters.sections {
        let section = counts.by_section().iter().find(|tally| tally.section.id == *id);
        words.push(section.map_or_else(|| id.to_string(), |tally| tally.section.name.to_string()));
    }
    words.extend(filters.order.as_ref().map(order_words));
    words
}
