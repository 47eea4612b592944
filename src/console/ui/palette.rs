//! The command palette: every act of the door beside its keys.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::picker::{self, Words};
use super::theme::Theme;
use crate::console::app::App;
use crate::console::popup::Palette;

const WORDS: Words<'_> =
    Words { title: "Commands", invitation: "what do you want to do?", nothing: "No command says that.", notice: None };

/// Draws the pop-up, and gives the place of the cursor.
pub(super) fn draw(app: &App, palette: &Palette, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Position {
    picker::draw(&palette.picker, &WORDS, app, theme, area, buffer)
}
