//! A list to pick from: the line that narrows it, and its rows.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::dialog::Dialog;
use super::field;
use super::rows::{self, Inks};
use super::text::{Row, count, width};
use super::theme::{Theme, Tone};
use crate::console::app::App;
use crate::console::picker::{Choice, Picker};

/// What stands before the typed text.
const PROMPT: &str = " › ";
/// Lines above the rows: the field, and air.
const HEAD: u16 = 2;
/// Most rows that a list takes; further ones come with the selection.
const MOST_ROWS: usize = 16;
/// Columns that a list wants at least.
const NARROWEST: usize = 44;
/// Columns that a list takes at most.
const WIDEST: usize = 96;

/// The words around a list.
pub(super) struct Words<'a> {
    /// What is picked.
    pub title: &'a str,
    /// What the empty field says.
    pub invitation: &'a str,
    /// What stands in the place of rows where none fits.
    pub nothing: &'a str,
    /// What stands in the way, between the field and the rows.
    pub notice: Option<&'a str>,
}

/// Draws the list as a pop-up, and gives the place of the cursor.
pub(super) fn draw<T: PartialEq>(
    picker: &Picker<T>,
    words: &Words<'_>,
    app: &App,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> Position {
    let sizes = Sizes::of(picker);
    let mut dialog = dialog(picker, &sizes, words.title);
    let visible = usize::from(list(dialog.inside(area)).height).max(1);
    let fitting = picker.fitting().len();
    let note = format!("{} of {}", count(fitting), count(picker.choices().len()));
    if fitting > visible || fitting < picker.choices().len() {
        dialog.note = &note;
    }
    let inner = dialog.draw(app, theme, area, buffer);
    if let Some(notice) = words.notice {
        Row::new(inner, 1, buffer).skip(1).put(notice, theme.ink(Tone::Attention));
    }
    draw_rows(picker, &sizes, words.nothing, theme, list(inner), buffer);
    draw_field(picker, words.invitation, theme, inner, buffer)
}

/// Draws the line that narrows a list, and gives the place of the cursor.
pub(super) fn draw_field<T: PartialEq>(
    picker: &Picker<T>,
    invitation: &str,
    theme: &Theme,
    inner: Rect,
    buffer: &mut Buffer,
) -> Position {
    let mut row = Row::new(inner, 0, buffer);
    row.fill(theme.field).put(PROMPT, theme.accent);
    let before = field::put(&picker.filter, theme.strong, &mut row);
    if picker.filter.value().is_empty() {
        row.put(invitation, theme.dim);
    }
    let column = u16::try_from(width(PROMPT) + before).unwrap_or(u16::MAX);
    Position::new(inner.x.saturating_add(column).min(inner.right().saturating_sub(1)), inner.y)
}

/// The frame around as many rows as there are choices, however few of them fit what is typed.
fn dialog<'a, T: PartialEq>(picker: &Picker<T>, sizes: &Sizes, title: &'a str) -> Dialog<'a> {
    let rows = picker.choices().len().clamp(1, MOST_ROWS);
    Dialog {
        title,
        note: "",
        columns: u16::try_from(sizes.columns().clamp(NARROWEST, WIDEST)).unwrap_or(u16::MAX),
        rows: u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(HEAD),
    }
}

/// The position among the fitting choices of the row that is drawn at this place.
pub(super) fn row_at<T: PartialEq>(picker: &Picker<T>, area: Rect, place: Position) -> Option<usize> {
    let list = list(dialog(picker, &Sizes::of(picker), "").inside(area));
    let row = first(picker, list) + usize::from(place.y.checked_sub(list.y)?);
    (list.contains(place) && row < picker.fitting().len()).then_some(row)
}

/// The first row that is shown.
pub(super) fn first<T: PartialEq>(picker: &Picker<T>, list: Rect) -> usize {
    rows::first(picker.position(), list)
}

fn draw_rows<T: PartialEq>(
    picker: &Picker<T>,
    sizes: &Sizes,
    nothing: &str,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    if picker.fitting().len() == 0 {
        Row::new(area, 0, buffer).skip(2).put(nothing, theme.dim);
    }
    for (line, (at, choice)) in (0..area.height).zip(picker.fitting().enumerate().skip(first(picker, area))) {
        let mut row = Row::new(area, line, buffer);
        draw_row(choice, sizes, at == picker.position(), theme, &mut row);
    }
}

fn draw_row<T>(choice: &Choice<T>, sizes: &Sizes, is_selected: bool, theme: &Theme, row: &mut Row<'_>) {
    let Inks { plain: main, dim, .. } = rows::begin(row, is_selected, Tone::Quiet, theme);
    if let Some(marked) = choice.marked {
        row.put(if marked { "[x] " } else { "[ ] " }, main);
    }
    // In a narrow list the dim part keeps up to a half: a day or a key says more than the end of a long name.
    let columns = row.columns();
    let kept = sizes.dim.min(columns / 2);
    row.take(sizes.main.min(columns.saturating_sub(2 + kept))).put(&choice.main, main);
    row.skip(2).put(&choice.dim, dim);
}

fn list(inner: Rect) -> Rect {
    Rect { y: inner.y.saturating_add(HEAD), height: inner.height.saturating_sub(HEAD), ..inner }
}

/// Columns of the widest texts, so that what is typed moves nothing sideways.
struct Sizes {
    mark: usize,
    main: usize,
    dim: usize,
}

impl Sizes {
    fn of<T: PartialEq>(picker: &Picker<T>) -> Self {
        let choices = picker.choices();
        let widest = |text: fn(&Choice<T>) -> &str| choices.iter().map(|choice| width(text(choice))).max().unwrap_or(0);
        let is_marked = choices.iter().any(|choice| choice.marked.is_some());
        let dim = widest(|choice| &choice.dim);
        // A long main part leaves the dim one half of the widest list.
        let most = if dim == 0 { WIDEST } else { WIDEST - dim.min(WIDEST / 2) };
        Self { mark: if is_marked { 4 } else { 0 }, main: widest(|choice| &choice.main).min(most), dim }
    }

    const fn columns(&self) -> usize {
        2 + self.mark + self.main + 2 + self.dim + 1
    }
}
