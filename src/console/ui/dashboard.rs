//! How the evening goes: arrivals as a chart, the forecast, every tier, and who scanned how many.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::widgets::{RenderDirection, Sparkline, Widget};

use super::dialog::Dialog;
use super::header::{figure, gauge, percent};
use super::pane::titled;
use super::text::{Row, count, width};
use super::theme::{Theme, Tone};
use crate::console::app::App;
use crate::console::arrivals::{Forecast, PACE_MINUTES, Series};
use crate::console::time::clock_time;
use crate::index::AdmissionTally;

/// Columns and lines that the pop-up wants.
const COLUMNS: u16 = 108;
const ROWS: u16 = 22;
/// Least lines of the two lists at the foot; below it the chart gives way first.
const LISTS: u16 = 4;
/// Lines of the forecast, and of the times under the chart.
const FORECAST: u16 = 2;
const TIMES: u16 = 1;
/// Columns of the gauge of a tier, and of its share.
const GAUGE: usize = 10;
const SHARE: usize = 5;
/// Columns of a number of scans: `1,234 in`.
const SCANS: usize = 9;
/// Least columns of a gauge that still says something.
const SHORT_GAUGE: usize = 4;
/// Columns of a list from which on a person has the check-outs too.
const WITH_OUT: usize = 44;
/// Least columns of a device that say something.
const LEAST_OF_DEVICE: usize = 11;
/// Columns between the two lists.
const GAP: u16 = 3;

/// Draws the pop-up.
pub(super) fn draw(app: &App, theme: &Theme, now: Timestamp, area: Rect, buffer: &mut Buffer) {
    let dialog = Dialog { title: "How it goes", note: "", columns: COLUMNS, rows: ROWS };
    let inner = dialog.draw(app, theme, area, buffer);
    let inside = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let (tiers, staff) = (app.index.counts().by_admission().len(), app.arrivals.staff.ranked().len());
    let rows = u16::try_from(tiers.max(staff).saturating_add(2)).unwrap_or(u16::MAX);
    let lists = rows.clamp(LISTS, (inside.height / 2).max(LISTS));
    let [forecast, chart, lists] =
        Layout::vertical([Constraint::Length(FORECAST), Constraint::Fill(1), Constraint::Length(lists)]).areas(inside);
    let pane = Pane { app, theme, now };
    pane.forecast(forecast, buffer);
    pane.chart(chart, buffer);
    let [tiers, staff] = Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).spacing(GAP).areas(lists);
    pane.tiers(tiers, buffer);
    pane.staff(staff, buffer);
}

struct Pane<'a> {
    app: &'a App,
    theme: &'a Theme,
    now: Timestamp,
}

