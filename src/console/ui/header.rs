//! The header: which event, how the service does, how many are in.

use jiff::Timestamp;
use jiff::civil::DateTime;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text::{Row, count, width};
use super::theme::{Theme, Tone};
use crate::console::app::{App, Connection, Health, Loading};
use crate::console::arrivals::RATE_MINUTES;
use crate::console::time::{age, clock_time};
use crate::domain::EventSummary;
use crate::index::Tally;

/// Columns of the gauge over all tiers, and of one tier's.
const GAUGE: usize = 20;
const TIER_GAUGE: usize = 8;
/// Longest name of a tier before it is cut.
const TIER_NAME: usize = 18;
/// From this many columns on the age of the tickets is named.
const ROOMY: usize = 90;
/// Columns of the counts and the gauge, without which nobody needs the console's name.
const COUNTS: usize = 32;
/// Before what enters at this door.
const DOOR: &str = " · door: ";
/// Least columns that are left to the event's name.
const EVENT_NAME: usize = 16;

/// Draws the header on two lines, or on three with the tiers.
pub(super) fn draw(app: &App, theme: &Theme, now: Timestamp, area: Rect, buffer: &mut Buffer) {
    buffer.set_style(area, theme.bar);
    event_line(app, theme, now, &mut inset(area, 0, buffer));
    count_line(app, theme, now, &mut inset(area, 1, buffer));
    tier_line(app, now, theme, &mut inset(area, 2, buffer));
}

/// A line with one column of air at either end.
fn inset(area: Rect, line: u16, buffer: &mut Buffer) -> Row<'_> {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    Row::new(area, line, buffer)
}

fn event_line(app: &App, theme: &Theme, now: Timestamp, row: &mut Row<'_>) {
    let local = now.to_zoned(app.session.zone.clone()).datetime();
    row.put_right(&local.strftime("%H:%M:%S").to_string(), theme.strong);
    row.skip_right(1);
    connection(&app.session.connection, now, theme, row);
    let Some(event) = app.session.event.as_deref().map(|event| &event.summary) else {
        row.put("doorlist", theme.accent);
        return;
    };
    let window = format!(" · {}", entry_window(event, local));
    let gate = gate_columns(app, row.columns().saturating_sub(width(&event.name).min(EVENT_NAME)));
    // Beside a gate the name stays whole before the times do.
    let least = if gate > 0 { width(&event.name) } else { EVENT_NAME };
    let kept = if row.columns() >= least + gate + width(&window) { width(&window) } else { 0 };
    let mut name = row.take((row.columns() - kept - gate).min(width(&event.name)));
    name.put(&event.name, theme.strong);
    row.take(gate).put(DOOR, theme.dim).put(&app.gate_words(), theme.accent);
    let venue = format!(" · {}", event.venue);
    if !event.venue.is_empty() && row.columns() >= width(&venue) + kept {
        row.put(&venue, theme.plain());
    }
    row.put_whole(&window, theme.dim);
}

/// Columns of what enters at this door, where that is not everybody: of all beside the event it goes last.
fn gate_columns(app: &App, most: usize) -> usize {
    if app.door.gate.is_open() { 0 } else { most.min(width(DOOR) + width(&app.gate_words())) }
}

/// `ONLINE`, `SLOW`, `OFFLINE` or `CONNECTING`, and how old the tickets are.
fn connection(connection: &Connection, now: Timestamp, theme: &Theme, row: &mut Row<'_>) {
    let (glyph, word, tone) = match connection.health {
        Health::Connecting => ("…", "CONNECTING", Tone::Quiet),
        Health::Online => ("●", "ONLINE", Tone::Good),
        Health::Slow => ("◐", "SLOW", Tone::Attention),
        Health::Offline(_) => ("○", "OFFLINE", Tone::Stop),
        Health::Paused(_) => ("‖", "PAUSED", Tone::Stop),
    };
    if let Some(at) = connection.fresh_at {
        let updated = if row.columns() >= ROOMY { "updated " } else { "" };
        row.put_right(&format!("{updated}{}", age(at, now)), theme.dim);
    }
    row.put_right(&format!("{glyph} {word}"), theme.ink(tone));
    row.skip_right(1);
}

/// `entry 18:00–23:30`, with the day where it is another one, and whether it is the time for it.
fn entry_window(event: &EventSummary, local: DateTime) -> String {
    let (starts, ends) = (event.entry_starts_at, event.entry_ends_at);
    let day = if starts.date() == local.date() { "%H:%M" } else { "%a %-d %b %H:%M" };
    let state = match local {
        early if early < starts => " (not open yet)",
        late if late > ends => " (over)",
        _ => "",
    };
    format!("entry {}–{}{state}", starts.strftime(day), ends.strftime("%H:%M"))
}

fn count_line(app: &App, theme: &Theme, now: Timestamp, row: &mut Row<'_>) {
    left_to_do(app, theme, now, row);
    let here = here(app);
    if row.columns() >= width(&here) + COUNTS {
        row.put_right(&here, theme.dim);
        row.skip_right(1);
    }
    if let Some(left) = app.access.raised_for(now)
        && row.columns() >= COUNTS
    {
        row.put_right(&format!("SUPERVISOR {} min", left.as_secs() / 60 + 1), theme.ink(Tone::Attention));
    }
    let tally = app.index.counts().overall();
    row.put("IN ", theme.dim).put(&count(tally.redeemed), theme.strong);
    row.put(&format!(" of {}", count(tally.total())), theme.plain());
    row.put(&format!("  {:>3} % ", percent(tally)), theme.dim);
    if row.columns() >= GAUGE {
        gauge(tally, GAUGE, theme, row);
    }
    let rate = format!("  {} a minute", figure(app.arrivals.per_minute(now)));
    let window = format!("{rate} (last {RATE_MINUTES} min)");
    // Another rate stands on the dashboard: the window says which is which, where there is room for it.
    let words = if width(&window) <= row.columns() { window } else { rate };
    row.put_whole(&words, theme.dim);
}

