//! The help: every key, from the key table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Block, BorderType, Widget};

use super::text::{Row, clear, width};
use super::theme::Theme;
use crate::console::app::App;
use crate::console::keymap::{Binding, Mode};

/// Widest the pop-up gets.
const WIDEST: u16 = 72;
/// What needs no key of its own.
const TYPING: &str = "Type at any time: name, email, phone, order or ticket.";

/// Draws the pop-up over the middle of the panes, scrolled down by `scroll` lines.
pub(super) fn draw(app: &App, theme: &Theme, scroll: usize, area: Rect, buffer: &mut Buffer) {
    let bindings = app.keymap.bindings(Mode::Door);
    let wanted = u16::try_from(bindings.len()).unwrap_or(u16::MAX).saturating_add(4);
    let (columns, rows) = (WIDEST.min(area.width.saturating_sub(4)), wanted.min(area.height.saturating_sub(2)));
    let place = area.centered(columns.into(), rows.into());
    clear(place, theme.base, buffer);
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(theme.rule);
    let block = block.title(" Keys ").title_style(theme.accent);
    let inner = block.inner(place);
    block.render(place, buffer);

    Row::new(inner, 0, buffer).skip(1).put(TYPING, theme.plain());
    let list = Rect { y: inner.y.saturating_add(2), height: inner.height.saturating_sub(2), ..inner };
    let visible = usize::from(list.height);
    // The number comes from the keys, which do not know how many lines there are.
    let first = scroll.min(bindings.len().saturating_sub(visible));
    let keys = bindings.iter().map(|binding| width(&chords(binding))).max().unwrap_or(0);
    for (line, binding) in (0..list.height).zip(&bindings[first..]) {
        let mut row = Row::new(list, line, buffer);
        row.skip(1).take(keys).put(&chords(binding), theme.accent);
        row.skip(2).put(&binding.desc, theme.plain());
    }
    if bindings.len() > visible {
        let end = (first + visible).min(bindings.len());
        let mut row = Row::new(Rect { y: place.bottom().saturating_sub(1), height: 1, ..place }, 0, buffer);
        row.skip_right(2).put_right(&format!(" {}–{end} of {} ", first + 1, bindings.len()), theme.dim);
    }
}

fn chords(binding: &Binding) -> String {
    binding.on.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}
