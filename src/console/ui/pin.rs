//! The question for a PIN: which role an act needs, and dots for what is typed.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::dialog::Dialog;
use super::text::{Row, wrapped};
use super::theme::{Theme, Tone};
use crate::console::app::App;
use crate::console::keymap::Mode;
use crate::console::popup::{PinPrompt, PinStage};

/// Columns of the sentences.
const COLUMNS: u16 = 56;
/// Lines of the field, and of the air below it.
const FIELD: u16 = 2;
/// Stands before the dots.
const PROMPT: &str = " PIN › ";
/// What stands for a typed character.
const DOT: &str = "•";

/// Draws the question, and gives the place of the cursor while a PIN can be typed.
pub(super) fn draw(
    app: &App,
    prompt: &PinPrompt,
    theme: &Theme,
    now: Timestamp,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let has_field = app.access.pin().is_some();
    let rows = if has_field { 5 + FIELD } else { 5 };
    let inner = Dialog { title: "Supervisor", note: "", columns: COLUMNS, rows }.draw(app, theme, area, buffer);
    let text = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let mut line = 0;
    for sentence in wrapped(&wish(app, prompt), usize::from(text.width), 3) {
        Row::new(text, line, buffer).put(&sentence, theme.strong);
        line += 1;
    }
    let field = Rect { y: inner.y.saturating_add(line + 1), height: 1, ..inner }.intersection(inner);
    let cursor = has_field.then(|| draw_field(prompt, theme, field, buffer));
    let (words, style) = state(app, prompt, theme, now);
    let below = field.y.saturating_add(if has_field { FIELD } else { 0 });
    let below = Rect { y: below, height: 2, ..text }.intersection(inner);
    for (line, sentence) in (0..).zip(wrapped(&words, usize::from(text.width), 2)) {
        Row::new(below, line, buffer).put(&sentence, style);
    }
    cursor
}

/// `“Cancel the ticket” needs a supervisor.`
fn wish(app: &App, prompt: &PinPrompt) -> String {
    let rows = [Mode::Door, prompt.mode_beneath()].map(|mode| app.keymap.bindings(mode)).concat();
    let words = rows.into_iter().find(|row| row.run == prompt.action).map(|row| row.desc);
    match words {
        Some(words) => format!("“{words}” needs {}.", prompt.needs.words()),
        None => format!("This needs {}.", prompt.needs.words()),
    }
}

fn draw_field(prompt: &PinPrompt, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Position {
    let mut row = Row::new(area, 0, buffer);
    row.fill(theme.field).put(PROMPT, theme.accent);
    let start = usize::from(area.width) - row.columns();
    row.repeat(DOT, prompt.field.value().chars().count(), theme.strong);
    let column = start + prompt.field.cursor();
    let column = u16::try_from(column).unwrap_or(u16::MAX).min(area.width.saturating_sub(1));
    Position::new(area.x.saturating_add(column), area.y)
}

/// What is the matter, in one sentence.
fn state(app: &App, prompt: &PinPrompt, theme: &Theme, now: Timestamp) -> (String, Style) {
    let alarm = theme.ink(Tone::Attention);
    if app.access.pin().is_none() {
        return ("No PIN is set on this console: `doorlist pin` makes one.".to_owned(), alarm);
    }
    if let Some(left) = app.access.locked_for(now) {
        return (format!("Too many wrong PINs. Wait {} s.", left.as_secs().max(1)), alarm);
    }
    match prompt.stage {
        PinStage::Typing => {
            let minutes = app.access.lends_for().as_secs().div_ceil(60);
            (format!("The PIN lends a supervisor's rights for {minutes} min."), theme.dim)
        }
        PinStage::Checking { .. } => ("Checking …".to_owned(), theme.dim),
        PinStage::Wrong => (format!("That is not the PIN. Tries left: {}.", app.access.tries_left()), alarm),
    }
}