impl Pane<'_> {
    fn clock(&self, at: Timestamp) -> String {
        clock_time(at, &self.app.session.zone, self.now)
    }

    /// How many are to come, and when the last of them is in if it goes on like this.
    fn forecast(&self, area: Rect, buffer: &mut Buffer) {
        let tally = self.app.index.counts().overall();
        let rest = tally.active;
        if tally.total() == 0 {
            Row::new(area, 0, buffer).put("No guest is on the list yet.", self.theme.dim);
            return;
        }
        let mut row = Row::new(area, 0, buffer);
        row.put(&count(tally.redeemed), self.theme.strong).put(" in, ", self.theme.plain());
        row.put(&count(rest), self.theme.strong).put(" to come. ", self.theme.plain());
        if let Some(late) = self.too_late(rest) {
            let words = late.into_iter().find(|words| width(words) <= row.columns()).unwrap_or_default();
            row.put(&words, self.theme.ink(Tone::Attention));
        }
        let mut row = Row::new(area, 1, buffer);
        match self.app.arrivals.forecast(rest, self.now) {
            Forecast::AllIn => row.put("Everyone with a valid ticket is in.", self.theme.ink(Tone::Good)),
            Forecast::Stalled => row.put(&format!("Nobody came in the last {PACE_MINUTES} minutes."), self.theme.dim),
            Forecast::InBy { pace, at } => {
                let clock = self.clock(at);
                let pace = format!("At {} a minute", figure(pace));
                let (window, last) = (format!(" (last {PACE_MINUTES} min)"), " the last is in at ");
                let has_room = width(&pace) + width(&window) + width(last) + width(&clock) < row.columns();
                row.put(&pace, self.theme.plain()).put(if has_room { &window } else { "" }, self.theme.dim);
                row.put(last, self.theme.plain()).put(&clock, self.theme.strong).put(".", self.theme.plain())
            }
        };
    }

    /// How many would still be outside when the entry closes; the same in fewer words where there is no room.
    fn too_late(&self, rest: usize) -> Option<[String; 2]> {
        let event = self.app.session.event.as_deref()?;
        let ends = event.summary.entry_ends_at.to_zoned(self.app.session.zone.clone()).ok()?.timestamp();
        let Forecast::InBy { pace, at } = self.app.arrivals.forecast(rest, self.now) else { return None };
        if at <= ends || ends <= self.now {
            return None;
        }
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a guess"
        )]
        let outside = (rest as f64 - pace * ends.duration_since(self.now).as_secs_f64() / 60.0).max(1.0) as usize;
        let (outside, clock) = (count(outside), self.clock(ends));
        Some([
            format!("About {outside} come after the entry ends, {clock}."),
            format!("About {outside} come after {clock}."),
        ])
    }

    /// A bar a step, as high as guests came; the clock below.
    fn chart(&self, area: Rect, buffer: &mut Buffer) {
        let series = self.app.arrivals.series(self.now, area.width.into());
        let note = match series.peak() {
            Some((at, pace)) => format!("busiest at {}, {} a minute", self.clock(at), figure(pace)),
            None => String::new(),
        };
        let title = match series.minutes {
            1 => "Arrivals a minute".to_owned(),
            minutes => format!("Arrivals in {minutes} minutes"),
        };
        let inner = titled(&title, &note, self.theme, area, buffer);
        let bars = Rect { height: inner.height.saturating_sub(TIMES), ..inner };
        let data = series.counts.iter().map(|count| u64::from(*count));
        // The present stands at the right edge, wherever the evening began.
        Sparkline::default()
            .data(data.rev())
            .direction(RenderDirection::RightToLeft)
            .style(self.theme.ink(Tone::Good))
            .render(bars, buffer);
        self.times(&series, Rect { y: bars.bottom(), height: inner.height - bars.height, ..inner }, buffer);
    }

    fn times(&self, series: &Series, area: Rect, buffer: &mut Buffer) {
        let steps = series.counts.len();
        let mut row = Row::new(area, 0, buffer);
        row.put_right("now", self.theme.dim);
        row.skip(usize::from(area.width).saturating_sub(steps));
        row.put_whole(&self.clock(series.from), self.theme.dim);
    }

    fn tiers(&self, area: Rect, buffer: &mut Buffer) {
        let tiers = self.app.index.counts().by_admission();
        let inner = titled("Tiers", "", self.theme, area, buffer);
        let figures = |tier: &AdmissionTally| format!("{}/{}", count(tier.tally.redeemed), count(tier.tally.total()));
        let numbers = tiers.iter().map(|tier| width(&figures(tier))).max().unwrap_or(0);
        let names = tiers.iter().map(|tier| width(&tier.admission.name)).max().unwrap_or(0);
        // The names come first, then the gauge, then the share that says the same.
        let room = usize::from(inner.width).saturating_sub(names + numbers + 2);
        self.list(tiers, inner, buffer, |tier, row| {
            let share = format!("{} %", percent(tier.tally));
            if room >= SHORT_GAUGE + SHARE {
                row.put_right(&format!("{share:>SHARE$}"), self.theme.dim);
            }
            let room = row.columns().saturating_sub(names + numbers + 2);
            let gauged = if room >= SHORT_GAUGE { room.min(GAUGE) } else { 0 };
            let name = row.columns().saturating_sub(numbers + gauged + 2);
            row.take(name).put(&tier.admission.name, self.theme.plain());
            row.skip(1);
            let figures = figures(tier);
            row.put(&format!("{figures:>numbers$}"), self.theme.strong).skip(1);
            gauge(tier.tally, gauged, self.theme, row);
        });
    }

    fn staff(&self, area: Rect, buffer: &mut Buffer) {
        let staff = self.app.arrivals.staff.ranked();
        let inner = titled("Scanned by", "", self.theme, area, buffer);
        if staff.is_empty() {
            Row::new(inner, 0, buffer).put("Nobody was scanned yet.", self.theme.dim);
        }
        self.list(&staff, inner, buffer, |(device, work), row| {
            let out = format!("{} out", count(usize::try_from(work.check_outs).unwrap_or(usize::MAX)));
            let inside = format!("{} in", count(usize::try_from(work.check_ins).unwrap_or(usize::MAX)));
            if row.columns() >= WITH_OUT {
                row.put_right(&format!("{out:>SCANS$}"), self.theme.dim);
            }
            row.put_right(&format!("{inside:>SCANS$}"), self.theme.strong);
            row.skip_right(1);
            let is_ours = **device == self.app.session.device;
            let style = if is_ours { self.theme.strong } else { self.theme.plain() };
            row.put(&work.name, style);
            let device = format!(" · {device}");
            if row.columns() >= width(&device).min(LEAST_OF_DEVICE) {
                row.put(&device, self.theme.dim);
            }
        });
    }

    /// As many rows as there are lines; the last one says how many more there are.
    fn list<T>(&self, items: &[T], area: Rect, buffer: &mut Buffer, draw: impl Fn(&T, &mut Row<'_>)) {
        let lines = usize::from(area.height);
        let shown = if items.len() > lines { lines.saturating_sub(1) } else { items.len() };
        for (line, item) in (0..).zip(&items[..shown]) {
            draw(item, &mut Row::new(area, line, buffer));
        }
        if shown < items.len() {
            let line = u16::try_from(shown).unwrap_or(u16::MAX);
            Row::new(area, line, buffer).put(&format!("+{} more", items.len() - shown), self.theme.dim);
        }
    }
}
