//! How many guests come, and when the rest will be in.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::staff::Staff;
use crate::domain::{ScanKind, Ticket};

/// Minutes over which the rate at the door is averaged.
pub const RATE_MINUTES: i64 = 5;
/// Minutes over which the pace of a forecast is averaged: a lull at the door is no forecast.
pub const PACE_MINUTES: i64 = 15;
/// Minutes that one step of a series may have.
const STEPS: [i64; 7] = [1, 2, 5, 10, 15, 30, 60];

/// Check-ins by the minute and scans by person, kept in step with the tickets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrivals {
    by_minute: BTreeMap<i64, u32>,
    /// Who scanned.
    pub staff: Staff,
}

/// Check-ins by steps of equal length, the last of which is still under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// When the first step begins.
    pub from: Timestamp,
    /// Minutes of a step.
    pub minutes: i64,
    /// Check-ins of each step.
    pub counts: Vec<u32>,
}

/// When those who are not in yet will be, if it goes on as it does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Forecast {
    /// Nobody is left.
    AllIn,
    /// Nobody came of late.
    Stalled,
    /// At this pace the last comes in at this time.
    InBy {
        /// Check-ins a minute.
        pace: f64,
        /// When the last of them is in.
        at: Timestamp,
    },
}

impl Arrivals {
    /// Counts the scans of a ticket that came new or newer.
    pub fn add(&mut self, ticket: &Ticket) {
        for minute in minutes(ticket) {
            *self.by_minute.entry(minute).or_default() += 1;
        }
        for scan in &ticket.scans {
            self.staff.add(scan);
        }
    }

    /// Takes back what [`Self::add`] counted for the ticket as it was before.
    pub fn subtract(&mut self, ticket: &Ticket) {
        for minute in minutes(ticket) {
            if let Some(count) = self.by_minute.get_mut(&minute) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    self.by_minute.remove(&minute);
                }
            }
        }
        for scan in &ticket.scans {
            self.staff.subtract(scan);
        }
    }

    /// Check-ins a minute, averaged over the last five minutes.
    #[must_use]
    pub fn per_minute(&self, now: Timestamp) -> f64 {
        self.rate(RATE_MINUTES, now)
    }

    /// When `rest` guests more will be in, at the pace of the last quarter of an hour.
    #[must_use]
    pub fn forecast(&self, rest: usize, now: Timestamp) -> Forecast {
        let pace = self.rate(PACE_MINUTES, now);
        if rest == 0 {
            return Forecast::AllIn;
        }
        #[expect(clippy::cast_precision_loss, reason = "a guess in minutes")]
        let minutes = rest as f64 / pace;
        let left = SignedDuration::try_from_secs_f64(minutes * 60.0).ok();
        match left.and_then(|left| now.checked_add(left).ok()) {
            Some(at) => Forecast::InBy { pace, at },
            None => Forecast::Stalled,
        }
    }

    /// Check-ins up to now in at most `steps` steps, from the first one on; where they are too many, the latest.
    ///
    /// Steps begin at full minutes of the clock, so that a bar keeps its guests while the minutes go by.
    #[must_use]
    pub fn series(&self, now: Timestamp, steps: usize) -> Series {
        let last = minute(now);
        let steps = i64::try_from(steps.max(1)).unwrap_or(i64::MAX);
        let first = self.by_minute.range(..=last).next().map_or(last, |(first, _)| *first);
        let number = |at: i64, minutes: i64| at.div_euclid(minutes);
        let fits = |minutes: &&i64| number(last, **minutes) - number(first, **minutes) < steps;
        let minutes = *STEPS.iter().find(fits).unwrap_or(&STEPS[STEPS.len() - 1]);
        let from = number(first, minutes).max(number(last, minutes) - steps + 1);
        let count = |step: i64| {
            let step = step * minutes;
            self.by_minute.range(step..step + minutes).map(|(_, count)| count).sum()
        };
        let counts = (from..=number(last, minutes)).map(count).collect();
        Series { from: Timestamp::from_second(from * minutes * 60).unwrap_or(now), minutes, counts }
    }

    fn rate(&self, minutes: i64, now: Timestamp) -> f64 {
        let current = minute(now);
        let recent: u32 = self.by_minute.range(current - minutes + 1..=current).map(|(_, count)| count).sum();
        #[expect(clippy::cast_precision_loss, reason = "a few minutes are exact")]
        let minutes = minutes as f64;
        f64::from(recent) / minutes
    }
}

impl Series {
    /// The busiest step, the latest of them: when it begins, and how many came a minute.
    #[must_use]
    pub fn peak(&self) -> Option<(Timestamp, f64)> {
        let (at, count) = (0_i64..).zip(&self.counts).max_by_key(|(_, count)| **count)?;
        let from = self.from + SignedDuration::from_mins(at * self.minutes);
        #[expect(clippy::cast_precision_loss, reason = "at most sixty")]
        let minutes = self.minutes as f64;
        (*count > 0).then(|| (from, f64::from(*count) / minutes))
    }
}

fn minutes(ticket: &Ticket) -> impl Iterator<Item = i64> + '_ {
    ticket.scans.iter().filter(|scan| scan.kind == ScanKind::CheckIn).map(|scan| minute(scan.scanned_at))
}

fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// So many check-ins in these minutes of the epoch.
    fn arrivals(by_minute: &[(i64, u32)]) -> Arrivals {
        Arrivals { by_minute: by_minute.iter().copied().collect(), staff: Staff::default() }
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    #[rstest]
    #[case::nobody(&[], 100, 8, 100, 1, &[0])]
    #[case::a_few_minutes(&[(97, 3), (99, 1)], 100, 8, 97, 1, &[3, 0, 1, 0])]
    #[case::just_full(&[(93, 2)], 100, 8, 93, 1, &[2, 0, 0, 0, 0, 0, 0, 0])]
    #[case::longer_steps(&[(92, 2), (93, 1), (100, 4)], 101, 8, 92, 2, &[3, 0, 0, 0, 4])]
    #[case::the_latest(&[(0, 9), (1_000, 2), (1_020, 1)], 1_030, 2, 960, 60, &[2, 1])]
    #[case::a_clock_that_runs_ahead(&[(98, 1), (105, 7)], 100, 8, 98, 1, &[1, 0, 0])]
    fn a_series_fits_and_loses_nobody(
        #[case] by_minute: &[(i64, u32)],
        #[case] now: i64,
        #[case] steps: usize,
        #[case] from: i64,
        #[case] minutes: i64,
        #[case] counts: &[u32],
    ) {
        let expected = Series { from: at(from), minutes, counts: counts.to_vec() };
        assert_eq!(arrivals(by_minute).series(at(now), steps), expected);
    }

    #[test]
    fn the_peak_is_told_a_minute() {
        let series = Series { from: at(90), minutes: 5, counts: vec![4, 20, 0] };
        assert_eq!(series.peak(), Some((at(95), 4.0)));
        assert_eq!(Series { counts: vec![0, 0], ..series }.peak(), None);
    }

    #[rstest]
    #[case::all_in(&[(100, 5)], 0, Forecast::AllIn)]
    #[case::stalled(&[(80, 5)], 10, Forecast::Stalled)]
    #[case::half_an_hour(&[(100, 30)], 60, Forecast::InBy { pace: 2.0, at: at(130) })]
    fn the_forecast_goes_by_the_last_quarter_of_an_hour(
        #[case] by_minute: &[(i64, u32)],
        #[case] rest: usize,
        #[case] expected: Forecast,
    ) {
        assert_eq!(arrivals(by_minute).forecast(rest, at(100)), expected);
    }
}
