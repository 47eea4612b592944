//! What was done and refused at this console: a row a deed, and all of the selected one below.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::dialog::Dialog;
use super::picker;
use super::rows::{self, Inks};
use super::standing::Standing;
use super::text::{Row, width, wrapped};
use super::theme::{Theme, Tone};
use crate::console::activity::{Deed, MOST_DEEDS};
use crate::console::app::App;
use crate::console::banner::Verdict;
use crate::console::popup::ActivityList;
use crate::console::time::{age, clock_time};
use crate::domain::AuditAct;

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
/// Columns that an outcome has at least where there is room: what is typed then moves nothing sideways.
const OUTCOME: usize = 18;
/// Columns of an act, and of a list from which on it has room for them.
const ACT: usize = 10;
const WITH_ACT: u16 = 90;
/// Least columns of the words of a row: fewer say nothing, and the name takes their place.
const LEAST_OF_WORDS: usize = 12;
/// Columns before the words below.
const INDENT: usize = 2;
/// Between what is told of a deed.
const SEPARATOR: &str = " · ";
/// Least columns of an id that say something.
const LEAST_OF_ID: usize = 7;

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
    rows::split(inner, HEAD, if inner.height >= TALL { BELOW } else { SHORT_BELOW })
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
        let has_act = area.width >= WITH_ACT;
        let sizes = Sizes {
            clock: widest(&|deed| self.clock(deed)),
            outcome: widest(&|deed| outcome(deed).in_words()).max(if has_act { OUTCOME } else { 0 }),
            name: widest(&|deed| self.app.name_in(deed)),
            has_act,
        };
        for (line, (at, deed)) in (0..area.height).zip(deeds) {
            self.row(deed, &sizes, at == list.picker.position(), &mut Row::new(area, line, buffer));
        }
    }

    fn clock(&self, deed: &Deed) -> String {
        clock_time(deed.at, &self.app.session.zone, self.now)
    }

    fn row(&self, deed: &Deed, sizes: &Sizes, is_selected: bool, row: &mut Row<'_>) {
        let outcome = outcome(deed);
        let Inks { plain, dim, ink } = rows::begin(row, is_selected, outcome.tone, self.theme);
        row.take(sizes.clock).put(&self.clock(deed), plain);
        row.skip(2).take(sizes.outcome).put(&outcome.in_words(), ink);
        row.skip(2);
        if sizes.has_act {
            row.take(ACT).put(&deed.act.to_string(), dim);
            row.skip(1);
        }
        // A long name leaves the words a third.
        let columns = sizes.name.min(row.columns() * 2 / 3);
        if row.columns() < columns + 2 + LEAST_OF_WORDS {
            row.put(&self.app.name_in(deed), plain);
            return;
        }
        row.take(columns).put(&self.app.name_in(deed), plain);
        row.skip(2);
        if !sizes.has_act && !outcome.says_act {
            row.put(&format!("{}: ", deed.act), dim);
        }
        row.put(&deed.words, dim);
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
            let mut row = Row::new(area, line, buffer);
            row.skip(INDENT).skip_right(INDENT).put(&self.who(deed), self.theme.dim);
            self.target(deed, &mut row);
            line += 1;
        }
        let columns = usize::from(area.width).saturating_sub(2 * INDENT);
        let lines = usize::from(area.height.saturating_sub(line));
        // Where there is no line for who did it, what was done has no other place either.
        let words = if first > 0 { deed.words.to_string() } else { format!("{}: {}", deed.act, deed.words) };
        for (line, text) in (line..).zip(wrapped(&words, columns, lines)) {
            Row::new(area, line, buffer).skip(INDENT).put(&text, self.theme.plain());
        }
    }

    fn who(&self, deed: &Deed) -> String {
        let mut words = vec![format!("{} at {} ({})", deed.act, self.clock(deed), age(deed.at, self.now))];
        words.extend((!deed.by.is_empty()).then(|| format!("by {}", deed.by)));
        words.extend(deed.role.map(|role| format!("as {}", role.words())));
        words.join(SEPARATOR)
    }

    /// What it was done to; where not all of the id fits, the end, which tells it from others.
    fn target(&self, deed: &Deed, row: &mut Row<'_>) {
        let target = deed.target.to_string();
        if !target.is_empty() && row.columns() > width(SEPARATOR) + LEAST_OF_ID {
            row.put(SEPARATOR, self.theme.dim).put_end(&target, self.theme.dim);
        }
    }
}

/// Columns of the rows, as wide as what they hold, so that the rows stand in line.
struct Sizes {
    clock: usize,
    outcome: usize,
    name: usize,
    /// Whether there is room for the acts; else they are named where the outcome does not say them.
    has_act: bool,
}

/// What came of a deed, as its row has it.
struct Outcome {
    glyph: &'static str,
    word: &'static str,
    tone: Tone,
    /// Whether the word tells what was done, too.
    says_act: bool,
}

impl Outcome {
    fn in_words(&self) -> String {
        format!("{} {}", self.glyph, self.word)
    }
}

/// The banner's word; of an act that has none there, its own.
fn outcome(deed: &Deed) -> Outcome {
    let Some(verdict) = deed.verdict else {
        let word = match deed.act {
            AuditAct::Settle => "SETTLED",
            AuditAct::Pin => "PIN",
            _ => "DONE",
        };
        return Outcome { glyph: "✓", word, tone: Tone::Quiet, says_act: word != "DONE" };
    };
    let Standing { glyph, word, tone } = Standing::of_verdict(verdict);
    let is_open = matches!(verdict, Verdict::Sending | Verdict::BeingVerified | Verdict::NotDone);
    let is_refused = matches!(verdict, Verdict::Cancelled | Verdict::Refused);
    Outcome { glyph, word, tone, says_act: !is_open && !is_refused }
}
