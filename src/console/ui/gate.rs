//! Choosing what enters at this door.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::picker::{self, Words};
use super::theme::Theme;
use crate::console::app::App;
use crate::console::popup::GatePicker;

const WORDS: Words<'_> = Words {
    title: "This door admits",
    invitation: "none marked: all enter",
    nothing: "No tier or section is called that.",
    notice: None,
};

/// Draws the pop-up, and gives the place of the cursor.
pub(super) fn draw(app: &App, gate: &GatePicker, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Position {
    picker::draw(&gate.picker, &WORDS, app, theme, area, buffer)
}
