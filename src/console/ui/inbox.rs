//! The outbox and its conflicts: what waits, both sides of it, and the reasons to put it to rest.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::dialog::Dialog;
use super::field;
use super::rows::{self, Inks};
use super::standing::Standing;
use super::text::{Row, count, width};
use super::theme::{Theme, Tone};
use crate::console::app::App;
use crate::console::popup::{Inbox, Settling};
use crate::console::time::{age, clock_time};
use crate::domain::{Entry, EntryState, Refusal, Scan, ScanRefusal, SettleReason, Why};

/// Columns that the pop-up wants.
const COLUMNS: u16 = 92;
/// Most rows of the list; further ones come with the selection.
const MOST_ROWS: usize = 12;
/// Lines below the list: a rule's place, both sides, and why.
const BELOW: u16 = 6;
/// Columns of a state and of a time in a row.
const STATE: usize = 12;
const CLOCK: usize = 12;
/// Columns of the words before a side.
const SIDE: usize = 9;

/// Draws the pop-up, and gives the place of the cursor where a note is written.
pub(super) fn draw(
    app: &App,
    inbox: &Inbox,
    theme: &Theme,
    now: Timestamp,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let entries = app.inbox_rows();
    let at = entries.iter().position(|entry| Some(entry.id) == inbox.selected).unwrap_or(0);
    let wanted = u16::try_from(entries.len().clamp(1, MOST_ROWS)).unwrap_or(1).saturating_add(BELOW);
    let (conflicts, unsent) = (app.outbox.conflict_count(), app.outbox.unsent_count());
    let note = format!("{} to settle, {} unsent", count(conflicts), count(unsent));
    let dialog = Dialog { title: "Outbox and conflicts", note: &note, columns: COLUMNS, rows: wanted };
    let inner = dialog.draw(app, theme, area, buffer);
    let (list, below) = rows::split(inner, 0, BELOW);
    let Some(selected) = entries.get(at) else {
        Row::new(inner, 0, buffer).skip(2).put("Everything is sent, and nothing waits for a person.", theme.dim);
        return None;
    };
    let pane = Pane { app, theme, now };
    pane.rows(&entries, at, list, buffer);
    if let Some(settling) = &inbox.settling {
        return Some(pane.reasons(settling, below, buffer));
    }
    pane.sides(selected, below, buffer);
    None
}

struct Pane<'a> {
    app: &'a App,
    theme: &'a Theme,
    now: Timestamp,
}

