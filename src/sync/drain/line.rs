//! The connection as scans see it: when to try, when to wait, and for how long.

use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::DrainSettings;
use super::message::{Link, Moment};
use crate::domain::Trouble;

/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The wait after the first failure is at most this, and twice as long after each further one.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// Even the luckiest draw waits a moment.
const SHORTEST_WAIT: Duration = Duration::from_millis(50);
/// The longest that the service can make us wait.
const LONGEST_HOLD: Duration = Duration::from_secs(5 * 60);

/// The state of the connection.
#[derive(Debug)]
pub struct Line {
    state: Link,
    failures: u32,
    /// In an outage nothing is sent before.
    open_at: Duration,
    /// The service asked to be left alone until then.
    held_until: Duration,
    /// Somebody waits longer for an answer than anybody should, or has just done so.
    is_late: bool,
    /// Something was heard of the service, or in vain listened for.
    heard: bool,
    jitter: ChaCha8Rng,
    told: Option<Link>,
}

impl Line {
    pub fn new(seed: u64) -> Self {
        Self {
            state: Link::Online,
            failures: 0,
            open_at: Duration::ZERO,
            held_until: Duration::ZERO,
            is_late: false,
            heard: false,
            jitter: ChaCha8Rng::seed_from_u64(seed),
            told: None,
        }
    }

    /// Whether scans go out at once as far as we know.
    pub fn is_up(&self, now: Moment) -> bool {
        matches!(self.state, Link::Online | Link::Slow) && now.steady >= self.held_until
    }

    /// Whether the token is not accepted.
    pub const fn is_paused(&self) -> bool {
        matches!(self.state, Link::Paused(_))
    }

    /// How many calls may be under way now, of `most`; in an outage one probes for all.
    pub fn room(&self, now: Moment, under_way: usize, most: usize) -> usize {
        match self.state {
            Link::Paused(_) => 0,
            _ if now.steady < self.held_until => 0,
            Link::Offline { .. } if now.steady < self.open_at => 0,
            Link::Offline { .. } => 1_usize.saturating_sub(under_way),
            Link::Online | Link::Slow => most.saturating_sub(under_way),
        }
    }

    /// When to look again, if something waits.
    pub fn wake(&self, now: Moment) -> Option<Duration> {
        let at = match self.state {
            Link::Paused(_) => return None,
            Link::Offline { .. } => self.open_at.max(self.held_until),
            Link::Online | Link::Slow => self.held_until,
        };
        (at > now.steady).then_some(at)
    }

    /// The service answered, whatever it said.
    pub fn answered(&mut self, took: Duration, settings: &DrainSettings) {
        self.heard = true;
        if !matches!(self.state, Link::Paused(_)) {
            self.state = if took >= settings.slow_after { Link::Slow } else { Link::Online };
        }
        self.is_late = took >= settings.slow_after;
        self.failures = 0;
    }

    /// Somebody waits for an answer for too long already.
    pub fn late(&mut self) {
        (self.heard, self.is_late) = (true, true);
        if self.state == Link::Online {
            self.state = Link::Slow;
        }
    }

    /// Whether the next one would have to wait as long, as far as we know.
    pub fn is_late(&self) -> bool {
        self.is_late && matches!(self.state, Link::Online | Link::Slow)
    }

    /// A call failed.
    pub fn failed(&mut self, trouble: &Trouble, retry_after: Option<Duration>, now: Moment) {
        self.heard = true;
        match trouble {
            Trouble::Unauthorized | Trouble::Forbidden => self.state = Link::Paused(trouble.clone()),
            Trouble::RateLimited => {
                // Never less than asked for, and never all consoles at the same time.
                let equal = self.backoff() / 2;
                let spread = self.draw(equal);
                let asked = retry_after.unwrap_or_default().min(LONGEST_HOLD);
                self.held_until = self.held_until.max(now.steady + asked.max(equal) + spread);
                self.failures = self.failures.saturating_add(1);
                if self.state == Link::Online {
                    self.state = Link::Slow;
                }
            }
            trouble if trouble.is_transient() => {
                let longest = self.backoff();
                let wait = self.draw(longest).max(SHORTEST_WAIT).max(retry_after.unwrap_or_default().min(LONGEST_HOLD));
                self.open_at = self.open_at.max(now.steady + wait);
                self.failures = self.failures.saturating_add(1);
                let since = match &self.state {
                    Link::Offline { since, .. } => *since,
                    _ => now.wall,
                };
                if !matches!(self.state, Link::Paused(_)) {
                    self.state = Link::Offline { since, trouble: trouble.clone() };
                }
            }
            // The service is there and makes no sense: asking at once would go round and round.
            _ => {
                let longest = self.backoff();
                let wait = self.draw(longest).max(SHORTEST_WAIT);
                self.held_until = self.held_until.max(now.steady + wait);
                self.failures = self.failures.saturating_add(1);
            }
        }
    }

    /// The service answered somebody else: what waits is worth a try at once; a rate limit is kept.
    pub fn sign_of_life(&mut self, something_waits: bool, now: Moment) {
        self.heard = true;
        if matches!(self.state, Link::Offline { .. }) {
            self.open_at = self.open_at.min(now.steady);
            if !something_waits {
                (self.state, self.is_late) = (Link::Online, false);
                self.failures = 0;
            }
        }
    }

    /// A person has seen to the token.
    pub fn resume(&mut self) {
        if matches!(self.state, Link::Paused(_)) {
            self.state = Link::Online;
        }
    }

    /// The state, if it was not told yet.
    pub fn news(&mut self) -> Option<Link> {
        if !self.heard {
            return None;
        }
        let same = match (&self.told, &self.state) {
            (Some(Link::Offline { .. }), Link::Offline { .. }) => true,
            (told, state) => told.as_ref() == Some(state),
        };
        (!same).then(|| self.told.insert(self.state.clone()).clone())
    }

    fn backoff(&self) -> Duration {
        FIRST_WAIT.saturating_mul(2_u32.saturating_pow(self.failures.min(16))).min(LONGEST_WAIT)
    }

    fn draw(&mut self, longest: Duration) -> Duration {
        longest.mul_f64(self.jitter.random_range(0.0..=1.0))
    }
}
