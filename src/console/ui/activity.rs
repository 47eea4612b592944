//! What was done and refused at this console: a row a deed, and all of the selected one below.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::dialog::Dialog;
use super::picker;
use super::standing::Standing;
use super::text::{Row, width, wrapped};
use super::theme::{Theme, Tone};
use crate::console::activity::{Deed, MOST_DEEDS};
use crate::console::app::App;
use crate::console::popup::ActivityList;
use crate::console::time::{age, clock_time};

const TITLE: &str = "Door activity";
/// Columns that the pop-up wants.
const COLUMNS: u16 = 108;
/// Rows that the list has room for, however few there are: the frame does not grow with every act.
const LEAST_ROWS: usize = 8;
/// Most rows of the list; further ones come with the selection.
const MOST_ROWS: usize = 16;
/// Lines above the rows: the field, and air.
const HEAD: u16 = 2;
/// Lines below the rows: air, when and who, and two of words.
const BELOW: u16 = 4;
/// The same where lines are few: one of words.
const SHORT_BELOW: u16 = 1;
/// From this many lines on there is room for all that is below.
const TALL: u16 = 12;
/// Columns of a verdict with its glyph, and of an act.
const VERDICT: usize = 19;
const ACT: usize = 10;
/// Columns before the words below.
const INDENT: usize = 2;

/// Draws the pop-up, and gives the place of the cursor.
pub(super) fn draw(
    app: &App,
    list: &ActivityList,
    theme: &Theme,
    now: Timestamp,
    area: Rect,
    buffer: &mut Buffer,
) -> Position {
    let all = list.picker.choices().len();
    let note = match list.picker.fitting().len() {
        fitting if fitting < all => format!("{fitting} of {all}"),
        MOST_DEEDS => format!("the last {MOST_DEEDS}"),
        _ => String::new(),
    };
    let inner = dialog(list, &note).draw(app, theme, area, buffer);
    let (rows, below) = split(inner);
    let pane = Pane { app, theme, now };
    pane.rows(list, rows, buffer);
    pane.below(list, below, buffer);
    picker::draw_field(&list.picker, "name, what was done, or what came of it", theme, inner, buffer)
}

/// The position of the row that is drawn at this place.
pub(super) fn row_at(list: &ActivityList, area: Rect, place: Position) -> Option<usize> {
    let (rows, _) = split(dialog(list, "").inside(area));
    let row = picker::first(&list.picker, rows) + usize::from(place.y.checked_sub(rows.y)?);
    (rows.contains(place) && row < list.picker.fitting().len()).then_some(row)
}

fn dialog<'a>(list: &ActivityList, note: &'a str) -> Dialog<'a> {
    let rows = list.picker.choices().len().clamp(LEAST_ROWS, MOST_ROWS);
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(HEAD + BELOW);
    Dialog { title: TITLE, note, columns: COLUMNS, rows }
}

/// The rows of the list, and what stands below them.
fn split(inner: Rect) -> (Rect, Rect) {
    let below = if inner.height >= TALL { BELOW } else { SHORT_BELOW };
    let rows = inner.height.saturating_sub(HEAD + below);
    let list = Rect { y: inner.y.saturating_add(HEAD), height: rows, ..inner };
    (list, Rect { y: list.bottom(), height: inner.height.saturating_sub(HEAD + rows), ..inner })
}

struct Pane<'a> {
    app: &'a App,
    theme: &'a Theme,
    now: Timestamp,
}

impl Pane<'_> {
    fn rows(&self, list: &ActivityList, area: Rect, buffer: &mut Buffer) {
        if list.picker.fitting().len() == 0 {
            let nothing = if list.picker.choices().is_empty() { "Nothing was done here yet." } else { "Nothing fits." };
            Row::new(area, 0, buffer).skip(INDENT).put(nothing, self.theme.dim);
        }
        let first = picker::first(&list.picker, area);
        let shown = list.picker.fitting().enumerate().skip(first).take(area.height.into());
        let deeds: Vec<_> = shown.filter_map(|(at, row)| Some((at, self.app.activity.deed(row.item)?))).collect();
        let widest =
            |text: &dyn Fn(&Deed) -> String| deeds.iter().map(|(_, deed)| width(&text(deed))).max().unwrap_or(0);
        let sizes = (widest(&|deed| self.clock(deed)), widest(&|deed| self.app.name_in(deed)));
        for (line, (at, deed)) in (0..area.height).zip(deeds) {
            self.row(deed, sizes, at == list.picker.position(), &mut Row::new(area, line, buffer));
        }
    }

    fn clock(&self, deed: &Deed) -> String {
        clock_time(deed.at, &self.app.session.zone, self.now)
    }

    fn row(&self, deed: &Deed, (clock, name): (usize, usize), is_selected: bool, row: &mut Row<'_>) {
        let on = Style { bg: None, ..self.theme.selected };
        let (glyph, word, tone) = outcome(deed);
        let (plain, dim, ink) = if is_selected {
            row.fill(self.theme.selected);
            (on, on, on)
        } else {
            (self.theme.plain(), self.theme.dim, self.theme.ink(tone))
        };
        row.put(if is_selected { "▸" } else { " " }, plain).skip(1).skip_right(1);
        row.take(clock).put(&self.clock(deed), plain);
        row.skip(2).take(VERDICT).put(&format!("{glyph} {word}"), ink);
        row.skip(1).take(ACT).put(&deed.act.to_string(), dim);
        row.skip(1);
        // A long name leaves the words a third.
        let columns = name.min(row.columns() * 2 / 3);
        row.take(columns).put(&self.app.name_in(deed), plain);
        row.skip(2).put(&deed.words, dim);
    }

    /// When, who and in which role, and what was said; or why there is no ticket to show.
    fn below(&self, list: &ActivityList, area: Rect, buffer: &mut Buffer) {
        let selected = list.picker.selected().and_then(|choice| self.app.activity.deed(choice.item));
        let first = u16::from(area.height >= BELOW);
        if let Some(notice) = list.notice {
            Row::new(area, first, buffer).skip(INDENT).put(notice, self.theme.ink(Tone::Attention));
            return;
        }
        let Some(deed) = selected else { return };
        let mut line = first;
        if first > 0 {
            Row::new(area, line, buffer).skip(INDENT).put(&self.who(deed), self.theme.dim);
            line += 1;
        }
        let columns = usize::from(area.width).saturating_sub(2 * INDENT);
        let lines = usize::from(area.height.saturating_sub(line));
        for (line, text) in (line..).zip(wrapped(&deed.words, columns, lines)) {
            Row::new(area, line, buffer).skip(INDENT).put(&text, self.theme.plain());
        }
    }

    fn who(&self, deed: &Deed) -> String {
        let mut words = vec![format!("{} at {} ({})", deed.act, self.clock(deed), age(deed.at, self.now))];
        words.extend((!deed.by.is_empty()).then(|| format!("by {}", deed.by)));
        words.extend(deed.role.map(|role| format!("as {}", role.words())));
        words.extend((!deed.target.as_str().is_empty()).then(|| deed.target.to_string()));
        words.join(" · ")
    }
}

/// What came of it: a glyph, the banner's word and a tone; of an act that has no word in the banner, its own.
fn outcome(deed: &Deed) -> (&'static str, &'static str, Tone) {
    match deed.verdict.map(Standing::of_verdict) {
        Some(Standing { glyph, word, tone }) => (glyph, word, tone),
        None => ("✓", "DONE", Tone::Quiet),
    }
}