impl Pane<'_> {
    fn rows(&self, entries: &[&Entry], selected: usize, area: Rect, buffer: &mut Buffer) {
        let first = rows::first(selected, area);
        let shown = entries.iter().skip(first).take(area.height.into());
        let names = shown.map(|entry| width(&self.guest(entry))).max().unwrap_or(0);
        for (line, (at, entry)) in (0..area.height).zip(entries.iter().enumerate().skip(first)) {
            let mut row = Row::new(area, line, buffer);
            self.row(entry, names, at == selected, &mut row);
        }
    }

    fn row(&self, entry: &Entry, names: usize, is_selected: bool, row: &mut Row<'_>) {
        let standing = standing(entry);
        let Inks { plain, dim, ink } = rows::begin(row, is_selected, standing.tone, self.theme);
        row.take(STATE).put(&format!("{} {}", standing.glyph, standing.word), ink);
        row.skip(1);
        row.take(CLOCK).put(&clock_time(entry.taken_at, &self.app.session.zone, self.now), plain);
        row.skip(1);
        let half = row.columns() / 2;
        row.take(names.min(half)).put(&self.guest(entry), plain);
        row.put(&format!("  {}", in_brief(entry)), dim);
    }

    fn guest(&self, entry: &Entry) -> String {
        let ticket = self.app.index.get(&entry.ticket);
        ticket.map_or_else(|| entry.ticket.to_string(), |ticket| ticket.attendee.full_name())
    }

    /// Our scan, and what the service has against it.
    fn sides(&self, entry: &Entry, area: Rect, buffer: &mut Buffer) {
        let here = ("Here", ours(entry, &self.app.session.zone, self.now), self.theme.plain());
        for (line, (word, text, style)) in (1..).zip(std::iter::once(here).chain(self.there(entry))) {
            let mut row = Row::new(area, line, buffer);
            row.skip(2).take(SIDE).put(word, self.theme.dim);
            row.put(&text, style);
        }
    }

    fn there(&self, entry: &Entry) -> Vec<(&'static str, String, Style)> {
        let plain = self.theme.plain();
        let EntryState::Refused { why, theirs, settled, .. } = &entry.state else {
            return vec![("There", tried(entry), plain)];
        };
        let scan = theirs.as_ref().map(|scan| theirs_in_words(scan, &self.app.session.zone, self.now));
        let mut lines = vec![
            ("There", scan.unwrap_or_else(|| "no scan stands against it".to_owned()), plain),
            ("Why", why_in_words(why), self.theme.ink(Tone::Attention)),
        ];
        lines.extend(settled.as_ref().map(|settled| {
            let note = if settled.note.is_empty() { String::new() } else { format!(" ({})", settled.note) };
            let by = format!("{} · {}", settled.by.name, age(settled.at, self.now));
            ("Settled", format!("{}{note} · {by}", settled.reason), plain)
        }));
        lines
    }

    /// The reasons, the chosen one marked, and a line for a word more.
    fn reasons(&self, settling: &Settling, area: Rect, buffer: &mut Buffer) -> Position {
        for (line, (at, reason)) in (1..).zip(SettleReason::CHOICES.iter().enumerate()) {
            let is_chosen = at == settling.choice;
            let style = if is_chosen { self.theme.strong } else { self.theme.plain() };
            let mark = if is_chosen { "▸ " } else { "  " };
            Row::new(area, line, buffer).skip(2).put(mark, self.theme.accent).put(&reason.to_string(), style);
        }
        let line = 1 + u16::try_from(SettleReason::CHOICES.len()).unwrap_or(0);
        let mut row = Row::new(area, line, buffer);
        let word = if settling.is_whole() { "Note " } else { "Note (needed) " };
        row.fill(self.theme.field).skip(2).put(word, self.theme.dim);
        let before = field::put(&settling.note, self.theme.strong, &mut row);
        let column = u16::try_from(2 + width(word) + before).unwrap_or(u16::MAX);
        Position::new(area.x.saturating_add(column).min(area.right().saturating_sub(1)), area.y.saturating_add(line))
    }
}

fn standing(entry: &Entry) -> Standing {
    if entry.is_closed() { Standing::SETTLED } else { Standing::of_open(entry) }
}

fn tried(entry: &Entry) -> String {
    match entry.attempts.as_ref().map_or(0, |attempts| attempts.count) {
        0 => "not tried yet".to_owned(),
        1 => "tried once".to_owned(),
        more => format!("tried {more} times"),
    }
}

fn in_brief(entry: &Entry) -> String {
    match &entry.state {
        EntryState::Refused { why, .. } => format!("{}: {}", entry.kind, why_in_words(why)),
        _ => entry.kind.to_string(),
    }
}

fn ours(entry: &Entry, zone: &TimeZone, now: Timestamp) -> String {
    let (clock, ago) = (clock_time(entry.taken_at, zone, now), age(entry.taken_at, now));
    let name = entry.operator.name.as_str();
    let by = if name.is_empty() { String::new() } else { format!(" by {name}") };
    format!("{} at {clock} ({ago}){by} on {}", entry.kind, entry.device)
}

fn theirs_in_words(scan: &Scan, zone: &TimeZone, now: Timestamp) -> String {
    let (clock, ago) = (clock_time(scan.scanned_at, zone, now), age(scan.scanned_at, now));
    format!("{} at {clock} ({ago}) by {} on {}", scan.kind, scan.scanned_by.name, scan.device_id)
}

fn why_in_words(why: &Why) -> String {
    match why {
        Why::Rule(ScanRefusal::Rule(Refusal::AlreadyCheckedIn)) => "already in elsewhere".to_owned(),
        Why::Rule(ScanRefusal::Rule(Refusal::NotCheckedIn)) => "not in any more".to_owned(),
        Why::Rule(ScanRefusal::Rule(Refusal::TicketCancelled)) => "cancelled meanwhile".to_owned(),
        Why::Rule(ScanRefusal::Rule(rule)) => rule.to_string(),
        Why::Rule(ScanRefusal::WrongEvent { event }) => format!("wrong event, it is for {event}"),
        Why::Rule(ScanRefusal::WrongDoor { admission }) => format!("wrong door, it is {admission}"),
        Why::Rule(ScanRefusal::UnknownTicket) => "the service knows no such ticket".to_owned(),
        Why::Rule(ScanRefusal::Other { message }) => format!("refused: {message}"),
        Why::Overtaken => "another scan came after the one to take back".to_owned(),
    }
}
