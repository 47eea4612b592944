//! The last result in large words, and what the next key does.

mod letters;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::standing::Standing;
use super::text::{Row, wrapped};
use super::theme::{Theme, Tone};
use crate::console::action::Action;
use crate::console::app::{App, Health, Loading, StoreState};
use crate::console::banner::{Banner, Verdict};
use crate::console::keymap::Mode;
use crate::console::time::age;
use crate::domain::{Ticket, TicketStatus};

/// From this height on the words stand in letters of three lines.
const LARGE: u16 = 5;

/// Draws the result of the last scan as a block, as long as its guest is the selected one.
///
/// Once another guest is selected it steps back to one line: the colour of the last guest must not
/// stand over the next one. Only a question keeps its colour and all its words until it is over.
pub(super) fn draw(app: &App, theme: &Theme, now: Timestamp, area: Rect, buffer: &mut Buffer) {
    match &app.banner {
        Some(banner) if app.search.selected.as_ref() == Some(&banner.ticket) => block(banner, theme, now, area, buffer),
        Some(banner) => {
            let line = (area.height - 1) / 2;
            next(app, theme, &mut inset(area, line, buffer));
            if app.asks_undo() {
                return question(banner, theme, area, line + 1, buffer);
            }
            last(banner, theme, now, &mut inset(area, line + 1, buffer));
            trouble(app, theme, area, line + 2, buffer);
        }
        None => {
            let line = (area.height - 1) / 2;
            next(app, theme, &mut inset(area, line, buffer));
            trouble(app, theme, area, line + 1, buffer);
        }
    }
}

fn inset(area: Rect, line: u16, buffer: &mut Buffer) -> Row<'_> {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    Row::new(area, line, buffer)
}

fn block(banner: &Banner, theme: &Theme, now: Timestamp, area: Rect, buffer: &mut Buffer) {
    let standing = Standing::of_verdict(banner.verdict);
    let style = theme.block(standing.tone);
    for line in 0..area.height {
        Row::new(area, line, buffer).fill(style);
    }
    let words = format!("{} {}", standing.glyph, standing.word);
    let since = if banner.verdict == Verdict::Sending { String::new() } else { age(banner.at, now) };
    let name = if banner.name.is_empty() { "(no name)" } else { &banner.name };
    let mut columns = 0;
    if area.height >= LARGE {
        columns = letters::draw(standing.word, style, Rect { x: area.x + 2, y: area.y + 1, ..area }, buffer);
    }
    let side = if columns == 0 { 1 } else { columns + 5 };
    let text = Rect { x: area.x + side, width: area.width.saturating_sub(side + 1), ..area };
    let top = (area.height.saturating_sub(2)) / 2;
    let mut row = Row::new(text, top, buffer);
    row.put_right(&since, style).put(&words, style).skip(3).put(name, style);
    let lines = if area.height >= LARGE { 2 } else { 1 };
    for (line, sentence) in (top + 1..).zip(wrapped(&banner.detail, usize::from(text.width), lines)) {
        Row::new(text, line, buffer).put(&sentence, style);
    }
}

/// What the next key takes back, whoever is selected; nothing else may push it aside.
fn question(banner: &Banner, theme: &Theme, area: Rect, line: u16, buffer: &mut Buffer) {
    let style = theme.block(Tone::Attention);
    let (columns, lines) = (usize::from(area.width.saturating_sub(4)), usize::from(area.height.saturating_sub(line)));
    for (at, text) in (line..).zip(wrapped(&banner.detail, columns, lines)) {
        Row::new(area, at, buffer).fill(style);
        inset(area, at, buffer).put(if at == line { "? " } else { "  " }, style).put(&text, style);
    }
}

/// The result of a guest who is not the selected one any more.
fn last(banner: &Banner, theme: &Theme, now: Timestamp, row: &mut Row<'_>) {
    let standing = Standing::of_verdict(banner.verdict);
    row.put_right(&age(banner.at, now), theme.dim);
    row.put("last: ", theme.dim).put(standing.glyph, theme.ink(standing.tone)).put(" ", theme.dim);
    row.put(standing.word, theme.ink(standing.tone)).skip(2);
    if !banner.name.is_empty() {
        row.put(&banner.name, theme.plain()).skip(2);
    }
    row.put(&banner.detail, theme.dim);
}

/// What stands in the way, from `line` on: of keeping scans, of what was kept, or of reaching the service.
fn trouble(app: &App, theme: &Theme, area: Rect, line: u16, buffer: &mut Buffer) {
    let lines = usize::from(area.height.saturating_sub(line)).max(1);
    let Some(words) = words_of_trouble(app, lines > 1) else { return };
    let columns = usize::from(area.width.saturating_sub(4));
    let lines = wrapped(&words, columns, lines);
    for (line, (at, text)) in (line..).zip(lines.iter().enumerate()) {
        let mut row = inset(area, line, buffer);
        row.put(if at == 0 { "! " } else { "  " }, theme.ink(Tone::Attention)).put(text, theme.plain());
    }
}

