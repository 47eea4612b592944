//! The service's events.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::picker::{self, Words};
use super::theme::Theme;
use crate::console::app::App;
use crate::console::popup::{EventPicker, EventStage};

/// Draws the pop-up, and gives the place of the cursor.
pub(super) fn draw(app: &App, events: &EventPicker, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Position {
    let trouble;
    let (nothing, notice) = match &events.stage {
        EventStage::Asking { .. } => ("Asking the service …", None),
        EventStage::Listed if events.filter().is_blank() => ("The service has no event to come.", None),
        EventStage::Listed => ("No event of that name.", None),
        EventStage::Failed(cause) => {
            trouble = cause.to_string();
            (trouble.as_str(), Some(trouble.as_str()))
        }
    };
    let notice = events.notice.or(notice.filter(|_| !events.picker.choices().is_empty()));
    let words = Words { title: "Which event?", invitation: "name, day or venue", nothing, notice };
    picker::draw(&events.picker, &words, app, theme, area, buffer)
}