/// What waits for the service, and what waits for a person.
fn left_to_do(app: &App, theme: &Theme, now: Timestamp, row: &mut Row<'_>) {
    let conflicts = app.outbox.conflict_count();
    if conflicts > 0 {
        let plural = if conflicts == 1 { "" } else { "s" };
        row.put_right(&format!("! {} conflict{plural}", count(conflicts)), theme.ink(Tone::Attention));
        row.skip_right(2);
    }
    if let Some(oldest) = app.outbox.unsent().next() {
        let unsent = count(app.outbox.unsent_count());
        let since = age(oldest.taken_at, now);
        row.put_right(&format!("↑ {unsent} unsent, {since}"), theme.ink(Tone::Attention));
        row.skip_right(2);
    }
}

/// Whose console this is, and which.
fn here(app: &App) -> String {
    match app.session.operator.name.as_str() {
        "" => app.session.device.to_string(),
        operator => format!("{operator} · {}", app.session.device),
    }
}

fn tier_line(app: &App, now: Timestamp, theme: &Theme, row: &mut Row<'_>) {
    if row.columns() == 0 {
        return;
    }
    load_progress(app, now, theme, row);
    let tiers = app.index.counts().by_admission();
    for (shown, tier) in tiers.iter().enumerate() {
        let figures = format!(" {}/{} ", count(tier.tally.redeemed), count(tier.tally.total()));
        let columns = width(&tier.admission.name).min(TIER_NAME) + width(&figures) + TIER_GAUGE + 3;
        let rest = tiers.len() - shown;
        let more = if rest > 1 { 9 } else { 0 };
        if row.columns() < columns + more {
            row.put_whole(&format!("+{rest} tiers"), theme.dim);
            return;
        }
        let mut cell = row.take(columns);
        let name = width(&tier.admission.name).min(TIER_NAME);
        cell.take(name).put(&tier.admission.name, theme.dim);
        cell.put(&figures, theme.plain());
        gauge(tier.tally, TIER_GAUGE, theme, &mut cell);
    }
}

fn load_progress(app: &App, now: Timestamp, theme: &Theme, row: &mut Row<'_>) {
    match &app.session.loading {
        Loading::Idle | Loading::Complete => {}
        Loading::Running { loaded, expected: None } => {
            row.put_right(&format!("loading, {} so far", count(*loaded)), theme.accent);
        }
        Loading::Running { loaded, expected: Some(expected) } => {
            row.put_right(&format!("loading {} of {}", count(*loaded), count(*expected)), theme.accent);
        }
        Loading::Failed(_) => {
            let words = match app.session.whole_at {
                Some(at) => format!("! LIST OF {}", clock_time(at, &app.session.zone, now)),
                None => "! LIST NOT COMPLETE".to_owned(),
            };
            row.put_right(&words, theme.ink(Tone::Attention));
        }
    }
}

/// Thick for those who are in, thin for those to come: it reads without colours too.
pub(super) fn gauge(tally: Tally, columns: usize, theme: &Theme, row: &mut Row<'_>) {
    let full = match tally.total() {
        0 => 0,
        total => (tally.redeemed * columns).div_ceil(total),
    };
    // Only a full house fills the gauge.
    let full = if tally.active > 0 { full.min(columns.saturating_sub(1)) } else { full };
    row.repeat("━", full, theme.ink(Tone::Good)).repeat("─", columns - full, theme.rule);
}

/// A number of guests a minute, with one decimal as long as that says something.
pub(super) fn figure(pace: f64) -> String {
    let decimals = usize::from(pace > 0.0 && pace < 10.0);
    format!("{pace:.decimals$}")
}

/// The share of those who are in; only everyone is a hundred.
pub(super) fn percent(tally: Tally) -> usize {
    (tally.redeemed * 100).checked_div(tally.total()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn event(starts: &str, ends: &str) -> EventSummary {
        EventSummary {
            id: crate::domain::EventId::from_service("evt"),
            name: "Harbour Lights".into(),
            venue: "Pier 2".into(),
            time_zone: "Australia/Melbourne".into(),
            entry_starts_at: starts.parse().unwrap(),
            entry_ends_at: ends.parse().unwrap(),
        }
    }

    #[rstest]
    #[case("2026-03-03T18:00:00", "2026-03-03T23:30:00", "entry 18:00–23:30")]
    #[case("2026-03-03T21:00:00", "2026-03-04T02:00:00", "entry 21:00–02:00 (not open yet)")]
    #[case("2026-03-02T18:00:00", "2026-03-03T02:00:00", "entry Mon 2 Mar 18:00–02:00 (over)")]
    #[case("2026-03-08T18:00:00", "2026-03-08T22:00:00", "entry Sun 8 Mar 18:00–22:00 (not open yet)")]
    fn the_entry_window_names_its_day_and_state(#[case] starts: &str, #[case] ends: &str, #[case] expected: &str) {
        let local = "2026-03-03T20:14:00".parse().unwrap();
        assert_eq!(entry_window(&event(starts, ends), local), expected);
    }

    #[rstest]
    #[case(0, 0, 0)]
    #[case(1, 1_000, 0)]
    #[case(1_000, 1, 99)]
    #[case(5, 0, 100)]
    fn a_hundred_percent_means_everyone(#[case] redeemed: usize, #[case] active: usize, #[case] expected: usize) {
        assert_eq!(percent(Tally { active, redeemed, cancelled: 7 }), expected);
    }
}
