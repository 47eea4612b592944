//! How many guests come in a minute.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::{ScanKind, Ticket};

/// Minutes over which the rate is averaged.
const WINDOW_MINUTES: i64 = 5;

/// Check-ins by the minute, kept in step with the tickets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrivals {
    by_minute: BTreeMap<i64, u32>,
}

impl Arrivals {
    /// Counts the check-ins of a ticket that came new or newer.
    pub fn add(&mut self, ticket: &Ticket) {
        for minute in minutes(ticket) {
            *self.by_minute.entry(minute).or_default() += 1;
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
    }

    /// Check-ins a minute, averaged over the last five minutes.
    #[must_use]
    pub fn per_minute(&self, now: Timestamp) -> f64 {
        let current = minute(now);
        let recent: u32 = self.by_minute.range(current - WINDOW_MINUTES + 1..=current).map(|(_, count)| count).sum();
        #[expect(clippy::cast_precision_loss, reason = "five is exact")]
        let window = WINDOW_MINUTES as f64;
        f64::from(recent) / window
    }
}

fn minutes(ticket: &Ticket) -> impl Iterator<Item = i64> + '_ {
    ticket.scans.iter().filter(|scan| scan.kind == ScanKind::CheckIn).map(|scan| minute(scan.scanned_at))
}

fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}