/// On one line what a person has to do comes before what happens meanwhile.
fn words_of_trouble(app: &App, has_room: bool) -> Option<String> {
    if let StoreState::Failed(why) = &app.session.store {
        return Some(why.to_string());
    }
    if let Some(finding) = app.session.findings.first() {
        return Some(finding.to_string());
    }
    match (&app.session.connection.health, &app.session.loading) {
        // An empty list says itself why it is empty.
        (_, Loading::Failed(_)) if app.index.is_empty() => None,
        (Health::Paused(trouble), _) => {
            let key = key(app, Action::Reload);
            Some(if has_room {
                format!("{trouble} {} Scans are kept until then; {key} tries again.", trouble.advice())
            } else {
                format!("{} {key} tries again.", trouble.in_brief())
            })
        }
        (Health::Offline(trouble), _) | (_, Loading::Failed(trouble)) => {
            Some(format!("{trouble} {}", trouble.advice()))
        }
        _ => None,
    }
}

/// The next key, in words.
fn next(app: &App, theme: &Theme, row: &mut Row<'_>) {
    let Some(ticket) = app.selected_ticket() else { return whom_to_find(app, theme, row) };
    let is_still_at_hand = app.banner.as_ref().is_some_and(|banner| banner.verdict.keeps_at_hand());
    if app.search.done && !is_still_at_hand {
        row.put("Ready for the next guest: ", theme.strong).put("type a name.", theme.plain());
        return;
    }
    let full_name = ticket.attendee.full_name();
    let name = if full_name.is_empty() { "the guest without a name" } else { &full_name };
    match advice(ticket) {
        Some((Action::CheckIn, _)) if !app.enters_here(ticket) => {
            row.put(name, theme.strong).put(" enters at another door; ", theme.plain());
            row.put(&key(app, Action::OverrideGate), theme.accent).put(" overrides.", theme.plain());
        }
        Some((action, words)) => {
            row.put(&key(app, action), theme.accent).put(words, theme.plain()).put(name, theme.strong);
        }
        None => {
            row.put(name, theme.strong).put(" cannot enter: the ticket is cancelled.", theme.plain());
        }
    }
}

/// How somebody comes to be selected.
fn whom_to_find(app: &App, theme: &Theme, row: &mut Row<'_>) {
    let has_typed = !app.search.input.value().trim().is_empty();
    let down = key(app, Action::SelectNext);
    match (app.search.lacks_guest, app.search.hits.is_empty()) {
        (true, true) if has_typed => _ = row.put(nobody_found(app), theme.ink(Tone::Attention)),
        (true, true) => _ = row.put("Type a name first.", theme.ink(Tone::Attention)),
        (true, false) => _ = row.put("Select a guest first: ", theme.ink(Tone::Attention)).put(&down, theme.accent),
        (false, true) if has_typed => _ = row.put(nobody_found(app), theme.plain()),
        (false, false) if has_typed => _ = row.put(&down, theme.accent).put(" selects a guest.", theme.plain()),
        (false, _) => {
            row.put("Type a name.", theme.plain());
            if !app.door.gate.is_open() {
                row.skip(2).put("This door is for ", theme.dim).put(&app.gate_words(), theme.strong);
            }
        }
    }
}

/// As long as guests are still coming the typed name may be right.
const fn nobody_found(app: &App) -> &'static str {
    match &app.session.loading {
        Loading::Idle | Loading::Running { .. } => "Nobody is found yet: the list is still coming.",
        Loading::Failed(_) if app.session.whole_at.is_none() => "Nobody is found, and the list is not complete.",
        Loading::Complete | Loading::Failed(_) => "Nobody is found: type it another way.",
    }
}

fn advice(ticket: &Ticket) -> Option<(Action, &'static str)> {
    match ticket.status {
        TicketStatus::Active => Some((Action::CheckIn, " checks in ")),
        TicketStatus::Redeemed => Some((Action::CheckOut, " checks out ")),
        TicketStatus::Cancelled => None,
    }
}

/// The key of an action as the table has it.
fn key(app: &App, action: Action) -> String {
    let bindings = app.keymap.bindings(Mode::Door).iter();
    let chord = bindings.filter(|binding| binding.run == action).find_map(|binding| binding.on.first());
    chord.map_or_else(|| "(no key)".to_owned(), ToString::to_string)
}
