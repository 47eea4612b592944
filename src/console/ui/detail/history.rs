//! What happened to the ticket at the doors, newest first.

use std::iter::Peekable;
use std::slice::Iter;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Shown;
use crate::console::app::Attempt;
use crate::console::time::{age, clock_time};
use crate::console::ui::pane;
use crate::console::ui::standing::Standing;
use crate::console::ui::text::{Row, width};
use crate::domain::{Entry, EntryState, SafeText, Scan};

/// Columns of an age: `12 min ago`.
const AGE: usize = 11;
/// Columns after the time from which on the age has its place too.
const WITH_AGE: usize = 36;
/// Columns of a glyph and the shorter words; a refusal takes what it needs.
const WORD: usize = 6;

/// Draws the title and as many passages as there are lines for.
pub(super) fn draw(shown: &Shown<'_>, area: Rect, buffer: &mut Buffer) {
    let passages = Passages::of(&shown.ticket.scans, shown.app.attempts(&shown.ticket.id));
    // What the service has not answered is newer than anything that it has told.
    let unsent = || shown.app.outbox.of_ticket(&shown.ticket.id).rev().filter(|entry| entry.is_unsent());
    let total = passages.len() + unsent().count();
    let note = if total > 0 { total.to_string() } else { String::new() };
    let inner = pane::titled("Scan history", &note, shown.theme, area, buffer);
    if total == 0 {
        // Whoever was in has been scanned: the roster just did not tell.
        let words = if shown.ticket.is_light() { "Being read …" } else { "No scan yet." };
        Row::new(inner, 0, buffer).put(words, shown.theme.dim);
    }
    let mut line = 0;
    for passage in unsent().map(Passage::Unsent).chain(passages) {
        if line >= inner.height {
            break;
        }
        draw_passage(shown, passage, &mut Row::new(inner, line, buffer));
        line += 1;
        if let Some(reason) = override_reason(shown, passage) {
            let mut row = Row::new(inner, line, buffer);
            row.skip(2).put("despite this door: ", shown.theme.dim).put(reason, shown.theme.plain());
            line += 1;
        }
    }
}

/// Why a person let it happen here against a rule of this door: the service is not told, the outbox is.
fn override_reason<'a>(shown: &Shown<'a>, passage: Passage<'a>) -> Option<&'a SafeText> {
    let entry = match passage {
        Passage::Scan(scan) => {
            let is_it =
                |entry: &&Entry| matches!(&entry.state, EntryState::Accepted { scan: Some(id), .. } if *id == scan.id);
            shown.app.outbox.of_ticket(&shown.ticket.id).find(is_it)?
        }
        Passage::Unsent(entry) => entry,
        Passage::Attempt(_) => return None,
    };
    entry.override_reason.as_ref()
}

fn draw_passage(shown: &Shown<'_>, passage: Passage<'_>, row: &mut Row<'_>) {
    let Shown { app, theme, now, .. } = shown;
    let clock = clock_time(passage.at(), &app.session.zone, *now);
    row.put(&clock, theme.plain()).skip(1);
    if row.columns() >= WITH_AGE {
        row.take(AGE).put(&age(passage.at(), *now), theme.dim);
    }
    let standing = match passage {
        Passage::Scan(scan) => Standing::of_scan(scan.kind),
        Passage::Attempt(attempt) => Standing::of_verdict(attempt.verdict),
        Passage::Unsent(entry) => Standing::of_open(entry),
    };
    let words = format!("{} {}", standing.glyph, standing.word);
    row.take(width(&words).max(WORD)).put(&words, theme.ink(standing.tone));
    row.skip(1);
    match passage {
        Passage::Scan(scan) => who(scan, shown, row),
        Passage::Attempt(attempt) => {
            row.put(&format!("{} tried here", attempt.kind), theme.dim);
        }
        Passage::Unsent(entry) => {
            // A start without the service knows no operator.
            let name = &entry.operator.name;
            let before = if name.is_empty() { "" } else { " · " };
            row.put(name, theme.plain()).put(before, theme.dim).put("here", theme.dim);
        }
    }
}

/// The person and the device share what is left; neither pushes the other out.
fn who(scan: &Scan, shown: &Shown<'_>, row: &mut Row<'_>) {
    let device = scan.device_id.to_string();
    let name = &scan.scanned_by.name;
    let room = row.columns();
    let half = room.saturating_sub(3) / 2;
    let for_device = width(&device).min(half.max(room.saturating_sub(width(name) + 3)));
    row.take(width(name).min(room.saturating_sub(for_device + 3))).put(name, shown.theme.plain());
    row.put(" · ", shown.theme.dim).put(&device, shown.theme.plain());
}

/// A scan that the service took, one of this console that it did not, or one that it has not answered.
#[derive(Clone, Copy)]
enum Passage<'a> {
    Scan(&'a Scan),
    Attempt(&'a Attempt),
    Unsent(&'a Entry),
}

impl Passage<'_> {
    const fn at(&self) -> Timestamp {
        match self {
            Self::Scan(scan) => scan.scanned_at,
            Self::Attempt(attempt) => attempt.at,
            Self::Unsent(entry) => entry.taken_at,
        }
    }
}

/// Both histories by time, newest first; only what is drawn is looked at.
struct Passages<'a> {
    scans: Peekable<std::iter::Rev<Iter<'a, Scan>>>,
    attempts: Peekable<std::iter::Rev<Iter<'a, Attempt>>>,
}

impl<'a> Passages<'a> {
    fn of(scans: &'a [Scan], attempts: &'a [Attempt]) -> Self {
        Self { scans: scans.iter().rev().peekable(), attempts: attempts.iter().rev().peekable() }
    }
}

impl<'a> Iterator for Passages<'a> {
    type Item = Passage<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let attempt_is_newer = match (self.scans.peek(), self.attempts.peek()) {
            (Some(scan), Some(attempt)) => attempt.at >= scan.scanned_at,
            (None, _) => true,
            (Some(_), None) => false,
        };
        if attempt_is_newer { self.attempts.next().map(Passage::Attempt) } else { self.scans.next().map(Passage::Scan) }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.scans.len() + self.attempts.len();
        (left, Some(left))
    }
}

impl ExactSizeIterator for Passages<'_> {}
